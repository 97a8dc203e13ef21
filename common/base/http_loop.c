/* The loop of the HTTP client: transfers spread over multi handles, all their sockets in one epoll.
 *
 * curl_multi_poll() and curl_multi_perform() look at every transfer at every wake-up, and even curl_multi_socket_action() walks
 * lists that grow with the transfers and connections of its handle: one handle with 4,000 transfers needs six times the CPU a
 * request of one with 500 (reference: crawling.md 3). Hence the shards. A host keeps its shard while there is room, because
 * connections and looked-up names are kept by shard.
 *
 * A kept-alive connection is wanted, not wanted, and wanted again with every request. We make the sockets ourselves and hear when
 * they are closed, so the kernel is told of a change only when it matters: two system calls a request less. */
#include "common/base/http_client.h"

#include "common/base/clock.h"
#include "common/base/http_talk.h"

#include <earshot/limits.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS 256 /* taken from the kernel at once */
#define OTHER_FILES 256 /* descriptors for all that is no transfer */
#define NO_TIMER (-1)

static _Noreturn void broken(const char *what)
{
	(void)fprintf(stderr, "earshot: %s failed: a broken handle, or no memory\n", what);
	abort();
}

/* ---- sockets ---- */

static struct http_socket *socket_at(struct http *h, int fd)
{
	const size_t at = (size_t)fd;
	if (at < h->nsockets)
		return &h->socket[at];
	const size_t n = at + 1 > h->nsockets * 2 ? at + 64 : h->nsockets * 2;
	struct http_socket *more = realloc(h->socket, n * sizeof *more);
	if (more == NULL)
		broken("realloc");
	memset(more + h->nsockets, 0, (n - h->nsockets) * sizeof *more);
	h->socket = more;
	h->nsockets = n;
	return &h->socket[at];
}

static void watch(struct http *h, int fd, uint32_t events)
{
	struct http_socket *s = socket_at(h, fd);
	struct epoll_event event = { .events = events, .data.fd = fd };
	if (s->watched == events)
		return;
	const int what = events == 0 ? EPOLL_CTL_DEL : s->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	if (epoll_ctl(h->poll_fd, what, fd, &event) != 0 && what != EPOLL_CTL_DEL)
		broken("epoll_ctl");
	s->watched = events;
}

/* libcurl says what it waits for. What nobody waits for any more stays watched while the connection is ours: it will be waited for
 * again with the next request, and look_at_socket() lets go of it when it speaks up before. */
static int on_wanted(CURL *easy, curl_socket_t fd, int what, void *user, void *unused)
{
	struct http_shard *shard = user;
	struct http_socket *s = socket_at(shard->http, fd);
	(void)easy;
	(void)unused;
	s->shard = shard;
	s->wanted = 0;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		s->wanted |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		s->wanted |= EPOLLOUT;
	if (s->talk == NULL && (s->wanted != 0 || !s->is_ours))
		watch(shard->http, fd, s->wanted);
	return 0;
}

void http_loop_opened(struct http *h, int fd)
{
	*socket_at(h, fd) = (struct http_socket){ .is_ours = true };
}

void http_loop_closed(struct http *h, int fd)
{
	watch(h, fd, 0);
	*socket_at(h, fd) = (struct http_socket){ 0 };
}

void http_loop_watch_talk(struct transfer *t)
{
	struct http_socket *s = socket_at(t->http, t->talk_fd);
	s->talk = t;
	watch(t->http, t->talk_fd, EPOLLIN | (t->say.n > 0 ? (uint32_t)EPOLLOUT : 0));
}

void http_loop_forget_talk(struct transfer *t)
{
	socket_at(t->http, t->talk_fd)->talk = NULL;
	watch(t->http, t->talk_fd, 0);
}

/* ---- shards ---- */

/* One millisecond late rather than early: to a call that comes too early libcurl says nothing, and no other one would follow. */
static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct http_shard *shard = user;
	(void)multi;
	shard->timer_ms = timeout_ms < 0 ? NO_TIMER : timeout_ms == 0 ? 0 : clock_monotonic_ms() + timeout_ms + 1;
	return 0;
}

static void shard_open(struct http_shard *shard)
{
	if (shard->multi != NULL)
		return;
	CURLM *m = shard->multi = curl_multi_init();
	if (m == NULL || curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_wanted) != CURLM_OK ||
		curl_multi_setopt(m, CURLMOPT_SOCKETDATA, shard) != CURLM_OK ||
		curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
		curl_multi_setopt(m, CURLMOPT_TIMERDATA, shard) != CURLM_OK ||
		/* above peak concurrency, or connections are closed that the next poll would use again */
		curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, (long)shard->http->shard_connections) != CURLM_OK)
		broken("curl_multi_init");
}

/* The shard of the host; when it is full the next one with room; when all are (http_fetch), its own all the same. */
static struct http_shard *shard_for(struct http *h, struct str host)
{
	const uint64_t home = str_hash(host);
	for (uint64_t i = 0; i < (uint64_t)h->nshards; i++) {
		struct http_shard *shard = &h->shard[(home + i) % (uint64_t)h->nshards];
		if (shard->nrunning < LIMIT_MULTI_TRANSFERS)
			return shard;
	}
	return &h->shard[home % (uint64_t)h->nshards];
}

void http_loop_add(struct transfer *t)
{
	t->shard = shard_for(t->http, t->url.host);
	shard_open(t->shard);
	t->shard->nrunning++;
	if (curl_multi_add_handle(t->shard->multi, t->easy) != CURLM_OK)
		broken("curl_multi_add_handle");
}

void http_loop_remove(struct transfer *t)
{
	t->shard->nrunning--;
	(void)curl_multi_remove_handle(t->shard->multi, t->easy); /* it is in there */
}

/* ---- turns ---- */

static void act(struct http_shard *shard, curl_socket_t fd, int events)
{
	int running;
	shard->is_touched = true;
	if (curl_multi_socket_action(shard->multi, fd, events, &running) != CURLM_OK)
		broken("curl_multi_socket_action");
}

static void run_timers(struct http *h)
{
	int64_t now = 0; /* not asked for yet */
	for (int i = 0; i < h->nshards; i++) {
		struct http_shard *shard = &h->shard[i];
		if (shard->timer_ms > 0 && now == 0)
			now = clock_monotonic_ms();
		if (shard->timer_ms == NO_TIMER || shard->timer_ms > now)
			continue;
		shard->timer_ms = NO_TIMER;
		act(shard, CURL_SOCKET_TIMEOUT, 0);
		long next = -1;
		if (shard->timer_ms == NO_TIMER && curl_multi_timeout(shard->multi, &next) == CURLM_OK)
			(void)on_timer(shard->multi, next, shard);
	}
}

static void read_messages(struct http_shard *shard)
{
	int left;
	shard->is_touched = false;
	for (CURLMsg *m = curl_multi_info_read(shard->multi, &left); m; m = curl_multi_info_read(shard->multi, &left)) {
		char *t = NULL;
		const CURLcode code = m->data.result; /* `m` dies with the removal of its handle */
		if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t) == CURLE_OK && t)
			http_end_hop((struct transfer *)(void *)t, (int)code);
	}
}

/* Timers that are due, and all that is over. A hop that follows another is started at once. */
static void settle(struct http *h)
{
	run_timers(h);
	for (int i = 0; i < h->nshards; i++)
		if (h->shard[i].is_touched)
			read_messages(&h->shard[i]);
	struct transfer *next = NULL;
	for (struct transfer *t = h->talking; t != NULL; t = next) {
		next = t->next;
		http_turn_talk(t);
	}
}

static void look_at_socket(struct http *h, int fd, uint32_t events)
{
	struct http_socket *s = socket_at(h, fd);
	int what = 0;
	if (fd == h->wake_fd || s->talk != NULL)
		return; /* the caller's, or seen to in settle() */
	if (s->wanted == 0) {
		watch(h, fd, 0);
		return;
	}
	if (events & (uint32_t)(EPOLLIN | EPOLLHUP | EPOLLERR))
		what |= CURL_CSELECT_IN;
	if (events & (uint32_t)(EPOLLOUT | EPOLLERR))
		what |= CURL_CSELECT_OUT;
	act(s->shard, fd, what);
}

/* The caller's own descriptor: it may have been closed and opened again since the last call. */
static void watch_wake(struct http *h, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (h->wake_fd >= 0 && h->wake_fd != fd)
		(void)epoll_ctl(h->poll_fd, EPOLL_CTL_DEL, h->wake_fd, NULL);
	h->wake_fd = fd;
	if (fd >= 0 && epoll_ctl(h->poll_fd, EPOLL_CTL_MOD, fd, &event) != 0)
		(void)epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, fd, &event);
}

static int64_t patience(const struct http *h, int timeout_ms)
{
	int64_t wait = h->finished != NULL ? 0 : timeout_ms;
	for (int i = 0; i < h->nshards && wait > 0; i++) {
		if (h->shard[i].timer_ms == NO_TIMER)
			continue;
		const int64_t left = h->shard[i].timer_ms - clock_monotonic_ms();
		wait = left < wait ? left : wait;
	}
	return wait > 0 ? wait : 0;
}

void http_wait(struct http *h, int timeout_ms, int wake_fd)
{
	struct epoll_event event[EVENTS];
	watch_wake(h, wake_fd);
	settle(h);
	const int n = epoll_wait(h->poll_fd, event, EVENTS, (int)patience(h, timeout_ms));
	for (int i = 0; i < n; i++)
		look_at_socket(h, event[i].data.fd, event[i].events);
	settle(h);
}

/* ---- life cycle ---- */

static bool library_is_up;

void http_library_init(void)
{
	if (library_is_up)
		return;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		broken("curl_global_init");
	library_is_up = true;
}

void http_library_release(void)
{
	if (library_is_up)
		curl_global_cleanup();
	library_is_up = false;
}

/* Descriptors for so many connections: the soft limit of most systems is 1,024, the hard one far above. How many there are. */
static int raise_files(int wanted)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return wanted;
	const rlim_t want = (rlim_t)wanted + OTHER_FILES;
	if (files.rlim_cur < want) {
		files.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
		(void)setrlimit(RLIMIT_NOFILE, &files);
		(void)getrlimit(RLIMIT_NOFILE, &files);
	}
	return files.rlim_cur < want ? (int)files.rlim_cur - OTHER_FILES : wanted;
}

void http_loop_init(struct http *h, int max_transfers)
{
	const int files = raise_files(max_transfers * 2);
	h->max = files < max_transfers * 2 ? files / 2 : max_transfers;
	h->max = h->max > 0 ? h->max : 1;
	h->nshards = (h->max + LIMIT_MULTI_TRANSFERS - 1) / LIMIT_MULTI_TRANSFERS;
	h->shard_connections = h->max < LIMIT_MULTI_TRANSFERS ? 2 * h->max : LIMIT_MULTI_TRANSFERS + LIMIT_MULTI_TRANSFERS / 8;
	h->shard = http_memory((size_t)h->nshards * sizeof *h->shard);
	for (int i = 0; i < h->nshards; i++) {
		h->shard[i].http = h;
		h->shard[i].timer_ms = NO_TIMER;
	}
	h->wake_fd = -1;
	h->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (h->poll_fd < 0)
		broken("epoll_create1");
}

void http_loop_release(struct http *h)
{
	for (int i = 0; i < h->nshards; i++)
		if (h->shard[i].multi != NULL)
			(void)curl_multi_cleanup(h->shard[i].multi); /* closes its connections: on_close() needs the rest */
	(void)close(h->poll_fd);
	free(h->shard);
	free(h->socket);
}
