/* Counters are a cache of the mention records: this recomputes them. `earshot verify` runs it over all retained minutes; a
 * detector runs it by itself over the recent ones after Redis came back from an unclean stop. */
#ifndef EARSHOT_DETECTOR_RECOUNT_H
#define EARSHOT_DETECTOR_RECOUNT_H

#include "common/base/tally.h"
#include "detector/detector.h"

struct recount {
	int64_t mentions, cells, stories, wrong, repaired;
};

/* One brand's minutes in [from_ms, to_ms). Counter sums (likes …) are not recounted: they hold differences between sights,
 * which records do not keep. */
struct recount_job {
	struct redis *redis;
	struct str brand;
	int64_t from_ms, to_ms;
	bool fix; /* sets wrong cells right */
	struct buf *report; /* gets a line a wrong cell; may be NULL */
	struct tally *stories; /* gets the posts of each story, by recount_story_key(); may be NULL */
};
uint64_t recount_story_key(struct str story_id);
enum outcome recount_brand(const struct recount_job *job, struct recount *out, struct err *e) MUST_CHECK;
enum outcome recount_recent(struct detector *d, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
