/* Why a source is polled next when it is: one sentence for people. */
#include "crawler/polling.h"

#include "common/base/clock.h"

#include <string.h>

/* "4 min 10 s": the two largest units. */
static struct str duration(struct arena *a, int64_t ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} unit[] = { { "d", MS_PER_DAY }, { "h", MS_PER_HOUR }, { "min", MS_PER_MINUTE }, { "s", MS_PER_SECOND }, { "ms", 1 } };
	size_t u = 0;
	while (u < 4 && ms < unit[u].ms)
		u++;
	const int64_t whole = ms / unit[u].ms, rest = u < 3 ? ms % unit[u].ms / unit[u + 1].ms : 0;
	if (rest == 0)
		return arena_printf(a, "%lld %s", (long long)whole, unit[u].name);
	return arena_printf(a, "%lld %s %lld %s", (long long)whole, unit[u].name, (long long)rest, unit[u + 1].name);
}

static enum polling_why why_of(struct str word)
{
	for (int i = 0; i < POLLING_WHY__N; i++)
		if (str_eqc(word, polling_why_names[i]))
			return (enum polling_why)i;
	return POLLING_WHY__N;
}

/* "about 9.1 posts a day are expected, 14.0 a day at this hour" */
static struct str expected(struct arena *a, const struct source_state *s, int64_t now_ms)
{
	const double day = polling_expected(&s->arrivals, now_ms, now_ms + MS_PER_DAY);
	const double hour = polling_expected(&s->arrivals, now_ms, now_ms + MS_PER_HOUR) * 24;
	return arena_printf(a, "about %.3g posts a day are expected, at this hour %.2g times as many as in the mean", day,
		day > 0 ? hour / day : 1);
}

static struct str reason(struct arena *a, const struct source_state *s, int64_t now_ms)
{
	char since[32];
	const struct str wish = duration(a, s->wish_ms), wait = duration(a, s->interval_ms), rate = expected(a, s, now_ms);
	switch (why_of(s->why)) {
	case POLLING_RATE:
		return arena_printf(a, "%.*s, which asks for a poll every %.*s", STR_FMT(rate), STR_FMT(wait));
	case POLLING_EVERY:
		return arena_printf(a, "its section says every = %.*s", STR_FMT(wait));
	case POLLING_FLOOR:
		return arena_printf(a, "%.*s, which asks for a poll every %.*s; every_min allows one in %.*s", STR_FMT(rate),
			STR_FMT(wish), STR_FMT(wait));
	case POLLING_CEILING:
		return arena_printf(a, "%.*s, too few for more than a poll in every_max = %.*s", STR_FMT(rate), STR_FMT(wait));
	case POLLING_HINT:
		return arena_printf(a,
			"%.*s, which asks for a poll every %.*s; the feed or its server wishes one in %.*s (ttl, Cache-Control, "
			"Expires)",
			STR_FMT(rate), STR_FMT(wish), STR_FMT(wait));
	case POLLING_BOOST:
		return arena_printf(a, "polled every %.*s instead of %.*s because brand %.*s is in alert since %s", STR_FMT(wait),
			STR_FMT(wish), STR_FMT(s->boost), clock_iso(s->boost_ms, since));
	case POLLING_FAILURES:
		return arena_printf(a, "it failed %lld times in a row (%.*s): %.*s instead of %.*s", (long long)s->failures,
			STR_FMT(s->error), STR_FMT(wait), STR_FMT(wish));
	case POLLING_TOLD:
		return arena_printf(a, "its server asked for a pause of %.*s", STR_FMT(wait));
	case POLLING_PAGES:
		return arena_printf(a, "this visit goes on: page %lld is next", (long long)s->pages + 1);
	case POLLING_STANDING:
		return arena_printf(a, "its answers stand at \"%.*s\": %.*s instead of %.*s", STR_FMT(s->standing), STR_FMT(wait),
			STR_FMT(wish));
	case POLLING_HEALTH:
		return arena_printf(
			a, "it is sick (%.*s): %.*s, longer than it would be else", STR_FMT(s->health.state), STR_FMT(wait));
	case POLLING_WEBSUB:
		return arena_printf(a,
			"its hub pushes what is new, so this poll only checks that it does: %.*s instead of %.*s (%.*s)",
			STR_FMT(wait), STR_FMT(wish), STR_FMT(rate));
	case POLLING_WHY__N:
		break;
	}
	return arena_printf(a, "it was put on the list before reasons were kept");
}

struct str polling_explain(struct arena *a, const struct source_state *s, int64_t now_ms)
{
	char at[32];
	if (s->fetched_ms <= 0)
		return arena_printf(a, "it was never polled: it is due now");
	const struct str why = reason(a, s, now_ms);
	if (s->next_ms <= now_ms)
		return arena_printf(
			a, "next poll due since %s, as soon as its host is free: %.*s", clock_iso(s->next_ms, at), STR_FMT(why));
	return arena_printf(a, "next poll at %s, in %.*s: %.*s", clock_iso(s->next_ms, at),
		STR_FMT(duration(a, s->next_ms - now_ms)), STR_FMT(why));
}
