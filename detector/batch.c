/* Batches: from a brand's stream to committed mentions, several brands overlapped in one pipeline. */
#include "detector/detector.h"

#include <earshot/limits.h>

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "detector/pipeline.h"
#include "detector/recall.h"

#include <stdio.h>

/* One step under way: a read that was asked for, or a commit that was sent. Answers come in the order of the questions. */
struct batch {
	struct detector_brand *brand;
	bool is_commit;
	struct posts_entry *entry;
	struct posts_mention *mention;
	size_t nentries, nmentions;
};

static bool is_ready(const struct detector_brand *b)
{
	return b->lease->held && b->loaded && !recall_is_due(b);
}

static void count_commit(struct detector_brand *b, const struct posts_commit *c)
{
	metrics_add(M_mentions_total, c->added);
	metrics_add(M_duplicates_total, c->duplicates);
	metrics_add(M_observations_total, c->observed);
	if (c->added > 0)
		log_event(LOG_DEBUG, EV_batch_committed, "brand=%.*s added=%lld duplicates=%lld observed=%lld", STR_FMT(b->id),
			(long long)c->added, (long long)c->duplicates, (long long)c->observed);
}

/* A fenced brand is not ours any more: forget it; anything else ends the step. */
static enum outcome commit_result(struct detector_brand *b, enum outcome done, const struct posts_commit *c, const struct err *e)
{
	if (done == OK) {
		count_commit(b, c);
		return OK;
	}
	if (done != REJECT)
		return done;
	log_event(LOG_WARN, EV_fenced, "brand=%.*s why=%s", STR_FMT(b->id), log_quote(str_of(e->text)));
	b->loaded = false;
	b->lease->held = false;
	return OK;
}

/* Said once it is done: while Redis refuses to write, the entry stays pending and is looked at again. */
static enum outcome bury(struct detector *d, struct arena *a, struct detector_brand *b, const struct posts_entry *entry,
	struct str why, struct err *e)
{
	const struct partition p = detector_partition(d, a, b);
	const enum outcome done = posts_bury(&p, entry, why, e);
	if (done != OK) {
		b->read_pending = true;
		return commit_result(b, done, NULL, e);
	}
	metrics_add(M_dead_entries_total, 1);
	log_event(LOG_ERROR, EV_entry_dead, "brand=%.*s entry=%.*s why=%s", STR_FMT(b->id), STR_FMT(entry->entry_id),
		log_quote(why));
	return OK;
}

static enum outcome take_read(struct detector *d, struct arena *a, struct batch *batch, struct err *e)
{
	const enum outcome done = posts_read_take(d->redis, a, &batch->entry, &batch->nentries, e);
	batch->brand->full = batch->nentries >= LIMIT_BATCH;
	return done;
}

/* Deliveries that ended because Redis refused to write (OOM, …) are not the entry's fault: it did not kill us. */
static int64_t excused(const struct detector_brand *b, struct str entry_id)
{
	return str_eqc(entry_id, b->excused_entry) ? b->excused : 0;
}

static void excuse(struct detector_brand *b, struct str entry_id, int64_t deliveries)
{
	(void)snprintf(b->excused_entry, sizeof b->excused_entry, "%.*s", STR_FMT(entry_id));
	b->excused = deliveries;
}

/* One entry that was delivered before and not acknowledged. */
static enum outcome handle_alone(
	struct detector *d, struct arena *a, struct detector_brand *b, const struct posts_entry *entry, struct err *e)
{
	int64_t deliveries = 0;
	const struct partition p = detector_partition(d, a, b);
	enum outcome done = posts_deliveries(&p, entry, 1, &deliveries, e);
	if (done != OK)
		return done;
	if (deliveries - excused(b, entry->entry_id) > LIMIT_DELIVERIES_OF_ENTRY)
		return bury(d, a, b, entry, STR("three deliveries ended without an acknowledgement"), e);
	struct err why = { 0 };
	struct posts_mention mention;
	const struct pipeline pipeline = { d->book, b->index, b->stories, a, &d->scratch, &d->text };
	if (pipeline_mention(&pipeline, entry, &mention, &why) != OK)
		return bury(d, a, b, entry, str_of(why.text), e);
	struct posts_commit result = { 0 };
	posts_commit_queue(&p, &mention, 1);
	done = redis_flush(d->redis, e);
	if (done == OK)
		done = posts_commit_take(d->redis, &result, e);
	if (done == RETRY && redis_connected(d->redis))
		excuse(b, entry->entry_id, deliveries);
	return commit_result(b, done, &result, e);
}

/* After a take-over or a crash: one of the pending entries may be the one that kills us. So they are read and handled one by
 * one (reading counts as a delivery: a neighbour must not collect deliveries for it), and the fourth sight goes to the dead list. */
static enum outcome pending_batch(struct detector *d, struct arena *a, struct detector_brand *b, struct err *e)
{
	const struct partition p = detector_partition(d, a, b);
	for (int i = 0; i < LIMIT_BATCH && b->lease->held; i++) {
		struct batch batch = { .brand = b };
		posts_read(&p, true, 1);
		enum outcome done = redis_flush(d->redis, e);
		if (done == OK)
			done = take_read(d, a, &batch, e);
		if (done == OK && batch.nentries == 0)
			b->read_pending = false;
		if (done != OK || batch.nentries == 0)
			return done;
		done = handle_alone(d, a, b, &batch.entry[0], e);
		if (done != OK)
			return done;
		redis_done(d->redis);
		arena_reset(a);
	}
	return OK;
}

/* Steps a call takes at the most: bounds its memory (mentions live until their commit is answered) and its time. */
#define READS_A_CALL 12
#define STEPS 64
#define PUMP_EVERY 16
#define MENTION_BYTES (LIMIT_ARENA_BYTES / 2) /* of mentions under way; what is over it waits on the pending list */

/* What is under way in one call, first in, first out; and the entries that cannot be scored, put aside at its end. */
struct flight {
	struct detector *d;
	struct arena *a;
	struct batch step[STEPS];
	size_t first, n, reads;
	struct refusal {
		struct detector_brand *brand;
		struct posts_entry entry;
		struct str why;
	} * refusal;
	size_t nrefusals;
};

static struct batch *flight_add(struct flight *f, struct detector_brand *b)
{
	struct batch *step = &f->step[(f->first + f->n++) % STEPS];
	*step = (struct batch){ .brand = b };
	return step;
}

static void ask_read(struct flight *f, struct detector_brand *b)
{
	const struct partition p = detector_partition(f->d, f->a, b);
	posts_read(&p, false, LIMIT_BATCH);
	(void)flight_add(f, b);
	f->reads++;
}

static void refuse(struct flight *f, struct detector_brand *b, const struct posts_entry *entry, const struct err *why)
{
	f->refusal[f->nrefusals++] = (struct refusal){ b, *entry, arena_copy(f->a, str_of(why->text)) };
}

static void score(struct flight *f, struct batch *batch)
{
	const struct pipeline pipeline = { f->d->book, batch->brand->index, batch->brand->stories, f->a, &f->d->scratch,
		&f->d->text };
	batch->mention = arena_list(f->a, struct posts_mention, batch->nentries);
	for (size_t i = 0; i < batch->nentries; i++) {
		struct err why = { 0 };
		if (f->a->used > MENTION_BYTES) {
			batch->brand->read_pending = true;
			return;
		}
		if (i % PUMP_EVERY == 0)
			redis_pump(f->d->redis); /* the last commit is going out, the next batch is coming in */
		if (pipeline_mention(&pipeline, &batch->entry[i], &batch->mention[batch->nmentions], &why) == OK)
			batch->nmentions++;
		else
			refuse(f, batch->brand, &batch->entry[i], &why);
	}
}

/* A brand that gave a whole batch has more: the next read leaves before this batch is scored, and its commit leaves right
 * after, so that Redis and we work at the same time even with a single busy brand. */
static enum outcome on_read(struct flight *f, struct batch batch, struct err *e)
{
	enum outcome done = take_read(f->d, f->a, &batch, e);
	if (done != OK || batch.nentries == 0)
		return done;
	if (batch.brand->full && f->reads < READS_A_CALL && f->a->used < MENTION_BYTES)
		ask_read(f, batch.brand);
	score(f, &batch);
	if (batch.nmentions == 0)
		return OK;
	const struct partition p = detector_partition(f->d, f->a, batch.brand);
	posts_commit_queue(&p, batch.mention, batch.nmentions);
	flight_add(f, batch.brand)->is_commit = true;
	redis_pump(f->d->redis);
	return OK;
}

static enum outcome on_commit(struct flight *f, const struct batch *batch, struct err *e)
{
	struct posts_commit result = { 0 };
	return commit_result(batch->brand, posts_commit_take(f->d->redis, &result, e), &result, e);
}

static enum outcome fly(struct flight *f, struct err *e)
{
	enum outcome done = f->n > 0 ? redis_flush(f->d->redis, e) : OK;
	while (f->n > 0 && done == OK) {
		const struct batch batch = f->step[f->first % STEPS];
		f->first++;
		f->n--;
		done = batch.is_commit ? on_commit(f, &batch, e) : on_read(f, batch, e);
	}
	for (size_t i = 0; i < f->nrefusals && done == OK; i++)
		done = bury(f->d, f->a, f->refusal[i].brand, &f->refusal[i].entry, f->refusal[i].why, e);
	return done;
}

/* The brands that may be read in this call, beginning behind where the last call ended, so that all get their turn. */
static void ask_brands(struct flight *f)
{
	struct detector *d = f->d;
	for (size_t i = 0; i < d->nbrands && f->reads < READS_A_CALL; i++) {
		struct detector_brand *b = &d->brand[d->next_brand % d->nbrands];
		if (is_ready(b) && !b->read_pending)
			ask_read(f, b);
		d->next_brand++;
	}
}

static enum outcome pending_batches(struct detector *d, struct arena *a, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		b->full = false;
		if (is_ready(b) && b->read_pending)
			done = pending_batch(d, a, b, e);
	}
	return done;
}

enum outcome detector_batches(struct detector *d, struct arena *a, bool *more, struct err *e)
{
	size_t asked = 0;
	enum outcome done = recall_stories(d, a, e);
	if (done == OK)
		done = pending_batches(d, a, e);
	while (done == OK && asked < d->nbrands) {
		struct flight f = { .d = d, .a = a };
		const size_t before = d->next_brand;
		f.refusal = arena_list(a, struct refusal, READS_A_CALL * LIMIT_BATCH);
		ask_brands(&f);
		asked += d->next_brand - before;
		done = fly(&f, e);
		redis_done(d->redis);
		arena_reset(a);
	}
	*more = false;
	for (size_t i = 0; i < d->nbrands; i++)
		*more = *more || (d->brand[i].lease->held &&
					 (d->brand[i].full || d->brand[i].read_pending || recall_is_due(&d->brand[i])));
	return done;
}
