/* What one crawler knows of its hosts' robots.txt: rules read once, kept in memory, shared through Redis (common/store/robots_copy.h).
 * Sources that ignore robots.txt, and mailboxes, are never asked about. */
#ifndef EARSHOT_CRAWLER_ROBOTS_KEEP_H
#define EARSHOT_CRAWLER_ROBOTS_KEEP_H

#include "common/store/partition.h"
#include "crawler/robots_look.h"

struct robots_keep;

enum robots_word {
	ROBOTS_GO,
	ROBOTS_ASK, /* the host's robots.txt has to be fetched first */
	ROBOTS_REFUSED,
};

/* `room`: about how many hosts. */
struct robots_keep *robots_keep_new(struct str user_agent, size_t room);
void robots_keep_free(struct robots_keep *k);

struct robots_answer {
	enum robots_word word;
	struct err why; /* of REFUSED: the sentence */
	int64_t again_ms; /* of REFUSED: not before */
};
/* Whether the source's host is in memory; else robots_copy_queue() asks Redis, and robots_keep_take() brings the answer there. */
bool robots_keep_knows(const struct robots_keep *k, const struct source *s, int64_t now_ms);
enum outcome robots_keep_take(
	struct robots_keep *k, const struct partition *p, const struct source *s, int64_t now_ms, struct err *e) MUST_CHECK;
/* May the source's url be fetched? From memory alone. */
void robots_keep_ask(const struct robots_keep *k, const struct source *s, int64_t now_ms, struct robots_answer *out);
/* May another address of the source's host, whose rules are in memory? Of other hosts nothing is known: yes. */
bool robots_keep_allows(const struct robots_keep *k, const struct source *s, struct str address);
/* The pause its host wants: the source's own or the Crawl-delay, whichever is longer. */
int64_t robots_keep_delay_ms(const struct robots_keep *k, const struct source *s);
/* An answer to robots_look_request() (robots_look_is_answer()), and when it came. */
struct robots_sight {
	const struct source *source;
	const struct http_response *r;
	int64_t now_ms;
};
/* After robots_copy_queue(): takes what was known, and remembers what is known now. `out` is for robots_copy_write_queue(); its texts
 * live in the response and in the partition's arena. */
enum outcome robots_keep_answer(struct robots_keep *k, const struct partition *p, const struct robots_sight *sight,
	struct robots_copy *out, struct err *e) MUST_CHECK;

/* The same without Redis and memory, for commands: robots.txt is fetched, and OK means that the source may be. */
enum outcome robots_keep_once(
	struct arena *a, struct http *http, struct str user_agent, const struct source *s, struct err *e) MUST_CHECK;

#endif
