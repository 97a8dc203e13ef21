/* Reading a regular expression into parts; what cannot be bounded is refused here. */
#include "common/text/regex_part.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

struct reader {
	struct arena *a;
	struct str s;
	size_t at;
	const char *why;
	int depth;
	bool in_lookbehind;
};

static struct regex_part *reader_refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return NULL;
}

static struct regex_part *part_new(struct reader *r, enum regex_part_kind kind)
{
	struct regex_part *part = arena_new(r->a, struct regex_part);
	part->kind = kind;
	return part;
}

static struct regex_part *part_of_character(struct reader *r, uint32_t cp)
{
	struct regex_part *part = part_new(r, PART_SET);
	part->cp = cp;
	regex_set_add(&part->set, cp);
	return part;
}

static struct regex_part *part_of_set(struct reader *r, struct regex_set set)
{
	struct regex_part *part = part_new(r, PART_SET);
	part->set = set;
	return part;
}

static void part_add(struct reader *r, struct regex_part *parent, struct regex_part *child)
{
	if ((parent->n & (parent->n - 1)) == 0) {
		struct regex_part **bigger = arena_list(r->a, struct regex_part *, parent->n ? parent->n * 2 : 1);
		if (parent->n)
			memcpy(bigger, parent->child, parent->n * sizeof(struct regex_part *));
		parent->child = bigger;
	}
	parent->child[parent->n++] = child;
}

static bool reader_sees(const struct reader *r, const char *what)
{
	return str_starts(str_from(r->s, r->at), str_of(what));
}

static int reader_peek(const struct reader *r)
{
	return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

/* ---- escapes ---- */

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x41, \x{9000}: behind the x. */
static uint32_t read_hex(struct reader *r)
{
	const bool is_braced = reader_peek(r) == '{';
	uint32_t cp = 0;
	r->at += is_braced;
	for (int i = 0; i < (is_braced ? 6 : 2) && hex_digit(reader_peek(r)) >= 0; i++)
		cp = cp * 16 + (uint32_t)hex_digit((unsigned char)r->s.p[r->at++]);
	r->at += is_braced && reader_peek(r) == '}';
	return cp;
}

/* \d \w \s and their opposites; false when `c` is none of them. PCRE2 runs without UCP: these are ASCII. */
static bool class_of(int c, struct regex_set *out)
{
	*out = (struct regex_set){ 0 };
	switch (c | 0x20) {
	case 'd':
		regex_set_add_range(out, '0', '9');
		break;
	case 'w':
		regex_set_add_range(out, '0', '9');
		regex_set_add_range(out, 'a', 'z');
		regex_set_add(out, '_');
		break;
	case 's':
	case 'h':
	case 'v':
		regex_set_add_range(out, '\t', '\r');
		regex_set_add(out, ' ');
		out->any_high = (c | 0x20) != 's';
		break;
	default:
		return false;
	}
	if (c < 'a') {
		out->any_high = false;
		regex_set_turn(out);
	}
	return true;
}

static uint32_t plain_escape(int c)
{
	static const char names[] = "tnrfae", values[] = "\t\n\r\f\a\033";
	const char *at = c > 0 ? strchr(names, c) : NULL;
	return at ? (uint32_t)values[at - names] : (uint32_t)c;
}

/* \p{Han}, \pL: behind the p. */
static struct regex_part *read_property(struct reader *r)
{
	if (reader_peek(r) == '{')
		while (r->at < r->s.n && r->s.p[r->at] != '}')
			r->at++;
	r->at++;
	return part_of_set(r, regex_set_any);
}

static bool is_letter_or_digit(int c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

static struct regex_part *read_escape(struct reader *r)
{
	struct regex_set set;
	const int c = reader_peek(r);
	if (c < 0)
		return reader_refuse(r, "it ends with a backslash; remove it or write \\\\");
	if (c >= 0x80)
		return part_of_character(r, utf8_next(r->s, &r->at));
	r->at++;
	if (class_of(c, &set))
		return part_of_set(r, set);
	if (strchr("bBAG", c))
		return part_new(r, PART_EMPTY);
	if (strchr("zZ", c))
		return part_new(r, PART_EDGE);
	if (c == 'x')
		return part_of_character(r, read_hex(r));
	if (c == 'p' || c == 'P')
		return read_property(r);
	if (c == 'R' || c == 'N')
		return part_of_set(r, regex_set_any);
	if ((c >= '1' && c <= '9') || c == 'k' || c == 'g')
		return reader_refuse(r, "it refers back to a group; write the text out");
	if (is_letter_or_digit(c) && !strchr("tnrfae", c))
		return reader_refuse(r,
			"it uses an escape that is not allowed here; allowed are \\d \\w \\s \\b \\p{…} \\x{…} and "
			"escaped signs");
	return part_of_character(r, plain_escape(c));
}

/* ---- sets in brackets ---- */

/* One member; *cp = 0 when it was a class. */
static bool read_member(struct reader *r, struct regex_set *set, uint32_t *cp)
{
	*cp = 0;
	if (reader_sees(r, "[:")) {
		const ptrdiff_t end = str_find(str_from(r->s, r->at), STR(":]"));
		if (end > 0) {
			r->at += (size_t)end + 2;
			regex_set_join(set, &regex_set_any);
			return true;
		}
	}
	if (reader_peek(r) != '\\') {
		*cp = utf8_next(r->s, &r->at);
		return true;
	}
	r->at++;
	if (reader_peek(r) == 'b') {
		r->at++;
		*cp = 8;
		return true;
	}
	const struct regex_part *part = read_escape(r);
	if (!part)
		return false;
	if (part->kind == PART_SET && part->cp)
		*cp = part->cp;
	else
		regex_set_join(set, &part->set);
	return true;
}

static struct regex_part *read_set(struct reader *r)
{
	struct regex_set set = { 0 };
	const bool is_turned = reader_peek(r) == '^';
	r->at += is_turned;
	for (bool is_first = true; is_first || reader_peek(r) != ']'; is_first = false) {
		uint32_t from, to;
		if (r->at >= r->s.n)
			return reader_refuse(r, "a set [ has no ]; write \\[ for the sign");
		if (!read_member(r, &set, &from))
			return NULL;
		to = from;
		if (from && reader_peek(r) == '-' && r->at + 1 < r->s.n && r->s.p[r->at + 1] != ']') {
			r->at++;
			if (!read_member(r, &set, &to))
				return NULL;
		}
		if (from && to >= from && to != from)
			regex_set_add_range(&set, from, to);
		else if (from)
			regex_set_add(&set, from);
	}
	r->at++;
	if (is_turned)
		regex_set_turn(&set);
	return part_of_set(r, set);
}

/* ---- groups ---- */

static struct regex_part *read_choice(struct reader *r);

static struct regex_part *close_group(struct reader *r, struct regex_part *inner)
{
	r->depth--;
	if (!inner)
		return NULL;
	if (reader_peek(r) != ')')
		return reader_refuse(r, "a ( has no ); write \\( for the sign");
	r->at++;
	return inner;
}

/* A look ahead or behind takes no room; its own ways count. */
static struct regex_part *read_look(struct reader *r, bool is_behind)
{
	const bool before = r->in_lookbehind;
	r->in_lookbehind = before || is_behind;
	struct regex_part *inner = close_group(r, read_choice(r));
	r->in_lookbehind = before;
	if (!inner)
		return NULL;
	struct regex_part *look = part_new(r, PART_REPEAT);
	look->least = 0;
	look->most = 1;
	look->is_possessive = true;
	look->is_ahead = !is_behind;
	part_add(r, look, inner);
	return look;
}

/* (?i) (?s-m: — flags change nothing that matters here, except x, which changes the syntax. */
static struct regex_part *read_flags(struct reader *r)
{
	while (r->at < r->s.n && strchr("imsJU-", r->s.p[r->at]))
		r->at++;
	if (reader_peek(r) == ')') {
		r->at++;
		r->depth--;
		return part_new(r, PART_EMPTY);
	}
	if (reader_peek(r) != ':')
		return reader_refuse(r,
			"it uses a group (?… that is not allowed: recursion, conditions, comments and the flag x are "
			"not");
	r->at++;
	return close_group(r, read_choice(r));
}

/* Behind "(?<" or "(?P<": to the end of the name. */
static struct regex_part *read_named(struct reader *r)
{
	while (r->at < r->s.n && r->s.p[r->at] != '>' && r->s.p[r->at] != ')')
		r->at++;
	r->at += reader_peek(r) == '>';
	return close_group(r, read_choice(r));
}

static struct regex_part *read_group(struct reader *r)
{
	if (++r->depth > LIMIT_REGEX_DEPTH)
		return reader_refuse(r, "its groups are nested too deep; make it flatter");
	if (reader_sees(r, "*"))
		return reader_refuse(r, "it uses a verb (*…); leave it out");
	if (!reader_sees(r, "?"))
		return close_group(r, read_choice(r));
	r->at++;
	static const struct {
		const char *opens;
		bool looks, behind;
	} kinds[] = { { ":", false, false }, { ">", false, false }, { "|", false, false }, { "=", true, false },
		{ "!", true, false }, { "<=", true, true }, { "<!", true, true } };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!reader_sees(r, kinds[i].opens))
			continue;
		r->at += strlen(kinds[i].opens);
		return kinds[i].looks ? read_look(r, kinds[i].behind) : close_group(r, read_choice(r));
	}
	if (reader_sees(r, "<") || reader_sees(r, "P<"))
		return read_named(r);
	return read_flags(r);
}

/* ---- quantifiers, rows, choices ---- */

static unsigned read_count(struct reader *r, bool *has)
{
	unsigned n = 0;
	*has = false;
	while (reader_peek(r) >= '0' && reader_peek(r) <= '9') {
		n = n < 100000 ? n * 10 + (unsigned)(r->s.p[r->at] - '0') : n;
		r->at++;
		*has = true;
	}
	return n;
}

/* {2}, {2,}, {2,5}; false, with nothing taken, when the brace is a plain sign. */
static bool read_braces(struct reader *r, unsigned *least, unsigned *most)
{
	const size_t from = r->at++;
	bool has_least, has_most = false;
	*least = *most = read_count(r, &has_least);
	if (reader_peek(r) == ',') {
		r->at++;
		*most = read_count(r, &has_most);
		*most = has_most ? *most : UINT32_MAX;
	}
	if (has_least && reader_peek(r) == '}') {
		r->at++;
		return true;
	}
	r->at = from;
	return false;
}

static bool read_quantifier(struct reader *r, unsigned *least, unsigned *most)
{
	const int c = reader_peek(r);
	*least = c == '+';
	*most = c == '?' ? 1 : UINT32_MAX;
	if (c == '{')
		return read_braces(r, least, most);
	if (c != '*' && c != '+' && c != '?')
		return false;
	r->at++;
	return true;
}

static struct regex_part *read_repeat(struct reader *r, struct regex_part *atom)
{
	unsigned least, most;
	while (atom && read_quantifier(r, &least, &most)) {
		if (r->in_lookbehind)
			return reader_refuse(r, "a lookbehind has a quantifier; give it a fixed length");
		if (least > LIMIT_REGEX_REPEAT || (most != UINT32_MAX && most > LIMIT_REGEX_REPEAT))
			return reader_refuse(r, "a repeat is too large; use at most {0,200}");
		struct regex_part *repeat = part_new(r, PART_REPEAT);
		repeat->least = least;
		repeat->most = most;
		repeat->is_possessive = reader_peek(r) == '+';
		r->at += reader_peek(r) == '+' || reader_peek(r) == '?';
		part_add(r, repeat, atom);
		atom = repeat;
	}
	return atom;
}

static struct regex_part *read_atom(struct reader *r)
{
	const int c = reader_peek(r);
	if (c >= 0x80)
		return part_of_character(r, utf8_next(r->s, &r->at));
	r->at++;
	switch (c) {
	case '\\':
		return read_escape(r);
	case '[':
		return read_set(r);
	case '(':
		return read_group(r);
	case '.':
		return part_of_set(r, regex_set_any);
	case '^':
		return part_new(r, PART_EMPTY);
	case '$':
		return part_new(r, PART_EDGE);
	case '*':
	case '+':
	case '?':
		return reader_refuse(r, "a quantifier has nothing in front to repeat; write \\* for the sign");
	default:
		return part_of_character(r, (uint32_t)c);
	}
}

static struct regex_part *read_row(struct reader *r)
{
	struct regex_part *row = part_new(r, PART_ROW);
	while (r->at < r->s.n && reader_peek(r) != '|' && reader_peek(r) != ')') {
		struct regex_part *part = read_repeat(r, read_atom(r));
		if (!part)
			return NULL;
		part_add(r, row, part);
	}
	return row;
}

static struct regex_part *read_choice(struct reader *r)
{
	struct regex_part *row = read_row(r);
	if (!row || reader_peek(r) != '|')
		return row;
	struct regex_part *choice = part_new(r, PART_CHOICE);
	part_add(r, choice, row);
	while (reader_peek(r) == '|') {
		r->at++;
		row = read_row(r);
		if (!row)
			return NULL;
		part_add(r, choice, row);
	}
	return choice;
}

/* ---- the whole ---- */

const struct regex_part *regex_part_read(struct arena *a, struct str pattern, const char **why, size_t *at)
{
	struct reader r = { .a = a, .s = pattern };
	struct regex_part *whole = pattern.n > LIMIT_REGEX_BYTES
					   ? reader_refuse(&r, "it is longer than 512 bytes; make it shorter")
					   : read_choice(&r);
	if (whole && r.at < pattern.n)
		whole = reader_refuse(&r, "a ) has no (; write \\) for the sign");
	*at = r.at < pattern.n ? r.at : pattern.n;
	*why = r.why;
	return whole;
}
