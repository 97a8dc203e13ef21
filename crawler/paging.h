/* Which page of a list or a thread is asked for, and where the next visit begins. Pure.
 *
 * A visit begins at the source's address and turns the page while everything is new: what is behind a known post is known. A thread
 * grows at its end: it is read to its last page once, and from then on a visit begins there (state.last), one request a visit. A
 * page of a visit that is not its first is asked for without validators: they belong to the page that visits begin with. */
#ifndef EARSHOT_CRAWLER_PAGING_H
#define EARSHOT_CRAWLER_PAGING_H

#include "common/store/sources.h"
#include "crawler/answer.h"

/* What is known of another address says nothing about this one. */
void paging_check(const struct source *s, struct source_state *state);
/* The source is read anew from its beginning: Redis forgot what was read, or the page where visits began is gone. */
void paging_restart(struct source_state *state);
/* What to ask for now. */
struct str paging_address(const struct source *s, const struct source_state *state);
bool paging_is_further(const struct source_state *state); /* within a visit: no first page of it */
/* In a visit, or at a page that is not the source's own: nothing there is no trouble when the source's own page is well. */
bool paging_is_deep(const struct source_state *state);

struct paging_sight {
	const struct answer *in;
	size_t nseen, nnew; /* posts that were not refused; those of them that were not known */
	int64_t now_ms;
	const char *trap; /* told: why the next page is not asked for (trap.h); NULL = it is none */
};
/* After a page whose posts are in their streams: the address of the next page of this visit, "" = it is over. Sets state->last,
 * thread, shown; *keep_validators: the next visit begins with this page. New strings live in `a`. */
struct str paging_turn(
	struct arena *a, const struct source *s, struct source_state *state, struct paging_sight *sight, bool *keep_validators);
/* After a failure: the same page is asked for again, for what is behind it cannot be found from the beginning. */
bool paging_insists(const struct source_state *state);
/* A pause in the middle: a long thread is read in pieces, one an interval. */
bool paging_pauses(const struct source *s, int64_t pages);

#endif
