/* Foreign XML made well-formed before libxml2 sees it, in one linear pass. */
#include "common/base/tree_clean.h"

#include <earshot/limits.h>

#include "common/base/entity.h"
#include "common/base/utf8.h"

#include <string.h>

/* Tags and attributes of one document: each costs libxml2 100 to 200 bytes. The largest real feed we saw has 60,000. */
#define ITEMS_MAX 400000

#define DEPTH_MAX (LIMIT_XML_DEPTH - 1) /* libxml2 stops the whole parse one level deeper */

struct cleaner {
	struct str in;
	size_t at;
	struct buf *out;
	struct tree_report *report;
	struct str open[DEPTH_MAX]; /* names of the open elements */
	size_t depth;
	size_t skipped; /* open elements beyond DEPTH_MAX */
	size_t items; /* tags and attributes so far */
	bool has_doctype; /* named characters are then no error: the RSS 0.91 DTD declares them */
	bool no_more[128]; /* a search for what ends with this character failed once; it would fail again */
};

static void complain(struct cleaner *c, const char *why)
{
	if (!c->report->ill_formed)
		c->report->why = why;
	c->report->ill_formed = true;
}

static bool is_space(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool is_name_start(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ':' || (unsigned char)ch >= 0x80;
}

static bool is_name(char ch)
{
	return is_name_start(ch) || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.';
}

static struct str rest(const struct cleaner *c)
{
	return str_from(c->in, c->at);
}

static bool looking_at(const struct cleaner *c, const char *what)
{
	return str_starts(rest(c), str_of(what));
}

static void skip_space(struct cleaner *c)
{
	while (c->at < c->in.n && is_space(c->in.p[c->at]))
		c->at++;
}

static struct str take_name(struct cleaner *c)
{
	const size_t start = c->at;

	while (c->at < c->in.n && is_name(c->in.p[c->at]))
		c->at++;
	return (struct str){ c->in.p + start, c->at - start };
}

/* Offset of `end` from the present place, or -1. A failed search is remembered by the mark's first character, so that a
 * document full of openings without an end costs one search, not one each. */
static ptrdiff_t find_end(struct cleaner *c, const char *end)
{
	bool *none = &c->no_more[(unsigned char)end[0] & 127];
	ptrdiff_t found;

	if (*none)
		return -1;
	found = str_find(rest(c), str_of(end));
	*none = found < 0;
	return found;
}

/* --- characters ---------------------------------------------------------------------------------------------------- */

/* U+FFFE and U+FFFF, which are well-formed UTF-8 and yet no XML characters. */
static bool is_noncharacter(struct str s, size_t at)
{
	return at + 2 < s.n && s.p[at] == '\xEF' && s.p[at + 1] == '\xBF' && (s.p[at + 2] == '\xBE' || s.p[at + 2] == '\xBF');
}

/* U+0080 … U+009F: control characters that were windows-1252 before somebody took it for Latin-1. */
static bool is_c1(struct str s, size_t at)
{
	return s.p[at] == '\xC2' && at + 1 < s.n && (unsigned char)s.p[at + 1] < 0xA0;
}

/* How many bytes from `at` can be copied as they are. */
static size_t plain_run(struct str s, size_t at)
{
	size_t end = at;

	for (; end < s.n; end++) {
		const unsigned char ch = (unsigned char)s.p[end];
		if (ch == '&' || ch == '<' || ch == '>' || (ch < 0x20 && !is_space((char)ch)) || ch == 0xEF || is_c1(s, end))
			break;
	}
	return end - at;
}

static size_t add_reference(struct cleaner *c, struct str s)
{
	uint32_t cp = 0;
	const size_t n = entity_read(s, true, &cp);

	if (n == 0) {
		complain(c, "a & that starts no known character reference");
		buf_addz(c->out, "&amp;");
		return 1;
	}
	if (cp == UTF8_REPLACEMENT)
		complain(c, "a reference to a character that XML does not allow");
	if (cp < 0x80) {
		buf_addf(c->out, "&#%u;", (unsigned)cp);
		return n;
	}
	if (s.p[1] != '#' && !c->has_doctype)
		complain(c, "a named character that was not declared");
	utf8_add(c->out, cp);
	return n;
}

/* One byte, or one reference, that plain_run() stopped at; returns how many bytes of `s` it took. */
static size_t add_special(struct cleaner *c, struct str s, bool is_cdata)
{
	const char ch = s.p[0];

	if (ch == '&' && !is_cdata)
		return add_reference(c, s);
	if (ch == '<' && !is_cdata) {
		buf_addz(c->out, "&lt;");
		return 1;
	}
	if (ch == '>' && !is_cdata) {
		buf_addz(c->out, "&gt;");
		return 1;
	}
	if (is_c1(s, 0)) {
		utf8_add(c->out, entity_windows_1252((unsigned char)s.p[1]));
		return 2;
	}
	if (is_noncharacter(s, 0) || ((unsigned char)ch < 0x20 && !is_space(ch))) {
		complain(c, "a character that XML does not allow");
		return (unsigned char)ch == 0xEF ? 3 : 1;
	}
	buf_addc(c->out, ch);
	return 1;
}

static void add_characters(struct cleaner *c, struct str s, bool is_cdata)
{
	for (size_t at = 0; at < s.n;) {
		const size_t run = plain_run(s, at);
		buf_add(c->out, s.p + at, run);
		at += run;
		if (at < s.n)
			at += add_special(c, str_from(s, at), is_cdata);
	}
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

/* The value after the `=`: quoted, or up to the next space or `>`. */
static struct str take_value(struct cleaner *c)
{
	const char quote = c->at < c->in.n ? c->in.p[c->at] : '\0';
	const char end[2] = { quote, '\0' };
	size_t start = c->at;
	ptrdiff_t length = -1;

	if (quote == '"' || quote == '\'') {
		start = ++c->at;
		length = find_end(c, end);
	}
	if (length >= 0) {
		c->at = start + (size_t)length + 1;
		return (struct str){ c->in.p + start, (size_t)length };
	}
	complain(c, "an attribute value without quotes");
	while (c->at < c->in.n && !is_space(c->in.p[c->at]) && c->in.p[c->at] != '>')
		c->at++;
	return (struct str){ c->in.p + start, c->at - start };
}

static void add_attribute(struct cleaner *c, struct str name, struct str value)
{
	buf_addc(c->out, ' ');
	buf_adds(c->out, name);
	buf_addz(c->out, "=\"");
	while (value.n > 0) {
		const ptrdiff_t quote = str_findc(value, '"');
		const struct str part = quote < 0 ? value : str_first(value, (size_t)quote);
		if (str_findc(part, '<') >= 0)
			complain(c, "a < inside an attribute value");
		add_characters(c, part, false);
		value = str_from(value, part.n + 1);
		if (quote >= 0)
			buf_addz(c->out, "&quot;");
	}
	buf_addc(c->out, '"');
}

/* true when the name is new in this tag; `seen` has room for LIMIT_XML_ATTRIBUTES. */
static bool note_name(uint64_t *seen, size_t *nseen, struct str name)
{
	const uint64_t hash = str_hash(name);

	for (size_t i = 0; i < *nseen; i++) {
		if (seen[i] == hash)
			return false;
	}
	if (*nseen == LIMIT_XML_ATTRIBUTES)
		return false;
	seen[(*nseen)++] = hash;
	return true;
}

/* A name with a colon at an end, or with two, would make libxml2 give up on namespaces. */
static bool is_qualified_name(struct str name)
{
	const ptrdiff_t colon = str_findc(name, ':');

	return colon < 0 || (colon > 0 && (size_t)colon + 1 < name.n && str_findc(str_from(name, (size_t)colon + 1), ':') < 0 &&
				    is_name_start(name.p[colon + 1]));
}

static void clean_attribute(struct cleaner *c, uint64_t *seen, size_t *nseen)
{
	const struct str name = take_name(c);
	struct str value = { "", 0 };

	if (name.n == 0) {
		complain(c, "a stray character inside a tag");
		c->at++;
		return;
	}
	skip_space(c);
	if (c->at < c->in.n && c->in.p[c->at] == '=') {
		c->at++;
		skip_space(c);
		value = take_value(c);
	} else {
		complain(c, "an attribute without a value");
	}
	if (!is_name_start(name.p[0]) || !is_qualified_name(name) || !note_name(seen, nseen, name)) {
		complain(c, "an attribute given twice, ill-named, or beyond the cap");
		return;
	}
	c->items++;
	add_attribute(c, name, value);
}

/* Copies the attributes up to `>` or `/>`; true when the element is empty. */
static bool clean_attributes(struct cleaner *c)
{
	uint64_t seen[LIMIT_XML_ATTRIBUTES];
	size_t nseen = 0;

	for (;;) {
		skip_space(c);
		if (c->at >= c->in.n || c->in.p[c->at] == '<') {
			complain(c, "a tag without its >");
			return false;
		}
		if (c->in.p[c->at] == '>') {
			c->at++;
			return false;
		}
		if (looking_at(c, "/>")) {
			c->at += 2;
			return true;
		}
		clean_attribute(c, seen, &nseen);
	}
}

static void close_one(struct cleaner *c)
{
	c->depth--;
	buf_addz(c->out, "</");
	buf_adds(c->out, c->open[c->depth]);
	buf_addc(c->out, '>');
}

static void clean_start_tag(struct cleaner *c)
{
	const size_t mark = c->out->n;
	struct str name;
	bool is_empty;

	c->at++;
	name = take_name(c);
	c->items++;
	buf_addc(c->out, '<');
	buf_adds(c->out, name);
	is_empty = clean_attributes(c);
	if (c->depth == DEPTH_MAX || !is_qualified_name(name)) {
		complain(c, "elements nested too deeply, or ill-named");
		if (!c->out->overflow)
			c->out->n = mark;
		c->skipped += c->depth == DEPTH_MAX && !is_empty;
		return;
	}
	c->report->any_element = true;
	buf_addz(c->out, is_empty ? "/>" : ">");
	if (!is_empty)
		c->open[c->depth++] = name;
}

static void clean_end_tag(struct cleaner *c)
{
	struct str name;
	size_t level;

	c->at += 2;
	name = take_name(c);
	while (c->at < c->in.n && c->in.p[c->at] != '>' && c->in.p[c->at] != '<')
		c->at++;
	if (c->at < c->in.n && c->in.p[c->at] == '>')
		c->at++;
	else
		complain(c, "a tag without its >");
	if (c->skipped > 0) {
		c->skipped--;
		return;
	}
	for (level = c->depth; level > 0 && !str_eq(c->open[level - 1], name); level--)
		;
	if (level != c->depth)
		complain(c, "an end tag that does not match");
	while (level > 0 && c->depth >= level)
		close_one(c);
}

/* --- everything else ----------------------------------------------------------------------------------------------- */

static void skip_to(struct cleaner *c, const char *end)
{
	const ptrdiff_t found = find_end(c, end);

	if (found >= 0) {
		c->at += (size_t)found + strlen(end);
		return;
	}
	complain(c, "a comment or instruction without its end");
	c->at++; /* behind the <, so that what follows is not lost */
}

static void clean_cdata(struct cleaner *c)
{
	ptrdiff_t length;

	c->at += strlen("<![CDATA[");
	length = find_end(c, "]]>");
	if (length < 0)
		complain(c, "a CDATA section without its end");
	const struct str text = length < 0 ? rest(c) : str_first(rest(c), (size_t)length);
	c->at += text.n + (length < 0 ? 0 : 3);
	if (c->depth == 0)
		return;
	buf_addz(c->out, "<![CDATA[");
	add_characters(c, text, true);
	buf_addz(c->out, "]]>");
}

/* The document type with its internal subset goes out unread: nothing it declares is ever used. */
static void skip_doctype(struct cleaner *c)
{
	size_t at = c->at + 2, brackets = 0;
	char quote = '\0';

	c->has_doctype = true;
	for (; at < c->in.n; at++) {
		const char ch = c->in.p[at];
		if (quote) {
			quote = ch == quote ? '\0' : quote;
			continue;
		}
		if (ch == '"' || ch == '\'')
			quote = ch;
		brackets += ch == '[';
		brackets -= ch == ']' && brackets > 0;
		if (ch == '>' && brackets == 0)
			break;
	}
	if (at < c->in.n) {
		c->at = at + 1;
		return;
	}
	const ptrdiff_t end = str_findc(rest(c), '>');
	complain(c, "a document type without its end");
	c->at = end < 0 ? c->in.n : c->at + (size_t)end + 1;
}

static void clean_markup(struct cleaner *c)
{
	const char next = c->at + 1 < c->in.n ? c->in.p[c->at + 1] : '\0';

	if (is_name_start(next)) {
		clean_start_tag(c);
	} else if (next == '/') {
		clean_end_tag(c);
	} else if (looking_at(c, "<![CDATA[")) {
		clean_cdata(c);
	} else if (looking_at(c, "<!--")) {
		skip_to(c, "-->");
	} else if (next == '?') {
		skip_to(c, "?>");
	} else if (next == '!' && !c->has_doctype) {
		skip_doctype(c);
	} else {
		complain(c, "a < that starts no tag");
		if (c->depth > 0)
			buf_addz(c->out, "&lt;");
		c->at++;
	}
}

static void clean_text(struct cleaner *c)
{
	const char *tag = memchr(c->in.p + c->at, '<', c->in.n - c->at);
	const size_t end = tag ? (size_t)(tag - c->in.p) : c->in.n;
	const struct str text = { c->in.p + c->at, end - c->at };

	c->at = end;
	if (c->depth > 0)
		add_characters(c, text, false);
	else if (str_trim(text).n > 0)
		complain(c, "text outside of the root element");
}

/* The root is closed: only comments, instructions and white space may follow. */
static void check_tail(struct cleaner *c)
{
	struct str tail = str_trim(rest(c));

	while (str_starts(tail, STR("<!--")) || str_starts(tail, STR("<?"))) {
		const char *end = tail.p[1] == '?' ? "?>" : "-->";
		const ptrdiff_t found = str_find(tail, str_of(end));
		if (found < 0)
			break;
		tail = str_trim(str_from(tail, (size_t)found + strlen(end)));
	}
	if (tail.n > 0)
		complain(c, "something behind the end of the root element");
}

void tree_clean_xml(struct buf *out, struct str utf8, struct tree_report *report)
{
	struct cleaner c = { .in = utf8, .out = out, .report = report };

	*report = (struct tree_report){ .ill_formed = false };
	if (str_starts(utf8, STR("\xEF\xBB\xBF")))
		c.at = 3;
	while (c.at < utf8.n && c.items < ITEMS_MAX) {
		if (utf8.p[c.at] == '<')
			clean_markup(&c);
		else
			clean_text(&c);
		if (report->any_element && c.depth == 0)
			break;
	}
	if (c.items >= ITEMS_MAX)
		complain(&c, "more tags and attributes than the cap");
	else if (c.depth > 0)
		complain(&c, "elements that are never closed");
	else
		check_tail(&c);
	while (c.depth > 0)
		close_one(&c);
}

/* --- HTML ---------------------------------------------------------------------------------------------------------- */

/* End of one attribute-like run inside a tag: name, `=`, value. */
static size_t html_attribute_end(struct str s, size_t at)
{
	while (at < s.n && !is_space(s.p[at]) && s.p[at] != '>' && s.p[at] != '=')
		at++;
	if (at >= s.n || s.p[at] != '=')
		return at;
	at++;
	if (at < s.n && (s.p[at] == '"' || s.p[at] == '\'')) {
		const char *end = memchr(s.p + at + 1, s.p[at], s.n - at - 1);
		return end ? (size_t)(end - s.p) + 1 : s.n;
	}
	while (at < s.n && !is_space(s.p[at]) && s.p[at] != '>')
		at++;
	return at;
}

static size_t copy_html_tag(struct buf *out, struct str s, size_t at)
{
	size_t attributes = 0;

	for (; at < s.n && s.p[at] != '>' && !is_space(s.p[at]); at++)
		buf_addc(out, s.p[at]);
	while (at < s.n && s.p[at] != '>') {
		const size_t end = is_space(s.p[at]) ? at + 1 : html_attribute_end(s, at);
		attributes += !is_space(s.p[at]);
		if (attributes <= LIMIT_XML_ATTRIBUTES)
			buf_add(out, s.p + at, (end > at ? end : at + 1) - at);
		at = end > at ? end : at + 1;
	}
	return at;
}

void tree_clean_html(struct buf *out, struct str utf8)
{
	for (size_t at = 0; at < utf8.n;) {
		const char *tag = memchr(utf8.p + at, '<', utf8.n - at);
		const size_t end = tag ? (size_t)(tag - utf8.p) : utf8.n;
		buf_add(out, utf8.p + at, end - at);
		at = end;
		if (at + 1 < utf8.n && is_name_start(utf8.p[at + 1])) {
			at = copy_html_tag(out, utf8, at);
		} else if (at < utf8.n) {
			buf_addc(out, '<');
			at++;
		}
	}
}
