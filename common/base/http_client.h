/* What the files of the HTTP client share, and nobody else sees: one request (struct transfer) and the client it belongs to.
 *
 *     http.c           life cycle: started, over, taken; and what the end of a hop means
 *     http_check.c     what a hop and an address must be like (no libcurl)
 *     http_redirect.c  from one hop to the next (no libcurl)
 *     http_transfer.c  one easy handle: set up, received, in trouble
 *     http_unpack.c    packed bodies (no libcurl)
 *     http_proxy.c     by way of a proxy: the target's address first, then a tunnel to it
 *     http_loop.c      the multi handles and the one epoll that all of them wait in
 *     http_talk.c      conversations over a connection
 *
 * A transfer and its easy handle are made once and used for many requests: what does not change between two of them is set once
 * (curl_easy_reset() and setting all of it again costs a tenth of a request). Easy and multi handles are `void *` here, as libcurl
 * declares them, so that its header stays in the files that need it. */
#ifndef EARSHOT_BASE_HTTP_CLIENT_H
#define EARSHOT_BASE_HTTP_CLIENT_H

#include "common/base/http.h"
#include "common/base/url.h"

#define HTTP_TEXT_BYTES 256 /* CURL_ERROR_SIZE */

struct curl_slist;
struct http_unpack;

/* One request, over all its hops: from http_start() to http_take(). Then it waits in the client's `spare`. */
struct transfer {
	struct http *http;
	struct http_shard *shard; /* whose multi handle runs it */
	struct transfer *next, *before; /* in `running` or `talking`; `next` alone in `finished` and `spare` */
	void *easy;
	bool is_set_up; /* all that stays the same is set in `easy` */
	bool is_special; /* what was set for this request must not stay: method, conversation, certificates */
	bool has_lines; /* `easy` has header lines of ours */
	bool is_closing; /* `easy` gives its connection up */
	struct arena arena; /* of this request */
	struct url url; /* of this hop */
	struct str method, body;
	struct str *header;
	size_t nheaders;
	struct str if_none_match, if_modified_since;
	struct http_cidr *allow;
	size_t nallow, max_body;
	int64_t started_ms, timeout_ms;
	bool follow, closes, is_done;
	http_may_follow *may_follow;
	struct str leads_to; /* where the last answer leads to and nobody went */
	const struct http_talk *talk; /* NULL = HTTP */
	bool is_talking; /* connected: from now on it is the talk's */
	int talk_fd; /* then */
	struct buf say;
	int talk_status;
	const char *ca_file;
	const struct http_proxy *proxy; /* NULL = none */
	bool is_resolving; /* the target is looked up and checked; nobody is connected to */
	char pinned[48]; /* its address that passed; "" = not looked up yet */
	int hops, permanent_hops;
	unsigned addresses_tried, addresses_refused;
	size_t header_bytes; /* over all hops */
	struct buf raw, received; /* header lines and unpacked body of this hop */
	struct http_unpack *unpack; /* of its body; NULL = it is plain, or has not begun */
	size_t wire_bytes; /* of its body, packed as they came */
	struct err *refusal; /* set by a callback that ended the transfer; NULL = none. In `arena`, as few transfers have one */
	struct err *address_refusal; /* of the last address that was refused; another one of the same name may do */
	char curl_text[HTTP_TEXT_BYTES];
	void *owner;
	struct http_response *result; /* NULL until its end; in `arena` */
};

/* One multi handle. Its costs grow with its transfers, so it has LIMIT_MULTI_TRANSFERS at most. */
struct http_shard {
	struct http *http;
	void *multi; /* made at the first use */
	int nrunning;
	int64_t timer_ms; /* monotonic: when libcurl wants to be called; -1 = not */
	bool is_touched; /* may have messages */
};

/* What the epoll knows of a descriptor. */
struct http_socket {
	struct http_shard *shard;
	struct transfer *talk; /* whose conversation it carries; NULL = libcurl's */
	uint32_t wanted, watched; /* EPOLLIN, EPOLLOUT: by libcurl, by the kernel */
	bool is_ours; /* made by us, so that we hear of its end */
};

struct http {
	char *user_agent;
	int max, nrunning;
	struct http_shard *shard;
	int nshards, shard_connections; /* kept by a shard, idle ones included */
	struct transfer *running, *talking;
	struct transfer *finished, **finished_end;
	struct transfer *spare;
	int nspare;
	int poll_fd, wake_fd;
	struct http_socket *socket; /* by descriptor */
	size_t nsockets;
};

/* ---- http.c */

void *http_memory(size_t n); /* zeroed; never NULL */
void http_end_hop(struct transfer *t, int code); /* `code`: CURLcode. The message came out of its multi handle */
void http_turn_talk(struct transfer *t);

/* ---- http_check.c */

/* What can be told of a hop before any packet leaves; fills t->url. */
enum outcome http_check_hop(struct transfer *t, struct str input, struct err *e) MUST_CHECK;
/* Where a refusal goes: t->refusal or t->address_refusal, made when it is not there. */
struct err *http_check_room(struct transfer *t, struct err **which);
/* Of a socket that is about to connect; a refusal is kept in t->address_refusal. */
bool http_check_address(struct transfer *t, int family, const unsigned char *byte, const char *text);
/* Of the connection that carries the request; a refusal is kept in t->refusal. */
bool http_check_connected(struct transfer *t, const char *address);

/* ---- http_redirect.c */

/* SKIP = this answer is the last one (t->leads_to: it leads on all the same). OK = `t` stands at the next hop. */
enum outcome http_redirect_step(struct transfer *t, int status, struct err *e) MUST_CHECK;

/* ---- http_proxy.c */

void http_proxy_set_hop(
	struct transfer *t); /* nothing without a proxy; else a look at the target's addresses, then the way there */
void http_proxy_note(struct transfer *t, int family, const unsigned char *byte, const char *text); /* one of them */

/* ---- http_transfer.c */

struct http_response *http_transfer_result(struct transfer *t); /* made when it is not there */
struct transfer *http_transfer_new(struct http *h);
void http_transfer_free(struct transfer *t);
void http_transfer_clear(struct transfer *t); /* ready for another request; keeps what is expensive */
bool http_transfer_is_line(struct str line); /* a header line: "Name: value", no control characters */
void http_transfer_set_hop(struct transfer *t);
int http_transfer_status(struct transfer *t);
/* After an answer without trouble: is its body all there? RETRY when it was cut. */
enum outcome http_transfer_check_whole(struct transfer *t, struct err *e) MUST_CHECK;
enum outcome http_transfer_trouble(struct transfer *t, int code, struct err *e);

/* ---- http_loop.c */

void http_loop_init(struct http *h, int max_transfers); /* may make h->max smaller: every transfer needs a descriptor */
void http_loop_release(struct http *h);
void http_loop_add(struct transfer *t); /* next hops stay with their shard */
void http_loop_remove(struct transfer *t);
void http_loop_opened(struct http *h, int fd); /* a socket of ours, */
void http_loop_closed(struct http *h, int fd); /* about to be closed */
void http_loop_watch_talk(struct transfer *t); /* wakes up for it: arriving bytes, and room for what is to be said */
void http_loop_forget_talk(struct transfer *t);

#endif
