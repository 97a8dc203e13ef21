/* libmicrohttpd in external-loop mode, turned into struct request and struct response. */
#include "console/http.h"

#include "common/base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_server {
	struct MHD_Daemon *daemon;
	http_serve *serve;
	void *owner;
	char url[64];
};

/* One request between its first line and its answer. */
struct exchange {
	char target[REQUEST_URI_BYTES + 1];
	size_t n;
	bool too_long, begun;
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
	(void)owner;
	(void)connection;
	struct exchange *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	const size_t n = strlen(uri);
	x->too_long = n > REQUEST_URI_BYTES;
	x->n = x->too_long ? 0 : n;
	memcpy(x->target, uri, x->n);
	return x;
}

static void end_exchange(void *owner, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode how)
{
	(void)owner;
	(void)connection;
	(void)how;
	free(*slot);
	*slot = NULL;
}

static struct str header_of(struct MHD_Connection *connection, const char *name)
{
	return str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static enum MHD_Result count_host(void *count, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	(void)value;
	if (str_ieq(str_of(name), STR("host")))
		*(int *)count += 1;
	return MHD_YES;
}

/* Two Host headers are two opinions about who is asked: neither is believed. */
static struct str host_of(struct MHD_Connection *connection)
{
	int count = 0;
	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count_host, &count);
	return count == 1 ? header_of(connection, MHD_HTTP_HEADER_HOST) : (struct str){ 0 };
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
		(void)MHD_add_response_header(m, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	const enum MHD_Result queued = MHD_queue_response(connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return queued;
}

static void answer(struct http_server *s, struct MHD_Connection *connection, const char *method, const struct exchange *x,
	struct response *response)
{
	struct request request = {
		.method = str_of(method),
		.host = host_of(connection),
		.if_none_match = header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
	};
	request_split(&request, (struct str){ x->target, x->n });
	if (x->too_long)
		response_error(response, 414, "the request target is longer than %d bytes", REQUEST_URI_BYTES);
	else
		s->serve(s->owner, &request, response);
}

/* Called once when the headers are there, again for each piece of a body, and once at the end. GET has no use for a body:
 * whoever sends one is cut off; other methods are refused before theirs is read. */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_n, void **slot)
{
	(void)url;
	(void)version;
	(void)upload;
	struct exchange *x = *slot;
	if (x == NULL || *upload_n > 0)
		return MHD_NO;
	const bool is_read = strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	if (is_read && !x->begun) {
		x->begun = true;
		return MHD_YES;
	}
	struct response response;
	response_init(&response);
	answer(owner, connection, method, x, &response);
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

static enum outcome resolve(const char *address, int64_t port, struct listen_at *out, struct err *e)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->address;
	if (port < 0 || port > 65535)
		return err_set(e, REJECT, "console port %lld: use 0 (any free one) to 65535", (long long)port);
	if (strcmp(address, "127.0.0.1") == 0) {
		*v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return OK;
	}
	if (strcmp(address, "::1") == 0) {
		*v6 = (struct sockaddr_in6){
			.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_loopback
		};
		out->is_v6 = true;
		return OK;
	}
	return err_set(e, REJECT,
		"console listen address \"%s\": only 127.0.0.1 or ::1 until there are logins; reach it from afar "
		"through `ssh -L 8808:127.0.0.1:8808 HOST`",
		address);
}

static struct MHD_Daemon *start(struct http_server *s, const struct listen_at *at)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG | (at->is_v6 ? (unsigned)MHD_USE_IPv6 : 0u);
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&at->address, MHD_OPTION_URI_LOG_CALLBACK, take_target, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_END);
}

enum outcome http_server_new(
	struct http_server **out, const char *address, int64_t port, http_serve *serve, void *owner, struct err *e)
{
	struct listen_at at = { 0 };
	const enum outcome done = resolve(address, port, &at, e);
	if (done != OK)
		return done;
	struct http_server *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->serve = serve;
	s->owner = owner;
	errno = 0;
	s->daemon = start(s, &at);
	if (s->daemon == NULL) {
		const int why = errno;
		http_server_free(s);
		return err_set(e, STOP,
			"cannot listen on %s port %lld: %s; choose another with --port N, or --port 0 for any free one", address,
			(long long)port, why != 0 ? strerror(why) : "the server did not start");
	}
	const union MHD_DaemonInfo *bound = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	(void)snprintf(
		s->url, sizeof s->url, at.is_v6 ? "http://[%s]:%u/" : "http://%s:%u/", address, bound != NULL ? bound->port : 0u);
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

enum outcome http_server_turn(struct http_server *s, int timeout_ms, struct err *e)
{
	if (MHD_run_wait(s->daemon, timeout_ms) == MHD_YES)
		return OK;
	return err_set(e, STOP, "the HTTP server cannot go on: %s", errno != 0 ? strerror(errno) : "its poll failed");
}
