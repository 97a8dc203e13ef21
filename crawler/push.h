/* The crawler's intake of webhooks: a listener of its own (the console has no logins and stays on loopback), every accepted request
 * on disk (crawler/inbox.h) before it is answered, and from there on the road of all posts. It takes requests while Redis is away. */
#ifndef EARSHOT_CRAWLER_PUSH_H
#define EARSHOT_CRAWLER_PUSH_H

#include "common/base/http_server.h"
#include "common/base/log.h"
#include "common/base/settings.h"
#include "crawler/inbox.h"
#include "crawler/keep.h"
#include "crawler/sources.h"

struct redis;
struct websub_keep;

struct push {
	const struct settings *settings;
	struct str pseudonym_key;
	const struct erased *erased; /* what is not to be stored again; NULL = nothing */
	struct keep *keep;
	/* what changes: set before each turn */
	const struct source_list *sources;
	struct websub_keep *websub; /* NULL: hubs push nothing */
	const struct rulebook *book; /* NULL: none yet, requests are told to come later */
	/* its own */
	struct http_server *server; /* NULL while no source is a webhook, and hubs push nothing */
	struct inbox inbox;
	struct arena process, arena; /* arena: of one request or one file */
	struct complaint_log trouble, refusals;
	bool is_busy; /* inside a wait for Redis: arena and inbox are in use */
	bool is_serving; /* inside the server's turn, which is not entered twice */
	int64_t next_listen_ms, next_expire_ms;
};

void push_init(struct push *p, const struct settings *s, struct str pseudonym_key, struct keep *keep);
void push_release(struct push *p);
/* Opens or closes the listener as the sources want it, and serves what is there. Never waits. */
void push_serve(struct push *p, int64_t now_ms);
/* Inside a turn that waits for Redis: requests are told to come later, at once. */
void push_serve_busy(struct push *p);
/* What waits on disk goes into its streams, some requests a call. */
enum outcome push_drain(struct push *p, struct redis *redis, int64_t now_ms, struct err *e) MUST_CHECK;
void push_distrust(struct push *p, int64_t now_ms); /* Redis came back from an unclean stop */
int push_fd(const struct push *p); /* to wait for; -1 = none */

#endif
