/* Back-fill: posts of the archive that a published rulebook finds and that were never counted go into the streams of their
 * brands as history. They are scored and counted in the minute they were written, once each by their id like every post, under
 * the new version; they raise no alert and teach no baseline, because they are not seen now (`history` in common/text/entry.h,
 * detector/tick.c takes them off what a tick sees). */
#ifndef EARSHOT_CLI_BACKFILL_H
#define EARSHOT_CLI_BACKFILL_H

#include "cli/past.h"
#include "common/store/redis.h"

struct backfill {
	/* given */
	struct redis *redis;
	const struct rulebook *book; /* the published one */
	int64_t published_ms; /* posts fetched a minute later were seen by the new rules already */
	int64_t since_ms; /* posts written before are left alone */
	/* counted */
	int64_t posts, found, appended, known;
	int64_t next_mark_ms; /* monotonic */
};

/* Waits until the detectors have the rulebook, then reads `past` to its end. TERM stops it between two batches; done again it
 * goes on where it is needed, because what is counted is passed over. REJECT when another rulebook came into force meanwhile. */
enum outcome backfill_run(struct backfill *b, struct past *past, struct err *e) MUST_CHECK;

#endif
