/* Where mentions of a brand were found lately, per source shard, and due times that come forward because of it (crawler/boost.h). It is a
 * hint, not a truth: what is lost of it costs a later poll, nothing else. */
#ifndef EARSHOT_STORE_FOUND_H
#define EARSHOT_STORE_FOUND_H

#include "common/store/sources.h"

/* A source brought something about `n` > 0 brands. Beyond LIMIT_FOUND_SOURCES and LIMIT_FOUND_MS the oldest are forgotten. Queue, flush,
 * take. REJECT: fenced. */
struct found {
	struct str source;
	const struct str *brand;
	size_t n;
};
void found_note_queue(const struct partition *p, const struct found *f, int64_t now_ms);
enum outcome found_note_take(struct redis *r, struct err *e) MUST_CHECK;

/* Its sources of a shard, in no order that matters. */
void found_list_queue(const struct partition *p, struct str brand, int64_t now_ms);
enum outcome found_list_take(const struct partition *p, struct str **id, size_t *n, struct err *e) MUST_CHECK;

/* Due at state->next_ms when that is sooner than it was, with the words that say why: interval_ms, wish_ms, why, boost, boost_ms. A source that is
 * paused stays so. *due_ms: when it is due now; 0 = it is on no list. */
void found_hasten_queue(const struct partition *p, struct str id, const struct source_state *state, int64_t now_ms);
enum outcome found_hasten_take(struct redis *r, int64_t *due_ms, struct err *e) MUST_CHECK;

#endif
