/* Reading JSON: one strict scan, then cJSON. The only file that includes cJSON.
 *
 * cJSON alone takes much that is not JSON (leading zeros, raw control characters, bytes behind the document, broken UTF-8) and
 * loses some that is (a NUL ends a string, an integer goes through a double, a number of 64 bytes is refused). So the scanner
 * decides what is JSON, and rewrites on the way the three things that cJSON would spoil; most documents need none of it and go
 * on untouched. */
#include "common/base/json.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number that a double could change is handed over as a string behind this byte. It is in no UTF-8 text, and the scanner lets
 * nothing else pass, so that such a string cannot come from outside. */
#define NUMBER_MARK '\xFF'
#define EXACT_NUMBER_BYTES 15 /* so many digits survive a double and back (DBL_DIG) */

/* ---- the scanner: RFC 8259, grammar and UTF-8 ---- */

struct scan {
	struct str in;
	size_t at, values;
	const char *wrong; /* the first thing that is not JSON; it is at `at` */
	struct buf out; /* the rewritten document, while `copied` > 0 */
	size_t copied; /* bytes of `in` that are in `out` already, changed or not */
};

static bool scan_value(struct scan *s, int depth);

static bool scan_fail(struct scan *s, const char *wrong)
{
	s->wrong = wrong;
	return false;
}

/* The byte at the cursor, or -1 at the end. */
static int scan_peek(const struct scan *s)
{
	return s->at < s->in.n ? (unsigned char)s->in.p[s->at] : -1;
}

static void scan_space(struct scan *s)
{
	while (s->at < s->in.n) {
		char c = s->in.p[s->at];
		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
		s->at++;
	}
}

static void scan_replace(struct scan *s, size_t from, size_t to, struct str by)
{
	buf_add(&s->out, s->in.p + s->copied, from - s->copied);
	buf_adds(&s->out, by);
	s->copied = to;
}

static bool scan_literal(struct scan *s, struct str word)
{
	if (!str_starts(str_from(s->in, s->at), word))
		return scan_fail(s, "an unknown word; only true, false and null stand without quotes");
	s->at += word.n;
	return true;
}

static size_t scan_digits(struct scan *s)
{
	size_t from = s->at;
	while (s->at < s->in.n && s->in.p[s->at] >= '0' && s->in.p[s->at] <= '9')
		s->at++;
	return s->at - from;
}

static bool scan_number(struct scan *s)
{
	size_t from = s->at;
	bool has_exponent = false;
	if (scan_peek(s) == '-')
		s->at++;
	bool zero = scan_peek(s) == '0';
	size_t digits = scan_digits(s);
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
		has_exponent = true;
		s->at++;
		if (scan_peek(s) == '+' || scan_peek(s) == '-')
			s->at++;
		if (scan_digits(s) == 0)
			return scan_fail(s, "no digit in the exponent");
	}
	if (s->at - from <= EXACT_NUMBER_BYTES && !has_exponent)
		return true;
	scan_replace(s, from, from, STR("\"\xFF"));
	scan_replace(s, s->at, s->at, STR("\""));
	return true;
}

/* The four hex digits behind `\u`; -1 when they are not. */
static int hex4(struct str s, size_t at)
{
	if (at + 4 > s.n)
		return -1;
	int value = 0;
	for (size_t i = at; i < at + 4; i++) {
		char c = s.p[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
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
static bool scan_unicode_escape(struct scan *s)
{
	size_t from = s->at - 1;
	int unit = hex4(s->in, s->at + 1);
	if (unit < 0)
		return scan_fail(s, "\\u without four hex digits");
	s->at += 5;
	if (is_surrogate(unit, 0xD800) && str_starts(str_from(s->in, s->at), STR("\\u")) &&
		is_surrogate(hex4(s->in, s->at + 2), 0xDC00)) {
		s->at += 6;
		return true;
	}
	if (unit == 0 || is_surrogate(unit, 0xD800) || is_surrogate(unit, 0xDC00))
		scan_replace(s, from, s->at, STR("\\ufffd"));
	return true;
}

static bool scan_escape(struct scan *s)
{
	s->at++;
	int c = scan_peek(s);
	if (c == 'u')
		return scan_unicode_escape(s);
	if (c <= 0 || !strchr("\"\\/bfnrt", c))
		return scan_fail(
			s, "an unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t, and \\u with four hex digits");
	s->at++;
	return true;
}

static bool scan_multibyte(struct scan *s)
{
	size_t from = s->at;
	uint32_t cp = utf8_next(s->in, &s->at);
	if (cp == UTF8_REPLACEMENT && !str_starts(str_from(s->in, from), STR("\xEF\xBF\xBD"))) {
		s->at = from;
		return scan_fail(s, "bytes that are not UTF-8");
	}
	return true;
}

/* The bytes of a string that need a look: quote, backslash, control bytes, and everything outside ASCII. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static bool scan_string(struct scan *s)
{
	s->at++;
	while (s->at < s->in.n) {
		unsigned char c = (unsigned char)s->in.p[s->at];
		bool good = true;
		if (is_plain(c)) {
			s->at++;
			continue;
		}
		if (c == '"') {
			s->at++;
			return true;
		}
		if (utf8_is_plain_three(s->in, s->at)) {
			s->at += 3;
			continue;
		}
		if (c == '\\')
			good = scan_escape(s);
		else if (c >= 0x80)
			good = scan_multibyte(s);
		else
			good = scan_fail(s, "a raw control character in a string; write it as an escape");
		if (!good)
			return false;
	}
	return scan_fail(s, "the end inside a string");
}

/* Between two members: true when there is one more. `done` tells a clean end from a mistake. */
static bool scan_more(struct scan *s, char end, bool *done)
{
	scan_space(s);
	int c = scan_peek(s);
	*done = c == end;
	if (c == ',' || c == end)
		s->at++;
	else
		(void)scan_fail(s, "no comma and no closing bracket behind a value");
	return c == ',';
}

static bool scan_array(struct scan *s, int depth)
{
	bool done = false;
	s->at++;
	scan_space(s);
	if (scan_peek(s) == ']') {
		s->at++;
		return true;
	}
	do {
		if (!scan_value(s, depth + 1))
			return false;
	} while (scan_more(s, ']', &done));
	return done;
}

static bool scan_member(struct scan *s, int depth)
{
	scan_space(s);
	if (scan_peek(s) != '"')
		return scan_fail(s, "no key in double quotes");
	if (!scan_string(s))
		return false;
	scan_space(s);
	if (scan_peek(s) != ':')
		return scan_fail(s, "no colon behind a key");
	s->at++;
	return scan_value(s, depth + 1);
}

static bool scan_object(struct scan *s, int depth)
{
	bool done = false;
	s->at++;
	scan_space(s);
	if (scan_peek(s) == '}') {
		s->at++;
		return true;
	}
	do {
		if (!scan_member(s, depth))
			return false;
	} while (scan_more(s, '}', &done));
	return done;
}

static bool scan_value(struct scan *s, int depth)
{
	if (depth >= LIMIT_JSON_DEPTH)
		return scan_fail(s, "values nested deeper than the limit of 128");
	if (++s->values > LIMIT_JSON_VALUES)
		return scan_fail(s, "more than 600,000 values; cut the document into several");
	scan_space(s);
	switch (scan_peek(s)) {
	case '{':
		return scan_object(s, depth);
	case '[':
		return scan_array(s, depth);
	case '"':
		return scan_string(s);
	case 't':
		return scan_literal(s, STR("true"));
	case 'f':
		return scan_literal(s, STR("false"));
	case 'n':
		return scan_literal(s, STR("null"));
	case -1:
		return scan_fail(s, "the end where a value should be");
	default:
		return scan_number(s);
	}
}
_Static_assert(LIMIT_JSON_DEPTH == 128 && LIMIT_JSON_DEPTH < CJSON_NESTING_LIMIT, "the message above names the limit");
_Static_assert(LIMIT_JSON_VALUES == 600000, "the message above names the limit");

static bool scan_document(struct scan *s)
{
	if (!scan_value(s, 0))
		return false;
	scan_space(s);
	return s->at == s->in.n || scan_fail(s, "more bytes behind the document");
}

struct json *json_parse(struct str bytes, struct err *e)
{
	/* RFC 8259 section 8.1 lets a reader pass over a byte order mark, and feeds do start with one. */
	size_t skip = str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
	struct scan s = { .in = str_from(bytes, skip) };
	cJSON *doc = NULL;
	buf_init(&s.out, bytes.n * 2 + 64); /* a rewritten number grows by three bytes of at least three */
	if (!scan_document(&s)) {
		(void)err_set(e, REJECT, "not JSON at byte %zu of %zu: %s", s.at + skip, bytes.n, s.wrong);
		goto out;
	}
	if (s.copied > 0)
		scan_replace(&s, s.in.n, s.in.n, STR(""));
	struct str text = s.copied > 0 ? buf_str(&s.out) : s.in;
	doc = cJSON_ParseWithLength(text.p, text.n);
	if (!doc)
		(void)err_set(e, REJECT, "JSON of %zu bytes was refused by cJSON; out of memory is the usual reason", bytes.n);
out:
	buf_release(&s.out);
	return (struct json *)(void *)doc;
}

/* cJSON asks for memory through two global hooks; a process has one thread, so that they can be lent for one parse. */
static struct arena *lent_arena;

static void *take_lent(size_t size)
{
	return arena_take(lent_arena, size);
}

static void give_back_nothing(void *memory)
{
	(void)memory;
}

struct json *json_parse_in(struct arena *a, struct str bytes, struct err *e)
{
	cJSON_Hooks hooks = { take_lent, give_back_nothing };
	lent_arena = a;
	cJSON_InitHooks(&hooks);
	struct json *doc = json_parse(bytes, e);
	cJSON_InitHooks(NULL);
	lent_arena = NULL;
	return doc;
}

void json_free(struct json *doc)
{
	cJSON_Delete((cJSON *)(void *)doc);
}

/* ---- reading ---- */

static const cJSON *node(const struct json *v)
{
	return (const cJSON *)(const void *)v;
}

static const struct json *value(const cJSON *n)
{
	return (const struct json *)(const void *)n;
}

/* The text of a number that was kept as text; NULL for every other value. */
static const char *kept_number(const struct json *v)
{
	const cJSON *n = node(v);
	return cJSON_IsString(n) && n->valuestring[0] == NUMBER_MARK ? n->valuestring + 1 : NULL;
}

enum json_kind json_kind(const struct json *v)
{
	const cJSON *n = node(v);
	if (cJSON_IsBool(n))
		return JSON_BOOL;
	if (cJSON_IsNumber(n) || kept_number(v))
		return JSON_NUMBER;
	if (cJSON_IsString(n))
		return JSON_STRING;
	if (cJSON_IsArray(n))
		return JSON_ARRAY;
	return cJSON_IsObject(n) ? JSON_OBJECT : JSON_NULL;
}

const struct json *json_first(const struct json *array_or_object)
{
	const cJSON *n = node(array_or_object);
	return cJSON_IsArray(n) || cJSON_IsObject(n) ? value(n->child) : NULL;
}

const struct json *json_next(const struct json *member)
{
	return member ? value(node(member)->next) : NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
	const struct json *found = NULL;
	if (!cJSON_IsObject(node(object)))
		return NULL;
	for (const struct json *m = json_first(object); m; m = json_next(m))
		if (strcmp(node(m)->string, key) == 0)
			found = m;
	return found;
}

const struct json *json_at(const struct json *array, size_t i)
{
	if (!cJSON_IsArray(node(array)))
		return NULL;
	const struct json *v = json_first(array);
	while (v && i-- > 0)
		v = json_next(v);
	return v;
}

size_t json_size(const struct json *array_or_object)
{
	size_t n = 0;
	for (const struct json *v = json_first(array_or_object); v; v = json_next(v))
		n++;
	return n;
}

struct str json_key(const struct json *member)
{
	return str_of(member ? node(member)->string : NULL);
}

struct str json_str(const struct json *v)
{
	return json_kind(v) == JSON_STRING ? str_of(node(v)->valuestring) : STR("");
}

bool json_i64(const struct json *v, int64_t *out)
{
	const double exact = 9007199254740992.0; /* 2^53: up to here a double holds every integer */
	const char *text = kept_number(v);
	if (text && str_to_i64(str_of(text), out))
		return true;
	if (json_kind(v) == JSON_STRING)
		return str_to_i64(json_str(v), out);
	double d = json_double(v, NAN);
	if (!isfinite(d) || d != floor(d) || fabs(d) > exact)
		return false;
	*out = (int64_t)d;
	return true;
}

double json_double(const struct json *v, double absent)
{
	if (json_kind(v) != JSON_NUMBER)
		return absent;
	const char *text = kept_number(v);
	double d = text ? strtod(text, NULL) : node(v)->valuedouble;
	return isfinite(d) ? d : absent;
}

bool json_bool(const struct json *v, bool absent)
{
	return json_kind(v) == JSON_BOOL ? cJSON_IsTrue(node(v)) : absent;
}

struct str json_str_of(const struct json *object, const char *key)
{
	return json_str(json_get(object, key));
}

struct str json_copy_of(struct arena *a, const struct json *object, const char *key)
{
	return arena_copy(a, json_str_of(object, key));
}

int64_t json_i64_of(const struct json *object, const char *key, int64_t absent)
{
	int64_t v = absent;
	return json_i64(json_get(object, key), &v) ? v : absent;
}

/* A number that is not kept has at most 15 digits, which %.15g gives back as they were written. */
static void number_text(char text[32], const struct json *v)
{
	(void)snprintf(text, 32, "%.15g", node(v)->valuedouble);
}

struct str json_text_of(struct arena *a, const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);
	if (json_kind(v) != JSON_NUMBER)
		return json_str(v);
	const char *kept = kept_number(v);
	char text[32];
	if (!kept)
		number_text(text, v);
	return arena_copy(a, str_of(kept ? kept : text));
}

static void write_number(struct buf *out, const struct json *v)
{
	const char *kept = kept_number(v);
	char text[32];
	if (!kept)
		number_text(text, v);
	buf_addz(out, kept ? kept : text);
}

static void write_members(struct buf *out, const struct json *v, bool with_keys)
{
	buf_addc(out, with_keys ? '{' : '[');
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (with_keys)
			buf_json_member(out, str_of(node(m)->string));
		else
			buf_json_comma(out);
		json_write(out, m);
	}
	buf_addc(out, with_keys ? '}' : ']');
}

void json_write(struct buf *out, const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_NULL:
		buf_addz(out, "null");
		break;
	case JSON_BOOL:
		buf_addz(out, cJSON_IsTrue(node(v)) ? "true" : "false");
		break;
	case JSON_NUMBER:
		write_number(out, v);
		break;
	case JSON_STRING:
		buf_json_string(out, json_str(v));
		break;
	case JSON_ARRAY:
		write_members(out, v, false);
		break;
	case JSON_OBJECT:
		write_members(out, v, true);
		break;
	}
}
