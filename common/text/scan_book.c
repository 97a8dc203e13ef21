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
#define PLACES_PER_ENTRY 12 /* of a bitmap: one question in 12 that should be answered "no" is not */
#define LEAST_BITS 13
#define MOST_BITS 20 /* 128 KiB */
#define MOST_CELL_BITS 17
#define HAN_FROM 0x4000u /* ideographs whose first byte is E4 … */
#define HAN_TO 0x9FFFu /* … to E9 */
#define UNFOLDED_FROM 0x3000u /* characters of three bytes whose first is E3 … */
#define UNFOLDED_TO 0x9FFFu /* … to E9 */
#define LINE_BYTES 64 /* of the cache */
#define PLAIN_MAX 255u /* bytes; a longer term has no plain form */
#define UTF8_MAX 4 /* bytes of a character */

struct start_entry {
	uint32_t key;
	uint32_t term;
	uint32_t hash; /* for the bitmap of its kind */
	uint32_t letter[3]; /* START_PAIR, START_TRIPLE, START_ONE: 0 = no more */
	enum start_kind kind;
};

struct build {
	struct scan *s;
	struct arena temporary;
	uint32_t *pool; /* of the terms, while it grows */
	size_t pool_n, pool_cap;
	uint32_t term; /* the one being added */
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
	       (folds & FOLD_HOMOGLYPH ? ELEMENT_HOMOGLYPH : 0u) | (folds & FOLD_HANT ? ELEMENT_OTHER : 0u);
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

static void build_start(struct build *b, enum start_kind kind, uint32_t key, uint32_t hash)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : FIRST_ENTRIES;
		struct start_entry *bigger = arena_list(&b->temporary, struct start_entry, b->cap);
		if (b->n)
			memcpy(bigger, b->entry, b->n * sizeof(*bigger));
		b->entry = bigger;
	}
	b->s->has[kind] = true;
	b->entry[b->n++] = (struct start_entry){ .key = key, .term = b->term, .hash = hash, .kind = kind };
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

static uint64_t word_hash(const struct scan_term *t, size_t at, size_t letters)
{
	return scan_book_word(head_of(t->element + at, letters), letters);
}

/* The next letter of the term from element `at` on; t->n when there is none. */
static size_t next_letter(const struct scan_term *t, size_t at)
{
	while (at < t->n && !is_letter(t->element[at]))
		at++;
	return at;
}

/* A letter or digit of ASCII that the term has without anything on it. */
static bool is_plain_letter(uint32_t element)
{
	return (element & ~ELEMENT_CODE) == ELEMENT_WORD && (element & ELEMENT_CODE) < 0x80;
}

static void start_prefix(struct build *b, const struct scan_term *t, size_t at, size_t letters)
{
	const size_t k = letters < SCAN_PREFIX_MAX ? letters : SCAN_PREFIX_MAX;
	const uint32_t key = scan_book_key(START_PREFIX, head_of(t->element + at, k), k);
	build_start(b, START_PREFIX, key, key);
	b->s->prefix_lengths |= 1u << k;
}

/* The longest word of the term, by its first element; a term that is not Latin altogether is looked for by its first. */
static size_t longest_word(struct scan_term *t)
{
	size_t best = t->anchor, longest = word_length(t, t->anchor), nwords = 0;
	t->words_before = 0;
	for (size_t at = t->anchor; t->is_latin && at < t->n && nwords < UINT8_MAX; nwords++) {
		const size_t letters = word_length(t, at);
		if (letters > longest) {
			best = at;
			longest = letters;
			t->words_before = (uint8_t)nwords;
		}
		at = next_letter(t, at + letters);
	}
	return best;
}

static void start_word(struct build *b, struct scan_term *t)
{
	const size_t at = longest_word(t), letters = word_length(t, at);
	const uint64_t word = word_hash(t, at, letters);
	if (t->words_before && (t->element[at - 1] & ELEMENT_SPACE) && is_plain_letter(t->element[at - 2]))
		t->letter_before = (unsigned char)(t->element[at - 2] & ELEMENT_CODE);
	build_start(b, START_WORD, scan_book_key(START_WORD, word, 0), (uint32_t)(word >> 32));
	if (t->any_open_end && at + letters == t->n)
		start_prefix(b, t, at, letters);
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

static void start_letters(struct build *b, const struct scan_term *t)
{
	const uint32_t first = t->element[t->anchor] & ELEMENT_CODE;
	const size_t at = next_letter(t, t->anchor + 1u);
	if (at == t->n) {
		start_one(b, START_ONE, first);
		b->entry[b->n - 1].letter[0] = first;
		return;
	}
	const uint32_t second = t->element[at] & ELEMENT_CODE;
	const size_t behind = next_letter(t, at + 1);
	const bool is_word = (t->element[at] & ELEMENT_WORD) != 0;
	const bool may_sound = (t->may & FOLD_HOMOPHONE) && t->folds == 0 && !is_word;
	b->s->any_mixed = b->s->any_mixed || is_word || (behind < t->n && (t->element[behind] & ELEMENT_WORD));
	if (may_sound || is_word || behind == t->n) { /* the third letter may be one that only sounds the same */
		build_start(b, START_PAIR, scan_book_key(START_PAIR, first, second), scan_book_pair(first, second));
	} else {
		const uint32_t third = t->element[behind] & ELEMENT_CODE;
		build_start(b, START_TRIPLE, scan_book_triple_key(first, second, third),
			scan_book_triple(scan_book_join(first, second), third));
		b->entry[b->n - 1].letter[2] = third;
	}
	b->entry[b->n - 1].letter[0] = first;
	b->entry[b->n - 1].letter[1] = second;
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

static bool is_han(const uint32_t *element, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (element[i] < HAN_FROM || element[i] > HAN_TO)
			return false;
	return true;
}

/* Is the element one that stands in nearly all texts as it is: an ideograph, a letter of ASCII, a sign of ASCII, a space? */
static bool is_plain(uint32_t element)
{
	const uint32_t code = element & ELEMENT_CODE;
	if (element & ELEMENT_SIGN)
		return code > ' ' && code < 0x7F;
	return element == ELEMENT_SPACE || is_plain_letter(element) || (element >= HAN_FROM && element <= HAN_TO);
}

/* The plain bytes of `n` elements; 0 when there are none, or more than PLAIN_MAX. */
static size_t plain_of(const uint32_t *element, size_t n, char out[PLAIN_MAX + UTF8_MAX])
{
	size_t bytes = 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_plain(element[i]) || bytes > PLAIN_MAX)
			return 0;
		bytes += (size_t)utf8_put(out + bytes, element[i] == ELEMENT_SPACE ? ' ' : element[i] & ELEMENT_CODE);
	}
	return bytes <= PLAIN_MAX ? bytes : 0;
}

/* Room for a term of `n` elements and its plain bytes: within one line of the cache where it fits. */
static struct scan_term *pool_take(struct build *b, size_t n, size_t nplain)
{
	const size_t words = sizeof(struct scan_term) / sizeof(uint32_t) + n + (nplain + 7) / 8 * 2;
	const size_t line = LINE_BYTES / sizeof(uint32_t);
	const size_t skipped = words <= line && b->pool_n % line + words > line ? line - b->pool_n % line : 0;
	if (b->pool_n + skipped + words > b->pool_cap) {
		b->pool_cap = (b->pool_n + skipped + words) * 2;
		uint32_t *bigger = arena_list(&b->temporary, uint32_t, b->pool_cap);
		if (b->pool_n)
			memcpy(bigger, b->pool, b->pool_n * sizeof(*bigger));
		b->pool = bigger;
	}
	b->term = (uint32_t)(b->pool_n + skipped);
	b->pool_n = b->term + words;
	return (struct scan_term *)(void *)&b->pool[b->term];
}

static void build_term(struct build *b, struct str folded, const struct scan_term *shared, unsigned folds)
{
	uint32_t element[RULEBOOK_FOLDED_BYTES * LETTERS_SEQUENCE_MAX];
	char plain[PLAIN_MAX + UTF8_MAX];
	const size_t n = elements_of(folded, element);
	if (n == 0 || n > UINT16_MAX)
		return;
	const size_t nplain = plain_of(element, n, plain);
	struct scan_term *t = pool_take(b, n, nplain);
	*t = *shared;
	memcpy(t->element, element, n * sizeof(*element));
	memcpy(t->element + n, plain, nplain);
	t->n = (uint16_t)n;
	t->nplain = (uint8_t)nplain;
	t->folds = folds;
	t->opens_with_word = is_letter(element[0]) && (element[0] & ELEMENT_WORD);
	t->closes_with_word = is_letter(element[n - 1]) && (element[n - 1] & ELEMENT_WORD);
	t->is_han = is_han(element, n);
	t->is_latin = is_latin(element, n);
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
		build_term(b, v.variant[i].text, shared, v.variant[i].fold);
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
		shared.any_case_exact |= rule->case_exact;
	}
	if (shared.nmembers == 1) {
		shared.first = sorted[from].rule;
		shared.is_leaf = s->rule[shared.first].list == LIST_LEAF;
	}
	build_term(b, sorted[from].term, &shared, 0);
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

static size_t count_kinds(const struct build *b, enum start_kind from, enum start_kind to)
{
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++)
		n += b->entry[i].kind >= from && b->entry[i].kind <= to;
	return n;
}

/* Of 2^bits places, `width` bits each. */
static struct scan_bitmap bitmap_room(struct build *b, unsigned bits, unsigned width)
{
	return (struct scan_bitmap){ arena_list(&b->s->arena, uint32_t, ((size_t)width << bits) / 32), 32 - bits };
}

static unsigned bits_for(size_t entries)
{
	unsigned bits = LEAST_BITS;
	while (bits < MOST_BITS && ((size_t)1 << bits) < entries * PLACES_PER_ENTRY)
		bits++;
	return bits;
}

static void bitmap_set(struct scan_bitmap *map, uint32_t hash)
{
	const uint32_t bit = hash >> map->shift;
	map->word[bit >> 5] |= 1u << (bit & 31);
}

/* The kinds from … to, which lie side by side. */
static struct scan_bitmap bitmap_new(struct build *b, enum start_kind from, enum start_kind to, unsigned bits)
{
	struct scan_bitmap map = bitmap_room(b, bits, 1);
	for (size_t i = 0; i < b->n; i++)
		if (b->entry[i].kind >= from && b->entry[i].kind <= to)
			bitmap_set(&map, b->entry[i].hash);
	return map;
}

/* Which characters fold to a letter: first[letter], then next[character] until 0. */
struct unfolded {
	uint16_t first[0x10000], next[0x10000];
};

static struct unfolded *unfolded_new(struct arena *a)
{
	struct unfolded *u = arena_new(a, struct unfolded);
	for (uint32_t cp = UNFOLDED_FROM; cp <= UNFOLDED_TO; cp++) {
		const uint32_t letter = letters_bmp[cp];
		if (letter >= LETTERS_FIRST) {
			u->next[cp] = u->first[letter];
			u->first[letter] = (uint16_t)cp;
		}
	}
	return u;
}

static uint32_t spread_of(uint32_t cp)
{
	char bytes[4] = { 0 };
	(void)utf8_put(bytes, cp);
	return scan_book_spread((const unsigned char *)bytes);
}

/* Every way in which two letters may stand in a text. */
static void cells_mark(struct scan *s, const struct unfolded *u, const uint32_t letter[2], unsigned mark)
{
	if (letter[0] > 0xFFFF || letter[1] > 0xFFFF)
		return;
	for (uint32_t x = u->first[letter[0]]; x; x = u->next[x])
		for (uint32_t y = u->first[letter[1]]; y; y = u->next[y])
			s->cell[scan_book_cell(spread_of(x), spread_of(y)) >> s->cell_shift] |= (unsigned char)mark;
}

static void build_cells(struct build *b, unsigned bits)
{
	struct scan *s = b->s;
	const struct unfolded *u = unfolded_new(&b->temporary);
	s->cell = arena_take(&s->arena, (size_t)1 << bits);
	s->cell_shift = 32 - bits;
	for (size_t i = 0; i < b->n; i++) {
		const struct start_entry *e = &b->entry[i];
		if (e->kind == START_PAIR)
			cells_mark(s, u, e->letter, SCAN_CELL_PAIR);
		if (e->kind == START_TRIPLE) {
			cells_mark(s, u, e->letter, SCAN_CELL_FIRST);
			cells_mark(s, u, e->letter + 1, SCAN_CELL_SECOND);
		}
		for (uint32_t x = e->kind == START_ONE && e->letter[0] <= 0xFFFF ? u->first[e->letter[0]] : 0; x;
			x = u->next[x]) {
			s->lone[scan_book_lone(spread_of(x))] = SCAN_CELL_ONE;
		}
	}
}

static struct scan_table table_room(struct build *b, size_t entries)
{
	unsigned bits = 4;
	while (((size_t)1 << bits) * 2 < entries * 3)
		bits++;
	return (struct scan_table){ arena_list(&b->s->arena, struct scan_slot, (size_t)1 << bits), 32 - bits,
		(uint32_t)((1u << bits) - 1) };
}

static void table_put(struct scan_table *t, struct scan_slot slot)
{
	uint32_t at = slot.key >> t->shift;
	while (t->slot[at].key)
		at = (at + 1) & t->mask;
	t->slot[at] = slot;
}

/* Entries of the kinds from … to, which are sorted by key. Appends to s->list; returns its new length. */
static size_t table_fill(struct build *b, struct scan_table *t, enum start_kind from, enum start_kind to, size_t listed)
{
	uint32_t *list = b->s->list;
	for (size_t i = 0; i < b->n;) {
		const uint32_t key = b->entry[i].key;
		const size_t first = listed;
		for (; i < b->n && b->entry[i].key == key; i++)
			if (b->entry[i].kind >= from && b->entry[i].kind <= to)
				list[listed++] = b->entry[i].term;
		if (listed == first)
			continue;
		list[listed - 1] |= SCAN_LAST;
		table_put(t, (struct scan_slot){ key, listed == first + 1 ? list[first] : (uint32_t)first });
	}
	return listed;
}

static void build_tables(struct build *b)
{
	struct scan *s = b->s;
	const unsigned han_bits = bits_for(count_kinds(b, START_PAIR, START_TRIPLE));
	s->pairs = bitmap_new(b, START_PAIR, START_PAIR, han_bits);
	s->triples = bitmap_new(b, START_TRIPLE, START_TRIPLE, han_bits);
	build_cells(b, han_bits < MOST_CELL_BITS ? han_bits + 1 : MOST_CELL_BITS);
	s->words = bitmap_new(b, START_WORD, START_WORD, bits_for(count_kinds(b, START_WORD, START_WORD)));
	s->prefixes = bitmap_new(b, START_PREFIX, START_PREFIX, bits_for(count_kinds(b, START_PREFIX, START_PREFIX)));
	s->sounds = bitmap_new(
		b, START_SOUND_FIRST, START_SOUND_SECOND, bits_for(count_kinds(b, START_SOUND_FIRST, START_SOUND_SECOND)));
	if (b->n)
		qsort(b->entry, b->n, sizeof(*b->entry), start_entry_cmp);
	s->common = table_room(b, count_kinds(b, START_PAIR, START_WORD));
	s->rare = table_room(b, count_kinds(b, START_PREFIX, START_SOUND_SECOND));
	s->list = arena_list(&s->arena, uint32_t, b->n + 1);
	const size_t listed = table_fill(b, &s->common, START_PAIR, START_WORD, 0);
	(void)table_fill(b, &s->rare, START_PREFIX, START_SOUND_SECOND, listed);
	char *pool = arena_take(&s->arena, b->pool_n * sizeof(uint32_t) + LINE_BYTES);
	pool += (LINE_BYTES - (uintptr_t)pool % LINE_BYTES) % LINE_BYTES;
	s->pool = (uint32_t *)(void *)pool;
	if (b->pool_n)
		memcpy(s->pool, b->pool, b->pool_n * sizeof(uint32_t));
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
	size_t nsorted = 0;
	for (size_t i = 0; i < n; i++)
		if (folded_terms[i].n > 0)
			sorted[nsorted++] = (struct numbered_term){ folded_terms[i], (uint32_t)i };
	if (nsorted)
		qsort(sorted, nsorted, sizeof(*sorted), numbered_term_cmp);
	for (size_t i = 0; i < nsorted;)
		i = build_group(&b, sorted, nsorted, i);
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
