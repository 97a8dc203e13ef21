/* HTTP/2 over TLS, against node's server (left out where there is no node or openssl). */
#include "common/base/http.h"

#include "common/base/clock.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

static struct folder folder;
static const char *key, *cert, *port_file;
static int port; /* 0 = no server */
static pid_t server = -1;
static int server_in = -1;
static struct http *client;
static const struct http_cidr loopback = { { 127 }, 8, false };

static int run(char *const argv[], int in)
{
	const pid_t child = fork();
	if (child == 0) {
		if (in >= 0)
			(void)dup2(in, STDIN_FILENO);
		(void)!freopen("/dev/null", "w", stderr);
		(void)execvp(argv[0], argv);
		_exit(127);
	}
	return child;
}

static char *word(const char *text)
{
	return (char *)(uintptr_t)text;
}

static bool make_certificate(void)
{
	char *const argv[] = { word("openssl"), word("req"), word("-x509"), word("-newkey"), word("ec"), word("-pkeyopt"),
		word("ec_paramgen_curve:prime256v1"), word("-nodes"), word("-days"), word("2"), word("-subj"), word("/CN=test"),
		word("-addext"), word("subjectAltName=IP:127.0.0.1"), word("-keyout"), word(key), word("-out"), word(cert),
		NULL };
	int status = -1;
	const pid_t child = run(argv, -1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void read_port(void)
{
	struct str text;
	for (int i = 0; i < 500 && port == 0; i++) {
		if (waitpid(server, NULL, WNOHANG) == server) {
			server = -1;
			return;
		}
		if (file_exists(port_file) && file_read(&folder.a, port_file, 64, &text, NULL) == OK)
			port = (int)strtol(arena_cstr(&folder.a, text), NULL, 10);
		else
			clock_sleep_ms(10);
	}
}

static int start(void **state)
{
	int ends[2];
	(void)state;
	if (folder_make(&folder) != 0 || pipe(ends) != 0)
		return -1;
	key = file_join(&folder.a, str_of(folder.path), STR("key.pem")).p;
	cert = file_join(&folder.a, str_of(folder.path), STR("cert.pem")).p;
	port_file = file_join(&folder.a, str_of(folder.path), STR("port")).p;
	client = http_new("earshot-test", 30);
	server_in = ends[1];
	(void)fcntl(server_in, F_SETFD, FD_CLOEXEC);
	if (make_certificate()) {
		char *const argv[] = { word("node"), word("tests/support/http2.js"), word(key), word(cert), word(port_file),
			NULL };
		server = run(argv, ends[0]);
		read_port();
	}
	(void)close(ends[0]);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	http_free(client);
	http_library_release();
	(void)close(server_in);
	if (server > 0) {
		(void)kill(server, SIGTERM);
		(void)waitpid(server, NULL, 0);
	}
	folder_remove(&folder);
	return 0;
}

static struct http_request request_of(const char *path)
{
	return (struct http_request){ .url = arena_printf(&folder.a, "https://127.0.0.1:%d%s", port, path),
		.allow = &loopback,
		.nallow = 1,
		.follow = true,
		.ca_file = cert };
}

static struct http_response ask(const char *path)
{
	struct http_response r;
	if (port == 0)
		skip();
	const struct http_request q = request_of(path);
	http_fetch(client, &q, &r);
	return r;
}

static void where_tls_offers_it_http_2_is_spoken(void **state)
{
	struct http_response r = ask("/x");
	(void)state;
	assert_int_equal(r.outcome, OK);
	assert_int_equal(r.status, 200);
	assert_true(str_starts(r.body, STR("version 2.0 ")));
	assert_true(str_eqc(http_header(r.header, "X-Answer"), "of /x"));
	http_response_release(&r);
}

static void redirects_and_packed_bodies_are_the_same_there(void **state)
{
	struct http_response r = ask("/hop");
	(void)state;
	assert_int_equal(r.status, 200);
	assert_true(r.permanent_redirect && str_ends(r.url, STR("/end")));
	http_response_release(&r);
	r = ask("/gzip");
	assert_true(str_starts(r.body, STR("version 2.0 ")));
	http_response_release(&r);
	r = ask("/cut");
	assert_int_equal(r.outcome, RETRY);
	assert_non_null(strstr(r.err.text, "cut short"));
	http_response_release(&r);
}

static void so_are_caps_and_broken_answers(void **state)
{
	struct http_response r = ask("/endless");
	(void)state;
	assert_int_equal(r.outcome, REJECT);
	assert_non_null(strstr(r.err.text, "decoded bytes"));
	http_response_release(&r);
	r = ask("/reset");
	assert_int_equal(r.outcome, RETRY);
	assert_int_equal(r.body.n, 0);
	http_response_release(&r);
}

static void many_requests_come_back_each_with_its_own(void **state)
{
	struct http_response r;
	int done = 0;
	(void)state;
	if (port == 0)
		skip();
	for (intptr_t i = 0; i < 30; i++) {
		const char *path = arena_printf(&folder.a, "/n%d", (int)i).p;
		struct http_request q = request_of(path);
		q.owner = word(path);
		assert_int_equal(http_start(client, &q, NULL), OK);
	}
	while (http_in_flight(client) > 0)
		http_wait(client, 100, -1);
	while (http_take(client, &r)) {
		const struct str expected = arena_printf(&folder.a, "of %s", (const char *)r.owner);
		done += str_eq(http_header(r.header, "x-answer"), expected) && str_starts(r.body, STR("version 2.0 "));
		http_response_release(&r);
	}
	assert_int_equal(done, 30);
}

static void a_certificate_that_nobody_signed_is_refused(void **state)
{
	struct http_response r;
	(void)state;
	if (port == 0)
		skip();
	struct http_request q = request_of("/x");
	q.ca_file = NULL;
	http_fetch(client, &q, &r);
	assert_int_equal(r.outcome, RETRY);
	assert_non_null(strstr(r.err.text, "certificate"));
	http_response_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_tls_offers_it_http_2_is_spoken),
		cmocka_unit_test(redirects_and_packed_bodies_are_the_same_there),
		cmocka_unit_test(so_are_caps_and_broken_answers),
		cmocka_unit_test(many_requests_come_back_each_with_its_own),
		cmocka_unit_test(a_certificate_that_nobody_signed_is_refused),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
