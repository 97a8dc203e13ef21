/* Fuzz target: any bytes are a date within the years we know, or none; what is found in a text lies in it. */
#include "crawler/dates.h"

#include "common/base/clock.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct date_context contexts[] = { { .now_ms = 1715153400000, .zone_minutes = 480 },
		{ .now_ms = 0, .zone_minutes = -480, .day_first = true } };
	const struct str text = { (const char *)data, size };
	const int64_t first = clock_from_utc(1969, 12, 30, 0, 0, 0), last = clock_from_utc(2101, 1, 3, 0, 0, 0);

	for (size_t i = 0; i < 2; i++) {
		struct date date;
		struct str written;
		if (dates_parse(text, &contexts[i], &date) && (date.ms < first || date.ms > last))
			abort();
		if (dates_find(text, &contexts[i], &written, &date) &&
			(written.p < text.p || written.p + written.n > text.p + text.n || date.ms < first || date.ms > last))
			abort();
	}
	return 0;
}
