/* What a visit leaves behind, once its posts are in their streams: what its answer makes of the source (standing.h), when the source
 * is asked again (polling.h), how long its host is left alone (polite.h). */
#ifndef EARSHOT_CRAWLER_CURSOR_H
#define EARSHOT_CRAWLER_CURSOR_H

#include "crawler/visit.h"

/* What the visit makes of its source, and what operators are told of that, before anything is queued: a notice is in its stream before the
 * state says so. The visit is lost when Redis did not take it. */
void cursor_step(struct visit *v);
/* Then queues the commit of a visit whose posts are appended; the answer. REJECT: fenced. */
void cursor_commit(struct visit *v);
enum outcome cursor_take(struct visit *v, struct err *e) MUST_CHECK;
/* When the host of a request that is over may be asked again; counts its failures in f->host_failures. `wait_ms`: what it asked for;
 * not positive: nothing. */
int64_t cursor_leave_host(struct crawl_fetch *f, const struct http_response *r, int64_t wait_ms, int64_t now_ms);

#endif
