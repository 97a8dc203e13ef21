/* Fuzz target: rows of any bytes are parsed or refused, and the sums of the series stay counts. */
#include "cli/csv_series.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct csv_series series;
	static const int64_t buckets[] = { 15000, 60000, 300000, 3600000 };
	struct str rest = { (const char *)data, size }, line;
	struct arena a;
	arena_init(&a, 4 * size + 65536);
	csv_series_init(&series, buckets[size % 4]);
	while (str_split(&rest, '\n', &line)) {
		struct csv_row row;
		struct sight sight;
		const char *why;
		(void)csv_row_is_header(&a, line); /* must not crash; either answer will do */
		if (!csv_row_parse(&a, line, &row, &why))
			continue;
		require(row.value >= 0 && row.at_ms > 0);
		if (csv_series_add(&series, &row, &sight) != OK)
			continue;
		for (int w = 0; w < EVIDENCE_WINDOWS; w++)
			require(isfinite(sight.sum[w]) && sight.sum[w] >= 0);
	}
	arena_release(&a);
	return 0;
}
