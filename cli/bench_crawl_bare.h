/* The baseline of bench "crawl": what libcurl does when nobody asks anything of it. Handles used again, one multi handle,
 * curl_multi_socket_action() and epoll; bodies are collected; nothing is checked. */
#ifndef EARSHOT_CLI_BENCH_CRAWL_BARE_H
#define EARSHOT_CLI_BENCH_CRAWL_BARE_H

#include "common/base/str.h"

struct bare;

struct bare_work {
	int port;
	size_t pages, first, step; /* /p/first, /p/first + step … below `pages`, and again */
	size_t requests;
	bool unchanged; /* with If-None-Match and If-Modified-Since */
	bool trees; /* libxml2's DOM of every page, HTML or XML, and a walk over it */
};

struct bare *bare_new(int connections);
void bare_free(struct bare *b);
/* CPU time in us; -1 when an answer was not what it should be. */
int64_t bare_run(struct bare *b, const struct bare_work *w);

#endif
