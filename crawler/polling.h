/* How often a source is asked: from its past, what its server wishes and what the operator wrote, to the next interval. Pure.
 *
 * Posts of a source are taken for a Poisson process whose rate follows the hour of the day (Cho & Garcia-Molina, "Effective page
 * refresh policies for Web crawlers", 2003; Sia, Cho & Cho, "Efficient monitoring algorithm for fast news alerts", 2007). With a
 * fixed number of requests the mean delay is least when every source is asked in proportion to the square root of its rate, and
 * the typical (geometric mean) delay when in proportion to the rate. Neither gives the least median over all posts: whoever must see
 * half of them soon gives up on sources that hardly ever post, and asks all others alike. Between these stands what a post is worth that
 * is seen after d: 1 / (1 + d/F), half as much after F, which is POLLING_FRESH_MS. The sum over all posts is greatest where
 * each poll brings the same gain, which for a source of rate r is
 *
 *	r F (log(1 + x) - x / (1 + x)) = price,   x = interval / F
 *
 * a square root law while x is small, steeper and steeper as sources grow quiet. The interval is the shortest that reaches the
 * price, r being its mean from now until then: a night ends when the morning comes. So every source is decided by itself, and
 * POLLING_PRICE sets how many requests all of them make; nobody has to know the others.
 *
 * Learning: counts of the last week and of the last day, both decaying; when the day contradicts the week (POLLING_DOUBT standard
 * deviations), the week is forgotten. Hours are two harmonics, shrunk to flat while posts are few. */
#ifndef EARSHOT_CRAWLER_POLLING_H
#define EARSHOT_CRAWLER_POLLING_H

#include "common/store/sources.h"

struct polling_sight {
	int64_t now_ms;
	const int64_t *posted_ms; /* of the posts that were seen for the first time; in any order */
	size_t n;
};
/* The first sight teaches from the dates of what stood there already. */
void polling_learn(struct source_arrivals *s, const struct polling_sight *sight);
/* Posts expected in a stretch of time; 0 when it is empty. */
double polling_expected(const struct source_arrivals *s, int64_t from_ms, int64_t to_ms);
/* What the rate alone asks for, at most `most_ms`. */
int64_t polling_interval(const struct source_arrivals *s, int64_t now_ms, int64_t most_ms);

struct polling_terms {
	int64_t every_ms; /* written by the operator; 0 = by the source's rate */
	int64_t min_ms,
		max_ms; /* bounds of the rate's choice; what a server wishes moves it within them, what it insists on beyond */
	int64_t hint_ms; /* what the feed or its server wishes; 0 = nothing */
	int64_t retry_after_ms; /* what it insists on; 0 or less = nothing */
	int64_t failures; /* in a row */
	int64_t push_until_ms; /* a hub pushes what is new until then (crawler/websub.h); 0 = none does */
	int64_t safety_ms; /* then the least wait */
	bool boosted; /* a brand of the source is in alert: more often, as far as all of the above lets it; not while it fails */
};
/* What decided; the word stands in Redis as `why`. */
enum polling_why {
	POLLING_RATE,
	POLLING_EVERY,
	POLLING_FLOOR,
	POLLING_CEILING,
	POLLING_HINT,
	POLLING_FAILURES,
	POLLING_TOLD,
	POLLING_BOOST,
	POLLING_PAGES,
	POLLING_STANDING,
	POLLING_HEALTH,
	POLLING_WEBSUB,
	POLLING_WHY__N
};
extern const char *const polling_why_names[];

struct polling_plan {
	int64_t wait_ms; /* before jitter */
	int64_t wish_ms; /* what the rate, or the operator, asked for */
	enum polling_why why;
};
struct polling_plan polling_plan(const struct source_arrivals *s, const struct polling_terms *t, int64_t now_ms);
/* What the headers of an answer say of its next change: Cache-Control max-age less Age, else Expires less Date; 0 = nothing.
 * At most LIMIT_POLL_HINT_MS. */
int64_t polling_hint_ms(struct str header, int64_t now_ms);

/* "next poll at 2026-11-22T15:04:00Z, in 4 min 10 s: …", for people. */
struct str polling_explain(struct arena *a, const struct source_state *state, int64_t now_ms);

#endif
