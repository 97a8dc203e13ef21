/* What an answer means for its source: posts go into their brands' streams first, then, and only then, the cursor moves. A crash
 * between the two repeats work and loses nothing (design, invariant 2).
 *
 * Visits that end together share their round trips (round.c), so a visit goes in steps; each step that queues is followed by one
 * that takes the answers, in the same order over all visits:
 *     visit_read                              no Redis: status, parsing
 *     visit_ask_known, visit_take_known       which posts are new
 *     visit_append, visit_take_appended       posts into streams, pages turned
 *     cursor_commit, cursor_take              the cursor and its host
 * Whatever came, the source is due again at some time: a failure is one of its states. Only a visit that is lost (Redis went
 * away, or did not take its posts) commits nothing: the source is still due, as if it had not been asked. */
#ifndef EARSHOT_CRAWLER_VISIT_H
#define EARSHOT_CRAWLER_VISIT_H

#include "common/store/partition.h"
#include "crawler/answer.h"
#include "crawler/crawl.h"

struct fuel;
struct http_response;

/* One answer, what it takes to handle it, and how far that went. */
struct visit {
	struct crawl *c;
	struct arena *a;
	struct crawl_fetch *f;
	const struct http_response *r;
	int64_t now_ms;
	struct partition shard; /* of the source */
	/* filled on the way */
	enum outcome outcome; /* OK, or why the source failed */
	struct err why;
	bool is_lost;
	struct admit_terms terms;
	struct answer in;
	bool has_posts; /* a page was read, even if it shows none */
	uint64_t *known; /* fingerprints of the last sight; 0 = never seen */
	struct source_seen *seen;
	int64_t *posted_ms; /* of the new ones */
	size_t nlooked; /* posts that were looked at; fewer than came: time was over, the others are read at the next visit */
	size_t nseen, nnew, nappended;
	struct str *found; /* brands that something new was about; each once, LIMIT_FOUND_BRANDS at most */
	size_t nfound;
	int64_t body_hash;
	bool is_hop; /* it leads to another host, which is asked next (away.h) */
	bool is_same; /* nothing new could be in it */
	const char *challenge; /* who wants to see a person instead; NULL = nobody */
	struct str next; /* address of the page to read next; "" = none, the visit is over */
	bool has_more; /* of a mailbox: the next look follows at once */
	int64_t wait_ms; /* asked for by the page itself */
	int64_t host_next_ms;
};

/* Posts are left that nobody looked at. */
bool visit_is_cut(const struct visit *v);

void visit_read(struct visit *v);
void visit_ask_known(struct visit *v);
enum outcome visit_take_known(struct visit *v, struct err *e) MUST_CHECK;
/* `fuel`: what looking for brands in all of its posts may cost. */
void visit_append(struct visit *v, struct fuel *fuel);
enum outcome visit_take_appended(struct visit *v, struct err *e) MUST_CHECK;

#endif
