/* The web server of bench "crawl": canned answers out of one epoll, keep-alive, one system call to read and one to answer. */
#include "cli/bench_crawl_web.h"

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/proc.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_BYTES 4096
#define ANSWER_BYTES (64u << 10)
#define WAITING 16384 /* answers that are held back; a power of two */
#define EVENTS 256

struct waiting {
	int fd;
	int64_t due_ms;
	const struct str *answer;
};

struct server {
	struct arena arena;
	struct str *answer, unchanged;
	size_t n;
	int listen_fd, poll_fd;
	struct waiting *waiting; /* a ring: the delay is the same for all */
	size_t first, end;
};

static void make_answers(struct server *s, const struct bench_page *page, size_t n)
{
	struct buf out;
	arena_init(&s->arena, (size_t)256 << 20);
	s->answer = arena_list(&s->arena, struct str, n);
	s->n = n;
	buf_init(&out, ANSWER_BYTES);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&out);
		buf_addf(&out,
			"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
			"ETag: " WEB_ETAG "\r\nLast-Modified: Mon, 06 May 2024 10:00:00 GMT\r\n\r\n",
			page[i].type, page[i].bytes.n);
		buf_adds(&out, page[i].bytes);
		s->answer[i] = arena_copy(&s->arena, buf_str(&out));
	}
	buf_release(&out);
	s->unchanged = STR("HTTP/1.1 304 Not Modified\r\nServer: bench\r\nETag: " WEB_ETAG "\r\n\r\n");
	s->waiting = arena_list(&s->arena, struct waiting, WAITING);
}

static void say(int fd, const struct str *answer)
{
	(void)!send(fd, answer->p, answer->n, MSG_NOSIGNAL); /* answers fit into the socket's buffer */
}

static void answer(struct server *s, int fd, const char *request)
{
	const size_t number = strncmp(request, "GET /", 5) == 0 ? strtoul(request + 7, NULL, 10) : 0;
	const struct str *found = strstr(request, "\r\nIf-None-Match:") != NULL ? &s->unchanged : &s->answer[number % s->n];
	if (request[5] != 's' || s->end - s->first == WAITING) {
		say(fd, found);
		return;
	}
	s->waiting[s->end++ % WAITING] = (struct waiting){ fd, clock_monotonic_ms() + WEB_DELAY_MS, found };
}

static void hear(struct server *s, int fd)
{
	char request[REQUEST_BYTES];
	const ssize_t n = recv(fd, request, sizeof request - 1, MSG_DONTWAIT);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			(void)close(fd);
		return;
	}
	request[n] = 0;
	answer(s, fd, request);
}

static void welcome(struct server *s)
{
	const int yes = 1;
	for (int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); fd >= 0;
		fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) {
		struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
		(void)epoll_ctl(s->poll_fd, EPOLL_CTL_ADD, fd, &event);
	}
}

/* Answers that are due; how long until the next. */
static int let_go(struct server *s)
{
	const int64_t now = clock_monotonic_ms();
	while (s->first != s->end && s->waiting[s->first % WAITING].due_ms <= now) {
		const struct waiting *w = &s->waiting[s->first++ % WAITING];
		say(w->fd, w->answer);
	}
	return s->first == s->end ? -1 : (int)(s->waiting[s->first % WAITING].due_ms - now);
}

static _Noreturn void serve(struct server *s)
{
	struct epoll_event event[EVENTS] = { { .events = EPOLLIN, .data.fd = s->listen_fd } };
	s->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->poll_fd < 0 || epoll_ctl(s->poll_fd, EPOLL_CTL_ADD, s->listen_fd, &event[0]) != 0)
		_exit(1);
	for (;;) {
		const int n = epoll_wait(s->poll_fd, event, EVENTS, let_go(s));
		for (int i = 0; i < n; i++) {
			if (event[i].data.fd == s->listen_fd)
				welcome(s);
			else
				hear(s, event[i].data.fd);
		}
	}
}

static int listen_on_loopback(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) != 0 || listen(fd, 4096) != 0 ||
		getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

enum outcome bench_web_start(struct bench_web *web, const struct bench_page *page, size_t n, struct err *e)
{
	struct server s = { 0 };
	s.listen_fd = listen_on_loopback(&web->port);
	if (s.listen_fd < 0)
		return err_set(e, STOP, "cannot listen on 127.0.0.1: %s", strerror(errno));
	web->pid = fork();
	if (web->pid < 0)
		return err_set(e, STOP, "cannot start the bench's web server: %s", strerror(errno));
	if (web->pid > 0) {
		(void)close(s.listen_fd);
		return OK;
	}
	struct rlimit files;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	make_answers(&s, page, n);
	serve(&s);
}

void bench_web_stop(struct bench_web *web)
{
	if (web->pid > 0)
		proc_end(web->pid, 0);
	web->pid = 0;
}
