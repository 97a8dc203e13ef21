/* What its answers make of a source: well, limited, challenged, gone, retired, broken; where it moved; when its page is asked for
 * whole. Pure: from what is known (struct source_state) and one answer to what is known then. The policy is the table in standing.c.
 *
 * - limited (429, 503): Retry-After, else a ladder: the interval and a random part of 2^n intervals on top ("full jitter").
 * - challenged: a gatekeeper wants to see a person (challenge.h). The same ladder; nobody tries to pass.
 * - gone (404): tried again as a failure; for GONE_MS without a success, or 410 at once: retired, asked once in RETIRED_MS.
 * - moved: an address that the configured one named STANDING_MOVES times in a row by 301 or 308 is learned. It is asked from then on
 *   when it is on the same host (whose turn it is) and no step back from https; else it is only told. It is forgotten when it does not
 *   answer by itself any more, or when the source is given another url.
 * - Validators are sent back as they came, and left out every now and then, so that a page that changed behind an unchanged ETag is
 *   found; where one was found so, more often. */
#ifndef EARSHOT_CRAWLER_STANDING_H
#define EARSHOT_CRAWLER_STANDING_H

#include "common/base/arena.h"
#include "common/store/sources.h"

#define STANDING_MOVES 3 /* times in a row before an address is learned */

enum standing {
	STANDING_NEW, /* never asked */
	STANDING_OK,
	STANDING_UNCHANGED, /* 304, or the same bytes */
	STANDING_LIMITED,
	STANDING_CHALLENGED,
	STANDING_GONE,
	STANDING_RETIRED,
	STANDING_BROKEN, /* everything else */
	STANDING__N,
};

/* One answer. */
struct standing_sight {
	int status; /* 0 = none came */
	bool is_fine; /* it was read, or needs no reading */
	bool is_same; /* nothing new: 304 or the same bytes */
	bool is_learned; /* it came from the learned address */
	const char *challenge; /* who asks for a person; NULL = nobody */
	int64_t wait_ms; /* asked for by Retry-After or the page; -1 = not */
	int64_t now_ms;
};

/* As it stands in Redis; a name of another build is new. */
const char *standing_name(enum standing s);
enum standing standing_of(const struct source_state *state);
enum standing standing_judge(const struct source_state *before, const struct standing_sight *sight);
/* Sets standing, standing_ms, gone_ms, limits, unchanged. True when the standing is another kind of trouble than before: tell. */
bool standing_step(struct source_state *state, const struct standing_sight *sight);
/* How long to leave it alone because of its standing; 0 = nothing special, the usual interval and back-off hold. `random` is any
 * number: it decides the jitter. */
int64_t standing_wait_ms(const struct source_state *state, int64_t every_ms, int64_t retry_after_ms, uint32_t random);

/* ---- addresses ---- */

/* Where the source is asked: its own url, or what was learned. `host` is the one of `url`. */
struct str standing_address(const struct source_state *state, struct str url, struct str host);

/* A fine answer to a request for the source's own page (no further one). */
struct standing_hop {
	struct str url, host; /* the source's */
	struct str final; /* which address answered */
	bool is_permanent; /* all the way there was 301 and 308 */
	bool is_learned; /* it was the learned one that was asked */
};
enum standing_move { MOVE_NONE, MOVE_LEARNED, MOVE_FORGOTTEN };
/* state->moved borrows from hop->final. */
enum standing_move standing_step_address(struct source_state *state, const struct standing_hop *hop);
void standing_forget_address(struct source_state *state);
/* Another url was configured: what was said of the old one says nothing. */
void standing_restart(struct source_state *state);

/* ---- whole or conditional ---- */

/* Leave the validators out this time? */
bool standing_wants_whole(const struct source_state *state, int64_t now_ms);
/* A whole body came; `is_lie`: with the validators of before, and with new posts. */
void standing_step_whole(struct source_state *state, bool is_lie, int64_t now_ms);
/* Statuses that say "not with these headers": the next request goes without validators. */
bool standing_dislikes_validators(int status);

/* A sentence or some for people: what it is, since when, and what follows. */
struct str standing_describe(struct arena *a, const struct source_state *state);

#endif
