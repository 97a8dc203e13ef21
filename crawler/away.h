/* Redirects to other hosts. A redirect is a request to the host that it leads to: that host's robots.txt is obeyed, and it is asked in its turn.
 *
 * So a visit ends where it is led elsewhere. Where to is remembered in the source (state.hop), whose next turn, at once, asks there: with
 * what robots.txt of that host says, after a permit of the host, held under the same key as by its owner (store/host_permit.h). What comes
 * from there is the source's answer, and the next poll begins at its own address again. Within a host redirects are followed at once, as
 * far as its robots.txt lets them. Headers of the source stay with its own origin; the checks of addresses are those of the source. */
#ifndef EARSHOT_CRAWLER_AWAY_H
#define EARSHOT_CRAWLER_AWAY_H

#include "common/base/http.h"
#include "crawler/crawl.h"
#include "crawler/fetch.h"
#include "crawler/visit.h"

/* http_may_follow; the owner is a struct crawl_fetch. */
enum http_follow away_rule(void *owner, const struct url *from, const struct url *to);
/* The source as if it stood at that address. Strings live in `a`. */
enum outcome away_guest(
	struct arena *a, const struct source *s, struct str address, struct source *out, struct err *e) MUST_CHECK;

/* An answer that leads elsewhere: REJECT when it is one too many. */
enum outcome away_note(struct crawl_fetch *f, const struct http_response *r, struct err *e) MUST_CHECK;
/* Whether all redirects from the source's own address on were for good. */
bool away_is_permanent(const struct crawl_fetch *f, const struct http_response *r);
/* The visit is over: the next begins at the source's own address. */
void away_forget(struct crawl_fetch *f);

/* ---- in the crawler's turn ---- */

/* Starts the fetches of this turn that were led elsewhere; those whose host may not be asked yet are put off. */
enum outcome away_start(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* The other host's pause begins, its own host is free: *host_next_ms, which was meant for the one that was asked, becomes that of
 * the source's own. Nothing is done for fetches without a permit. Queue, then take. */
void away_leave_queue(const struct partition *p, struct crawl_fetch *f, int64_t *host_next_ms, int64_t now_ms);
enum outcome away_leave_take(struct redis *r, const struct crawl_fetch *f, struct err *e) MUST_CHECK;

/* The same from start to end without a crawler, for commands: robots.txt of every host on the way, then the source. `request` is the source's. */
void away_fetch_once(struct arena *a, struct http *http, struct str user_agent, const struct source *s,
	const struct http_request *request, struct http_response *out);

#endif
