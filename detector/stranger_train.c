/* Texts whose second name is known to the weights by which such a name is found: a choice among all runs of words, by AdaGrad. */
#include "detector/stranger_train.h"

#include "detector/learn.h"

#include <math.h>
#include <stdlib.h>

#define EPOCHS 6
#define SEEN_LEAST 3u
#define FOLDS 3
#define SEED 88172645463325252ull

/* The sight of one text, out of its arena: starts and ends by token, then spans. */
struct stranger_row {
	struct stance_features *start, *end, none;
	struct stranger_span *span;
	bool *is_name; /* of each span */
	size_t tokens, n;
	bool is_chinese, has_name;
	unsigned fold;
	double *chance; /* of each span, then of none: while it is asked */
};

void stranger_train_init(struct stranger_train *t)
{
	*t = (struct stranger_train){ .row = NULL };
}

static void row_free(struct stranger_row *row)
{
	for (size_t i = 0; i <= row->tokens; i++) {
		free(row->start[i].feature);
		free(row->end[i].feature);
	}
	for (size_t i = 0; i < row->n; i++)
		free(row->span[i].features.feature);
	free(row->none.feature);
	free(row->start);
	free(row->end);
	free(row->span);
	free(row->is_name);
	free(row->chance);
}

void stranger_train_release(struct stranger_train *t)
{
	for (size_t i = 0; i < t->n; i++)
		row_free(&t->row[i]);
	free(t->row);
}

static struct stance_features kept(struct stance_features f)
{
	struct stance_feature *own = learn_own(malloc((f.n + 1) * sizeof(*own)));
	if (f.n > 0)
		memcpy(own, f.feature, f.n * sizeof(*own));
	return (struct stance_features){ .feature = own, .n = f.n, .room = f.n };
}

static struct stance_features *kept_all(const struct stance_features *f, size_t n)
{
	struct stance_features *own = learn_own(malloc(n * sizeof(*own)));
	for (size_t i = 0; i < n; i++)
		own[i] = kept(f[i]);
	return own;
}

static bool is_at(const struct reading *r, const struct stranger_sight *s, const struct stranger_span *span, struct str name)
{
	const struct place *a = &s->text.token[span->from].at, *b = &s->text.token[span->to - 1].at;
	return name.n > 0 && str_eq((struct str){ reading_text(r, a->field).p + a->from, b->to - a->from }, name);
}

void stranger_train_add(struct stranger_train *t, const struct reading *r, struct str name)
{
	struct stranger_sight s;
	stranger_see(r, &s);
	if (t->n == t->room) {
		t->room = t->room > 0 ? t->room * 2 : 1024;
		t->row = learn_own(realloc(t->row, t->room * sizeof(*t->row)));
	}
	struct stranger_row *row = &t->row[t->n];
	*row = (struct stranger_row){
		.tokens = s.text.n, .n = s.n, .is_chinese = s.text.is_chinese, .fold = (unsigned)(t->n / 2 % FOLDS)
	};
	row->start = kept_all(s.start, s.text.n + 1);
	row->end = kept_all(s.end, s.text.n + 1);
	row->none = kept(s.none);
	row->span = learn_own(malloc((s.n + 1) * sizeof(*row->span)));
	row->is_name = learn_own(calloc(s.n + 1, sizeof(*row->is_name)));
	row->chance = learn_own(calloc(s.n + 1, sizeof(*row->chance)));
	for (size_t i = 0; i < s.n; i++) {
		row->span[i] = s.span[i];
		row->span[i].features = kept(s.span[i].features);
		row->is_name[i] = is_at(r, &s, &s.span[i], name);
		row->has_name = row->has_name || row->is_name[i];
	}
	if (name.n > 0 && !row->has_name)
		row_free(row); /* it is cut where the name goes on: nothing to learn */
	else
		t->n++;
}

/* ---- which features count ---- */

static void row_each(struct stranger_row *row, void (*what)(struct stance_features *f, void *with), void *with)
{
	for (size_t i = 0; i <= row->tokens; i++) {
		what(&row->start[i], with);
		what(&row->end[i], with);
	}
	for (size_t i = 0; i < row->n; i++)
		what(&row->span[i].features, with);
	what(&row->none, with);
}

struct counting {
	struct learn_counts *counts;
	uint32_t text;
};

static void count_one(struct stance_features *f, void *with)
{
	const struct counting *c = with;
	learn_count(c->counts, f, c->text);
}

static void drop_one(struct stance_features *f, void *with)
{
	learn_drop(f, with, STANCE_NAME_BITS);
}

/* The caller frees `owner`, also after REJECT. */
static enum outcome choose_features(struct stranger_train *t, uint32_t **owner, struct err *e)
{
	struct counting c = { learn_counts_new(LEARN_COUNTS_BITS), 0 };
	for (size_t i = 0; i < t->n; i++) {
		c.text = (uint32_t)i + 1;
		row_each(&t->row[i], count_one, &c);
	}
	*owner = learn_owners(c.counts, STANCE_NAME_BITS, SEEN_LEAST);
	for (size_t i = 0; i < t->n; i++)
		row_each(&t->row[i], drop_one, *owner);
	const enum outcome done = learn_counts_check(c.counts, e);
	learn_counts_free(c.counts);
	return done;
}

/* ---- learning ---- */

/* Fills the chances; the place of the likeliest span, n for none. */
static size_t row_chances(const struct learn_table *w, struct stranger_row *row)
{
	double *start = learn_own(calloc(2 * (row->tokens + 1), sizeof(*start))), *end = start + row->tokens + 1, all = 0;
	double *chance = row->chance;
	size_t best = row->n;
	for (size_t i = 0; i <= row->tokens; i++) {
		learn_score(w, &row->start[i], &start[i]);
		learn_score(w, &row->end[i], &end[i]);
	}
	chance[row->n] = 0;
	learn_score(w, &row->none, &chance[row->n]);
	for (size_t i = 0; i < row->n; i++) {
		chance[i] = start[row->span[i].from] + end[row->span[i].to];
		learn_score(w, &row->span[i].features, &chance[i]);
		best = chance[i] > chance[best] ? i : best;
	}
	const double most = chance[best];
	for (size_t i = 0; i <= row->n; i++) {
		chance[i] = exp(chance[i] - most);
		all += chance[i];
	}
	for (size_t i = 0; i <= row->n; i++)
		chance[i] /= all;
	free(start);
	return best;
}

/* Chances become errors: what is not the name is to lose what the places of the name are to gain. */
static void row_learn(struct learn_table *w, struct stranger_row *row)
{
	double right = 0, *edge = learn_own(calloc(2 * (row->tokens + 1), sizeof(*edge))), *end = edge + row->tokens + 1;
	(void)row_chances(w, row);
	for (size_t i = 0; i < row->n; i++)
		right += row->is_name[i] ? row->chance[i] : 0;
	for (size_t i = 0; i < row->n; i++) {
		const double error = row->chance[i] - (row->is_name[i] ? row->chance[i] / fmax(right, 1e-12) : 0);
		edge[row->span[i].from] += error;
		end[row->span[i].to] += error;
		if (fabs(error) > 1e-4)
			learn_step(w, &row->span[i].features, &error);
	}
	for (size_t i = 0; i <= row->tokens; i++) {
		if (fabs(edge[i]) > 1e-4)
			learn_step(w, &row->start[i], &edge[i]);
		if (fabs(end[i]) > 1e-4)
			learn_step(w, &row->end[i], &end[i]);
	}
	const double error = row->chance[row->n] - (row->has_name ? 0 : 1);
	learn_step(w, &row->none, &error);
	free(edge);
}

static void learn(struct learn_table *w, struct stranger_train *t, int without)
{
	uint64_t random = SEED;
	size_t *order = learn_own(malloc((t->n + 1) * sizeof(*order)));
	for (size_t i = 0; i < t->n; i++)
		order[i] = i;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		learn_shuffle(&random, order, t->n);
		for (size_t i = 0; i < t->n; i++)
			if ((int)t->row[order[i]].fold != without)
				row_learn(w, &t->row[order[i]]);
	}
	free(order);
}

/* ---- the report ---- */

struct tally {
	size_t with, found, without, silent;
};

static void hold_out(struct stranger_train *t, struct tally tally[2])
{
	struct learn_table w;
	learn_init(&w, STANCE_NAME_BITS, 1);
	learn(&w, t, 0);
	for (size_t i = 0; i < t->n; i++) {
		struct stranger_row *row = &t->row[i];
		if (row->fold != 0)
			continue;
		const size_t best = row_chances(&w, row);
		struct tally *into = &tally[row->is_chinese];
		into->with += row->has_name;
		into->without += !row->has_name;
		into->found += row->has_name && best < row->n && row->is_name[best];
		into->silent += !row->has_name && best == row->n;
	}
	learn_release(&w);
}

static void fit(struct stranger_train *t, const uint32_t *owner, int8_t *rows, float *scale, struct buf *report)
{
	struct tally tally[2] = { 0 };
	struct learn_table w;
	hold_out(t, tally);
	for (int zh = 1; zh >= 0; zh--)
		buf_addf(report, "%s names of others, held out: %zu of %zu found; none said of %zu of %zu texts without\n",
			zh ? "zh" : "en", tally[zh].found, tally[zh].with, tally[zh].silent, tally[zh].without);
	learn_init(&w, STANCE_NAME_BITS, 1);
	learn(&w, t, -1);
	*scale = learn_store(&w, owner, rows);
	learn_release(&w);
}

enum outcome stranger_train_fit(struct stranger_train *t, int8_t *rows, float *scale, struct buf *report, struct err *e)
{
	uint32_t *owner;
	const enum outcome done = choose_features(t, &owner, e);
	if (done == OK)
		fit(t, owner, rows, scale, report);
	free(owner);
	return done;
}
