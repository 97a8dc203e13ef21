/* Folding text for matching, with the way back to the original: the only file that includes utf8proc.
 *
 * Nearly all input is ASCII and plain Han, which need no more than a table; those and a few neighbours (full-width ASCII,
 * CJK punctuation, curly quotes) are done here, and only what is left goes cluster by cluster through utf8proc. A cluster
 * is a character with the marks that may compose with it. The fast paths are taken only when the next bytes cannot be such
 * a mark.
 *
 * Beyond NFKC with case folding: curly apostrophes become the straight one, so that don’t and don't are one word, and
 * combining marks on Han, which no script writes, count as hidden characters. */
#include "common/text/normalise.h"

#include "common/base/utf8.h"
#include "common/text/hant.h"

#include <string.h>
#include <utf8proc.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define CLUSTER_MAX 30 /* code points taken together, as in the stream-safe text format of UAX 15 */
#define EXPANSION_MAX 20 /* code points one code point may become: U+FDFA becomes 18 */
#define CHUNK 16u /* bytes of ASCII folded at once */
#define PUT_ROOM 4 /* bytes of one code point */

struct fold_run {
	struct arena *arena;
	struct norm *out;
	char *text; /* out->text.p while it is being written */
	size_t cap;
	const unsigned char *p, *end; /* what is left of the original */
	uint32_t index; /* code point of the original at p */
	unsigned pending; /* FOLD_HIDDEN when something was dropped since the last byte written: goes to the next byte */
	bool after_space; /* the last character written was the space of a run */
};

/* ---- writing ---- */

static void run_allocate(struct fold_run *r, size_t cap)
{
	struct norm *o = r->out;
	size_t n = o->text.n;
	char *text = arena_raw(r->arena, cap + CHUNK);
	uint32_t *origin = arena_raw(r->arena, (cap + CHUNK) * sizeof(*origin));
	uint32_t *origin_end = arena_raw(r->arena, (cap + CHUNK) * sizeof(*origin));
	unsigned char *folds = arena_raw(r->arena, cap + CHUNK);
	if (n) {
		memcpy(text, r->text, n);
		memcpy(origin, o->origin, n * sizeof(*origin));
		memcpy(origin_end, o->origin_end, n * sizeof(*origin_end));
		memcpy(folds, o->folds, n);
	}
	r->text = text;
	r->cap = cap;
	*o = (struct norm){ { text, n }, origin, origin_end, folds, o->any_folds };
}

static void run_reserve(struct fold_run *r, size_t bytes)
{
	if (r->cap - r->out->text.n < bytes)
		run_allocate(r, r->cap * 2 + bytes);
}

static inline void run_put(struct fold_run *r, uint32_t cp, uint32_t width, unsigned folds)
{
	run_reserve(r, PUT_ROOM);
	struct norm *o = r->out;
	size_t at = o->text.n;
	uint32_t from = r->index, to = from + width, *origin = o->origin + at, *origin_end = o->origin_end + at;
	unsigned char *fold = o->folds + at;
	int n = utf8_put(r->text + at, cp);
	for (int i = 0; i < n; i++) {
		origin[i] = from;
		origin_end[i] = to;
		fold[i] = (unsigned char)folds;
	}
	fold[0] |= (unsigned char)r->pending; /* any_folds has it since the character was hidden */
	o->text.n = at + (size_t)n;
	o->any_folds |= folds;
	r->pending = 0;
	r->after_space = false;
}

static void run_space(struct fold_run *r, bool is_plain)
{
	struct norm *o = r->out;
	if (!r->after_space) {
		run_put(r, ' ', 1, is_plain ? 0 : FOLD_SPACE);
		r->after_space = true;
		return;
	}
	o->origin_end[o->text.n - 1] = r->index + 1;
	o->folds[o->text.n - 1] |= FOLD_SPACE;
	o->any_folds |= FOLD_SPACE;
}

static void run_hide(struct fold_run *r)
{
	r->pending = FOLD_HIDDEN;
	r->out->any_folds |= FOLD_HIDDEN;
}

/* ---- fast paths ---- */

/* Can the bytes at p be a mark that composes with what stands before? False negatives only cost time. */
static inline bool starts_cluster(const unsigned char *p, const unsigned char *end)
{
	if (p >= end || *p < 0x80 || (*p >= 0xE4 && *p <= 0xE9))
		return true;
	if (end - p < 3)
		return false;
	if (*p == 0xEF)
		return p[1] == 0xBC || (p[1] == 0xBD && p[2] < 0x9E); /* full-width forms, up to the half-width kana marks */
	if (*p == 0xE3)
		return p[1] == 0x80 && p[2] < 0xAA; /* CJK punctuation, up to the tone marks */
	if (*p == 0xE2)
		return p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0xA7; /* dashes, quotes, dots */
	return *p == 0xF0 && p[1] == 0x9F; /* emoji */
}

static inline bool ascii_is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What is written in the loop of run_plain(), in registers: nothing it writes through can change it. */
struct plain_run {
	char *text;
	uint32_t *origin, *origin_end;
	unsigned char *folds;
	size_t n;
	uint32_t index;
	unsigned pending, any_folds;
	bool after_space;
};

static inline __attribute__((always_inline)) void plain_byte(struct plain_run *w, unsigned char byte, unsigned folds)
{
	w->text[w->n] = (char)byte;
	w->origin[w->n] = w->index;
	w->origin_end[w->n] = w->index + 1;
	w->folds[w->n++] = (unsigned char)folds;
}

static inline __attribute__((always_inline)) void plain_space(struct plain_run *w, bool is_plain)
{
	const unsigned folds = is_plain && !w->after_space ? 0u : (unsigned)FOLD_SPACE;
	if (w->after_space) {
		w->origin_end[w->n - 1] = w->index + 1;
		w->folds[w->n - 1] |= (unsigned char)folds;
	} else {
		plain_byte(w, ' ', folds | w->pending);
		w->pending = 0;
	}
	w->any_folds |= folds;
	w->after_space = true;
}

static inline __attribute__((always_inline)) void plain_ascii(struct plain_run *w, unsigned char c)
{
	if (ascii_is_space(c)) {
		plain_space(w, c == ' ');
	} else if (c < 0x20 || c == 0x7F) {
		w->pending = FOLD_HIDDEN;
		w->any_folds |= FOLD_HIDDEN;
	} else {
		const bool is_upper = c >= 'A' && c <= 'Z';
		plain_byte(w, is_upper ? (unsigned char)(c | 0x20) : c, (is_upper ? FOLD_CASE : 0u) | w->pending);
		w->any_folds |= is_upper ? (unsigned)FOLD_CASE : 0u;
		w->pending = 0;
		w->after_space = false;
	}
}

#ifdef __SSE2__
static inline unsigned chunk_bits(__m128i x)
{
	return (unsigned)_mm_movemask_epi8(x);
}

/* All bytes of `x` in from … from + n - 1. */
static inline __m128i chunk_range(__m128i x, unsigned char from, int n)
{
	return _mm_cmplt_epi8(_mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - from))), _mm_set1_epi8((char)(n - 0x80)));
}

/* How many of the 16 bytes at `p` are printable ASCII without two spaces in a row, and without a letter that may carry a mark. */
static inline unsigned chunk_length(const struct plain_run *w, const unsigned char *p, const unsigned char *end, __m128i x)
{
	const unsigned space = chunk_bits(_mm_cmpeq_epi8(x, _mm_set1_epi8(' ')));
	const unsigned stop =
		~chunk_bits(chunk_range(x, ' ', 0x7F - ' ')) | (space & (space << 1 | w->after_space)) | 1u << CHUNK;
	const unsigned n = (unsigned)__builtin_ctz(stop);
	return n > 0 && p[n - 1] != ' ' && !starts_cluster(p + n, end) ? n - 1 : n;
}

/* Up to 16 bytes of ASCII at once; writes more than it takes. Returns how many were taken. */
static inline __attribute__((always_inline)) unsigned plain_chunk(
	struct plain_run *w, const unsigned char *p, const unsigned char *end)
{
	if (end - p < (ptrdiff_t)CHUNK || w->pending)
		return 0;
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p), upper = chunk_range(x, 'A', 26);
	const __m128i fold = _mm_and_si128(upper, _mm_set1_epi8(FOLD_CASE)), four = _mm_set1_epi32(4);
	const unsigned n = chunk_length(w, p, end, x);
	if (n == 0)
		return 0;
	_mm_storeu_si128((__m128i *)(void *)(w->text + w->n), _mm_or_si128(x, _mm_and_si128(upper, _mm_set1_epi8(0x20))));
	_mm_storeu_si128((__m128i *)(void *)(w->folds + w->n), fold);
	__m128i index = _mm_add_epi32(_mm_set1_epi32((int)w->index), _mm_set_epi32(3, 2, 1, 0));
	for (unsigned i = 0; i < CHUNK; i += 4, index = _mm_add_epi32(index, four)) {
		_mm_storeu_si128((__m128i *)(void *)(w->origin + w->n + i), index);
		_mm_storeu_si128((__m128i *)(void *)(w->origin_end + w->n + i), _mm_add_epi32(index, _mm_set1_epi32(1)));
	}
	w->n += n;
	w->index += n;
	w->after_space = p[n - 1] == ' ';
	w->any_folds |= chunk_bits(upper) & ((1u << n) - 1) ? (unsigned)FOLD_CASE : 0u;
	return n;
}
#else
static inline unsigned plain_chunk(struct plain_run *w, const unsigned char *p, const unsigned char *end)
{
	(void)w, (void)p, (void)end;
	return 0;
}
#endif

/* A character of three bytes that folding leaves as it is: nearly all of Chinese, and its punctuation. */
static inline bool is_same_three(const unsigned char *p, const unsigned char *end)
{
	if (end - p < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
		return false;
	const uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	if (p[0] >= 0xE4 && p[0] <= 0xE9)
		return cp >= HANT_BASIC_FROM && hant_basic[cp - HANT_BASIC_FROM] == 0;
	return p[0] == 0xE3 && p[1] == 0x80 && (p[2] == 0x81 || p[2] == 0x82);
}

/* The ASCII sign or digit that a full-width one folds to, as ， and ！, 0 = another character. */
static inline unsigned wide_sign(const unsigned char *p, const unsigned char *end)
{
	const bool is_wide = p[0] == 0xEF && end - p >= 3 && p[1] == 0xBC && p[2] >= 0x81 && p[2] <= 0xA0;
	return is_wide && starts_cluster(p + 3, end) ? p[2] - 0x60u : 0;
}

/* Runs of ASCII and Chinese that stay as they are, but for the case of letters and white space; stops in front of anything else,
 * and of a character that may carry a mark. */
static void run_plain(struct fold_run *r)
{
	run_reserve(r, (size_t)(r->end - r->p));
	struct norm *o = r->out;
	struct plain_run w = { r->text, o->origin, o->origin_end, o->folds, o->text.n, r->index, r->pending, o->any_folds,
		r->after_space };
	const unsigned char *p = r->p, *const end = r->end;
	for (; p < end; w.index++) {
		for (unsigned n = *p<0x80; n> 0 && p < end; p += n)
			n = plain_chunk(&w, p, end);
		if (p == end)
			break;
		if (*p < 0x80) {
			if (*p > ' ' && *p != 0x7F && !starts_cluster(p + 1, end))
				break;
			plain_ascii(&w, *p++);
			continue;
		}
		const unsigned wide = wide_sign(p, end);
		if (wide) {
			plain_byte(&w, (unsigned char)wide, FOLD_WIDTH | w.pending);
			w.any_folds |= FOLD_WIDTH;
			w.pending = 0;
			w.after_space = false;
			p += 3;
			continue;
		}
		if (!is_same_three(p, end) || !starts_cluster(p + 3, end))
			break;
		plain_byte(&w, p[0], w.pending);
		plain_byte(&w, p[1], 0);
		plain_byte(&w, p[2], 0);
		w.pending = 0;
		w.after_space = false;
		p += 3;
	}
	o->text.n = w.n;
	o->any_folds = w.any_folds;
	r->p = p;
	r->index = w.index;
	r->pending = w.pending;
	r->after_space = w.after_space;
}

static bool is_plain_punctuation(uint32_t cp)
{
	return (cp >= 0x3001 && cp <= 0x3020) || cp == 0x2013 || cp == 0x2014 || (cp >= 0x201C && cp <= 0x201E);
}

/* One well-formed three-byte character that needs no utf8proc. */
static bool run_three_bytes(struct fold_run *r)
{
	const unsigned char *p = r->p;
	if (r->end - p < 3 || p[0] < 0xE2 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || !starts_cluster(p + 3, r->end))
		return false;
	uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	if (p[0] >= 0xE4 && p[0] <= 0xE9 && cp >= HANT_BASIC_FROM) {
		const uint32_t to = hant_simplify(cp);
		run_put(r, to, 1, to == cp ? 0u : (unsigned)FOLD_HANT);
	} else if (p[0] == 0xEF && cp >= 0xFF01 && cp <= 0xFF5E) {
		uint32_t to = cp - 0xFEE0;
		bool is_upper = to >= 'A' && to <= 'Z';
		run_put(r, is_upper ? to | 0x20 : to, 1, FOLD_WIDTH | (is_upper ? FOLD_CASE : 0u));
	} else if (cp == 0x2019 || cp == 0x2018) {
		run_put(r, '\'', 1, FOLD_WIDTH);
	} else if (cp == 0x3000) {
		run_space(r, false);
	} else if (is_plain_punctuation(cp)) {
		run_put(r, cp, 1, 0);
	} else {
		return false;
	}
	r->p += 3;
	r->index++;
	return true;
}

/* ---- one cluster through utf8proc ---- */

struct cluster {
	utf8proc_int32_t cp[CLUSTER_MAX];
	uint32_t n;
	size_t bytes;
};

static bool is_hidden(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->ignorable || (cp >= 0x80 && cp <= 0x9F && cp != 0x85);
}

static bool is_space(uint32_t cp)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
	return cp == 0x85 || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP;
}

/* Marks, the later parts of a Hangul syllable, and the half-width voicing marks of kana compose with what stands before. */
static bool is_mark(uint32_t cp)
{
	if (cp < 0x300)
		return false;
	if ((cp >= 0x1160 && cp <= 0x11FF) || (cp >= 0xD7B0 && cp <= 0xD7FF) || cp == 0xFF9E || cp == 0xFF9F)
		return true;
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);
	return p->combining_class != 0 || p->category == UTF8PROC_CATEGORY_MN || p->category == UTF8PROC_CATEGORY_MC ||
	       p->category == UTF8PROC_CATEGORY_ME;
}

static void cluster_take(const struct fold_run *r, struct cluster *c)
{
	struct str rest = { (const char *)r->p, (size_t)(r->end - r->p) };
	size_t at = 0;
	c->n = 0;
	while (at < rest.n && c->n < CLUSTER_MAX) {
		size_t before = at;
		uint32_t cp = utf8_next(rest, &at);
		if (c->n > 0 && (!is_mark(cp) || is_hidden(cp))) {
			at = before;
			break;
		}
		c->cp[c->n++] = (utf8proc_int32_t)cp;
	}
	c->bytes = at;
}

/* Which folds a code point asks for by itself. */
static unsigned folds_of(uint32_t cp)
{
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);
	return (p->casefold_seqindex != UINT16_MAX ? FOLD_CASE : 0u) | (p->decomp_type != 0 ? FOLD_WIDTH : 0u);
}

/* Canonical order: marks by combining class, equal ones as they stand. Clusters are short, so insertion will do. */
static void sort_marks(utf8proc_int32_t *cp, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		utf8proc_int32_t moved = cp[i];
		utf8proc_propval_t class = utf8proc_get_property(moved)->combining_class;
		size_t j = i;
		while (class != 0 && j > 0 && utf8proc_get_property(cp[j - 1])->combining_class > class) {
			cp[j] = cp[j - 1];
			j--;
		}
		cp[j] = moved;
	}
}

/* NFKC with case folding of one cluster; returns how many code points `out` holds. */
static size_t cluster_fold(const struct cluster *c, utf8proc_int32_t out[CLUSTER_MAX * EXPANSION_MAX])
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STABLE;
	size_t n = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		int boundary = 0;
		utf8proc_ssize_t room = (utf8proc_ssize_t)(CLUSTER_MAX * EXPANSION_MAX - n);
		utf8proc_ssize_t added = utf8proc_decompose_char(c->cp[i], out + n, room, options, &boundary);
		if (added < 0 || added > room)
			out[n++] = c->cp[i]; /* cannot be: code points come from utf8_next and the room suffices */
		else
			n += (size_t)added;
	}
	sort_marks(out, n);
	utf8proc_ssize_t composed = utf8proc_normalize_utf32(out, (utf8proc_ssize_t)n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	return composed < 0 ? n : (size_t)composed;
}

static void run_cluster_put(struct fold_run *r, const struct cluster *c)
{
	utf8proc_int32_t folded[CLUSTER_MAX * EXPANSION_MAX];
	size_t n = cluster_fold(c, folded);
	unsigned folds = 0;
	for (uint32_t i = 0; i < c->n; i++)
		folds |= folds_of((uint32_t)c->cp[i]);
	bool is_changed = n != c->n || memcmp(folded, c->cp, n * sizeof(folded[0])) != 0;
	if (is_changed && folds == 0)
		folds = FOLD_MARKS;
	for (size_t i = 0; i < n; i++) {
		uint32_t cp = (uint32_t)folded[i], to = hant_simplify(cp);
		if (to == ' ')
			run_space(r, false);
		else
			run_put(r, to == 0x2019 || to == 0x2018 ? '\'' : to, c->n, folds | (to == cp ? 0 : FOLD_HANT));
	}
}

static void run_slow(struct fold_run *r)
{
	struct cluster c;
	cluster_take(r, &c);
	uint32_t first = (uint32_t)c.cp[0], width = c.n;
	if (is_hidden(first)) {
		run_hide(r);
	} else if (is_space(first)) {
		run_space(r, false);
	} else if (utf8_is_han(first) && c.n > 1) {
		c.n = 1;
		run_cluster_put(r, &c);
		run_hide(r);
	} else {
		run_cluster_put(r, &c);
	}
	r->p += c.bytes;
	r->index += width;
}

/* ---- the whole ---- */

void normalise(struct arena *a, struct str original, struct norm *out)
{
	const unsigned char *p = (const unsigned char *)(original.p ? original.p : "");
	struct fold_run r = { .arena = a, .out = out, .p = p, .end = p + original.n };
	*out = (struct norm){ 0 };
	run_allocate(&r, original.n + PUT_ROOM);
	while (r.p < r.end) {
		run_plain(&r);
		if (r.p < r.end && !run_three_bytes(&r))
			run_slow(&r);
	}
	run_reserve(&r, 1);
	out->origin[out->text.n] = r.index;
	r.text[out->text.n] = 0;
}

struct str normalise_text(struct arena *a, struct str original)
{
	struct norm n;
	normalise(a, original, &n);
	return n.text;
}
