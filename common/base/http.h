/* HTTP client: the only place with libcurl. One `struct http` runs thousands of transfers in one thread; the caller's loop calls
 * http_wait(). Connections are kept and used again, HTTP/2 is spoken where TLS offers it, gzip, br and zstd are unpacked (http_unpack.h). Safe by construction: http(s) only, redirects capped and each hop checked, the address really connected to is
 * checked against the IANA special-purpose registries, decoded bytes, ratio, headers and time are capped (limits.h),
 * credentials and configured headers are dropped when scheme, host or port change. */
#ifndef EARSHOT_BASE_HTTP_H
#define EARSHOT_BASE_HTTP_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct http;
struct http_cidr {
	unsigned char net[16];
	int bits;
	bool is_v6;
};

/* A conversation instead of a request and its answer: after connecting (and TLS), with the same checks of addresses and caps of time
 * and bytes, every piece that arrives is handed to `take`, which says what to answer. SKIP: go on; OK: it is over, status, header
 * and body are filled; else it failed. The first call comes with what the server says first. */
struct http_talk_out {
	struct buf *say; /* to be sent */
	struct buf *header, *body; /* of the response */
	int status;
};
struct http_talk {
	enum outcome (*take)(void *owner, struct str arrived, struct http_talk_out *out, struct err *e);
	void *owner;
};

/* By way of another host. Its own address is checked against a list of its own; the target's is looked up and checked here as ever, and the
 * proxy is asked for a tunnel to the address that passed: what a name means to the proxy does not matter. */
struct http_proxy {
	const char *url; /* http://host:port, https://host:port or socks5://host:port; of http_proxy_check() */
	const char *user, *password; /* NULL = it asks for none */
	const struct http_cidr *allow; /* special addresses it may have */
	size_t nallow;
};

/* What to do with a redirect whose target passed all checks: follow it, take this answer as the last one (response.leads_to), or refuse it. */
struct url;
enum http_follow { HTTP_FOLLOW, HTTP_STAY, HTTP_REFUSE };
typedef enum http_follow http_may_follow(void *owner, const struct url *from, const struct url *to);

struct http_request {
	struct str url;
	struct str method; /* "" = GET */
	struct str body; /* for POST; borrowed until done */
	struct str *header; /* "Name: value" lines; copied */
	size_t nheaders;
	struct str if_none_match, if_modified_since; /* verbatim as received, never invented */
	const struct http_cidr *allow; /* special addresses this request may reach all the same */
	size_t nallow;
	size_t max_body; /* 0 = LIMIT_BODY_BYTES */
	int64_t timeout_ms; /* 0 = LIMIT_FETCH_MS */
	bool follow; /* redirects */
	bool closes; /* the connection is not kept: its host is not asked again soon */
	http_may_follow *may_follow; /* NULL = everywhere; given `owner` */
	const struct http_talk *talk; /* NULL = HTTP; borrowed until done. Its url is https://host:port/, whatever it speaks */
	const struct http_proxy *proxy; /* NULL = none; borrowed until done */
	const char *ca_file; /* certificates that the server's is signed by; NULL = this machine's */
	void *owner; /* given back with the response */
};

struct http_response {
	enum outcome outcome; /* OK: an answer came (whatever its status); RETRY: no answer; REJECT: refused by a check or cap */
	struct err err; /* the sentence when not OK */
	int status;
	struct str body; /* decoded; owned by the response */
	struct str header; /* raw header lines of the last hop, LF separated */
	struct str url; /* after redirects */
	struct str leads_to; /* where this answer leads to, when may_follow() stayed; "" = nowhere */
	bool permanent_redirect; /* every hop was 301/308, the one to leads_to included */
	int hops; /* redirects that were followed */
	bool is_answered; /* the server said something: what is refused then is its answer, not the request */
	int64_t duration_ms, retry_after_ms; /* retry_after_ms: -1 when absent, capped */
	void *owner;
};

struct http *http_new(const char *user_agent, int max_transfers);
void http_free(struct http *h);
enum outcome http_start(struct http *h, const struct http_request *r, struct err *e) MUST_CHECK; /* RETRY when full */
int http_in_flight(const struct http *h);
int http_room(const struct http *h); /* how many more http_start() takes now; fewer than asked for where descriptors are scarce */
/* Runs transfers; waits up to timeout_ms for something to happen, also for the extra descriptor `wake_fd` unless -1. */
void http_wait(struct http *h, int timeout_ms, int wake_fd);
bool http_take(struct http *h, struct http_response *out); /* a finished one; release it with http_response_release */
void http_response_release(struct http_response *r);
/* One transfer, start to end. */
void http_fetch(struct http *h, const struct http_request *r, struct http_response *out);
/* Value of a response header, the last of several; "" when absent. `raw` = response.header. */
struct str http_header(struct str raw, const char *name);
/* Value of a Retry-After header (seconds or an HTTP date) as a wait from now_ms, capped; -1 when it cannot be read. */
int64_t http_retry_after_ms(struct str value, int64_t now_ms);
/* Is it a proxy's address? REJECT with what is wrong. */
enum outcome http_proxy_check(struct arena *a, struct str text, struct err *e) MUST_CHECK;
enum outcome http_cidr_parse(struct str text, struct http_cidr *out, struct err *e) MUST_CHECK;
/* The pure address rule: family AF_INET or AF_INET6, network order bytes. False = must not be connected to. */
bool http_address_allowed(int family, const unsigned char *address, const struct http_cidr *allow, size_t n);
void http_library_init(void);
void http_library_release(void);

#endif
