/* Names that lead elsewhere: what a name server says now, and what it says the next time. getaddrinfo() of this program answers for a
 * few names; two servers on 127.0.0.1 (never allowed here) and 127.0.0.2 (allowed) count who came. */
#include "common/base/http.h"

#include <earshot/limits.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- the name server ---- */

static atomic_int questions;
static _Atomic uint16_t service_port;

static struct addrinfo *address(const char *text, struct addrinfo *next)
{
	struct addrinfo *a = calloc(1, sizeof *a + sizeof(struct sockaddr_in6));
	assert_non_null(a);
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)(a + 1);
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)(a + 1);
	a->ai_socktype = SOCK_STREAM;
	a->ai_protocol = IPPROTO_TCP;
	a->ai_addr = (struct sockaddr *)(void *)(a + 1);
	a->ai_next = next;
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(service_port);
		a->ai_addrlen = sizeof *v4;
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(service_port);
		a->ai_addrlen = sizeof *v6;
	}
	a->ai_family = a->ai_addr->sa_family;
	return a;
}

/* What libcurl calls: the program's own functions come before those of the C library. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out);
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	service_port = (uint16_t)strtoul(service, NULL, 10); /* libcurl hands over the port and wants it back in the address */
	(void)hints;
	const int n = questions++;
	if (strcmp(name, "rebound.example.com") == 0) /* fine at first, and then not */
		*out = address(n == 0 ? "127.0.0.2" : "127.0.0.1", NULL);
	else if (strcmp(name, "mixed.example.com") == 0)
		*out = address("127.0.0.1", address("::1", address("127.0.0.2", NULL)));
	else if (strcmp(name, "inside.example.com") == 0)
		*out = address("127.0.0.1", address("::ffff:127.0.0.1", address("64:ff9b::7f00:1", NULL)));
	else if (strcmp(name, "fine.example.com") == 0)
		*out = address("127.0.0.2", NULL);
	else
		return EAI_NONAME;
	return 0;
}

void freeaddrinfo(struct addrinfo *a)
{
	while (a != NULL) {
		struct addrinfo *next = a->ai_next;
		free(a);
		a = next;
	}
}

/* ---- the servers ---- */

static struct place {
	const char *host;
	int fd;
	pthread_t thread;
	atomic_int visits;
} places[] = { { .host = "127.0.0.1" }, { .host = "127.0.0.2" } };
#define FORBIDDEN (&places[0])
#define FINE (&places[1])
static int port;

static void *serve(void *user)
{
	struct place *p = user;
	char bytes[2048], answer[256];
	for (int fd = accept(p->fd, NULL, NULL); fd >= 0; fd = accept(p->fd, NULL, NULL)) {
		p->visits++;
		const ssize_t n = recv(fd, bytes, sizeof bytes - 1, 0);
		bytes[n > 0 ? n : 0] = '\0';
		const bool leads = strstr(bytes, "GET /lead ") != NULL;
		const int length = snprintf(answer, sizeof answer,
			"HTTP/1.1 %s\r\n%s%s:%d/\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
			leads ? "302 Found" : "200 OK", leads ? "Location: http://" : "X-Nothing: ", "rebound.example.com", port);
		(void)send(fd, answer, (size_t)length, MSG_NOSIGNAL);
		(void)close(fd);
	}
	return NULL;
}

static int start(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
		socklen_t n = sizeof at;
		(void)inet_pton(AF_INET, places[i].host, &at.sin_addr);
		places[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (bind(places[i].fd, (struct sockaddr *)&at, n) != 0 || listen(places[i].fd, 16) != 0)
			return -1;
		(void)getsockname(places[i].fd, (struct sockaddr *)&at, &n);
		port = ntohs(at.sin_port);
		if (pthread_create(&places[i].thread, NULL, serve, &places[i]) != 0)
			return -1;
	}
	return 0;
}

static int stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		(void)shutdown(places[i].fd, SHUT_RDWR);
		(void)pthread_join(places[i].thread, NULL);
		(void)close(places[i].fd);
	}
	http_library_release();
	return 0;
}

/* ---- asking ---- */

static const struct http_cidr only_two = { { 127, 0, 0, 2 }, 32, false };

static struct http_response ask(struct http *h, const char *host, const char *path)
{
	char url[128];
	struct http_response out;
	(void)snprintf(url, sizeof url, "http://%s:%d%s", host, port, path);
	http_fetch(h, &(struct http_request){ .url = str_of(url), .allow = &only_two, .nallow = 1, .follow = true }, &out);
	return out;
}

static struct http *begin(void)
{
	questions = 0;
	FORBIDDEN->visits = FINE->visits = 0;
	return http_new("earshot-test", 2);
}

/* A new client asks the name server again, as one does whose memory of the name is over. */
static void a_name_that_leads_elsewhere_the_second_time_is_refused(void **state)
{
	struct http *first = begin(), *second = http_new("earshot-test", 2);
	struct http_response r = ask(first, "rebound.example.com", "/");
	(void)state;
	assert_int_equal(r.status, 200);
	http_response_release(&r);
	r = ask(second, "rebound.example.com", "/");
	assert_int_equal(r.outcome, REJECT);
	assert_non_null(strstr(r.err.text, "its address 127.0.0.1 is a loopback address"));
	assert_int_equal(FORBIDDEN->visits, 0);
	http_response_release(&r);
	http_free(first);
	http_free(second);
}

static void so_is_a_redirect_to_such_a_name(void **state)
{
	struct http *h = begin();
	struct http_response r =
		ask(h, "fine.example.com", "/lead"); /* asks for its own name first: the second question is the bad one */
	(void)state;
	assert_int_equal(r.outcome, REJECT);
	assert_int_equal(FINE->visits, 1);
	assert_int_equal(FORBIDDEN->visits, 0);
	http_response_release(&r);
	http_free(h);
}

static void of_several_addresses_only_the_allowed_one_is_used(void **state)
{
	struct http *h = begin();
	struct http_response r = ask(h, "mixed.example.com", "/");
	(void)state;
	assert_int_equal(r.status, 200);
	assert_int_equal(FINE->visits, 1);
	assert_int_equal(FORBIDDEN->visits, 0);
	http_response_release(&r);
	http_free(h);
}

static void a_name_with_forbidden_addresses_alone_is_refused(void **state)
{
	struct http *h = begin();
	struct http_response r = ask(h, "inside.example.com", "/");
	(void)state;
	assert_int_equal(r.outcome, REJECT);
	assert_int_equal(FORBIDDEN->visits, 0);
	http_response_release(&r);
	http_free(h);
}

/* It was opened under a wider list: the address is looked at again before the request leaves. */
static void a_kept_connection_is_no_way_around_the_list(void **state)
{
	static const struct http_cidr all = { { 127 }, 8, false }, other = { { 127, 0, 0, 3 }, 32, false };
	struct http *h = begin();
	char url[64];
	struct http_response r;
	(void)state;
	(void)snprintf(url, sizeof url, "http://fine.example.com:%d/", port);
	http_fetch(h, &(struct http_request){ .url = str_of(url), .allow = &all, .nallow = 1 }, &r);
	assert_int_equal(r.status, 200);
	http_response_release(&r);
	http_fetch(h, &(struct http_request){ .url = str_of(url), .allow = &other, .nallow = 1 }, &r);
	assert_int_equal(r.outcome, REJECT);
	assert_int_equal(FINE->visits, 1);
	http_response_release(&r);
	http_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_leads_elsewhere_the_second_time_is_refused),
		cmocka_unit_test(so_is_a_redirect_to_such_a_name),
		cmocka_unit_test(of_several_addresses_only_the_allowed_one_is_used),
		cmocka_unit_test(a_name_with_forbidden_addresses_alone_is_refused),
		cmocka_unit_test(a_kept_connection_is_no_way_around_the_list),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
