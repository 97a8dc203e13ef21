/* How fast a target may be told. */
#include "notifier/pace.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t pace_wait_ms(const struct pace *p, const struct channel *c, int64_t now_ms)
{
	int64_t at = p->hold_ms;
	if (c->burst > 0) {
		at = later(at, p->next_ms);
		/* full_ms is when the bucket is full again; a token is there once at most burst - 1 are missing. */
		at = later(at, p->full_ms - (c->burst - 1) * c->every_ms);
	}
	return at > now_ms ? at - now_ms : 0;
}

void pace_take(struct pace *p, const struct channel *c, int64_t now_ms)
{
	p->full_ms = later(p->full_ms, now_ms) + c->every_ms;
	p->next_ms = now_ms + PACE_GAP_MS;
}

void pace_hold(struct pace *p, int64_t until_ms)
{
	p->hold_ms = later(p->hold_ms, until_ms);
}
