/* One source on its way: what is kept between the request and the answer, and the request itself. */
#ifndef EARSHOT_CRAWLER_FETCH_H
#define EARSHOT_CRAWLER_FETCH_H

#include "common/store/sources.h"
#include "crawler/crawl.h"

struct crawl_fetch {
	const struct source *source;
	size_t at; /* index of the source */
	const struct source *target; /* who is asked: the source, or `guest` */
	struct source guest; /* the source as if it stood where it was led to (away.h) */
	bool has_permit; /* of the guest's host */
	int64_t put_off_ms; /* nobody was asked: until when; 0 = somebody was */
	const struct robots_keep *robots; /* may a redirect be followed? */
	struct source_state state; /* strings live in `arena` */
	struct arena arena;
	bool unconditional; /* Redis may have forgotten: nothing that is known is trusted */
	bool asks_robots; /* for the host's robots.txt; the source itself comes after it */
	bool closes; /* its host is not asked again soon */
	bool is_sent; /* a request left; else the answer is our own */
	int64_t not_before_ms; /* of one that robots.txt refuses: until when; 0 = it does not */
	int64_t host_failures; /* of its host, in a row, before it */
	struct str host_traffic; /* of its host, counted (traffic.h); lives in `arena` */
	int64_t delay_ms; /* pause of the host after it: the source's, or Crawl-delay */
	/* of the request that left */
	bool is_own; /* for the source's own page, no further one */
	bool is_learned; /* at the address that it moved to */
	bool is_conditional; /* with validators */
	bool is_probe; /* without the ones that are known, to find out whether they lie */
	struct imap *mailbox; /* of a source that is one: the look into it */
	struct http_talk talk; /* with it */
};

struct crawl_fetch *fetch_new(const struct source *source, size_t at);
void fetch_free(struct crawl_fetch *f);
/* Copies what Redis knows of it and its host: the strings were borrowed from a reply. */
void fetch_remember(struct crawl_fetch *f, const struct source_take *t);
/* `keep_ms`: how old a message of a mailbox that is read for the first time may be. */
enum outcome fetch_start(struct http *http, struct crawl_fetch *f, int64_t keep_ms, struct err *e) MUST_CHECK;

/* When to come back: what the standing asks for (standing.h), else what polling_plan() says, with jitter of a tenth unless the server
 * named the time; and why, in the state. */
int64_t fetch_next_ms(const struct source *s, struct source_state *state, int64_t retry_after_ms, int64_t now_ms);

#endif
