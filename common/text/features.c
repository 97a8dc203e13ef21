/* The hashed features of a text: what trained weights are looked up by. */
#include "common/text/features.h"

#include "common/base/clones.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#define LONGEST_RUN 3 /* code points … */
#define LONGEST_ASCII_RUN 5 /* … of one that begins with ASCII, from two on */
#define NEGATED_WORDS 3 /* behind "not", as long as the clause lasts */
#define SIGN_NAME 0xE000u /* of the private area: what stands for an @name … */
#define SIGN_ADDRESS 0xE001u /* … and for an address */
#define PRIME 0x100000001B3ull
#define SEED_RUN 0x9E3779B9ull
#define SEED_WORD 77ull

/* Kinds of features, so that a run and a word of the same letters differ. */
enum kind { KIND_WORD = 0x1001, KIND_PAIR = 0x2003, KIND_TRIPLE = 0x3005, KIND_NEGATED = 0x4007 };

/* Fibonacci hashing (Knuth, TAOCP 6.4): one multiplication, the upper bits. */
static inline uint32_t bucket_of(uint64_t h)
{
	return (uint32_t)(h * 0x9E3779B97F4A7C15ull >> (64 - FEATURES_BITS));
}

/* Without a branch that depends on the text: there is room for one more than counts. */
static inline void put(struct features *f, uint32_t bucket, size_t from, size_t to, uint64_t counts)
{
	const uint64_t was = f->seen[bucket / 64];
	f->seen[bucket / 64] = was | counts << bucket % 64;
	f->bucket[f->n] = bucket;
	f->place[f->n] = (struct features_place){ (uint32_t)from, (uint32_t)to };
	f->n += ~(was >> bucket % 64) & counts;
}

/* `from` and `to`: code points. */
static inline void add(struct features *f, uint64_t hash, size_t from, size_t to)
{
	put(f, bucket_of(hash), from, to, f->n < f->room);
}

/* ---- the text as code points, addresses and names masked ---- */

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Bytes of the address or name at `at` and the sign that stands for it; 0 = neither. */
static size_t masked(struct str s, size_t at, uint32_t *sign)
{
	const struct str rest = str_from(s, at);
	size_t n = 1;
	if (rest.p[0] == '@') {
		while (n < rest.n && is_name_byte(rest.p[n]))
			n++;
		*sign = SIGN_NAME;
		return n;
	}
	if (!str_starts(rest, STR("http://")) && !str_starts(rest, STR("https://")))
		return 0;
	while (n < rest.n && rest.p[n] > ' ')
		n++;
	*sign = SIGN_ADDRESS;
	return n;
}

static inline uint32_t plain_three(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return (u[0] & 0x0Fu) << 12 | (u[1] & 0x3Fu) << 6 | (u[2] & 0x3Fu);
}

/* `byte`: where each code point begins, and the end; NULL when nobody asks. */
static inline size_t decode(struct str s, uint32_t *out, uint32_t *byte)
{
	size_t n = 0, at = 0;
	while (at < s.n) {
		uint32_t sign = 0;
		if (byte != NULL)
			byte[n] = (uint32_t)at;
		if ((unsigned char)s.p[at] < 0x80 && s.p[at] != '@' && s.p[at] != 'h') {
			out[n++] = (unsigned char)s.p[at++];
			continue;
		}
		if (utf8_is_plain_three(s, at)) {
			out[n++] = plain_three(s.p + at);
			at += 3;
			continue;
		}
		const size_t skipped = s.p[at] == '@' || s.p[at] == 'h' ? masked(s, at, &sign) : 0;
		at += skipped;
		out[n++] = skipped > 0 ? sign : utf8_next(s, &at);
	}
	if (byte != NULL)
		byte[n] = (uint32_t)at;
	return n;
}

/* ---- runs and words ---- */

/* At a place with all its runs before it and room for them. */
static inline void add_runs_here(struct features *f, const uint32_t *all, size_t at, size_t shortest, size_t longest)
{
	const uint32_t *cp = all + at;
	uint64_t h = shortest > 1 ? SEED_RUN * PRIME + cp[0] : SEED_RUN;
#pragma GCC unroll 5
	for (size_t m = shortest; m <= longest; m++) {
		h = h * PRIME + cp[m - 1];
		put(f, bucket_of(h + m), at, at + m, 1);
	}
}

/* … and near the end of the text, or of the room. */
static void add_runs_last(struct features *f, const uint32_t *all, size_t at, size_t end)
{
	const uint32_t *cp = all + at;
	const size_t n = end - at;
	const bool is_ascii = cp[0] < 0x80;
	const size_t longest = is_ascii ? LONGEST_ASCII_RUN : LONGEST_RUN;
	uint64_t h = SEED_RUN;
	for (size_t m = 1; m <= longest && m <= n; m++) {
		h = h * PRIME + cp[m - 1];
		if (m > 1 || !is_ascii)
			add(f, h + m, at, at + m);
	}
}

CLONED static void add_runs(struct features *out, const uint32_t *cp, size_t n)
{
	struct features own = *out; /* in registers */
	size_t i = 0;
	for (; i + LONGEST_ASCII_RUN <= n && own.n + LONGEST_ASCII_RUN <= own.room; i++)
		if (cp[i] < 0x80)
			add_runs_here(&own, cp, i, 2, LONGEST_ASCII_RUN);
		else
			add_runs_here(&own, cp, i, 1, LONGEST_RUN);
	for (; i < n; i++)
		add_runs_last(&own, cp, i, n);
	*out = own;
}

uint32_t features_run(struct str run)
{
	uint64_t h = SEED_RUN, m = 0;
	for (size_t at = 0; at < run.n; m++)
		h = h * PRIME + utf8_next(run, &at);
	return bucket_of(h + m);
}

static bool is_word_sign(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
}

static bool ends_clause(uint32_t c)
{
	return c == '.' || c == ',' || c == '!' || c == '?' || c == ';';
}

static bool word_is(const uint32_t *cp, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] == '\0' || cp[i] != (unsigned char)word[i])
			return false;
	return word[n] == '\0';
}

static bool is_negation(const uint32_t *cp, size_t n)
{
	static const char *const word[] = { "not", "no", "never", "without", "dont", "cant", "wont", "didnt", "doesnt", "isnt" };
	if (n > 2 && cp[n - 2] == '\'' && cp[n - 1] == 't')
		return true;
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (word_is(cp, n, word[i]))
			return true;
	return false;
}

struct words {
	uint64_t last, one_before; /* 0: none */
	size_t last_from, one_before_from; /* where they begin */
	int negated; /* so many more words */
};

static void add_word(struct features *f, struct words *w, const uint32_t *cp, size_t from, size_t to)
{
	uint64_t h = SEED_WORD;
	for (size_t i = from; i < to; i++)
		h = h * PRIME + cp[i];
	add(f, h * 3 + KIND_WORD, from, to);
	if (w->last != 0)
		add(f, w->last * 31 + h * 7 + KIND_PAIR, w->last_from, to);
	if (w->one_before != 0)
		add(f, w->one_before * 131 + w->last * 31 + h * 7 + KIND_TRIPLE, w->one_before_from, to);
	if (w->negated > 0) {
		add(f, h * 3 + KIND_NEGATED, from, to);
		w->negated--;
	}
	w->one_before = w->last;
	w->one_before_from = w->last_from;
	w->last = h;
	w->last_from = from;
	if (is_negation(cp + from, to - from))
		w->negated = NEGATED_WORDS;
}

CLONED static void add_words(struct features *f, const uint32_t *cp, size_t n)
{
	struct words w = { 0 };
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && is_word_sign(cp[end]))
			end++;
		if (end > i) {
			add_word(f, &w, cp, i, end);
			i = end;
			continue;
		}
		if (ends_clause(cp[i]))
			w.negated = 0;
		i++;
	}
}

static _Thread_local uint64_t
	seen_before[FEATURES_BUCKETS / 64]; /* all 0 between two texts: to clear what was set is cheaper than all */

/* As many as so many code points can have, within the cap. */
static void make_room(struct arena *a, struct features *f, size_t n)
{
	const size_t most = n * (LONGEST_ASCII_RUN + 3) + 1;
	*f = (struct features){ .room = most < LIMIT_FEATURES ? most : LIMIT_FEATURES, .seen = seen_before };
	f->bucket = arena_raw(a, (f->room + 1) * sizeof *f->bucket);
	f->place = arena_raw(a, (f->room + 1) * sizeof *f->place);
}

void features_make(struct arena *a, struct str normalised, struct features *out)
{
	uint32_t *cp = arena_raw(a, (normalised.n + 1) * sizeof *cp);
	const size_t n = decode(normalised, cp, NULL);
	make_room(a, out, n);
	add_runs(out, cp, n);
	add_words(out, cp, n);
	for (size_t i = 0; i < out->n; i++)
		seen_before[out->bucket[i] / 64] = 0;
	out->seen = NULL;
}

const uint32_t *features_bytes(struct arena *a, struct str normalised)
{
	uint32_t *cp = arena_raw(a, (normalised.n + 1) * 2 * sizeof *cp), *byte = cp + normalised.n + 1;
	(void)decode(normalised, cp, byte);
	return byte;
}
