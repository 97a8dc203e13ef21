/* Numbers of people: which groups of digits are a mobile number, an identity card or a bank card. Used by mask.c alone. */
#ifndef EARSHOT_TEXT_MASK_NUMBER_H
#define EARSHOT_TEXT_MASK_NUMBER_H

#include "common/text/mask.h"

#define NUMBER_GROUPS 20 /* of a card written digit by digit */
#define NUMBER_DIGITS 64 /* of all groups of a window; a group that does not fit ends the window */

struct number_group {
	uint32_t from, to; /* code points of the original */
	size_t end_byte;
	int first, n; /* its digits: number_window.digit[first … first + n) */
	bool is_open; /* followed by a letter, an underscore, an @ or a decimal point: not the end of a number */
	bool has_x; /* followed by the X of an identity card, which is the end of a word */
};

/* Groups of digits joined by single separators, beginning at one of them. */
struct number_window {
	struct number_group group[NUMBER_GROUPS];
	int n;
	char digit[NUMBER_DIGITS]; /* '0' … '9' */
	bool has_plus; /* a + stands in front */
	bool follows_group; /* digits and a separator stand in front: another part of a longer number */
	bool is_inside_word; /* a letter or the point of a decimal stands in front: a part number, not a number of a person */
};

int number_digit(uint32_t cp); /* 0…9, full-width ones too; -1 */
/* `at`: byte offset of a digit, `index` its code point. At least one group is always read. */
void number_window_read(struct number_window *w, struct str text, size_t at, uint32_t index);
/* Does a value begin at the window's first group? */
bool number_judge(const struct number_window *w, struct mask_span *out);

#endif
