/* earshot bench extract: pages to posts and articles, against bare libxml2 making trees of the same bytes. */
#include "cli/bench.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/proc.h"
#include "crawler/extract.h"
#include <earshot/limits.h>

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "../shared/data/extract/aeb/pages"
#define MADE_PAGES 60
#define MOST_PAGES 200
#define RUNS_LEAST 5

struct pages {
	struct arena a;
	struct str page[MOST_PAGES];
	size_t n, bytes;
};

static void add_page(struct pages *p, struct str bytes)
{
	if (bytes.n == 0 || p->n == MOST_PAGES)
		return;
	p->page[p->n++] = bytes;
	p->bytes += bytes.n;
}

static struct str unpack(struct arena *a, const char *path)
{
	char *const argv[] = { (char *)(uintptr_t) "gzip", (char *)(uintptr_t) "-dc", (char *)(uintptr_t)path, NULL };
	char *bytes = arena_raw(a, LIMIT_BODY_BYTES);
	int pipe_fd[2];
	size_t n = 0;
	if (pipe(pipe_fd) != 0)
		return STR("");
	const pid_t pid = proc_spawn(argv, NULL, pipe_fd[1], NULL);
	(void)close(pipe_fd[1]);
	FILE *in = fdopen(pipe_fd[0], "r");
	if (in != NULL) {
		n = fread(bytes, 1, LIMIT_BODY_BYTES, in);
		(void)fclose(in);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	return (struct str){ bytes, n };
}

static void load(struct pages *p)
{
	struct arena unpacked;
	struct str *name = NULL;
	size_t n = 0;
	arena_init(&unpacked, (size_t)LIMIT_BODY_BYTES * 2);
	if (file_list(&p->a, FOLDER, ".gz", &name, &n, NULL) == OK)
		for (size_t i = 0; i < n; i++) {
			add_page(p, arena_copy(&p->a, unpack(&unpacked, file_join(&p->a, STR(FOLDER), name[i]).p)));
			arena_reset(&unpacked);
		}
	arena_release(&unpacked);
}

/* A page of news as sites make them: much around little. */
static struct str make_page(struct arena *a, size_t number)
{
	struct buf out;
	buf_init(&out, 1u << 20);
	buf_addf(&out, "<!DOCTYPE html><html><head><meta charset=utf-8><title>Story %zu | Made-up News</title>", number);
	buf_addz(&out, "<script>var data = [");
	for (int i = 0; i < 2000; i++)
		buf_addf(&out, "{\"id\":%d,\"url\":\"/a/b\"},", i);
	buf_addz(&out, "];</script></head><body><nav class=\"site-nav\"><ul>");
	for (int i = 0; i < 60; i++)
		buf_addf(&out, "<li class=\"item level-%d\"><a href=\"/section/%d\">Section %d</a></li>", i % 3, i, i);
	buf_addf(&out, "</ul></nav><main><article class=\"post\"><h1>Story %zu</h1><p class=\"byline\">By Jane Roe</p>", number);
	for (int i = 0; i < 40; i++)
		buf_addf(&out,
			"<p>The company said on day %d that refunds were late, and customers <a href=\"/x\">complained</a> "
			"again. "
			"公司表示，第%d天的退款延误了，客户再次投诉。</p>\n",
			i, i);
	buf_addz(&out, "</article><aside class=\"related\">");
	for (int i = 0; i < 80; i++)
		buf_addf(&out, "<div class=\"card card--small\"><a href=\"/story/%d\"><h3>Another story %d</h3></a></div>", i, i);
	buf_addz(&out, "</aside></main><footer><p>All rights reserved.</p></footer></body></html>");
	const struct str page = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return page;
}

static void make_up(struct pages *p)
{
	for (size_t i = 0; i < MADE_PAGES; i++)
		add_page(p, make_page(&p->a, i));
}

static double per_second(const struct pages *p, int64_t took_us)
{
	return (double)p->bytes / (double)(took_us > 0 ? took_us : 1);
}

/* MB a second of CPU time, all readers asked. */
static double run_extract(const struct pages *p)
{
	struct arena a;
	struct extraction x;
	struct err e;
	arena_init(&a, (size_t)LIMIT_ARENA_BYTES * 4);
	const int64_t start = clock_cpu_us();
	for (size_t i = 0; i < p->n; i++) {
		const struct page page = { .bytes = p->page[i], .url = STR("https://example.com/news/1") };
		arena_reset(&a);
		(void)!extract_page(&a, &page, &x, &e);
	}
	const double value = per_second(p, clock_cpu_us() - start);
	arena_release(&a);
	return value;
}

static double run_libxml(const struct pages *p)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
	const int64_t start = clock_cpu_us();
	for (size_t i = 0; i < p->n; i++)
		xmlFreeDoc(htmlReadMemory(p->page[i].p, (int)p->page[i].n, NULL, "utf-8", options));
	return per_second(p, clock_cpu_us() - start);
}

static void measure(const struct bench_run *run, const struct pages *p, const char *name)
{
	double ours[64], bare[64];
	const int runs = run->runs < RUNS_LEAST ? RUNS_LEAST : run->runs > 64 ? 64 : run->runs;
	for (int i = 0; i < runs; i++) {
		bare[i] = run_libxml(p);
		ours[i] = run_extract(p);
	}
	const double value = bench_median(ours, (size_t)runs), baseline = bench_median(bare, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "extract", name, "MB/s", value, baseline, value / baseline, runs });
}

enum outcome bench_extract(const struct bench_run *run, struct err *e)
{
	struct pages *p = calloc(1, sizeof *p);
	(void)e;
	if (p == NULL)
		abort();
	arena_init(&p->a, (size_t)1 << 30);
	make_up(p);
	measure(run, p, "made-up");
	p->n = p->bytes = 0;
	load(p);
	if (p->n > 0)
		measure(run, p, "aeb");
	arena_release(&p->a);
	free(p);
	return OK;
}
