/* Finds the name of another firm that no list knows, by learnt weights. */
#include "detector/stranger.h"

#include "common/text/words.h"
#include "detector/mention.h"

#include <math.h>

#define START_FEATURES 20u
#define END_FEATURES 16u
#define SPAN_FEATURES 16u
#define NONE_FEATURES 4u
#define LATIN_LONGEST 4u
#define DISTANCE_MOST 12
#define OUTSIDE 0x110020u /* hash of what stands before the first token and behind the last */
#define MASK_BRAND 0x110001u
#define LEAST_CHANCE 0.15 /* of there being a name: below, the text names one brand */

enum kind {
	LEFT_ONE = 201,
	LEFT_TWO,
	LEFT_THREE,
	LEFT_FIRST,
	FIRST,
	FIRST_TWO,
	OPENS,
	STARTS_WORD,
	FROM_BRAND,
	LEFT_LIKE_BRAND,
	RIGHT_ONE,
	RIGHT_TWO,
	RIGHT_THREE,
	RIGHT_LAST,
	LAST,
	LAST_TWO,
	CLOSES,
	ENDS_WORD,
	RIGHT_LIKE_BRAND,
	LENGTH,
	BORDERS,
	IS_WORD,
	LIKE_BRAND,
	ENDS_LIKE_BRAND,
	REPEATED,
	CAPITALS,
	WHOLE,
	NO_NAME,
	MENTIONS,
	CHINESE = 64,
};

struct look {
	const struct reading *r;
	const struct stance_text *t;
	struct words *words; /* NULL: nobody knows where words end */
	bool *is_border; /* before token i */
	size_t brand; /* token of its first mention; t->n = none */
	struct stance_features *into;
};

static void open_features(const struct look *l, struct stance_features *f, size_t room)
{
	*f = (struct stance_features){ .room = room, .feature = arena_raw(l->r->a, room * sizeof(*f->feature)) };
}

static void add(struct look *l, enum kind kind, uint64_t what)
{
	stance_feature_add(l->into, kind + (l->t->is_chinese ? CHINESE : 0u), what, 1);
}

/* ---- tokens ---- */

static uint64_t hash_at(const struct look *l, ptrdiff_t at)
{
	if (at < 0 || (size_t)at >= l->t->n)
		return OUTSIDE;
	const struct stance_token *t = &l->t->token[at];
	return t->sort == STANCE_BRAND ? MASK_BRAND : t->hash;
}

static uint64_t run_hash(const struct look *l, ptrdiff_t from, ptrdiff_t to)
{
	uint64_t h = (uint64_t)(to - from);
	for (ptrdiff_t i = from; i < to; i++)
		h = h * STANCE_PRIME + hash_at(l, i);
	return h;
}

static struct str text_of(const struct look *l, size_t from, size_t to)
{
	const struct place *a = &l->t->token[from].at, *b = &l->t->token[to - 1].at;
	return (struct str){ reading_text(l->r, a->field).p + a->from, b->to - a->from };
}

static bool is_latin(const struct look *l, size_t at)
{
	return (unsigned char)text_of(l, at, at + 1).p[0] < 0x80;
}

static bool is_capital(const struct look *l, size_t at)
{
	const struct place *p = &l->t->token[at].at;
	return l->r->s->field[p->field].folds[p->from] & FOLD_CASE;
}

static bool opens_clause(const struct look *l, size_t at)
{
	return at == 0 || l->t->token[at - 1].clause != l->t->token[at].clause;
}

/* ---- the two edges ---- */

/* -12…12 tokens from the brand's first mention. */
static uint64_t from_brand(const struct look *l, size_t at)
{
	const ptrdiff_t d = (ptrdiff_t)at - (ptrdiff_t)l->brand;
	return (uint64_t)((d > DISTANCE_MOST ? DISTANCE_MOST : d < -DISTANCE_MOST ? -DISTANCE_MOST : d) + DISTANCE_MOST);
}

static bool is_brands_clause(const struct look *l, size_t at)
{
	return l->brand < l->t->n && l->t->token[l->brand].clause == l->t->token[at].clause;
}

static void see_start(struct look *l, size_t at, struct stance_features *f)
{
	const ptrdiff_t i = (ptrdiff_t)at;
	const bool opens = opens_clause(l, at), capital = is_latin(l, at) && is_capital(l, at);
	open_features(l, f, START_FEATURES);
	l->into = f;
	add(l, LEFT_ONE, hash_at(l, i - 1) * 2 + capital);
	add(l, LEFT_TWO, run_hash(l, i - 2, i));
	add(l, LEFT_THREE, run_hash(l, i - 3, i));
	add(l, LEFT_FIRST, run_hash(l, i - 1, i + 1));
	add(l, FIRST, hash_at(l, i) * 2 + opens);
	add(l, FIRST_TWO, run_hash(l, i, i + 2));
	add(l, OPENS, opens + 2u * capital + 4u * is_latin(l, at));
	add(l, STARTS_WORD, l->is_border[at] + 2u * opens);
	add(l, FROM_BRAND, from_brand(l, at) * 4 + is_brands_clause(l, at) * 2u + opens);
	add(l, LEFT_LIKE_BRAND, hash_at(l, i - 1) == hash_at(l, (ptrdiff_t)l->brand - 1));
}

static void see_end(struct look *l, size_t at, struct stance_features *f)
{
	const ptrdiff_t i = (ptrdiff_t)at;
	const bool closes = at >= l->t->n || l->t->token[at].sort == STANCE_SIGN || opens_clause(l, at);
	const bool capital = at < l->t->n && is_latin(l, at) && is_capital(l, at);
	open_features(l, f, END_FEATURES);
	l->into = f;
	add(l, RIGHT_ONE, hash_at(l, i) * 2 + capital);
	add(l, RIGHT_TWO, run_hash(l, i, i + 2));
	add(l, RIGHT_THREE, run_hash(l, i, i + 3));
	add(l, RIGHT_LAST, run_hash(l, i - 1, i + 1));
	add(l, LAST, hash_at(l, i - 1) * 2 + closes);
	add(l, LAST_TWO, run_hash(l, i - 2, i));
	add(l, CLOSES, closes + 2u * capital);
	add(l, ENDS_WORD, (at >= l->t->n || l->is_border[at]) + 2u * closes);
	add(l, RIGHT_LIKE_BRAND, hash_at(l, i) == hash_at(l, (ptrdiff_t)l->brand + 1));
}

/* ---- spans ---- */

static bool is_brands(const struct look *l, size_t at)
{
	return l->t->token[at].sort == STANCE_BRAND;
}

/* Signs that stand inside of names: "Dalgety & Sons", "Wi-Fi". */
static bool may_be_inside(const struct look *l, size_t at)
{
	const uint64_t sign = l->t->token[at].hash;
	return l->t->token[at].sort == STANCE_WORD ||
	       (l->t->token[at].sort == STANCE_SIGN && (sign == '&' || sign == '-' || sign == '.' || sign == 0xB7));
}

/* How like the brand's own name: as long, of the same script, with the same end. */
static void see_likeness(struct look *l, size_t from, size_t to)
{
	if (l->brand >= l->t->n)
		return;
	const struct str name = text_of(l, l->brand, l->brand + 1), span = text_of(l, from, to);
	const bool both_latin = (unsigned char)name.p[0] < 0x80, latin = is_latin(l, from);
	const size_t end = latin ? 4 : 6; /* bytes: two characters */
	const bool same_end = name.n > end && span.n > end && str_ends(span, str_from(name, name.n - end));
	const bool same_length = latin ? name.n / 4 == span.n / 4 : name.n == span.n;
	add(l, LIKE_BRAND, same_length * 4u + (both_latin == latin) * 2u);
	add(l, ENDS_LIKE_BRAND, same_end);
}

static void see_span(struct look *l, size_t from, size_t to, struct stance_features *f)
{
	const struct str name = text_of(l, from, to);
	const bool latin = is_latin(l, from);
	unsigned borders = 0, capitals = 0;
	for (size_t i = from; i < to; i++) {
		borders += i > from && l->is_border[i];
		capitals += is_capital(l, i);
	}
	const bool is_one = !latin && borders == 0 && l->is_border[from] && (to >= l->t->n || l->is_border[to]);
	open_features(l, f, SPAN_FEATURES);
	l->into = f;
	const uint64_t length = (to - from) * 2 + latin;
	add(l, LENGTH, length);
	add(l, BORDERS, borders * 64u + length);
	add(l, IS_WORD, is_one * 64u + length);
	add(l, WHOLE, run_hash(l, (ptrdiff_t)from, (ptrdiff_t)to));
	add(l, REPEATED,
		str_find(str_from(reading_text(l->r, l->t->token[from].at.field), l->t->token[to - 1].at.to), name) >= 0);
	if (latin)
		add(l, CAPITALS, (capitals == to - from) * 64u + length);
	see_likeness(l, from, to);
}

static void spans_from(struct look *l, size_t from, struct stranger_sight *out)
{
	const bool latin = is_latin(l, from);
	const size_t most = latin && !l->t->is_chinese ? LATIN_LONGEST : STRANGER_LONGEST;
	if (l->t->token[from].sort != STANCE_WORD || (latin && !l->t->is_chinese && !is_capital(l, from)))
		return;
	for (size_t to = from + 1; to <= l->t->n && to - from <= most; to++) {
		const struct stance_token *last = &l->t->token[to - 1];
		if (is_brands(l, to - 1) || !may_be_inside(l, to - 1) || last->at.field != l->t->token[from].at.field)
			return;
		if (last->sort != STANCE_WORD || (to - from == 1 && !latin))
			continue;
		struct stranger_span *span = &out->span[out->n++];
		*span = (struct stranger_span){ (uint32_t)from, (uint32_t)to, { 0 } };
		see_span(l, from, to, &span->features);
	}
}

/* ---- the text ---- */

static void find_borders(struct look *l)
{
	l->is_border = arena_list(l->r->a, bool, l->t->n + 1);
	for (size_t i = 0; i < l->t->n; i++) {
		const struct stance_token *t = &l->t->token[i];
		l->is_border[i] = i == 0 || is_latin(l, i) || is_latin(l, i - 1) || t[-1].sort != STANCE_WORD || !l->words ||
				  words_border(l->words, reading_text(l->r, t->at.field), t->at.from);
	}
	l->is_border[l->t->n] = true;
}

/* The text with the brand's own name as the only one. */
static void cut(const struct reading *r, struct stance_text *out)
{
	struct reading alone = *r;
	alone.named = arena_list(r->a, struct named, r->nmentions + 1);
	alone.nnamed = 0;
	for (size_t i = 0; i < r->nmentions; i++)
		alone.named[alone.nnamed++] = (struct named){ r->mention[i].at, true };
	stance_text_make(&alone, out);
	out->n = out->n < STRANGER_TOKENS ? out->n : STRANGER_TOKENS;
}

void stranger_see(const struct reading *r, struct stranger_sight *out)
{
	*out = (struct stranger_sight){ .n = 0 };
	cut(r, &out->text);
	const size_t n = out->text.n;
	struct look l = { .r = r, .t = &out->text, .words = words_shared() };
	while (l.brand < n && !is_brands(&l, l.brand))
		l.brand++;
	find_borders(&l);
	out->start = arena_list(r->a, struct stance_features, n + 1);
	out->end = arena_list(r->a, struct stance_features, n + 1);
	out->span = arena_list(r->a, struct stranger_span, n * STRANGER_LONGEST + 1);
	for (size_t i = 0; i < n; i++) {
		see_start(&l, i, &out->start[i]);
		spans_from(&l, i, out);
	}
	for (size_t i = 1; i <= n; i++)
		see_end(&l, i, &out->end[i]);
	open_features(&l, &out->none, NONE_FEATURES);
	l.into = &out->none;
	add(&l, NO_NAME, 0);
	add(&l, MENTIONS, r->nmentions < 3 ? r->nmentions : 3);
}

static double score(const struct stance_model *m, const struct stance_features *f)
{
	double sum[STANCE_PAIRS];
	stance_model_score(m, STANCE_NAME, f, sum);
	return sum[0];
}

/* Scores of all spans; the likeliest, and the chance that there is a name at all. */
static const struct stranger_span *likeliest(
	struct arena *a, const struct stance_model *m, const struct stranger_sight *s, double *chance)
{
	double *start = arena_list(a, double, s->text.n + 1), *end = arena_list(a, double, s->text.n + 1);
	for (size_t i = 0; i <= s->text.n; i++) {
		start[i] = score(m, &s->start[i]);
		end[i] = score(m, &s->end[i]);
	}
	const double none = score(m, &s->none);
	const struct stranger_span *best = NULL;
	double most = -INFINITY, all = 1;
	for (size_t i = 0; i < s->n; i++) {
		const struct stranger_span *span = &s->span[i];
		const double is = start[span->from] + end[span->to] + score(m, &span->features) - none;
		all += exp(is);
		best = is > most ? span : best;
		most = fmax(most, is);
	}
	*chance = 1 - 1 / all;
	return best;
}

double stranger_find(const struct reading *r, const struct stance_model *m, rival_add *add_place, void *into)
{
	struct stranger_sight s;
	double chance = 0;
	stranger_see(r, &s);
	const struct stranger_span *name = likeliest(r->a, m, &s, &chance);
	if (!name || chance < LEAST_CHANCE)
		return 0;
	const struct place *a = &s.text.token[name->from].at, *b = &s.text.token[name->to - 1].at;
	mention_find(r, (struct str){ reading_text(r, a->field).p + a->from, b->to - a->from }, add_place, into);
	return chance;
}
