/* Reading JSON: RFC 8259 exactly, in one pass over a copy of the document, in which the strings stay.
 *
 * A string is never longer than it is written, so it is decoded in its place and ends with a NUL where its quote stood. Numbers stay
 * as they are written until somebody asks for one: no digit is lost on the way. */
#include "common/base/json.h"

#include <earshot/limits.h>

#include "common/base/bytes.h"
#include "common/base/json_node.h"
#include "common/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_NODES 16 /* taken at once; then as many as there are, up to … */
#define MOST_NODES 4096

struct scan {
	struct arena *a;
	char *text; /* the copy */
	size_t n, at, values;
	const char *wrong; /* the first thing that is not JSON; it is at `at` */
	struct json *node; /* the next free ones */
	size_t nodes;
};

static bool scan_value(struct scan *s, int depth, struct json *into);

static bool scan_fail(struct scan *s, const char *wrong)
{
	s->wrong = wrong;
	return false;
}

/* The byte at the cursor, or -1 at the end. */
static int scan_peek(const struct scan *s)
{
	return s->at < s->n ? (unsigned char)s->text[s->at] : -1;
}

static struct str scan_rest(const struct scan *s)
{
	return (struct str){ s->text + s->at, s->n - s->at };
}

static void scan_space(struct scan *s)
{
	while (s->at < s->n) {
		const char c = s->text[s->at];
		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
		s->at++;
	}
}

/* ---- words and numbers ---- */

static bool scan_literal(struct scan *s, struct str word)
{
	if (!str_starts(scan_rest(s), word))
		return scan_fail(s, "an unknown word; only true, false and null stand without quotes");
	s->at += word.n;
	return true;
}

static bool scan_bool(struct scan *s, struct json *into, bool is_true)
{
	into->kind = JSON_BOOL;
	into->n = is_true;
	return scan_literal(s, is_true ? STR("true") : STR("false"));
}

static size_t scan_digits(struct scan *s)
{
	const size_t from = s->at;
	while (s->at < s->n && s->text[s->at] >= '0' && s->text[s->at] <= '9')
		s->at++;
	return s->at - from;
}

static bool scan_number(struct scan *s, struct json *into)
{
	const size_t from = s->at;
	if (scan_peek(s) == '-')
		s->at++;
	const bool zero = scan_peek(s) == '0';
	const size_t digits = scan_digits(s);
	if (digits == 0)
		return scan_fail(s, "no value; a value starts with one of { [ \" - 0-9 t f n");
	if (zero && digits > 1)
		return scan_fail(s, "a number with a leading zero");
	if (scan_peek(s) == '.') {
		s->at++;
		if (scan_digits(s) == 0)
			return scan_fail(s, "no digit behind the decimal point");
	}
	if (scan_peek(s) == 'e' || scan_peek(s) == 'E') {
		s->at++;
		if (scan_peek(s) == '+' || scan_peek(s) == '-')
			s->at++;
		if (scan_digits(s) == 0)
			return scan_fail(s, "no digit in the exponent");
	}
	into->kind = JSON_NUMBER;
	into->text = s->text + from;
	into->n = (uint32_t)(s->at - from);
	return true;
}

/* ---- strings ---- */

/* The four hex digits at `at`; -1 when they are not. */
static int hex4(struct str s, size_t at)
{
	if (at + 4 > s.n)
		return -1;
	int value = 0;
	for (size_t i = at; i < at + 4; i++) {
		const char c = s.p[i];
		const int digit = c >= '0' && c <= '9'   ? c - '0'
				  : c >= 'a' && c <= 'f' ? c - 'a' + 10
				  : c >= 'A' && c <= 'F' ? c - 'A' + 10
							 : -1;
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

static bool is_surrogate(int unit, int from)
{
	return unit >= from && unit < from + 0x400;
}

/* At the `u`. The grammar allows half a surrogate pair and NUL; no UTF-8 text can hold the one, no C string the other: both
 * become U+FFFD. */
static bool scan_unicode_escape(struct scan *s, size_t *to)
{
	const struct str rest = scan_rest(s);
	const int unit = hex4(rest, 1);
	if (unit < 0)
		return scan_fail(s, "\\u without four hex digits");
	const bool may_be_pair = is_surrogate(unit, 0xD800) && str_starts(str_from(rest, 5), STR("\\u"));
	const int second = may_be_pair ? hex4(rest, 7) : -1;
	const bool is_pair = is_surrogate(second, 0xDC00);
	const uint32_t cp = is_pair ? 0x10000u + ((uint32_t)unit - 0xD800) * 0x400 + ((uint32_t)second - 0xDC00) : (uint32_t)unit;
	s->at += is_pair ? 11 : 5;
	*to += (size_t)utf8_put(s->text + *to, cp ? cp : UTF8_REPLACEMENT); /* that of half a pair as well */
	return true;
}

static bool scan_escape(struct scan *s, size_t *to)
{
	static const char meant[128] = {
		['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
	};
	s->at++;
	const int c = scan_peek(s);
	if (c == 'u')
		return scan_unicode_escape(s, to);
	if (c < 0 || c > 127 || !meant[c])
		return scan_fail(
			s, "an unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t, and \\u with four hex digits");
	s->text[(*to)++] = meant[c];
	s->at++;
	return true;
}

static bool scan_multibyte(struct scan *s)
{
	const struct str rest = scan_rest(s);
	size_t n = 0;
	if (utf8_next(rest, &n) == UTF8_REPLACEMENT && !str_starts(rest, STR("\xEF\xBF\xBD")))
		return scan_fail(s, "bytes that are not UTF-8");
	s->at += n;
	return true;
}

#ifdef __SSE2__
/* Quote, backslash, control bytes, and everything outside ASCII. */
static inline __m128i not_plain(__m128i x, __m128i next)
{
	(void)next;
	return _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(' ')), _mm_or_si128(bytes_are(x, '"'), bytes_are(x, '\\')));
}
#endif

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Up to what needs a closer look than "is it UTF-8": a quote, a backslash, a control character, the end. */
static bool scan_run(struct scan *s)
{
	const struct str all = { s->text, s->n };
	while (s->at < s->n) {
		const unsigned char c = (unsigned char)s->text[s->at];
		const size_t plain = c < 0x80 ? 0 : utf8_plain(all, s->at);
		if (is_plain(c)) {
			s->at++;
#ifdef __SSE2__
			s->at = bytes_until(all, s->at, not_plain);
#endif
		} else if (plain > 0) {
			s->at += plain;
		} else if (c < 0x80) {
			return true;
		} else if (!scan_multibyte(s)) {
			return false;
		}
	}
	return true;
}

/* At the quote. `to` is where the next byte of the decoded string goes; it never overtakes the cursor. */
static bool scan_string(struct scan *s, const char **text, uint32_t *n)
{
	const size_t start = ++s->at;
	size_t to = start;
	for (;;) {
		const size_t from = s->at;
		if (!scan_run(s))
			return false;
		if (to != from)
			memmove(s->text + to, s->text + from, s->at - from);
		to += s->at - from;
		const int c = scan_peek(s);
		if (c == '"')
			break;
		if (c < 0)
			return scan_fail(s, "the end inside a string");
		if (c != '\\')
			return scan_fail(s, "a raw control character in a string; write it as an escape");
		if (!scan_escape(s, &to))
			return false;
	}
	s->at++;
	s->text[to] = '\0';
	*text = s->text + start;
	*n = (uint32_t)(to - start);
	return true;
}

/* ---- arrays and objects ---- */

static struct json *scan_node(struct scan *s)
{
	if (s->nodes == 0) {
		s->nodes = s->values < FIRST_NODES ? FIRST_NODES : s->values < MOST_NODES ? s->values : MOST_NODES;
		s->node = arena_raw(s->a, s->nodes * sizeof(struct json));
	}
	s->nodes--;
	*s->node = (struct json){ .kind = JSON_NULL };
	return s->node++;
}

/* Between two members: true when there is one more. `done` tells a clean end from a mistake. */
static bool scan_more(struct scan *s, char end, bool *done)
{
	scan_space(s);
	const int c = scan_peek(s);
	*done = c == end;
	if (c == ',' || c == end)
		s->at++;
	else
		(void)scan_fail(s, "no comma and no closing bracket behind a value");
	return c == ',';
}

static bool scan_key(struct scan *s, struct json *into)
{
	scan_space(s);
	if (scan_peek(s) != '"')
		return scan_fail(s, "no key in double quotes");
	if (!scan_string(s, &into->key, &into->key_n))
		return false;
	scan_space(s);
	if (scan_peek(s) != ':')
		return scan_fail(s, "no colon behind a key");
	s->at++;
	return true;
}

static bool scan_members(struct scan *s, int depth, struct json *into)
{
	const bool is_object = s->text[s->at] == '{';
	const char end = is_object ? '}' : ']';
	struct json **last = &into->first;
	bool done = false;
	into->kind = is_object ? JSON_OBJECT : JSON_ARRAY;
	s->at++;
	scan_space(s);
	if (scan_peek(s) == end) {
		s->at++;
		return true;
	}
	do {
		struct json *member = scan_node(s);
		if ((is_object && !scan_key(s, member)) || !scan_value(s, depth + 1, member))
			return false;
		*last = member;
		last = &member->next;
	} while (scan_more(s, end, &done));
	return done;
}

static bool scan_value(struct scan *s, int depth, struct json *into)
{
	if (depth >= LIMIT_JSON_DEPTH)
		return scan_fail(s, "values nested deeper than the limit of 128");
	if (++s->values > LIMIT_JSON_VALUES)
		return scan_fail(s, "more than a million values; cut the document into several");
	scan_space(s);
	switch (scan_peek(s)) {
	case '{':
	case '[':
		return scan_members(s, depth, into);
	case '"':
		into->kind = JSON_STRING;
		return scan_string(s, &into->text, &into->n);
	case 't':
	case 'f':
		return scan_bool(s, into, scan_peek(s) == 't');
	case 'n':
		return scan_literal(s, STR("null"));
	case -1:
		return scan_fail(s, "the end where a value should be");
	default:
		return scan_number(s, into);
	}
}
_Static_assert(LIMIT_JSON_DEPTH == 128, "the message above names the limit");
_Static_assert(LIMIT_JSON_VALUES == 1000000, "the message above names the limit");

static bool scan_document(struct scan *s, struct json *into)
{
	if (!scan_value(s, 0, into))
		return false;
	scan_space(s);
	return s->at == s->n || scan_fail(s, "more bytes behind the document");
}

/* ---- documents ---- */

static bool parse_into(struct arena *a, struct str bytes, struct json *root, struct err *e)
{
	/* RFC 8259 section 8.1 lets a reader pass over a byte order mark, and feeds do start with one. */
	const size_t skip = str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
	const struct str in = str_from(bytes, skip);
	if (in.n > LIMIT_JSON_BYTES) {
		(void)err_set(e, REJECT, "JSON of %zu bytes; %u are read at most", bytes.n, LIMIT_JSON_BYTES);
		return false;
	}
	struct scan s = { .a = a, .text = (char *)(uintptr_t)arena_copy(a, in).p, .n = in.n };
	*root = (struct json){ .kind = JSON_NULL };
	if (scan_document(&s, root))
		return true;
	(void)err_set(e, REJECT, "not JSON at byte %zu of %zu: %s", s.at + skip, bytes.n, s.wrong);
	return false;
}

struct json *json_parse_in(struct arena *a, struct str bytes, struct err *e)
{
	struct json *root = arena_new(a, struct json);
	return parse_into(a, bytes, root, e) ? root : NULL;
}

/* A document with an arena of its own. */
struct document {
	struct json root; /* first: json_free() is given its address */
	struct arena arena;
};

struct json *json_parse(struct str bytes, struct err *e)
{
	struct document *d = malloc(sizeof(*d));
	if (!d) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for JSON\n", sizeof(*d));
		abort();
	}
	arena_init(&d->arena, SIZE_MAX / 2); /* LIMIT_JSON_BYTES and LIMIT_JSON_VALUES bound it */
	if (parse_into(&d->arena, bytes, &d->root, e))
		return &d->root;
	json_free(&d->root);
	return NULL;
}

void json_free(struct json *doc)
{
	if (!doc)
		return;
	struct document *d = (struct document *)(void *)doc;
	arena_release(&d->arena);
	free(d);
}
