/* The policy of subscriptions at hubs: a table of states and events, and when a hub is relied on. */
#include "crawler/websub.h"

#include "common/base/clock.h"
#include "crawler/polling.h"

#include <earshot/limits.h>

#define AGAIN_MS (10 * MS_PER_SECOND) /* after the first failure; then twice as long each time */
#define AGAIN_MOST_MS MS_PER_DAY
#define DENIED_MS MS_PER_DAY
#define DENIED_MOST_MS (7 * MS_PER_DAY)
#define DOUBT_MS MS_PER_DAY
#define DOUBT_MOST_MS (7 * MS_PER_DAY)

const char *const websub_state_names[WEBSUB_STATE__N] = {
	[WEBSUB_NONE] = "",
	[WEBSUB_WANTED] = "wanted",
	[WEBSUB_ASKED] = "asked",
	[WEBSUB_LIVE] = "live",
	[WEBSUB_RENEWING] = "renewing",
	[WEBSUB_DENIED] = "denied",
};

/* An empty cell: the event changes nothing. */
static const enum websub_state table[WEBSUB_STATE__N][WEBSUB_EVENT__N] = {
	[WEBSUB_WANTED] = { [WEBSUB_SENT] = WEBSUB_ASKED },
	[WEBSUB_ASKED] = { [WEBSUB_FAILED] = WEBSUB_WANTED,
		[WEBSUB_VERIFIED] = WEBSUB_LIVE,
		[WEBSUB_REFUSED] = WEBSUB_DENIED,
		[WEBSUB_LATE] = WEBSUB_WANTED },
	[WEBSUB_LIVE] = { [WEBSUB_SENT] = WEBSUB_RENEWING, [WEBSUB_REFUSED] = WEBSUB_DENIED, [WEBSUB_EXPIRED] = WEBSUB_WANTED },
	[WEBSUB_RENEWING] = { [WEBSUB_FAILED] = WEBSUB_LIVE,
		[WEBSUB_VERIFIED] = WEBSUB_LIVE,
		[WEBSUB_REFUSED] = WEBSUB_DENIED,
		[WEBSUB_LATE] = WEBSUB_LIVE,
		[WEBSUB_EXPIRED] = WEBSUB_WANTED },
	[WEBSUB_DENIED] = { [WEBSUB_SENT] = WEBSUB_ASKED },
};

enum websub_state websub_state_of(const struct subscription *s)
{
	for (int i = WEBSUB_WANTED; i < WEBSUB_STATE__N; i++)
		if (str_eqc(s->state, websub_state_names[i]))
			return (enum websub_state)i;
	return WEBSUB_WANTED;
}

static bool is_live(enum websub_state state)
{
	return state == WEBSUB_LIVE || state == WEBSUB_RENEWING;
}

static int64_t doubled(int64_t first_ms, int64_t times, int64_t most_ms)
{
	int64_t ms = first_ms;
	for (int64_t i = 1; i < times && ms < most_ms; i++)
		ms *= 2;
	return ms < most_ms ? ms : most_ms;
}

/* Up to a tenth more. */
static int64_t jittered(int64_t ms, uint32_t dice)
{
	return ms + (int64_t)((double)ms * 0.1 * ((double)dice / 4294967296.0));
}

static void begin_lease(struct subscription *s, const struct websub_happening *h)
{
	const int64_t lease_ms = h->lease_ms < LIMIT_WEBSUB_LEASE_MS ? h->lease_ms : LIMIT_WEBSUB_LEASE_MS;
	s->failures = 0;
	s->error = STR("");
	s->lease_until_ms = h->now_ms + lease_ms;
	s->next_ms = h->now_ms + lease_ms * 8 / 10 + (int64_t)((double)lease_ms * 0.1 * ((double)h->dice / 4294967296.0));
}

/* Growing pauses; while a lease holds, often enough that it may still be renewed. */
static int64_t again_ms(const struct subscription *s, const struct websub_happening *h)
{
	const int64_t pause_ms = jittered(doubled(AGAIN_MS, s->failures, AGAIN_MOST_MS), h->dice);
	const int64_t left_ms = (s->lease_until_ms - h->now_ms) / 2;
	return h->now_ms + (left_ms > MS_PER_SECOND && left_ms < pause_ms ? left_ms : pause_ms);
}

/* When something is to be done in the new state. */
static void plan(struct subscription *s, const struct websub_happening *h)
{
	switch (h->event) {
	case WEBSUB_SENT:
		s->next_ms = h->now_ms + WEBSUB_VERIFY_MS;
		break;
	case WEBSUB_FAILED:
	case WEBSUB_LATE:
		s->failures++;
		s->next_ms = again_ms(s, h);
		break;
	case WEBSUB_VERIFIED:
		begin_lease(s, h);
		break;
	case WEBSUB_REFUSED:
		s->failures++;
		s->lease_until_ms = 0;
		s->next_ms = h->now_ms + jittered(doubled(DENIED_MS, s->failures, DENIED_MOST_MS), h->dice);
		break;
	case WEBSUB_EXPIRED:
		s->lease_until_ms = 0;
		s->failures = 0; /* tries to renew were close together: they do not lengthen the pauses of what begins now */
		s->next_ms = h->now_ms;
		break;
	case WEBSUB_EVENT__N:
		break;
	}
}

bool websub_step(struct subscription *s, const struct websub_happening *h)
{
	const enum websub_state from = websub_state_of(s), to = table[from][h->event];
	if (to == WEBSUB_NONE)
		return false;
	if (from != to && !(is_live(from) && is_live(to)))
		s->since_ms = h->now_ms;
	s->state = str_of(websub_state_names[to]);
	plan(s, h);
	return true;
}

bool websub_elapsed(const struct subscription *s, int64_t now_ms, enum websub_event *event)
{
	const enum websub_state state = websub_state_of(s);
	if (is_live(state) && s->lease_until_ms <= now_ms) {
		*event = WEBSUB_EXPIRED;
		return true;
	}
	*event = WEBSUB_LATE;
	return websub_is_pending(s) && s->next_ms <= now_ms;
}

bool websub_is_due(const struct subscription *s, int64_t now_ms)
{
	return !websub_is_pending(s) && s->next_ms <= now_ms;
}

bool websub_is_pending(const struct subscription *s)
{
	const enum websub_state state = websub_state_of(s);
	return state == WEBSUB_ASKED || state == WEBSUB_RENEWING;
}

bool websub_has_lease(const struct subscription *s, int64_t now_ms)
{
	return is_live(websub_state_of(s)) && s->lease_until_ms > now_ms;
}

/* ---- reliance ---- */

int64_t websub_covers_until(const struct subscription *s, const struct source_arrivals *arrivals, int64_t now_ms)
{
	if (!websub_has_lease(s, now_ms) || s->pushed_ms < s->since_ms || s->doubted_until_ms > now_ms)
		return 0;
	if (s->pushed_ms < s->doubted_until_ms) /* the doubt is over, but nothing was pushed since */
		return 0;
	if (polling_expected(arrivals, s->pushed_ms, now_ms) > WEBSUB_SILENCE)
		return 0;
	return s->lease_until_ms;
}

void websub_note_push(struct subscription *s, int64_t now_ms)
{
	s->pushes++;
	s->pushed_ms = now_ms;
	s->suspects = 0;
}

static size_t count_late(const struct websub_poll *poll)
{
	size_t n = 0;
	for (size_t i = 0; i < poll->n; i++)
		n += poll->posted_ms[i] < poll->now_ms - WEBSUB_GRACE_MS;
	return n;
}

bool websub_note_poll(struct subscription *s, const struct websub_poll *poll)
{
	const bool was_its_duty = websub_has_lease(s, poll->now_ms) && s->since_ms > 0 && s->since_ms < poll->previous_ms;
	if (!was_its_duty || poll->n == 0 || s->pushed_ms < s->since_ms)
		return false;
	s->suspects++;
	if (count_late(poll) == 0 && s->suspects < WEBSUB_SUSPECTS)
		return false;
	const bool was_trusted = s->doubted_until_ms <= poll->now_ms && s->pushed_ms >= s->doubted_until_ms;
	s->suspects = 0;
	s->misses += was_trusted;
	s->doubted_until_ms = poll->now_ms + doubled(DOUBT_MS, s->misses, DOUBT_MOST_MS);
	return was_trusted;
}
