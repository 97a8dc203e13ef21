/* Sources that keep their posts for a shorter time than the others: tells the detector which they are, and takes what is too old out of
 * the archive, a segment at a time: a round a day, one more when the sources were read again. */
#ifndef EARSHOT_CRAWLER_SWEEP_H
#define EARSHOT_CRAWLER_SWEEP_H

#include "common/base/archive.h"
#include "common/store/retentions.h"
#include "crawler/keep.h"
#include "crawler/sources.h"

struct sweep {
	struct arena arena; /* of the list */
	struct retentions list;
	bool is_told; /* Redis has it */
	const struct settings *settings;
	struct archive_cursor at;
	int64_t next_ms; /* the next segment is looked at then; 0 = a round begins */
};

void sweep_init(struct sweep *s, const struct settings *settings);
void sweep_release(struct sweep *s);
/* Other sources, or a Redis that may have lost the list. */
void sweep_follow(struct sweep *s, const struct source_list *sources);
/* Once a turn of the loop. */
enum outcome sweep_turn(
	struct sweep *s, struct keep *keep, struct redis *r, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
