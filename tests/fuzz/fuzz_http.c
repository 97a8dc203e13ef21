/* Fuzz target: any bytes at the HTTP server, in pieces, over a loopback socket: what the owner is given is whole, what is answered begins
 * as HTTP, and the server goes on. A byte 0 parts two pieces. */
#include "common/base/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_BYTES 1024
#define TURNS_MOST 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct http_server *server;
static struct sockaddr_in at;

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void serve(void *owner, const struct request *r, struct response *response)
{
	(void)owner;
	require(r->path.n + r->query.n <= REQUEST_URI_BYTES && r->nheaders <= 64 && r->body.n <= BODY_BYTES);
	require(str_findc(r->path, '?') < 0 && str_eq(r->host, request_value(r, "host")));
	if (!request_host_is_loopback(r->host))
		response_error(response, 403, "%.*s", STR_FMT(str_first(r->host, 100)));
	else
		buf_json_str(&response->body, "path", r->path);
}

static void start(void)
{
	struct err e;
	const struct http_server_options options = {
		.name = "fuzz", .address = "127.0.0.1", .serve = serve, .body_bytes = BODY_BYTES
	};
	require(http_server_new(&server, &options, &e) == OK);
	const char *colon = strrchr(http_server_url(server), ':');
	at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10)) };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static void turn(int times)
{
	struct err e;
	for (int i = 0; i < times; i++)
		require(http_server_turn(server, 0, &e) == OK);
}

static void speak(int fd, struct str bytes)
{
	struct str piece;
	while (bytes.n > 0 && str_split(&bytes, '\0', &piece)) {
		if (send(fd, piece.p, piece.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			return;
		turn(2);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char answer[65536];
	const struct linger now = { 1, 0 }; /* no port stays behind in TIME_WAIT */
	if (server == NULL)
		start();
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	require(fd >= 0);
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
		require(errno == EADDRNOTAVAIL); /* ten thousand a second: all ports may be in TIME_WAIT for a moment */
		(void)close(fd);
		return 0;
	}
	require(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0);
	speak(fd, (struct str){ (const char *)data, size });
	(void)shutdown(fd, SHUT_WR);
	turn(TURNS_MOST);
	const ssize_t n = recv(fd, answer, sizeof answer, MSG_DONTWAIT);
	require(n < 5 || memcmp(answer, "HTTP/", 5) == 0);
	(void)close(fd);
	turn(2);
	return 0;
}
