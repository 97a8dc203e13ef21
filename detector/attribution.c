/* From features and their weights to the words that spoke for an answer. */
#include "detector/attribution.h"

#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "common/text/weights.h"
#include "detector/sight.h"

#include <math.h>

#define WORDS_MOST 3 /* of one run … */
#define IDEOGRAPHS_MOST 4 /* … if not of these */
#define LABEL_MOST 2 /* reasons of the label */
#define CHANCE_LEAST 0.1f /* that the model gives an answer: of a less likely one something else is the reason */
#define EFFECT_LEAST 0.2f /* log odds: less explains nothing */
#define EMOJI_FROM 0x1F000u

enum unit_kind { UNIT_WALL, UNIT_WORD, UNIT_IDEOGRAPH };

/* An ideograph, a word, or something that no run goes across. */
struct unit {
	uint32_t from, to; /* bytes of the sight's text */
	enum unit_kind kind;
	float effect;
};

/* The features that a part of the model has weights for. */
struct seen {
	const int8_t **row;
	uint32_t (*unit)[2]; /* the first and the last that each lies on */
	float *effect; /* for the question at hand */
	size_t n;
};

struct attributing {
	struct reading *r;
	struct str text;
	const struct features *features;
	const uint32_t *byte; /* by code point */
	struct unit *unit;
	size_t n;
	uint32_t *unit_of; /* by byte; a space belongs to the unit before it */
};

/* ---- units ---- */

static enum unit_kind kind_of(uint32_t cp)
{
	if (utf8_is_han(cp) || cp >= EMOJI_FROM)
		return UNIT_IDEOGRAPH;
	return utf8_is_word(cp) || cp == '\'' ? UNIT_WORD : UNIT_WALL;
}

static void cut(struct attributing *g)
{
	bool is_open = false; /* the last unit is a word that may go on */
	for (size_t at = 0; at < g->text.n;) {
		const uint32_t from = (uint32_t)at, cp = utf8_next(g->text, &at);
		const enum unit_kind kind = kind_of(cp);
		const bool is_gap = cp == ' ' && g->n > 0 && g->unit[g->n - 1].kind == UNIT_WORD;
		if (!is_gap && !(is_open && kind == UNIT_WORD))
			g->unit[g->n++] = (struct unit){ .from = from, .kind = kind };
		if (!is_gap)
			g->unit[g->n - 1].to = (uint32_t)at;
		is_open = kind == UNIT_WORD;
		for (size_t i = from; i < at; i++)
			g->unit_of[i] = (uint32_t)g->n - 1;
	}
}

static void attributing_make(struct attributing *g, struct reading *r)
{
	const struct sight *sight = sight_of(r);
	*g = (struct attributing){ .r = r, .text = sight->text, .features = &sight->features };
	g->byte = features_bytes(r->a, g->text);
	g->unit = arena_raw(r->a, (g->text.n + 1) * sizeof *g->unit);
	g->unit_of = arena_raw(r->a, (g->text.n + 1) * sizeof *g->unit_of);
	cut(g);
}

/* ---- rows ---- */

static struct seen seen_new(struct arena *a, size_t most)
{
	return (struct seen){
		.row = arena_raw(a, (most + 1) * sizeof(int8_t *)),
		.unit = arena_raw(a, (most + 1) * sizeof(uint32_t[2])),
		.effect = arena_raw(a, (most + 1) * sizeof(float)),
	};
}

static void see(const struct attributing *g, size_t feature, const int8_t *row, struct seen *s)
{
	const struct features_place *p = &g->features->place[feature];
	if (row == NULL)
		return;
	s->row[s->n] = row;
	s->unit[s->n][0] = g->unit_of[g->byte[p->from]];
	s->unit[s->n][1] = g->unit_of[g->byte[p->to] - 1];
	s->n++;
}

static struct seen seen_by_classes(const struct attributing *g)
{
	struct seen s = seen_new(g->r->a, g->features->n);
	for (size_t i = 0; i < g->features->n; i++)
		see(g, i, classes_row(&g->r->book->weights->classes, g->features->bucket[i]), &s);
	return s;
}

static struct seen seen_by_mood(const struct attributing *g)
{
	struct seen s = seen_new(g->r->a, g->features->n);
	for (size_t i = 0; i < g->features->n; i++)
		see(g, i, weights_row(g->r->book->weights, g->features->bucket[i]), &s);
	return s;
}

/* ---- the run that says most ---- */

static void share_out(struct attributing *g, const struct seen *s)
{
	for (size_t i = 0; i < g->n; i++)
		g->unit[i].effect = 0;
	for (size_t i = 0; i < s->n; i++) {
		const uint32_t first = s->unit[i][0], last = s->unit[i][1];
		const float part = first == last ? s->effect[i] : s->effect[i] / (float)(last - first + 1);
		for (uint32_t u = first; u <= last; u++)
			g->unit[u].effect += part;
	}
}

struct run {
	size_t from, to; /* units */
	float effect, worth;
};

/* A Chinese word has two characters: a single one is no shorter. */
static float length_of(const struct attributing *g, size_t from, size_t to)
{
	return (float)(to - from == 1 && g->unit[from].kind == UNIT_IDEOGRAPH ? 2 : to - from);
}

static struct run best_run(const struct attributing *g)
{
	struct run best = { 0 };
	for (size_t from = 0; from < g->n; from++) {
		const size_t most = from + (g->unit[from].kind == UNIT_WORD ? WORDS_MOST : IDEOGRAPHS_MOST);
		float effect = 0;
		for (size_t to = from; to < g->n && to < most && g->unit[to].kind != UNIT_WALL; to++) {
			effect += g->unit[to].effect;
			/* by the root of its length: else every run would be as long as it may */
			const float worth = effect / sqrtf(length_of(g, from, to + 1));
			if (worth > best.worth)
				best = (struct run){ from, to + 1, effect, worth };
		}
	}
	return best;
}

/* ---- its place ---- */

/* A run goes across no wall, and what stands for a name or between fields is one: so it lies in one part. */
static void place(const struct attributing *g, const struct run *run, struct attribution *out)
{
	const struct sight *sight = g->r->sight;
	const uint32_t from = g->unit[run->from].from, to = g->unit[run->to - 1].to;
	size_t i = 0, begins = 0;
	while (i + 1 < sight->nparts && begins + sight->part[i].text.n <= from)
		begins += sight->part[i++].text.n;
	const struct place *at = &sight->part[i].at;
	const struct norm *n = &g->r->s->field[at->field];
	const size_t norm_from = at->from + (from - begins), norm_to = norm_from + (to - from);
	out->field = at->field;
	out->from = n->origin[norm_from];
	out->to = n->origin_end[norm_to - 1];
	out->words = (struct str){ g->text.p + from, to - from };
}

/* Up to `most` reasons by the effects at hand, the strongest first. */
static void explain(
	struct attributing *g, const struct seen *s, enum classes_known question, float sign, size_t most, struct verdict *v)
{
	share_out(g, s);
	for (size_t k = 0; k < most; k++) {
		const struct run run = best_run(g);
		if (run.effect < EFFECT_LEAST)
			return;
		struct attribution *found = &v->attribution[v->nattributions++];
		*found = (struct attribution){ .question = classes_known_group[question], .effect = sign * run.effect };
		place(g, &run, found);
		for (size_t u = run.from; u < run.to; u++)
			g->unit[u].effect = 0;
	}
}

/* ---- the questions ---- */

/* The likeliest of the other classes. */
static size_t runner_up(const float *chance, size_t n, size_t class)
{
	size_t best = class == 0 ? 1 : 0;
	for (size_t k = 0; k < n; k++)
		if (k != class && chance[k] > chance[best])
			best = k;
	return best;
}

/* `chance`: of the classes of the group. */
static void explain_class(
	struct attributing *g, struct seen *s, enum classes_known question, const float *chance, size_t class, struct verdict *v)
{
	const struct classes *c = &g->r->book->weights->classes;
	const struct classes_group *group = classes_known(c, question);
	if (!group || chance[class] < CHANCE_LEAST)
		return;
	classes_effects(c, group->first + class, group->first + runner_up(chance, group->n, class), s->row, s->n, s->effect);
	if (question == CLASSES_LABEL)
		explain(g, s, question, class == LABEL_NEGATIVE ? -1 : 1, LABEL_MOST, v);
	else
		explain(g, s, question, 1, 1, v);
}

/* The head that tells positive from negative. */
static void explain_mood(struct attributing *g, struct verdict *v)
{
	struct seen s = seen_by_mood(g);
	const bool is_chinese = lang_is_chinese(lang_guess(g->text, STR("")));
	const float sign = v->label == LABEL_NEGATIVE ? -1 : 1;
	weights_effects(g->r->book->weights, s.row, s.n, is_chinese ? WEIGHTS_ZH_POSITIVE : WEIGHTS_EN_POLAR, s.effect);
	for (size_t i = 0; i < s.n; i++)
		s.effect[i] *= sign;
	explain(g, &s, CLASSES_LABEL, sign, LABEL_MOST, v);
}

static bool has_answer(const struct verdict *v)
{
	return v->label != LABEL_NEUTRAL || v->nature != NAT_OTHER || v->category != CAT_NONE || v->urgency >= URG_HIGH;
}

void attribution_find(struct reading *r, const struct heads *heads, enum label_by by, struct verdict *v)
{
	struct attributing g;
	if (!r->book->weights || !has_answer(v))
		return;
	attributing_make(&g, r);
	struct seen s = seen_by_classes(&g);
	if (v->label != LABEL_NEUTRAL && by == LABEL_BY_HEAD)
		explain_class(&g, &s, CLASSES_LABEL, heads->label, v->label, v);
	if (v->label != LABEL_NEUTRAL && by == LABEL_BY_MOOD)
		explain_mood(&g, v);
	if (v->nature != NAT_OTHER)
		explain_class(&g, &s, CLASSES_NATURE, heads->nature, v->nature, v);
	if (v->category != CAT_NONE)
		explain_class(&g, &s, CLASSES_CATEGORY, heads->category + 1, v->category - 1, v);
	if (v->urgency >= URG_HIGH)
		explain_class(&g, &s, CLASSES_URGENCY, heads->urgency, v->urgency, v);
}
