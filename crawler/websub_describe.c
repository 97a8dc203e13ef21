/* How a source's subscription stands, for people. */
#include "crawler/websub.h"

#include "common/base/clock.h"

#include <earshot/limits.h>

/* Without its query, which may hold a key. */
static struct str shown(struct str url)
{
	const ptrdiff_t query = str_findc(url, '?');
	return str_cut_utf8(query < 0 ? url : str_first(url, (size_t)query), 200);
}

static struct str standing(struct arena *a, const struct subscription *s)
{
	char since[32], until[32], next[32];
	const struct str hub = shown(s->hub);
	(void)clock_iso(s->since_ms, since);
	(void)clock_iso(s->lease_until_ms, until);
	(void)clock_iso(s->next_ms, next);
	switch (websub_state_of(s)) {
	case WEBSUB_LIVE:
		return arena_printf(
			a, "subscribed at %.*s since %s; the lease ends %s and is renewed %s", STR_FMT(hub), since, until, next);
	case WEBSUB_RENEWING:
		return arena_printf(a, "subscribed at %.*s since %s; the lease ends %s, the hub has been asked for another",
			STR_FMT(hub), since, until);
	case WEBSUB_ASKED:
		return arena_printf(
			a, "%.*s has been asked and has not called back yet; it has time until %s", STR_FMT(hub), next);
	case WEBSUB_DENIED:
		return arena_printf(a, "%.*s denied it at %s; it is asked again %s", STR_FMT(hub), since, next);
	case WEBSUB_NONE:
	case WEBSUB_WANTED:
	case WEBSUB_STATE__N:
		break;
	}
	return arena_printf(a, "not live: %.*s is asked %s", STR_FMT(hub), next);
}

static struct str trust(struct arena *a, const struct subscription *s, int64_t now_ms)
{
	char until[32];
	if (s->misses > 0 && (s->doubted_until_ms > now_ms || s->pushed_ms < s->doubted_until_ms))
		return arena_printf(a,
			"not relied on until %s and its next push after that: polls found posts that it did not push (%lld "
			"times)",
			clock_iso(s->doubted_until_ms, until), (long long)s->misses);
	if (s->pushes == 0)
		return STR("nothing was pushed yet: polls go on as if there were no hub");
	return STR("");
}

struct str websub_describe(struct arena *a, const struct subscription *s, int64_t now_ms)
{
	char last[32];
	struct str out = standing(a, s);
	const struct str doubt = trust(a, s, now_ms);
	if (s->pushes > 0)
		out = arena_printf(a, "%.*s\n%lld pushes, the last at %s", STR_FMT(out), (long long)s->pushes,
			clock_iso(s->pushed_ms, last));
	if (s->ignored > 0)
		out = arena_printf(a, "%.*s\n%lld pushes were ignored: not signed with our secret, or of another topic",
			STR_FMT(out), (long long)s->ignored);
	if (doubt.n > 0)
		out = arena_printf(a, "%.*s\n%.*s", STR_FMT(out), STR_FMT(doubt));
	if (s->error.n > 0)
		out = arena_printf(a, "%.*s\nthe last request failed (%lld in a row): %.*s", STR_FMT(out), (long long)s->failures,
			STR_FMT(str_cut_utf8(s->error, 300)));
	return out;
}
