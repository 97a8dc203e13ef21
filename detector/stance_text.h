/* A text that names two brands as a row of words, characters and signs, the names masked; and, seen from one of the two, whose each
 * of them is. Pure: reads what reading_make() left. */
#ifndef EARSHOT_DETECTOR_STANCE_TEXT_H
#define EARSHOT_DETECTOR_STANCE_TEXT_H

#include "detector/reading.h"

enum stance_sort {
	STANCE_WORD, /* a Latin word, a number, an ideograph */
	STANCE_SIGN,
	STANCE_BRAND, /* a name, or a word that stands for it: 前者, "the latter" */
	STANCE_RIVAL,
};

struct stance_token {
	uint64_t hash;
	uint64_t stem; /* of a long Latin word: its beginning; 0 = none */
	struct place at;
	unsigned clause;
	enum stance_sort sort;
	bool is_joint; /* may stand between two names that share what is said: 和, "and" */
	bool is_of_both; /* a clause without a name that has it speaks of both: 都, "neither" */
};

/* Whose a token is. Where both are meant ("A and B"), it is the own one, whichever side looks. */
enum stance_owner {
	STANCE_OWN,
	STANCE_OTHERS,
	STANCE_BEFORE_OWN, /* before any name, and the first one is the own */
	STANCE_BEFORE_OTHERS,
	STANCE_NOBODYS,
	STANCE_OWNER__N
};

struct stance_text {
	struct stance_token *token;
	size_t n;
	bool is_chinese;
};

/* Reads r->named; tokens beyond LIMIT_STANCE_TOKENS are left out. */
void stance_text_make(const struct reading *r, struct stance_text *out);
/* Of each token, as seen from the brand or from the other one. */
const enum stance_owner *stance_text_owners(const struct reading *r, const struct stance_text *t, bool of_brand);

#endif
