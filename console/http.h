/* The HTTP server: the only place with libmicrohttpd, run from our own loop, without threads. Loopback only, because there
 * are no logins yet. Everything a foreign page could misuse is closed here: methods, bodies, sizes, counts, times, headers
 * of the answer. What is answered is decided by the owner's `serve`. */
#ifndef EARSHOT_CONSOLE_HTTP_H
#define EARSHOT_CONSOLE_HTTP_H

#include "console/request.h"

#define HTTP_CONNECTIONS 64 /* a browser opens six */
#define HTTP_CONNECTION_BYTES (32u << 10) /* memory of one connection: request line and headers have to fit */
#define HTTP_IDLE_S 15

struct http_server;

/* Fills `response` (made by response_init). Called inside http_server_turn(). */
typedef void http_serve(void *owner, const struct request *request, struct response *response);

/* `address` is 127.0.0.1 or ::1, anything else is REJECT; port 0 = any free one. STOP when it is taken. */
enum outcome http_server_new(
	struct http_server **out, const char *address, int64_t port, http_serve *serve, void *owner, struct err *e) MUST_CHECK;
void http_server_free(struct http_server *s);
/* "http://127.0.0.1:8808/"; lives as long as the server. */
const char *http_server_url(const struct http_server *s);
/* Serves what is there; waits at most timeout_ms for something to happen: the one blocking point of the console's loop. */
enum outcome http_server_turn(struct http_server *s, int timeout_ms, struct err *e) MUST_CHECK;

#endif
