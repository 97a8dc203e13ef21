/* The HTTP server of the console and of the crawler's webhook intake: the only place with libmicrohttpd, run from the owner's
 * loop, without threads. Everything a foreign page could misuse is closed here: methods, bodies, sizes, counts, times, headers
 * of the answer. What is answered is decided by the owner's `serve`. */
#ifndef EARSHOT_BASE_HTTP_SERVER_H
#define EARSHOT_BASE_HTTP_SERVER_H

#include "common/base/request.h"

#define HTTP_CONNECTIONS 64 /* a browser opens six */
#define HTTP_CONNECTION_BYTES (32u << 10) /* memory of one connection: request line and headers have to fit */
#define HTTP_IDLE_S 15

struct http_server;

/* Fills `response` (made by response_init). Called inside http_server_turn(). */
typedef void http_serve(void *owner, const struct request *request, struct response *response);

struct http_server_options {
	const char *name; /* "console": for messages */
	const char *address;
	int64_t port; /* 0 = any free one */
	bool anywhere; /* any address of this machine; else 127.0.0.1 and ::1 only, because there are no logins yet */
	size_t body_bytes; /* largest body of a POST; 0 = no method with a body is read */
	/* NULL, or how much of it is read of a body that is sent to this target (with its query): 0 = nothing. So that only those
	 * whose address is right cost memory. */
	size_t (*room)(void *owner, struct str target);
	http_serve *serve;
	void *owner;
};
/* REJECT: the address may not be listened on; STOP: it is taken. */
enum outcome http_server_new(struct http_server **out, const struct http_server_options *options, struct err *e) MUST_CHECK;
void http_server_free(struct http_server *s);
/* "http://127.0.0.1:8808/"; lives as long as the server. */
const char *http_server_url(const struct http_server *s);
/* Serves what is there; waits at most timeout_ms for something to happen: the one blocking point of the console's loop. */
enum outcome http_server_turn(struct http_server *s, int timeout_ms, struct err *e) MUST_CHECK;

/* Becomes readable when there is something to serve: for an owner whose loop waits elsewhere. */
int http_server_fd(const struct http_server *s);

#endif
