/* A rulebook on the posts of the past, beside the one in force: one pass over the posts. */
#include "detector/backtest.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/text/admission.h"
#include "detector/backtest_count.h"

#include <stdlib.h>
#include <string.h>

#define RESULT_BYTES ((size_t)2 << 30) /* LIMIT_RULES rules with samples on both sides; used as it comes */
#define ABOUT_MOST 64 /* brands of one post that are compared */
#define PREEMPTED_NS 200000
#define PREEMPTED_NS_PER_BYTE 200.0
#define TOUCHES_MOST (2 * LIMIT_MATCHES)
#define OVERLAPS_OF_POST 48 /* rules of one post that are paired: a wall of swear words says nothing of overlap */

/* A rule found in the post at hand, and its first place in either book. */
struct backtest_touch {
	uint32_t rule;
	const struct match *place[BOOK__N];
};

/* A brand the post at hand is about, in either book. */
struct about {
	uint32_t brand; /* index of backtest.brand */
	bool is_member[BOOK__N];
	const struct match *place[BOOK__N]; /* NULL: a given brand */
};

/* The post at hand as both books see it. */
struct view {
	struct arena *a;
	const struct backtest_post *post;
	struct scanned scanned[BOOK__N];
	struct about about[ABOUT_MOST];
	size_t nabout;
};

/* ---- life ---- */

static uint32_t *map_rules(struct backtest *b, enum backtest_side side)
{
	const struct rulebook *book = b->book[side];
	uint32_t *map = arena_list(&b->arena, uint32_t, book->nrules + 1);
	for (size_t i = 0; i < b->nrules; i++) {
		const struct rule *rule = side == BOOK_OLD ? b->rule[i].pair.old : b->rule[i].pair.new;
		if (rule != NULL)
			map[rule - book->rule] = (uint32_t)i;
	}
	return map;
}

static uint32_t *map_brands(struct backtest *b, enum backtest_side side)
{
	const struct rulebook *book = b->book[side];
	uint32_t *map = arena_list(&b->arena, uint32_t, book->nbrands + 1);
	for (size_t i = 0; i < b->nbrands; i++) {
		const struct brand *brand = side == BOOK_OLD ? b->brand[i].pair.old : b->brand[i].pair.new;
		if (brand != NULL)
			map[brand - book->brand] = (uint32_t)i;
	}
	return map;
}

static void pair_books(struct backtest *b)
{
	struct rule_pair *rule = NULL;
	struct brand_pair *brand = NULL;
	b->nrules = rulediff_rules(&b->arena, b->book[BOOK_OLD], b->book[BOOK_NEW], &rule);
	b->nbrands = rulediff_brands(&b->arena, b->book[BOOK_OLD], b->book[BOOK_NEW], &brand);
	b->rule = arena_list(&b->arena, struct backtest_rule, b->nrules + 1);
	b->brand = arena_list(&b->arena, struct backtest_brand, b->nbrands + 1);
	for (size_t i = 0; i < b->nrules; i++)
		b->rule[i] = (struct backtest_rule){ .pair = rule[i], .last_ms = -1 };
	for (size_t i = 0; i < b->nbrands; i++)
		b->brand[i].pair = brand[i];
}

void backtest_init(
	struct backtest *b, const struct rulebook *old, const struct rulebook *new, const struct backtest_options *options)
{
	*b = (struct backtest){ .options = *options, .book = { old, new }, .from_ms = -1, .to_ms = -1, .first_hour = -1 };
	arena_init(&b->arena, RESULT_BYTES);
	tally_init(&b->ids, BACKTEST_IDS);
	tally_init(&b->together, BACKTEST_PAIRS);
	pair_books(b);
	for (int side = 0; side < BOOK__N; side++) {
		if (b->book[side] == NULL)
			continue;
		b->rule_of[side] = map_rules(b, (enum backtest_side)side);
		b->brand_of[side] = map_brands(b, (enum backtest_side)side);
		if (options->thresholds[side] != NULL)
			trial_init(&b->trial[side], b->book[side], options->thresholds[side]);
	}
	b->touch = arena_list(&b->arena, struct backtest_touch, TOUCHES_MOST);
	b->touch_of = arena_list(&b->arena, uint32_t, b->nrules + 1);
}

void backtest_release(struct backtest *b)
{
	for (int side = 0; side < BOOK__N; side++)
		if (b->trial[side].book != NULL)
			trial_release(&b->trial[side]);
	for (size_t i = 0; i < b->nbrands; i++)
		for (int k = 0; k < BOOK__N * WATCH__N; k++)
			free(b->brand[i].hour[k / WATCH__N][k % WATCH__N]);
	for (int side = 0; side < BOOK__N; side++)
		free(b->mentions[side].item);
	tally_release(&b->ids);
	tally_release(&b->together);
	arena_release(&b->arena);
}

/* ---- one book reads the post ---- */

static int64_t now_ns(const struct backtest *b)
{
	return b->options.now_ns != NULL ? b->options.now_ns() : 0;
}

/* The touch of a rule in the post at hand. touch_of[] needs no clearing: an entry holds when the touch it names is of this
 * rule. */
static struct backtest_touch *touch_rule(struct backtest *b, uint32_t rule)
{
	const uint32_t at = b->touch_of[rule];
	if (at < b->ntouched && b->touch[at].rule == rule)
		return &b->touch[at];
	if (b->ntouched == TOUCHES_MOST)
		return NULL;
	b->touch_of[rule] = (uint32_t)b->ntouched;
	b->touch[b->ntouched] = (struct backtest_touch){ .rule = rule };
	return &b->touch[b->ntouched++];
}

static void touch_place(struct backtest *b, enum backtest_side side, const struct match *m)
{
	const uint32_t rule = b->rule_of[side][m->rule - b->book[side]->rule];
	struct backtest_touch *touch = touch_rule(b, rule);
	if (touch == NULL)
		return;
	if (touch->place[side] == NULL)
		touch->place[side] = m;
	b->rule[rule].places[side]++;
}

static void note_about(struct backtest *b, struct view *v, enum backtest_side side, const struct admission *admission)
{
	const uint32_t brand = b->brand_of[side][admission->brand];
	size_t at = 0;
	while (at < v->nabout && v->about[at].brand != brand)
		at++;
	if (at == ABOUT_MOST)
		return;
	if (at == v->nabout)
		v->about[v->nabout++] = (struct about){ .brand = brand };
	v->about[at].is_member[side] = true;
	v->about[at].place[side] = admission->nplaces > 0 ? admission->place[0] : NULL;
}

static size_t admit(
	struct arena *a, const struct rulebook *book, const struct backtest_post *p, struct scanned *s, struct admission **out)
{
	if (p->brands.n == 0)
		return admission_find(a, book, s, out);
	return admission_given(a, book, p->brands.item, p->brands.n, out);
}

static void note_cost(struct backtest_cost *c, const struct post *post, size_t places, int64_t ns)
{
	const double bytes = (double)(post->title.n + post->text.n);
	if (ns > PREEMPTED_NS && (double)ns > PREEMPTED_NS_PER_BYTE * bytes)
		return; /* another process had the core in between */
	c->posts++;
	c->scan_ns += ns;
	c->bytes_bytes += bytes * bytes;
	c->bytes_places += bytes * (double)places;
	c->places_places += (double)places * (double)places;
	c->bytes_ns += bytes * (double)ns;
	c->places_ns += (double)places * (double)ns;
}

static void read_post(struct backtest *b, struct view *v, enum backtest_side side)
{
	struct scanned *s = &v->scanned[side];
	struct admission *admission = NULL;
	const int64_t began = now_ns(b);
	scan_matches(v->a, b->book[side], &v->post->post, s);
	const size_t n = admit(v->a, b->book[side], v->post, s, &admission);
	if (b->options.now_ns != NULL)
		note_cost(&b->cost[side], &v->post->post, s->n, now_ns(b) - began);
	for (size_t i = 0; i < s->n; i++)
		touch_place(b, side, &s->match[i]);
	for (size_t i = 0; i < n; i++)
		note_about(b, v, side, &admission[i]);
}

/* ---- comparing ---- */

/* Of a lost place: the exclusion of the new book that lies over it. */
static const struct rule *cause_of(const struct scanned *now, const struct match *place)
{
	for (size_t i = 0; place != NULL && i < now->n; i++) {
		const struct match *m = &now->match[i];
		if (m->rule->list == LIST_EXCLUDE && m->field == place->field && m->from <= place->from && m->to >= place->to)
			return m->rule;
	}
	return NULL;
}

static void compare_brand(struct backtest *b, struct view *v, const struct about *about)
{
	struct backtest_brand *brand = &b->brand[about->brand];
	const bool old = about->is_member[BOOK_OLD], new = about->is_member[BOOK_NEW];
	struct sample_offer offer = { .post = &v->post->post, .max = b->options.samples };
	brand->kept += old && new;
	brand->gained += !old && new;
	brand->lost += old && !new;
	if (new && !old) {
		offer.place = about->place[BOOK_NEW];
		samples_offer(&brand->gained_sample, &b->arena, &offer);
	} else if (old && !new) {
		offer.place = about->place[BOOK_OLD];
		offer.cause = cause_of(&v->scanned[BOOK_NEW], offer.place);
		samples_offer(&brand->lost_sample, &b->arena, &offer);
	}
}

static const struct rule *rule_of_pair(const struct rule_pair *p, enum backtest_side side)
{
	return side == BOOK_OLD ? p->old : p->new;
}

/* Is the post a mention of the brand that the rule is of, or of any? */
static bool is_mention(const struct backtest *b, const struct view *v, const struct backtest_rule *r, enum backtest_side side)
{
	const struct rule *rule = rule_of_pair(&r->pair, side);
	for (size_t i = 0; rule != NULL && i < v->nabout; i++) {
		if (!v->about[i].is_member[side])
			continue;
		if (rule->brand < 0 || b->brand_of[side][rule->brand] == v->about[i].brand)
			return true;
	}
	return false;
}

static void compare_rule(struct backtest *b, struct view *v, const struct backtest_touch *t)
{
	struct backtest_rule *r = &b->rule[t->rule];
	const struct match *old = t->place[BOOK_OLD], *new = t->place[BOOK_NEW];
	const int64_t at_ms = backtest_arrival(&v->post->post);
	const bool was_mention = is_mention(b, v, r, BOOK_OLD), is_now = is_mention(b, v, r, BOOK_NEW);
	struct sample_offer offer = { .post = &v->post->post, .max = b->options.samples };
	r->last_ms = at_ms > r->last_ms ? at_ms : r->last_ms;
	r->hits[BOOK_OLD] += old != NULL;
	r->hits[BOOK_NEW] += new != NULL;
	r->mentions[BOOK_OLD] += old != NULL && was_mention;
	r->mentions[BOOK_NEW] += new != NULL &&is_now;
	if (new != NULL && old == NULL &&is_now) {
		r->gained++;
		offer.place = new;
		samples_offer(&r->gained_sample, &b->arena, &offer);
	} else if (old != NULL && new == NULL && was_mention) {
		r->lost++;
		offer.place = old;
		offer.cause = cause_of(&v->scanned[BOOK_NEW], old);
		samples_offer(&r->lost_sample, &b->arena, &offer);
	}
}

static void count_together(struct backtest *b)
{
	const size_t n = b->ntouched < OVERLAPS_OF_POST ? b->ntouched : OVERLAPS_OF_POST;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			const uint32_t x = b->touch[i].rule, y = b->touch[k].rule;
			if (b->rule[x].pair.new == NULL || b->rule[y].pair.new == NULL ||
				b->rule[x].pair.new->list != b->rule[y].pair.new->list)
				continue;
			const uint64_t low = x < y ? x : y, high = x < y ? y : x;
			(void)tally_add(&b->together, low << 32 | high); /* when full: the pairs that are known go on */
		}
	}
}

/* ---- the pass ---- */

/* Only mentions are judged, and only they need the normalised text. */
static void count_mentions(struct backtest *b, struct view *v, enum backtest_side side)
{
	const int64_t began = now_ns(b);
	bool is_placed = false;
	for (size_t i = 0; i < v->nabout; i++) {
		if (!v->about[i].is_member[side])
			continue;
		if (!is_placed)
			scanned_places(v->a, &v->scanned[side]);
		is_placed = true;
		backtest_count(b, v->a, &(struct backtest_counted){ side, v->about[i].brand, v->post, &v->scanned[side] });
	}
	b->cost[side].judge_ns += now_ns(b) - began;
}

static bool is_repeated(struct backtest *b, const struct post *p)
{
	return p->id.n > 0 && tally_add(&b->ids, str_hash(p->id)) > 1;
}

static void note_time(struct backtest *b, int64_t at_ms)
{
	if (b->from_ms < 0) {
		b->from_ms = at_ms;
		b->first_hour = at_ms / MS_PER_HOUR;
	}
	if (at_ms > b->to_ms)
		b->to_ms = at_ms;
	if (at_ms < b->from_ms)
		b->from_ms = at_ms;
}

static void take_post(struct backtest *b, struct arena *a, const struct backtest_post *post)
{
	struct view v = { .a = a, .post = post };
	/* which book is first changes, so that neither always finds the text warm in the cache */
	const enum backtest_side first = b->posts % 2 == 0 ? BOOK_OLD : BOOK_NEW;
	b->ntouched = 0;
	b->posts++;
	note_time(b, backtest_arrival(&post->post));
	for (int i = 0; i < BOOK__N; i++) {
		const enum backtest_side side = i == 0 ? first : BOOK__N - 1 - first;
		if (b->book[side] != NULL)
			read_post(b, &v, side);
	}
	b->touched += b->ntouched > 0;
	for (size_t i = 0; i < v.nabout; i++)
		compare_brand(b, &v, &v.about[i]);
	for (size_t i = 0; i < b->ntouched; i++)
		compare_rule(b, &v, &b->touch[i]);
	if (b->options.counts_overlaps)
		count_together(b);
	for (int side = 0; side < BOOK__N && !post->backfill; side++)
		count_mentions(b, &v, (enum backtest_side)side);
}

enum outcome backtest_run(struct backtest *b, struct backtest_source *source, struct err *e)
{
	struct arena a;
	struct backtest_post post;
	enum outcome done = OK;
	arena_init(&a, LIMIT_ARENA_BYTES);
	for (;;) {
		arena_reset(&a);
		done = source->next(source, &a, &post, e);
		if (done != OK)
			break;
		if (is_repeated(b, &post.post))
			b->repeated++;
		else
			take_post(b, &a, &post);
	}
	arena_release(&a);
	for (int side = 0; side < BOOK__N && done == SKIP; side++)
		if (b->trial[side].book != NULL)
			backtest_try(b, (enum backtest_side)side);
	return done == SKIP ? OK : done;
}
