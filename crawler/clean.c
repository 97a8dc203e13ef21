/* Foreign HTML made safe to show: tags in, listed tags out, in one pass. */
#include "crawler/clean.h"

#include <earshot/limits.h>

#include "common/base/entity.h"
#include "common/base/url.h"
#include "common/base/utf8.h"
#include "crawler/clean_lists.h"
#include "crawler/clean_style.h"

#include <string.h>

#define ATTRIBUTES_MAX 32 /* listed ones of one tag; further ones are left out */
#define VALUE_BYTES LIMIT_URL_BYTES /* of one attribute; longer ones are left out */
#define GROWTH_BYTES (64u << 10) /* by which a fragment may grow; what would come behind is cut */
#define RESOLVED_TIMES 8 /* addresses with their bases may be so many times as long as the fragment … */
#define RESOLVED_BYTES (4 * LIMIT_URL_BYTES) /* … and so much longer; further relative ones are left out */
#define SCRATCH_BYTES (64u << 20) /* far more than ATTRIBUTES_MAX values and what resolving them takes */
#define TAG_BYTES (ATTRIBUTES_MAX * 6 * VALUE_BYTES) /* most that one tag can come to, escapes and all */

struct kept_attribute {
	const struct clean_row *row;
	struct str value; /* as written, references and all */
};

struct cleaner {
	struct arena scratch; /* decoded and resolved values of one tag */
	struct str in, base;
	size_t at;
	struct buf out;
	size_t resolvable; /* bytes of addresses that may still be resolved: a long base and many links would cost seconds */
	size_t enough; /* bytes of output after which no more is read: relative links can make a fragment grow without end */
	const struct clean_row *open[CLEAN_DEPTH];
	size_t depth;
	unsigned short nopen[CLEAN_ELEMENTS_MAX]; /* of each element, so that a stray end tag costs no search */
	const struct clean_row *svg, *math;
	size_t nkept;
	struct kept_attribute kept[ATTRIBUTES_MAX]; /* of the tag being read, in alphabetical order */
	bool no_more[128]; /* a search for this character failed once; it would fail again */
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str rest(const struct cleaner *c)
{
	return str_from(c->in, c->at);
}

/* Place of a character at or behind `from`, -1 when there is none; the failure is remembered. */
static ptrdiff_t find(struct cleaner *c, size_t from, char what)
{
	const char *found = NULL;

	if (from < c->in.n && !c->no_more[(unsigned char)what & 127])
		found = memchr(c->in.p + from, what, c->in.n - from);
	if (found)
		return found - c->in.p;
	c->no_more[(unsigned char)what & 127] = true;
	return -1;
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

/* A reference as written when it is one; numbers that mean windows-1252 are put right. Returns the bytes it took. */
static size_t add_reference(struct buf *out, struct str s)
{
	struct entity read = { 0 };
	const size_t n = entity_read(s, true, &read);
	const uint32_t cp = read.cp;

	if (n == 0) {
		buf_addz(out, "&amp;");
		return 1;
	}
	if (s.p[1] == '#' && (s.p[2] == 'X' || cp == UTF8_REPLACEMENT || (cp > 0xFF && n == 6)))
		buf_addf(out, "&#x%x;", (unsigned)cp);
	else
		buf_add(out, s.p, n);
	return n;
}

static void add_text(struct cleaner *c, struct str s)
{
	while (s.n > 0 && c->out.n <= c->enough) {
		const char *mark = memchr(s.p, '&', s.n);
		const size_t n = mark ? (size_t)(mark - s.p) : s.n;
		buf_add(&c->out, s.p, n);
		s = str_from(s, n);
		if (mark)
			s = str_from(s, add_reference(&c->out, s));
	}
}

/* --- attributes ---------------------------------------------------------------------------------------------------- */

static void keep_attribute(struct cleaner *c, const struct clean_row *row, struct str value)
{
	size_t at = c->nkept;

	while (at > 0 && c->kept[at - 1].row > row)
		at--;
	if (c->nkept == ATTRIBUTES_MAX || value.n > VALUE_BYTES || (at > 0 && c->kept[at - 1].row == row))
		return;
	memmove(&c->kept[at + 1], &c->kept[at], (c->nkept - at) * sizeof(c->kept[0]));
	c->kept[at] = (struct kept_attribute){ row, value };
	c->nkept++;
}

static struct str take_quoted(struct cleaner *c, char quote)
{
	const ptrdiff_t end = find(c, c->at + 1, quote);
	struct str value = { "", 0 };

	if (end < 0)
		return value;
	value = (struct str){ c->in.p + c->at + 1, (size_t)end - c->at - 1 };
	c->at = (size_t)end + 1;
	return value;
}

static struct str take_value(struct cleaner *c)
{
	const char quote = c->at < c->in.n ? c->in.p[c->at] : '\0';
	size_t start = c->at;

	if (quote == '"' || quote == '\'') {
		const struct str value = take_quoted(c, quote);
		if (c->at > start)
			return value;
		start = ++c->at; /* a quote that never ends is none */
	}
	while (c->at < c->in.n && !is_space(c->in.p[c->at]) && c->in.p[c->at] != '>')
		c->at++;
	return (struct str){ c->in.p + start, c->at - start };
}

static bool ends_name(char c)
{
	return c == '=' || c == '>' || c == '/' || c == '\0';
}

static void take_attribute(struct cleaner *c)
{
	const size_t start = c->at++;
	struct str name, value;

	while (c->at < c->in.n && !is_space(c->in.p[c->at]) && !ends_name(c->in.p[c->at]))
		c->at++;
	name = value = (struct str){ c->in.p + start, c->at - start };
	while (c->at < c->in.n && is_space(c->in.p[c->at]))
		c->at++;
	if (c->at < c->in.n && c->in.p[c->at] == '=') {
		c->at++;
		while (c->at < c->in.n && is_space(c->in.p[c->at]))
			c->at++;
		value = take_value(c);
	}
	const struct clean_row *row = clean_attribute(name);
	if (row)
		keep_attribute(c, row, value);
}

/* Reads the attributes up to and with the `>`; true when the tag closes itself. */
static bool take_attributes(struct cleaner *c)
{
	bool closes = false;

	c->nkept = 0;
	while (c->at < c->in.n && c->in.p[c->at] != '>') {
		const char ch = c->in.p[c->at];
		closes = ch == '/' || (closes && is_space(ch));
		if (ch == '/' || is_space(ch))
			c->at++;
		else
			take_attribute(c);
	}
	c->at += c->at < c->in.n;
	return closes;
}

/* The value with its references decoded. */
static struct str decoded(struct cleaner *c, struct str value)
{
	struct buf plain;
	struct str copy;

	if (str_findc(value, '&') < 0)
		return value;
	buf_init(&plain, 3 * value.n + 8);
	while (value.n > 0) {
		struct entity read;
		const ptrdiff_t mark = str_findc(value, '&');
		buf_adds(&plain, mark < 0 ? value : str_first(value, (size_t)mark));
		value = mark < 0 ? str_from(value, value.n) : str_from(value, (size_t)mark);
		const size_t n = value.n > 0 ? entity_read(value, false, &read) : 0;
		if (n > 0)
			entity_add(&plain, read);
		else if (value.n > 0)
			buf_addc(&plain, '&');
		value = str_from(value, n > 0 ? n : 1);
	}
	copy = arena_copy(&c->scratch, buf_str(&plain));
	buf_release(&plain);
	return copy;
}

/* `value` as an attribute's: with its references when `is_raw`, else every & is one. */
static void add_value(struct buf *out, struct str value, bool is_raw)
{
	for (size_t at = 0; at < value.n;) {
		size_t n = at;
		while (n < value.n && value.p[n] != '&' && value.p[n] != '<' && value.p[n] != '>' && value.p[n] != '"')
			n++;
		buf_add(out, value.p + at, n - at);
		at = n;
		if (at < value.n && value.p[at] == '&' && is_raw) {
			at += add_reference(out, str_from(value, at));
		} else if (at < value.n) {
			const char ch = value.p[at++];
			buf_addz(out, ch == '&' ? "&amp;" : ch == '<' ? "&lt;" : ch == '>' ? "&gt;" : "&quot;");
		}
	}
}

/* --- addresses ----------------------------------------------------------------------------------------------------- */

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ')
			return true;
	}
	return false;
}

/* As a browser reads it: spaces in front and behind go, and control characters anywhere. */
static struct str bare_address(struct cleaner *c, struct str address)
{
	char *copy;
	size_t n = 0;

	while (address.n > 0 && (unsigned char)address.p[0] <= ' ')
		address = str_from(address, 1);
	while (address.n > 0 && (unsigned char)address.p[address.n - 1] <= ' ')
		address = str_first(address, address.n - 1);
	if (!has_control(address))
		return address;
	copy = arena_raw(&c->scratch, address.n + 1);
	for (size_t i = 0; i < address.n; i++) {
		if ((unsigned char)address.p[i] >= ' ')
			copy[n++] = address.p[i];
	}
	copy[n] = '\0';
	return (struct str){ copy, n };
}

/* What stands before the first colon, when no / ? or # comes earlier; "" when the address is relative. */
static struct str scheme_of(struct str address)
{
	size_t n = 0;

	while (n < address.n && address.p[n] != ':' && address.p[n] != '/' && address.p[n] != '?' && address.p[n] != '#' &&
		address.p[n] != '\0')
		n++;
	return n < address.n && address.p[n] == ':' ? str_first(address, n) : STR("");
}

/* The address to show; p == NULL when it must not be followed. */
static struct str safe_address(struct cleaner *c, struct str value)
{
	const struct str address = bare_address(c, decoded(c, value)), scheme = scheme_of(address);
	struct str resolved;

	if (address.n > VALUE_BYTES || (scheme.n > 0 && !clean_is_scheme(scheme)))
		return (struct str){ NULL, 0 };
	if (scheme.n > 0 || c->base.n == 0 || address.n == 0)
		return address;
	if (c->base.n + address.n > c->resolvable)
		return (struct str){ NULL, 0 };
	c->resolvable -= c->base.n + address.n;
	resolved = url_resolve(&c->scratch, address, c->base);
	return resolved.n > VALUE_BYTES ? (struct str){ NULL, 0 } : resolved;
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

static size_t number_of(const struct clean_row *row)
{
	return clean_element_number(row);
}

static bool is_open(const struct cleaner *c, const struct clean_row *row)
{
	return c->nopen[number_of(row)] > 0;
}

static const char *written_name(const struct clean_row *row)
{
	return row->written ? row->written : row->name;
}

static void close_one(struct cleaner *c)
{
	const struct clean_row *row = c->open[--c->depth];

	c->nopen[number_of(row)]--;
	buf_addz(&c->out, "</");
	buf_addz(&c->out, written_name(row));
	buf_addc(&c->out, '>');
}

/* A value that grows too long by being written is left out, as it would be when the result is cleaned again. */
static void add_attribute(struct cleaner *c, const struct clean_row *row, struct str value, bool is_raw)
{
	const size_t before = c->out.n;
	buf_addc(&c->out, ' ');
	buf_addz(&c->out, written_name(row));
	buf_addz(&c->out, "=\"");
	const size_t from = c->out.n;
	add_value(&c->out, value, is_raw);
	const bool is_long = c->out.n - from > VALUE_BYTES;
	buf_addc(&c->out, '"');
	if (is_long)
		buf_cut(&c->out, before);
}

static void add_style(struct cleaner *c, const struct clean_row *row, struct str value)
{
	struct buf style;

	buf_init(&style, 2 * LIMIT_URL_BYTES);
	clean_style(&style, decoded(c, value));
	if (style.n > 0 && !style.overflow)
		add_attribute(c, row, buf_str(&style), false);
	buf_release(&style);
}

static void add_kept(struct cleaner *c, const struct kept_attribute *kept)
{
	if (strcmp(kept->row->name, "style") == 0)
		add_style(c, kept->row, kept->value);
	else
		add_attribute(c, kept->row, kept->value, !(kept->row->flags & CLEAN_ADDRESS));
}

/* Drawings and formulas say what they are, whatever the document said. */
static void declare_namespaces(struct cleaner *c, const struct clean_row *row)
{
	const bool is_linked = c->nkept > 0 && strncmp(c->kept[c->nkept - 1].row->name, "xlink:", 6) == 0;

	if (row == c->svg)
		keep_attribute(c, clean_attribute(STR("xmlns")), STR("http://www.w3.org/2000/svg"));
	if (row == c->math)
		keep_attribute(c, clean_attribute(STR("xmlns")), STR("http://www.w3.org/1998/Math/MathML"));
	if (is_linked)
		keep_attribute(c, clean_attribute(STR("xmlns:xlink")), STR("http://www.w3.org/1999/xlink"));
}

/* What the element is here: CLEAN_SVG, CLEAN_MATH, CLEAN_HTML, or 0 for nothing that is let through. */
static unsigned kind_of(const struct cleaner *c, const struct clean_row *row)
{
	if ((row->flags & CLEAN_SVG) && (row == c->svg || is_open(c, c->svg)))
		return CLEAN_SVG;
	if ((row->flags & CLEAN_MATH) && (row == c->math || is_open(c, c->math)))
		return CLEAN_MATH;
	return row->flags & CLEAN_HTML;
}

/* What this kind of element must not have goes; addresses that stay are made safe. */
static void drop_attributes(struct cleaner *c, unsigned kind)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nkept; i++) {
		struct kept_attribute kept = c->kept[i];
		if (!(kept.row->flags & kind) || strncmp(kept.row->name, "xmlns", 5) == 0)
			continue;
		if (kept.row->flags & CLEAN_ADDRESS)
			kept.value = safe_address(c, kept.value);
		if (kept.value.p)
			c->kept[n++] = kept;
	}
	c->nkept = n;
}

static void add_start_tag(struct cleaner *c, const struct clean_row *row, bool closes_itself)
{
	const bool is_void = row->flags & CLEAN_VOID;

	if ((row->flags & CLEAN_CLOSES) && c->depth > 0 && c->open[c->depth - 1] == row)
		close_one(c);
	if (!is_void && c->depth == CLEAN_DEPTH)
		return;
	buf_addc(&c->out, '<');
	buf_addz(&c->out, written_name(row));
	for (size_t i = 0; i < c->nkept; i++)
		add_kept(c, &c->kept[i]);
	buf_addz(&c->out, is_void ? " />" : ">");
	if (is_void)
		return;
	c->open[c->depth++] = row;
	c->nopen[number_of(row)]++;
	if (closes_itself)
		close_one(c);
}

/* Moves behind the end tag of a script or a style sheet, or to the end when there is none. */
static void skip_hidden(struct cleaner *c, struct str name)
{
	ptrdiff_t end = find(c, c->at, '<');

	while (end >= 0) {
		const struct str tag = str_from(c->in, (size_t)end + 1);
		c->at = (size_t)end + 1;
		if (tag.n > name.n && tag.p[0] == '/' && str_istarts(str_from(tag, 1), name)) {
			end = find(c, c->at, '>');
			c->at = end < 0 ? c->in.n : (size_t)end + 1;
			return;
		}
		end = find(c, c->at, '<');
	}
	c->at = c->in.n;
}

static struct str take_name(struct cleaner *c)
{
	const size_t start = c->at;

	while (c->at < c->in.n && !is_space(c->in.p[c->at]) && c->in.p[c->at] != '>' && c->in.p[c->at] != '/')
		c->at++;
	return (struct str){ c->in.p + start, c->at - start };
}

/* svg:circle is circle: what a prefix means is lost with the document around it. */
static const struct clean_row *row_of(struct str name)
{
	const ptrdiff_t colon = str_findc(name, ':');

	return clean_element(colon < 0 ? name : str_from(name, (size_t)colon + 1));
}

static void clean_start_tag(struct cleaner *c)
{
	struct str name;
	const struct clean_row *row;
	bool closes_itself;
	unsigned kind;

	if (c->scratch.used > 0)
		arena_reset(&c->scratch);
	c->at++;
	name = take_name(c);
	row = row_of(name);
	closes_itself = take_attributes(c);
	if (!row)
		return;
	if (row->flags & CLEAN_HIDDEN) {
		if (!closes_itself)
			skip_hidden(c, name);
		return;
	}
	kind = kind_of(c, row);
	if (kind == 0 || (c->depth == CLEAN_DEPTH && !(row->flags & (CLEAN_VOID | CLEAN_CLOSES))))
		return;
	drop_attributes(c, kind);
	declare_namespaces(c, row);
	add_start_tag(c, row, closes_itself && kind != CLEAN_HTML);
}

static void clean_end_tag(struct cleaner *c)
{
	const struct clean_row *row;
	ptrdiff_t end;

	c->at += 2;
	row = row_of(take_name(c));
	end = find(c, c->at, '>');
	c->at = end < 0 ? c->in.n : (size_t)end + 1;
	if (!row || !is_open(c, row))
		return;
	while (c->open[c->depth - 1] != row)
		close_one(c);
	close_one(c);
}

/* A comment that never ends hides all that follows, as it does in a browser. */
static void skip_comment(struct cleaner *c)
{
	const ptrdiff_t end = str_find(str_from(c->in, c->at + 4), STR("-->"));

	c->at = end < 0 ? c->in.n : c->at + 4 + (size_t)end + 3;
}

static void clean_markup(struct cleaner *c)
{
	const char next = c->at + 1 < c->in.n ? c->in.p[c->at + 1] : '\0';
	const ptrdiff_t end = find(c, c->at, '>');

	if (str_starts(rest(c), STR("<!--"))) {
		skip_comment(c);
	} else if (end >= 0 && is_letter(next)) {
		clean_start_tag(c);
	} else if (end >= 0 && next == '/') {
		clean_end_tag(c);
	} else if (end >= 0 && (next == '?' || str_istarts(rest(c), STR("<!doctype")))) {
		c->at = (size_t)end + 1;
	} else {
		buf_addz(&c->out, "&lt;");
		c->at++;
	}
}

/* --- the fragment -------------------------------------------------------------------------------------------------- */

static void clean_all(struct cleaner *c)
{
	while (c->at < c->in.n && c->out.n <= c->enough) {
		const ptrdiff_t tag = find(c, c->at, '<');
		const size_t end = tag < 0 ? c->in.n : (size_t)tag;
		add_text(c, (struct str){ c->in.p + c->at, end - c->at });
		c->at = end;
		if (tag >= 0)
			clean_markup(c);
	}
	while (c->depth > 0)
		close_one(c);
}

struct str clean_html(struct arena *a, struct str html, struct str base)
{
	struct cleaner c = {
		.in = html, .base = base, .resolvable = RESOLVED_TIMES * html.n + RESOLVED_BYTES, .enough = html.n + GROWTH_BYTES
	};
	struct str clean;

	if (str_findc(html, '<') < 0 && str_findc(html, '&') < 0)
		return html;
	c.svg = clean_element(STR("svg"));
	c.math = clean_element(STR("math"));
	buf_init(&c.out, html.n + c.enough + TAG_BYTES);
	buf_room(&c.out, html.n + html.n / 8 + 64);
	arena_init(&c.scratch, SCRATCH_BYTES);
	clean_all(&c);
	clean = arena_copy(a, buf_str(&c.out));
	arena_release(&c.scratch);
	buf_release(&c.out);
	return clean;
}

bool clean_is_element(struct str name)
{
	const struct clean_row *row = clean_element(name);

	return row && (row->flags & CLEAN_HTML);
}
