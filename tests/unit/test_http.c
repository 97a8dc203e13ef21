/* The HTTP client: the address rule, headers, waits, and live transfers against a small server in a thread on loopback. */
#include "common/base/http.h"

#include "common/base/clock.h"
#include "common/base/http_address.h"
#include "common/base/url.h"

#include <earshot/limits.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- the server: one connection at a time, closed after the answer unless the answer keeps it ---- */

struct page {
	const char *path, *answer;
	size_t n; /* 0 = strlen */
};

/* 16 MiB of zeros under two layers of gzip: 153 bytes on the wire. */
static const unsigned char bomb[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xda, 0xad, 0x0d, 0xc2,
	0x60, 0x14, 0x86, 0xd1, 0xfe, 0x20, 0x1a, 0x04, 0xe0, 0x11, 0x74, 0x0c, 0x0c, 0x82, 0x90, 0x20, 0x50, 0x98, 0x6a, 0xc2,
	0x10, 0x38, 0x44, 0x13, 0x24, 0x86, 0x15, 0x48, 0xa8, 0x66, 0x05, 0x98, 0x82, 0xb0, 0x03, 0x41, 0xa0, 0x09, 0xa5, 0x1f,
	0x43, 0x20, 0x9a, 0x73, 0xd4, 0xab, 0xaf, 0x7c, 0x72, 0x47, 0xfb, 0x2c, 0x0a, 0x92, 0xf4, 0x71, 0x8d, 0xe3, 0x66, 0x94,
	0x87, 0xcf, 0xf9, 0x99, 0x75, 0x23, 0x00, 0x00, 0x00, 0xa0, 0xe5, 0xca, 0xfb, 0x2e, 0x0d, 0x31, 0x20, 0xca, 0xeb, 0xdb,
	0x7c, 0x59, 0x00, 0x00, 0x00, 0x00, 0x6d, 0xb7, 0xee, 0xf7, 0x3a, 0xbf, 0x28, 0xf0, 0x5e, 0x0d, 0xa7, 0xce, 0x01, 0x00,
	0x00, 0x00, 0xad, 0x57, 0x4d, 0xc6, 0x79, 0x68, 0x01, 0x83, 0x57, 0xbd, 0x99, 0x25, 0x1e, 0x25, 0x00, 0x00, 0x00, 0xe0,
	0x0f, 0x2e, 0xc5, 0xe2, 0xb8, 0x3d, 0x35, 0x23, 0xfe, 0x02, 0x0e, 0x73, 0xc8, 0xb6, 0xc8, 0x3f, 0x00, 0x00 };

static struct page pages[] = {
	{ "/ok",
		"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nETag: W/\"a b\"\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n\xe4\xbd\xa0\xe5\xa5\xbd",
		0 },
	{ "/304", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 0 },
	{ "/500", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 0 },
	{ "/429", "HTTP/1.1 429 Slow down\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/hop", "HTTP/1.1 301 Moved\r\nLocation: ok\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/private", "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/backslash", "HTTP/1.1 302 Found\r\nLocation: \\\\127.0.0.1\\x\r\nContent-Length: 0\r\n\r\n", 0 },
	{ "/cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 0 },
	{ "/mail", "220 mail.example ESMTP\r\n", 0 },
	{ "/away", NULL, 0 }, /* to the same server under another origin; written in start() */
	{ "/bomb", NULL, 0 }, /* written in start() */
	{ "/headers", NULL, 0 },
	{ "/see-other", "HTTP/1.1 303 See\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", 0 },
};

static struct server {
	int fd, port;
	pthread_t thread;
	pthread_mutex_t lock;
	char seen[16384]; /* all requests since the test began */
	size_t nseen;
	bool hangs;
} server = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void remember(const char *request, size_t n)
{
	pthread_mutex_lock(&server.lock);
	if (n > sizeof(server.seen) - 1 - server.nseen)
		n = sizeof(server.seen) - 1 - server.nseen;
	memcpy(server.seen + server.nseen, request, n);
	server.nseen += n;
	server.seen[server.nseen] = 0;
	pthread_mutex_unlock(&server.lock);
}

static const struct page *page_for(const char *request)
{
	const char *path = strchr(request, ' ') + 1;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const size_t n = strlen(pages[i].path);
		if (strncmp(path, pages[i].path, n) == 0 && path[n] == ' ')
			return &pages[i];
	}
	return NULL;
}

static void serve_one(int fd)
{
	char request[4096];
	size_t n = 0;
	while (n < sizeof(request) - 1) {
		const ssize_t got = recv(fd, request + n, sizeof(request) - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		request[n] = 0;
		if (strstr(request, "\r\n\r\n"))
			break;
	}
	request[n] = 0;
	if (n == 0)
		return;
	remember(request, n);
	const struct page *page = page_for(request);
	if (server.hangs)
		clock_sleep_ms(600);
	else if (page)
		(void)send(fd, page->answer, page->n ? page->n : strlen(page->answer), MSG_NOSIGNAL);
}

static void *serve(void *unused)
{
	(void)unused;
	for (int fd = accept(server.fd, NULL, NULL); fd >= 0; fd = accept(server.fd, NULL, NULL)) {
		serve_one(fd);
		(void)shutdown(fd, SHUT_WR);
		char rest[1024];
		while (recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
			;
		(void)close(fd);
	}
	return NULL;
}

static struct page *page_named(const char *path)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	return NULL;
}

static void write_pages(void)
{
	static char away[256], packed[1024], headers[LIMIT_HEADER_BYTES * 2];
	(void)snprintf(away, sizeof(away), "HTTP/1.1 302 Found\r\nLocation: http://localhost:%d/ok\r\nContent-Length: 0\r\n\r\n",
		server.port);
	page_named("/away")->answer = away;
	const int n = snprintf(packed, sizeof(packed),
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %zu\r\n\r\n", sizeof(bomb));
	memcpy(packed + n, bomb, sizeof(bomb));
	*page_named("/bomb") = (struct page){ "/bomb", packed, (size_t)n + sizeof(bomb) };
	size_t at = (size_t)snprintf(headers, sizeof(headers), "HTTP/1.1 200 OK\r\n");
	while (at < LIMIT_HEADER_BYTES + 1000)
		at += (size_t)snprintf(headers + at, sizeof(headers) - at, "X-Filler: %0100d\r\n", 0);
	(void)snprintf(headers + at, sizeof(headers) - at, "Content-Length: 0\r\n\r\n");
	page_named("/headers")->answer = headers;
}

/* ---- asking ---- */

static struct http *client;
static struct http_cidr loopback[2];

static struct http_response ask(const char *path, struct http_request r)
{
	static char url[128];
	struct http_response out;
	server.nseen = 0;
	server.seen[0] = 0;
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server.port, path);
	r.url = str_of(url);
	if (r.nallow == 0) {
		r.allow = loopback;
		r.nallow = 2;
	}
	http_fetch(client, &r, &out);
	return out;
}

static void refused(const char *path, struct http_request r, const char *words)
{
	struct http_response out = ask(path, r);
	assert_int_equal(out.outcome, REJECT);
	if (!strstr(out.err.text, words))
		fail_msg("expected \"%s\" in: %s", words, out.err.text);
	http_response_release(&out);
}

/* ---- pure parts ---- */

static bool allowed(const char *address)
{
	unsigned char byte[16];
	const int family = http_address_parse(str_of(address), byte);
	assert_int_not_equal(family, 0);
	return http_address_allowed(family, byte, NULL, 0);
}

static void special_addresses_are_refused(void **state)
{
	static const char *const special[] = { "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0",
		"100.127.255.255", "127.0.0.1", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.255",
		"192.88.99.1", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:10.0.0.1", "::10.0.0.1",
		"64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "2001::1",
		"2001:1ff::1", "2001:db8::1", "2002:a00:1::", "3fff:fff::1", "4000::1", "5f00::1" };
	(void)state;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (allowed(special[i]))
			fail_msg("%s must be refused", special[i]);
}

static void their_public_neighbours_are_allowed(void **state)
{
	static const char *const public[] = { "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
		"191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
		"223.255.255.255", "::ffff:8.8.8.8", "2000::1", "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1",
		"2400:3200::1", "3ffe::1", "3fff:1000::1" };
	(void)state;
	for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++)
		if (!allowed(public[i]))
			fail_msg("%s must be allowed", public[i]);
}

static void an_allow_list_opens_just_its_range(void **state)
{
	static const unsigned char inside[4] = { 10, 1, 2, 3 }, outside[4] = { 10, 2, 2, 3 };
	unsigned char mapped[16];
	struct http_cidr c;
	struct err e;
	(void)state;
	assert_int_equal(http_cidr_parse(STR(" 10.1.0.0/16 "), &c, &e), OK);
	assert_true(http_address_allowed(AF_INET, inside, &c, 1));
	assert_false(http_address_allowed(AF_INET, outside, &c, 1));
	assert_int_equal(http_address_parse(STR("[::ffff:10.1.2.3]"), mapped), AF_INET6);
	assert_true(http_address_allowed(AF_INET6, mapped, &c, 1));
	assert_int_equal(http_cidr_parse(STR("::/0"), &c, &e), OK);
	assert_false(http_address_allowed(AF_INET6, mapped, &c, 1));
}

static void a_wrong_range_is_told_with_a_remedy(void **state)
{
	struct http_cidr c;
	struct err e = { 0 };
	(void)state;
	assert_int_equal(http_cidr_parse(STR("intranet"), &c, &e), REJECT);
	assert_non_null(strstr(e.text, "127.0.0.0/8"));
	assert_int_equal(http_cidr_parse(STR("10.0.0.0/33"), &c, &e), REJECT);
	assert_int_equal(http_cidr_parse(STR("10.1.2.3/8"), &c, &e), REJECT);
	assert_int_equal(http_cidr_parse(STR("10.1.2.3"), &c, &e), OK);
	assert_int_equal(c.bits, 32);
}

static void the_last_of_several_headers_counts(void **state)
{
	const struct str raw = STR("HTTP/1.1 200 OK\nETag: \"1\"\nX-A:  b \netag:\"2\"\nno colon\n");
	(void)state;
	assert_true(str_eqc(http_header(raw, "ETag"), "\"2\""));
	assert_true(str_eqc(http_header(raw, "x-a"), "b"));
	assert_int_equal(http_header(raw, "absent").n, 0);
}

static void retry_after_is_read_in_seconds_and_in_all_date_forms(void **state)
{
	const int64_t now = clock_from_utc(1994, 11, 6, 8, 49, 7);
	(void)state;
	assert_int_equal(http_retry_after_ms(STR("120"), now), 120000);
	assert_int_equal(http_retry_after_ms(STR("Sun, 06 Nov 1994 08:49:37 GMT"), now), 30000);
	assert_int_equal(http_retry_after_ms(STR("Sunday, 06-Nov-94 08:49:37 GMT"), now), 30000);
	assert_int_equal(http_retry_after_ms(STR("Sun Nov  6 08:49:37 1994"), now), 30000);
	assert_int_equal(http_retry_after_ms(STR("Sun, 06 Nov 1993 08:49:37 GMT"), now), 0);
	assert_int_equal(http_retry_after_ms(STR("Sun, 06 Nov 2094 08:49:37 GMT"), now), LIMIT_RETRY_AFTER_MS);
	assert_int_equal(http_retry_after_ms(STR("99999999999999"), now), LIMIT_RETRY_AFTER_MS);
	assert_int_equal(http_retry_after_ms(STR("soon"), now), -1);
	assert_int_equal(http_retry_after_ms(STR("-5"), now), -1);
	assert_int_equal(http_retry_after_ms(STR(""), now), -1);
}

/* ---- live ---- */

static void an_answer_comes_with_body_headers_and_status(void **state)
{
	struct http_response r = ask("/ok", (struct http_request){ .owner = state });
	(void)state;
	assert_int_equal(r.outcome, OK);
	assert_int_equal(r.status, 200);
	assert_true(str_eqc(r.body, "你好"));
	assert_true(str_eqc(http_header(r.header, "etag"), "W/\"a b\""));
	assert_true(str_eqc(http_header(r.header, "x-two"), "2"));
	assert_ptr_equal(r.owner, state);
	assert_int_equal(r.retry_after_ms, -1);
	assert_non_null(strstr(server.seen, "User-Agent: earshot-test\r\n"));
	assert_non_null(strstr(server.seen, "gzip"));
	http_response_release(&r);
}

static void validators_go_out_verbatim(void **state)
{
	struct http_request q = { .if_none_match = STR("W/\"a b\""), .if_modified_since = STR("yesterday, perhaps") };
	struct http_response r = ask("/304", q);
	(void)state;
	assert_int_equal(r.status, 304);
	assert_non_null(strstr(server.seen, "If-None-Match: W/\"a b\"\r\n"));
	assert_non_null(strstr(server.seen, "If-Modified-Since: yesterday, perhaps\r\n"));
	http_response_release(&r);
}

static void any_status_is_an_answer(void **state)
{
	struct http_response r = ask("/500", (struct http_request){ 0 });
	(void)state;
	assert_int_equal(r.outcome, OK);
	assert_int_equal(r.status, 500);
	http_response_release(&r);
	r = ask("/429", (struct http_request){ 0 });
	assert_int_equal(r.retry_after_ms, 120000);
	http_response_release(&r);
}

static void loopback_is_refused_with_the_line_that_allows_it(void **state)
{
	static const struct http_cidr elsewhere = { { 10 }, 8, false };
	(void)state;
	refused("/ok", (struct http_request){ .allow = &elsewhere, .nallow = 1 },
		"this is a loopback address (127.0.0.0/8); allow it with");
	assert_int_equal(server.nseen, 0);
}

static void a_name_is_judged_by_the_address_it_leads_to(void **state)
{
	static const struct http_cidr elsewhere = { { 10 }, 8, false };
	char url[64];
	struct http_response r;
	(void)state;
	(void)snprintf(url, sizeof(url), "http://localhost:%d/ok", server.port);
	http_fetch(client, &(struct http_request){ .url = str_of(url), .allow = &elsewhere, .nallow = 1 }, &r);
	assert_int_equal(r.outcome, REJECT);
	assert_non_null(strstr(r.err.text, "loopback"));
	http_response_release(&r);
	http_fetch(client, &(struct http_request){ .url = str_of(url) }, &r);
	assert_int_equal(r.outcome, REJECT);
	assert_non_null(strstr(r.err.text, "known only inside a network"));
	http_response_release(&r);
}

static void redirects_are_followed_only_when_asked(void **state)
{
	struct http_response r = ask("/hop", (struct http_request){ 0 });
	(void)state;
	assert_int_equal(r.status, 301);
	http_response_release(&r);
	r = ask("/hop", (struct http_request){ .follow = true });
	assert_int_equal(r.status, 200);
	assert_true(r.permanent_redirect);
	assert_true(str_ends(r.url, STR("/ok")));
	http_response_release(&r);
}

static enum http_follow word_of(void *owner, const struct url *from, const struct url *to)
{
	assert_false(str_eq(from->href, to->href));
	return *(const enum http_follow *)owner;
}

static void who_asks_may_stay_or_refuse(void **state)
{
	enum http_follow word = HTTP_STAY;
	struct http_response r = ask("/hop", (struct http_request){ .follow = true, .may_follow = word_of, .owner = &word });
	(void)state;
	assert_int_equal(r.status, 301);
	assert_true(str_ends(r.leads_to, STR("/ok")));
	assert_true(str_ends(r.url, STR("/hop")));
	assert_true(r.permanent_redirect);
	assert_int_equal(r.hops, 0);
	assert_null(strstr(server.seen, "GET /ok"));
	http_response_release(&r);
	word = HTTP_REFUSE;
	refused("/hop", (struct http_request){ .follow = true, .may_follow = word_of, .owner = &word },
		"robots.txt disallows /ok");
	word = HTTP_FOLLOW;
	r = ask("/hop", (struct http_request){ .follow = true, .may_follow = word_of, .owner = &word });
	assert_int_equal(r.status, 200);
	assert_int_equal(r.leads_to.n, 0);
	http_response_release(&r);
}

static void each_hop_is_checked(void **state)
{
	const struct http_request follow = { .follow = true };
	(void)state;
	refused("/loop", follow, "more than 5 redirects");
	refused("/private", follow, "169.254.0.0/16");
	refused("/file", follow, "not an absolute http://");
	refused("/backslash", follow, "backslash");
}

static void configured_headers_stay_with_their_origin(void **state)
{
	struct str header = STR("Authorization: Bearer secret");
	struct http_request q = { .header = &header, .nheaders = 1, .follow = true, .if_none_match = STR("\"v\"") };
	struct http_response r = ask("/hop", q);
	(void)state;
	const char *first = strstr(server.seen, "Bearer secret");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "Bearer secret"));
	http_response_release(&r);
	r = ask("/away", q);
	assert_int_equal(r.status, 200);
	assert_false(r.permanent_redirect);
	first = strstr(server.seen, "Bearer secret");
	assert_non_null(first);
	assert_null(strstr(first + 1, "Bearer secret"));
	http_response_release(&r);
}

static void a_post_becomes_a_get_at_see_other(void **state)
{
	struct http_request q = { .method = STR("POST"), .body = STR("{\"a\":1}"), .follow = true };
	struct http_response r = ask("/see-other", q);
	(void)state;
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(server.seen, "POST /see-other"));
	assert_non_null(strstr(server.seen, "GET /ok"));
	http_response_release(&r);
}

static void a_header_line_cannot_carry_another_one(void **state)
{
	struct str header = STR("X-A: b\r\nX-B: c");
	(void)state;
	refused("/ok", (struct http_request){ .header = &header, .nheaders = 1 }, "on one line");
}

static void what_unpacks_without_end_is_cut(void **state)
{
	(void)state;
	refused("/bomb", (struct http_request){ 0 }, "decompression bomb");
	refused("/bomb", (struct http_request){ .max_body = 1000 }, "more than 1000 decoded bytes");
	refused("/headers", (struct http_request){ 0 }, "bytes of headers");
}

static void half_an_answer_is_no_answer(void **state)
{
	struct http_response r = ask("/cut", (struct http_request){ 0 });
	(void)state;
	assert_int_equal(r.outcome, RETRY);
	assert_non_null(strstr(r.err.text, "ended too early"));
	assert_int_equal(r.body.n, 0);
	http_response_release(&r);
	r = ask("/mail", (struct http_request){ 0 });
	assert_int_equal(r.outcome, RETRY);
	http_response_release(&r);
}

static void a_silent_server_is_given_up_in_time(void **state)
{
	(void)state;
	server.hangs = true;
	struct http_response r = ask("/ok", (struct http_request){ .timeout_ms = 200 });
	server.hangs = false;
	assert_int_equal(r.outcome, RETRY);
	assert_non_null(strstr(r.err.text, "too slow"));
	assert_true(r.duration_ms < 500);
	http_response_release(&r);
}

static void many_transfers_run_side_by_side(void **state)
{
	char url[64];
	struct http *h = http_new("earshot-test", 3);
	struct err e;
	int done = 0;
	(void)state;
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", server.port);
	const struct http_request q = { .url = str_of(url), .allow = loopback, .nallow = 2 };
	for (int i = 0; i < 3; i++)
		assert_int_equal(http_start(h, &q, &e), OK);
	assert_int_equal(http_start(h, &q, &e), RETRY);
	assert_int_equal(http_in_flight(h), 3);
	while (http_in_flight(h) > 0)
		http_wait(h, 100, -1);
	struct http_response r;
	while (http_take(h, &r)) {
		done += r.status == 200;
		http_response_release(&r);
	}
	assert_int_equal(done, 3);
	assert_int_equal(http_start(h, &q, &e), OK);
	http_free(h); /* with one in flight */
}

static int start(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	struct err e;
	(void)state;
	server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server.fd < 0 || bind(server.fd, (struct sockaddr *)&at, n) != 0 || listen(server.fd, 16) != 0)
		return -1;
	(void)getsockname(server.fd, (struct sockaddr *)&at, &n);
	server.port = ntohs(at.sin_port);
	write_pages();
	client = http_new("earshot-test", 4);
	if (http_cidr_parse(STR("127.0.0.0/8"), &loopback[0], &e) != OK || http_cidr_parse(STR("::1"), &loopback[1], &e) != OK)
		return -1;
	return pthread_create(&server.thread, NULL, serve, NULL);
}

static int stop(void **state)
{
	(void)state;
	http_free(client);
	(void)shutdown(server.fd, SHUT_RDWR);
	(void)pthread_join(server.thread, NULL);
	(void)close(server.fd);
	http_library_release();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(special_addresses_are_refused),
		cmocka_unit_test(their_public_neighbours_are_allowed),
		cmocka_unit_test(an_allow_list_opens_just_its_range),
		cmocka_unit_test(a_wrong_range_is_told_with_a_remedy),
		cmocka_unit_test(the_last_of_several_headers_counts),
		cmocka_unit_test(retry_after_is_read_in_seconds_and_in_all_date_forms),
		cmocka_unit_test(an_answer_comes_with_body_headers_and_status),
		cmocka_unit_test(validators_go_out_verbatim),
		cmocka_unit_test(any_status_is_an_answer),
		cmocka_unit_test(loopback_is_refused_with_the_line_that_allows_it),
		cmocka_unit_test(a_name_is_judged_by_the_address_it_leads_to),
		cmocka_unit_test(redirects_are_followed_only_when_asked),
		cmocka_unit_test(who_asks_may_stay_or_refuse),
		cmocka_unit_test(each_hop_is_checked),
		cmocka_unit_test(configured_headers_stay_with_their_origin),
		cmocka_unit_test(a_post_becomes_a_get_at_see_other),
		cmocka_unit_test(a_header_line_cannot_carry_another_one),
		cmocka_unit_test(what_unpacks_without_end_is_cut),
		cmocka_unit_test(half_an_answer_is_no_answer),
		cmocka_unit_test(a_silent_server_is_given_up_in_time),
		cmocka_unit_test(many_transfers_run_side_by_side),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
