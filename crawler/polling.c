/* How often a source is asked: what was learned of its rate, and the interval that follows. */
#include "crawler/polling.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/http.h"

#include <math.h>

#define POLLING_FRESH_MS (30.0 * MS_PER_MINUTE) /* a post that is seen so late is worth half */
#define POLLING_PRICE 0.005 /* fresh posts that a poll has to bring */
#define WEEK_MS (7.0 * MS_PER_DAY)
#define DAY_MS (1.0 * MS_PER_DAY)
#define PRIOR_POSTS 0.5 /* what is expected of a source that nobody knows: */
#define PRIOR_MS (0.5 * MS_PER_DAY)
#define HOURS_POSTS 10.0 /* posts after which the hours they came at count for half */
#define QUIETEST 0.1 /* hour, of the mean */
#define POLLING_DOUBT 3.0 /* standard deviations between the day and the week */
#define SHORTEST_MS 1000.0
#define BOOST 4 /* times as often while a brand is in alert */
#define SAFETY 4 /* times as seldom while a hub pushes what is new */
#define MILLI 1000.0
#define TURN 6.28318530717958647692 /* of a circle */

/* The same as source_arrivals, to count with. */
struct arrivals {
	double posts, span, posts_lately, span_lately, vector[4];
};

static struct arrivals arrivals_of(const struct source_arrivals *s)
{
	return (struct arrivals){
		.posts = fmax(0, (double)s->posts / MILLI),
		.span = fmax(0, (double)s->span_ms),
		.posts_lately = fmax(0, (double)s->posts_lately / MILLI),
		.span_lately = fmax(0, (double)s->span_lately_ms),
		.vector = { (double)s->day_cos / MILLI, (double)s->day_sin / MILLI, (double)s->half_cos / MILLI,
			(double)s->half_sin / MILLI },
	};
}

static void arrivals_keep(const struct arrivals *a, struct source_arrivals *out)
{
	out->posts = llround(a->posts * MILLI);
	out->span_ms = llround(a->span);
	out->posts_lately = llround(a->posts_lately * MILLI);
	out->span_lately_ms = llround(a->span_lately);
	out->day_cos = llround(a->vector[0] * MILLI);
	out->day_sin = llround(a->vector[1] * MILLI);
	out->half_cos = llround(a->vector[2] * MILLI);
	out->half_sin = llround(a->vector[3] * MILLI);
}

/* Posts a millisecond, in the mean of a day. */
static double rate_of(const struct arrivals *a)
{
	return (PRIOR_POSTS + a->posts) / (PRIOR_MS + a->span);
}

static double angle_of(double ms, int harmonic)
{
	return TURN * harmonic * fmod(ms, DAY_MS) / DAY_MS;
}

/* How long a stretch is when a busy hour counts for more: the integral of 1 + 2 k sum(c cos + s sin), in closed form. */
static double busy_span(const struct arrivals *a, double from_ms, double to_ms)
{
	const double flat = to_ms - from_ms, sure = 2 / (a->posts + HOURS_POSTS);
	double out = flat;
	for (int h = 1; h <= 2; h++) {
		const double from = angle_of(from_ms, h), to = angle_of(to_ms, h), *v = &a->vector[2 * (h - 1)];
		const double per_radian = DAY_MS / (TURN * h);
		out += sure * per_radian * (v[0] * (sin(to) - sin(from)) - v[1] * (cos(to) - cos(from)));
	}
	return fmax(out, flat * QUIETEST);
}

double polling_expected(const struct source_arrivals *s, int64_t from_ms, int64_t to_ms)
{
	const struct arrivals a = arrivals_of(s);
	return to_ms > from_ms ? rate_of(&a) * busy_span(&a, (double)from_ms, (double)to_ms) : 0;
}

/* ---- learning ---- */

static void forget(struct arrivals *a, double passed_ms)
{
	const double week = exp(-passed_ms / WEEK_MS), day = exp(-passed_ms / DAY_MS);
	a->posts *= week;
	a->span *= week;
	a->posts_lately *= day;
	a->span_lately *= day;
	for (int i = 0; i < 4; i++)
		a->vector[i] *= week;
}

static void add_hour(struct arrivals *a, double ms)
{
	for (int h = 1; h <= 2; h++) {
		a->vector[2 * h - 2] += cos(angle_of(ms, h));
		a->vector[2 * h - 1] += sin(angle_of(ms, h));
	}
}

/* What happened lately is not what the week says: the source changed, and its week is over. The hours stay in proportion. */
static void doubt(struct arrivals *a)
{
	const double expected = rate_of(a) * a->span_lately;
	if (fabs(a->posts_lately - expected) <= POLLING_DOUBT * sqrt(expected + 1))
		return;
	const double scale = a->posts > 0 ? a->posts_lately / a->posts : 0;
	for (int i = 0; i < 4; i++)
		a->vector[i] *= scale;
	a->posts = a->posts_lately;
	a->span = a->span_lately;
}

/* Posts of a sight that are news: not those that were there for long. The dates of a first sight tell the rate before it. */
static double add_news(struct arrivals *a, const struct polling_sight *sight, bool is_first, double since, double *oldest)
{
	const double now = (double)sight->now_ms;
	double n = 0;
	for (size_t i = 0; i < sight->n; i++) {
		const double at = (double)sight->posted_ms[i];
		if (at < since || (is_first && at >= now))
			continue;
		*oldest = fmin(*oldest, at);
		add_hour(a, fmin(at, now));
		n++;
	}
	return n;
}

void polling_learn(struct source_arrivals *s, const struct polling_sight *sight)
{
	struct arrivals a = arrivals_of(s);
	const bool is_first = s->seen_ms <= 0;
	const double now = (double)sight->now_ms, seen = is_first ? now : fmin((double)s->seen_ms, now);
	const double span = busy_span(&a, seen, now);
	double oldest = now;
	forget(&a, now - seen);
	const double n = add_news(&a, sight, is_first, seen - (is_first ? WEEK_MS : DAY_MS), &oldest); /* zones are often wrong */
	a.posts += n;
	a.posts_lately += is_first ? 0 : n;
	a.span += is_first ? now - oldest : span;
	a.span_lately += span;
	doubt(&a);
	arrivals_keep(&a, s);
	s->seen_ms = sight->now_ms;
}

/* ---- the interval ---- */

/* What a poll after `wait` ms brings in fresh posts; it grows with the wait unless the source falls silent. */
static double gain_of(const struct arrivals *a, double now, double wait)
{
	const double x = wait / POLLING_FRESH_MS;
	const double rate = rate_of(a) * busy_span(a, now, now + wait) / wait;
	return rate * POLLING_FRESH_MS * (log1p(x) - x / (1 + x));
}

int64_t polling_interval(const struct source_arrivals *s, int64_t now_ms, int64_t most_ms)
{
	const struct arrivals a = arrivals_of(s);
	const double now = (double)now_ms, most = (double)most_ms;
	double wait = SHORTEST_MS, low = SHORTEST_MS;
	while (wait < most && gain_of(&a, now, wait) < POLLING_PRICE) {
		low = wait;
		wait *= 1.25;
	}
	wait = fmin(wait, most);
	for (int i = 0; i < 8; i++) {
		const double middle = (low + wait) / 2;
		if (gain_of(&a, now, middle) < POLLING_PRICE)
			low = middle;
		else
			wait = middle;
	}
	return (int64_t)wait;
}

/* ---- what servers and operators say ---- */

const char *const polling_why_names[] = {
	[POLLING_RATE] = "rate",
	[POLLING_EVERY] = "every",
	[POLLING_FLOOR] = "every_min",
	[POLLING_CEILING] = "every_max",
	[POLLING_HINT] = "hint",
	[POLLING_BOOST] = "boost",
	[POLLING_FAILURES] = "failures",
	[POLLING_TOLD] = "told",
	[POLLING_PAGES] = "pages",
	[POLLING_STANDING] = "standing",
	[POLLING_HEALTH] = "health",
	[POLLING_WEBSUB] = "websub",
};

static void settle(struct polling_plan *p, int64_t wait_ms, enum polling_why why)
{
	p->wait_ms = wait_ms;
	p->why = why;
}

static void plan_by_rate(struct polling_plan *p, const struct source_arrivals *s, const struct polling_terms *t, int64_t now_ms)
{
	const int64_t most_ms = t->max_ms > t->min_ms ? t->max_ms : t->min_ms;
	p->wish_ms = polling_interval(s, now_ms, most_ms);
	settle(p, p->wish_ms, p->wish_ms >= most_ms ? POLLING_CEILING : POLLING_RATE);
	if (t->boosted && t->failures == 0)
		settle(p, p->wish_ms / BOOST, POLLING_BOOST);
	if (p->wait_ms < t->min_ms)
		settle(p, t->min_ms, POLLING_FLOOR);
	const int64_t wished_ms = t->hint_ms < LIMIT_POLL_HINT_MS ? t->hint_ms : LIMIT_POLL_HINT_MS;
	const int64_t hint_ms = wished_ms < most_ms ? wished_ms : most_ms;
	if (p->wait_ms < hint_ms)
		settle(p, hint_ms, POLLING_HINT);
}

/* A hub pushes what is new: the poll only checks that it does. Not beyond the end of the lease, nor while a brand is in alert. */
static void plan_safety(struct polling_plan *p, const struct polling_terms *t, int64_t now_ms)
{
	int64_t wait_ms = p->wait_ms * SAFETY;
	if (t->push_until_ms <= now_ms || t->boosted)
		return;
	wait_ms = wait_ms > t->safety_ms ? wait_ms : t->safety_ms;
	wait_ms = wait_ms < MS_PER_DAY ? wait_ms : MS_PER_DAY;
	wait_ms = wait_ms < t->push_until_ms - now_ms ? wait_ms : t->push_until_ms - now_ms;
	if (wait_ms > p->wait_ms)
		settle(p, wait_ms, POLLING_WEBSUB);
}

static int64_t doubled(int64_t wait_ms, int64_t failures)
{
	const int64_t most_ms = wait_ms > LIMIT_POLL_BACKOFF_MS ? wait_ms : LIMIT_POLL_BACKOFF_MS;
	for (int64_t i = 0; i < failures && wait_ms < most_ms; i++)
		wait_ms *= 2;
	return wait_ms < most_ms ? wait_ms : most_ms;
}

struct polling_plan polling_plan(const struct source_arrivals *s, const struct polling_terms *t, int64_t now_ms)
{
	struct polling_plan p = { .wait_ms = t->every_ms, .wish_ms = t->every_ms, .why = POLLING_EVERY };
	if (t->every_ms <= 0)
		plan_by_rate(&p, s, t, now_ms);
	if (t->every_ms <= 0 && t->failures == 0)
		plan_safety(&p, t, now_ms);
	if (t->failures > 0)
		settle(&p, doubled(p.wait_ms, t->failures), POLLING_FAILURES);
	if (t->retry_after_ms > p.wait_ms)
		settle(&p, t->retry_after_ms, POLLING_TOLD);
	return p;
}

static int64_t seconds_of(struct str value)
{
	int64_t seconds = 0;
	if (!str_to_i64(str_trim(value), &seconds) || seconds < 0)
		return 0;
	return seconds < LIMIT_POLL_HINT_MS / MS_PER_SECOND ? seconds * MS_PER_SECOND : LIMIT_POLL_HINT_MS;
}

/* *told: the header says something of the age, even if it says 0. */
static int64_t max_age_ms(struct str directives, bool *told)
{
	struct str part;
	while (str_split(&directives, ',', &part)) {
		part = str_trim(part);
		*told |= str_istarts(part, STR("no-cache")) || str_istarts(part, STR("no-store"));
		if (str_istarts(part, STR("max-age="))) {
			*told = true;
			part = str_from(part, sizeof "max-age=" - 1);
			return seconds_of(part.n > 0 && part.p[0] == '"' ? str_first(str_from(part, 1), part.n - 2) : part);
		}
	}
	return 0;
}

int64_t polling_hint_ms(struct str header, int64_t now_ms)
{
	bool told = false;
	int64_t hint_ms = max_age_ms(http_header(header, "Cache-Control"), &told);
	if (told)
		hint_ms -= seconds_of(http_header(header, "Age"));
	else
		hint_ms = http_retry_after_ms(http_header(header, "Expires"), now_ms);
	return hint_ms < 0 ? 0 : hint_ms < LIMIT_POLL_HINT_MS ? hint_ms : LIMIT_POLL_HINT_MS;
}
