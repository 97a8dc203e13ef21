/* Labelled texts to weights: liblinear per head, held-out folds for the report and for Platt's calibration, then int8. */
#include "detector/train.h"

#include "common/text/lang.h"
#include "common/text/normalise.h"
#include "detector/mood.h"
#include <earshot/limits.h>

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#define FOLDS 3
#define LEAST_ROWS 20 /* of each side of a head */
#define SEED 1
#define COST 0.5 /* by held-out folds: 0.2 and 2 are worse, class weights and logistic regression no better */
#define NEWTON_STEPS 50

struct train_row {
	struct feature_node *x;
	uint64_t hash; /* of the normalised text: which fold it is in */
	enum label label;
	unsigned facts; /* label and kind as bits */
	bool is_chinese;
	struct mood_cues cues; /* of its own signs: the word lists are not asked */
	float score[WEIGHTS_HEADS]; /* held-out, calibrated */
};

const char *const train_kind_names[TRAIN_KIND__N] = {
	[TRAIN_KIND_OTHER] = "other",
	[TRAIN_KIND_SERVICE] = "service",
	[TRAIN_KIND_REVIEW] = "review",
};

/* Labels and kinds as bits: what a head tells from what. */
#define NEG (1u << LABEL_NEGATIVE)
#define NEU (1u << LABEL_NEUTRAL)
#define POS (1u << LABEL_POSITIVE)
#define KIND(k) (1u << (LABEL__N + (k)))

static const struct {
	bool is_chinese;
	unsigned yes, no;
} heads[WEIGHTS_HEAD__N] = {
	[WEIGHTS_ZH_POSITIVE] = { true, POS, NEG },
	[WEIGHTS_ZH_NEUTRAL] = { true, NEU, NEG | POS },
	[WEIGHTS_EN_NEGATIVE] = { false, NEG, NEU | POS },
	[WEIGHTS_EN_NEUTRAL] = { false, NEU, NEG | POS },
	[WEIGHTS_EN_POSITIVE] = { false, POS, NEG | NEU },
	[WEIGHTS_EN_POLAR] = { false, POS, NEG },
	[WEIGHTS_EN_SERVICE] = { false, KIND(TRAIN_KIND_SERVICE), KIND(TRAIN_KIND_REVIEW) },
};

/* ---- rows ---- */

void train_init(struct train *t)
{
	*t = (struct train){ .known_room = 2 * LIMIT_TRAIN_TEXTS };
	arena_init(&t->text, LIMIT_ARENA_BYTES);
	t->known = calloc(t->known_room, sizeof *t->known);
	if (!t->known)
		abort();
}

void train_release(struct train *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->row[i].x);
	free(t->row);
	free(t->known);
	arena_release(&t->text);
}

/* False when it was known already. At most half of the table is used: LIMIT_TRAIN_TEXTS sees to it. */
static bool know(struct train *t, uint64_t hash)
{
	size_t at = hash % t->known_room;
	hash += hash == 0;
	while (t->known[at] != 0 && t->known[at] != hash)
		at = (at + 1) % t->known_room;
	if (t->known[at] == hash || t->nknown >= t->known_room / 2)
		return false;
	t->known[at] = hash;
	t->nknown++;
	return true;
}

static struct str prepared(struct train *t, struct str text)
{
	arena_reset(&t->text);
	return normalise_text(&t->text, str_cut_utf8(text, LIMIT_TEXT_BYTES));
}

bool train_forbid(struct train *t, struct str text)
{
	return know(t, str_hash(prepared(t, text)));
}

static int by_bucket(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* In the order that liblinear wants. */
static struct feature_node *nodes(struct features *f)
{
	struct feature_node *x = malloc((f->n + 1) * sizeof *x);
	if (!x)
		abort();
	qsort(f->bucket, f->n, sizeof *f->bucket, by_bucket);
	for (size_t i = 0; i < f->n; i++)
		x[i] = (struct feature_node){ .index = (int)f->bucket[i] + 1 };
	x[f->n] = (struct feature_node){ .index = -1 };
	return x;
}

void train_add(struct train *t, struct str text, enum label label, enum train_kind kind)
{
	struct features f;
	const struct str normalised = prepared(t, text);
	const uint64_t hash = str_hash(normalised);
	if (!know(t, hash)) {
		t->repeated++;
		return;
	}
	if (t->n == t->room) {
		t->room = t->room > 0 ? t->room * 2 : 1024;
		t->row = realloc(t->row, t->room * sizeof *t->row);
		if (!t->row)
			abort();
	}
	features_make(&t->text, normalised, &f);
	t->row[t->n++] = (struct train_row){
		.x = nodes(&f),
		.hash = hash,
		.label = label,
		.facts = 1u << label | KIND(kind),
		.is_chinese = lang_is_chinese(lang_guess(text, STR(""))),
		.cues = mood_cues_of(normalised, 0),
	};
}

/* ---- one head ---- */

static void count_texts(const struct train *t, double *texts_with)
{
	for (size_t i = 0; i < t->n; i++)
		for (const struct feature_node *x = t->row[i].x; x->index > 0; x++)
			texts_with[x->index - 1]++;
}

/* The square of 1 + log(texts / texts with the feature), as a share of the largest there can be. */
static int8_t rarity_of(double texts, double with)
{
	const double most = 1 + log(1 + texts), is = 1 + log((1 + texts) / (1 + with));
	return (int8_t)fmax(1, round(127 * is * is / (most * most)));
}

/* Rare features say more than what every text has. Rows get norm 1: the trainer needs many times as long without. */
static void weigh_rows(struct train *t, int8_t *rows)
{
	double *texts_with = calloc(FEATURES_BUCKETS, sizeof *texts_with);
	if (!texts_with)
		abort();
	count_texts(t, texts_with);
	for (size_t i = 0; i < FEATURES_BUCKETS; i++)
		rows[i * WEIGHTS_HEADS + WEIGHTS_RARITY] = rarity_of((double)t->n, texts_with[i]);
	free(texts_with);
	for (size_t i = 0; i < t->n; i++) {
		double sum = 0;
		for (const struct feature_node *x = t->row[i].x; x->index > 0; x++)
			sum += rows[(size_t)(x->index - 1) * WEIGHTS_HEADS + WEIGHTS_RARITY];
		for (struct feature_node *x = t->row[i].x; x->index > 0; x++)
			x->value = sqrt(rows[(size_t)(x->index - 1) * WEIGHTS_HEADS + WEIGHTS_RARITY] / sum);
	}
}

/* 1, 0, or -1: not for this head. */
static int side(const struct train_row *row, int head)
{
	if (row->is_chinese != heads[head].is_chinese || ((heads[head].yes | heads[head].no) & row->facts) == 0)
		return -1;
	return (heads[head].yes & row->facts) != 0;
}

static int fold_of(const struct train_row *row)
{
	return (int)((row->hash >> 17) % FOLDS);
}

static void say_nothing(const char *text)
{
	(void)text;
}

static struct model *fit(const struct train *t, int head, int without)
{
	struct problem p = { .n = (int)FEATURES_BUCKETS, .bias = -1 };
	p.y = malloc(t->n * sizeof *p.y);
	p.x = malloc(t->n * sizeof *p.x);
	if (!p.y || !p.x)
		abort();
	for (size_t i = 0; i < t->n; i++) {
		const int s = side(&t->row[i], head);
		if (s < 0 || fold_of(&t->row[i]) == without)
			continue;
		p.x[p.l] = t->row[i].x;
		p.y[p.l++] = s;
	}
	struct parameter q = { .solver_type = L2R_L2LOSS_SVC_DUAL, .C = COST, .eps = 0.1, .p = 0.1 };
	set_print_string_function(say_nothing);
	srand(SEED); /* liblinear shuffles by rand() */
	struct model *m = train(&p, &q);
	free(p.y);
	free(p.x);
	return m;
}

/* Which way round liblinear has the sides depends on the first row. */
static double raw_score(const struct model *m, const struct feature_node *x)
{
	double value = 0;
	(void)predict_values(m, x, &value);
	return m->label[0] == 1 ? value : -value;
}

struct platt {
	double slope, offset;
};

/* One step of Newton's method for the logistic of slope * score + offset; how far it went. */
static double platt_step(const struct train *t, int head, struct platt *p)
{
	double g0 = 0, g1 = 0, h00 = 1e-9, h01 = 0, h11 = 1e-9;
	for (size_t i = 0; i < t->n; i++) {
		const int s = side(&t->row[i], head);
		if (s < 0)
			continue;
		const double x = (double)t->row[i].score[head], q = 1 / (1 + exp(-(p->slope * x + p->offset)));
		g0 += (q - s) * x;
		g1 += q - s;
		h00 += q * (1 - q) * x * x;
		h01 += q * (1 - q) * x;
		h11 += q * (1 - q);
	}
	const double det = h00 * h11 - h01 * h01;
	const double d0 = (h11 * g0 - h01 * g1) / det, d1 = (h00 * g1 - h01 * g0) / det;
	p->slope -= d0;
	p->offset -= d1;
	return fabs(d0) + fabs(d1);
}

/* Held-out scores of all rows, and how they become log odds. */
static struct platt hold_out(struct train *t, int head)
{
	for (int fold = 0; fold < FOLDS; fold++) {
		struct model *m = fit(t, head, fold);
		for (size_t i = 0; i < t->n; i++)
			if (t->row[i].is_chinese == heads[head].is_chinese && fold_of(&t->row[i]) == fold)
				t->row[i].score[head] = (float)raw_score(m, t->row[i].x);
		free_and_destroy_model(&m);
	}
	struct platt p = { 1, 0 };
	for (int i = 0; i < NEWTON_STEPS && platt_step(t, head, &p) > 1e-9; i++)
		;
	for (size_t i = 0; i < t->n; i++)
		t->row[i].score[head] = (float)(p.slope * (double)t->row[i].score[head] + p.offset);
	return p;
}

/* The largest weight becomes 127. Rarity is part of the weight, so that scoring only adds. */
static void store(const struct model *m, int head, struct platt p, int8_t *rows, struct weights *w)
{
	const double sign = m->label[0] == 1 ? 1 : -1;
	double most = 1e-12;
	for (size_t i = 0; i < FEATURES_BUCKETS; i++) {
		m->w[i] *= sqrt(rows[i * WEIGHTS_HEADS + WEIGHTS_RARITY]);
		most = fmax(most, fabs(m->w[i]));
	}
	for (size_t i = 0; i < FEATURES_BUCKETS; i++)
		rows[i * WEIGHTS_HEADS + (size_t)head] = (int8_t)lrint(sign * m->w[i] / most * 127);
	w->head[head].slope = (float)(p.slope * most / 127);
	w->head[head].offset = (float)p.offset;
}

static bool has_both_sides(const struct train *t, int head, size_t of[2])
{
	of[0] = of[1] = 0;
	for (size_t i = 0; i < t->n; i++) {
		const int s = side(&t->row[i], head);
		if (s >= 0)
			of[s]++;
	}
	return of[0] >= LEAST_ROWS && of[1] >= LEAST_ROWS;
}

/* A head that cannot be trained says how often it is so, whatever the text: of labels without a neutral one none is neutral. */
static void say_share(struct train *t, int head, const size_t of[2], struct weights *w)
{
	const bool is_never = of[1] == 0 && of[0] > 0;
	w->head[head].offset = is_never ? MOOD_NEVER : (float)log((double)(of[1] + 1) / (double)(of[0] + 1));
	for (size_t i = 0; i < t->n; i++)
		if (t->row[i].is_chinese == heads[head].is_chinese)
			t->row[i].score[head] = w->head[head].offset;
}

/* ---- the report ---- */

static void report_head(const struct train *t, int head, const size_t of[2], struct buf *out)
{
	size_t right = 0;
	for (size_t i = 0; i < t->n; i++) {
		const int s = side(&t->row[i], head);
		right += s >= 0 && (t->row[i].score[head] > 0) == (s == 1);
	}
	buf_addf(out, "%-12s %6zu yes %6zu no  held-out accuracy %.4f\n", weights_head_names[head], of[1], of[0],
		(double)right / (double)(of[0] + of[1]));
}

static void report_language(const struct train *t, bool is_chinese, struct buf *out)
{
	size_t is[LABEL__N] = { 0 }, said[LABEL__N] = { 0 }, right[LABEL__N] = { 0 }, n = 0;
	for (size_t i = 0; i < t->n; i++) {
		if (t->row[i].is_chinese != is_chinese)
			continue;
		const struct mood m = mood_of(t->row[i].score, is_chinese, &t->row[i].cues);
		const enum label label = mood_label(&m);
		n++;
		is[t->row[i].label]++;
		said[label]++;
		right[label] += label == t->row[i].label;
	}
	if (n == 0)
		return;
	buf_addf(out, "%s %zu texts, held out, without the word lists: accuracy %.4f, F1", is_chinese ? "zh" : "en", n,
		(double)(right[0] + right[1] + right[2]) / (double)n);
	for (int k = 0; k < LABEL__N; k++)
		buf_addf(out, " %s %.4f", label_names[k], 2.0 * (double)right[k] / fmax(1, (double)(is[k] + said[k])));
	buf_addz(out, "\n");
}

enum outcome train_fit(struct train *t, struct str name, int8_t *rows, struct weights *w, struct buf *report, struct err *e)
{
	int trained = 0;
	*w = (struct weights){ .row = rows };
	memcpy(w->name, name.p, name.n < sizeof w->name ? name.n : sizeof w->name - 1);
	memset(rows, 0, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	weigh_rows(t, rows);
	for (int head = 0; head < WEIGHTS_HEAD__N; head++) {
		size_t of[2];
		memcpy(w->head[head].name, weights_head_names[head], strlen(weights_head_names[head]));
		if (!has_both_sides(t, head, of)) {
			say_share(t, head, of, w);
			continue;
		}
		const struct platt p = hold_out(t, head);
		struct model *m = fit(t, head, -1);
		store(m, head, p, rows, w);
		free_and_destroy_model(&m);
		report_head(t, head, of, report);
		trained++;
	}
	report_language(t, true, report);
	report_language(t, false, report);
	return trained > 0
		       ? OK
		       : err_set(e, REJECT, "%zu texts with labels are too few: a head needs %d of each side", t->n, LEAST_ROWS);
}
