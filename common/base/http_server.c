/* libmicrohttpd in external-loop mode, turned into struct request and struct response. */
#include "common/base/http_server.h"

#include "common/base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MOST 64
#define BODY_FORGOTTEN 4 /* times the largest body */
#define TURN_RUNS 256 /* of the library in one turn: some MiB of a body */

struct http_server {
	struct MHD_Daemon *daemon;
	struct http_server_options options;
	char url[128];
};

/* One request between its first line and its answer. */
struct exchange {
	char target[REQUEST_URI_BYTES + 1];
	size_t n;
	bool too_long, begun;
	size_t room; /* for the body */
	struct buf body;
	size_t taken; /* bytes that came; more than the body may hold are forgotten, far more end the connection */
};

struct header {
	const char *name, *value;
};

/* The page loads from here and nowhere else, runs no inline script, is framed by nobody, and tells nobody where it was. */
static const struct header safety[] = {
	{ "Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
};

/* The raw target: libmicrohttpd's own path is decoded and has lost its query. */
static void *take_target(void *owner, const char *uri, struct MHD_Connection *connection)
{
	const struct http_server *s = owner;
	(void)connection;
	struct exchange *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	const size_t n = strlen(uri);
	x->too_long = n > REQUEST_URI_BYTES;
	x->n = x->too_long ? 0 : n;
	memcpy(x->target, uri, x->n);
	x->room = s->options.room != NULL ? s->options.room(s->options.owner, (struct str){ x->target, x->n })
					  : s->options.body_bytes;
	buf_init(&x->body, x->room);
	return x;
}

static void end_exchange(void *owner, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode how)
{
	(void)owner;
	(void)connection;
	(void)how;
	struct exchange *x = *slot;
	if (x != NULL)
		buf_release(&x->body);
	free(x);
	*slot = NULL;
}

struct headers {
	struct request_header header[HEADERS_MOST];
	size_t n;
};

static enum MHD_Result add_header(void *list, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct headers *h = list;
	(void)kind;
	if (h->n == HEADERS_MOST)
		return MHD_NO;
	h->header[h->n++] = (struct request_header){ str_of(name), str_of(value) };
	return MHD_YES;
}

static void add_retry_after(struct MHD_Response *m, const struct response *r)
{
	char seconds[16];
	if (r->retry_after_s <= 0)
		return;
	(void)snprintf(seconds, sizeof seconds, "%d", r->retry_after_s);
	(void)MHD_add_response_header(m, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}

static enum MHD_Result send_response(struct MHD_Connection *connection, const struct response *r)
{
	const bool is_asset = r->asset.p != NULL;
	const struct str body = is_asset ? r->asset : buf_str(&r->body);
	/* The library takes a pointer to what it may change and does not: MUST_COPY and PERSISTENT only read. */
	union {
		const char *given;
		void *taken;
	} bytes = { .given = body.p };
	struct MHD_Response *m =
		MHD_create_response_from_buffer(body.n, bytes.taken, is_asset ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
	if (m == NULL)
		return MHD_NO;
	for (size_t i = 0; i < sizeof safety / sizeof *safety; i++)
		(void)MHD_add_response_header(m, safety[i].name, safety[i].value);
	(void)MHD_add_response_header(m, MHD_HTTP_HEADER_CONTENT_TYPE, r->type);
	(void)MHD_add_response_header(m, MHD_HTTP_HEADER_CACHE_CONTROL, r->etag != NULL ? "no-cache" : "no-store");
	if (r->etag != NULL)
		(void)MHD_add_response_header(m, MHD_HTTP_HEADER_ETAG, r->etag);
	if (r->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		(void)MHD_add_response_header(m, MHD_HTTP_HEADER_ALLOW, r->allow != NULL ? r->allow : "GET, HEAD");
	add_retry_after(m, r);
	const enum MHD_Result queued = MHD_queue_response(connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return queued;
}

static void answer(struct http_server *s, struct MHD_Connection *connection, const char *method, const struct exchange *x,
	struct response *response)
{
	struct headers headers = { .n = 0 };
	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
	struct request request = {
		.method = str_of(method), .header = headers.header, .nheaders = headers.n, .body = buf_str(&x->body)
	};
	request.host = request_value(&request, "Host"); /* two Host headers are two opinions about who is asked */
	request.if_none_match = request_value(&request, "If-None-Match");
	request_split(&request, (struct str){ x->target, x->n });
	if (x->too_long)
		response_error(response, 414, "the request target is longer than %d bytes", REQUEST_URI_BYTES);
	else if (x->body.overflow)
		response_error(response, 413, "the body is larger than %zu bytes; send it in pieces", x->room);
	else
		s->options.serve(s->options.owner, &request, response);
}

/* A body that is too large is read and forgotten, so that its sender hears why; one that says it is far too large is not read. */
static bool takes_body(struct MHD_Connection *connection, const char *method, struct exchange *x)
{
	int64_t n = 0;
	if (x->room == 0 || strcmp(method, MHD_HTTP_METHOD_POST) != 0)
		return false;
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	x->body.overflow = str_to_i64(str_of(length), &n) && n > BODY_FORGOTTEN * (int64_t)x->room;
	return !x->body.overflow;
}

/* Called once when the headers are there, again for each piece of a body, and once at the end. Where bodies are not taken,
 * whoever sends one with GET is cut off, and other methods are refused before theirs is read. */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_n, void **slot)
{
	(void)url;
	(void)version;
	struct http_server *s = owner;
	struct exchange *x = *slot;
	if (x == NULL)
		return MHD_NO;
	const bool is_read = strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	if (!x->begun && (is_read || takes_body(connection, method, x))) {
		x->begun = true;
		return MHD_YES;
	}
	if (*upload_n > 0) {
		x->taken += *upload_n;
		if (is_read || x->taken > BODY_FORGOTTEN * x->room)
			return MHD_NO;
		buf_add(&x->body, upload, *upload_n);
		*upload_n = 0;
		return MHD_YES;
	}
	struct response response;
	response_init(&response);
	answer(s, connection, method, x, &response);
	const enum MHD_Result sent = send_response(connection, &response);
	response_release(&response);
	return sent;
}

static void on_log(void *owner, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/* What the library says is about clients that went away or spoke nonsense: nothing an operator has to look into. */
static void on_log(void *owner, const char *fmt, va_list args)
{
	(void)owner;
	char text[256];
	(void)vsnprintf(text, sizeof text, fmt, args);
	log_event(LOG_DEBUG, EV_http_error, "why=%s", log_quote(str_trim(str_of(text))));
}

/* ---- listening ---- */

struct listen_at {
	struct sockaddr_storage address;
	bool is_v6;
};

static bool is_address(const char *text, int64_t port, struct listen_at *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->address;
	*out = (struct listen_at){ 0 };
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)port);
	out->is_v6 = true;
	return true;
}

static enum outcome resolve(const struct http_server_options *o, struct listen_at *out, struct err *e)
{
	if (o->port < 0 || o->port > 65535)
		return err_set(e, REJECT, "%s port %lld: use 0 (any free one) to 65535", o->name, (long long)o->port);
	if (!o->anywhere && strcmp(o->address, "127.0.0.1") != 0 && strcmp(o->address, "::1") != 0)
		return err_set(e, REJECT,
			"%s listen address \"%s\": only 127.0.0.1 or ::1 until there are logins; reach it from afar "
			"through `ssh -L 8808:127.0.0.1:8808 HOST`",
			o->name, o->address);
	if (!is_address(o->address, o->port, out))
		return err_set(e, REJECT,
			"%s listen address \"%s\" is no IP address; write 127.0.0.1, 0.0.0.0, ::1 or ::", o->name, o->address);
	return OK;
}

static struct MHD_Daemon *start(struct http_server *s, const struct listen_at *at)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG | (at->is_v6 ? (unsigned)MHD_USE_IPv6 : 0u);
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&at->address, MHD_OPTION_URI_LOG_CALLBACK, take_target, s,
		MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_END);
}

static void name_url(struct http_server *s, bool is_v6)
{
	const union MHD_DaemonInfo *bound = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	(void)snprintf(s->url, sizeof s->url, is_v6 ? "http://[%s]:%u/" : "http://%s:%u/", s->options.address,
		bound != NULL ? bound->port : 0u);
}

enum outcome http_server_new(struct http_server **out, const struct http_server_options *options, struct err *e)
{
	struct listen_at at = { 0 };
	const enum outcome done = resolve(options, &at, e);
	if (done != OK)
		return done;
	struct http_server *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->options = *options;
	errno = 0;
	s->daemon = start(s, &at);
	if (s->daemon == NULL) {
		const int why = errno;
		http_server_free(s);
		return err_set(e, STOP,
			"cannot listen on %s port %lld: %s; choose another port (of the console: --port N), or 0 for any free "
			"one",
			options->address, (long long)options->port, why != 0 ? strerror(why) : "the server did not start");
	}
	name_url(s, at.is_v6);
	s->options.address = NULL; /* the caller's */
	*out = s;
	return OK;
}

void http_server_free(struct http_server *s)
{
	if (s == NULL)
		return;
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	free(s);
}

const char *http_server_url(const struct http_server *s)
{
	return s->url;
}

int http_server_fd(const struct http_server *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return info != NULL ? info->epoll_fd : -1;
}

/* A connection whose bytes wait already does not show on the descriptor: the library's epoll is edge-triggered, and each run
 * reads one buffer of each. */
static bool has_more(struct http_server *s)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;
	return MHD_get_timeout(s->daemon, &ms) == MHD_YES && ms == 0;
}

enum outcome http_server_turn(struct http_server *s, int timeout_ms, struct err *e)
{
	bool runs = MHD_run_wait(s->daemon, timeout_ms) == MHD_YES;
	for (int i = 0; runs && i < TURN_RUNS && has_more(s); i++)
		runs = MHD_run_wait(s->daemon, 0) == MHD_YES;
	if (runs)
		return OK;
	return err_set(e, STOP, "the HTTP server cannot go on: %s", errno != 0 ? strerror(errno) : "its poll failed");
}
