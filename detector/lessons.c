/* Classes from labelled texts: liblinear one against the rest, held-out folds for the report and for how sure a score is, int8. */
#include "detector/lessons.h"

#include "detector/learn.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#define FOLDS 3
#define ROWS_FOR_ONE 20000 /* with so many texts one of the folds tells enough, in a third of the time */
#define SEED 1
#define LEAST_TEXTS 8 /* that a feature stands in, else it has no row: rarer ones only take room from the others */
#define ROWS_MOST 72000 /* with more features the least goes up: models stay small */
#define LEAST_ROWS 4 /* texts of a class, else nobody can say how it is told */
#define UNLEARNT -20.0f /* score of a class that has no text */
_Static_assert(ROWS_MOST <= CLASSES_ROWS_MOST, "a file holds that many");
#define STEPS 40 /* of the search for the slope */
#define SLOPE_MOST 20.0

/* By texts of writers held out. */
struct how {
	double cost;
	double rare; /* a class weighs (mean texts of a class / its texts) to this power */
	double cue; /* value of a cue, beside features whose squares come to 1 */
};
static const struct how how_known[CLASSES_KNOWN__N] = {
	[CLASSES_NATURE] = { 1, 0.5, 0.1 },
	[CLASSES_CATEGORY] = { 0.5, 0.5, 0.06 },
	[CLASSES_URGENCY] = { 0.5, 0.5, 0.1 },
	[CLASSES_LABEL] = { 0.5, 0.5, 0.15 },
};
static const struct how how_other = { 0.15, 0.8, 0.1 };

struct lesson_row {
	uint32_t *bucket; /* those of cues behind FEATURES_BUCKETS */
	size_t n;
	uint64_t hash;
	signed char class[CLASSES_GROUPS]; /* -1: not said */
	bool is_measured;
	struct feature_node *x; /* while it is fitted */
};

void lessons_init(struct lessons *l)
{
	*l = (struct lessons){ 0 };
}

void lessons_release(struct lessons *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->row[i].bucket);
		free(l->row[i].x);
	}
	free(l->row);
}

/* ---- groups and classes ---- */

static bool name_put(char *to, size_t room, struct str name)
{
	if (name.n == 0 || name.n >= room)
		return false;
	memcpy(to, name.p, name.n);
	return true;
}

static void take_known(struct lesson_group *g)
{
	for (int k = 0; k < CLASSES_KNOWN__N; k++) {
		if (strcmp(g->name, classes_known_group[k]) != 0)
			continue;
		const char *const *names = classes_known_names((enum classes_known)k, &g->n);
		for (size_t i = 0; i < g->n; i++)
			(void)name_put(g->class[i], CLASSES_NAME, str_of(names[i]));
		g->is_closed = true;
	}
}

int lessons_group(struct lessons *l, struct str name)
{
	for (size_t i = 0; i < l->ngroups; i++)
		if (str_eqc(name, l->group[i].name))
			return (int)i;
	if (l->ngroups == CLASSES_GROUPS)
		return -1;
	struct lesson_group *g = &l->group[l->ngroups];
	if (!name_put(g->name, CLASSES_GROUP_NAME, name))
		return -1;
	take_known(g);
	return (int)l->ngroups++;
}

static int class_of(struct lesson_group *g, struct str name)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eqc(name, g->class[i]))
			return (int)i;
	if (g->is_closed || g->n == CLASSES_MOST || !name_put(g->class[g->n], CLASSES_NAME, name))
		return -1;
	return (int)g->n++;
}

static struct lesson_row *row_new(struct lessons *l)
{
	if (l->n == l->room) {
		l->room = l->room > 0 ? l->room * 2 : 1024;
		l->row = learn_own(realloc(l->row, l->room * sizeof *l->row));
	}
	return &l->row[l->n];
}

static int by_bucket(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

enum outcome lessons_add(struct lessons *l, const struct classes_input *in, uint64_t text_hash, const struct str *class,
	bool is_measured, struct err *e)
{
	struct lesson_row *row = row_new(l);
	*row = (struct lesson_row){ .hash = text_hash, .is_measured = is_measured, .n = in->features.n + in->ncues };
	for (size_t i = 0; i < CLASSES_GROUPS; i++) {
		row->class[i] = -1;
		if (i >= l->ngroups || class[i].n == 0)
			continue;
		const int found = class_of(&l->group[i], class[i]);
		if (found < 0)
			return err_set(e, REJECT, "\"%.*s\" is no class of %s, or one of more than %d; correct the table",
				STR_FMT(str_cut_utf8(class[i], CLASSES_NAME)), l->group[i].name, CLASSES_MOST);
		row->class[i] = (signed char)found;
	}
	row->bucket = learn_own(malloc((row->n + 1) * sizeof *row->bucket));
	memcpy(row->bucket, in->features.bucket, in->features.n * sizeof *row->bucket);
	for (size_t i = 0; i < in->ncues; i++)
		row->bucket[in->features.n + i] = FEATURES_BUCKETS + in->cue[i];
	qsort(row->bucket, row->n, sizeof *row->bucket, by_bucket);
	l->n++;
	return OK;
}

/* ---- features as the trainer wants them ---- */

struct fitting {
	const struct lessons *l;
	int32_t *index; /* by bucket: of the trainer, from 1; 0 = no row */
	int8_t *rarity; /* by bucket */
	int nindex;
	const struct how *how; /* of the group at hand */
	float *score; /* by row, then class of the group at hand */
	int folds; /* of FOLDS, held out in turn; of the group at hand */
};

/* The square of 1 + log(texts / texts with the feature), as a share of the largest there can be. */
static int8_t rarity_of(double texts, double with)
{
	const double most = 1 + log(1 + texts), is = 1 + log((1 + texts) / (1 + with));
	return (int8_t)fmax(1, round(127 * is * is / (most * most)));
}

/* In how many texts each feature stands; returns how many texts there are. */
static uint32_t count_texts(const struct lessons *l, uint32_t *texts)
{
	uint32_t all = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct lesson_row *row = &l->row[i];
		all += !row->is_measured;
		for (size_t k = 0; k < row->n && !row->is_measured; k++)
			texts[row->bucket[k]]++;
	}
	return all;
}

static uint32_t least_texts(const uint32_t *texts)
{
	uint32_t least = LEAST_TEXTS;
	for (size_t rows = ROWS_MOST + 1; rows > ROWS_MOST; least += rows > ROWS_MOST) {
		rows = 0;
		for (uint32_t b = 0; b < CLASSES_BUCKETS; b++)
			rows += texts[b] >= least;
	}
	return least;
}

static void choose_features(struct fitting *f)
{
	uint32_t *texts = learn_own(calloc(CLASSES_BUCKETS, sizeof *texts));
	const uint32_t all = count_texts(f->l, texts), least = least_texts(texts);
	for (uint32_t b = 0; b < CLASSES_BUCKETS; b++) {
		if (texts[b] < least)
			continue;
		f->index[b] = ++f->nindex;
		f->rarity[b] = b < FEATURES_BUCKETS ? rarity_of(all, texts[b]) : 0;
	}
	free(texts);
}

static void make_nodes(const struct fitting *f, struct lesson_row *row)
{
	free(row->x);
	double sum = 0;
	size_t n = 0;
	row->x = learn_own(malloc((row->n + 1) * sizeof *row->x));
	for (size_t k = 0; k < row->n; k++)
		sum += f->rarity[row->bucket[k]];
	for (size_t k = 0; k < row->n; k++) {
		const uint32_t b = row->bucket[k];
		if (f->index[b] > 0)
			row->x[n++] = (struct feature_node){ f->index[b],
				b < FEATURES_BUCKETS ? sqrt(f->rarity[b] / sum) : f->how->cue };
	}
	row->x[n] = (struct feature_node){ .index = -1 };
}

/* ---- one group ---- */

static int fold_of(const struct lesson_row *row)
{
	return (int)((row->hash >> 17) % FOLDS);
}

static bool teaches(const struct lesson_row *row, size_t group)
{
	return !row->is_measured && row->class[group] >= 0;
}

/* Its score is by a model that has not seen it. */
static bool is_held_out(const struct fitting *f, const struct lesson_row *row, size_t group)
{
	return teaches(row, group) && fold_of(row) < f->folds;
}

static void say_nothing(const char *text)
{
	(void)text;
}

static void weigh_classes(const struct problem *p, double rare, struct parameter *q, int *label, double *weight)
{
	double texts[CLASSES_MOST] = { 0 };
	for (int i = 0; i < p->l; i++)
		texts[(int)p->y[i]]++;
	q->weight_label = label;
	q->weight = weight;
	for (int k = 0; k < CLASSES_MOST; k++)
		if (texts[k] > 0)
			label[q->nr_weight++] = k;
	for (int i = 0; i < q->nr_weight; i++)
		weight[i] = pow(p->l / (q->nr_weight * texts[label[i]]), rare);
}

static struct model *fit(const struct fitting *f, size_t group, int without)
{
	struct problem p = { .n = f->nindex, .bias = -1 };
	struct parameter q = { .solver_type = L2R_L2LOSS_SVC_DUAL, .C = f->how->cost, .eps = 0.1, .p = 0.1 };
	int label[CLASSES_MOST];
	double weight[CLASSES_MOST];
	p.y = learn_own(malloc(f->l->n * sizeof *p.y));
	p.x = learn_own(malloc(f->l->n * sizeof *p.x));
	for (size_t i = 0; i < f->l->n; i++) {
		const struct lesson_row *row = &f->l->row[i];
		if (!teaches(row, group) || fold_of(row) == without)
			continue;
		p.x[p.l] = row->x;
		p.y[p.l++] = row->class[group];
	}
	weigh_classes(&p, f->how->rare, &q, label, weight);
	set_print_string_function(say_nothing);
	srand(SEED); /* liblinear shuffles by rand() */
	struct model *m = p.l > 0 ? train(&p, &q) : NULL;
	free(p.y);
	free(p.x);
	return m;
}

/* The weight of an index for a class; of two classes liblinear keeps one column. */
static double weight_of(const struct model *m, int index, int class)
{
	if (m->nr_class == 2)
		return m->label[0] == class ? m->w[index - 1] : m->label[1] == class ? -m->w[index - 1] : 0;
	for (int k = 0; k < m->nr_class; k++)
		if (m->label[k] == class)
			return m->w[(size_t)(index - 1) * (size_t)m->nr_class + (size_t)k];
	return 0;
}

static bool knows(const struct model *m, int class)
{
	for (int k = 0; k < m->nr_class; k++)
		if (m->label[k] == class)
			return true;
	return false;
}

static void score_row(const struct model *m, const struct lesson_row *row, size_t n, float *score)
{
	double value[CLASSES_MOST];
	(void)predict_values(m, row->x, value);
	for (size_t k = 0; k < n; k++)
		score[k] = UNLEARNT;
	for (int k = 0; k < m->nr_class; k++)
		score[m->label[k]] = (float)(m->nr_class > 2 ? value[k] : k == 0 ? value[0] : -value[0]);
}

/* Scores of rows by a model that has not seen them: of a fold, or of those kept for measuring. */
static void score_fold(struct fitting *f, const struct model *m, size_t group, int fold)
{
	const size_t n = f->l->group[group].n;
	for (size_t i = 0; i < f->l->n && m; i++) {
		const struct lesson_row *row = &f->l->row[i];
		if (fold < 0 ? row->is_measured : teaches(row, group) && fold_of(row) == fold)
			score_row(m, row, n, f->score + i * CLASSES_MOST);
	}
}

/* Mean log loss of the held-out rows when scores are multiplied by `slope`. */
static double loss(const struct fitting *f, size_t group, double slope)
{
	const size_t n = f->l->group[group].n;
	double sum = 0;
	for (size_t i = 0; i < f->l->n; i++) {
		float score[CLASSES_MOST], chance[CLASSES_MOST];
		if (!is_held_out(f, &f->l->row[i], group))
			continue;
		for (size_t k = 0; k < n; k++)
			score[k] = (float)slope * f->score[i * CLASSES_MOST + k];
		classes_chances(score, n, chance);
		sum -= log(fmax(1e-9, (double)chance[f->l->row[i].class[group]]));
	}
	return sum;
}

/* Of a function with one valley the lowest place. */
static double slope_of(const struct fitting *f, size_t group)
{
	double low = 0.1, high = SLOPE_MOST;
	for (int i = 0; i < STEPS; i++) {
		const double left = low + (high - low) / 3, right = high - (high - low) / 3;
		if (loss(f, group, left) < loss(f, group, right))
			high = right;
		else
			low = left;
	}
	return (low + high) / 2;
}

/* ---- the report ---- */

static void report(const struct fitting *f, size_t group, bool is_measured, struct buf *out)
{
	const struct lesson_group *g = &f->l->group[group];
	size_t is[CLASSES_MOST] = { 0 }, said[CLASSES_MOST] = { 0 }, right[CLASSES_MOST] = { 0 }, n = 0, good = 0, classes = 0;
	double f1 = 0;
	for (size_t i = 0; i < f->l->n; i++) {
		const struct lesson_row *row = &f->l->row[i];
		if (row->class[group] < 0 || !(is_measured ? row->is_measured : is_held_out(f, row, group)))
			continue;
		size_t best = 0;
		for (size_t k = 1; k < g->n; k++)
			if (f->score[i * CLASSES_MOST + k] > f->score[i * CLASSES_MOST + best])
				best = k;
		const bool is_right = best == (size_t)row->class[group];
		n++;
		is[row->class[group]]++;
		said[best]++;
		right[best] += is_right;
		good += is_right;
	}
	for (size_t k = 0; k < g->n; k++) {
		classes += is[k] > 0;
		f1 += is[k] > 0 ? 2.0 * (double)right[k] / (double)(is[k] + said[k]) : 0;
	}
	if (n == 0)
		return;
	buf_addf(out, "%s: %zu texts of %zu classes, %s: accuracy %.4f, macro-F1 %.4f\n", g->name, n, classes,
		is_measured ? "kept for measuring" : "held out", (double)good / (double)n, f1 / (double)classes);
	for (size_t k = 0; k < g->n; k++)
		if (is[k] > 0)
			buf_addf(out, "  %-28s %6zu texts  F1 %.4f\n", g->class[k], is[k],
				2.0 * (double)right[k] / (double)(is[k] + said[k]));
}

/* ---- storing ---- */

/* Rarity is part of a feature's weight, so that scoring only adds. */
static double stored_weight(const struct fitting *f, const struct model *m, uint32_t bucket, int class)
{
	const double w = weight_of(m, f->index[bucket], class);
	return bucket < FEATURES_BUCKETS ? w * sqrt(f->rarity[bucket]) : w * f->how->cue * (double)CLASSES_CUE_PART;
}

/* The largest weight of a column becomes 127. */
static void store_class(
	const struct fitting *f, const struct model *m, int class, double slope, int8_t *weight, struct classes_column *column)
{
	double most = 1e-12;
	if (!knows(m, class)) {
		column->offset = UNLEARNT;
		return;
	}
	for (uint32_t b = 0; b < CLASSES_BUCKETS; b++)
		if (f->index[b] > 0)
			most = fmax(most, fabs(stored_weight(f, m, b, class)));
	for (uint32_t b = 0; b < CLASSES_BUCKETS; b++)
		if (f->index[b] > 0)
			weight[f->index[b] - 1] = (int8_t)lrint(stored_weight(f, m, b, class) / most * 127);
	column->scale = (float)(slope * most / 127);
}

/* `weight` is by column, then index. */
static void store_rows(const struct fitting *f, const int8_t *weight, struct arena *a, struct classes *out)
{
	bool *has = learn_own(calloc(CLASSES_BUCKETS, sizeof *has));
	const size_t width = classes_width(out), n = (size_t)f->nindex;
	for (uint32_t b = 0; b < CLASSES_BUCKETS; b++)
		has[b] = f->index[b] > 0;
	classes_blocks(a, has, out);
	free(has);
	int8_t *row = arena_take(a, out->nrows * width + 1);
	out->row = row;
	for (uint32_t b = 0; b < CLASSES_BUCKETS; b++) {
		if (f->index[b] == 0)
			continue;
		for (size_t k = 0; k < out->ncolumns; k++)
			row[k] = weight[k * n + (size_t)f->index[b] - 1];
		row[width - 1] = f->rarity[b];
		row += width;
	}
}

static bool has_enough(const struct lessons *l, size_t group)
{
	size_t of[CLASSES_MOST] = { 0 }, classes = 0;
	for (size_t i = 0; i < l->n; i++)
		if (teaches(&l->row[i], group))
			classes += ++of[l->row[i].class[group]] == LEAST_ROWS;
	return classes >= 2;
}

static const struct how *how_of(const char *group)
{
	for (int k = 0; k < CLASSES_KNOWN__N; k++)
		if (strcmp(group, classes_known_group[k]) == 0)
			return &how_known[k];
	return &how_other;
}

static int folds_of(const struct lessons *l, size_t group)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		n += teaches(&l->row[i], group);
	return n < ROWS_FOR_ONE ? FOLDS : 1;
}

static void fit_group(struct fitting *f, size_t group, int8_t *weight, struct classes *out, struct buf *text)
{
	const struct lesson_group *g = &f->l->group[group];
	struct classes_group *made = &out->group[out->ngroups++];
	*made = (struct classes_group){ .first = (uint32_t)out->ncolumns, .n = (uint32_t)g->n };
	memcpy(made->name, g->name, sizeof made->name);
	f->how = how_of(g->name);
	f->folds = folds_of(f->l, group);
	for (size_t i = 0; i < f->l->n; i++)
		make_nodes(f, &f->l->row[i]);
	for (int fold = 0; fold < f->folds; fold++) {
		struct model *m = fit(f, group, fold);
		score_fold(f, m, group, fold);
		if (m)
			free_and_destroy_model(&m);
	}
	const double slope = slope_of(f, group);
	report(f, group, false, text);
	struct model *m = fit(f, group, -1);
	score_fold(f, m, group, -1);
	report(f, group, true, text);
	for (size_t k = 0; k < g->n; k++, out->ncolumns++) {
		struct classes_column *column = &out->column[out->ncolumns];
		memcpy(column->name, g->class[k], sizeof column->name);
		store_class(f, m, (int)k, slope, weight + out->ncolumns * (size_t)f->nindex, column);
	}
	free_and_destroy_model(&m);
}

static enum outcome check(const struct lessons *l, struct err *e)
{
	size_t columns = 0;
	for (size_t g = 0; g < l->ngroups; g++) {
		columns += l->group[g].n;
		if (!has_enough(l, g))
			return err_set(e, REJECT, "%s: fewer than two classes have %d texts; give more labels", l->group[g].name,
				LEAST_ROWS);
	}
	if (columns > CLASSES_MOST)
		return err_set(e, REJECT, "%zu classes in all groups are more than %d; leave groups out", columns, CLASSES_MOST);
	return OK;
}

enum outcome lessons_fit(struct lessons *l, struct arena *a, struct classes *out, struct buf *text, struct err *e)
{
	struct fitting f = { .l = l };
	*out = (struct classes){ 0 };
	const enum outcome done = check(l, e);
	if (done != OK)
		return done;
	f.index = learn_own(calloc(CLASSES_BUCKETS, sizeof *f.index));
	f.rarity = learn_own(calloc(CLASSES_BUCKETS, sizeof *f.rarity));
	f.score = learn_own(calloc(l->n * CLASSES_MOST, sizeof *f.score));
	choose_features(&f);
	int8_t *weight = learn_own(calloc((size_t)CLASSES_MOST * (size_t)f.nindex + 1, 1));
	for (size_t g = 0; g < l->ngroups; g++)
		fit_group(&f, g, weight, out, text);
	store_rows(&f, weight, a, out);
	free(weight);
	free(f.index);
	free(f.rarity);
	free(f.score);
	return classes_settle(out, "the model", e);
}
