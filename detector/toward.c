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
#define NEXT_PLACES 0.5f /* "with X at Y": X is more surely scenery */
#define CUE_BYTES 64u /* on either side of a name */
#define CUED_NAMES 32u /* further names of a text are taken without their neighbours: keeps hostile texts cheap */
#define NAMES (RIVAL_NAMES + READING_MENTIONS)

/* ---- what stands beside a name ---- */

enum side { BEFORE, BEHIND, SIDE__N };
enum cue_kind { SAYS, THAN, ALIKE, CLEARS, LEADS, PLACES, OPPOSES };

static const struct stance_cue {
	const char *text;
	enum side side;
	int reach;
	enum cue_kind kind;
	float effect, other;
} cues[] = {
#define CUE(text, side, reach, kind, effect) { text, side, reach, kind, effect, 0 },
#define PAIR(text, side, reach, kind, effect, other) { text, side, reach, kind, effect, other },
#include "detector/toward.def"
#include "detector/scenery.def"
#undef CUE
#undef PAIR
};

#define CUES (sizeof(cues) / sizeof(cues[0]))
#define HEADS 512u

/* Chains of the cues that begin alike; 1 more than the place in `cues`, 0 = end. Filled by the first who asks. */
static struct {
	bool is_made;
	uint16_t head[HEADS], next[CUES];
} by_start;

struct name {
	struct place at;
	bool is_brand; /* else a rival */
	bool is_compared, is_alike, is_cleared, is_opposed;
	uint32_t start; /* where its part of the clause begins: at the words that belong to the name */
	float said; /* by the cues beside it */
	float placed; /* how surely it is only scenery: 1 = it is */
};

struct naming {
	struct reading *r;
	struct name *name; /* by place */
	size_t n;
};

/* The longest cue on one side: one that says something, and one that only sets the name against another. */
struct spot {
	const struct stance_cue *cue, *turn;
	uint32_t from;
};

static bool is_whole(struct str text, size_t from, size_t to)
{
	const bool opens = from == 0 || (unsigned char)text.p[from] >= 0x80 || !utf8_is_word((unsigned char)text.p[from - 1]);
	const bool closes = to >= text.n || (unsigned char)text.p[to - 1] >= 0x80 || !utf8_is_word((unsigned char)text.p[to]);
	return opens && closes;
}

/* The first character of Chinese, the first two bytes of Latin; texts of one byte begin no cue. */
static unsigned start_of(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;
	if (n < 2)
		return 0;
	return (u[0] < 0x80 || n < 3 ? u[0] * 17u + u[1] : u[0] * 5u + u[1] * 61u + u[2]) % HEADS;
}

static void cues_sort(void)
{
	for (size_t i = 0; i < CUES && !by_start.is_made; i++) {
		uint16_t *head = &by_start.head[start_of(cues[i].text, strlen(cues[i].text))];
		by_start.next[i] = *head;
		*head = (uint16_t)(i + 1);
	}
	by_start.is_made = true;
}

static bool is_longer(const struct stance_cue *cue, const struct stance_cue *than, bool is_before)
{
	const size_t n = strlen(cue->text), have = than ? strlen(than->text) : 0;
	return is_before ? n >= have : n > have; /* of equals the one nearer to the name */
}

static void cues_at(const struct reading *r, struct place side, struct place name, uint32_t at, struct spot *best)
{
	const struct str text = str_first(reading_text(r, side.field), side.to);
	const bool is_before = side.to <= name.from;
	for (unsigned i = by_start.head[start_of(text.p + at, text.n - at)]; i > 0; i = by_start.next[i - 1]) {
		const struct stance_cue *cue = &cues[i - 1];
		const size_t n = str_starts_word(str_from(text, at), cue->text);
		const uint32_t to = at + (uint32_t)n;
		const struct stance_cue **place = cue->kind == OPPOSES ? &best->turn : &best->cue;
		if (n == 0 || (cue->side == BEFORE) != is_before || !is_longer(cue, *place, is_before) ||
			!is_whole(reading_text(r, side.field), at, to) ||
			reading_distance(r, side.field, is_before ? to : name.to, is_before ? name.from : at) > cue->reach)
			continue;
		*place = cue;
		if (cue->kind != OPPOSES || !best->cue)
			best->from = at;
	}
}

static struct spot cues_find(const struct reading *r, struct place side, struct place name)
{
	struct spot best = { NULL, NULL, 0 };
	const struct str text = reading_text(r, side.field);
	cues_sort();
	for (uint32_t at = side.from; at < side.to; at++) {
		const unsigned char c = (unsigned char)text.p[at];
		const bool is_start =
			c >= 0xC0 || (c < 0x80 && (at == side.from || !utf8_is_word((unsigned char)text.p[at - 1])));
		if (is_start)
			cues_at(r, side, name, at, &best);
	}
	return best;
}

/* ---- who is named ---- */

static void name_add(void *into, struct place at)
{
	struct naming *g = into;
	for (size_t i = 0; i < g->n; i++)
		if (g->name[i].at.field == at.field && at.from < g->name[i].at.to && g->name[i].at.from < at.to)
			return;
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

static void name_take(struct name *name, struct name *before, const struct stance_cue *cue)
{
	if (cue->kind == LEADS && !(before && before->said < 0))
		return;
	if (cue->kind == PLACES) {
		name->placed += cue->effect;
		return;
	}
	name->said += cue->effect;
	name->is_compared = name->is_compared || cue->kind == THAN;
	name->is_alike = name->is_alike || cue->kind == ALIKE;
	name->is_cleared = name->is_cleared || cue->kind == CLEARS;
	if (before && before->said == 0)
		before->said = cue->other;
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
		const struct spot spot = cues_find(g->r, side[which], at);
		if (spot.cue)
			name_take(name, i > 0 ? &g->name[i - 1] : NULL, spot.cue);
		name->is_opposed = name->is_opposed || spot.turn;
		if ((spot.cue || spot.turn) && which == BEFORE)
			name->start = spot.from;
	}
}

/* "The former", 后者: one of the first two names once more. */
static void name_recall(struct naming *g)
{
	static const struct {
		const char *text;
		bool is_latter;
	} words[] = { { "前者", false }, { "后者", true }, { "the former", false }, { "the latter", true } };
	const struct naming first = *g;
	size_t second = 1;
	while (second < first.n && first.name[second].is_brand == first.name[0].is_brand)
		second++;
	if (second >= first.n)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && g->n < NAMES; i++) {
		const enum post_field field = first.name[second].at.field;
		const uint32_t behind = first.name[second].at.to;
		const ptrdiff_t at = str_find(str_from(reading_text(g->r, field), behind), str_of(words[i].text));
		if (at < 0)
			continue;
		const uint32_t from = behind + (uint32_t)at;
		g->name[g->n++] = (struct name){ .at = { field, from, from + (uint32_t)strlen(words[i].text) },
			.is_brand = first.name[words[i].is_latter ? second : 0].is_brand,
			.start = from };
	}
}

/* Do a name and the next one stand in one clause? */
static bool is_one_clause(const struct naming *g, size_t i)
{
	const struct place *a = &g->name[i].at, *b = &g->name[i + 1].at;
	return a->field == b->field && reading_clause_at(g->r, a->field, a->from) == reading_clause_at(g->r, b->field, b->from);
}

static struct naming naming_make(struct reading *r)
{
	struct naming g = { .r = r, .name = arena_list(r->a, struct name, NAMES) };
	r->rival_chance = rivals_find(r, name_add, &g);
	for (size_t i = 0; i < r->nmentions && g.n < NAMES; i++)
		g.name[g.n++] = (struct name){ .at = r->mention[i].at,
			.is_brand = true,
			.is_compared = r->mention[i].is_compared,
			.start = r->mention[i].at.from };
	qsort(g.name, g.n, sizeof(g.name[0]), name_order);
	name_recall(&g);
	qsort(g.name, g.n, sizeof(g.name[0]), name_order);
	for (size_t i = 0; i < g.n && i < CUED_NAMES; i++)
		name_listen(&g, i);
	for (size_t i = 0; i + 1 < g.n; i++)
		if (g.name[i].placed > 0 && g.name[i].is_brand != g.name[i + 1].is_brand && is_one_clause(&g, i))
			g.name[i].placed += NEXT_PLACES;
	return g;
}

/* ---- cutting between two names ---- */

/* "A and B", "A和B", "A、B": both are meant by what follows. */
static bool is_joined(const struct reading *r, const struct name *before, const struct name *name)
{
	static const char *const joints[] = { "and", "and the", "and my", "&", "or", "nor", "plus", "as well as", "/", "和", "跟",
		"与", "及", "同", "、", "还有", "以及", "还是", "或", "或者" };
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
			const bool belongs = !has_name || g->name[i].is_compared || g->name[i].is_alike ||
					     is_joined(r, &g->name[i - 1], &g->name[i]);
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
		*is_topic = *is_topic || (!name->is_compared && !name->is_alike);
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

/* One side: what the cues say of it, and whether it is more than scenery. */
static void stand(const struct naming *g, bool of_brand, struct standing *out)
{
	bool is_cleared = false, is_more = false;
	for (size_t i = 0; i < g->n; i++) {
		const struct name *name = &g->name[i];
		if (name->is_brand != of_brand)
			continue;
		is_cleared = is_cleared || name->is_cleared;
		is_more = is_more || name->placed < 1 || name->said != 0;
		out->said += name->is_cleared ? 0 : name->said;
		g->r->is_opposed = g->r->is_opposed || name->is_opposed;
	}
	out->is_cleared = is_cleared;
	out->is_scenery = !is_more;
}

static bool has_joint(const struct naming *g)
{
	for (size_t i = 1; i < g->n; i++)
		if (g->name[i].is_brand != g->name[i - 1].is_brand &&
			(g->name[i].is_alike || is_joined(g->r, &g->name[i - 1], &g->name[i])))
			return true;
	return false;
}

static void tell_names(const struct naming *g)
{
	struct reading *r = g->r;
	r->named = arena_list(r->a, struct named, g->n);
	for (size_t i = 0; i < g->n; i++)
		r->named[r->nnamed++] = (struct named){ g->name[i].at, g->name[i].is_brand };
}

void toward_weigh(struct reading *r)
{
	struct naming g = naming_make(r);
	cut_between(&g);
	r->has_rival = has_rival(&g);
	tell_names(&g);
	if (r->has_rival)
		share_by_topic(&g);
	else
		share_by_nearness(&g);
	stand(&g, true, &r->of_brand);
	stand(&g, false, &r->of_rival);
	r->is_joined = r->has_rival && has_joint(&g);
	/* "X is fine, but Y is bad": what turns the tale does not take from what was said of the brand by name */
	for (size_t i = 0; i < r->nclauses; i++)
		if (fabsf(r->clause[i].brand) >= NAMED_WEIGHT)
			r->clause[i].contrast = fmaxf(r->clause[i].contrast, 1);
}
