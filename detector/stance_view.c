/* Hashed features of a text that names two brands, as the learnt weights are looked up by. */
#include "detector/stance_view.h"

#include "detector/sentiment.h"

#include <math.h>

#define RUN_CHINESE 3u /* tokens of a run … */
#define RUN_ENGLISH 2u
#define NAMED_CHINESE 4u /* … with a name in it … */
#define NAMED_ENGLISH 3u
#define PAIR_RUN 2u /* … and of a run of the text as a whole */
#define SIDE_LENGTH 2.0f /* length of the vector of all runs; the features behind them stand beside it with about 1 each */
#define PAIR_LENGTH 2.0f
#define FEATURES_PER_TOKEN 16u
#define FEATURES_BESIDE 64u
#define ORDER_NAMES 4u
#define COUNT_MOST 2u
#define WORD_MOST 1.5f /* effect of one word of the lists, at most … */
#define WORD_SHARE 0.7f /* … and how much of it is the feature's value */
#define SPOKEN 0.15f /* from here the words of an owner speak */

/* Kinds of features, so that the same tokens hash differently. */
enum kind {
	RUN = 1,
	RUN_OWNED,
	STEM,
	STEM_OWNED,
	NAMED,
	OPENS,
	OPENS_PAIR,
	TURNS,
	ORDER,
	COUNTS,
	ASKS,
	ENDS_ASKING,
	ONE,
	WORDS_OWNED,
	WORDS_ALL,
	WORDS_BOTH,
	WORDS_THREE,
	WORDS_OWN,
	WORDS_OTHERS,
	WHOLE,
	WHOLE_PLACED,
	SAID,
	SAID_SIGN,
	HEARD,
	HEARD_SIGN,
	CLEARED,
	SCENERY,
	LINKED,
	LANGUAGES = 64, /* added to all of the kinds for Chinese */
};
enum { MASK_OWN = 0x110001, MASK_OTHERS, MASK_FIRST, MASK_SECOND };

struct view {
	struct reading *r;
	const struct stance_text *t;
	bool of_brand;
	const enum stance_owner *owner;
	struct stance_features *out;
};

static void add(struct view *v, enum kind kind, uint64_t what, float value)
{
	stance_feature_add(v->out, kind + (v->t->is_chinese ? LANGUAGES : 0u), what, value);
}

/* Of a run of n tokens. */
static void add_run(struct view *v, enum kind kind, uint64_t what, size_t at, size_t n)
{
	if (v->out->span && v->out->n < v->out->room)
		v->out->span[v->out->n] = (struct stance_span){ (uint32_t)at, (uint32_t)n };
	add(v, kind, what, 1);
}

static void features_open(struct reading *r, const struct stance_text *t, struct stance_features *out)
{
	*out = (struct stance_features){ .room = t->n * FEATURES_PER_TOKEN + r->s->n * 2 + FEATURES_BESIDE };
	out->feature = arena_raw(r->a, out->room * sizeof(*out->feature));
}

/* All runs together have one length, however long the text is. */
static void scale(struct stance_features *f, float length)
{
	for (size_t i = 0; i < f->n; i++)
		f->feature[i].value = length / sqrtf((float)f->n + 1);
}

static bool is_name(const struct stance_token *t)
{
	return t->sort == STANCE_BRAND || t->sort == STANCE_RIVAL;
}

static bool is_own(const struct view *v, const struct stance_token *t)
{
	return (t->sort == STANCE_BRAND) == v->of_brand;
}

/* ---- runs ---- */

static uint64_t run_on(uint64_t run, uint64_t token, size_t length)
{
	return run * STANCE_PRIME + token + length;
}

static void runs_from(struct view *v, size_t at)
{
	const struct stance_text *t = v->t;
	const size_t most = t->is_chinese ? RUN_CHINESE : RUN_ENGLISH;
	uint64_t run = 0;
	for (size_t n = 1; n <= most && at + n <= t->n && !is_name(&t->token[at + n - 1]); n++) {
		run = run_on(run, t->token[at + n - 1].hash, n);
		add_run(v, RUN, run, at, n);
		add_run(v, RUN_OWNED, run * STANCE_OWNER__N + v->owner[at], at, n);
	}
	if (t->token[at].stem != 0) {
		add_run(v, STEM, t->token[at].stem, at, 1);
		add_run(v, STEM_OWNED, t->token[at].stem * STANCE_OWNER__N + v->owner[at], at, 1);
	}
}

static void named_from(struct view *v, size_t at)
{
	const struct stance_text *t = v->t;
	const size_t most = t->is_chinese ? NAMED_CHINESE : NAMED_ENGLISH;
	uint64_t run = 0;
	bool has_name = false;
	for (size_t n = 1; n <= most && at + n <= t->n; n++) {
		const struct stance_token *last = &t->token[at + n - 1];
		const uint64_t token = !is_name(last) ? last->hash : is_own(v, last) ? MASK_OWN : MASK_OTHERS;
		has_name = has_name || is_name(last);
		run = run_on(run, token, n);
		if (has_name && n > 1)
			add_run(v, NAMED, run, at, n);
	}
}

/* The first words of a clause, with whose the clause before was and whose this one is. */
static void opening_at(struct view *v, size_t at)
{
	const struct stance_token *t = &v->t->token[at];
	if (at > 0 && t->clause == t[-1].clause)
		return;
	const uint64_t turn = (at > 0 ? v->owner[at - 1] : STANCE_OWNER__N) * 8u + v->owner[at];
	add(v, TURNS, turn, 1);
	if (is_name(t))
		return;
	add_run(v, OPENS, t->hash * 64 + turn, at, 1);
	if (at + 1 < v->t->n && !is_name(&t[1]))
		add_run(v, OPENS_PAIR, run_on(t->hash, t[1].hash, 2) * 64 + turn, at, 2);
}

/* ---- the frame ---- */

static void frame(struct view *v)
{
	const struct stance_text *t = v->t;
	uint64_t order = 1;
	unsigned names = 0, own = 0, others = 0;
	bool asks = false;
	for (size_t i = 0; i < t->n; i++) {
		asks = asks || t->token[i].hash == '?';
		if (!is_name(&t->token[i]))
			continue;
		*(is_own(v, &t->token[i]) ? &own : &others) += 1;
		order = order * 3 + (is_own(v, &t->token[i]) ? 1 : 2);
		if (names++ < ORDER_NAMES)
			add(v, ORDER, order, 1);
	}
	own = own < COUNT_MOST ? own : COUNT_MOST;
	others = others < COUNT_MOST ? others : COUNT_MOST;
	add(v, COUNTS, own * 4u + others, 1);
	add(v, ASKS, asks, 1);
	if (t->n > 0 && t->token[t->n - 1].hash == '?')
		add(v, ENDS_ASKING, 0, 1);
	add(v, ONE, 0, 1);
}

/* ---- the word lists ---- */

static unsigned sign_of(float x)
{
	return x > SPOKEN ? 2 : x < -SPOKEN ? 0 : 1;
}

/* The token that a match begins in, from `from` on. */
static size_t token_of(const struct stance_text *t, const struct match *m, size_t from)
{
	while (from + 1 < t->n && (t->token[from].at.field < m->field ||
					  (t->token[from].at.field == m->field && t->token[from].at.to <= m->norm_from)))
		from++;
	return from;
}

static void words(struct view *v)
{
	const struct scanned *s = v->r->s;
	float sum[STANCE_OWNER__N] = { 0 };
	struct place taken = { POST_TITLE, 0, 0 };
	size_t at = 0;
	for (size_t i = 0; i < s->n && v->t->n > 0; i++) {
		const struct match *m = &s->match[i];
		const float weight = sentiment_word(v->r, i);
		if (weight == 0 || (m->field == taken.field && m->norm_from < taken.to))
			continue;
		taken = (struct place){ m->field, m->norm_from, m->norm_to };
		const struct clause *c = reading_clause(v->r, m);
		const float effect = weight * reading_modifiers(v->r, i).factor * (c ? c->contrast : 1);
		at = token_of(v->t, m, at);
		sum[v->owner[at]] += effect;
		const float value = fminf(fabsf(effect), WORD_MOST) * WORD_SHARE;
		add(v, WORDS_OWNED, v->owner[at] * 2u + (effect > 0), value);
		add(v, WORDS_ALL, effect > 0, value);
	}
	const unsigned own = sign_of(sum[STANCE_OWN]), others = sign_of(sum[STANCE_OTHERS]);
	const unsigned before = sign_of(sum[STANCE_BEFORE_OWN] + sum[STANCE_BEFORE_OTHERS] + sum[STANCE_NOBODYS]);
	add(v, WORDS_BOTH, own * 3 + others, 1);
	add(v, WORDS_THREE, own * 9 + others * 3 + before, 1);
	add(v, WORDS_OWN, own, 1);
	add(v, WORDS_OTHERS, others, 1);
}

/* ---- what stands beside the names ---- */

static void standing(struct view *v, const struct standing *s, unsigned side)
{
	const float said = fmaxf(-WORD_MOST, fminf(WORD_MOST, s->said));
	const float heard = fmaxf(-WORD_MOST, fminf(WORD_MOST, (float)s->words));
	add(v, SAID, side, said);
	add(v, SAID_SIGN, side * 4u + sign_of(said), 1);
	add(v, HEARD, side, heard);
	add(v, HEARD_SIGN, side * 4u + sign_of(heard), 1);
	if (s->is_cleared)
		add(v, CLEARED, side, 1);
	if (s->is_scenery)
		add(v, SCENERY, side, 1);
}

static void beside(struct view *v)
{
	const struct reading *r = v->r;
	standing(v, v->of_brand ? &r->of_brand : &r->of_rival, 0);
	standing(v, v->of_brand ? &r->of_rival : &r->of_brand, 1);
	add(v, LINKED, r->is_opposed * 2u + r->is_joined, 1);
}

/* ---- the two views ---- */

void stance_view_side(struct reading *r, const struct stance_text *t, const enum stance_owner *owner, bool of_brand,
	struct stance_features *out)
{
	struct view v = { r, t, of_brand, owner, out };
	features_open(r, t, out);
	out->span = arena_list(r->a, struct stance_span, out->room);
	for (size_t i = 0; i < t->n; i++) {
		runs_from(&v, i);
		named_from(&v, i);
		opening_at(&v, i);
	}
	scale(out, SIDE_LENGTH);
	frame(&v);
	words(&v);
	if (r->has_rival)
		beside(&v);
}

void stance_view_pair(struct reading *r, const struct stance_text *t, struct stance_features *out)
{
	struct view v = { .r = r, .t = t, .out = out };
	enum stance_sort first = STANCE_WORD;
	unsigned last = 0;
	features_open(r, t, out);
	for (size_t i = 0; i < t->n; i++) {
		uint64_t run = 0;
		for (size_t n = 1; n <= PAIR_RUN && i + n <= t->n; n++) {
			const struct stance_token *token = &t->token[i + n - 1];
			first = first == STANCE_WORD && is_name(token) ? token->sort : first;
			run = run_on(run, !is_name(token) ? token->hash : token->sort == first ? MASK_FIRST : MASK_SECOND, n);
			add(&v, WHOLE, run, 1);
			add(&v, WHOLE_PLACED, run * 4 + last, 1);
		}
		if (is_name(&t->token[i]))
			last = t->token[i].sort == first ? 1 : 2;
	}
	scale(out, PAIR_LENGTH);
	add(&v, ONE, 1, 1);
}

/* ---- for the nets ---- */

_Static_assert(STANCE_NET_OWNERS == STANCE_OWNER__N, "the nets have a vector for each");

static const uint8_t pool_of[STANCE_OWNER__N] = {
	[STANCE_OWN] = STANCE_POOL_OWN,
	[STANCE_BEFORE_OWN] = STANCE_POOL_OWN,
	[STANCE_OTHERS] = STANCE_POOL_OTHERS,
	[STANCE_BEFORE_OTHERS] = STANCE_POOL_OTHERS,
	[STANCE_NOBODYS] = STANCE_POOL_ALL,
};

static struct stance_net_token net_token(const struct stance_token *t, enum stance_owner owner, bool of_brand)
{
	struct stance_net_token token = { .owner = (uint8_t)owner, .pool = pool_of[owner] };
	if (is_name(t)) {
		token.word = (t->sort == STANCE_BRAND) == of_brand ? STANCE_NET_OWN : STANCE_NET_OTHER;
	} else {
		token.word = stance_net_row(t->hash);
		token.stem = t->stem != 0 ? stance_net_row(t->stem) : 0;
	}
	return token;
}

void stance_view_net(
	struct arena *a, const struct stance_text *t, const enum stance_owner *owner, bool of_brand, struct stance_net_text *out)
{
	out->n = t->n < STANCE_NET_TOKENS ? t->n : STANCE_NET_TOKENS;
	out->token = arena_raw(a, (out->n + 1) * sizeof *out->token);
	for (size_t i = 0; i < out->n; i++)
		out->token[i] = net_token(&t->token[i], owner[i], of_brand);
}
