/* Bench "crawl": the crawler's way of fetching against a bare libcurl client in the same process, in turns, from a web server of
 * its own. CPU time of the client alone.
 *
 *     fetch      requests a second through common/base/http.c with all its checks
 *     parse      pages a second from the wire to the stream entries of the brands that their posts name, against libxml2's bare
 *                trees of what libcurl fetched: threads and feeds in turns (bench_crawl_pages.h)
 *     threads, feeds   the same of one kind of page alone
 *     unchanged  conditional requests that are answered by 304
 *     inflight   CPU time a request with 4,000 in flight at WEB_DELAY_MS, as a ratio of that with 500
 *
 * What a post goes through in "parse" is what crawler/visit.c does to it in memory: extraction or the feed parser, dates, id, masking,
 * pseudonym, language, fingerprint, all rules of the settings and the brands of the pages, JSON of what is admitted. Redis and the
 * archive have benches of their own. A mention more or less than the pages hold ends the bench. */
#include "cli/bench.h"

#include "cli/bench_crawl_bare.h"
#include "cli/bench_crawl_pages.h"
#include "cli/bench_crawl_web.h"
#include "common/base/clock.h"
#include "common/base/http.h"
#include "common/base/problems.h"
#include "crawler/answer.h"
#include "crawler/sources.h"
#include <earshot/limits.h>

#include <stdio.h>

#define PAGES 200
#define CONNECTIONS 64
#define REQUESTS 10000
#define PARSED 500
#define MANY 4000
#define FEW 500
#define HELD_REQUESTS 12000
#define MOST_RUNS 101

struct crawl_bench {
	struct arena arena, page;
	struct bench_page *pages;
	struct bench_web web;
	struct http *http;
	struct bare *bare;
	struct http_cidr loopback;
	struct source thread, feed;
	struct source_how thread_how, feed_how;
	struct rulebook *book;
	struct admit_terms terms;
	size_t posts, mentions;
	bool has_failed;
};

static void make_pages(struct crawl_bench *b)
{
	b->pages = arena_list(&b->arena, struct bench_page, PAGES);
	for (size_t i = 0; i < PAGES; i++)
		b->pages[i] = bench_page_make(&b->arena, i);
}

/* ---- our way */

struct work {
	struct http *http;
	size_t requests;
	size_t first, step; /* pages: bench_crawl_bare.h */
	char kind; /* p or s: bench_crawl_web.h */
	int in_flight;
	bool unchanged, parse;
};

static void start_more(struct crawl_bench *b, const struct work *w, size_t *begun)
{
	struct err e = { 0 };
	char url[64];
	while (*begun < w->requests && http_in_flight(w->http) < w->in_flight) {
		const size_t number = (w->first + *begun * w->step) % PAGES;
		const int n = snprintf(url, sizeof url, "http://127.0.0.1:%d/%c/%zu", b->web.port, w->kind, number);
		const struct http_request request = {
			.url = { url, (size_t)n },
			.if_none_match = w->unchanged ? STR(WEB_ETAG) : STR(""),
			.if_modified_since = w->unchanged ? STR("Mon, 06 May 2024 10:00:00 GMT") : STR(""),
			.allow = &b->loopback,
			.nallow = 1,
			.follow = true,
		};
		if (http_start(w->http, &request, &e) != OK) {
			b->has_failed = true;
			return;
		}
		*begun += 1;
	}
}

static size_t number_of(struct str url)
{
	int64_t number = 0;
	size_t digits = 0;
	while (digits < url.n && url.p[url.n - 1 - digits] != '/')
		digits++;
	return str_to_i64(str_from(url, url.n - digits), &number) ? (size_t)number % PAGES : 0;
}

static void parse(struct crawl_bench *b, const struct http_response *r)
{
	struct answer in;
	struct err e = { 0 };
	const size_t number = number_of(r->url);
	const struct page page = { .bytes = r->body,
		.url = r->url,
		.content_type = http_header(r->header, "Content-Type"),
		.fetched_ms = b->terms.now_ms };
	size_t mentions = 0;
	arena_reset(&b->page);
	b->terms.source = bench_page_is_feed(number) ? &b->feed : &b->thread;
	b->has_failed = b->has_failed || answer_read(&b->page, &b->terms, &page, &in, &e) != OK || in.n != BENCH_POSTS;
	for (size_t i = 0; i < in.n && !b->has_failed; i++) {
		struct admit_entry *entry;
		b->posts += in.post[i].refused == NULL;
		if (in.post[i].refused == NULL)
			mentions += admit_entries(&b->page, &b->terms, &in.post[i], 0, &entry);
	}
	b->mentions += mentions;
	b->has_failed = b->has_failed || mentions != b->pages[number].mentions;
}

/* CPU time in us. */
static int64_t run_ours(struct crawl_bench *b, const struct work *w)
{
	const int64_t from = clock_cpu_us();
	size_t begun = 0, done = 0;
	struct http_response r;
	while (done < w->requests && !b->has_failed) {
		start_more(b, w, &begun);
		http_wait(w->http, 1000, -1);
		while (http_take(w->http, &r)) {
			done++;
			b->has_failed = b->has_failed || r.status != (w->unchanged ? 304 : 200);
			if (w->parse && !b->has_failed)
				parse(b, &r);
			http_response_release(&r);
		}
	}
	return clock_cpu_us() - from;
}

/* ---- measures */

static double per_second(size_t n, int64_t took_us)
{
	return (double)n * 1e6 / (double)(took_us > 0 ? took_us : 1);
}

static enum outcome failed(struct err *e)
{
	return err_set(e, STOP,
		"the bench's own pages were not served, or not read, as they should: other posts or mentions than they hold");
}

static enum outcome measure(
	struct crawl_bench *b, const struct bench_run *run, const char *name, const struct work *w, struct err *e)
{
	double ours[MOST_RUNS], bare[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	const struct bare_work theirs = {
		.port = b->web.port,
		.pages = PAGES,
		.first = w->first,
		.step = w->step,
		.requests = w->requests,
		.unchanged = w->unchanged,
		.trees = w->parse,
	};
	for (int i = -1; i < runs; i++) { /* once to open the connections */
		const int64_t bare_us = bare_run(b->bare, &theirs), our_us = run_ours(b, w);
		if (bare_us < 0 || b->has_failed)
			return failed(e);
		bare[i < 0 ? 0 : i] = per_second(w->requests, bare_us);
		ours[i < 0 ? 0 : i] = per_second(w->requests, our_us);
	}
	const double value = bench_median(ours, (size_t)runs), baseline = bench_median(bare, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "crawl", name, "/CPU-s", value, baseline, value / baseline, runs });
	return OK;
}

static enum outcome measure_in_flight(struct crawl_bench *b, const struct bench_run *run, struct err *e)
{
	double many[MOST_RUNS], few[MOST_RUNS];
	const int runs = run->runs < MOST_RUNS ? run->runs : MOST_RUNS;
	struct http *http = http_new("earshot-bench", MANY);
	struct work w = { .http = http, .requests = HELD_REQUESTS, .step = 1, .kind = 's' };
	const int most = http_room(http);
	for (int i = -1; i < runs && !b->has_failed; i++) {
		w.in_flight = FEW;
		few[i < 0 ? 0 : i] = (double)run_ours(b, &w) / HELD_REQUESTS;
		w.in_flight = most;
		many[i < 0 ? 0 : i] = (double)run_ours(b, &w) / HELD_REQUESTS;
	}
	http_free(http);
	if (b->has_failed)
		return failed(e);
	const double value = bench_median(many, (size_t)runs), baseline = bench_median(few, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "crawl", "inflight", "us/request", value, baseline, value / baseline, runs });
	if (!run->json && most < MANY)
		printf("%22d in flight only: too few descriptors (ulimit -Hn)\n", most);
	return OK;
}

static enum outcome measure_parsing(struct crawl_bench *b, const struct bench_run *run, const struct work *fetch, struct err *e)
{
	struct work both = *fetch;
	both.parse = true;
	both.requests = PARSED;
	struct work threads = both, feeds = both;
	threads.step = feeds.step = 2;
	feeds.first = 1;
	enum outcome done = measure(b, run, "parse", &both, e);
	if (done == OK && !run->json)
		printf("%22zu posts, %zu mentions of brands\n", b->posts, b->mentions);
	if (done == OK)
		done = measure(b, run, "threads", &threads, e);
	return done == OK ? measure(b, run, "feeds", &feeds, e) : done;
}

static enum outcome measure_all(struct crawl_bench *b, const struct bench_run *run, struct err *e)
{
	const struct work fetch = { .http = b->http, .requests = REQUESTS, .step = 1, .kind = 'p', .in_flight = CONNECTIONS };
	struct work unchanged = fetch;
	unchanged.unchanged = true;
	enum outcome done = measure(b, run, "fetch", &fetch, e);
	if (done == OK)
		done = measure_parsing(b, run, &fetch, e);
	if (done == OK)
		done = measure(b, run, "unchanged", &unchanged, e);
	return done == OK ? measure_in_flight(b, run, e) : done;
}

/* The rules of the settings, and the brands of the pages. */
static enum outcome load_rules(struct crawl_bench *b, const struct settings *s, struct err *e)
{
	struct problems problems;
	struct rulebook_files read;
	problems_init(&problems);
	rulebook_read(&b->arena, s->rules_folder, s->rules.n, &read, &problems);
	const struct rulebook_files all = { arena_list(&b->arena, struct rulebook_file, read.n + 1), read.n + 1 };
	for (size_t i = 0; i < read.n; i++)
		all.file[i] = read.file[i];
	all.file[read.n] = (struct rulebook_file){ .name = STR("brands.conf"),
		.path = "brands of the bench",
		.folder = (int)s->rules.n,
		.bytes = str_of(bench_pages_brands) };
	b->book = rulebook_compile(&all, &problems);
	if (b->book == NULL)
		(void)err_set(e, REJECT, "the rules of the configuration are wrong; see `earshot check`");
	problems_release(&problems);
	return b->book == NULL ? REJECT : OK;
}

static enum outcome prepare(struct crawl_bench *b, const struct settings *s, struct err *e)
{
	const struct conf_list none = { NULL, 0 };
	arena_init(&b->arena, (size_t)64 << 20);
	arena_init(&b->page, LIMIT_ARENA_BYTES);
	make_pages(b);
	enum outcome done = bench_web_start(&b->web, b->pages, PAGES, e);
	if (done == OK)
		done = load_rules(b, s, e);
	if (done == OK)
		done = http_cidr_parse(STR("127.0.0.0/8"), &b->loopback, e);
	if (done == OK)
		done = sources_of_url(&b->arena, STR("http://forum.example.com/t/1"), &none, &b->feed, e);
	if (done != OK)
		return done;
	b->feed_how = *b->feed.how;
	b->feed_how.family = STR("forum");
	b->thread_how = b->feed_how;
	b->thread_how.kind = SOURCE_PAGE;
	b->thread = b->feed;
	b->thread.how = &b->thread_how;
	b->feed.how = &b->feed_how;
	b->terms = (struct admit_terms){ .book = b->book,
		.source = &b->thread,
		.pseudonym_key = STR("bench"),
		.now_ms = clock_from_utc(2024, 6, 1, 0, 0, 0),
		.keep_ms = INT64_MAX / 4 };
	return done;
}

enum outcome bench_crawl(const struct bench_run *run, struct err *e)
{
	static struct crawl_bench b; /* one at a time */
	enum outcome done = prepare(&b, run->settings, e);
	if (done == OK) {
		b.http = http_new("earshot-bench", CONNECTIONS);
		b.bare = bare_new(CONNECTIONS);
		done = measure_all(&b, run, e);
		bare_free(b.bare);
		http_free(b.http);
	}
	bench_web_stop(&b.web);
	rulebook_free(b.book);
	arena_release(&b.page);
	arena_release(&b.arena);
	return done;
}
