/* Mail messages: their head, their parts, and what a person wrote in them. */
#include "crawler/mail.h"

#include "common/base/charset.h"
#include "common/base/crypto.h"
#include "common/base/tree.h"
#include "common/base/utf8.h"
#include "crawler/mail_body.h"

#include <earshot/limits.h>
#include <string.h>

/* ---- bytes ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Quoted-printable; in headers "_" is a blank. */
static struct str unquoted_printable(struct arena *a, struct str s, bool is_header)
{
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '=' && i + 2 < s.n && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0) {
			to[n++] = (char)(hex_digit(s.p[i + 1]) << 4 | hex_digit(s.p[i + 2]));
			i += 2;
		} else if (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '\n') {
			i++; /* the line goes on */
		} else if (s.p[i] == '=' && i + 2 < s.n && s.p[i + 1] == '\r' && s.p[i + 2] == '\n') {
			i += 2;
		} else {
			to[n++] = is_header && s.p[i] == '_' ? ' ' : s.p[i];
		}
	}
	return (struct str){ to, n };
}

/* Only the signs of base64 count: lines, blanks and what a mailing list put below are passed over. */
static struct str unbase64(struct arena *a, struct str s)
{
	char *clean = arena_take(a, s.n + 4);
	size_t n = 0;
	for (size_t i = 0; i < s.n && s.p[i] != '='; i++)
		if (hex_digit(s.p[i]) >= 0 || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') || s.p[i] == '+' || s.p[i] == '/')
			clean[n++] = s.p[i];
	n -= n % 4 == 1;
	while (n % 4 != 0)
		clean[n++] = '=';
	struct buf out;
	buf_init(&out, s.n + 4);
	const bool is_fine = crypto_unbase64(&out, (struct str){ clean, n });
	const struct str copy = is_fine ? arena_copy(a, buf_str(&out)) : STR("");
	buf_release(&out);
	return copy;
}

/* Bytes under a label; without one, or with a wrong one, whatever they are. */
static struct str to_utf8(struct arena *a, struct str bytes, struct str label)
{
	struct charset_text text;
	if (bytes.n == 0)
		return STR("");
	if (utf8_valid(bytes) && (label.n == 0 || str_ieq(label, STR("utf-8")) || str_ieq(label, STR("us-ascii"))))
		return bytes;
	if (label.n > 0 && charset_decode(a, bytes, label, &text) && !text.damaged)
		return text.utf8;
	charset_read(a, bytes, STR(""), &text);
	return text.utf8;
}

/* ---- the head ---- */

struct encoded_word {
	struct str charset, text;
	bool is_base64;
	size_t n; /* bytes from "=?" to behind "?=" */
};

static bool word_at(struct str s, struct encoded_word *out)
{
	struct str rest = s, part[3];
	if (!str_starts(s, STR("=?")))
		return false;
	rest = str_from(s, 2);
	for (int i = 0; i < 3; i++) {
		const ptrdiff_t mark = str_findc(rest, '?');
		if (mark < 0)
			return false;
		part[i] = str_first(rest, (size_t)mark);
		rest = str_from(rest, (size_t)mark + 1);
	}
	const ptrdiff_t star = str_findc(part[0], '*'); /* RFC 2231 language */
	*out = (struct encoded_word){ .charset = star < 0 ? part[0] : str_first(part[0], (size_t)star), .text = part[2] };
	out->is_base64 = str_ieq(part[1], STR("B"));
	out->n = s.n - rest.n + 1;
	return rest.n > 0 && rest.p[0] == '=' && (out->is_base64 || str_ieq(part[1], STR("Q")));
}

/* Neighbours of one charset are decoded together: some mailers cut a character in two. */
struct str mail_decode_words(struct arena *a, struct str written)
{
	struct buf out, bytes;
	struct encoded_word word, next;
	buf_init(&out, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < written.n;) {
		if (!word_at(str_from(written, i), &word)) {
			buf_addc(&out, written.p[i++]);
			continue;
		}
		buf_init(&bytes, LIMIT_TEXT_BYTES);
		next = word;
		for (bool more = true; more;) {
			buf_adds(&bytes, next.is_base64 ? unbase64(a, next.text) : unquoted_printable(a, next.text, true));
			i += next.n;
			size_t blanks = i;
			while (blanks < written.n && (unsigned char)written.p[blanks] <= ' ')
				blanks++;
			const bool is_word = word_at(str_from(written, blanks), &next);
			more = is_word && str_ieq(next.charset, word.charset);
			i = is_word ? blanks : i;
		}
		buf_adds(&out, to_utf8(a, buf_str(&bytes), word.charset));
		buf_release(&bytes);
	}
	const struct str copy = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return to_utf8(a, copy, STR(""));
}

/* The value of a header with its continuation lines, as it was written. */
static struct str raw_header(struct arena *a, struct str head, const char *name)
{
	struct str rest = head, line;
	struct buf out;
	bool in_it = false;
	buf_init(&out, LIMIT_TEXT_BYTES);
	while (str_split(&rest, '\n', &line)) {
		const bool goes_on = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
		const size_t n = strlen(name);
		if (in_it && !goes_on)
			break;
		if (in_it) {
			buf_addc(&out, ' ');
			buf_adds(&out, str_trim(line));
		} else if (!goes_on && str_istarts(line, str_of(name)) && line.n > n && line.p[n] == ':') {
			in_it = true;
			buf_adds(&out, str_trim(str_from(line, n + 1)));
		}
	}
	const struct str copy = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return copy;
}

struct str mail_header(struct arena *a, struct str head, const char *name)
{
	return str_trim(mail_decode_words(a, raw_header(a, head, name)));
}

/* A parameter of Content-Type: boundary="x". */
static struct str parameter(struct str value, const char *name)
{
	const size_t n = strlen(name);
	for (struct str rest = value; rest.n > n; rest = str_from(rest, 1)) {
		if (rest.p != value.p && rest.p[-1] != ';' && rest.p[-1] != ' ' && rest.p[-1] != '\t')
			continue;
		if (!str_istarts(rest, str_of(name)) || rest.p[n] != '=')
			continue;
		struct str found = str_from(rest, n + 1);
		const bool is_quoted = found.n > 0 && found.p[0] == '"';
		size_t end = is_quoted;
		while (end < found.n && (is_quoted ? found.p[end] != '"' : !strchr("; \t", found.p[end])))
			end++;
		return (struct str){ found.p + is_quoted, end - is_quoted };
	}
	return STR("");
}

/* ---- the parts ---- */

struct walk {
	struct arena *a;
	int parts;
	struct str text, html; /* the first of each */
};

static void split_message(struct str message, struct str *head, struct str *body)
{
	ptrdiff_t end = str_find(message, STR("\n\n"));
	const bool is_bare = str_starts(message, STR("\n")); /* a part without a head of its own */
	*head = is_bare ? STR("") : end < 0 ? message : str_first(message, (size_t)end + 1);
	*body = is_bare ? str_from(message, 1) : end < 0 ? STR("") : str_from(message, (size_t)end + 2);
}

static void walk_part(struct walk *w, struct str message, int depth);

/* Between lines "--boundary". */
static void walk_parts(struct walk *w, struct str body, struct str boundary, int depth)
{
	struct str rest = body, line;
	const char *begin = NULL;
	const struct str mark = arena_printf(w->a, "--%.*s", STR_FMT(boundary));
	while (str_split(&rest, '\n', &line)) {
		if (!str_starts(line, mark))
			continue;
		if (begin != NULL)
			walk_part(w, (struct str){ begin, (size_t)(line.p - begin) }, depth + 1);
		begin = line.p + line.n + (rest.p != NULL);
		if (str_starts(str_from(line, mark.n), STR("--")))
			return;
	}
	if (begin != NULL && begin < body.p + body.n)
		walk_part(w, (struct str){ begin, (size_t)(body.p + body.n - begin) }, depth + 1); /* cut off */
}

static struct str decoded_body(struct walk *w, struct str head, struct str body, struct str type)
{
	const struct str encoding = raw_header(w->a, head, "Content-Transfer-Encoding");
	body = str_cut_utf8(body, 4 * (size_t)LIMIT_TEXT_BYTES);
	if (str_istarts(encoding, STR("base64")))
		body = unbase64(w->a, body);
	else if (str_istarts(encoding, STR("quoted-printable")))
		body = unquoted_printable(w->a, body, false);
	return to_utf8(w->a, body, parameter(type, "charset"));
}

static void walk_part(struct walk *w, struct str message, int depth)
{
	struct str head, body;
	if (depth > LIMIT_MAIL_DEPTH || w->parts++ > LIMIT_MAIL_PARTS)
		return;
	split_message(message, &head, &body);
	const struct str type = raw_header(w->a, head, "Content-Type");
	const struct str boundary = parameter(type, "boundary");
	if (str_istarts(type, STR("multipart/")) && boundary.n > 0)
		walk_parts(w, body, boundary, depth);
	else if (str_istarts(raw_header(w->a, head, "Content-Disposition"), STR("attachment")))
		return;
	else if ((type.n == 0 || str_istarts(type, STR("text/plain"))) && w->text.n == 0)
		w->text = decoded_body(w, head, body, type);
	else if (str_istarts(type, STR("text/html")) && w->html.n == 0)
		w->html = decoded_body(w, head, body, type);
}

/* ---- the draft ---- */

/* "Li Lei <li@example.com>", "li@example.com (Li Lei)" and "li@example.com": the name, else the address. */
static struct str sender(struct str from)
{
	const ptrdiff_t angle = str_findc(from, '<'), round = str_findc(from, '(');
	struct str name = angle > 0 ? str_first(from, (size_t)angle) : STR("");
	if (angle < 0 && round >= 0)
		name = str_first(str_from(from, (size_t)round + 1), from.n - (size_t)round - 1 - str_ends(from, STR(")")));
	name = str_trim(name);
	if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = str_trim((struct str){ name.p + 1, name.n - 2 });
	if (name.n > 0)
		return name;
	const struct str address = angle >= 0 ? str_from(from, (size_t)angle + 1) : from;
	return str_trim(str_first(address, address.n - str_ends(address, STR(">"))));
}

/* "<id@host>" without its brackets; the first of several. */
static struct str message_id(struct str written)
{
	const ptrdiff_t from = str_findc(written, '<'), to = str_findc(written, '>');
	return from >= 0 && to > from ? str_first(str_from(written, (size_t)from + 1), (size_t)(to - from - 1)) : written;
}

void mail_read(struct arena *a, struct str message, struct draft *out)
{
	struct walk w = { .a = a };
	struct str head, body;
	*out = (struct draft){ 0 };
	split_message(message, &head, &body);
	walk_part(&w, message, 0);
	out->part[DRAFT_ID] = message_id(mail_header(a, head, "Message-ID"));
	out->part[DRAFT_PARENT] = message_id(mail_header(a, head, "In-Reply-To"));
	out->part[DRAFT_TITLE] = mail_header(a, head, "Subject");
	out->part[DRAFT_AUTHOR] = sender(mail_header(a, head, "From"));
	out->part[DRAFT_POSTED] = mail_header(a, head, "Date");
	out->part[DRAFT_URL] = message_id(mail_header(a, head, "Archived-At"));
	out->part[DRAFT_LANG] = mail_header(a, head, "Content-Language");
	const struct str text = w.text.n > 0 ? w.text : w.html.n > 0 ? tree_html_to_text(a, w.html) : STR("");
	out->part[DRAFT_TEXT] = mail_body_own(a, text);
}
