/* One HTTP request and its answer, as the code behind the server sees them: no library types, so that everything behind the
 * server (common/base/http_server.c) is tested and fuzzed without a socket. Strings are borrowed for the time of one call. */
#ifndef EARSHOT_BASE_REQUEST_H
#define EARSHOT_BASE_REQUEST_H

#include "common/base/buf.h"

#define REQUEST_URI_BYTES 8192 /* longest request target; ours have less than 100, a hub's question has its topic, escaped */
#define RESPONSE_BODY_BYTES (16u << 20) /* longest answer; 100 mentions of 1,000 characters stay under 2 MiB */

struct request_header {
	struct str name, value;
};
struct request {
	struct str method; /* as sent: methods are case-sensitive */
	struct str path; /* raw bytes before '?': never decoded, because a path is only looked up in a table */
	struct str query; /* raw bytes behind '?' */
	struct str host; /* "" when absent */
	struct str if_none_match; /* "" when absent */
	const struct request_header *header; /* all of them, for those who need others */
	size_t nheaders;
	struct str body; /* "" unless the server was told to take bodies */
};

struct response {
	int status;
	const char *type; /* Content-Type */
	struct buf body; /* made for this answer; released by the server */
	struct str asset; /* bytes of the binary itself, sent instead of `body` when p is set */
	const char *etag; /* of the asset, with its quotes; NULL else */
	const char *allow; /* of a 405; NULL = GET, HEAD */
	int retry_after_s; /* of a 503; 0 = none */
};

void response_init(struct response *r);
void response_release(struct response *r);
/* {"error":"sentence"} with a status: every error of the console looks like this. */
void response_error(struct response *r, int status, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Value of a header, any case; "" when it is absent or there twice: two opinions are none. */
struct str request_value(const struct request *r, const char *name);
/* Splits a request target into path and query. */
void request_split(struct request *r, struct str target);
/* True for 127.0.0.1, localhost and [::1] with any port or none. A page of a foreign site whose name was re-bound to
 * 127.0.0.1 sends its own name as Host; refusing it keeps that page from reading ours. */
bool request_host_is_loopback(struct str host);

#endif
