/* Batches: from a brand's stream to committed mentions, several brands overlapped in one pipeline. */
#include "detector/detector.h"

#include <earshot/limits.h>

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "detector/pipeline.h"

struct batch {
	struct detector_brand *brand;
	struct posts_entry *entry;
	struct posts_mention *mention;
	size_t nentries, nmentions;
	bool queued;
};

static void bury(struct detector *d, struct arena *a, struct detector_brand *b, const struct posts_entry *entry, struct str why)
{
	struct err e = { 0 };
	const struct partition p = detector_partition(d, a, b);
	metrics_add(M_dead_entries_total, 1);
	log_event(LOG_ERROR, EV_entry_dead, "brand=%.*s entry=%.*s why=%s", STR_FMT(b->id), STR_FMT(entry->entry_id), log_quote(why));
	if (posts_bury(&p, entry, why, &e) != OK)
		b->read_pending = true; /* it stays pending and is looked at again */
}

/* The entries of a batch that can be scored; the others are listed in `bad` with their reasons. */
static void score(struct detector *d, struct arena *a, struct batch *batch, struct posts_entry *bad, struct str *why, size_t *nbad)
{
	batch->mention = arena_list(a, struct posts_mention, batch->nentries + 1);
	const struct pipeline pipeline = { d->book, batch->brand->index, a, &d->scratch, &d->text };
	for (size_t i = 0; i < batch->nentries; i++) {
		struct err e = { 0 };
		const enum outcome done = pipeline_mention(&pipeline, &batch->entry[i], &batch->mention[batch->nmentions], &e);
		if (done == OK) {
			batch->nmentions++;
			continue;
		}
		bad[*nbad] = batch->entry[i];
		why[(*nbad)++] = arena_copy(a, str_of(e.text));
	}
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

static enum outcome take_read(struct detector *d, struct arena *a, struct batch *batch, struct err *e)
{
	const enum outcome done = posts_read_take(d->redis, a, &batch->entry, &batch->nentries, e);
	batch->brand->full = batch->nentries >= LIMIT_BATCH;
	return done;
}

/* One entry that was delivered before and not acknowledged. */
static enum outcome handle_alone(struct detector *d, struct arena *a, struct detector_brand *b, const struct posts_entry *entry,
	struct err *e)
{
	int64_t deliveries = 0;
	const struct partition p = detector_partition(d, a, b);
	enum outcome done = posts_deliveries(&p, entry, 1, &deliveries, e);
	if (done != OK)
		return done;
	if (deliveries > LIMIT_DELIVERIES_OF_ENTRY) {
		bury(d, a, b, entry, STR("three deliveries ended without an acknowledgement"));
		return OK;
	}
	struct err why = { 0 };
	struct posts_mention mention;
	const struct pipeline pipeline = { d->book, b->index, a, &d->scratch, &d->text };
	if (pipeline_mention(&pipeline, entry, &mention, &why) != OK) {
		bury(d, a, b, entry, str_of(why.text));
		return OK;
	}
	struct posts_commit result = { 0 };
	posts_commit_queue(&p, &mention, 1);
	done = redis_flush(d->redis, e);
	return done == OK ? commit_result(b, posts_commit_take(d->redis, &result, e), &result, e) : done;
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
	}
	return OK;
}

/* The commit leaves at once, so that Redis works on it while the next brand's batch is scored. */
static enum outcome send_commit(struct detector *d, struct arena *a, struct batch *batch, struct err *e)
{
	if (batch->nmentions == 0)
		return OK;
	const struct partition p = detector_partition(d, a, batch->brand);
	posts_commit_queue(&p, batch->mention, batch->nmentions);
	batch->queued = true;
	return redis_flush(d->redis, e);
}

struct refusals { struct posts_entry *entry; struct str *why; size_t n; };

static enum outcome fresh_batches(struct detector *d, struct arena *a, struct batch *batch, size_t n, struct err *e)
{
	struct refusals *bad = arena_list(a, struct refusals, n + 1);
	enum outcome done = OK;
	for (size_t i = 0; i < n; i++) {
		const struct partition p = detector_partition(d, a, batch[i].brand);
		posts_read(&p, false, LIMIT_BATCH);
	}
	if (n > 0)
		done = redis_flush(d->redis, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		done = take_read(d, a, &batch[i], e);
		if (done != OK || batch[i].nentries == 0)
			continue;
		bad[i] = (struct refusals){ arena_list(a, struct posts_entry, batch[i].nentries), arena_list(a, struct str, batch[i].nentries), 0 };
		score(d, a, &batch[i], bad[i].entry, bad[i].why, &bad[i].n);
		done = send_commit(d, a, &batch[i], e);
	}
	for (size_t i = 0; i < n && done == OK; i++) {
		struct posts_commit result = { 0 };
		if (batch[i].queued)
			done = commit_result(batch[i].brand, posts_commit_take(d->redis, &result, e), &result, e);
	}
	for (size_t i = 0; i < n && done == OK; i++)
		for (size_t k = 0; k < bad[i].n; k++)
			bury(d, a, batch[i].brand, &bad[i].entry[k], bad[i].why[k]);
	return done;
}

/* So many brands are read in one pipeline: enough to keep Redis and us busy at the same time, few enough to stay small. */
#define BRANDS_A_PIPELINE 8

enum outcome detector_batches(struct detector *d, struct arena *a, int64_t now_ms, bool *more, struct err *e)
{
	(void)now_ms;
	struct batch *fresh = arena_list(a, struct batch, d->nbrands + 1);
	size_t nfresh = 0;
	enum outcome done = OK;
	*more = false;
	for (size_t i = 0; i < d->nbrands && done == OK; i++) {
		struct detector_brand *b = &d->brand[i];
		if (!b->lease->held || !b->loaded)
			continue;
		if (b->read_pending)
			done = pending_batch(d, a, b, e);
		else
			fresh[nfresh++].brand = b;
		*more = *more || b->read_pending;
	}
	for (size_t i = 0; i < nfresh && done == OK; i += BRANDS_A_PIPELINE) {
		done = fresh_batches(d, a, &fresh[i], nfresh - i < BRANDS_A_PIPELINE ? nfresh - i : BRANDS_A_PIPELINE, e);
		redis_done(d->redis);
	}
	for (size_t i = 0; i < nfresh; i++)
		*more = *more || fresh[i].brand->full;
	return done;
}
