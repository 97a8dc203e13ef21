/* Incident state, timeline, detector progress and outbox entry: they change in one atomic call that checks the lease token
 * and the expected revision. A repeat returns the old result. Also people's wishes on the control stream. */
#ifndef EARSHOT_STORE_INCIDENTS_H
#define EARSHOT_STORE_INCIDENTS_H

#include "common/store/partition.h"
#include <earshot/alert.h>

struct progress {
	int64_t tick_ms; /* end of the last minute evaluated; -1 = never */
	int64_t revision;
	struct str model; /* opaque state of the detector's baselines (base64 or JSON text) */
	struct incident incident; /* the current one, or INC_NONE */
	struct str run_id; /* run of Redis in which progress was last written; another one now = Redis was restarted since */
};
enum outcome incidents_progress(const struct partition *p, struct progress *out, struct err *e) MUST_CHECK;

/* A tick at which nothing moved: one small write, queued so that many brands share a round trip. Outcomes as incidents_commit. */
struct incidents_progress_step {
	int64_t expected_revision, tick_ms;
	struct str model; /* "" = unchanged */
};
void incidents_progress_queue(const struct partition *p, const struct incidents_progress_step *s);
enum outcome incidents_progress_take(struct redis *r, struct err *e) MUST_CHECK;

struct incidents_step {
	int64_t expected_revision; /* as read */
	int64_t tick_ms; /* new progress */
	struct str model; /* "" = unchanged */
	const struct incident *incident; /* NULL: nothing moved, progress only */
	enum incident_state from;
	enum incident_event event;
	struct str outbox; /* alert JSON, "" = tells nobody */
	struct str wish_entry, wish_id, wish_outcome; /* the control entry this step settles; "" = none */
	int64_t at_ms;
};
/* With an incident the brand's revision becomes expected_revision + 1; a repeat of that very step (same incident, event and
 * at_ms, so keep at_ms when you try again) is OK and changes nothing. OK; REJECT "fenced: …" or "stale: …"; RETRY. */
enum outcome incidents_commit(const struct partition *p, const struct incidents_step *s, struct err *e) MUST_CHECK;

/* One incident by id; out->id is "" when there is none. */
enum outcome incidents_get(const struct partition *p, struct str id, struct incident *out, struct err *e) MUST_CHECK;
/* Reading back: newest onset first. */
enum outcome incidents_list(const struct partition *p, size_t max, struct incident **out, size_t *n, struct err *e) MUST_CHECK;
enum outcome incidents_timeline(const struct partition *p, size_t max, struct buf *jsonl, struct err *e) MUST_CHECK;
void incident_write(struct buf *out, const struct incident *i, struct str brand); /* one JSON object */

/* Wishes: what people ask for. Wish ids begin with their time in ms (13 digits), so that the oldest outcomes can be dropped. */
struct wish {
	struct str entry_id, wish_id, verb, incident, by, note;
	int64_t at_ms, until_ms;
};
enum outcome incidents_wish(const struct partition *p, const struct wish *w, struct err *e) MUST_CHECK;
enum outcome incidents_wishes(const struct partition *p, bool pending, struct wish **out, size_t *n, struct err *e) MUST_CHECK;
/* Outcome of a wish: "" while it waits. */
enum outcome incidents_wish_outcome(const struct partition *p, struct str wish_id, struct str *out, struct err *e) MUST_CHECK;

#endif
