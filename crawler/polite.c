/* How long a host is left alone. */
#include "crawler/polite.h"

#include <earshot/limits.h>

#define SHARE 5 /* of the time that its answers took */
#define FIRST_BACKOFF_MS 2000

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t backoff_ms(int64_t failures)
{
	int64_t ms = FIRST_BACKOFF_MS;
	if (failures < POLITE_TRIES)
		return 0;
	for (int64_t i = POLITE_TRIES; i < failures && ms < LIMIT_HOST_BACKOFF_MS; i++)
		ms *= 2;
	return least(ms, LIMIT_HOST_BACKOFF_MS);
}

int64_t polite_pause_ms(const struct polite *p, uint32_t dice)
{
	int64_t pause = most(p->delay_ms, 0);
	if (p->delay_ms > 0)
		pause = most(pause, least(SHARE * most(p->duration_ms, 0), LIMIT_POLITE_MS));
	pause = most(pause, least(p->crawl_delay_ms, LIMIT_ROBOTS_DELAY_MS));
	pause = most(pause, p->retry_after_ms);
	pause = most(pause, backoff_ms(p->failures));
	return pause + (int64_t)((double)pause * 0.1 * ((double)dice / 4294967296.0));
}

bool polite_is_failure(enum outcome outcome, int status)
{
	return outcome == RETRY || (outcome == OK && (status == 429 || status == 503));
}
