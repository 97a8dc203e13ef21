/* One transfer of the HTTP client: its easy handle set up for a hop, what arrives counted and kept, and trouble put into words. */
#include "common/base/http_client.h"

#include "common/base/clock.h"
#include "common/base/http_unpack.h"

#include <earshot/limits.h>
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)8 << 20) /* at most, of one request: the URLs of its hops, its headers, its allow list */
#define ARENA_KEPT_BYTES                                                                                                         \
	((size_t)32 << 10) /* by a request's end; more is given back, so that thousands of transfers stay small */
#define BUFFER_BYTES                                                                                                             \
	8192 /* of each transfer under way, for what arrives: libcurl's 16 KiB are half of what 4,000 transfers take, with 4 KiB a fetch costs a fifth more */
#define ENDED_BYTES 256 /* of libcurl's own words in an error sentence */

_Static_assert(HTTP_TEXT_BYTES >= CURL_ERROR_SIZE, "libcurl's words need room");

/* curl_easy_setopt() fails only for a libcurl that lacks an option we are built with, or without memory: both are the end. */
#define SET(t, option, value)                                                                                                    \
	do {                                                                                                                     \
		if (curl_easy_setopt((t)->easy, (option), (value)) != CURLE_OK)                                                  \
			setopt_failed(#option);                                                                                  \
	} while (0)

static void setopt_failed(const char *option)
{
	(void)fprintf(stderr, "earshot: libcurl refuses %s; earshot needs libcurl 7.85 or newer with TLS\n", option);
	abort();
}

/* ---- sockets ---- */

/* libcurl asks us for each socket with the address it is about to connect to: whatever DNS said, this is the truth. */
static curl_socket_t on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = user;
	char text[INET6_ADDRSTRLEN] = "";
	const unsigned char *byte = NULL;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (to->family == AF_INET) {
		memcpy(&v4, &to->addr, sizeof(v4));
		byte = (const unsigned char *)&v4.sin_addr;
	} else if (to->family == AF_INET6) {
		memcpy(&v6, &to->addr, sizeof(v6));
		byte = (const unsigned char *)&v6.sin6_addr;
	}
	if (!byte || !inet_ntop(to->family, byte, text, sizeof(text)))
		return CURL_SOCKET_BAD;
	if (t->is_resolving)
		http_proxy_note(t, to->family, byte, text);
	if (t->is_resolving || !http_check_address(t, to->family, byte, text))
		return CURL_SOCKET_BAD;
	const int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	if (fd >= 0)
		http_loop_opened(t->http, fd);
	return fd;
}

/* A connection outlives the transfer that opened it: `user` is the client. */
static int on_close(void *user, curl_socket_t fd)
{
	http_loop_closed(user, fd);
	return close(fd);
}

/* Called before the request goes out, also on a connection that another request opened under a wider allow list. */
static int on_connected(void *user, char *address, char *local_address, int port, int local_port)
{
	(void)local_address;
	(void)port;
	(void)local_port;
	return http_check_connected(user, address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* ---- receiving ---- */

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	const size_t bytes = size * n;
	struct str line = { p, bytes };
	t->header_bytes += bytes;
	if (t->header_bytes > LIMIT_HEADER_BYTES) {
		(void)err_set(http_check_room(t, &t->refusal), REJECT, "%.*s: the answer has more than %u bytes of headers",
			STR_FMT(t->url.host), LIMIT_HEADER_BYTES);
		return 0;
	}
	if (t->wire_bytes > 0)
		return bytes; /* trailers change nothing */
	if (str_starts(line, STR("HTTP/")))
		buf_clear(&t->raw);
	while (line.n > 0 && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
		line.n--;
	if (line.n > 0) {
		buf_adds(&t->raw, line);
		buf_addc(&t->raw, '\n');
	}
	return bytes;
}

static bool is_bomb(const struct transfer *t, size_t unpacked)
{
	return unpacked > LIMIT_BODY_RATIO_FROM && unpacked / LIMIT_BODY_RATIO > t->wire_bytes;
}

/* Counts what comes out: MAXFILESIZE does not stop 989 bytes from becoming 512 MiB (reliability.md F3). */
static bool keep_piece(void *user, struct str piece)
{
	struct transfer *t = user;
	if (piece.n > t->max_body - t->received.n) {
		(void)err_set(http_check_room(t, &t->refusal), REJECT, "%.*s: the answer has more than %zu decoded bytes",
			STR_FMT(t->url.host), t->max_body);
		return false;
	}
	if (is_bomb(t, t->received.n + piece.n)) {
		(void)err_set(http_check_room(t, &t->refusal), REJECT,
			"%.*s: the answer unpacks to more than %d times its size; it looks like a decompression bomb",
			STR_FMT(t->url.host), LIMIT_BODY_RATIO);
		return false;
	}
	buf_adds(&t->received, piece);
	return true;
}

static bool take_piece(struct transfer *t, struct str piece)
{
	struct err why = { 0 };
	enum outcome done = OK;
	if (t->wire_bytes == piece.n)
		done = http_unpack_new(buf_str(&t->raw), keep_piece, t, &t->unpack, &why);
	if (done == OK && t->unpack == NULL)
		return keep_piece(t, piece);
	if (done == OK)
		done = http_unpack_add(t->unpack, piece, &why);
	if (done == RETRY)
		(void)err_set(http_check_room(t, &t->refusal), RETRY, "%.*s:%d: %s", STR_FMT(t->url.host), t->url.port, why.text);
	return done == OK;
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	const size_t bytes = size * n;
	t->wire_bytes += bytes;
	return bytes == 0 || take_piece(t, (struct str){ p, bytes }) ? bytes : 0;
}

enum outcome http_transfer_check_whole(struct transfer *t, struct err *e)
{
	if (t->unpack == NULL || http_unpack_is_whole(t->unpack))
		return OK;
	return err_set(e, RETRY, "%.*s:%d: the answer ended too early: its body is packed, and cut short after %zu bytes",
		STR_FMT(t->url.host), t->url.port, t->wire_bytes);
}

/* ---- set up once ---- */

static void set_safety(struct transfer *t)
{
	SET(t, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(t, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	SET(t, CURLOPT_FOLLOWLOCATION, 0L); /* hops are ours: each is checked like the first */
	SET(t, CURLOPT_PROXY, ""); /* the environment's proxies would connect for us, behind the address check */
	SET(t, CURLOPT_NOPROXY, "*");
	SET(t, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(t, CURLOPT_NOSIGNAL, 1L);
	SET(t, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(t, CURLOPT_OPENSOCKETDATA, t);
	SET(t, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	SET(t, CURLOPT_CLOSESOCKETDATA, t->http);
	SET(t, CURLOPT_PREREQFUNCTION, on_connected);
	SET(t, CURLOPT_PREREQDATA, t);
}

/* Of every request. Not CURLOPT_ACCEPT_ENCODING: libcurl would get ready to unpack. */
static const struct curl_slist accepted = { (char *)(uintptr_t) "Accept-Encoding: " HTTP_UNPACK_ACCEPT, NULL };

static void set_receiving(struct transfer *t)
{
	SET(t, CURLOPT_HTTPHEADER, (struct curl_slist *)(uintptr_t)&accepted);
	SET(t, CURLOPT_HTTP_CONTENT_DECODING, 0L); /* http_unpack.c does it */
	SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS); /* HTTP/2 where TLS offers it, else 1.1 */
	SET(t, CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
	SET(t, CURLOPT_UPLOAD_BUFFERSIZE, 16384L); /* the least: TLS takes one for each handle, 64 KiB unless told */
	SET(t, CURLOPT_WRITEFUNCTION, on_body);
	SET(t, CURLOPT_WRITEDATA, t);
	SET(t, CURLOPT_HEADERFUNCTION, on_header);
	SET(t, CURLOPT_HEADERDATA, t);
	SET(t, CURLOPT_ERRORBUFFER, t->curl_text);
	SET(t, CURLOPT_PRIVATE, t);
	SET(t, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_CONNECT_MS);
	SET(t, CURLOPT_LOW_SPEED_LIMIT, (long)LIMIT_SLOW_BYTES);
	SET(t, CURLOPT_LOW_SPEED_TIME, (long)(LIMIT_SLOW_MS / MS_PER_SECOND));
	SET(t, CURLOPT_USERAGENT, t->http->user_agent);
}

/* After a special request nothing of it may stay. */
static void set_up(struct transfer *t)
{
	if (t->is_set_up)
		return;
	curl_easy_reset(t->easy); /* keeps connections, sessions and the DNS cache */
	t->has_lines = t->is_closing = false;
	set_safety(t);
	set_receiving(t);
	t->is_set_up = true;
}

/* ---- set up for one hop ---- */

bool http_transfer_is_line(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t')
			return false;
	return str_findc(line, ':') > 0;
}

/* libcurl only reads the list, so it may live in our arena. */
static struct curl_slist *add_line(struct transfer *t, struct curl_slist *more, struct str line)
{
	if (!http_transfer_is_line(line))
		return more;
	struct curl_slist *first = arena_new(&t->arena, struct curl_slist);
	first->data = (char *)(uintptr_t)line.p; /* terminated: made by arena_copy() or arena_printf() */
	first->next = more;
	return first;
}

static bool says_what_it_accepts(const struct transfer *t)
{
	for (size_t i = 0; i < t->nheaders; i++)
		if (str_istarts(t->header[i], STR("accept-encoding:")))
			return true;
	return false;
}

static struct curl_slist *build_lines(struct transfer *t)
{
	struct curl_slist *lines = says_what_it_accepts(t) ? NULL : (struct curl_slist *)(uintptr_t)&accepted;
	if (t->body.n > 0)
		lines = add_line(t, lines, STR("Expect:")); /* no 100-continue: a second lost at servers that do not know it */
	if (t->if_modified_since.n > 0)
		lines = add_line(t, lines, arena_printf(&t->arena, "If-Modified-Since: %.*s", STR_FMT(t->if_modified_since)));
	if (t->if_none_match.n > 0)
		lines = add_line(t, lines, arena_printf(&t->arena, "If-None-Match: %.*s", STR_FMT(t->if_none_match)));
	for (size_t i = t->nheaders; i-- > 0;)
		lines = add_line(t, lines, t->header[i]);
	return lines;
}

static void set_lines(struct transfer *t)
{
	struct curl_slist *lines = build_lines(t);
	if (lines != &accepted || t->has_lines)
		SET(t, CURLOPT_HTTPHEADER, lines);
	t->has_lines = lines != &accepted;
}

static void set_method(struct transfer *t)
{
	if (t->method.n == 0 || str_eqc(t->method, "GET"))
		return;
	t->is_special = true;
	if (str_eqc(t->method, "HEAD")) {
		SET(t, CURLOPT_NOBODY, 1L);
		return;
	}
	SET(t, CURLOPT_POST, 1L);
	SET(t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.n);
	SET(t, CURLOPT_POSTFIELDS, t->body.n > 0 ? t->body.p : "");
	if (!str_eqc(t->method, "POST"))
		SET(t, CURLOPT_CUSTOMREQUEST, t->method.p);
}

/* libcurl connects, checks the certificate, and keeps out of what is said. */
static void set_talk(struct transfer *t)
{
	if (t->talk == NULL)
		return;
	t->is_special = true;
	SET(t, CURLOPT_CONNECT_ONLY, 1L);
	SET(t, CURLOPT_SSL_ENABLE_ALPN, 0L);
	SET(t, CURLOPT_FRESH_CONNECT, 1L);
	SET(t, CURLOPT_TCP_KEEPALIVE, 1L);
}

static void set_certificates(struct transfer *t)
{
	if (t->ca_file == NULL)
		return;
	t->is_special = true;
	SET(t, CURLOPT_CAINFO, t->ca_file);
}

static void drop_unpack(struct transfer *t)
{
	http_unpack_free(t->unpack);
	t->unpack = NULL;
	t->wire_bytes = 0;
}

/* Told when it changes: what is told before each request shows. */
static void set_closing(struct transfer *t)
{
	if (t->closes != t->is_closing)
		SET(t, CURLOPT_FORBID_REUSE, t->closes ? 1L : 0L);
	t->is_closing = t->closes;
}

void http_transfer_set_hop(struct transfer *t)
{
	const int64_t left = t->timeout_ms - (clock_monotonic_ms() - t->started_ms);
	if (t->is_special)
		t->is_set_up = t->is_special = false;
	set_up(t);
	set_lines(t);
	set_method(t);
	set_talk(t);
	set_certificates(t);
	http_proxy_set_hop(t);
	SET(t, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
	set_closing(t);
	SET(t, CURLOPT_URL, arena_cstr(&t->arena, t->url.href));
	buf_clear(&t->raw);
	buf_clear(&t->received);
	drop_unpack(t);
	t->curl_text[0] = 0;
	t->addresses_tried = t->addresses_refused = 0;
}

/* ---- the end of a hop ---- */

int http_transfer_status(struct transfer *t)
{
	long status = 0;
	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

/* libcurl's own words, made one clean line. */
static struct str curl_words(struct transfer *t, CURLcode code)
{
	struct str words = str_of(t->curl_text[0] ? t->curl_text : curl_easy_strerror(code));
	words = str_first(arena_copy(&t->arena, words), ENDED_BYTES);
	for (size_t i = 0; i < words.n; i++)
		if ((unsigned char)words.p[i] < ' ')
			return str_first(words, i);
	return str_cut_utf8(words, words.n);
}

static const struct {
	CURLcode code;
	const char *remedy;
} troubles[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "the name does not resolve; check the spelling of the url and this machine's DNS" },
	{ CURLE_COULDNT_RESOLVE_PROXY, "the name of its proxy does not resolve; check proxy = in the source" },
	{ CURLE_PROXY, "its proxy refuses, or broke; check proxy, proxy_user and proxy_password in the source" },
	{ CURLE_COULDNT_CONNECT, "nobody answers on this port; check the url and that the server runs" },
	{ CURLE_OPERATION_TIMEDOUT, "too slow" },
	{ CURLE_PEER_FAILED_VERIFICATION, "its certificate is not valid; check this machine's clock and ca-certificates" },
	{ CURLE_SSL_CONNECT_ERROR, "no TLS connection came about" },
	{ CURLE_GOT_NOTHING, "the server closed the connection without an answer" },
	{ CURLE_PARTIAL_FILE, "the answer ended too early" },
	{ CURLE_RECV_ERROR, "the connection broke while the answer came" },
	{ CURLE_SEND_ERROR, "the connection broke while the request went out" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "what came is not HTTP" },
};

enum outcome http_transfer_trouble(struct transfer *t, int code, struct err *e)
{
	const bool all_refused = t->addresses_tried > 0 && t->addresses_refused == t->addresses_tried;
	if (t->refusal != NULL || all_refused) {
		*e = t->refusal != NULL ? *t->refusal : *t->address_refusal;
		return e->outcome;
	}
	if (code == CURLE_OUT_OF_MEMORY) /* what libcurl says of a header line that does not fit into its buffer */
		return err_set(e, REJECT, "%.*s:%d: the headers have a line of more than %u bytes", STR_FMT(t->url.host),
			t->url.port, LIMIT_HEADER_BYTES);
	const char *remedy = "the transfer failed";
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if ((int)troubles[i].code == code)
			remedy = troubles[i].remedy;
	return err_set(e, RETRY, "%.*s:%d: %s (%.*s)", STR_FMT(t->url.host), t->url.port, remedy,
		STR_FMT(curl_words(t, (CURLcode)code)));
}

/* ---- life cycle ---- */

struct http_response *http_transfer_result(struct transfer *t)
{
	if (t->result == NULL)
		t->result = arena_new(&t->arena, struct http_response);
	return t->result;
}

struct transfer *http_transfer_new(struct http *h)
{
	struct transfer *t = http_memory(sizeof *t);
	t->http = h;
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		setopt_failed("curl_easy_init");
	arena_init(&t->arena, ARENA_BYTES);
	buf_init(&t->raw, LIMIT_HEADER_BYTES + LIMIT_HEADER_BYTES / 2); /* LF for CRLF never grows it */
	buf_init(&t->say, LIMIT_HEADER_BYTES);
	return t;
}

void http_transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	http_unpack_free(t->unpack);
	buf_release(&t->raw);
	buf_release(&t->received);
	buf_release(&t->say);
	arena_release(&t->arena);
	free(t);
}

void http_transfer_clear(struct transfer *t)
{
	if (t->arena.used > ARENA_KEPT_BYTES)
		arena_release(&t->arena);
	else
		arena_reset(&t->arena);
	buf_release(&t->received); /* what is left of an answer that failed */
	buf_release(&t->say);
	buf_clear(&t->raw);
	drop_unpack(t);
	t->is_done = t->is_talking = false;
	t->leads_to = (struct str){ NULL, 0 };
	t->pinned[0] = '\0';
	t->is_resolving = false;
	t->hops = t->permanent_hops = t->talk_status = 0;
	t->header_bytes = 0;
	t->refusal = t->address_refusal = NULL;
	t->result = NULL;
}
