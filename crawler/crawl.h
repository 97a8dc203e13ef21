/* The crawler's work: due sources -> fetches -> posts in streams -> cursor. Who is next is the frontier's business (frontier.h),
 * what an answer means the visit's (visit.h), how answers share round trips the round's (round.h), how long a host is left alone
 * polite.h's. */
#ifndef EARSHOT_CRAWLER_CRAWL_H
#define EARSHOT_CRAWLER_CRAWL_H

#include "common/base/settings.h"
#include "common/store/sources.h"
#include "common/text/rulebook.h"
#include "crawler/frontier.h"
#include "crawler/sources.h"

struct erased;
struct keep;
struct watch;
struct robots_keep;
struct ward;
struct boost;
struct websub_keep;
struct crawl_fetch; /* one source on its way */

/* Redis may have forgotten some entries of a source: it is polled unconditionally from its first page on, and every entry is looked
 * at; of further pages as well. */
enum distrust { TRUSTED, DISTRUSTED, DISTRUSTED_FURTHER };

/* Answers of this second, and of the one before. */
struct pace {
	int64_t from_ms;
	size_t n, before;
};

struct crawl {
	const struct settings *settings;
	const struct rulebook *book; /* may be exchanged between two calls */
	struct watch *watch; /* asks in our trips which rulebook is published */
	const struct source_list *sources;
	struct redis *redis;
	struct http *http;
	struct str pseudonym_key;
	const struct erased *erased; /* what is not to be stored again */
	struct keep *keep; /* the archive */
	struct robots_keep *robots;
	struct websub_keep *websub; /* NULL: no callback is configured */
	struct frontier frontier;
	struct ward *ward; /* how all sources are */
	struct arena one; /* of one post, on its way into its streams */
	size_t unsent; /* bytes of such that are queued */
	struct boost *boost; /* whose polls come sooner while a brand is in alert */
	struct str owner; /* who this crawler is */
	struct lease *lease; /* one a shard that has sources, or had some (leftover.h) */
	uint32_t *shard; /* same order */
	size_t nshards;
	bool knows_leftovers; /* they are among the shards */
	size_t lease_of[EARSHOT_SHARDS]; /* place of a shard in both */
	size_t *under_way; /* fetches of each, same order */
	size_t nunder_way; /* of all */
	uint32_t waiting[LIMIT_ROUND_PAGES]; /* sources of hosts whose robots.txt is not in memory: Redis is asked in this turn */
	size_t nwaiting;
	uint32_t away[LIMIT_TRANSFERS]; /* sources of this turn that were led to another host: away_start() */
	size_t naway;
	struct pace pace;
	bool has_more; /* sources that could have gone in this turn */
	struct crawl_fetch **fetch; /* one a source, NULL = not under way; same order as sources */
	unsigned char *distrust; /* enum distrust of each */
	int64_t distrust_from_ms; /* what was fetched before is on disk */
	bool *warned; /* failure was said; say it again only when it is over */
	int64_t next_backlog_ms, next_look_ms;
	bool slowed; /* some brand's stream is too long: fetch nothing new */
	bool is_draining; /* the process ends: the same */
};

void crawl_init(struct crawl *c, struct redis *redis, struct http *http);
void crawl_release(struct crawl *c);
/* One turn: handles what has arrived (parse, admit, append, then move the cursor), then starts what is due, as far as hosts and
 * LIMIT_TRANSFERS allow. Resets `a`. */
enum outcome crawl_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* Whether another turn has something to do: enough has arrived for a round, or nothing else will soon. */
bool crawl_has_round(const struct crawl *c, int64_t now_ms);
/* How long an answer waits for others that share its trips to Redis: as long as is worth it at their present rate. */
int crawl_patience_ms(const struct crawl *c);
/* How long there is nothing to ask, at most `most_ms`. */
int crawl_idle_ms(const struct crawl *c, int64_t now_ms, int most_ms);
/* After Redis came back from an unclean stop: sources fetched in the last minutes are polled again without validators. */
void crawl_distrust(struct crawl *c, int64_t now_ms);
/* The same from `old` on, of sources it had not polled again yet: a reload must not clear the distrust. */
void crawl_inherit(struct crawl *c, const struct crawl *old);

/* ---- for leftover.c and round.c ---- */

void crawl_add_shard(struct crawl *c, uint32_t shard);

struct partition crawl_partition(const struct crawl *c, struct arena *a, uint32_t shard);
/* A step refused by a lease token is no trouble of ours: the shard went to another worker. */
enum outcome crawl_unless_fenced(struct crawl *c, uint32_t shard, enum outcome done, struct err *e);
/* A source is not under way any more. */
void crawl_back(struct crawl *c, size_t at, int64_t due_ms, int64_t host_ms);

#endif
