/* Unit tests of the HTTP server over real loopback sockets: what it refuses, what it adds, what it survives. */
#include "common/base/http_server.h"

#include "common/base/json.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct http_server *server;
static size_t body_bytes; /* of the server that is made next */
static char seen_path[256], seen_query[256], seen_host[256], seen_method[32];

static void keep(char out[256], struct str s)
{
	(void)snprintf(out, 256, "%.*s", STR_FMT(str_first(s, 255)));
}

static void serve(void *owner, const struct request *request, struct response *response)
{
	(void)owner;
	keep(seen_path, request->path);
	keep(seen_query, request->query);
	keep(seen_host, request->host);
	(void)snprintf(seen_method, sizeof seen_method, "%.*s", STR_FMT(str_first(request->method, 31)));
	if (str_eqc(request->path, "/asset")) {
		response->asset = STR("asset bytes");
		response->etag = "\"tag\"";
	} else if (!str_eqc(request->method, "GET") && !str_eqc(request->method, "HEAD")) {
		response_error(response, 405, "only GET");
	} else {
		buf_addz(&response->body, "{\"fine\":true}\n");
	}
}

static enum outcome listen_on(struct http_server **out, const char *address, int64_t port, struct err *e)
{
	const struct http_server_options options = {
		.name = "console", .address = address, .port = port, .serve = serve, .body_bytes = body_bytes
	};
	return http_server_new(out, &options, e);
}

static int set_up(void **state)
{
	(void)state;
	struct err e = { 0 };
	seen_path[0] = seen_query[0] = seen_host[0] = seen_method[0] = '\0';
	if (listen_on(&server, "127.0.0.1", 0, &e) != OK) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	http_server_free(server);
	server = NULL;
	return 0;
}

static int dial(void)
{
	const char *colon = strrchr(http_server_url(server), ':');
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10)) };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void turn(int times)
{
	struct err e = { 0 };
	for (int i = 0; i < times; i++)
		assert_int_equal(http_server_turn(server, 2, &e), OK);
}

/* Sends bytes as they are and returns what came back until the connection closed or fell silent. */
static const char *ask_bytes(const char *bytes, size_t n)
{
	static char answer[32768];
	const int fd = dial();
	size_t got = 0;
	(void)!write(fd, bytes, n);
	for (int i = 0; i < 40; i++) {
		turn(1);
		const ssize_t more = recv(fd, answer + got, sizeof answer - 1 - got, MSG_DONTWAIT);
		if (more == 0)
			break;
		if (more > 0) {
			got += (size_t)more;
			i = i < 35 ? 35 : i; /* a few turns more for the rest */
		}
	}
	answer[got] = '\0';
	close(fd);
	turn(2);
	return answer;
}

static const char *ask(const char *request)
{
	return ask_bytes(request, strlen(request));
}

static void assert_holds(const char *answer, const char *part)
{
	if (strstr(answer, part) == NULL)
		fail_msg("expected \"%s\" in:\n%s", part, answer);
}

static void an_answer_carries_every_safety_header(void **state)
{
	(void)state;
	const char *answer = ask("GET /api/x?brand=a%20b HTTP/1.1\r\nHost: localhost:1\r\n\r\n");
	assert_holds(answer, "HTTP/1.1 200");
	assert_holds(answer, "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
			     "'self'; img-src 'self' data:");
	assert_holds(answer, "X-Content-Type-Options: nosniff");
	assert_holds(answer, "Referrer-Policy: no-referrer");
	assert_holds(answer, "Cache-Control: no-store");
	assert_holds(answer, "Content-Type: application/json; charset=utf-8");
	assert_holds(answer, "\r\n\r\n{\"fine\":true}\n");
	assert_null(strstr(answer, "Access-Control"));
	assert_string_equal(seen_path, "/api/x");
	assert_string_equal(seen_query, "brand=a%20b");
	assert_string_equal(seen_host, "localhost:1");
}

static void a_path_arrives_undecoded(void **state)
{
	(void)state;
	(void)ask("GET /%2e%2e/..%2f%5cetc/passwd%00.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_string_equal(seen_path, "/%2e%2e/..%2f%5cetc/passwd%00.js");
}

static void an_asset_has_an_etag_and_is_asked_for_again(void **state)
{
	(void)state;
	const char *answer = ask("GET /asset HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_holds(answer, "ETag: \"tag\"");
	assert_holds(answer, "Cache-Control: no-cache");
	assert_holds(answer, "asset bytes");
}

static void head_gets_headers_and_no_body(void **state)
{
	(void)state;
	const char *answer = ask("HEAD /asset HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_holds(answer, "HTTP/1.1 200");
	assert_holds(answer, "Content-Length: 11");
	assert_null(strstr(answer, "asset bytes"));
}

static void another_method_is_refused_before_its_body_is_read(void **state)
{
	(void)state;
	const char *answer = ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n");
	assert_holds(answer, "HTTP/1.1 405");
	assert_holds(answer, "Allow: GET, HEAD");
	assert_string_equal(seen_method, "POST");
}

static void a_get_with_a_body_is_cut_off(void **state)
{
	(void)state;
	const char *answer = ask("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n0123456789");
	assert_null(strstr(answer, "fine"));
}

static void two_hosts_are_none(void **state)
{
	(void)state;
	(void)ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
	assert_string_equal(seen_host, "");
}

static void a_target_that_is_too_long_is_refused(void **state)
{
	(void)state;
	struct buf request;
	buf_init(&request, 1u << 20);
	buf_addz(&request, "GET /");
	for (int i = 0; i < REQUEST_URI_BYTES; i++)
		buf_addc(&request, 'a');
	buf_addz(&request, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_holds(ask(request.p), "HTTP/1.1 414");
	assert_string_equal(seen_path, "");
	buf_release(&request);
}

static void headers_that_are_too_large_are_refused(void **state)
{
	(void)state;
	struct buf request;
	buf_init(&request, 1u << 20);
	buf_addz(&request, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
	for (unsigned i = 0; i < 2 * HTTP_CONNECTION_BYTES; i++)
		buf_addc(&request, 'a');
	buf_addz(&request, "\r\n\r\n");
	const char *answer = ask(request.p);
	assert_null(strstr(answer, "fine"));
	buf_release(&request);
}

static void garbage_leaves_the_server_standing(void **state)
{
	(void)state;
	static const char *const garbage[] = { "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n" };
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
		(void)ask(garbage[i]);
	static const char with_nuls[] = "GET /\0x HTTP/1.1\r\nHost: a\0b\r\n\r\n";
	(void)ask_bytes(with_nuls, sizeof with_nuls - 1);
	assert_holds(ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "fine");
}

static void silent_connections_do_not_lock_others_out_for_long(void **state)
{
	(void)state;
	int fd[HTTP_CONNECTIONS / 2];
	for (size_t i = 0; i < sizeof fd / sizeof *fd; i++)
		fd[i] = dial();
	turn(4);
	assert_holds(ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "fine");
	for (size_t i = 0; i < sizeof fd / sizeof *fd; i++)
		close(fd[i]);
	turn(4);
}

static void only_loopback_addresses_are_listened_on(void **state)
{
	(void)state;
	static const char *const bad[] = { "0.0.0.0", "::", "192.168.1.1", "localhost", "127.0.0.2", "", "example.org" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct http_server *other = NULL;
		struct err e = { 0 };
		if (listen_on(&other, bad[i], 0, &e) != REJECT)
			fail_msg("\"%s\" has to be refused", bad[i]);
		assert_non_null(strstr(e.text, "until there are logins"));
	}
}

static void a_port_that_is_taken_is_named(void **state)
{
	(void)state;
	struct http_server *other = NULL;
	struct err e = { 0 };
	const char *colon = strrchr(http_server_url(server), ':');
	assert_int_equal(listen_on(&other, "127.0.0.1", strtol(colon + 1, NULL, 10), &e), STOP);
	assert_non_null(strstr(e.text, "--port"));
	assert_non_null(strstr(e.text, "in use"));
	assert_int_equal(listen_on(&other, "127.0.0.1", 70000, &e), REJECT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_carries_every_safety_header),
		TEST(a_path_arrives_undecoded),
		TEST(an_asset_has_an_etag_and_is_asked_for_again),
		TEST(head_gets_headers_and_no_body),
		TEST(another_method_is_refused_before_its_body_is_read),
		TEST(a_get_with_a_body_is_cut_off),
		TEST(two_hosts_are_none),
		TEST(a_target_that_is_too_long_is_refused),
		TEST(headers_that_are_too_large_are_refused),
		TEST(garbage_leaves_the_server_standing),
		TEST(silent_connections_do_not_lock_others_out_for_long),
		TEST(only_loopback_addresses_are_listened_on),
		TEST(a_port_that_is_taken_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
