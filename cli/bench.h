/* Benches: each measures a part against a bare baseline in the same run, medians of several runs. One object a measure:
 * {"bench","measure","value","unit","baseline","ratio","runs"}. */
#ifndef EARSHOT_CLI_BENCH_H
#define EARSHOT_CLI_BENCH_H

#include "common/base/settings.h"

struct bench_measure {
	const char *bench, *measure, *unit;
	double value, baseline, ratio; /* baseline and ratio NaN when there is none */
	int runs;
};

struct bench_run {
	const struct settings *settings;
	bool json;
	int runs;
};

struct bench_row {
	const char *name, *about;
	enum outcome (*run)(const struct bench_run *run, struct err *e);
};

void bench_print(const struct bench_run *run, const struct bench_measure *m);
double bench_median(double *value, size_t n); /* sorts */

enum outcome bench_archive(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_crawl(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_extract(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_feeds(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_neardup(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_queries(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_match(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_score(const struct bench_run *run, struct err *e) MUST_CHECK;
enum outcome bench_pipeline(const struct bench_run *run, struct err *e) MUST_CHECK;

#endif
