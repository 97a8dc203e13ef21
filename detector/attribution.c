/* From features and their weights to the words that spoke for an answer. */
#include "detector/attribution.h"

#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "common/text/weights.h"
#include "detector/sight.h"
#include "detector/stance.h"
#include "detector/word_run.h"

#define LABEL_MOST 2 /* reasons of the label */
#define CHANCE_LEAST 0.1f /* that the model gives an answer: of a less likely one something else is the reason */
#define EFFECT_LEAST 0.2f /* log odds: less explains nothing */

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
	struct word_units words;
	uint32_t *unit_of; /* by byte; a space belongs to the unit before it */
};

/* ---- units ---- */

/* Where in its field a byte of the sight stands; `part` goes on from that of the byte before. */
static struct place place_of(const struct sight *sight, size_t from, size_t to, size_t *part, size_t *begins)
{
	while (*part + 1 < sight->nparts && *begins + sight->part[*part].text.n <= from)
		*begins += sight->part[(*part)++].text.n;
	const struct place *at = &sight->part[*part].at;
	return (struct place){ at->field, at->from + (uint32_t)(from - *begins), at->from + (uint32_t)(to - *begins) };
}

static void cut(struct attributing *g, const struct sight *sight)
{
	bool is_open = false; /* the last unit is a word that may go on */
	size_t part = 0, begins = 0;
	for (size_t at = 0; at < g->text.n;) {
		const size_t from = at;
		const uint32_t cp = utf8_next(g->text, &at);
		const enum word_kind kind = word_kind_of(cp);
		const struct place there = place_of(sight, from, at, &part, &begins);
		const bool is_gap = cp == ' ' && g->words.n > 0 && g->words.unit[g->words.n - 1].kind == WORD_LATIN;
		if (!is_gap && !(is_open && kind == WORD_LATIN))
			g->words.unit[g->words.n++] = (struct word_unit){ .at = there, .kind = kind };
		if (!is_gap)
			g->words.unit[g->words.n - 1].at.to = there.to;
		is_open = kind == WORD_LATIN;
		for (size_t i = from; i < at; i++)
			g->unit_of[i] = (uint32_t)g->words.n - 1;
	}
}

static void attributing_make(struct attributing *g, struct reading *r)
{
	const struct sight *sight = sight_of(r);
	*g = (struct attributing){ .r = r, .text = sight->text, .features = &sight->features };
	g->byte = features_bytes(r->a, g->text);
	g->words.unit = arena_raw(r->a, (g->text.n + 1) * sizeof *g->words.unit);
	g->unit_of = arena_raw(r->a, (g->text.n + 1) * sizeof *g->unit_of);
	cut(g, sight);
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

/* ---- the reasons ---- */

static void share_out(struct attributing *g, const struct seen *s)
{
	for (size_t i = 0; i < g->words.n; i++)
		g->words.unit[i].effect = 0;
	for (size_t i = 0; i < s->n; i++)
		word_run_share(&g->words, s->unit[i][0], s->unit[i][1], s->effect[i]);
}

static struct attribution attribution_of(const struct reading *r, const struct word_run *run)
{
	const struct norm *n = &r->s->field[run->at.field];
	const struct str field = reading_text(r, run->at.field);
	return (struct attribution){
		.field = run->at.field,
		.from = n->origin[run->at.from],
		.to = n->origin_end[run->at.to - 1],
		.words = { field.p + run->at.from, run->at.to - run->at.from },
		.effect = run->effect,
	};
}

/* By what was shared out, the strongest first. */
static void explain(const struct reading *r, struct word_units *words, enum classes_known question, struct verdict *v)
{
	const bool is_label = question == CLASSES_LABEL;
	for (int k = 0; k < (is_label ? LABEL_MOST : 1); k++) {
		const struct word_run run = word_run_take(words);
		if (run.effect < EFFECT_LEAST)
			return;
		struct attribution *found = &v->attribution[v->nattributions++];
		*found = attribution_of(r, &run);
		found->question = classes_known_group[question];
		found->effect *= is_label && v->label == LABEL_NEGATIVE ? -1 : 1;
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
	share_out(g, s);
	explain(g->r, &g->words, question, v);
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
	share_out(g, &s);
	explain(g->r, &g->words, CLASSES_LABEL, v);
}

/* What speaks for this brand's label as seen from its side. */
static void explain_stance(struct reading *r, struct verdict *v)
{
	const enum label other = (enum label)runner_up(r->stance, LABEL__N, v->label);
	struct word_units words = stance_words(r, stance_model_shipped(), v->label, other);
	if (r->stance[v->label] >= CHANCE_LEAST)
		explain(r, &words, CLASSES_LABEL, v);
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
	if (v->label != LABEL_NEUTRAL && by == LABEL_BY_STANCE)
		explain_stance(r, v);
	if (v->nature != NAT_OTHER)
		explain_class(&g, &s, CLASSES_NATURE, heads->nature, v->nature, v);
	if (v->category != CAT_NONE)
		explain_class(&g, &s, CLASSES_CATEGORY, heads->category + 1, v->category - 1, v);
	if (v->urgency >= URG_HIGH)
		explain_class(&g, &s, CLASSES_URGENCY, heads->urgency, v->urgency, v);
}
