/* What is said between a hub and us: the callback's address, subscription requests, the hub's questions, signatures. Pure.
 *
 * The callback is BASE/websub/SOURCE/CAPABILITY. The capability is the subscription's salt and a keyed hash of source and salt: it
 * cannot be guessed, and whether it is ours is told without asking anybody, before a byte of a body is read. */
#ifndef EARSHOT_CRAWLER_WEBSUB_MESSAGE_H
#define EARSHOT_CRAWLER_WEBSUB_MESSAGE_H

#include "common/base/request.h"
#include "common/base/arena.h"

#define WEBSUB_PATH "/websub/"
#define WEBSUB_SALT 16 /* hex digits */
#define WEBSUB_MAC 32

/* `key`: any secret of the installation; a key of its own is derived from it. */
struct str websub_callback(struct arena *a, struct str base, struct str key, struct str id, struct str salt);
struct websub_address {
	struct str id, salt; /* slices of the path */
};
/* False: not an address that this key ever gave out. */
bool websub_callback_read(struct str key, struct str path, struct websub_address *out);

/* The body of a POST to the hub. */
struct websub_request {
	const char *mode; /* "subscribe", "unsubscribe" */
	struct str topic, callback;
	struct str secret; /* "" = none */
	int64_t lease_ms; /* 0 = not named */
};
struct str websub_form(struct arena *a, const struct websub_request *r);

/* The question or word of a hub, from the query of its GET. Absent = "", lease_ms -1. */
struct websub_question {
	struct str mode, topic, challenge, reason;
	int64_t lease_ms;
};
void websub_question_read(struct arena *a, struct str query, struct websub_question *out);

/* Is the body signed with the secret? `header` is X-Hub-Signature, method=hex; the comparison takes the same time wherever they differ. */
bool websub_is_signed(struct str secret, struct str header, struct str body);

#endif
