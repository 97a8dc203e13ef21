/* The baseline of bench "crawl": a bare libcurl multi client, and libxml2's trees of what it fetched. */
#include "cli/bench_crawl_bare.h"

#include "cli/bench_crawl_web.h"
#include "common/base/buf.h"
#include "common/base/clock.h"

#include <curl/curl.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 256
#define PAGE_BYTES (64u << 10)

struct bare_transfer {
	CURL *easy;
	struct buf body;
};

struct bare {
	CURLM *multi;
	int poll_fd, n;
	int64_t timer_ms; /* -1 = none */
	struct bare_transfer *transfer;
	struct curl_slist *validators;
	const struct bare_work *work;
	size_t begun, done, elements;
	bool has_failed;
};

static int on_wanted(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
	struct bare *b = user;
	struct epoll_event event = { .data.fd = fd };
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(b->poll_fd, EPOLL_CTL_DEL, fd, NULL);
		(void)curl_multi_assign(b->multi, fd, NULL);
		return 0;
	}
	event.events = ((what & CURL_POLL_IN) ? (uint32_t)EPOLLIN : 0) | ((what & CURL_POLL_OUT) ? (uint32_t)EPOLLOUT : 0);
	(void)epoll_ctl(b->poll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
	(void)curl_multi_assign(b->multi, fd, b);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct bare *b = user;
	(void)multi;
	b->timer_ms = timeout_ms < 0 ? -1 : timeout_ms == 0 ? 0 : clock_monotonic_ms() + timeout_ms + 1;
	return 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
	struct bare_transfer *t = user;
	buf_add(&t->body, p, size * n);
	return size * n;
}

struct bare *bare_new(int connections)
{
	struct bare *b = calloc(1, sizeof *b);
	if (b == NULL)
		abort();
	b->n = connections;
	b->timer_ms = -1;
	b->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	b->multi = curl_multi_init();
	b->transfer = calloc((size_t)connections, sizeof *b->transfer);
	if (b->poll_fd < 0 || b->multi == NULL || b->transfer == NULL)
		abort();
	(void)curl_multi_setopt(b->multi, CURLMOPT_SOCKETFUNCTION, on_wanted);
	(void)curl_multi_setopt(b->multi, CURLMOPT_SOCKETDATA, b);
	(void)curl_multi_setopt(b->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	(void)curl_multi_setopt(b->multi, CURLMOPT_TIMERDATA, b);
	(void)curl_multi_setopt(b->multi, CURLMOPT_MAXCONNECTS, (long)connections * 2);
	for (int i = 0; i < connections; i++) {
		struct bare_transfer *t = &b->transfer[i];
		buf_init(&t->body, PAGE_BYTES);
		t->easy = curl_easy_init();
		(void)curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
		(void)curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
		(void)curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
		(void)curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
		(void)curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	}
	b->validators = curl_slist_append(b->validators, "If-None-Match: " WEB_ETAG);
	b->validators = curl_slist_append(b->validators, "If-Modified-Since: Mon, 06 May 2024 10:00:00 GMT");
	return b;
}

void bare_free(struct bare *b)
{
	for (int i = 0; i < b->n; i++) {
		curl_easy_cleanup(b->transfer[i].easy);
		buf_release(&b->transfer[i].body);
	}
	(void)curl_multi_cleanup(b->multi);
	curl_slist_free_all(b->validators);
	(void)close(b->poll_fd);
	free(b->transfer);
	free(b);
}

static size_t count_elements(const xmlNode *node)
{
	size_t n = 0;
	for (; node != NULL; node = node->next)
		n += 1 + (node->type == XML_ELEMENT_NODE ? count_elements(node->children) : 0);
	return n;
}

static xmlDocPtr read_html(const struct buf *body)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
	return htmlReadMemory(body->p, (int)body->n, NULL, "utf-8", options);
}

static xmlDocPtr read_xml(const struct buf *body)
{
	const int options = XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_NOCDATA;
	return xmlReadMemory(body->p, (int)body->n, NULL, "utf-8", options);
}

static void make_tree(struct bare *b, const struct buf *body)
{
	const xmlDocPtr doc = str_starts(buf_str(body), STR("<?xml")) ? read_xml(body) : read_html(body);
	b->elements += count_elements(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
}

static void begin(struct bare *b, struct bare_transfer *t)
{
	char url[64];
	const size_t number = (b->work->first + b->begun++ * b->work->step) % b->work->pages;
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d/p/%zu", b->work->port, number);
	buf_clear(&t->body);
	(void)curl_easy_setopt(t->easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, b->work->unchanged ? b->validators : NULL);
	(void)curl_multi_add_handle(b->multi, t->easy);
}

static void read_messages(struct bare *b)
{
	int left;
	for (CURLMsg *m = curl_multi_info_read(b->multi, &left); m != NULL; m = curl_multi_info_read(b->multi, &left)) {
		char *user = NULL;
		long status = 0;
		b->has_failed = b->has_failed || m->data.result != CURLE_OK;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &user);
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
		struct bare_transfer *t = (struct bare_transfer *)(void *)user;
		(void)curl_multi_remove_handle(b->multi, t->easy);
		b->has_failed = b->has_failed || status != (b->work->unchanged ? 304 : 200);
		if (b->work->trees)
			make_tree(b, &t->body);
		b->done++;
		if (b->begun < b->work->requests)
			begin(b, t);
	}
}

static void turn(struct bare *b)
{
	struct epoll_event event[EVENTS];
	int running;
	const int64_t left = b->timer_ms < 0 ? 1000 : b->timer_ms == 0 ? 0 : b->timer_ms - clock_monotonic_ms();
	const int n = epoll_wait(b->poll_fd, event, EVENTS, left > 0 ? (int)left : 0);
	for (int i = 0; i < n; i++) {
		const int what = ((event[i].events & (uint32_t)EPOLLIN) ? CURL_CSELECT_IN : 0) |
				 ((event[i].events & (uint32_t)EPOLLOUT) ? CURL_CSELECT_OUT : 0);
		(void)curl_multi_socket_action(b->multi, event[i].data.fd, what, &running);
	}
	if (b->timer_ms == 0 || (b->timer_ms > 0 && b->timer_ms <= clock_monotonic_ms())) {
		b->timer_ms = -1;
		(void)curl_multi_socket_action(b->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	read_messages(b);
}

int64_t bare_run(struct bare *b, const struct bare_work *w)
{
	const int64_t from = clock_cpu_us();
	b->work = w;
	b->begun = b->done = 0;
	b->has_failed = false;
	for (int i = 0; i < b->n && b->begun < w->requests; i++)
		begin(b, &b->transfer[i]);
	while (b->done < w->requests)
		turn(b);
	return b->has_failed ? -1 : clock_cpu_us() - from;
}
