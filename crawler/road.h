/* The road of posts that nobody fetched: from files (`earshot import`) and webhooks into the brands' streams and the archive,
 * by the same steps as crawled ones. Appending needs no lease: the commit counts each (brand, post) once, whatever comes twice. */
#ifndef EARSHOT_CRAWLER_ROAD_H
#define EARSHOT_CRAWLER_ROAD_H

#include "crawler/admit.h"
#include "crawler/draft.h"
#include <earshot/limits.h>

struct erased;
struct keep;
struct redis;

/* A post behind the door: masked, its author a pseudonym. */
struct road_post {
	struct admitted admitted;
	uint64_t known; /* fingerprint of its last sight; 0 = never seen */
	struct str about; /* ids of brands, by commas, that it is about whatever its words; "" = match the text */
};

struct road {
	struct redis *redis;
	const struct rulebook *book;
	struct keep *keep; /* the archive */
	struct str pseudonym_key;
	const struct erased *erased; /* what is not to be stored again; NULL = nothing */
	int64_t now_ms, keep_ms;
	bool is_history; /* undated posts of a file are no news of this minute */
	/* one batch: strings have to live until road_settle() */
	const struct road_post *waiting[LIMIT_BATCH];
	size_t nwaiting, queued, bytes;
	int64_t posts, matched, entries; /* settled so far: posts, those about a brand, stream entries */
};

/* Through the door. REJECT when it is no post, or is refused (empty, older than the retention, a brand that nobody watches). */
enum outcome road_door(struct arena *a, const struct road *i, const struct draft_terms *t, const struct draft *d,
	struct road_post *out, struct err *e) MUST_CHECK;
/* Queues its stream entries; settle when this is true: the batch is full. */
bool road_append(struct road *i, const struct road_post *post);
/* Everything that waits is in its streams, then in the archive. RETRY: Redis is away, nothing is forgotten; append again. */
enum outcome road_settle(struct road *i, struct arena *a, struct err *e) MUST_CHECK;

/* A post behind the door as one line of JSON, and back: how pushed posts wait on disk. */
void road_write(struct buf *out, const struct road_post *post);
enum outcome road_read(struct arena *a, struct str line, struct road_post *out, struct err *e) MUST_CHECK;

#endif
