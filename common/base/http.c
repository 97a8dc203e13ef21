/* The HTTP client: libcurl's multi interface behind checks of every hop, every address and every byte. */
#include "common/base/http.h"

#include "common/base/clock.h"
#include "common/base/http_address.h"
#include "common/base/http_talk.h"
#include "common/base/url.h"

#include <earshot/limits.h>
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ARENA_BYTES ((size_t)8 << 20) /* at most, of one request: the URLs of its hops, its headers, its allow list */
#define LOW_SPEED_BYTES 64 /* a second; slower than this for half of the request's time is a stalled server, */
#define LOW_SPEED_LEAST_S 10 /* but not before this: some forums think long before their first byte */
#define ENDED_BYTES 256 /* of libcurl's own words in an error sentence */

/* One request, over all its hops. It lives from http_start() to http_take(); its easy handle goes back to the pool. */
struct transfer {
	struct http *http;
	struct transfer *next; /* in http->running or in the finished queue */
	CURL *easy;
	struct arena arena;
	struct url url; /* of this hop */
	struct str method, body;
	struct curl_slist *lines; /* what this hop sends besides libcurl's own headers */
	struct str *header;
	size_t nheaders;
	struct str if_none_match, if_modified_since;
	struct http_cidr *allow;
	size_t nallow, max_body;
	int64_t started_ms, timeout_ms;
	bool follow, is_done;
	const struct http_talk *talk; /* NULL = HTTP */
	bool is_talking; /* connected: from now on it is the talk's */
	struct buf say;
	int talk_status;
	const char *ca_file;
	int hops, permanent_hops;
	unsigned addresses_tried, addresses_refused;
	size_t header_bytes; /* over all hops */
	struct buf raw, received; /* header lines and decoded body of this hop */
	struct err refusal; /* set by a callback that ended the transfer */
	struct err address_refusal; /* of the last address that was refused; another one of the same name may do */
	char curl_text[CURL_ERROR_SIZE];
	void *owner;
	struct http_response result;
};

struct http {
	CURLM *multi;
	char *user_agent;
	int max, nrunning, nidle;
	struct transfer *running;
	struct transfer *finished, **finished_end;
	struct curl_waitfd *wait; /* of conversations, and the caller's */
	CURL **idle; /* easy handles for re-use: 0.92 of the speed without (reference: crawling.md 3) */
};

static void *take(size_t n)
{
	void *p = calloc(1, n);
	if (!p) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for the HTTP client\n", n);
		abort();
	}
	return p;
}

static struct str copy_str(struct str s)
{
	char *p = take(s.n + 1);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

/* ---- checks ---- */

static enum outcome refuse_address(const struct url *u, struct str address, const struct http_address_block *block, struct err *e)
{
	if (str_eq(u->host, address))
		return err_set(e, REJECT, "%.*s:%d: this is %s (%s); allow it with allow_cidr = %s in the source",
			STR_FMT(u->host), u->port, block->about, block->text, block->text);
	return err_set(e, REJECT, "%.*s:%d: its address %.*s is %s (%s); allow it with allow_cidr = %s in the source",
		STR_FMT(u->host), u->port, STR_FMT(address), block->about, block->text, block->text);
}

/* What can be told of a hop before any packet leaves: syntax, ports, literal addresses, names of internal networks. */
static enum outcome check_hop(struct transfer *t, struct str input, struct err *e)
{
	unsigned char byte[16];
	enum outcome o = t->talk != NULL ? OK : url_check_fetchable(input, e); /* 993 is no port of the web */
	if (o != OK)
		return o;
	o = url_parse(&t->arena, input, STR(""), &t->url, e);
	if (o != OK)
		return o;
	const int family = http_address_parse(t->url.host, byte);
	if (family != 0 && !http_address_allowed(family, byte, t->allow, t->nallow))
		return refuse_address(&t->url, t->url.host, http_address_block(family, byte), e);
	if (family == 0 && t->nallow == 0 && url_is_local_name(t->url.host))
		return err_set(e, REJECT,
			"%.*s: this name is known only inside a network; allow its addresses with allow_cidr in the source",
			STR_FMT(t->url.host));
	return OK;
}

static bool address_passes(struct transfer *t, int family, const unsigned char *byte, const char *text)
{
	t->addresses_tried++;
	if (http_address_allowed(family, byte, t->allow, t->nallow))
		return true;
	t->addresses_refused++;
	(void)refuse_address(&t->url, str_of(text), http_address_block(family, byte), &t->address_refusal);
	return false;
}

/* libcurl asks us for each socket with the address it is about to connect to: whatever DNS said, this is the truth. */
static curl_socket_t on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = user;
	char text[CURL_ERROR_SIZE] = "";
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
	if (!byte || !inet_ntop(to->family, byte, text, sizeof(text)) || !address_passes(t, to->family, byte, text))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Called before the request goes out, also on a connection that another request opened under a wider allow list. */
static int on_connected(void *user, char *address, char *local_address, int port, int local_port)
{
	struct transfer *t = user;
	unsigned char byte[16];
	(void)local_address;
	(void)port;
	(void)local_port;
	const int family = http_address_parse(str_of(address), byte);
	if (http_address_allowed(family, byte, t->allow, t->nallow))
		return CURL_PREREQFUNC_OK;
	(void)refuse_address(&t->url, str_of(address), http_address_block(family, byte), &t->refusal);
	return CURL_PREREQFUNC_ABORT;
}

/* ---- receiving ---- */

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	const size_t bytes = size * n;
	struct str line = { p, bytes };
	t->header_bytes += bytes;
	if (t->header_bytes > LIMIT_HEADER_BYTES) {
		(void)err_set(&t->refusal, REJECT, "%.*s: the answer has more than %u bytes of headers", STR_FMT(t->url.host),
			LIMIT_HEADER_BYTES);
		return 0;
	}
	if (t->received.n > 0)
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

/* Decoded bytes against bytes on the wire. libcurl counts a chunk of a chunked answer after handing it over, hence one
 * buffer of grace. */
static bool is_bomb(struct transfer *t, size_t decoded)
{
	curl_off_t wire = 0;
	if (decoded <= LIMIT_BODY_RATIO_FROM || curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire) != CURLE_OK)
		return false;
	return decoded / LIMIT_BODY_RATIO > (size_t)wire + CURL_MAX_WRITE_SIZE;
}

/* Counts what arrives after decoding: MAXFILESIZE does not stop 989 bytes from becoming 512 MiB (reliability.md F3). */
static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	const size_t bytes = size * n;
	if (bytes > t->max_body - t->received.n) {
		(void)err_set(&t->refusal, REJECT, "%.*s: the answer has more than %zu decoded bytes", STR_FMT(t->url.host),
			t->max_body);
		return 0;
	}
	if (is_bomb(t, t->received.n + bytes)) {
		(void)err_set(&t->refusal, REJECT,
			"%.*s: the answer unpacks to more than %d times its size; it looks like a decompression bomb",
			STR_FMT(t->url.host), LIMIT_BODY_RATIO);
		return 0;
	}
	buf_add(&t->received, p, bytes);
	return bytes;
}

/* ---- setting up one hop ---- */

static bool is_header_line(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t')
			return false;
	return str_findc(line, ':') > 0;
}

static void add_line(struct transfer *t, const char *name, struct str value)
{
	const struct str line = arena_printf(&t->arena, "%s%.*s", name, STR_FMT(value));
	if (!is_header_line(line))
		return;
	struct curl_slist *longer = curl_slist_append(t->lines, line.p);
	if (!longer)
		abort();
	t->lines = longer;
}

static void build_lines(struct transfer *t)
{
	curl_slist_free_all(t->lines);
	t->lines = NULL;
	for (size_t i = 0; i < t->nheaders; i++)
		add_line(t, "", t->header[i]);
	if (t->if_none_match.n > 0)
		add_line(t, "If-None-Match: ", t->if_none_match);
	if (t->if_modified_since.n > 0)
		add_line(t, "If-Modified-Since: ", t->if_modified_since);
	add_line(t, "Expect:", STR("")); /* no 100-continue: it costs a second at servers that do not know it */
}

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
	SET(t, CURLOPT_PREREQFUNCTION, on_connected);
	SET(t, CURLOPT_PREREQDATA, t);
}

static void set_receiving(struct transfer *t)
{
	SET(t, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can decode: gzip, deflate, br, zstd */
	SET(t, CURLOPT_WRITEFUNCTION, on_body);
	SET(t, CURLOPT_WRITEDATA, t);
	SET(t, CURLOPT_HEADERFUNCTION, on_header);
	SET(t, CURLOPT_HEADERDATA, t);
	SET(t, CURLOPT_ERRORBUFFER, t->curl_text);
	SET(t, CURLOPT_PRIVATE, t);
}

static void set_times(struct transfer *t)
{
	const int64_t left = t->timeout_ms - (clock_monotonic_ms() - t->started_ms);
	const int64_t half_s = t->timeout_ms / 2 / MS_PER_SECOND;
	SET(t, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_CONNECT_MS);
	SET(t, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
	SET(t, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
	SET(t, CURLOPT_LOW_SPEED_TIME, (long)(half_s > LOW_SPEED_LEAST_S ? half_s : LOW_SPEED_LEAST_S));
}

static void set_method(struct transfer *t)
{
	if (t->method.n == 0 || str_eqc(t->method, "GET"))
		return;
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
	SET(t, CURLOPT_CONNECT_ONLY, 1L);
	SET(t, CURLOPT_SSL_ENABLE_ALPN, 0L);
	SET(t, CURLOPT_FRESH_CONNECT, 1L);
	SET(t, CURLOPT_TCP_KEEPALIVE, 1L);
}

static void set_hop(struct transfer *t)
{
	curl_easy_reset(t->easy); /* keeps connections, sessions and the DNS cache */
	set_safety(t);
	set_receiving(t);
	set_times(t);
	build_lines(t);
	SET(t, CURLOPT_USERAGENT, t->http->user_agent);
	SET(t, CURLOPT_HTTPHEADER, t->lines);
	SET(t, CURLOPT_URL, arena_cstr(&t->arena, t->url.href));
	set_method(t);
	if (t->talk != NULL)
		set_talk(t);
	if (t->ca_file != NULL)
		SET(t, CURLOPT_CAINFO, t->ca_file);
	buf_clear(&t->raw);
	buf_clear(&t->received);
	t->curl_text[0] = 0;
	t->addresses_tried = t->addresses_refused = 0;
}

static void multi_add(struct transfer *t)
{
	if (curl_multi_add_handle(t->http->multi, t->easy) != CURLM_OK)
		abort(); /* a handle added twice, or no memory */
}

/* ---- redirects ---- */

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool is_same_origin(const struct url *a, const struct url *b)
{
	return str_eq(a->scheme, b->scheme) && str_eq(a->host, b->host) && a->port == b->port;
}

/* 303 always, 301 and 302 for POST: what every browser does. */
static void change_method(struct transfer *t, long status)
{
	const bool is_post = str_eqc(t->method, "POST");
	if ((status == 303 && !str_eqc(t->method, "HEAD")) || (is_post && (status == 301 || status == 302))) {
		t->method = STR("GET");
		t->body = STR("");
	}
}

static enum outcome check_location(struct transfer *t, struct str location, struct err *e)
{
	struct url next = { 0 };
	const struct url from = t->url;
	if (t->hops >= LIMIT_REDIRECTS)
		return err_set(e, REJECT, "%.*s: more than %d redirects; give the final address as the url", STR_FMT(from.host),
			LIMIT_REDIRECTS);
	if (str_findc(location, '\\') >= 0)
		return err_set(e, REJECT, "%.*s: redirects to an address with a backslash", STR_FMT(from.host));
	enum outcome o = url_parse(&t->arena, location, from.href, &next, e);
	if (o == OK)
		o = check_hop(t, next.href, e);
	if (o != OK) {
		const struct err why = *e;
		t->url = from;
		return err_set(e, o, "%.*s: redirect refused: %s", STR_FMT(from.host), why.text);
	}
	return OK;
}

/* SKIP = this answer is the last one. OK = `t` stands at the next hop. */
static enum outcome step_redirect(struct transfer *t, long status, struct err *e)
{
	const struct str location = http_header(buf_str(&t->raw), "location");
	if (!t->follow || !is_redirect(status) || location.n == 0)
		return SKIP;
	const struct url from = t->url;
	const enum outcome o = check_location(t, arena_copy(&t->arena, location), e);
	if (o != OK)
		return o;
	t->hops++;
	t->permanent_hops += status == 301 || status == 308;
	change_method(t, status);
	if (!is_same_origin(&from, &t->url))
		t->nheaders = 0; /* for good: a second hop back does not bring them back */
	return OK;
}

/* ---- the end of a hop ---- */

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
	{ CURLE_COULDNT_CONNECT, "nobody answers on this port; check the url and that the server runs" },
	{ CURLE_OPERATION_TIMEDOUT, "too slow; raise the source's timeout if this goes on" },
	{ CURLE_PEER_FAILED_VERIFICATION, "its certificate is not valid; check this machine's clock and ca-certificates" },
	{ CURLE_SSL_CONNECT_ERROR, "no TLS connection came about" },
	{ CURLE_GOT_NOTHING, "the server closed the connection without an answer" },
	{ CURLE_PARTIAL_FILE, "the answer ended too early" },
	{ CURLE_RECV_ERROR, "the connection broke while the answer came" },
	{ CURLE_SEND_ERROR, "the connection broke while the request went out" },
	{ CURLE_BAD_CONTENT_ENCODING, "the answer is packed in a way that cannot be unpacked" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "what came is not HTTP" },
};

static enum outcome trouble(struct transfer *t, CURLcode code, struct err *e)
{
	const bool all_refused = t->addresses_tried > 0 && t->addresses_refused == t->addresses_tried;
	if (t->refusal.outcome != OK || all_refused) {
		*e = t->refusal.outcome != OK ? t->refusal : t->address_refusal;
		return e->outcome;
	}
	const char *remedy = "the transfer failed";
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].code == code)
			remedy = troubles[i].remedy;
	return err_set(e, RETRY, "%.*s:%d: %s (%.*s)", STR_FMT(t->url.host), t->url.port, remedy, STR_FMT(curl_words(t, code)));
}

static struct str give_away(struct buf *b)
{
	const struct str s = { b->p, b->n };
	const size_t max = b->max;
	buf_init(b, max);
	return s;
}

static void finish(struct transfer *t, enum outcome o, long status)
{
	struct http_response *r = &t->result;
	struct transfer **at = &t->http->running;
	r->outcome = o;
	r->status = o == OK ? (int)status : 0;
	r->url = copy_str(t->url.href);
	r->duration_ms = clock_monotonic_ms() - t->started_ms;
	r->retry_after_ms = -1;
	r->owner = t->owner;
	r->permanent_redirect = t->hops > 0 && t->permanent_hops == t->hops;
	if (o == OK) {
		r->header = give_away(&t->raw);
		r->body = give_away(&t->received);
		r->retry_after_ms = http_retry_after_ms(http_header(r->header, "retry-after"), clock_now_ms());
	}
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	t->http->nrunning--;
	t->next = NULL;
	t->is_done = true;
	*t->http->finished_end = t;
	t->http->finished_end = &t->next;
}

static void end_hop(struct transfer *t, CURLcode code)
{
	long status = 0;
	struct err e = { 0 };
	if (t->talk != NULL && code == CURLE_OK) {
		t->is_talking = true; /* it stays in there: taken out, its connection would be closed */
		return;
	}
	(void)curl_multi_remove_handle(t->http->multi, t->easy); /* it is in there: its message just came out */
	enum outcome o = OK;
	if (code != CURLE_OK) {
		o = trouble(t, code, &e);
	} else {
		(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
		o = step_redirect(t, status, &e);
		if (o == OK) {
			set_hop(t);
			multi_add(t);
			return;
		}
		o = o == SKIP ? OK : o;
	}
	t->result.err = e;
	finish(t, o, status);
}

static enum outcome name_trouble(const struct transfer *t, enum outcome o, struct err *e)
{
	const struct err why = *e;
	return o == OK ? OK : err_set(e, o, "%.*s:%d: %s", STR_FMT(t->url.host), t->url.port, why.text);
}

/* One turn of a conversation; it ends when it is over, broken, or too slow. */
static void turn_talk(struct transfer *t)
{
	struct err e = { 0 };
	struct http_talk_out out = { .say = &t->say, .header = &t->raw, .body = &t->received, .status = t->talk_status };
	enum outcome o = http_talk_turn(t->easy, t->talk, &out, &e);
	t->talk_status = out.status;
	if (o == SKIP && clock_monotonic_ms() - t->started_ms < t->timeout_ms)
		return;
	if (o == SKIP)
		o = err_set(&e, RETRY, "no end after %lld s", (long long)(t->timeout_ms / MS_PER_SECOND));
	t->result.err = e;
	(void)name_trouble(t, o, &t->result.err);
	(void)curl_multi_remove_handle(t->http->multi, t->easy);
	finish(t, o, t->talk_status);
}

static void turn_talks(struct http *h)
{
	struct transfer *next = NULL;
	for (struct transfer *t = h->running; t != NULL; t = next) {
		next = t->next;
		if (t->is_talking)
			turn_talk(t);
	}
}

/* ---- life cycle ---- */

static bool library_is_up;

void http_library_init(void)
{
	if (library_is_up)
		return;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		setopt_failed("curl_global_init");
	library_is_up = true;
}

void http_library_release(void)
{
	if (library_is_up)
		curl_global_cleanup();
	library_is_up = false;
}

struct http *http_new(const char *user_agent, int max_transfers)
{
	http_library_init();
	struct http *h = take(sizeof(*h));
	h->max = max_transfers > 0 ? max_transfers : 1;
	h->multi = curl_multi_init();
	if (!h->multi)
		setopt_failed("curl_multi_init");
	h->user_agent = (char *)(uintptr_t)copy_str(str_of(user_agent)).p;
	h->idle = take((size_t)h->max * sizeof(CURL *));
	h->wait = take(((size_t)h->max + 1) * sizeof *h->wait);
	h->finished_end = &h->finished;
	/* above peak concurrency, or connections are closed that the next poll would use again */
	(void)curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->max * 2);
	return h;
}

static void easy_give_back(struct http *h, CURL *easy)
{
	curl_easy_reset(easy); /* nothing in it may point at the transfer that is about to go */
	if (h->nidle < h->max)
		h->idle[h->nidle++] = easy;
	else
		curl_easy_cleanup(easy);
}

static void transfer_free(struct transfer *t)
{
	curl_slist_free_all(t->lines);
	buf_release(&t->raw);
	buf_release(&t->received);
	buf_release(&t->say);
	arena_release(&t->arena);
	free(t);
}

void http_response_release(struct http_response *r)
{
	free((void *)(uintptr_t)r->body.p);
	free((void *)(uintptr_t)r->header.p);
	free((void *)(uintptr_t)r->url.p);
	*r = (struct http_response){ 0 };
}

void http_free(struct http *h)
{
	if (!h)
		return;
	struct http_response left;
	while (http_take(h, &left))
		http_response_release(&left);
	while (h->running) {
		struct transfer *t = h->running;
		h->running = t->next;
		(void)curl_multi_remove_handle(h->multi, t->easy);
		curl_easy_cleanup(t->easy);
		transfer_free(t);
	}
	while (h->nidle > 0)
		curl_easy_cleanup(h->idle[--h->nidle]);
	(void)curl_multi_cleanup(h->multi);
	free(h->idle);
	free(h->wait);
	free(h->user_agent);
	free(h);
}

static enum outcome copy_request(struct transfer *t, const struct http_request *r, struct err *e)
{
	t->method = arena_copy(&t->arena, r->method);
	t->body = r->body;
	t->header = arena_list(&t->arena, struct str, r->nheaders);
	for (size_t i = 0; i < r->nheaders; i++) {
		if (!is_header_line(r->header[i]))
			return err_set(e, REJECT, "header line %zu is not \"Name: value\" on one line", i + 1);
		t->header[i] = arena_copy(&t->arena, r->header[i]);
	}
	t->nheaders = r->nheaders;
	t->if_none_match = arena_copy(&t->arena, r->if_none_match);
	t->if_modified_since = arena_copy(&t->arena, r->if_modified_since);
	t->allow = arena_list(&t->arena, struct http_cidr, r->nallow);
	if (r->nallow > 0)
		memcpy(t->allow, r->allow, r->nallow * sizeof(*r->allow));
	t->nallow = r->nallow;
	t->max_body = r->max_body > 0 ? r->max_body : LIMIT_BODY_BYTES;
	t->timeout_ms = r->timeout_ms > 0 ? r->timeout_ms : LIMIT_FETCH_MS;
	t->follow = r->follow;
	t->talk = r->talk;
	t->ca_file = r->ca_file;
	t->owner = r->owner;
	return OK;
}

static CURL *easy_take(struct http *h)
{
	if (h->nidle > 0)
		return h->idle[--h->nidle];
	CURL *easy = curl_easy_init();
	if (!easy)
		setopt_failed("curl_easy_init");
	return easy;
}

static enum outcome transfer_start(struct http *h, const struct http_request *r, struct transfer **out, struct err *e)
{
	struct transfer *t = take(sizeof(*t));
	arena_init(&t->arena, ARENA_BYTES);
	t->http = h;
	t->started_ms = clock_monotonic_ms();
	enum outcome o = copy_request(t, r, e);
	if (o == OK)
		o = check_hop(t, r->url, e);
	if (o != OK) {
		transfer_free(t);
		return o;
	}
	buf_init(&t->raw, LIMIT_HEADER_BYTES + LIMIT_HEADER_BYTES / 2); /* LF for CRLF never grows it */
	buf_init(&t->received, t->max_body);
	buf_init(&t->say, LIMIT_HEADER_BYTES);
	t->easy = easy_take(h);
	set_hop(t);
	multi_add(t);
	t->next = h->running;
	h->running = t;
	h->nrunning++;
	*out = t;
	return OK;
}

enum outcome http_start(struct http *h, const struct http_request *r, struct err *e)
{
	struct transfer *t;
	if (h->nrunning >= h->max)
		return err_set(e, RETRY, "%d transfers are in flight already; take finished ones first", h->max);
	return transfer_start(h, r, &t, e);
}

int http_in_flight(const struct http *h)
{
	return h->nrunning;
}

static void collect(struct http *h)
{
	int running, left;
	CURLMsg *m;
	if (curl_multi_perform(h->multi, &running) != CURLM_OK)
		abort(); /* a broken handle or no memory */
	for (m = curl_multi_info_read(h->multi, &left); m; m = curl_multi_info_read(h->multi, &left)) {
		char *t = NULL;
		const CURLcode code = m->data.result; /* `m` dies with the removal of its handle */
		if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t) == CURLE_OK && t)
			end_hop((struct transfer *)(void *)t, code);
	}
	turn_talks(h);
}

static unsigned fill_wait(struct http *h, int wake_fd)
{
	unsigned n = 0;
	for (const struct transfer *t = h->running; t != NULL; t = t->next) {
		const int fd = t->is_talking ? http_talk_socket(t->easy) : -1;
		if (fd >= 0)
			h->wait[n++] = (struct curl_waitfd){ .fd = fd,
				.events = (short)(CURL_WAIT_POLLIN | (t->say.n > 0 ? CURL_WAIT_POLLOUT : 0)) };
	}
	if (wake_fd >= 0)
		h->wait[n++] = (struct curl_waitfd){ .fd = wake_fd, .events = CURL_WAIT_POLLIN };
	return n;
}

void http_wait(struct http *h, int timeout_ms, int wake_fd)
{
	collect(h);
	const unsigned n = fill_wait(h, wake_fd);
	const int wait = h->finished ? 0 : timeout_ms;
	if (curl_multi_poll(h->multi, n > 0 ? h->wait : NULL, n, wait, NULL) == CURLM_OK)
		collect(h);
}

/* Takes one transfer out of the finished queue, wherever it stands. */
static void unlink_finished(struct http *h, struct transfer *t)
{
	struct transfer **at = &h->finished;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (!*at)
		h->finished_end = at;
}

static void take_result(struct http *h, struct transfer *t, struct http_response *out)
{
	unlink_finished(h, t);
	*out = t->result;
	easy_give_back(h, t->easy);
	transfer_free(t);
}

bool http_take(struct http *h, struct http_response *out)
{
	if (!h->finished)
		return false;
	take_result(h, h->finished, out);
	return true;
}

void http_fetch(struct http *h, const struct http_request *r, struct http_response *out)
{
	struct transfer *t = NULL;
	struct err e = { 0 };
	const enum outcome o = transfer_start(h, r, &t, &e);
	if (o != OK) {
		*out = (struct http_response){
			.outcome = o, .err = e, .url = copy_str(r->url), .retry_after_ms = -1, .owner = r->owner
		};
		return;
	}
	while (!t->is_done)
		http_wait(h, 1000, -1);
	take_result(h, t, out);
}
