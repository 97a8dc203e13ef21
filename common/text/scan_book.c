/* Compiling the terms of a rulebook into the tables that the matcher looks things up in. */
#include "common/text/scan_book.h"

#include "common/text/pinyin.h"
#include "common/text/rulebook.h"
#include "common/text/scan_odd.h"
#include "common/text/scan_text.h"
#include "common/text/variants.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define BOOK_ARENA_BYTES ((size_t)2 << 30) /* tables for LIMIT_RULES terms and their variants; what is used is what is taken */
#define FIRST_ENTRIES 1024
#define BITS_PER_ENTRY 24 /* of a bitmap: one question in 24 that should be answered "no" is not */
#define LEAST_BITS 13
#define MOST_BITS 20 /* 128 KiB */

struct start_entry {
	uint64_t key;
	uint32_t term;
	uint32_t hash; /* for the bitmap of its kind */
	uint32_t pair; /* START_TRIPLE: of its first two letters */
	enum start_kind kind;
};

struct build {
	struct scan *s;
	struct arena temporary;
	uint32_t terms_cap;
	struct start_entry *entry;
	size_t n, cap;
};

/* ---- elements ---- */

static uint32_t element_of(uint32_t cp, uint32_t letter)
{
	if (letter == LETTER_SPACE)
		return ELEMENT_SPACE;
	if (letter < LETTERS_FIRST)
		return ELEMENT_SIGN | cp;
	const unsigned folds = letters_folds(cp);
	return letter | (scan_is_word(letter) ? ELEMENT_WORD : 0u) | (folds & FOLD_MARKS ? ELEMENT_MARKS : 0u) |
	       (folds & FOLD_HOMOGLYPH ? ELEMENT_HOMOGLYPH : 0u);
}

/* Room for what every byte of the term may become. */
static size_t elements_of(struct str folded, uint32_t *out)
{
	size_t n = 0;
	for (size_t at = 0; at < folded.n;) {
		uint32_t several[LETTERS_SEQUENCE_MAX], cp = utf8_next(folded, &at), letter = letters_of(cp);
		if (letter != LETTER_SEQUENCE) {
			if (letter != LETTER_HIDDEN)
				out[n++] = element_of(cp, letter);
			continue;
		}
		const size_t many = letters_sequence(cp, several);
		for (size_t i = 0; i < many; i++)
			out[n++] = element_of(several[i], letters_of(several[i]));
	}
	return n;
}

static bool is_letter(uint32_t element)
{
	return !(element & (ELEMENT_SIGN | ELEMENT_SPACE));
}

/* ---- where a term is looked for ---- */

static void build_start(struct build *b, enum start_kind kind, uint64_t key, uint32_t hash)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : FIRST_ENTRIES;
		struct start_entry *bigger = arena_list(&b->temporary, struct start_entry, b->cap);
		if (b->n)
			memcpy(bigger, b->entry, b->n * sizeof(*bigger));
		b->entry = bigger;
	}
	b->s->has[kind] = true;
	b->entry[b->n++] = (struct start_entry){ .key = key, .term = b->s->nterms - 1, .hash = hash, .kind = kind };
}

static uint64_t head_of(const uint32_t *element, size_t letters)
{
	uint64_t head = 0;
	for (size_t i = 0; i < letters && i < 8; i++)
		head |= (uint64_t)scan_book_byte(element[i] & ELEMENT_CODE) << 8 * i;
	return head;
}

static size_t word_length(const struct scan_term *t, size_t at)
{
	size_t n = 0;
	while (at + n < t->n && (t->element[at + n] & ELEMENT_WORD))
		n++;
	return n;
}

static void start_word(struct build *b, const struct scan_term *t)
{
	const uint32_t *element = t->element + t->anchor;
	const size_t letters = word_length(t, t->anchor);
	const uint64_t head = head_of(element, letters);
	build_start(b, START_WORD, scan_book_key(START_WORD, head, letters), scan_book_word(head, letters));
	if (t->any_open_end && t->anchor + letters == t->n) {
		const size_t k = letters < SCAN_PREFIX_MAX ? letters : SCAN_PREFIX_MAX;
		build_start(b, START_PREFIX, scan_book_key(START_PREFIX, head, k), 0);
		b->s->prefix_lengths |= 1u << k;
	}
}

static void sound_starts(struct build *b, uint32_t first, uint32_t second)
{
	uint16_t sound[PINYIN_READINGS_MAX];
	size_t n = pinyin_readings(first, sound);
	for (size_t i = 0; i < n; i++)
		build_start(b, START_SOUND_FIRST, scan_book_key(START_SOUND_FIRST, sound[i], second),
			scan_book_pair(SCAN_SOUND | sound[i], second));
	n = pinyin_readings(second, sound);
	for (size_t i = 0; i < n; i++)
		build_start(b, START_SOUND_SECOND, scan_book_key(START_SOUND_SECOND, first, sound[i]),
			scan_book_pair(first, SCAN_SOUND | sound[i]));
}

static void start_one(struct build *b, enum start_kind kind, uint32_t code)
{
	build_start(b, kind, scan_book_key(kind, code, 0), 0);
	b->s->ones[(code & 2047) >> 5] |= 1u << (code & 31);
}

/* The next letter of the term from element `at` on; t->n when there is none. */
static size_t next_letter(const struct scan_term *t, size_t at)
{
	while (at < t->n && !is_letter(t->element[at]))
		at++;
	return at;
}

static void start_letters(struct build *b, const struct scan_term *t)
{
	const uint32_t first = t->element[t->anchor] & ELEMENT_CODE;
	const size_t at = next_letter(t, t->anchor + 1u);
	if (at == t->n) {
		start_one(b, START_ONE, first);
		return;
	}
	const uint32_t second = t->element[at] & ELEMENT_CODE;
	const size_t behind = next_letter(t, at + 1);
	const bool may_sound = (t->may & FOLD_HOMOPHONE) && t->folds == 0 && !(t->element[at] & ELEMENT_WORD);
	if (may_sound || behind == t->n) { /* the third letter may be one that only sounds the same */
		build_start(b, START_PAIR, scan_book_key(START_PAIR, first, second), scan_book_pair(first, second));
	} else {
		const uint32_t third = t->element[behind] & ELEMENT_CODE;
		build_start(b, START_TRIPLE, scan_book_triple_key(first, second, third), scan_book_triple(first, second, third));
		b->entry[b->n - 1].pair = scan_book_pair(first, second);
	}
	if (may_sound)
		sound_starts(b, first, second);
}

static void start_term(struct build *b, struct scan_term *t)
{
	t->anchor = 0;
	while (t->anchor < t->n && !is_letter(t->element[t->anchor]))
		t->anchor++;
	if (t->anchor == t->n) {
		const uint32_t sign = t->element[0] & ELEMENT_CODE; /* a term is trimmed: it cannot begin with a space */
		t->anchor = 0;
		start_one(b, START_SIGN, sign);
		if (sign < 128)
			b->s->ascii_sign[sign] = b->s->any_ascii_sign = true;
	} else if (t->element[t->anchor] & ELEMENT_WORD) {
		struct scan_odd_keys odd;
		start_word(b, t);
		if (t->folds == 0 && t->is_latin) {
			scan_odd_keys(t, &odd);
			for (size_t i = 0; i < odd.n; i++)
				build_start(b, odd.kind[i], odd.key[i], 0);
		}
	} else {
		start_letters(b, t);
	}
}

/* ---- terms ---- */

static bool is_latin(const uint32_t *element, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_letter(element[i]) && (!(element[i] & ELEMENT_WORD) || (element[i] & ELEMENT_CODE) >= 0x80))
			return false;
	return true;
}

static void build_term(struct build *b, struct str folded, struct scan_term shared, unsigned folds)
{
	struct scan *s = b->s;
	uint32_t element[RULEBOOK_FOLDED_BYTES * LETTERS_SEQUENCE_MAX];
	const size_t n = elements_of(folded, element);
	if (n == 0 || n > UINT16_MAX)
		return;
	if (s->nterms == b->terms_cap) {
		b->terms_cap = b->terms_cap ? b->terms_cap * 2 : FIRST_ENTRIES;
		struct scan_term *bigger = arena_list(&s->arena, struct scan_term, b->terms_cap);
		if (s->nterms)
			memcpy(bigger, s->term, s->nterms * sizeof(*bigger));
		s->term = bigger;
	}
	uint32_t *kept = arena_list(&s->arena, uint32_t, n);
	memcpy(kept, element, n * sizeof(*kept));
	struct scan_term *t = &s->term[s->nterms++];
	*t = shared;
	t->element = kept;
	t->n = (uint16_t)n;
	t->folds = folds;
	t->opens_with_word = is_letter(kept[0]) && (kept[0] & ELEMENT_WORD);
	t->closes_with_word = is_letter(kept[n - 1]) && (kept[n - 1] & ELEMENT_WORD);
	t->is_latin = is_latin(kept, n);
	start_term(b, t);
}

struct numbered_term {
	struct str term;
	uint32_t rule;
};

static int numbered_term_cmp(const void *a, const void *b)
{
	const struct numbered_term *x = a, *y = b;
	int order = str_cmp(x->term, y->term);
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static void build_variants(struct build *b, struct str folded, const struct scan_term *shared)
{
	struct variants v;
	if (!(shared->may & FOLDS_SUBSTITUTES))
		return;
	variants_make(&b->temporary, folded, shared->may, &v);
	for (size_t i = 0; i < v.n; i++)
		build_term(b, v.variant[i].text, *shared, v.variant[i].fold);
}

/* Equal terms become one; sorted[from …] holds all of its rules. Returns where the next term begins. */
static size_t build_group(struct build *b, const struct numbered_term *sorted, size_t n, size_t from)
{
	struct scan *s = b->s;
	struct scan_term shared = { .first = (uint32_t)from };
	size_t i = from;
	for (; i < n && str_eq(sorted[i].term, sorted[from].term); i++) {
		const struct rule *rule = &s->rule[sorted[i].rule];
		s->member[i] = sorted[i].rule;
		shared.nmembers++;
		shared.may |= rule->folds;
		shared.any_open_end |= rule->open_end;
	}
	build_term(b, sorted[from].term, shared, 0);
	build_variants(b, sorted[from].term, &shared);
	return i;
}

/* ---- tables ---- */

static int start_entry_cmp(const void *a, const void *b)
{
	const struct start_entry *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->term > y->term) - (x->term < y->term);
}

/* Room for the entries of two kinds, which may be the same; `width` bits a place. */
static struct scan_bitmap bitmap_room(const struct build *b, enum start_kind kind, enum start_kind other, unsigned width)
{
	size_t n = 0;
	unsigned bits = LEAST_BITS;
	for (size_t i = 0; i < b->n; i++)
		n += b->entry[i].kind == kind || b->entry[i].kind == other;
	while (bits < MOST_BITS && ((size_t)1 << bits) < n * BITS_PER_ENTRY)
		bits++;
	return (struct scan_bitmap){ arena_list(&b->s->arena, uint32_t, ((size_t)width << bits) / 32), 32 - bits };
}

static struct scan_bitmap bitmap_new(const struct build *b, enum start_kind kind, enum start_kind other)
{
	const struct scan_bitmap map = bitmap_room(b, kind, other, 1);
	for (size_t i = 0; i < b->n; i++)
		if (b->entry[i].kind == kind || b->entry[i].kind == other) {
			const uint32_t bit = b->entry[i].hash >> map.shift;
			map.word[bit >> 5] |= 1u << (bit & 31);
		}
	return map;
}

static struct scan_bitmap bitmap_of_pairs(const struct build *b)
{
	const struct scan_bitmap map = bitmap_room(b, START_PAIR, START_TRIPLE, 2);
	for (size_t i = 0; i < b->n; i++) {
		const struct start_entry *e = &b->entry[i];
		if (e->kind != START_PAIR && e->kind != START_TRIPLE)
			continue;
		const uint32_t bit = (e->kind == START_PAIR ? e->hash : e->pair) >> map.shift << 1;
		map.word[bit >> 5] |= (e->kind == START_PAIR ? SCAN_IS_PAIR : SCAN_BEGINS_TRIPLE) << (bit & 31);
	}
	return map;
}

static void starts_put(struct scan *s, struct scan_start start)
{
	uint32_t at = (uint32_t)(start.key >> 20) & s->start_mask;
	while (s->start[at].key)
		at = (at + 1) & s->start_mask;
	s->start[at] = start;
}

static void build_tables(struct build *b)
{
	struct scan *s = b->s;
	size_t places = 16;
	s->pairs = bitmap_of_pairs(b);
	s->triples = bitmap_new(b, START_TRIPLE, START_TRIPLE);
	s->words = bitmap_new(b, START_WORD, START_WORD);
	s->sounds = bitmap_new(b, START_SOUND_FIRST, START_SOUND_SECOND);
	if (b->n)
		qsort(b->entry, b->n, sizeof(*b->entry), start_entry_cmp);
	while (places < b->n * 2)
		places *= 2;
	s->start = arena_list(&s->arena, struct scan_start, places);
	s->start_mask = (uint32_t)places - 1;
	s->by_start = arena_list(&s->arena, uint32_t, b->n + 1);
	for (size_t i = 0; i < b->n;) {
		struct scan_start start = { b->entry[i].key, (uint32_t)i, 0 };
		for (; i < b->n && b->entry[i].key == start.key; i++, start.n++)
			s->by_start[i] = b->entry[i].term;
		if (start.n == 1)
			start.first = s->by_start[start.first];
		starts_put(s, start);
	}
}

const struct scan_start *scan_book_find(const struct scan *s, uint64_t key)
{
	uint32_t at = (uint32_t)(key >> 20) & s->start_mask;
	for (; s->start[at].key; at = (at + 1) & s->start_mask)
		if (s->start[at].key == key)
			return &s->start[at];
	return NULL;
}

struct scan *scan_book_new(const struct rule *rules, const struct str *folded_terms, size_t n)
{
	struct arena arena;
	arena_init(&arena, BOOK_ARENA_BYTES);
	struct scan *s = arena_new(&arena, struct scan);
	s->arena = arena; /* the struct lives in its own arena; from here on only s->arena is used */
	s->rule = rules;
	s->member = arena_list(&s->arena, uint32_t, n + 1);
	struct build b = { .s = s };
	arena_init(&b.temporary, BOOK_ARENA_BYTES);
	struct numbered_term *sorted = arena_list(&b.temporary, struct numbered_term, n + 1);
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct numbered_term){ folded_terms[i], (uint32_t)i };
	if (n)
		qsort(sorted, n, sizeof(*sorted), numbered_term_cmp);
	for (size_t i = 0; i < n;)
		i = build_group(&b, sorted, n, i);
	build_tables(&b);
	arena_release(&b.temporary);
	return s;
}

void scan_book_free(struct scan *s)
{
	if (!s)
		return;
	struct arena arena = s->arena;
	arena_release(&arena);
}
