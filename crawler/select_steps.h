/* A compiled selector: what select_parse.c makes and select.c walks. */
#ifndef EARSHOT_CRAWLER_SELECT_STEPS_H
#define EARSHOT_CRAWLER_SELECT_STEPS_H

#include "crawler/select.h"

enum select_kind {
	SELECT_TAG,
	SELECT_ID,
	SELECT_CLASS,
	SELECT_HAS, /* [name] */
	SELECT_IS, /* [name=value] … */
	SELECT_STARTS,
	SELECT_ENDS,
	SELECT_HOLDS,
	SELECT_WORD,
	SELECT_NTH_CHILD,
	SELECT_NTH_OF_TYPE,
	SELECT_LAST_CHILD,
	SELECT_LAST_OF_TYPE,
	SELECT_SCOPE,
};

struct select_test {
	enum select_kind kind;
	bool is_negated, folds; /* :not(…); [… i] */
	struct str name; /* of an attribute or tag */
	struct str value; /* of an attribute, an id, a class */
	int64_t nth;
};

/* How a step is tied to the one at its left. */
enum select_join { SELECT_START, SELECT_DESCENDANT, SELECT_CHILD, SELECT_SIBLING };

struct select_step {
	struct select_test *test; /* a list: all must hold */
	size_t ntests;
	uint64_t needs; /* bits of select_bit() that an element bears for which it holds */
	enum select_join join;
};

struct select_path {
	struct select_step *step; /* as written, left to right */
	size_t n;
	uint64_t needs; /* of all steps: a page without one of these bits has no match */
};

struct select {
	struct select_path *path; /* any of them */
	size_t n;
	uint64_t wanted; /* bits of select_bit(), one a path at least: an element without any of them matches no path */
};

/* The bit of a word in a sketch. */
static inline uint64_t select_bit(char mark, struct str word)
{
	return 1ull << ((str_hash(word) ^ (uint64_t)(unsigned char)mark << 40) * 0x9E3779B97F4A7C15u >> 58);
}

/* Caps of one selector; a person never meets them. */
enum { SELECT_TESTS = 16, SELECT_STEPS = 12, SELECT_PATHS = 32 };

#endif
