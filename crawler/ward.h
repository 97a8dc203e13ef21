/* How all sources of one crawler are, in its memory: for the share of them that is seen (coverage), and to tell many that fall ill at once
 * from many that are ill. Pure but for its own memory.
 *
 * Many at once: of the sources that are known, more than a fifth (and at least 5) answered badly the last time, since at most 6 hours or
 * without a word to the operators yet; or 20 of them by the verdict of several polls. From then on single notices are held back; one
 * says so when it lasts, and one that it is over, which is when half of that does not hold any more. Who is ill then is told one by one. */
#ifndef EARSHOT_CRAWLER_WARD_H
#define EARSHOT_CRAWLER_WARD_H

#include "common/base/clock.h"
#include "common/store/coverage.h"
#include "common/store/many_sick.h"
#include "crawler/health.h"
#include <earshot/limits.h>

#define WARD_SHARE 5 /* one in so many … */
#define WARD_LEAST 5 /* … and so many at least … */
#define WARD_WINDOW_MS (6 * MS_PER_HOUR) /* … that fell ill so lately */
#define WARD_SETTLED 20 /* or so many, by the verdict of several polls */

/* One source. */
struct ward_bed {
	bool is_known, is_sick; /* sick: by its state, or by its last poll alone */
	bool is_settled, is_told; /* sick by its state; and operators have heard of it */
	bool is_mute; /* the last request had no answer at all */
	float weight; /* posts a day that are expected of it */
	int64_t since_ms; /* of the sickness */
};
struct ward {
	struct ward_bed *bed; /* one a source, in the order of the list */
	size_t n;
	int64_t *paused_ms; /* of each: until when it is not polled; 0 = it is */
	bool loaded[EARSHOT_SHARDS]; /* what Redis knows of its sources was read */
	int64_t many_ms; /* since when many are ill; 0 = they are not */
	int64_t told_ms, told; /* that, to the operators */
	int64_t next_ms; /* next look at all of them */
	int64_t born_ms; /* the first look */
	size_t nwords; /* crawlers that had told such a thing, at the last look */
};

struct ward *ward_new(size_t nsources);
void ward_free(struct ward *w);
/* Another list of sources: what was told stays told. */
void ward_inherit(struct ward *w, const struct ward *old);

/* `m`: the memory of `s`, read; `verdict`: of its last poll. */
void ward_note(struct ward *w, size_t at, const struct source_state *s, const struct health_memory *m, enum health verdict);
void ward_forget(struct ward *w, size_t at); /* its shard went to another crawler */

struct ward_count {
	struct coverage coverage;
	size_t known, sick; /* not paused */
	size_t lately, settled; /* sick ones that are news, and those of them by their state */
	size_t mute; /* news without any answer */
};
struct ward_count ward_count(const struct ward *w, int64_t now_ms);
/* Steps many_ms. */
enum ward_news { WARD_NO_NEWS, WARD_MANY_SICK, WARD_MANY_STILL, WARD_MANY_WELL };
#define WARD_SILENT_MS (20 * MS_PER_SECOND) /* a word that was not said again for so long has lost its crawler */
#define WARD_ORPHAN_MS (10 * MS_PER_MINUTE) /* and after so long it is anybody's */
/* Whether what `word` says was told is ours to go on with: our own word of before a restart; that of a crawler that is gone, if many are ill
 * here, or nobody else has taken it for long. Then nothing is told twice, and the end of it is told. */
bool ward_inherits(
	const struct ward *w, const struct ward_count *count, const struct many_sick *word, bool is_own, int64_t now_ms);
void ward_take(struct ward *w, const struct many_sick *word);
/* A crawler that has just begun does not tell yet: the one whose word it finds may be the one whose place it has. */
bool ward_waits(const struct ward *w, int64_t now_ms);
enum ward_news ward_step(struct ward *w, const struct ward_count *count, int64_t now_ms, const struct health_terms *terms);

#endif
