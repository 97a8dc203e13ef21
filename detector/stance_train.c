/* Labelled texts to weights for two brands: a log-linear model of both labels at once, learnt by AdaGrad. */
#include "detector/stance_train.h"

#include "common/text/lang.h"
#include "detector/learn.h"
#include "detector/mention.h"
#include "detector/sentiment.h"
#include "detector/stance_net_train.h"
#include <earshot/limits.h>

#include <math.h>
#include <stdlib.h>

#define EPOCHS 10
#define SINGLE_WEIGHT 0.35f
#define SEEN_LEAST 3u /* texts that a feature of a side must be seen in … */
#define PAIR_SEEN_LEAST 5u /* … and one of the whole */
#define RUNS 4 /* whose weights are averaged: each sees the texts in another order, and other halves of their features */
#define PARTS 6 /* of the texts about one brand: one is put together in twos, one teaches the sides; names are learnt from all */
#define RENAMED_EVERY 4
#define FOLDS 3
#define FOLD_HELD 0 /* out, for the report: with texts by the ten thousand one tells enough */
#define FOLD_TEXTS 50 /* that follow one another are held out together: several often tell one scene */
#define LEAST_PAIRS 50
#define SEED 88172645463325252ull
#define ROW_ARENA_BYTES (64u << 20)
#define NO_FOLD FOLDS /* learnt from always, never asked: what was put together is no text of anybody's */

struct stance_row {
	struct stance_sight sight;
	enum label brand, rival;
	bool is_pair, is_exchanged;
	unsigned fold;
	float weight;
};

void stance_train_init(struct stance_train *t, const struct rulebook *book)
{
	*t = (struct stance_train){ .book = book };
	arena_init(&t->text, ROW_ARENA_BYTES);
	stranger_train_init(&t->names);
}

void stance_train_release(struct stance_train *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->row[i].sight.brand.feature);
		free(t->row[i].sight.rival.feature);
		free(t->row[i].sight.pair.feature);
		for (int side = 0; side < 2; side++)
			free(t->row[i].sight.net[side].token);
	}
	free(t->row);
	stranger_train_release(&t->names);
	arena_release(&t->text);
}

/* ---- rows ---- */

/* Out of the arena of the row. */
static void keep(struct stance_features *f)
{
	struct stance_feature *kept = learn_own(malloc((f->n + 1) * sizeof(*kept)));
	memcpy(kept, f->feature, f->n * sizeof(*kept));
	*f = (struct stance_features){ .feature = kept, .n = f->n, .room = f->n };
}

static void keep_net(struct stance_net_text *t)
{
	struct stance_net_token *kept = learn_own(malloc((t->n + 1) * sizeof(*kept)));
	memcpy(kept, t->token, t->n * sizeof(*kept));
	t->token = kept;
}

static struct stance_row *row_new(struct stance_train *t)
{
	if (t->n == t->room) {
		t->room = t->room > 0 ? t->room * 2 : 1024;
		t->row = learn_own(realloc(t->row, t->room * sizeof(*t->row)));
	}
	return &t->row[t->n++];
}

static struct reading *read_text(struct stance_train *t, struct str text, struct str name, struct str rival)
{
	struct post *post = arena_new(&t->text, struct post);
	struct scanned *s = arena_new(&t->text, struct scanned);
	struct reading *r = arena_new(&t->text, struct reading);
	post_init(post);
	post->text = text;
	scan_post(&t->text, t->book, post, s);
	*r = mention_reading(&t->text, t->book, post, s, name);
	r->rival = mention_folded(&t->text, rival);
	reading_make(r);
	return r;
}

static struct stance_row *row_add(struct stance_train *t, struct reading *r, bool is_pair)
{
	struct stance_row *row = row_new(t);
	*row = (struct stance_row){ .is_pair = is_pair, .weight = is_pair ? 1 : SINGLE_WEIGHT };
	(void)sentiment_judge(r); /* what the words say of either */
	stance_see(r, &row->sight);
	if (!is_pair)
		row->sight.rival.n = row->sight.pair.n = row->sight.net[STANCE_OF_RIVAL].n = 0;
	keep(&row->sight.brand);
	keep(&row->sight.rival);
	keep(&row->sight.pair);
	keep_net(&row->sight.net[STANCE_OF_BRAND]);
	keep_net(&row->sight.net[STANCE_OF_RIVAL]);
	return row;
}

/* "A is slow, B is quick" to "B is quick, A is slow"; empty when the halves cannot be told. */
static struct str exchanged(struct reading *r)
{
	struct stance_text t;
	size_t second = 0;
	stance_text_make(r, &t);
	while (second < r->nnamed && r->named[second].is_brand == r->named[0].is_brand)
		second++;
	for (size_t i = second; i < r->nnamed; i++)
		if (r->named[i].is_brand == r->named[0].is_brand)
			return STR("");
	size_t at = 0;
	while (second < r->nnamed && at < t.n && t.token[at].at.from < r->named[second].at.from)
		at++;
	while (at > 0 && at < t.n && t.token[at - 1].clause == t.token[at].clause)
		at--;
	if (second == r->nnamed || at == 0 || at >= t.n || t.token[at].at.from <= r->named[second - 1].at.from)
		return STR("");
	struct str text = reading_text(r, POST_TEXT), head = str_trim(str_first(text, t.token[at].at.from));
	struct str tail = str_trim(str_from(text, t.token[at].at.from));
	while (tail.n > 0 && strchr(".!,", tail.p[tail.n - 1]))
		tail.n--;
	while (head.n > 0 && strchr(",;:", head.p[head.n - 1]))
		head.n--;
	tail = str_ends(tail, STR("。")) ? str_first(tail, tail.n - strlen("。")) : tail;
	return arena_printf(r->a, "%.*s%s%.*s", STR_FMT(tail), t.is_chinese ? "," : ", ", STR_FMT(head));
}

/* Either name is to be found by who knows the other. */
static void learn_names(struct stance_train *t, struct str text, const struct str name[2])
{
	for (int i = 0; i < 2; i++) {
		struct reading *r = read_text(t, text, name[i], name[1 - i]);
		if (r->nmentions > 0)
			stranger_train_add(&t->names, r, r->rival);
	}
}

/* Of every RENAMED_EVERYth Chinese text a second time, with a Latin name for one of the two. */
static void learn_other_names(struct stance_train *t, enum stance_language language, struct str text, const struct str name[2])
{
	struct str other[2] = { name[0], name[1] };
	if (language == STANCE_ENGLISH)
		for (int i = 0; i < 2; i++)
			stance_rename_take(&t->rename, name[i]);
	else if (t->npairs % RENAMED_EVERY == 0 && stance_rename(&t->rename, &t->text, &text, other))
		learn_names(t, text, other);
}

static void row_add_pair(struct stance_train *t, struct reading *r, const enum label label[2], unsigned fold, bool is_exchanged)
{
	struct stance_row *row = row_add(t, r, true);
	row->brand = label[0];
	row->rival = label[1];
	row->fold = fold;
	row->is_exchanged = is_exchanged;
}

bool stance_train_add_pair(struct stance_train *t, struct str text, const struct str name[2], const enum label label[2])
{
	arena_reset(&t->text);
	struct str other = text;
	t->npairs++;
	for (int i = 0; i < 2 && other.n > 0; i++) {
		struct reading *r = read_text(t, other, name[0], name[1]);
		if (!r->has_rival || r->nmentions == 0)
			return i > 0;
		row_add_pair(t, r, label, (unsigned)(t->npairs / FOLD_TEXTS % FOLDS), i > 0);
		if (i == 0) {
			learn_names(t, text, name);
			learn_other_names(t, t->row[t->n - 1].sight.language, text, name);
		}
		other = exchanged(r);
	}
	return true;
}

enum part { PART_COMPOSED, PART_SIDES };

/* By hash, so that it does not matter in which order files and writers come. */
static unsigned part_of(struct str text)
{
	return (unsigned)((str_hash(text) >> 20) % PARTS);
}

/* Names are not learnt from it: where the one text ends and the other one begins is nobody's style. */
static void add_composed(struct stance_train *t, const struct stance_single *s)
{
	struct stance_composed both;
	if (!stance_compose(&t->compose, &t->text, s, &both))
		return;
	struct reading *r = read_text(t, both.text, both.name[0], both.name[1]);
	if (r->has_rival && r->nmentions > 0)
		row_add_pair(t, r, both.label, NO_FOLD, false);
}

void stance_train_add_single(struct stance_train *t, struct str text, struct str name, enum label label)
{
	const unsigned part = part_of(text);
	arena_reset(&t->text);
	if (part == PART_COMPOSED)
		add_composed(t, &(struct stance_single){ text, name, label });
	if (name.n == 0 || str_find(text, name) < 0) {
		const bool is_chinese = lang_is_chinese(lang_guess(text, STR("")));
		name = is_chinese ? STR("霁鹭") : STR("Corvane"); /* names no text has: they are masked */
		text = arena_printf(&t->text, "%.*s%s%.*s", STR_FMT(name), is_chinese ? "" : " ", STR_FMT(text));
	}
	struct reading *r = read_text(t, text, name, STR(MENTION_NOBODY));
	if (r->has_rival || r->nmentions == 0)
		return;
	if (part == PART_SIDES) {
		row_add(t, r, false)->brand = label;
		t->nsides++;
	}
	stranger_train_add(&t->names, r, STR(""));
}

/* ---- which features count ---- */

struct owners {
	uint32_t *side, *pair;
};

static void owners_free(struct owners *o)
{
	free(o->side);
	free(o->pair);
}

/* Leaves to every row of the tables one feature, and drops the others from the texts. */
static enum outcome choose_features(struct stance_train *t, struct owners *out, struct err *e)
{
	struct learn_counts *sides = learn_counts_new(LEARN_COUNTS_BITS), *pairs = learn_counts_new(LEARN_COUNTS_BITS);
	for (size_t i = 0; i < t->n; i++) {
		learn_count(sides, &t->row[i].sight.brand, (uint32_t)i + 1);
		learn_count(sides, &t->row[i].sight.rival, (uint32_t)i + 1);
		learn_count(pairs, &t->row[i].sight.pair, (uint32_t)i + 1);
	}
	*out = (struct owners){ learn_owners(sides, STANCE_SIDE_BITS, SEEN_LEAST),
		learn_owners(pairs, STANCE_PAIR_BITS, PAIR_SEEN_LEAST) };
	for (size_t i = 0; i < t->n; i++) {
		learn_drop(&t->row[i].sight.brand, out->side, STANCE_SIDE_BITS);
		learn_drop(&t->row[i].sight.rival, out->side, STANCE_SIDE_BITS);
		learn_drop(&t->row[i].sight.pair, out->pair, STANCE_PAIR_BITS);
	}
	enum outcome done = learn_counts_check(sides, e);
	if (done == OK)
		done = learn_counts_check(pairs, e);
	learn_counts_free(sides);
	learn_counts_free(pairs);
	return done;
}

/* ---- learning ---- */

struct learner {
	struct learn_table side, pair;
	struct stance_net_learner *net[STANCE_LANGUAGE__N];
	struct arena step;
	uint64_t random;
};

static void learner_init(struct learner *l, int run)
{
	learn_init(&l->side, STANCE_SIDE_BITS, LABEL__N);
	learn_init(&l->pair, STANCE_PAIR_BITS, STANCE_PAIRS);
	arena_init(&l->step, ROW_ARENA_BYTES);
	l->random = SEED + (unsigned)run;
	for (int language = 0; language < STANCE_LANGUAGE__N; language++)
		l->net[language] = NULL;
}

static void learner_release(struct learner *l)
{
	learn_release(&l->side);
	learn_release(&l->pair);
	for (int language = 0; language < STANCE_LANGUAGE__N; language++)
		stance_net_learner_free(l->net[language]);
	arena_release(&l->step);
}

/* The place of the brand's label i and the rival's k in the pair table. */
static int pair_of(const struct stance_row *row, int i, int k)
{
	return row->sight.brand_is_first ? i * LABEL__N + k : k * LABEL__N + i;
}

/* Log odds of all pairs of labels by the tables; of a text about one, those of its label with a rival's label of 0. */
static void row_odds(const struct learner *l, const struct stance_row *row, double out[STANCE_PAIRS])
{
	double brand[LABEL__N] = { 0 }, rival[LABEL__N] = { 0 }, pair[STANCE_PAIRS] = { 0 };
	learn_score(&l->side, &row->sight.brand, brand);
	learn_score(&l->side, &row->sight.rival, rival);
	learn_score(&l->pair, &row->sight.pair, pair);
	for (int i = 0; i < STANCE_PAIRS; i++) {
		const int k = i % LABEL__N;
		out[i] =
			row->is_pair || k == 0 ? brand[i / LABEL__N] + rival[k] + pair[pair_of(row, i / LABEL__N, k)] : -INFINITY;
	}
}

static void row_chances(const struct learner *l, const struct stance_row *row, double out[STANCE_PAIRS])
{
	double most = -INFINITY, all = 0;
	row_odds(l, row, out);
	for (int i = 0; i < STANCE_PAIRS; i++)
		most = fmax(most, out[i]);
	for (int i = 0; i < STANCE_PAIRS; i++) {
		out[i] = exp(out[i] - most);
		all += out[i];
	}
	for (int i = 0; i < STANCE_PAIRS; i++)
		out[i] /= all;
}

/* The row as one step sees it. */
static struct stance_row half_of(struct learner *l, const struct stance_row *row)
{
	struct stance_row half = *row;
	arena_reset(&l->step);
	half.sight.brand = learn_half(&l->step, &row->sight.brand, &l->random);
	half.sight.rival = learn_half(&l->step, &row->sight.rival, &l->random);
	half.sight.pair = learn_half(&l->step, &row->sight.pair, &l->random);
	return half;
}

static void row_learn(struct learner *l, const struct stance_row *row)
{
	double error[STANCE_PAIRS], brand[LABEL__N] = { 0 }, rival[LABEL__N] = { 0 }, pair[STANCE_PAIRS] = { 0 };
	row_chances(l, row, error);
	error[(int)row->brand * LABEL__N + (row->is_pair ? (int)row->rival : 0)] -= 1;
	for (int i = 0; i < STANCE_PAIRS; i++) {
		const double part = error[i] * (double)row->weight;
		brand[i / LABEL__N] += part;
		rival[i % LABEL__N] += part;
		pair[pair_of(row, i / LABEL__N, i % LABEL__N)] = part;
	}
	learn_step(&l->side, &row->sight.brand, brand);
	learn_step(&l->side, &row->sight.rival, rival);
	learn_step(&l->pair, &row->sight.pair, pair);
}

/* Learns from all texts but those of one fold. */
static void learn(struct learner *l, const struct stance_train *t, int without)
{
	size_t *order = learn_own(malloc((t->n + 1) * sizeof(*order))), n = 0;
	for (size_t i = 0; i < t->n; i++)
		if (!t->row[i].is_pair || (int)t->row[i].fold != without)
			order[n++] = i;
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		learn_shuffle(&l->random, order, n);
		for (size_t i = 0; i < n; i++) {
			const struct stance_row half = half_of(l, &t->row[order[i]]);
			row_learn(l, &half);
		}
	}
	free(order);
}

/* One sample a side of each text of the language that is not held out. */
static struct stance_net_learner *learn_net(const struct stance_train *t, enum stance_language language, int without)
{
	struct stance_net_sample *sample = learn_own(malloc((2 * t->n + 1) * sizeof(*sample)));
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct stance_row *row = &t->row[i];
		if (row->sight.language != language || (row->is_pair && (int)row->fold == without))
			continue;
		sample[n++] = (struct stance_net_sample){ row->sight.net[STANCE_OF_BRAND], row->brand, row->weight };
		if (row->is_pair)
			sample[n++] = (struct stance_net_sample){ row->sight.net[STANCE_OF_RIVAL], row->rival, row->weight };
	}
	struct stance_net_learner *l = stance_net_learn(sample, n);
	free(sample);
	return l;
}

static void learn_nets(struct learner *l, const struct stance_train *t, int without)
{
	for (int language = 0; language < STANCE_LANGUAGE__N; language++)
		l->net[language] = learn_net(t, (enum stance_language)language, without);
}

static void learn_mean(struct learner *l, const struct stance_train *t)
{
	learner_init(l, 0);
	learn(l, t, -1);
	for (int run = 1; run < RUNS; run++) {
		struct learner other;
		learner_init(&other, run);
		learn(&other, t, -1);
		learn_add(&l->side, &other.side);
		learn_add(&l->pair, &other.pair);
		learner_release(&other);
	}
	learn_scale(&l->side, 1.0f / RUNS);
	learn_scale(&l->pair, 1.0f / RUNS);
}

/* ---- the report ---- */

struct tally {
	size_t texts, both, each;
};

static void tally_row(struct tally *tally, const struct learner *l, const struct stance_row *row)
{
	double odds[STANCE_PAIRS], of_brand[LABEL__N], of_rival[LABEL__N];
	int best = 0;
	row_odds(l, row, odds);
	stance_net_learner_judge(l->net[row->sight.language], &row->sight.net[STANCE_OF_BRAND], of_brand);
	stance_net_learner_judge(l->net[row->sight.language], &row->sight.net[STANCE_OF_RIVAL], of_rival);
	stance_add_nets(of_brand, of_rival, odds);
	for (int i = 0; i < STANCE_PAIRS; i++)
		best = odds[i] > odds[best] ? i : best;
	const bool brand = best / LABEL__N == (int)row->brand, rival = best % LABEL__N == (int)row->rival;
	tally->texts++;
	tally->both += brand && rival;
	tally->each += (size_t)brand + rival;
}

static void report_tally(const char *language, const char *kind, const struct tally *tally, struct buf *out)
{
	if (tally->texts > 0)
		buf_addf(out, "%s two brands, %s: %zu texts, held out: both right %.4f, each %.4f\n", language, kind,
			tally->texts, (double)tally->both / (double)tally->texts,
			(double)tally->each / (2 * (double)tally->texts));
}

static void hold_out(const struct stance_train *t, struct buf *out)
{
	struct tally tally[STANCE_LANGUAGE__N][2] = { 0 };
	struct learner l;
	learner_init(&l, 0);
	learn(&l, t, FOLD_HELD);
	learn_nets(&l, t, FOLD_HELD);
	for (size_t i = 0; i < t->n; i++) {
		const struct stance_row *row = &t->row[i];
		if (row->is_pair && (int)row->fold == FOLD_HELD)
			tally_row(&tally[row->sight.language][row->is_exchanged], &l, row);
	}
	learner_release(&l);
	for (int zh = 1; zh >= 0; zh--)
		for (int exchanged = 0; exchanged < 2; exchanged++)
			report_tally(zh ? "zh" : "en", exchanged ? "halves exchanged" : "as written", &tally[zh][exchanged], out);
}

/* ---- the model ---- */

static void fit_labels(const struct stance_train *t, const struct owners *owners, struct arena *a, struct stance_model *m,
	int8_t *const *rows, struct buf *report)
{
	struct learner l;
	hold_out(t, report);
	learn_mean(&l, t);
	learn_nets(&l, t, -1);
	for (int language = 0; language < STANCE_LANGUAGE__N; language++)
		stance_net_store(l.net[language], arena_take(a, STANCE_NET_BYTES), &m->net[language]);
	m->scale[STANCE_SIDE] = learn_store(&l.side, owners->side, rows[STANCE_SIDE]);
	m->scale[STANCE_PAIR] = learn_store(&l.pair, owners->pair, rows[STANCE_PAIR]);
	learner_release(&l);
}

enum outcome stance_train_fit(struct stance_train *t, struct arena *a, struct stance_model *m, struct buf *report, struct err *e)
{
	int8_t *rows[STANCE_TABLE__N];
	if (t->npairs < LEAST_PAIRS)
		return err_set(e, REJECT, "%zu texts that name two brands are too few: give at least %d", t->npairs, LEAST_PAIRS);
	struct owners owners;
	for (int k = 0; k < STANCE_TABLE__N; k++)
		m->rows[k] = rows[k] = arena_take(a, STANCE_TABLE_BYTES(stance_shapes[k].bits, (size_t)stance_shapes[k].n));
	enum outcome done = choose_features(t, &owners, e);
	if (done == OK)
		fit_labels(t, &owners, a, m, rows, report);
	owners_free(&owners);
	return done == OK ? stranger_train_fit(&t->names, rows[STANCE_NAME], &m->scale[STANCE_NAME], report, e) : done;
}
