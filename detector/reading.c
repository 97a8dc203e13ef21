/* Cutting a text into clauses and weighing them for one brand. */
#include "detector/reading.h"

#include "common/base/utf8.h"
#include "detector/toward.h"

#include <math.h>

#define COMPARED_BYTES 8u /* quotes and spaces between "than" and X */
#define BEFORE_BUT 0.6f /* what stands before "but" in its sentence */
#define LEAST_CONTRAST 0.3f /* however many buts there are */
#define MOST_CONTRAST 2.0f

struct str reading_text(const struct reading *r, enum post_field field)
{
	return r->s->field[field].text;
}

void reading_explain(struct reading *r, const struct match *m, float effect, bool negated)
{
	r->reason[r->nreasons++] = (struct reason){ m, effect, negated };
}

int reading_distance(const struct reading *r, enum post_field field, uint32_t from, uint32_t to)
{
	struct str text = str_first(reading_text(r, field), to);
	int steps = 0;
	bool in_word = false;
	for (size_t at = from; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		bool is_word = utf8_is_word(cp) || cp == '\'';
		steps += is_word ? !in_word : utf8_is_han(cp);
		in_word = is_word;
	}
	return steps;
}

/* ---- borders ---- */

enum border { BORDER_NONE, BORDER_CLAUSE, BORDER_SENTENCE, BORDER_QUESTION };

struct cutter {
	struct reading *r;
	enum post_field field;
	struct str original;
	size_t original_at; /* byte of the original … */
	uint32_t original_index; /* … and its code point: moves forward with the cutting */
	uint32_t from;
	int sentence;
	size_t match; /* next match to look at, for "but" as a border */
};

/* Line breaks became spaces; the original is asked only where a fold says that there was more than a space. */
static bool was_line_break(struct cutter *c, const struct norm *n, size_t at)
{
	if (!(n->folds[at] & FOLD_SPACE))
		return false;
	bool has_break = false;
	while (c->original_index < n->origin_end[at] && c->original_at < c->original.n) {
		bool is_inside = c->original_index >= n->origin[at];
		has_break = has_break || (is_inside && c->original.p[c->original_at] == '\n');
		(void)utf8_next(c->original, &c->original_at);
		c->original_index++;
	}
	return has_break;
}

static bool is_digit_at(struct str s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static enum border border_ascii(struct str text, size_t at)
{
	char c = text.p[at];
	bool at_end = at + 1 >= text.n;
	switch (c) {
	case '!':
	case ';':
		return BORDER_SENTENCE;
	case '?':
		return BORDER_QUESTION;
	case '.':
		return at_end || text.p[at + 1] == ' ' || text.p[at + 1] == '.' || (unsigned char)text.p[at + 1] >= 0x80
			       ? BORDER_SENTENCE
			       : BORDER_NONE;
	case ',':
	case ':':
		return is_digit_at(text, at + 1) || (!at_end && text.p[at + 1] == '/') ? BORDER_NONE : BORDER_CLAUSE;
	case '(':
	case ')':
	case '~':
		return BORDER_CLAUSE;
	default:
		return BORDER_NONE;
	}
}

/* A space between two Han characters stands for a comma. */
static bool is_chinese_pause(struct str text, size_t at)
{
	if (at == 0 || at + 1 >= text.n)
		return false;
	size_t next = at + 1;
	return (unsigned char)text.p[at - 1] >= 0x80 && utf8_is_han(utf8_next(text, &next));
}

static enum border border_at(struct cutter *cutter, const struct norm *n, size_t at)
{
	unsigned char c = (unsigned char)n->text.p[at];
	if (c == ' ')
		return was_line_break(cutter, n, at)   ? BORDER_SENTENCE
		       : is_chinese_pause(n->text, at) ? BORDER_CLAUSE
						       : BORDER_NONE;
	if (c < 0x80)
		return border_ascii(n->text, at);
	struct str rest = str_from(n->text, at);
	if (str_starts(rest, STR("。")))
		return BORDER_SENTENCE;
	return str_starts(rest, STR("、")) || str_starts(rest, STR("—")) ? BORDER_CLAUSE : BORDER_NONE;
}

/* ---- cutting ---- */

static void cutter_add(struct cutter *c, uint32_t to)
{
	struct reading *r = c->r;
	if (to <= c->from)
		return;
	if (r->nclauses == READING_CLAUSES && r->clause[r->nclauses - 1].at.field == c->field)
		r->clause[r->nclauses - 1].at.to = to;
	if (r->nclauses < READING_CLAUSES)
		r->clause[r->nclauses++] =
			(struct clause){ .at = { c->field, c->from, to }, .sentence = c->sentence, .brand = 1, .contrast = 1 };
	c->from = to;
}

static void sentence_is_question(struct reading *r, int sentence)
{
	for (size_t i = r->nclauses; i-- > 0 && r->clause[i].sentence == sentence;)
		r->clause[i].is_question = true;
}

/* A word like "but" or "although"; weight 0 is a comparison, weight 1 only looks like one of them. */
static bool is_turn(const struct match *m)
{
	return m->rule->list == LIST_CONTRAST && m->rule->weight > 0 && m->rule->weight != 1;
}

#define NO_TURN UINT32_MAX

/* Where the next such word begins, at this byte or behind it. */
static uint32_t next_turn(struct cutter *c, uint32_t at)
{
	const struct scanned *s = c->r->s;
	for (; c->match < s->n && s->match[c->match].field <= c->field; c->match++) {
		const struct match *m = &s->match[c->match];
		if (m->field == c->field && m->norm_from >= at && is_turn(m))
			return m->norm_from;
	}
	return NO_TURN;
}

/* Bytes that a border can begin with; a space only behind Chinese, or where white space was folded. */
#define MAY_BE_BORDER 1u
#define IS_SPACE 2u
static const unsigned char border_bytes[256] = {
	[' '] = IS_SPACE,
	['!'] = MAY_BE_BORDER,
	[';'] = MAY_BE_BORDER,
	['?'] = MAY_BE_BORDER,
	['.'] = MAY_BE_BORDER,
	[','] = MAY_BE_BORDER,
	[':'] = MAY_BE_BORDER,
	['('] = MAY_BE_BORDER,
	[')'] = MAY_BE_BORDER,
	['~'] = MAY_BE_BORDER,
	[0xE3] = MAY_BE_BORDER, /* 。 and 、 */
	[0xE2] = MAY_BE_BORDER, /* — */
};

/* The places that may be borders, text.n for the end of them: found without a branch that depends on the text. */
static const uint32_t *border_places(struct arena *a, const struct norm *n)
{
	uint32_t *place = arena_raw(a, (n->text.n + 1) * sizeof(*place));
	const unsigned char *p = (const unsigned char *)n->text.p;
	size_t found = 0;
	unsigned before = 0;
	for (size_t at = 0; at < n->text.n; at++) {
		const unsigned what = border_bytes[p[at]];
		place[found] = (uint32_t)at;
		found += (what | (what >> 1 & (before >> 7 | n->folds[at] / FOLD_SPACE))) & 1;
		before = p[at];
	}
	place[found] = (uint32_t)n->text.n;
	return place;
}

static void cut_at_border(struct cutter *c, const struct norm *n, uint32_t at)
{
	const enum border border = border_at(c, n, at);
	if (border == BORDER_NONE)
		return;
	cutter_add(c, at + 1);
	if (border == BORDER_QUESTION)
		sentence_is_question(c->r, c->sentence);
	if (border != BORDER_CLAUSE)
		c->sentence++;
}

static void cut_field(struct cutter *c, enum post_field field)
{
	struct reading *r = c->r;
	const struct norm *n = &r->s->field[field];
	c->field = field;
	c->original = field == POST_TITLE ? r->post->title : r->post->text;
	c->original_at = c->original_index = c->from = 0;
	c->sentence++;
	uint32_t turn = next_turn(c, 0);
	for (const uint32_t *at = border_places(r->a, n); *at < n->text.n; at++) {
		for (; turn <= *at; turn = next_turn(c, turn + 1))
			cutter_add(c, turn);
		cut_at_border(c, n, *at);
	}
	for (; turn < n->text.n; turn = next_turn(c, turn + 1))
		cutter_add(c, turn);
	cutter_add(c, (uint32_t)n->text.n);
}

/* ---- contrast ---- */

static struct clause *clause_at(const struct reading *r, enum post_field field, uint32_t at)
{
	size_t low = 0, high = r->nclauses;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct place *p = &r->clause[middle].at;
		bool is_before = p->field != field ? p->field < field : p->to <= at;
		if (is_before)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->nclauses ? &r->clause[low] : NULL;
}

const struct clause *reading_clause(const struct reading *r, const struct match *m)
{
	return clause_at(r, m->field, m->norm_from);
}

const struct clause *reading_clause_at(const struct reading *r, enum post_field field, uint32_t at)
{
	return clause_at(r, field, at);
}

/* "A but B": A weighs less, B to the end of its sentence more. A "But" that opens a sentence weighs on the sentence before. */
static void weigh_contrast(struct reading *r, const struct match *m)
{
	struct clause *c = clause_at(r, m->field, m->norm_from);
	if (!c)
		return;
	float weight = m->rule->weight;
	size_t at = (size_t)(c - r->clause);
	if (weight < 1) {
		c->contrast = fmaxf(c->contrast * weight, LEAST_CONTRAST);
		return;
	}
	int before = at > 0 && r->clause[at - 1].sentence != c->sentence ? r->clause[at - 1].sentence : c->sentence;
	for (size_t i = at; i-- > 0 && r->clause[i].sentence == before;)
		r->clause[i].contrast = fmaxf(r->clause[i].contrast * BEFORE_BUT, LEAST_CONTRAST);
	for (size_t i = at; i < r->nclauses && r->clause[i].sentence == c->sentence; i++)
		r->clause[i].contrast = fminf(r->clause[i].contrast * weight, MOST_CONTRAST);
}

/* ---- mentions ---- */

void reading_mention(struct reading *r, struct place at)
{
	if (!r->mention)
		r->mention = arena_list(r->a, struct mention, READING_MENTIONS);
	if (r->nmentions < READING_MENTIONS)
		r->mention[r->nmentions++] = (struct mention){ .at = at };
}

/* Does a comparing word (contrast list, weight 0) end right before the mention? */
static void mention_compare(const struct reading *r, struct mention *mention)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list != LIST_CONTRAST || m->rule->weight > 0 || m->field != mention->at.field)
			continue;
		if (m->norm_to <= mention->at.from && mention->at.from - m->norm_to <= COMPARED_BYTES &&
			reading_distance(r, m->field, m->norm_to, mention->at.from) == 0)
			mention->is_compared = true;
	}
}

void reading_make(struct reading *r)
{
	struct cutter c = { .r = r };
	size_t bytes = reading_text(r, POST_TITLE).n + reading_text(r, POST_TEXT).n;
	r->clause = arena_raw(r->a, (bytes < READING_CLAUSES ? bytes + 1 : READING_CLAUSES) * sizeof(*r->clause));
	for (int field = 0; field < POST_FIELD__N; field++)
		cut_field(&c, (enum post_field)field);
	for (size_t i = 0; i < r->s->n; i++)
		if (is_turn(&r->s->match[i]))
			weigh_contrast(r, &r->s->match[i]);
	for (size_t i = 0; i < r->nmentions; i++)
		mention_compare(r, &r->mention[i]);
	r->reason = arena_raw(r->a, (r->s->n * 2 + 1) * sizeof(*r->reason));
	if (r->nmentions > 0)
		toward_weigh(r);
}
