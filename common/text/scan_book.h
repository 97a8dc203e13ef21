/* The compiled terms of a rulebook: what the matcher looks up. Built once by scan_book_new(), never written again, so that
 * any number of texts may be read with it. Only the scan*.c files and their tests use this.
 *
 * A term is looked for at its anchor, the first letter or word in it. `starts` finds terms by what stands there: two letters
 * of Chinese, a whole Latin word, and so on (enum start_kind). Two bitmaps in front of it, small enough for the nearest
 * cache, answer "certainly not" for nearly all of a text. */
#ifndef EARSHOT_TEXT_SCAN_BOOK_H
#define EARSHOT_TEXT_SCAN_BOOK_H

#include "common/base/arena.h"
#include <earshot/match.h>

/* One element of a term: a folded letter, white space, or any other sign by its code point. */
#define ELEMENT_CODE 0x1FFFFFu
#define ELEMENT_SIGN (1u << 31)
#define ELEMENT_SPACE (1u << 30)
#define ELEMENT_WORD (1u << 29) /* a letter of a script that puts spaces between words */
#define ELEMENT_MARKS (1u << 28) /* the term itself has it with a diacritic … */
#define ELEMENT_HOMOGLYPH (1u << 27) /* … or in a script whose letter looks like a Latin one */

/* One distinct folded term, or one way of writing it, and the rules that share it: member[first … first + nmembers). */
struct scan_term {
	const uint32_t *element;
	uint16_t n, anchor; /* elements; index of the first letter */
	uint32_t first, nmembers;
	unsigned folds; /* what this way of writing needs: 0, or one of FOLDS_SUBSTITUTES */
	unsigned may; /* folds that at least one of the rules allows */
	bool opens_with_word, closes_with_word; /* this side needs a word boundary */
	bool any_open_end; /* a rule lets the last word go on */
	bool is_latin; /* words, spaces and signs only: can be disguised as Latin words are */
};

enum start_kind {
	START_PAIR, /* first two letters, the first one of a script without spaces */
	START_TRIPLE, /* first three, of a term that has so many: pairs alone are too common in Chinese */
	START_ONE, /* the only letter of the term, of such a script */
	START_WORD, /* the whole first word */
	START_PREFIX, /* the beginning of the first word: its end is open */
	START_SIGN, /* a term without letters: its first code point */
	START_ODD, /* the first word with look-alikes made one (scan_odd.c) */
	START_SPELLED, /* the first two letters of a word whose letters stand apart */
	START_MASKED, /* length, first and last letter of the first word, one of them perhaps starred out */
	START_SOUND_FIRST, /* sound of the first letter, second letter */
	START_SOUND_SECOND, /* first letter, sound of the second one */
	START_KIND__N
};

/* Terms under one key: scan.by_start[first … first + n); when it is one alone, `first` is the term itself. */
struct scan_start {
	uint64_t key; /* 0 = an empty place */
	uint32_t first, n;
};

struct scan_bitmap {
	uint32_t *word;
	unsigned shift; /* 32 - log2 of its bits */
};

struct scan {
	struct arena arena;
	const struct rule *rule;
	struct scan_term *term;
	uint32_t *member;
	uint32_t nterms;
	struct scan_bitmap pairs; /* two bits each: a START_PAIR, the beginning of a START_TRIPLE */
	struct scan_bitmap triples, words, sounds; /* of START_TRIPLE, START_WORD, both START_SOUNDs */
	uint32_t ones[64]; /* START_ONE and first code points of signs by their low 11 bits */
	uint32_t prefix_lengths; /* bit k: there is a START_PREFIX of k letters */
	bool has[START_KIND__N];
	bool ascii_sign[128], any_ascii_sign;
	struct scan_start *start; /* open addressing */
	uint32_t start_mask;
	uint32_t *by_start;
};

#define SCAN_PREFIX_MAX 8
#define SCAN_SOUND 0x8000u /* a sound in place of a letter, in scan_book_pair() */

static inline uint32_t scan_book_pair(uint32_t a, uint32_t b)
{
	return ((a << 16 | a >> 16) ^ b) * 0x9E3779B1u;
}

static inline uint32_t scan_book_triple(uint32_t a, uint32_t b, uint32_t c)
{
	return scan_book_pair(a, b) * 31 + c * 0x85EBCA6Bu;
}

#define SCAN_IS_PAIR 1u
#define SCAN_BEGINS_TRIPLE 2u

/* What two letters may be the beginning of: SCAN_IS_PAIR, SCAN_BEGINS_TRIPLE. */
static inline uint32_t scan_book_may_pair(const struct scan_bitmap *b, uint32_t hash)
{
	const uint32_t bit = hash >> b->shift << 1;
	return b->word[bit >> 5] >> (bit & 31) & 3;
}

/* What the first eight letters of a word are to its bitmap; `head` holds one byte a letter. */
static inline uint32_t scan_book_word(uint64_t head, size_t letters)
{
	return (uint32_t)(((head ^ (uint64_t)letters << 56) * 0x9E3779B97F4A7C15u) >> 32);
}

static inline unsigned char scan_book_byte(uint32_t letter)
{
	return (unsigned char)(letter ^ letter >> 8);
}

static inline bool scan_book_may(const struct scan_bitmap *b, uint32_t hash)
{
	const uint32_t bit = hash >> b->shift;
	return b->word[bit >> 5] >> (bit & 31) & 1;
}

static inline uint64_t scan_book_key(enum start_kind kind, uint64_t a, uint64_t b)
{
	uint64_t h = (a + 0x632BE59BD9B4E019u) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 29 ^ b) * 0xBF58476D1CE4E5B9u;
	return (h ^ h >> 32 ^ (uint64_t)kind << 56) | 1;
}

static inline uint64_t scan_book_triple_key(uint32_t a, uint32_t b, uint32_t c)
{
	return scan_book_key(START_TRIPLE, (uint64_t)a << 32 | b, c);
}

struct scan *scan_book_new(const struct rule *rules, const struct str *folded_terms, size_t n);
void scan_book_free(struct scan *s);
/* The terms under a key; NULL when there is none. */
const struct scan_start *scan_book_find(const struct scan *s, uint64_t key);

static inline const struct scan_term *scan_book_term(const struct scan *s, const struct scan_start *start, uint32_t i)
{
	return &s->term[start->n == 1 ? start->first : s->by_start[start->first + i]];
}

#endif
