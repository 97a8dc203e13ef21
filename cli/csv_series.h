/* A `timestamp,value` file as a series of equal buckets with the sums of the evidence windows: what `earshot detect-csv`
 * feeds to the detector. The bucket is the commonest gap of the first rows; windows are 5 min, 1 h and 3 h, or 1, 12 and
 * 36 buckets where those are longer. A gap was not watched: its buckets count as the mean of the last windows, marked missing. */
#ifndef EARSHOT_CLI_CSV_SERIES_H
#define EARSHOT_CLI_CSV_SERIES_H

#include "common/base/arena.h"
#include "detector/evidence.h"

struct csv_row {
	struct str stamp;
	int64_t at_ms;
	double value;
	bool known;
};
/* false with *why when it is no row; quotes and further columns are tolerated. An empty value is a row not known. */
bool csv_row_parse(struct arena *a, struct str line, struct csv_row *out, const char **why);
/* Is it a header line: a first line whose two fields are both no data? */
bool csv_row_is_header(struct arena *a, struct str line);

#define CSV_BUCKETS_MOST 10800 /* 3 h of one-second buckets */

struct csv_series {
	int64_t bucket_ms, at_ms; /* at_ms: start of the bucket of the last row */
	double bucket[CSV_BUCKETS_MOST]; /* ring of the longest window */
	int64_t seen; /* buckets so far, missing ones included */
	int64_t hole_until; /* `seen` from which the sums are whole again */
	int width[EVIDENCE_WINDOWS]; /* windows in buckets */
	double sum[EVIDENCE_WINDOWS];
};

/* The commonest gap between rows, the shorter of two as common; 5 min when there is none. */
int64_t csv_series_bucket(const int64_t *at_ms, size_t n);
void csv_series_init(struct csv_series *s, int64_t bucket_ms);
/* Takes a row. SKIP: it adds to the bucket of the row before (a repeated or earlier stamp) and there is nothing to judge.
 * The sight ends with the bucket. */
enum outcome csv_series_add(struct csv_series *s, const struct csv_row *row, struct sight *out) MUST_CHECK;

#endif
