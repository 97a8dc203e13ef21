/* The growing buffer, and the one JSON writer of the tree. */
#include "common/base/buf.h"

#include "common/base/bytes.h"
#include "common/base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 256u

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_init_in(struct buf *b, char *memory, size_t max)
{
	*b = (struct buf){ .p = memory, .cap = max + 1, .max = max };
	memory[0] = '\0';
}

void buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
	if (b->p)
		b->p[0] = 0;
}

void buf_cut(struct buf *b, size_t n)
{
	if (n >= b->n)
		return;
	b->n = n;
	b->p[n] = '\0';
}

/* Room for `more` bytes and the NUL behind them. Once over the maximum a buffer stays as it is: half a document with a
 * later piece glued on would be worse than a cut one. */
static bool buf_reserve(struct buf *b, size_t more)
{
	if (b->overflow || more > b->max || b->n > b->max - more) {
		b->overflow = true;
		return false;
	}
	size_t want = b->n + more + 1;
	if (want <= b->cap)
		return true;
	size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap * 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	if (cap < want)
		cap = want;
	char *p = realloc(b->p, cap);
	if (!p) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for a buffer\n", cap);
		abort();
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_room(struct buf *b, size_t n)
{
	const size_t most = b->max > b->n ? b->max - b->n : 0;

	if (!b->overflow)
		(void)buf_reserve(b, n < most ? n : most);
}

void buf_add_slowly(struct buf *b, const void *p, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	char small[256];
	va_list args;
	va_start(args, fmt);
	int want = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (want < 0) {
		b->overflow = true; /* an encoding error: the text is not whole either */
		return;
	}
	size_t n = (size_t)want;
	if (n < sizeof(small)) {
		buf_add(b, small, n);
		return;
	}
	if (!buf_reserve(b, n))
		return;
	va_start(args, fmt);
	(void)vsnprintf(b->p + b->n, n + 1, fmt, args);
	va_end(args);
	b->n += n;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}

/* ---- JSON ---- */

static void json_escape(struct buf *b, unsigned char c)
{
	static const char short_form[128] = {
		['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};
	static const char hex[] = "0123456789abcdef";
	const char two[2] = { '\\', short_form[c] };
	const char six[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
	if (short_form[c])
		buf_add(b, two, sizeof(two));
	else
		buf_add(b, six, sizeof(six));
}

#ifdef __SSE2__
static inline __m128i not_plain_in_json(__m128i x, __m128i next)
{
	(void)next;
	const __m128i control = _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(' ')), bytes_are(x, 0x7F)); /* and beyond ASCII */
	return _mm_or_si128(control, _mm_or_si128(bytes_are(x, '"'), bytes_are(x, '\\')));
}
#endif

void buf_json_string(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	size_t clean = 0; /* start of the run that can be copied as it is */
	for (size_t at = 0; at < s.n;) {
		unsigned char c = (unsigned char)s.p[at];
		if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
			at++;
#ifdef __SSE2__
			at = bytes_until(s, at, not_plain_in_json);
#endif
			continue;
		}
		const size_t plain = utf8_plain(s, at);
		if (plain > 0) {
			at += plain;
			continue;
		}
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);
		/* A U+FFFD that was written so is three bytes long, as no ill-formed sequence of ours is by chance: copy it. */
		bool copied =
			cp >= 0x80 && (cp != UTF8_REPLACEMENT || str_eqc((struct str){ s.p + from, at - from }, "\xEF\xBF\xBD"));
		if (copied)
			continue;
		buf_add(b, s.p + clean, from - clean);
		clean = at;
		if (cp < 0x80)
			json_escape(b, (unsigned char)cp);
		else
			utf8_add(b, cp);
	}
	if (clean < s.n)
		buf_add(b, s.p + clean, s.n - clean);
	buf_addc(b, '"');
}

void buf_json_comma(struct buf *b)
{
	char before = b->n > 0 ? b->p[b->n - 1] : '{';
	if (before != '{' && before != '[')
		buf_addc(b, ',');
}

void buf_json_key(struct buf *b, const char *key)
{
	const size_t n = strlen(key); /* keys are ours: plain ASCII, nothing to escape */
	buf_json_comma(b);
	if (!buf_reserve(b, n + 3))
		return;
	char *p = b->p + b->n;
	p[0] = '"';
	memcpy(p + 1, key, n);
	memcpy(p + 1 + n, "\":", 3);
	b->n += n + 3;
}

void buf_json_member(struct buf *b, struct str key)
{
	buf_json_comma(b);
	buf_json_string(b, key);
	buf_addc(b, ':');
}

void buf_json_str(struct buf *b, const char *key, struct str s)
{
	buf_json_key(b, key);
	buf_json_string(b, s);
}

void buf_json_opt(struct buf *b, const char *key, struct str s)
{
	if (s.n > 0)
		buf_json_str(b, key, s);
}

/* Numbers are written by the million: printf would be a fifth of the detector's time. */
void buf_add_int(struct buf *b, int64_t v)
{
	char text[24];
	size_t at = sizeof text;
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		text[--at] = '-';
	buf_add(b, text + at, sizeof text - at);
}

/* Scores and shares: small numbers with few decimals. False when printf has to do it. */
static bool add_small_double(struct buf *b, double v, int decimals)
{
	static const int64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	if (decimals < 0 || decimals > 6 || fabs(v) >= 1e9)
		return false;
	int64_t scaled = llround(v * (double)power[decimals]);
	if (scaled < 0) {
		buf_addc(b, '-');
		scaled = -scaled;
	}
	buf_add_int(b, scaled / power[decimals]);
	int64_t fraction = scaled % power[decimals];
	if (fraction == 0)
		return true;
	while (fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	char text[8];
	for (int i = decimals; i-- > 0; fraction /= 10)
		text[i] = (char)('0' + fraction % 10);
	buf_addc(b, '.');
	buf_add(b, text, (size_t)decimals);
	return true;
}

void buf_json_int(struct buf *b, const char *key, int64_t v)
{
	buf_json_key(b, key);
	buf_add_int(b, v);
}

void buf_json_known(struct buf *b, const char *key, int64_t v)
{
	if (v >= 0)
		buf_json_int(b, key, v);
}

void buf_json_double(struct buf *b, const char *key, double v, int decimals)
{
	buf_json_key(b, key);
	buf_add_double(b, v, decimals);
}

void buf_add_double(struct buf *b, double v, int decimals)
{
	if (!isfinite(v)) {
		buf_addz(b, "null");
		return;
	}
	if (add_small_double(b, v, decimals))
		return;
	char text[400]; /* DBL_MAX has 309 digits before the point */
	int n = snprintf(text, sizeof(text), "%.*f", decimals < 0 ? 0 : decimals > 17 ? 17 : decimals, v);
	if (memchr(text, '.', (size_t)n)) {
		while (text[n - 1] == '0')
			n--;
		if (text[n - 1] == '.')
			n--;
	}
	struct str number = { text, (size_t)n };
	buf_adds(b, str_eqc(number, "-0") ? STR("0") : number);
}

void buf_json_bool(struct buf *b, const char *key, bool v)
{
	buf_json_key(b, key);
	buf_addz(b, v ? "true" : "false");
}
