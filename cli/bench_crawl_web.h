/* The web server of bench "crawl": a process of its own on loopback, as lean as can be, so that the client is what is measured.
 *
 *     /p/N    200, page N; 304 when the request has If-None-Match
 *     /s/N    the same after WEB_DELAY_MS */
#ifndef EARSHOT_CLI_BENCH_CRAWL_WEB_H
#define EARSHOT_CLI_BENCH_CRAWL_WEB_H

#include "cli/bench_crawl_pages.h"
#include <earshot/outcome.h>
#include <sys/types.h>

#define WEB_DELAY_MS 100
#define WEB_ETAG "W/\"bench 1\""

struct bench_web {
	pid_t pid;
	int port;
};

/* STOP: no socket, or no process. The pages are the child's from then on. */
enum outcome bench_web_start(struct bench_web *web, const struct bench_page *page, size_t n, struct err *e) MUST_CHECK;
void bench_web_stop(struct bench_web *web);

#endif
