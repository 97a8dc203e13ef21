/* The crawler's work: due sources -> fetches -> posts in streams -> cursor. When a source is asked
 * again: crawler/polling.h. */
#ifndef EARSHOT_CRAWLER_CRAWL_H
#define EARSHOT_CRAWLER_CRAWL_H

#include "common/base/settings.h"
#include "common/store/sources.h"
#include "common/text/rulebook.h"
#include "crawler/sources.h"

struct keep;
struct robots_keep;
struct crawl_fetch; /* one source on its way */

/* Redis may have forgotten some entries of a source: it is polled unconditionally from its first page on, and every entry is looked
 * at; of further pages as well. */
enum distrust { TRUSTED, DISTRUSTED, DISTRUSTED_FURTHER };

struct crawl {
	const struct settings *settings;
	const struct rulebook *book; /* may be exchanged between two calls */
	const struct source_list *sources;
	struct redis *redis;
	struct http *http;
	struct str pseudonym_key;
	struct keep *keep; /* the archive */
	struct robots_keep *robots;
	struct lease *lease; /* one a shard that has sources */
	uint32_t *shard; /* same order */
	size_t nshards;
	struct crawl_fetch **fetch; /* one a source, NULL = not under way; same order as sources */
	unsigned char *distrust; /* enum distrust of each */
	int64_t distrust_from_ms; /* what was fetched before is on disk */
	int64_t *paused_ms; /* until when each is paused; 0 = it is not (pause.h) */
	bool *warned; /* failure was said; say it again only when it is over */
	int64_t next_backlog_ms, next_pause_ms;
	bool slowed; /* some brand's stream is too long: fetch nothing new */
};

void crawl_init(struct crawl *c, struct redis *redis, struct http *http);
void crawl_release(struct crawl *c);
/* Starts what is due, as far as hosts and LIMIT_TRANSFERS allow. */
enum outcome crawl_start(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* Handles what has arrived: parse, admit, append, then move the cursor. *handled: how many. */
enum outcome crawl_finish(struct crawl *c, struct arena *a, int64_t now_ms, int *handled, struct err *e) MUST_CHECK;
/* After Redis came back from an unclean stop: sources fetched in the last minutes are polled again without validators. */
void crawl_distrust(struct crawl *c, int64_t now_ms);
/* The same from `old` on, of sources it had not polled again yet: a reload must not clear the distrust. */
void crawl_inherit(struct crawl *c, const struct crawl *old);

#endif
