/* Weighs clauses for one brand when a text may name several: who is named where, what the words beside a name say of it, and
 * whose the clauses without a name are. */
#include "detector/toward.h"

#include "common/base/utf8.h"
#include "detector/rival.h"

#include <math.h>
#include <stdlib.h>

#define NAMED_WEIGHT 1.0f /* the clause that names it */
#define CARRIED_WEIGHT 0.8f /* a clause after it, until another one is named */
#define LEADING_WEIGHT 0.5f /* before anything is named: said of what is named first */
#define ELSEWHERE_WEIGHT 0.3f /* clauses without the name, when something is said beside it and nothing else is named */
#define COMPARED_WEIGHT -0.7f /* "better than X", for X */
#define CUE_BYTES 64u /* on either side of a name */
#define CUED_NAMES 32u /* further names of a text are taken without their neighbours: keeps hostile texts cheap */
#define NAMES (RIVAL_NAMES + READING_MENTIONS)

/* ---- what stands beside a name ---- */

enum side { BEFORE, BEHIND, SIDE__N };
enum cue_kind { SAYS, THAN, CLEARS, LEADS, OPPOSES };

static const struct stance_cue {
	struct str text;
	enum side side;
	int reach;
	enum cue_kind kind;
	float effect;
} cues[] = {
#define CUE(text, side, reach, kind, effect) { { text, sizeof(text) - 1 }, side, reach, kind, effect },
#include "detector/toward.def"
#undef CUE
};

struct name {
	struct place at;
	bool is_brand; /* else a rival */
	bool is_compared, is_cleared, is_opposed;
	uint32_t start; /* where its part of the clause begins: at the words that belong to the name */
	float said; /* by the cues beside it */
};

struct naming {
	struct reading *r;
	struct name *name; /* by place */
	size_t n;
};

struct spot {
	const struct stance_cue *cue;
	uint32_t from;
};

static bool is_whole(struct str text, size_t from, size_t to)
{
	const bool opens = from == 0 || (unsigned char)text.p[from] >= 0x80 || !utf8_is_word((unsigned char)text.p[from - 1]);
	const bool closes = to >= text.n || (unsigned char)text.p[to - 1] >= 0x80 || !utf8_is_word((unsigned char)text.p[to]);
	return opens && closes;
}

/* The occurrence of the cue nearest to the name; UINT32_MAX when there is none. */
static uint32_t cue_place(const struct reading *r, const struct stance_cue *cue, struct place side, struct place name)
{
	const struct str text = reading_text(r, side.field), needle = cue->text;
	uint32_t found = UINT32_MAX;
	for (uint32_t at = side.from; at + needle.n <= side.to; at++) {
		const uint32_t to = at + (uint32_t)needle.n;
		if (text.p[at] != needle.p[0] || !str_starts(str_from(text, at), needle) || !is_whole(text, at, to))
			continue;
		const bool is_before = cue->side == BEFORE;
		const int steps = reading_distance(r, side.field, is_before ? to : name.to, is_before ? name.from : at);
		if (steps <= cue->reach)
			found = at;
		if (steps <= cue->reach && !is_before)
			break;
	}
	return found;
}

/* Which pairs of bytes a stretch of text has: most cues are told by their first two that they are not there. */
struct byte_pairs {
	uint64_t seen[4];
};

static unsigned pair_of(const char *p)
{
	return ((unsigned char)p[0] * 7u + (unsigned char)p[1]) % 256;
}

static struct byte_pairs pairs_of(struct str text, struct place side)
{
	struct byte_pairs pairs = { { 0 } };
	for (uint32_t at = side.from; at + 1 < side.to; at++)
		pairs.seen[pair_of(text.p + at) / 64] |= 1ull << (pair_of(text.p + at) % 64);
	return pairs;
}

static bool pairs_have(const struct byte_pairs *pairs, struct str cue)
{
	return cue.n < 2 || (pairs->seen[pair_of(cue.p) / 64] >> (pair_of(cue.p) % 64) & 1);
}

static struct spot cue_find(const struct reading *r, enum side which, struct place side, struct place name)
{
	struct spot best = { NULL, 0 };
	const struct byte_pairs pairs = pairs_of(reading_text(r, side.field), side);
	for (size_t i = 0; i < sizeof(cues) / sizeof(cues[0]); i++) {
		if (cues[i].side != which || !pairs_have(&pairs, cues[i].text) ||
			(best.cue && cues[i].text.n <= best.cue->text.n))
			continue;
		const uint32_t at = cue_place(r, &cues[i], side, name);
		if (at != UINT32_MAX)
			best = (struct spot){ &cues[i], at };
	}
	return best;
}

/* ---- who is named ---- */

static void name_add(void *into, struct place at)
{
	struct naming *g = into;
	if (g->n < RIVAL_NAMES)
		g->name[g->n++] = (struct name){ .at = at, .start = at.from };
}

static int name_order(const void *a, const void *b)
{
	const struct place *x = &((const struct name *)a)->at, *y = &((const struct name *)b)->at;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* The clause of a name, without the names beside it. */
static struct place surroundings(const struct naming *g, size_t i)
{
	const struct place *at = &g->name[i].at;
	const struct clause *c = reading_clause_at(g->r, at->field, at->from);
	struct place around = c ? c->at : *at;
	if (i > 0 && g->name[i - 1].at.field == at->field && g->name[i - 1].at.to > around.from)
		around.from = g->name[i - 1].at.to < at->from ? g->name[i - 1].at.to : at->from;
	if (i + 1 < g->n && g->name[i + 1].at.field == at->field && g->name[i + 1].at.from < around.to)
		around.to = g->name[i + 1].at.from > at->to ? g->name[i + 1].at.from : at->to;
	if (at->from > around.from + CUE_BYTES)
		around.from = at->from - CUE_BYTES;
	if (around.to > at->to + CUE_BYTES)
		around.to = at->to + CUE_BYTES;
	return around;
}

static void name_take(struct name *name, const struct name *before, const struct stance_cue *cue)
{
	if (cue->kind == LEADS && !(before && before->said < 0))
		return;
	name->said += cue->effect;
	name->is_compared = name->is_compared || cue->kind == THAN;
	name->is_cleared = name->is_cleared || cue->kind == CLEARS;
	name->is_opposed = name->is_opposed || cue->kind == OPPOSES;
}

static void name_listen(struct naming *g, size_t i)
{
	struct name *name = &g->name[i];
	const struct place around = surroundings(g, i), at = name->at;
	const struct place side[SIDE__N] = {
		[BEFORE] = { at.field, around.from, at.from },
		[BEHIND] = { at.field, at.to, around.to },
	};
	for (int which = 0; which < SIDE__N; which++) {
		const struct spot spot = cue_find(g->r, (enum side)which, side[which], at);
		if (!spot.cue)
			continue;
		name_take(name, i > 0 ? &g->name[i - 1] : NULL, spot.cue);
		if (which == BEFORE)
			name->start = spot.from;
	}
}

static struct naming naming_make(struct reading *r)
{
	struct naming g = { .r = r, .name = arena_list(r->a, struct name, NAMES) };
	rivals_find(r, name_add, &g);
	for (size_t i = 0; i < r->nmentions && g.n < NAMES; i++)
		g.name[g.n++] = (struct name){ .at = r->mention[i].at,
			.is_brand = true,
			.is_compared = r->mention[i].is_compared,
			.start = r->mention[i].at.from };
	qsort(g.name, g.n, sizeof(g.name[0]), name_order);
	for (size_t i = 0; i < g.n && i < CUED_NAMES; i++)
		name_listen(&g, i);
	return g;
}

/* ---- cutting between two names ---- */

/* "A and B", "A和B", "A、B": both are meant by what follows. */
static bool is_joined(const struct reading *r, const struct name *before, const struct name *name)
{
	static const char *const joints[] = { "and", "&", "or", "和", "跟", "与", "、", "还有", "以及", "/", "nor" };
	if (before->at.field != name->at.field || before->at.to > name->at.from)
		return false;
	const struct str text = reading_text(r, name->at.field);
	const struct str between = str_trim((struct str){ text.p + before->at.to, name->at.from - before->at.to });
	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++)
		if (str_eqc(between, joints[i]))
			return true;
	return false;
}

/* Adds a clause, which ends at `to`; the rest of `from` stays. */
static void clause_push(struct reading *r, struct clause *from, uint32_t to)
{
	struct clause part = *from;
	part.at.to = to;
	from->at.from = to;
	r->clause[r->nclauses++] = part;
}

/* Cuts in front of every second name of a clause, unless it is one that the first is compared or joined with. */
static void cut_between(struct naming *g)
{
	struct reading *r = g->r;
	const struct clause *old = r->clause;
	const size_t nold = r->nclauses;
	r->clause = arena_raw(r->a, (nold + g->n) * sizeof(*r->clause));
	r->nclauses = 0;
	size_t i = 0;
	for (size_t c = 0; c < nold; c++) {
		struct clause rest = old[c];
		bool has_name = false;
		for (; i < g->n && g->name[i].at.field == rest.at.field && g->name[i].at.from < rest.at.to; i++) {
			const bool belongs = !has_name || g->name[i].is_compared || is_joined(r, &g->name[i - 1], &g->name[i]);
			if (!belongs && g->name[i].start > rest.at.from)
				clause_push(r, &rest, g->name[i].start);
			has_name = true;
		}
		clause_push(r, &rest, rest.at.to);
	}
}

/* ---- topics ---- */

struct topic {
	bool is_brand, is_rival;
};

static float side_weight(const struct naming *g, const struct clause *c, bool of_brand, bool *is_topic)
{
	float weight = 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct name *name = &g->name[i];
		if (name->is_brand != of_brand || name->at.field != c->at.field || name->at.from < c->at.from ||
			name->at.from >= c->at.to)
			continue;
		*is_topic = *is_topic || !name->is_compared;
		weight = name->is_cleared ? 0 : name->is_compared ? COMPARED_WEIGHT : NAMED_WEIGHT;
	}
	return weight;
}

static bool is_named(const struct naming *g, const struct clause *c)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->name[i].at.field == c->at.field && g->name[i].at.from >= c->at.from && g->name[i].at.from < c->at.to)
			return true;
	return false;
}

/* A clause is about what it names, and one without a name about what the one before it was about. What comes before all names
 * is about the first. */
static void share_by_topic(const struct naming *g)
{
	struct topic now = { g->name[0].is_brand, !g->name[0].is_brand };
	float carried = LEADING_WEIGHT;
	for (size_t i = 0; i < g->r->nclauses; i++) {
		struct clause *c = &g->r->clause[i];
		struct topic named = { false, false };
		c->brand = side_weight(g, c, true, &named.is_brand);
		c->rival = side_weight(g, c, false, &named.is_rival);
		if (named.is_brand || named.is_rival) {
			now = named;
			carried = CARRIED_WEIGHT;
			continue;
		}
		const float whole = is_named(g, c) ? NAMED_WEIGHT : carried;
		c->brand = c->brand != 0 ? c->brand : now.is_brand ? whole : 0;
		c->rival = c->rival != 0 ? c->rival : now.is_rival ? whole : 0;
	}
}

static bool has_opinion(const struct reading *r, const struct clause *c)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		const bool is_reproach = m->rule->list == LIST_COMPLAINT && m->rule->weight >= TOPIC_BELOW;
		const bool is_opinion = m->rule->list == LIST_SENTIMENT || is_reproach;
		if (is_opinion && m->field == c->at.field && m->norm_from >= c->at.from && m->norm_from < c->at.to)
			return true;
	}
	return false;
}

/* Nothing else is named: what is said beside the name counts most; when nothing is, the whole text does. */
static void share_by_nearness(const struct naming *g)
{
	struct reading *r = g->r;
	bool is_near = false;
	for (size_t i = 0; i < r->nclauses; i++) {
		struct clause *c = &r->clause[i];
		bool is_topic = false;
		const float weight = side_weight(g, c, true, &is_topic);
		c->brand = is_named(g, c) ? weight : ELSEWHERE_WEIGHT;
		is_near = is_near || (is_named(g, c) && (weight <= 0 || has_opinion(r, c)));
	}
	for (size_t i = 0; i < r->nclauses && !is_near; i++)
		r->clause[i].brand = 1;
}

static bool has_rival(const struct naming *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (!g->name[i].is_brand)
			return true;
	return false;
}

void toward_weigh(struct reading *r)
{
	struct naming g = naming_make(r);
	cut_between(&g);
	if (has_rival(&g))
		share_by_topic(&g);
	else
		share_by_nearness(&g);
	for (size_t i = 0; i < g.n; i++) {
		const struct name *name = &g.name[i];
		r->is_opposed = r->is_opposed || name->is_opposed;
		if (name->is_cleared)
			continue;
		*(name->is_brand ? &r->said_of_brand : &r->said_of_rival) += name->said;
	}
	/* "X is fine, but Y is bad": what turns the tale does not take from what was said of the brand by name */
	for (size_t i = 0; i < r->nclauses; i++)
		if (fabsf(r->clause[i].brand) >= NAMED_WEIGHT)
			r->clause[i].contrast = fmaxf(r->clause[i].contrast, 1);
}
