/* Time: wall clock in ms since 1970 UTC, monotonic ms for waits, and ISO 8601. Pure code never calls clock_*:
 * it is given `now_ms`. */
#ifndef EARSHOT_BASE_CLOCK_H
#define EARSHOT_BASE_CLOCK_H

#include "common/base/arena.h"

#define MS_PER_SECOND 1000LL
#define MS_PER_MINUTE 60000LL
#define MS_PER_HOUR 3600000LL
#define MS_PER_DAY 86400000LL

int64_t clock_now_ms(void); /* wall clock */
int64_t clock_monotonic_ms(void); /* for waits and ages */
int64_t clock_monotonic_us(void); /* for benches */
int64_t clock_cpu_us(void); /* CPU time of this process, user + system */
int64_t clock_monotonic_ns(void); /* for the price of single calls */
void clock_sleep_ms(int64_t ms); /* returns early when a signal comes */

struct utc {
	int year, month /* 1… */, day, hour, minute, second, weekday /* 0 = Monday */, yearday /* 1… */;
};
struct utc clock_utc(int64_t ms);
int64_t clock_from_utc(int year, int month, int day, int hour, int minute, int second); /* proleptic Gregorian, ms */
/* "2026-11-22T02:50:43Z" into a buffer of at least 32 bytes; returns it. */
const char *clock_iso(int64_t ms, char out[32]);
/* Strict RFC 3339 / ISO 8601 with a zone, or epoch seconds / milliseconds. The feeds' many forms live in crawler/dates.h. */
bool clock_parse_iso(struct str s, int64_t *out_ms);

#endif
