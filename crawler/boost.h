/* Sources of brands in alert are asked more often. Which brands those are Redis is asked every few seconds, in a trip that is made anyway
 * (boost_queue, boost_take). A brand's sources are those that lately found mentions of it (common/store/found.h), and those whose every post is
 * about it (`brands =`). Of a brand that is newly in alert their due times come forward (boost_turn); from then on polling_plan() gives them
 * the shorter interval, until the alert is over. What holds against the rate's wish holds against this one, too: every_min, the server's
 * wishes, `every`, back-off; and hosts keep their pauses, whoever waits for them.
 *
 * All of it is memory of one crawler, for the shards it holds, and is asked for again after a start, a reload or a take-over: the alert and
 * the finds are in Redis. */
#ifndef EARSHOT_CRAWLER_BOOST_H
#define EARSHOT_CRAWLER_BOOST_H

#include "crawler/crawl.h"

struct boost;

struct boost *boost_new(size_t nsources);
void boost_free(struct boost *b);

/* The next question, when it is time; its answer, taken in the same order. */
void boost_queue(struct crawl *c, struct arena *a, int64_t now_ms);
enum outcome boost_take(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;
/* Brings due times forward, some in each turn: costs no trip while no brand is newly in alert. */
enum outcome boost_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e) MUST_CHECK;

/* A visit of the source found mentions of `n` brands. */
void boost_found(struct boost *b, size_t source, const struct str *brand, size_t n);
/* Fills state->boost and boost_ms for the next plan; the text is borrowed until the next boost_take(). */
void boost_mark(const struct boost *b, size_t source, struct source_state *state);

/* ---- pure, for tests ---- */

/* Puts a look's answer in force: brands in alert, each with since when. */
struct boost_alert {
	struct str brand;
	int64_t since_ms;
};
void boost_follow(struct boost *b, const struct boost_alert *alert, size_t n);
/* When a source that was planned as `state` says is asked if it is boosted, written into `state` as a plan; false: as before. `state->boost`
 * names the brand. */
bool boost_plan(const struct source *s, struct source_state *state, int64_t now_ms);

#endif
