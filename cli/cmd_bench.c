/* earshot bench NAME: the table of benches. */
#include "cli/commands.h"

#include "cli/bench.h"
#include "cli/command.h"
#include "common/base/log.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct bench_row benches[] = {
	{ "archive", "writing and reading the archive against bare bytes, a million posts through the matcher", bench_archive },
	{ "crawl", "fetching, parsing, 304 and thousands in flight, against a bare libcurl client in the same run", bench_crawl },
	{ "extract", "pages to articles and posts, against bare libxml2 making trees of the same bytes", bench_extract },
	{ "feeds", "feeds to entries with safe HTML, dates and links, against libxml2's bare DOM of the same files",
		bench_feeds },
	{ "match", "terms in all texts of ../shared/data/text, against bare hs_scan over the same bytes", bench_match },
	{ "neardup", "posts a second to their stories, one core, against the least hash there is over the same bytes",
		bench_neardup },
	{ "pipeline", "stream -> detector -> commit against bare XADD + XREADGROUP + XACK, and memory per mention",
		bench_pipeline },
	{ "queries", "posts a second with 10,000 boolean queries, and beside 100 of them", bench_queries },
	{ "score",
		"folding, features and all heads of the model over texts, against bare hs_scan with 1,000 literals over the same "
		"bytes",
		bench_score },
};
#define NBENCHES (sizeof benches / sizeof *benches)

static const struct option_row bench_options[] = {
	{ "config", true, "configuration file: its rules are used" },
	{ "json", false, "one object a measure" },
	{ "runs", true, "runs a measure (default 5); the median is told" },
	{ NULL, false, NULL },
};

static int compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *value, size_t n)
{
	qsort(value, n, sizeof *value, compare_doubles);
	return n % 2 == 1 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

void bench_print(const struct bench_run *run, const struct bench_measure *m)
{
	if (!run->json) {
		printf("%-10s %-24s %12.1f %-10s", m->bench, m->measure, m->value, m->unit);
		if (!isnan(m->ratio))
			printf(" baseline %12.1f  ratio %.3f", m->baseline, m->ratio);
		printf("  (median of %d)\n", m->runs);
		return;
	}
	struct buf out;
	buf_init(&out, 4096);
	buf_addc(&out, '{');
	buf_json_str(&out, "bench", str_of(m->bench));
	buf_json_str(&out, "measure", str_of(m->measure));
	buf_json_double(&out, "value", m->value, 3);
	buf_json_str(&out, "unit", str_of(m->unit));
	buf_json_double(&out, "baseline", m->baseline, 3);
	buf_json_double(&out, "ratio", m->ratio, 4);
	buf_json_int(&out, "runs", m->runs);
	buf_addz(&out, "}\n");
	(void)!fwrite(out.p, 1, out.n, stdout);
	(void)fflush(stdout);
	buf_release(&out);
}

static const struct bench_row *find_bench(const char *name)
{
	for (size_t i = 0; i < NBENCHES; i++)
		if (strcmp(benches[i].name, name) == 0)
			return &benches[i];
	return NULL;
}

static int run_bench(const struct session *s)
{
	struct err e = { 0 };
	const struct bench_row *bench = s->options.noperands == 1 ? find_bench(s->options.operand[0]) : NULL;
	const char *runs = options_value(&s->options, "runs");
	if (bench == NULL) {
		fprintf(stderr, "benches:\n");
		for (size_t i = 0; i < NBENCHES; i++)
			fprintf(stderr, "  %-12s %s\n", benches[i].name, benches[i].about);
		return command_usage_error(command_find("bench"), "give the name of one bench");
	}
	const struct bench_run run = {
		.settings = &s->settings,
		.json = options_has(&s->options, "json"),
		.runs = runs != NULL && atof(runs) >= 1 ? (int)atof(runs) : 5,
	};
	log_init("bench", LOG_ERROR);
	return bench->run(&run, &e) == OK ? EXIT_OK : command_fail(&e);
}

int cmd_bench(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, bench_options, argc, argv, &code))
		code = run_bench(&s);
	command_close(&s);
	return code;
}
