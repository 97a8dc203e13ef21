/* A regular expression as a tree of parts, and sets of characters in it. Only the regex_*.c files include this.
 *
 * Sets are wide where they are not exact: two sets that do not meet surely have no character in common. */
#ifndef EARSHOT_TEXT_REGEX_PART_H
#define EARSHOT_TEXT_REGEX_PART_H

#include "common/text/regex_shape.h"

#define REGEX_SET_HIGH 8 /* characters beyond ASCII that a set keeps apart; more of them are "any" */

struct regex_set {
	uint64_t ascii[2];
	bool any_high;
	uint32_t high[REGEX_SET_HIGH];
	unsigned nhigh;
};

extern const struct regex_set regex_set_any;
void regex_set_add(struct regex_set *s, uint32_t cp);
void regex_set_add_range(struct regex_set *s, uint32_t from, uint32_t to);
void regex_set_join(struct regex_set *s, const struct regex_set *other);
void regex_set_turn(struct regex_set *s);
bool regex_sets_meet(const struct regex_set *a, const struct regex_set *b);
bool regex_set_has_word(const struct regex_set *s); /* a letter or digit of ASCII */
bool regex_set_is_inside_word(const struct regex_set *s); /* letters or digits but no space */
uint32_t regex_set_sample(const struct regex_set *s); /* one of its characters */

enum regex_part_kind { PART_SET, PART_EMPTY, PART_EDGE /* $ and the like */, PART_ROW, PART_CHOICE, PART_REPEAT };

struct regex_part {
	enum regex_part_kind kind;
	struct regex_set set;
	uint32_t cp; /* PART_SET of one character; 0 = a real set */
	struct regex_part **child;
	size_t n;
	unsigned least, most; /* UINT32_MAX: no end */
	bool is_possessive;
	bool is_ahead; /* (?= and (?!: takes no room, what follows it stands where it stands */
};

/* Adds what `part` can begin (or end) with; true when it can be empty. */
bool regex_set_edge(const struct regex_part *part, bool at_begin, struct regex_set *out);
/* What every match of `whole` holds, the rarest first; returns how many needs there are. */
size_t regex_needs_of(struct arena *a, const struct regex_part *whole, struct regex_need out[REGEX_NEEDS]);

/* NULL with one sentence in *why when it must be refused; *at is where, in bytes. */
const struct regex_part *regex_part_read(struct arena *a, struct str pattern, const char **why, size_t *at);

#endif
