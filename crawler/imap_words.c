/* The forms of IMAP's responses. */
#include "crawler/imap_words.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/utf8.h"
#include "crawler/imap.h"

#include <string.h>

#define PLAIN_BYTES 120

bool imap_words_number(struct str s, uint64_t *out)
{
	int64_t n = 0;
	if (s.n == 0 || s.n > 10 || s.p[0] < '0' || s.p[0] > '9' || !str_to_i64(s, &n) || n < 1 || n > UINT32_MAX)
		return false;
	*out = (uint64_t)n;
	return true;
}

/* The digits that begin here. */
static struct str digits(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return str_first(s, n);
}

/* What stands behind `name`, which begins a word. */
static bool behind(struct str line, const char *name, struct str *out)
{
	const size_t n = strlen(name);
	for (size_t i = 0; i + n <= line.n; i++) {
		const bool is_word = i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '(' || line.p[i - 1] == '[';
		if (!is_word || !str_istarts(str_from(line, i), str_of(name)))
			continue;
		*out = str_from(line, i + n);
		return true;
	}
	return false;
}

bool imap_words_code(struct str line, const char *name, uint64_t *out)
{
	struct str value;
	return behind(line, name, &value) && imap_words_number(digits(value), out);
}

void imap_words_day(struct buf *out, int64_t ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const struct utc t = clock_utc(ms > 0 ? ms : 0);
	buf_addf(out, "%d-%.3s-%d", t.day, months + 3 * (t.month - 1), t.year);
}

void imap_words_known(struct str written, uint64_t *validity, uint64_t *last)
{
	struct str first;
	int64_t uid = 0;
	*validity = *last = 0;
	if (!str_split(&written, ':', &first) || !str_to_i64(written, &uid) || uid < 0 || uid > UINT32_MAX)
		return;
	if (imap_words_number(first, validity))
		*last = (uint64_t)uid;
}

struct str imap_words_plain(struct str words)
{
	size_t n = 0;
	while (n < words.n && n < PLAIN_BYTES && words.p[n] >= ' ' && words.p[n] < 0x7f)
		n++;
	return str_first(words, n);
}

/* ---- responses ---- */

/* The bytes of a literal that is told at the end of a line: {42}; -1 when there is none. */
static int64_t literal_size(struct str line)
{
	int64_t n = -1;
	if (!str_ends(line, STR("}")))
		return -1;
	size_t at = line.n - 1;
	while (at > 0 && line.p[at - 1] >= '0' && line.p[at - 1] <= '9')
		at--;
	if (at == 0 || line.p[at - 1] != '{' || !str_to_i64((struct str){ line.p + at, line.n - 1 - at }, &n))
		return -1;
	return n;
}

static void read_line(struct imap_response *r, struct str line, bool is_first)
{
	struct str value;
	uint64_t uid;
	if (is_first)
		r->line = line;
	if (imap_words_code(line, "UID ", &uid))
		r->uid = uid;
	if (behind(line, "INTERNALDATE \"", &value) && str_findc(value, '"') >= 0)
		r->received = str_first(value, (size_t)str_findc(value, '"'));
}

static void read_kind(struct imap_response *r)
{
	uint64_t tag;
	const struct str number = digits(str_from(r->line, 1));
	r->kind = IMAP_OTHER;
	if (str_starts(r->line, STR("* "))) {
		r->kind = IMAP_UNTAGGED;
		r->line = str_from(r->line, 2);
	} else if (str_starts(r->line, STR("+"))) {
		r->kind = IMAP_GO_ON;
	} else if (str_starts(r->line, STR("e")) && imap_words_number(number, &tag)) {
		r->kind = IMAP_TAGGED;
		r->tag = (unsigned)tag;
		r->line = str_trim(str_from(r->line, 1 + number.n));
	}
}

bool imap_words_response(struct str *rest, struct imap_response *out, enum outcome *done, struct err *e)
{
	struct str left = *rest, line;
	*out = (struct imap_response){ 0 };
	for (bool is_first = true;; is_first = false) {
		const ptrdiff_t end = str_findc(left, '\n');
		if (end < 0 && left.n > LIMIT_IMAP_LINE_BYTES)
			*done = err_set(e, REJECT, "the mail server writes a line of more than %u bytes", LIMIT_IMAP_LINE_BYTES);
		if (end < 0)
			return false;
		line = str_first(left, (size_t)end);
		line = str_first(line, line.n - str_ends(line, STR("\r")));
		left = str_from(left, (size_t)end + 1);
		read_line(out, line, is_first);
		const int64_t size = literal_size(line);
		if (size < 0)
			break;
		if (size > LIMIT_MAIL_BYTES)
			*done = err_set(e, REJECT, "the mail server sends %lld bytes at once, more than %u were asked for",
				(long long)size, LIMIT_MAIL_BYTES);
		if (size > LIMIT_MAIL_BYTES || left.n < (size_t)size)
			return false;
		if (out->literal.p == NULL || (size_t)size > out->literal.n)
			out->literal = str_first(left, (size_t)size);
		left = str_from(left, (size_t)size);
	}
	read_kind(out);
	*rest = left;
	return true;
}

/* ---- the body of the answer ---- */

void imap_words_message(struct buf *body, struct str received, struct str bytes)
{
	buf_addf(body, "%zu %.*s\n", bytes.n, STR_FMT(imap_words_plain(received)));
	buf_adds(body, bytes);
}

bool imap_next_message(struct str *rest, struct imap_message *out)
{
	struct str size;
	int64_t n = 0;
	struct str left = *rest;
	if (left.n == 0 || !str_split(&left, '\n', &out->received) || !str_split(&out->received, ' ', &size))
		return false;
	if (!str_to_i64(size, &n) || n < 0 || (size_t)n > left.n)
		return false;
	out->bytes = str_first(left, (size_t)n);
	*rest = str_from(left, (size_t)n);
	return true;
}

bool imap_has_more(struct str header)
{
	return http_header(header, IMAP_MORE).n > 0;
}

/* RFC 3501 5.1.3: printable ASCII as it is, "&" as "&-", the rest as base64 of UTF-16 with "," for "/", between "&" and "-". */
struct str imap_folder(struct arena *a, struct str name)
{
	struct buf out, wide, coded;
	buf_init(&out, 8 * name.n + 8);
	buf_init(&wide, 4 * name.n + 8);
	buf_init(&coded, 8 * name.n + 16);
	for (size_t at = 0; at < name.n;) {
		const unsigned char c = (unsigned char)name.p[at];
		if (c >= ' ' && c < 0x7f) {
			buf_addc(&out, name.p[at++]);
			buf_addz(&out, c == '&' ? "-" : "");
			continue;
		}
		buf_clear(&wide);
		buf_clear(&coded);
		while (at < name.n && ((unsigned char)name.p[at] < ' ' || (unsigned char)name.p[at] >= 0x7f)) {
			const uint32_t cp = utf8_next(name, &at);
			const uint32_t high = cp < 0x10000 ? cp : 0xd7c0 + (cp >> 10);
			buf_addf(&wide, "%c%c", (int)(high >> 8), (int)(high & 0xff));
			if (cp >= 0x10000)
				buf_addf(&wide, "%c%c", (int)(0xdc + (cp >> 8 & 3)), (int)(cp & 0xff));
		}
		crypto_base64(&coded, buf_str(&wide));
		buf_addc(&out, '&');
		for (size_t i = 0; i < coded.n && coded.p[i] != '='; i++)
			buf_addc(&out, coded.p[i] == '/' ? ',' : coded.p[i]);
		buf_addc(&out, '-');
	}
	const struct str made = arena_copy(a, buf_str(&out));
	buf_release(&out);
	buf_release(&wide);
	buf_release(&coded);
	return made;
}
