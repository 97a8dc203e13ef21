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

#include <endian.h>
#include <string.h>

/* One element of a term: a folded letter, white space, or any other sign by its code point. */
#define ELEMENT_CODE 0x1FFFFFu
#define ELEMENT_SIGN (1u << 31)
#define ELEMENT_SPACE (1u << 30)
#define ELEMENT_WORD (1u << 29) /* a letter of a script that puts spaces between words */
#define ELEMENT_MARKS (1u << 28) /* the term itself has it with a diacritic … */
#define ELEMENT_HOMOGLYPH (1u << 27) /* … or in a script whose letter looks like a Latin one */
#define ELEMENT_OTHER (1u << 26) /* … or with a character that folds to another one: 著名 */

/* One distinct folded term, or one way of writing it, and the rules that share it. Terms lie in scan.pool, each within one line of
 * the cache where it can: at scale, looking at a term is waiting for memory. */
struct scan_term {
	uint32_t first, nmembers; /* scan.member[first … first + nmembers); when it is one alone, `first` is the rule */
	uint32_t folds; /* what this way of writing needs: 0, or one of FOLDS_SUBSTITUTES */
	uint32_t may; /* folds that at least one of the rules allows */
	uint16_t n, anchor; /* elements; index of the first letter */
	uint8_t words_before; /* the word it is looked for by */
	uint8_t nplain; /* bytes of scan_term_plain(), 0 = there are none */
	unsigned char letter_before; /* last letter of the word before that word, where only a space lies between; 0 = not so */
	bool opens_with_word, closes_with_word; /* this side needs a word boundary */
	bool any_open_end; /* a rule lets the last word go on */
	bool any_case_exact;
	bool is_leaf; /* its one rule is of LIST_LEAF: known without looking at the rule, which lies far away */
	bool is_han; /* ideographs only, as they fold */
	bool is_latin; /* words, spaces and signs only: can be disguised as Latin words are */
	uint32_t element[];
};

/* The bytes that a term of ideographs, Latin words and ASCII signs consists of in nearly all texts (Latin in lower case), behind its
 * elements, with zeros up to a multiple of eight. */
static inline const unsigned char *scan_term_plain(const struct scan_term *t)
{
	return (const unsigned char *)&t->element[t->n];
}

enum start_kind {
	START_PAIR, /* first two letters, the first one of a script without spaces */
	START_TRIPLE, /* first three, of a term that has so many: pairs alone are too common in Chinese */
	START_ONE, /* the only letter of the term, of such a script */
	START_WORD, /* the longest word, as a rule the rarest */
	START_PREFIX, /* the beginning of the first word: its end is open; from here on rare: a table of their own */
	START_SIGN, /* a term without letters: its first code point */
	START_ODD, /* the first word with look-alikes made one (scan_odd.c) */
	START_SPELLED, /* the first three letters of a word whose letters stand apart */
	START_MASKED, /* length, first and last letter of the first word, one of them perhaps starred out */
	START_SOUND_FIRST, /* sound of the first letter, second letter */
	START_SOUND_SECOND, /* first letter, sound of the second one */
	START_KIND__N
};

/* The terms under one key. Keys are hashes: two of them may share a place, and only the close look tells them apart. */
struct scan_slot {
	uint32_t key; /* 0 = an empty place */
	uint32_t at; /* SCAN_LAST | the one term; else where its list begins in scan.list */
};
#define SCAN_LAST (1u << 31)

#define SCAN_CELL_PAIR 1u /* all of a START_PAIR */
#define SCAN_CELL_FIRST 4u /* the first and the second letter of a START_TRIPLE … */
#define SCAN_CELL_SECOND 8u /* … the second and the third: SCAN_CELL_FIRST << 1, no other bit is one shifted */
#define SCAN_CELL_ONE 2u /* beside them, of a place in scan.lone: all of a START_ONE */
#define SCAN_LONE_PLACES 8192u

struct scan_table {
	struct scan_slot *slot; /* open addressing */
	unsigned shift;
	uint32_t mask;
};

struct scan_bitmap {
	uint32_t *word;
	unsigned shift; /* 32 - log2 of its places */
};

struct scan {
	struct arena arena;
	const struct rule *rule;
	uint32_t *pool; /* terms; one is named by its offset in here */
	uint32_t *member;
	/* The questions of the hot loop, for characters as they stand in the text, unfolded: what two of them side by side may be
	 * (SCAN_CELL_ bits), and which may be a term alone. */
	unsigned char *cell;
	unsigned cell_shift; /* 32 - log2 of the cells */
	unsigned char lone[SCAN_LONE_PLACES]; /* 0 or SCAN_CELL_ONE */
	struct scan_bitmap pairs, triples; /* of START_PAIR and START_TRIPLE, folded */
	struct scan_bitmap words, sounds; /* of START_WORD, both START_SOUNDs */
	struct scan_bitmap prefixes; /* of START_PREFIX, by key */
	uint32_t ones[64]; /* START_ONE letters and first code points of signs, by their low 11 bits */
	uint32_t prefix_lengths; /* bit k: there is a START_PREFIX of k letters */
	bool has[START_KIND__N];
	bool ascii_sign[128], any_ascii_sign;
	bool any_mixed; /* a START_PAIR or START_TRIPLE has a letter of a word in it */
	struct scan_table common, rare;
	uint32_t *list; /* of terms; the last of each list has SCAN_LAST */
};

#define SCAN_PREFIX_MAX 8
#define SCAN_SOUND 0x8000u /* a sound in place of a letter, in scan_book_pair() */

#define SCAN_SPREAD 0x9E3779B1u

/* Hashes for the bitmaps. The two of the hot loop are made of parts that it carries on from letter to letter. */
static inline uint32_t scan_book_join(uint32_t a, uint32_t b)
{
	return a * 0x85EBCA6Bu + b;
}

static inline uint32_t scan_book_pair(uint32_t a, uint32_t b)
{
	return scan_book_join(a, b) * SCAN_SPREAD;
}

static inline uint32_t scan_book_triple(uint32_t joined, uint32_t c)
{
	return (joined * 0xC2B2AE35u + c) * SCAN_SPREAD;
}

/* The same for characters of three bytes as they stand in a text, each multiplied once. A fourth byte is read; the multiplication
 * drops it. */
static inline uint32_t scan_book_spread(const unsigned char *p)
{
	uint32_t raw;
	memcpy(&raw, p, sizeof(raw));
	return le32toh(raw) * (SCAN_SPREAD << 8);
}

static inline uint32_t scan_book_cell(uint32_t spread_a, uint32_t spread_b)
{
	return (spread_a << 5 | spread_a >> 27) + spread_b;
}

static inline uint32_t scan_book_lone(uint32_t spread)
{
	return spread >> (32 - 13);
}

/* A word: what its first eight letters are, one byte each, and how many it has. */
static inline uint64_t scan_book_word(uint64_t head, size_t letters)
{
	return (head ^ (uint64_t)letters << 56) * 0x9E3779B97F4A7C15u;
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

/* Never 0. */
static inline uint32_t scan_book_key(enum start_kind kind, uint64_t a, uint64_t b)
{
	uint64_t h = (a + (uint64_t)kind + 0x632BE59BD9B4E019u) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 29 ^ b) * 0xBF58476D1CE4E5B9u;
	return (uint32_t)(h >> 32) | 1;
}

static inline uint32_t scan_book_triple_key(uint32_t a, uint32_t b, uint32_t c)
{
	return scan_book_key(START_TRIPLE, (uint64_t)a << 32 | b, c);
}

struct scan *scan_book_new(const struct rule *rules, const struct str *folded_terms, size_t n);
void scan_book_free(struct scan *s);

/* Soon scan_book_find() will be asked the same. */
static inline void scan_book_fetch(const struct scan *s, enum start_kind kind, uint32_t key)
{
	const struct scan_table *t = kind < START_PREFIX ? &s->common : &s->rare;
	__builtin_prefetch(&t->slot[key >> t->shift]);
}

/* The terms under a key: read them until one has SCAN_LAST. NULL when there is none. */
static inline const uint32_t *scan_book_find(const struct scan *s, enum start_kind kind, uint32_t key)
{
	const struct scan_table *t = kind < START_PREFIX ? &s->common : &s->rare;
	for (uint32_t at = key >> t->shift; t->slot[at].key; at = (at + 1) & t->mask)
		if (t->slot[at].key == key)
			return t->slot[at].at & SCAN_LAST ? &t->slot[at].at : &s->list[t->slot[at].at];
	return NULL;
}

static inline const struct scan_term *scan_book_term(const struct scan *s, uint32_t named)
{
	return (const struct scan_term *)(const void *)&s->pool[named & ~SCAN_LAST];
}

#endif
