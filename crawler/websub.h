/* WebSub (W3C Recommendation, 2018; hubs of PubSubHubbub 0.4 speak the same): a source whose feed names a hub is subscribed there, the hub
 * pushes what is new, and polls become slow and only check that it does. Pure: what is known of a subscription and one event to what
 * is known then. The policy is the table in websub.c; who does it: crawler/websub_keep.h.
 *
 *	wanted -> asked -> live -> renewing -> live …        denied: the hub said no, it is asked again after days
 *
 * - A request that fails, or that the hub does not verify within WEBSUB_VERIFY_MS, is repeated with growing pauses.
 * - A lease is renewed when 80 to 90 % of it are over, under the same callback and secret. When it ends, the source is polled as before.
 * - A hub is relied on (polls are slow) while the subscription is live, it has pushed something since, no more than WEBSUB_SILENCE posts
 *   were to be expected since its last push, and no poll found what it did not push.
 * - Such a miss ends the reliance for a day, two, four … seven; after that for as long as nothing is pushed. */
#ifndef EARSHOT_CRAWLER_WEBSUB_H
#define EARSHOT_CRAWLER_WEBSUB_H

#include "common/store/subscriptions.h"

#define WEBSUB_VERIFY_MS (10 * 60 * 1000) /* hubs may take their time */
#define WEBSUB_SILENCE 5.0 /* posts: of a Poisson process that many are missing by chance once in 150 times */
#define WEBSUB_GRACE_MS (5 * 60 * 1000) /* a post that is younger may still be on its way from the hub */
#define WEBSUB_SUSPECTS 2 /* polls with young or undated news and no push between, that are a miss, too */

enum websub_state { WEBSUB_NONE, WEBSUB_WANTED, WEBSUB_ASKED, WEBSUB_LIVE, WEBSUB_RENEWING, WEBSUB_DENIED, WEBSUB_STATE__N };
enum websub_event {
	WEBSUB_SENT, /* a request leaves */
	WEBSUB_FAILED, /* no answer, or one that is no */
	WEBSUB_VERIFIED, /* the hub asked whether it was us, and was told so */
	WEBSUB_REFUSED, /* hub.mode=denied */
	WEBSUB_LATE, /* no verification in time */
	WEBSUB_EXPIRED, /* the lease is over */
	WEBSUB_EVENT__N
};
extern const char *const websub_state_names[WEBSUB_STATE__N];
enum websub_state websub_state_of(const struct subscription *s); /* a word of another build is "wanted" */

/* One event. `lease_ms`: of WEBSUB_VERIFIED, as the hub granted it. `dice`: any number, decides the jitter. An event that a state has
 * no cell for changes nothing; false then. */
struct websub_happening {
	enum websub_event event;
	int64_t now_ms, lease_ms;
	uint32_t dice;
};
bool websub_step(struct subscription *s, const struct websub_happening *h);
/* Whether time alone has brought an event. */
bool websub_elapsed(const struct subscription *s, int64_t now_ms, enum websub_event *event);
bool websub_is_due(const struct subscription *s, int64_t now_ms); /* a request should leave */
bool websub_is_pending(const struct subscription *s); /* the hub may ask whether it was us */
bool websub_has_lease(const struct subscription *s, int64_t now_ms);

/* Until when polls may be slow; 0 = they may not. */
int64_t websub_covers_until(const struct subscription *s, const struct source_arrivals *arrivals, int64_t now_ms);
void websub_note_push(struct subscription *s, int64_t now_ms);
/* A poll: what it found that was new although it should have been pushed. `previous_ms`: the poll before it. True: it is not relied
 * on any more, tell. */
struct websub_poll {
	int64_t now_ms, previous_ms;
	const int64_t *posted_ms; /* of the new posts; of undated ones now_ms */
	size_t n;
};
bool websub_note_poll(struct subscription *s, const struct websub_poll *poll);

/* Sentences for people. Never the secret, never the path. */
struct str websub_describe(struct arena *a, const struct subscription *s, int64_t now_ms);

#endif
