/* Copies of stories recounted: what each mention record says of its story, against the counts that commits have added up. */
#ifndef EARSHOT_DETECTOR_RECOUNT_STORIES_H
#define EARSHOT_DETECTOR_RECOUNT_STORIES_H

#include "common/base/tally.h"
#include "common/store/story_counts.h"
#include "detector/recount.h"

/* Of one brand. `records` is filled by recount_brand() in between: a job names it. */
struct recount_stories {
	struct arena arena;
	struct tally records; /* posts by story */
	struct story_count *before; /* by id */
	size_t nbefore;
};
enum outcome recount_stories_begin(struct recount_stories *s, const struct recount_job *job, struct err *e) MUST_CHECK;
/* Compares, and sets right when the job says so. Only stories whose posts are all of the recounted time, and that did not grow
 * meanwhile: a detector may be at work. */
enum outcome recount_stories_end(
	struct recount_stories *s, const struct recount_job *job, struct recount *out, struct err *e) MUST_CHECK;
void recount_stories_release(struct recount_stories *s);

#endif
