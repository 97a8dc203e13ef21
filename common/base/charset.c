/* Bytes → UTF-8: which encoding to believe, and decoding it. */
#include "common/base/charset.h"

#include <earshot/limits.h>

#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/base/entity.h"
#include "common/base/html_token.h"
#include "common/base/utf8.h"
#include "common/base/charset_guess.h"
#include "common/base/charset_table.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* A body cannot come out longer than this; what is over it is cut. Half as much again as the cap of a body is what
 * Chinese text needs that arrives in two bytes a character. */
#define DECODED_MAX (LIMIT_BODY_BYTES + LIMIT_BODY_BYTES / 2)

#define GROWTH 4 /* times as many bytes of UTF-8 is the most that any encoding comes to */

#define DECLARATION_BYTES 8192 /* how far into a document an XML declaration or a meta element is looked for */
#define LABEL_BYTES 40

struct charset_row {
	const char *name, *iconv_name;
	int width; /* of its table, in bytes; 0 = none */
	const char *labels; /* each between two spaces */
};

static const struct charset_row rows[] = {
#define CHARSET(name, iconv_name, width, labels) { name, iconv_name, width, labels },
#include "common/base/charset.def"
#undef CHARSET
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) <= CHARSET_TABLES, "a table for each encoding");

/* --- labels -------------------------------------------------------------------------------------------------------- */

static struct str unquoted(struct str label)
{
	label = str_trim(label);
	while (label.n > 0 && (label.p[0] == '"' || label.p[0] == '\''))
		label = str_trim(str_from(label, 1));
	while (label.n > 0 && (label.p[label.n - 1] == '"' || label.p[label.n - 1] == '\''))
		label = str_trim(str_first(label, label.n - 1));
	return label;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static const struct charset_row *row_of(struct str label)
{
	char key[LABEL_BYTES + 3] = " ";
	size_t n = 1;

	label = unquoted(label);
	if (label.n == 0 || label.n > LABEL_BYTES || str_findc(label, ' ') >= 0)
		return NULL;
	for (size_t i = 0; i < label.n; i++)
		key[n++] = lower(label.p[i]);
	key[n] = ' ';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strstr(rows[i].labels, key))
			return &rows[i];
	}
	return NULL;
}

struct str charset_name(struct str label)
{
	const struct charset_row *row = row_of(label);

	return str_of(row ? row->name : "");
}

struct str charset_of_content_type(struct str content_type)
{
	struct str part, rest = content_type;

	while (str_split(&rest, ';', &part)) {
		const ptrdiff_t equals = str_findc(part, '=');
		if (equals >= 0 && str_ieq(str_trim(str_first(part, (size_t)equals)), STR("charset")))
			return unquoted(str_from(part, (size_t)equals + 1));
	}
	return str_of("");
}

/* --- decoding ------------------------------------------------------------------------------------------------------ */

/* After bytes without a meaning: U+FFFD, then on behind them. Only the lead byte goes when the next one is ASCII, so
 * that a broken character never swallows the < or the quote behind it. */
static void skip_bad(struct buf *out, char **in, size_t *left, size_t unit)
{
	const bool next_is_ascii = *left > 1 && (unsigned char)(*in)[1] < 0x80;
	size_t n = unit;

	if (unit == 1 && *left > 1 && !next_is_ascii && (unsigned char)(*in)[0] >= 0x80)
		n = 2;
	n = n > *left ? *left : n;
	utf8_add(out, UTF8_REPLACEMENT);
	*in += n;
	*left -= n;
}

/* Smallest number of bytes that can be dropped without losing step. */
static size_t unit_of(const struct charset_row *row)
{
	if (strncmp(row->name, "utf-16", 6) == 0)
		return 2;
	return strncmp(row->name, "utf-32", 6) == 0 ? 4 : 1;
}

struct decoding {
	struct buf *out;
	iconv_t converter;
	const struct charset_table *table; /* NULL: iconv alone */
	char *in;
	size_t left, bad, most_bad, unit;
};

static void found_bad(struct decoding *d)
{
	d->bad++;
	skip_bad(d->out, &d->in, &d->left, d->unit);
}

static bool may_go_on(const struct decoding *d)
{
	return d->left > 0 && !d->out->overflow && d->bad <= d->most_bad;
}

static void pass(struct decoding *d, size_t n)
{
	d->in += n;
	d->left -= n;
}

/* As far as the table knows what the bytes mean. */
static void decode_known(struct decoding *d)
{
	while (may_go_on(d)) {
		const unsigned char lead = (unsigned char)d->in[0];
		if (lead < 0x80) {
			const size_t plain = bytes_ascii((struct str){ d->in, d->left }, 0);
			buf_add(d->out, d->in, plain);
			pass(d, plain);
			continue;
		}
		const bool is_one = d->table->one[lead] != CHARSET_ASK;
		if (!is_one && d->left < 2)
			return;
		const uint16_t cp = is_one ? d->table->one[lead] : charset_two(d->table, lead, (unsigned char)d->in[1]);
		if (cp == CHARSET_ASK)
			return;
		if (cp == CHARSET_BAD) {
			found_bad(d);
			continue;
		}
		utf8_add(d->out, cp);
		pass(d, is_one ? 1 : 2);
	}
}

/* Bytes that a table does not know come one by one in most texts: so few are given to iconv that it is soon asked again. */
#define STRANGE_BYTES 64

static void decode_strange(struct decoding *d)
{
	char piece[4096], *to = piece;
	const size_t given = d->table && d->left > STRANGE_BYTES ? STRANGE_BYTES : d->left;
	size_t room = sizeof(piece), left = given;
	const bool is_through = iconv(d->converter, &d->in, &left, &to, &room) != (size_t)-1;
	const int error = errno;

	d->left -= given - left;
	/* What is over may be a character that is only begun in what iconv was given. */
	const bool is_bad = !is_through && error != E2BIG && (error != EINVAL || left == d->left || left == given);
	if (is_through || error != E2BIG)
		(void)iconv(d->converter, NULL, NULL, &to, &room); /* some keep the second of two characters back */
	buf_add(d->out, piece, sizeof(piece) - room);
	if (is_bad)
		found_bad(d);
}

/* A label that is only tried is given up at the first damage. */
static bool decode_iconv(struct buf *out, struct str bytes, const struct charset_row *row, bool is_trial, bool *is_cut)
{
	struct decoding d = { .out = out,
		.converter = iconv_open("UTF-8", row->iconv_name),
		.in = (char *)(uintptr_t)bytes.p,
		.left = bytes.n,
		.most_bad = is_trial ? 0 : LIMIT_BAD_BYTES,
		.unit = unit_of(row) };

	if (d.converter == (iconv_t)-1) {
		buf_adds(out, bytes); /* a system without this set: utf8_repair makes the best of it */
		return true;
	}
	if (row->width > 0)
		d.table = charset_table_of((unsigned)(row - rows), row->width, row->iconv_name);
	while (may_go_on(&d)) {
		if (d.table)
			decode_known(&d);
		if (may_go_on(&d))
			decode_strange(&d);
	}
	iconv_close(d.converter);
	*is_cut = d.left > 0;
	return d.bad > 0;
}

/* Not through iconv: its CP1252 refuses five bytes that WHATWG reads as control characters. */
static void decode_1252(struct buf *out, struct str bytes)
{
	struct decoding d = { .out = out, .table = charset_table_1252(), .in = (char *)(uintptr_t)bytes.p, .left = bytes.n };

	decode_known(&d);
}

/* A3 A0 is an ideographic space that many Chinese pages indent by; iconv gives it a private character of the same length. */
static void set_spaces_right(struct buf *text)
{
	for (size_t at = 0; at + 3 <= text->n; at++) {
		const char *found = memchr(text->p + at, 0xEE, text->n - at);
		if (!found)
			return;
		at = (size_t)(found - text->p);
		if (str_starts((struct str){ found, text->n - at }, STR("\xEE\x97\xA5")))
			memcpy(text->p + at, "\xE3\x80\x80", 3);
	}
}

static void decode_utf8(struct arena *a, struct str bytes, bool is_valid, struct charset_text *out)
{
	const struct str cut = str_cut_utf8(bytes, DECODED_MAX);

	out->encoding = STR("utf-8");
	out->utf8 = is_valid && str_findc(cut, 0) < 0 ? cut : utf8_repair(a, cut);
	out->damaged = out->utf8.p != cut.p;
	out->is_cut = cut.n != bytes.n;
}

static void decode_row(struct arena *a, struct str bytes, const struct charset_row *row, bool is_trial, struct charset_text *out)
{
	const size_t most = bytes.n < DECODED_MAX / GROWTH ? bytes.n * GROWTH : DECODED_MAX;
	struct buf text;

	if (strcmp(row->name, "utf-8") == 0) {
		decode_utf8(a, bytes, false, out);
		return;
	}
	out->encoding = str_of(row->name);
	out->is_cut = false;
	buf_init_in(&text, arena_raw(a, most + 1), most);
	if (strcmp(row->name, "windows-1252") == 0)
		decode_1252(&text, bytes);
	else
		out->damaged = decode_iconv(&text, bytes, row, is_trial, &out->is_cut);
	if (strcmp(row->name, "gb18030") == 0)
		set_spaces_right(&text);
	out->is_cut = out->is_cut || text.overflow;
	arena_trim(a, text.p, most + 1, text.n + 1);
	out->utf8 = utf8_repair(a, buf_str(&text));
}

bool charset_decode(struct arena *a, struct str bytes, struct str label, struct charset_text *out)
{
	const struct charset_row *row = row_of(label);

	*out = (struct charset_text){ .declared = label };
	if (!row)
		return false;
	decode_row(a, bytes, row, false, out);
	return true;
}

/* --- finding ------------------------------------------------------------------------------------------------------- */

struct signature {
	const char *bytes;
	size_t n;
	const char *name;
	size_t skip;
};

/* Byte order marks first, then the patterns of `<?` and `<x` in the wide encodings. UTF-32 stands before UTF-16, whose
 * mark is the start of its own. */
static const struct signature signatures[] = {
	{ "\xEF\xBB\xBF", 3, "utf-8", 3 },
	{ "\x00\x00\xFE\xFF", 4, "utf-32be", 4 },
	{ "\xFF\xFE\x00\x00", 4, "utf-32le", 4 },
	{ "\xFE\xFF", 2, "utf-16be", 2 },
	{ "\xFF\xFE", 2, "utf-16le", 2 },
	{ "\x00\x00\x00<", 4, "utf-32be", 0 },
	{ "<\x00\x00\x00", 4, "utf-32le", 0 },
	{ "\x00<\x00", 3, "utf-16be", 0 },
	{ "<\x00?\x00", 4, "utf-16le", 0 },
	{ "<\x00", 2, "utf-16le", 0 },
};

static const struct signature *signature_of(struct str bytes)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (str_starts(bytes, (struct str){ signatures[i].bytes, signatures[i].n }))
			return &signatures[i];
	}
	return NULL;
}

/* What stands behind `key`, `=` and white space in `s`: a quoted value, or one up to a delimiter. */
static struct str value_behind(struct str s, const char *key)
{
	const struct str name = str_of(key);
	size_t n = 0;

	do {
		while (s.n >= name.n && !str_ieq(str_first(s, name.n), name))
			s = str_from(s, 1);
		if (s.n < name.n)
			return str_of("");
		s = str_trim(str_from(s, name.n));
	} while (s.n == 0 || s.p[0] != '=');
	s = str_trim(str_from(s, 1));
	if (s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'')) {
		const ptrdiff_t end = str_findc(str_from(s, 1), s.p[0]);
		return end < 0 ? str_of("") : (struct str){ s.p + 1, (size_t)end };
	}
	while (n < s.n && !strchr(" \t\r\n\"'>;/", s.p[n]))
		n++;
	return str_first(s, n);
}

static struct str attribute_of(const struct html_token *tag, const char *name)
{
	for (size_t i = 0; i < tag->nattributes; i++) {
		if (str_ieq(tag->attribute[i].name, str_of(name)))
			return tag->attribute[i].value;
	}
	return str_of("");
}

/* The label of a <meta charset> or <meta http-equiv content="text/html; charset="> element. A page that can be read far enough to
 * see it is in no encoding of two bytes a character, whatever it says. */
static struct str label_of_meta(const struct html_token *tag)
{
	struct str label = attribute_of(tag, "charset");

	if (label.n == 0 && str_ieq(attribute_of(tag, "http-equiv"), STR("content-type")))
		label = value_behind(attribute_of(tag, "content"), "charset");
	return str_starts(charset_name(label), STR("utf-16")) ? str_of("utf-8") : label;
}

/* Nothing but a tag of that name is of interest: most documents have none near their start, and are then not cut into tokens. */
static bool may_hold_meta(struct str bytes)
{
	for (ptrdiff_t at = str_findc(bytes, '<'); at >= 0; at = str_findc(bytes, '<')) {
		bytes = str_from(bytes, (size_t)at + 1);
		if (str_istarts(bytes, STR("meta")))
			return true;
	}
	return false;
}

/* The label that the document itself carries: in its XML declaration, or in a meta element near its start. */
static struct str label_inside(struct str bytes)
{
	struct html_reader reader = { .in = str_first(bytes, DECLARATION_BYTES) };
	const struct str trimmed = str_trim(reader.in);
	struct html_token token;

	if (str_starts(trimmed, STR("<?xml"))) {
		const ptrdiff_t end = str_find(trimmed, STR("?>"));
		const struct str label = value_behind(str_first(trimmed, end < 0 ? trimmed.n : (size_t)end), "encoding");
		if (label.n > 0)
			return label;
	}
	if (!may_hold_meta(reader.in))
		return str_of("");
	while (html_token_next(&reader, &token)) {
		const bool is_meta = token.kind == HTML_START && str_ieq(token.name, STR("meta"));
		const struct str label = is_meta ? label_of_meta(&token) : str_of("");
		if (row_of(label))
			return label;
	}
	return str_of("");
}

static bool is_ascii(struct str bytes)
{
	return bytes_ascii(bytes, 0) == bytes.n;
}

static bool is_wide(const struct charset_row *row)
{
	return strncmp(row->name, "utf-16", 6) == 0 || strncmp(row->name, "utf-32", 6) == 0;
}

/* Every byte means something in windows-1252, and servers claim it for all they have: it is believed only where the bytes do not
 * look like another encoding. */
static bool is_mere_default(const struct charset_row *row, struct str bytes)
{
	return strcmp(row->name, "windows-1252") == 0 && !str_starts(str_of(charset_guess(bytes)), STR("windows-"));
}

/* Decodes under a label, unless the bytes show that it is wrong. */
static bool try_label(struct arena *a, struct str bytes, struct str label, struct charset_text *out)
{
	const struct charset_row *row = row_of(label);

	if (label.n > 0 && out->declared.n == 0)
		out->declared = label;
	if (!row || (is_wide(row) && !memchr(bytes.p, 0, bytes.n)) || (!is_ascii(bytes) && is_mere_default(row, bytes))) {
		out->wrong_label = out->wrong_label || label.n > 0;
		return false;
	}
	/* What is not UTF-8 is not repaired before the other encodings had their chance. */
	out->damaged = row == &rows[0] && (str_findc(bytes, 0) >= 0 || !utf8_valid(str_cut_utf8(bytes, DECODED_MAX)));
	if (!out->damaged && row == &rows[0])
		decode_utf8(a, bytes, true, out);
	else if (!out->damaged)
		decode_row(a, bytes, row, true, out);
	out->wrong_label = out->wrong_label || out->damaged;
	return !out->damaged;
}

/* No label fits without damage: the bytes' own statistics decide. Where they say nothing (windows-1252 is their way of
 * shrugging) the claim is as good as any, unless it is UTF-8, which damaged bytes have disproved. */
static void read_unlabelled(struct arena *a, struct str bytes, struct charset_text *out)
{
	const struct charset_row *row = row_of(str_of(charset_guess(bytes)));
	const struct charset_row *declared = row_of(out->declared);

	if (declared && declared != &rows[0] && !is_wide(declared) && strcmp(row->name, "windows-1252") == 0)
		row = declared;
	out->damaged = false;
	decode_row(a, bytes, row, false, out);
	out->wrong_label = out->wrong_label || row != &rows[0];
}

void charset_read(struct arena *a, struct str bytes, struct str content_type, struct charset_text *out)
{
	const struct signature *mark = signature_of(bytes);
	const struct str http = charset_of_content_type(content_type);
	const struct str inside = label_inside(bytes);

	*out = (struct charset_text){ .utf8 = str_of("") };
	if (bytes.n == 0) {
		out->encoding = str_of(rows[0].name);
		return;
	}
	if (mark) {
		out->declared = http.n > 0 ? http : inside;
		decode_row(a, str_from(bytes, mark->skip), row_of(str_of(mark->name)), false, out);
		out->wrong_label = out->declared.n > 0 && !str_eq(charset_name(out->declared), out->encoding);
		return;
	}
	if (!is_ascii(bytes) && utf8_valid(bytes) && charset_is_surely_utf8(bytes)) {
		out->declared = http.n > 0 ? http : inside;
		decode_utf8(a, bytes, true, out);
		out->wrong_label = out->declared.n > 0 && !str_eqc(charset_name(out->declared), "utf-8");
		return;
	}
	if (try_label(a, bytes, http, out) || try_label(a, bytes, inside, out))
		return;
	read_unlabelled(a, bytes, out);
}
