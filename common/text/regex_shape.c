/* Reading a regular expression for what it could cost and for the literal that leads to it. */
#include "common/text/regex_shape.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

#define WAYS_OF_STAR 4096.0 /* lengths that an endless repeat may have inside one window */
#define SET_HIGH 8 /* characters beyond ASCII that a set keeps apart; more of them are "any" */

/* ---- sets of characters, for "can these two begin alike?" ---- */

struct set {
	uint64_t ascii[2];
	bool any_high;
	uint32_t high[SET_HIGH];
	unsigned nhigh;
};

static const struct set set_of_any = { .ascii = { ~0ull, ~0ull }, .any_high = true };

static void set_add(struct set *s, uint32_t cp)
{
	if (cp < 0x80) {
		const uint32_t other = (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ? cp ^ 0x20u : cp;
		s->ascii[cp >> 6] |= 1ull << (cp & 63);
		s->ascii[other >> 6] |= 1ull << (other & 63);
	} else if (s->nhigh < SET_HIGH && utf8_is_han(cp)) {
		s->high[s->nhigh++] = cp;
	} else {
		s->any_high = true; /* letters with case have relatives elsewhere */
	}
}

static void set_add_range(struct set *s, uint32_t from, uint32_t to)
{
	for (uint32_t cp = from; cp <= to && cp < 0x80; cp++)
		set_add(s, cp);
	if (to >= 0x80)
		s->any_high = true;
}

static void set_join(struct set *s, const struct set *other)
{
	s->ascii[0] |= other->ascii[0];
	s->ascii[1] |= other->ascii[1];
	s->any_high |= other->any_high;
	for (unsigned i = 0; i < other->nhigh; i++)
		set_add(s, other->high[i]);
}

static void set_turn(struct set *s)
{
	s->ascii[0] = ~s->ascii[0];
	s->ascii[1] = ~s->ascii[1];
	s->any_high = true;
	s->nhigh = 0;
}

static bool sets_meet(const struct set *a, const struct set *b)
{
	if ((a->ascii[0] & b->ascii[0]) || (a->ascii[1] & b->ascii[1]))
		return true;
	if ((a->any_high && (b->any_high || b->nhigh)) || (b->any_high && a->nhigh))
		return true;
	for (unsigned i = 0; i < a->nhigh; i++)
		for (unsigned j = 0; j < b->nhigh; j++)
			if (a->high[i] == b->high[j])
				return true;
	return false;
}

static bool set_has(const struct set *s, uint32_t cp)
{
	return cp < 0x80 && (s->ascii[cp >> 6] >> (cp & 63) & 1);
}

/* Letters but no space: what stands in front of a literal inside a word. */
static bool set_is_inside_word(const struct set *s)
{
	return set_has(s, 'e') && !set_has(s, ' ');
}

static uint32_t set_sample(const struct set *s)
{
	for (uint32_t cp = 'a'; cp <= 'z'; cp++)
		if (set_has(s, cp))
			return cp;
	if (s->nhigh)
		return s->high[0];
	for (uint32_t cp = ' '; cp < 0x7F; cp++)
		if (set_has(s, cp))
			return cp;
	return 0x597D; /* 好 */
}

/* ---- the tree ---- */

enum part_kind { PART_SET, PART_EMPTY, PART_EDGE /* $ and the like */, PART_ROW, PART_CHOICE, PART_REPEAT };

struct part {
	enum part_kind kind;
	struct set set;
	uint32_t cp; /* PART_SET of one character; 0 = a real set */
	struct part **child;
	size_t n;
	unsigned least, most; /* UINT32_MAX: no end */
	bool is_possessive;
};

struct reader {
	struct arena *a;
	struct str s;
	size_t at;
	const char *why;
	int depth;
	bool in_lookbehind;
};

static struct part *reader_refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return NULL;
}

static struct part *part_new(struct reader *r, enum part_kind kind)
{
	struct part *part = arena_new(r->a, struct part);
	part->kind = kind;
	return part;
}

static struct part *part_of_character(struct reader *r, uint32_t cp)
{
	struct part *part = part_new(r, PART_SET);
	part->cp = cp;
	set_add(&part->set, cp);
	return part;
}

static struct part *part_of_set(struct reader *r, struct set set)
{
	struct part *part = part_new(r, PART_SET);
	part->set = set;
	return part;
}

static void part_add(struct reader *r, struct part *parent, struct part *child)
{
	if ((parent->n & (parent->n - 1)) == 0) {
		struct part **bigger = arena_list(r->a, struct part *, parent->n ? parent->n * 2 : 1);
		if (parent->n)
			memcpy(bigger, parent->child, parent->n * sizeof(struct part *));
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
static bool class_of(int c, struct set *out)
{
	*out = (struct set){ 0 };
	switch (c | 0x20) {
	case 'd':
		set_add_range(out, '0', '9');
		break;
	case 'w':
		set_add_range(out, '0', '9');
		set_add_range(out, 'a', 'z');
		set_add(out, '_');
		break;
	case 's':
	case 'h':
	case 'v':
		set_add_range(out, '\t', '\r');
		set_add(out, ' ');
		out->any_high = (c | 0x20) != 's';
		break;
	default:
		return false;
	}
	if (c < 'a') {
		out->any_high = false;
		set_turn(out);
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
static struct part *read_property(struct reader *r)
{
	if (reader_peek(r) == '{')
		while (r->at < r->s.n && r->s.p[r->at] != '}')
			r->at++;
	r->at++;
	return part_of_set(r, set_of_any);
}

static bool is_letter_or_digit(int c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

static struct part *read_escape(struct reader *r)
{
	struct set set;
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
		return part_of_set(r, set_of_any);
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
static bool read_member(struct reader *r, struct set *set, uint32_t *cp)
{
	*cp = 0;
	if (reader_sees(r, "[:")) {
		const ptrdiff_t end = str_find(str_from(r->s, r->at), STR(":]"));
		if (end > 0) {
			r->at += (size_t)end + 2;
			set_join(set, &set_of_any);
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
	const struct part *part = read_escape(r);
	if (!part)
		return false;
	if (part->kind == PART_SET && part->cp)
		*cp = part->cp;
	else
		set_join(set, &part->set);
	return true;
}

static struct part *read_set(struct reader *r)
{
	struct set set = { 0 };
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
			set_add_range(&set, from, to);
		else if (from)
			set_add(&set, from);
	}
	r->at++;
	if (is_turned)
		set_turn(&set);
	return part_of_set(r, set);
}

/* ---- groups ---- */

static struct part *read_choice(struct reader *r);

static struct part *close_group(struct reader *r, struct part *inner)
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
static struct part *read_look(struct reader *r, bool is_behind)
{
	const bool before = r->in_lookbehind;
	r->in_lookbehind = before || is_behind;
	struct part *inner = close_group(r, read_choice(r));
	r->in_lookbehind = before;
	if (!inner)
		return NULL;
	struct part *look = part_new(r, PART_REPEAT);
	look->least = 0;
	look->most = 1;
	look->is_possessive = true;
	part_add(r, look, inner);
	return look;
}

/* (?i) (?s-m: — flags change nothing that matters here, except x, which changes the syntax. */
static struct part *read_flags(struct reader *r)
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
static struct part *read_named(struct reader *r)
{
	while (r->at < r->s.n && r->s.p[r->at] != '>' && r->s.p[r->at] != ')')
		r->at++;
	r->at += reader_peek(r) == '>';
	return close_group(r, read_choice(r));
}

static struct part *read_group(struct reader *r)
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

static struct part *read_repeat(struct reader *r, struct part *atom)
{
	unsigned least, most;
	while (atom && read_quantifier(r, &least, &most)) {
		if (r->in_lookbehind)
			return reader_refuse(r, "a lookbehind has a quantifier; give it a fixed length");
		if (least > LIMIT_REGEX_REPEAT || (most != UINT32_MAX && most > LIMIT_REGEX_REPEAT))
			return reader_refuse(r, "a repeat is too large; use at most {0,200}");
		struct part *repeat = part_new(r, PART_REPEAT);
		repeat->least = least;
		repeat->most = most;
		repeat->is_possessive = reader_peek(r) == '+';
		r->at += reader_peek(r) == '+' || reader_peek(r) == '?';
		part_add(r, repeat, atom);
		atom = repeat;
	}
	return atom;
}

static struct part *read_atom(struct reader *r)
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
		return part_of_set(r, set_of_any);
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

static struct part *read_row(struct reader *r)
{
	struct part *row = part_new(r, PART_ROW);
	while (r->at < r->s.n && reader_peek(r) != '|' && reader_peek(r) != ')') {
		struct part *part = read_repeat(r, read_atom(r));
		if (!part)
			return NULL;
		part_add(r, row, part);
	}
	return row;
}

static struct part *read_choice(struct reader *r)
{
	struct part *row = read_row(r);
	if (!row || reader_peek(r) != '|')
		return row;
	struct part *choice = part_new(r, PART_CHOICE);
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

/* ---- edges: how a part can begin or end ---- */

/* Adds what `part` can begin (or end) with; true when it can be empty. */
static bool part_edge(const struct part *part, bool at_begin, struct set *out)
{
	bool is_empty = part->kind == PART_EMPTY;
	switch (part->kind) {
	case PART_SET:
		set_join(out, &part->set);
		return false;
	case PART_EDGE:
		set_join(out, &set_of_any); /* `a+$` tries every shorter a+ before it gives up */
		return true;
	case PART_ROW:
		for (size_t i = 0; i < part->n; i++)
			if (!part_edge(part->child[at_begin ? i : part->n - 1 - i], at_begin, out))
				return false;
		return true;
	case PART_CHOICE:
		for (size_t i = 0; i < part->n; i++)
			is_empty |= part_edge(part->child[i], at_begin, out);
		return is_empty;
	case PART_REPEAT:
		is_empty = part_edge(part->child[0], at_begin, out);
		return is_empty || part->least == 0;
	default:
		return true;
	}
}

/* ---- ways ---- */

#define WAYS_MOST 1e12

static double ways_of(const struct part *part, const struct set *follow);

static double ways_of_row(const struct part *part, const struct set *follow)
{
	double ways = 1;
	for (size_t i = 0; i < part->n && ways < WAYS_MOST; i++) {
		struct set next = { 0 };
		bool is_empty = true;
		for (size_t j = i + 1; j < part->n && is_empty; j++)
			is_empty = part_edge(part->child[j], true, &next);
		if (is_empty)
			set_join(&next, follow);
		ways *= ways_of(part->child[i], &next);
	}
	return ways;
}

static double ways_of_choice(const struct part *part, const struct set *follow)
{
	double sum = 0, most = 1;
	bool are_apart = true;
	struct set before = { 0 };
	for (size_t i = 0; i < part->n; i++) {
		struct set first = { 0 };
		const double ways = ways_of(part->child[i], follow);
		if (part_edge(part->child[i], true, &first) || sets_meet(&before, &first))
			are_apart = false;
		set_join(&before, &first);
		sum += ways;
		most = ways > most ? ways : most;
	}
	return are_apart ? most : sum;
}

static double ways_of_repeat(const struct part *part, const struct set *follow)
{
	struct set again = { 0 };
	const bool is_empty = part_edge(part->child[0], true, &again);
	const bool is_certain = !sets_meet(&again, follow);
	const unsigned most = part->most;
	struct set next = *follow;
	if (most > 1)
		set_join(&next, &again);
	const double inner = ways_of(part->child[0], &next);
	if (part->is_possessive && most == 1)
		return inner;
	if (is_empty && most == UINT32_MAX)
		return WAYS_MOST;
	double ways = most == UINT32_MAX ? WAYS_OF_STAR : (double)(most - part->least + 1);
	if (is_certain || part->is_possessive)
		ways = 1;
	if (inner > 1 && most > 64)
		return WAYS_MOST;
	for (unsigned i = 0; inner > 1 && i < most && ways < WAYS_MOST; i++)
		ways *= inner;
	return ways;
}

static double ways_of(const struct part *part, const struct set *follow)
{
	switch (part->kind) {
	case PART_ROW:
		return ways_of_row(part, follow);
	case PART_CHOICE:
		return ways_of_choice(part, follow);
	case PART_REPEAT:
		return ways_of_repeat(part, follow);
	default:
		return 1;
	}
}

/* ---- the literal ---- */

struct literals {
	struct str at[REGEX_LITERALS];
	size_t n;
	int weight; /* of the lightest: a Chinese character weighs two */
};

static int weight_of(struct str s)
{
	int weight = 0;
	for (size_t at = 0; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		weight += utf8_is_han(cp) ? 2 : utf8_is_word(cp);
	}
	return weight;
}

/* A literal of Latin letters is found at the beginning of words, so it must not stand inside one here. */
static void literals_offer(struct literals *best, struct str run, const struct set *before)
{
	size_t at = 0;
	if (run.n == 0 || (set_is_inside_word(before) && utf8_is_word(utf8_next(run, &at))))
		return;
	const int weight = weight_of(run);
	if (weight >= 2 && weight > best->weight)
		*best = (struct literals){ .at = { run }, .n = 1, .weight = weight };
}

static struct literals literals_of(struct arena *a, const struct part *part, struct set before);

static void literals_offer_part(struct arena *a, struct literals *best, const struct part *part, const struct set *before)
{
	const struct literals of = literals_of(a, part, *before);
	if (of.n > 0 && of.weight > best->weight)
		*best = of;
}

static struct literals literals_of_row(struct arena *a, const struct part *part, struct set before)
{
	struct literals best = { 0 };
	struct set at_run = before; /* what stands in front of the run */
	struct buf run;
	buf_init(&run, LIMIT_REGEX_BYTES);
	for (size_t i = 0; i < part->n; i++) {
		const struct part *child = part->child[i];
		struct set last = { 0 };
		if (child->kind == PART_SET && child->cp) {
			if (run.n == 0)
				at_run = before;
			utf8_add(&run, child->cp);
		} else {
			literals_offer(&best, arena_copy(a, buf_str(&run)), &at_run);
			buf_clear(&run);
			literals_offer_part(a, &best, child, &before);
		}
		if (child->kind == PART_EMPTY)
			continue; /* \b is told by the letters beside it */
		if (part_edge(child, false, &last))
			set_join(&last, &before);
		before = last;
	}
	literals_offer(&best, arena_copy(a, buf_str(&run)), &at_run);
	buf_release(&run);
	return best;
}

static struct literals literals_of(struct arena *a, const struct part *part, struct set before)
{
	struct literals all = { .weight = 1000 };
	if (part->kind == PART_ROW)
		return literals_of_row(a, part, before);
	if (part->kind == PART_REPEAT && part->least > 0)
		return literals_of(a, part->child[0], before);
	if (part->kind != PART_CHOICE)
		return (struct literals){ 0 };
	for (size_t i = 0; i < part->n; i++) {
		const struct literals one = literals_of(a, part->child[i], before);
		if (one.n == 0 || all.n + one.n > REGEX_LITERALS)
			return (struct literals){ 0 };
		memcpy(all.at + all.n, one.at, one.n * sizeof(one.at[0]));
		all.n += one.n;
		all.weight = one.weight < all.weight ? one.weight : all.weight;
	}
	return all;
}

/* ---- strings for a trial ---- */

/* A short text that `part` matches, or nearly: lookarounds are passed over. */
static void sample_write(const struct part *part, struct buf *out)
{
	const unsigned times = part->kind != PART_REPEAT                ? 1
			       : part->is_possessive && part->most == 1 ? 0
			       : part->least > 2                        ? part->least
									: 2;
	if (part->kind == PART_SET)
		utf8_add(out, part->cp ? part->cp : set_sample(&part->set));
	const size_t n = part->kind == PART_CHOICE ? 1 : part->n;
	for (unsigned i = 0; i < times && out->n < 256; i++)
		for (size_t j = 0; j < n; j++)
			sample_write(part->child[j], out);
}

/* The character that a repeat inside `part` repeats most gladly. */
static const struct part *first_repeat(const struct part *part)
{
	if (part->kind == PART_REPEAT && part->most > 1)
		return part;
	for (size_t i = 0; i < part->n; i++) {
		const struct part *found = first_repeat(part->child[i]);
		if (found)
			return found;
	}
	return NULL;
}

static void trials_make(struct arena *a, const struct part *whole, struct regex_shape *out)
{
	struct buf sample;
	buf_init(&sample, 1024);
	sample_write(whole, &sample);
	if (sample.n > 0)
		out->trial[out->ntrials++] = arena_copy(a, buf_str(&sample));
	if (sample.n > 1)
		out->trial[out->ntrials++] = arena_copy(a, str_cut_utf8(buf_str(&sample), sample.n - 1));
	const struct part *repeat = first_repeat(whole);
	buf_clear(&sample);
	if (repeat) {
		sample_write(repeat->child[0], &sample);
		out->trial[out->ntrials++] = arena_copy(a, buf_str(&sample));
	}
	out->trial[out->ntrials++] = STR("a");
	buf_release(&sample);
}

bool regex_shape_read(struct arena *a, struct str pattern, struct regex_shape *out, const char **why, size_t *column)
{
	struct reader r = { .a = a, .s = pattern };
	const struct set nothing = { 0 };
	*out = (struct regex_shape){ 0 };
	struct part *whole = pattern.n > LIMIT_REGEX_BYTES ? reader_refuse(&r, "it is longer than 512 bytes; make it shorter")
							   : read_choice(&r);
	if (whole && r.at < pattern.n)
		whole = reader_refuse(&r, "a ) has no (; write \\) for the sign");
	*column = r.at < pattern.n ? r.at : pattern.n;
	*why = r.why;
	if (!whole)
		return false;
	out->ways = ways_of(whole, &nothing);
	const struct literals best = literals_of(a, whole, nothing);
	memcpy(out->literal, best.at, sizeof(best.at));
	out->nliterals = best.n;
	trials_make(a, whole, out);
	return true;
}
