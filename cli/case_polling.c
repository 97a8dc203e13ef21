/* Case adapter of the polling policy: what a poll of a simulated feed showed -> seconds until the next one. */
#include "cli/case_polling.h"

#include "common/base/clock.h"
#include "crawler/polling.h"

#include <stdlib.h>

#define MOST_FEEDS 100000
#define SIMULATED_FROM_MS 1700000000000 /* simulations begin at 0, the policy's days in 1970 would be "never" */

static struct source_arrivals *feed_of(int64_t id)
{
	static struct source_arrivals *feeds;
	static int64_t n;
	if (id < 0 || id >= MOST_FEEDS)
		return NULL;
	if (id >= n) {
		const int64_t more = (id + 1) * 2;
		struct source_arrivals *grown = realloc(feeds, (size_t)more * sizeof *feeds);
		if (grown == NULL)
			abort();
		memset(grown + n, 0, (size_t)(more - n) * sizeof *feeds);
		feeds = grown;
		n = more;
	}
	return &feeds[id];
}

/* A line tells how far apart posts were, not when: together they are put into the middle of the time since the last poll. */
static size_t posted_of(const struct json *line, int64_t seen_ms, int64_t now_ms, int64_t *posted_ms, size_t n)
{
	const struct json *gaps = json_get(line, "gaps");
	const size_t ngaps = json_size(gaps), first = ngaps >= n ? ngaps - n + 1 : 0;
	double total = 0, at = 0;
	for (size_t i = first; i < ngaps; i++)
		total += json_double(json_at(gaps, i), 0) * 1000;
	const double passed = seen_ms > 0 ? (double)(now_ms - seen_ms) : total + 120000;
	at = (double)now_ms - (passed > total ? passed + total : 2 * total) / 2;
	for (size_t i = 0; i < n; i++) {
		at += i > 0 && first + i - 1 < ngaps ? json_double(json_at(gaps, first + i - 1), 0) * 1000 : 0;
		posted_ms[i] = (int64_t)at;
	}
	return n;
}

bool case_polling(struct arena *a, const struct json *line, struct buf *out)
{
	struct source_arrivals *feed = feed_of(json_i64_of(line, "feed", -1));
	const double now_s = json_double(json_get(line, "now"), -1);
	const int64_t n = json_i64_of(line, "new", 0);
	if (feed == NULL || now_s < 0 || now_s > 1e10 || n < 0 || n > 100000)
		return false;
	const int64_t now_ms = SIMULATED_FROM_MS + (int64_t)(now_s * 1000);
	int64_t *posted_ms = arena_list(a, int64_t, (size_t)n + 1);
	const struct polling_sight sight = { now_ms, posted_ms, posted_of(line, feed->seen_ms, now_ms, posted_ms, (size_t)n) };
	polling_learn(feed, &sight);
	buf_addc(out, '{');
	buf_json_double(out, "next", (double)polling_interval(feed, now_ms, MS_PER_DAY) / 1000, 3);
	buf_addc(out, '}');
	return true;
}
