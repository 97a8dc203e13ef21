/* Back-fill: posts of the past through the published rules into the brands' streams, at the detectors' pace. */
#include "cli/backfill.h"

#include "common/base/clock.h"
#include "common/base/post.h"
#include "common/base/proc.h"
#include "common/store/posts.h"
#include "common/store/procs.h"
#include "common/store/rulebooks.h"
#include "common/text/admission.h"
#include "common/text/entry.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define WAIT_STEP_MS 100
#define WAIT_DETECTORS_MS 15000
#define MARK_EVERY_MS 5000
#define MARK_HOLDS_MS 30000 /* a back-fill that died is over after so long */
#define DRAIN_MS 10000 /* what was appended last is counted by then */
#define WORKERS_FOLLOW_MS 60000 /* so long after a publication a crawler may still have read posts by the old rules */
#define STREAM_MOST (LIMIT_STREAM_BACKLOG / 5) /* live posts go first: they wait behind no more than that */

/* Entries of the brands, gathered before they are asked about and appended. */
struct queued {
	int brand;
	struct str id, json;
};
struct run {
	struct backfill *b;
	struct arena post, batch;
	struct queued queued[LIMIT_BATCH];
	size_t n;
};

/* ---- one post ---- */

static size_t brands_of(struct arena *a, const struct rulebook *book, const struct backtest_post *p, struct admission **out)
{
	struct scanned scanned;
	if (p->brands.n > 0)
		return admission_given(a, book, p->brands.item, p->brands.n, out);
	scan_post(a, book, &p->post, &scanned);
	return admission_find(a, book, &scanned, out);
}

static bool is_wanted(const struct backfill *b, const struct backtest_post *p)
{
	return !p->backfill && p->post.fetched_ms <= b->published_ms + WORKERS_FOLLOW_MS &&
	       post_count_ms(&p->post) >= b->since_ms;
}

static enum outcome send(struct run *r, struct err *e);

static enum outcome take_post(struct run *r, const struct backtest_post *p, struct err *e)
{
	const struct rulebook *book = r->b->book;
	struct admission *about = NULL;
	enum outcome done = OK;
	r->b->posts++;
	const size_t n = is_wanted(r->b, p) ? brands_of(&r->post, book, p, &about) : 0;
	for (size_t i = 0; i < n && done == OK; i++) {
		const struct brand *brand = &book->brand[about[i].brand];
		const struct entry entry = {
			.brand = brand->id,
			.rulebook = str_of(book->version),
			.post = &p->post,
			.place = about[i].place,
			.nplaces = about[i].nplaces,
			.own = conf_list_has(&p->own, brand->id),
			.history = true,
		};
		if (r->n == LIMIT_BATCH || r->batch.used > LIMIT_ARENA_BYTES / 2)
			done = send(r, e);
		const struct queued q = { about[i].brand, arena_copy(&r->batch, p->post.id), entry_json(&r->batch, &entry) };
		if (done == OK && q.json.n > 0)
			r->queued[r->n++] = q;
		r->b->found++;
	}
	return done;
}

/* ---- a batch ---- */

/* History by rules that are no longer in force would stand beside posts by those that are. */
static enum outcome check_in_force(struct run *r, struct err *e)
{
	struct rulebooks_now published;
	const char *version = r->b->book->version;
	const enum outcome done = rulebooks_now(r->b->redis, &r->batch, &published, e);
	if (done != OK || strcmp(published.version, version) == 0)
		return done;
	return err_set(e, REJECT,
		"rulebook %s was replaced by %s meanwhile: the back-fill stops half-way; run it again with earshot rules "
		"backfill",
		version, published.version[0] != '\0' ? published.version : "the folders");
}

/* Says that we are at work, now and then: a brand that is new to the detectors is first looked at when its past is there. */
static enum outcome mark(struct run *r, int64_t holds_ms, struct err *e)
{
	const int64_t now = clock_monotonic_ms();
	if (now < r->b->next_mark_ms)
		return OK;
	r->b->next_mark_ms = now + MARK_EVERY_MS;
	const enum outcome done = check_in_force(r, e);
	if (done != OK)
		return done;
	return rulebooks_filling(r->b->redis, &r->batch, r->b->since_ms, clock_now_ms() + holds_ms, e);
}

static enum outcome wait_for_room(struct run *r, const struct partition *p, struct err *e)
{
	int64_t waiting = 0;
	enum outcome done = posts_waiting(p, &waiting, e);
	while (done == OK && waiting > STREAM_MOST && !proc_stopping()) {
		clock_sleep_ms(WAIT_STEP_MS);
		done = mark(r, MARK_HOLDS_MS, e);
		if (done == OK)
			done = posts_waiting(p, &waiting, e);
	}
	return done;
}

/* The entries of one brand that are no mentions yet. */
static enum outcome send_brand(struct run *r, int brand, struct err *e)
{
	struct str *id = arena_list(&r->batch, struct str, LIMIT_BATCH);
	struct str *json = arena_list(&r->batch, struct str, LIMIT_BATCH);
	bool known[LIMIT_BATCH];
	size_t n = 0, appended = 0;
	const struct partition p = { .redis = r->b->redis, .arena = &r->batch, .brand = r->b->book->brand[brand].id };
	for (size_t i = 0; i < r->n; i++) {
		if (r->queued[i].brand != brand)
			continue;
		id[n] = r->queued[i].id;
		json[n++] = r->queued[i].json;
	}
	enum outcome done = posts_known(&p, id, n, known, e);
	if (done == OK)
		done = wait_for_room(r, &p, e);
	for (size_t i = 0; i < n && done == OK; i++)
		if (!known[i]) {
			posts_append(&p, json[i]);
			appended++;
		}
	if (done == OK && appended > 0)
		done = posts_append_settle(r->b->redis, appended, e);
	r->b->appended += (int64_t)appended;
	r->b->known += (int64_t)(n - appended);
	return done;
}

static enum outcome send(struct run *r, struct err *e)
{
	enum outcome done = mark(r, MARK_HOLDS_MS, e);
	for (size_t i = 0; i < r->n && done == OK; i++) {
		bool is_first = true;
		for (size_t k = 0; k < i; k++)
			is_first = is_first && r->queued[k].brand != r->queued[i].brand;
		if (is_first)
			done = send_brand(r, r->queued[i].brand, e);
	}
	r->n = 0;
	redis_done(r->b->redis);
	arena_reset(&r->batch);
	return done;
}

/* ---- the run ---- */

/* Scored by other rules history would be half of this and half of that. */
static enum outcome wait_for_detectors(struct run *r, struct err *e)
{
	const int64_t until_ms = clock_monotonic_ms() + WAIT_DETECTORS_MS;
	size_t others = 1;
	while (others > 0 && !proc_stopping()) {
		struct proc_beat *beat = NULL;
		size_t n = 0;
		const enum outcome done = procs_list(r->b->redis, &r->batch, &beat, &n, e);
		if (done != OK)
			return done;
		others = 0;
		for (size_t i = 0; i < n; i++)
			others += str_eqc(beat[i].role, "detector") &&
				  clock_now_ms() - beat[i].beat_ms < 3 * LIMIT_HEARTBEAT_MS &&
				  !str_eqc(beat[i].rulebook, r->b->book->version);
		redis_done(r->b->redis);
		arena_reset(&r->batch);
		if (others > 0 && clock_monotonic_ms() > until_ms)
			return err_set(e, REJECT,
				"%zu detector(s) do not have rulebook %s after %d s; earshot status shows which, and its log why",
				others, r->b->book->version, WAIT_DETECTORS_MS / 1000);
		if (others > 0)
			clock_sleep_ms(WAIT_STEP_MS);
	}
	return OK;
}

static enum outcome read_past(struct run *r, struct past *past, struct err *e)
{
	struct backtest_post post;
	enum outcome done = OK;
	while (done == OK && !proc_stopping()) {
		arena_reset(&r->post);
		done = past->source.next(&past->source, &r->post, &post, e);
		if (done == OK)
			done = take_post(r, &post, e);
		if (done == OK)
			done = mark(r, MARK_HOLDS_MS, e);
	}
	return done == SKIP ? OK : done;
}

enum outcome backfill_run(struct backfill *b, struct past *past, struct err *e)
{
	struct run *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->b = b;
	arena_init(&r->post, LIMIT_ARENA_BYTES);
	arena_init(&r->batch, LIMIT_ARENA_BYTES);
	enum outcome done = mark(r, MARK_HOLDS_MS, e);
	if (done == OK)
		done = wait_for_detectors(r, e);
	if (done == OK)
		done = read_past(r, past, e);
	if (done == OK)
		done = send(r, e);
	b->next_mark_ms = 0;
	if (done == OK)
		done = mark(r, DRAIN_MS, e);
	arena_release(&r->post);
	arena_release(&r->batch);
	free(r);
	return done;
}
