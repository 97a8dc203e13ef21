/* The crawler's hand on the archive (common/base/archive.h). Trouble with the disk is told and counted, and never stops
 * crawling: posts wait in memory up to a cap, then they are left out of the archive. */
#ifndef EARSHOT_CRAWLER_KEEP_H
#define EARSHOT_CRAWLER_KEEP_H

#include "common/base/archive.h"
#include "common/base/log.h"
#include "common/base/settings.h"
#include "crawler/admit.h"

struct keep {
	struct archive *archive; /* NULL: archive = no */
	struct complaint_log trouble;
	int64_t lost; /* posts, since the trouble began */
};

void keep_init(struct keep *k, const struct settings *s);
/* One admitted or unmatched post, after it is in its streams. A sight without a new text is not kept again; `known` is
 * the fingerprint of the last one, 0 = never. */
void keep_post(struct keep *k, struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known);
void keep_turn(struct keep *k, int64_t now_ms); /* once a turn of the loop */
/* The segment at hand is let go of: somebody has to take posts out of it. */
void keep_let_go(struct keep *k, int64_t now_ms);
void keep_release(struct keep *k, int64_t now_ms); /* everything onto the disk */

#endif
