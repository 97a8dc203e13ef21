/* From page to page of a list or a thread. */
#include "crawler/paging.h"

#include <earshot/limits.h>

#include "common/base/url.h"
#include "crawler/standing.h"
#include "crawler/trap.h"

static void forget_validators(struct source_state *state)
{
	state->etag = state->last_modified = STR("");
	state->body_hash = 0;
}

void paging_restart(struct source_state *state)
{
	state->page = state->last = STR("");
	state->pages = state->shown = 0;
	forget_validators(state);
}

void paging_check(const struct source *s, struct source_state *state)
{
	const bool turns = s->how->recipe != NULL || s->how->kind == SOURCE_PAGE;
	const bool is_other = state->address.n > 0 && !str_eq(state->address, s->url);
	if (is_other || (!turns && paging_is_deep(state)))
		paging_restart(state);
	if (is_other) {
		state->thread = state->hop = STR("");
		state->hops = 0;
		standing_restart(state);
	}
	if (state->page.n == 0)
		state->pages = 0;
	state->address = s->url;
}

static struct str own_address(const struct source *s, const struct source_state *state)
{
	return standing_address(state, s->url, s->host);
}

struct str paging_address(const struct source *s, const struct source_state *state)
{
	return state->page.n > 0 ? state->page : state->last.n > 0 ? state->last : own_address(s, state);
}

bool paging_is_further(const struct source_state *state)
{
	return state->page.n > 0;
}

bool paging_is_deep(const struct source_state *state)
{
	return state->page.n > 0 || state->last.n > 0;
}

static int64_t most_pages(const struct source *s)
{
	return s->how->recipe != NULL ? recipe_most_pages(s->how->recipe) : LIMIT_THREAD_PAGES;
}

bool paging_insists(const struct source_state *state)
{
	return paging_is_further(state) && state->shown != 0;
}

bool paging_pauses(const struct source *s, int64_t pages)
{
	return s->how->recipe == NULL && pages > 0 && pages % LIMIT_THREAD_BURST == 0;
}

/* It has to be of the source's own host, whose turn it is, another page than this one, and no trap. */
static struct str allowed(struct arena *a, const struct source *s, const struct source_state *state, struct paging_sight *sight)
{
	struct url url;
	const struct str next = sight->in->next;
	if (next.n == 0 || state->pages + 1 >= most_pages(s) || url_parse(a, next, STR(""), &url, NULL) != OK)
		return STR("");
	const bool is_same =
		trap_is_same(a, url.href, paging_address(s, state)) || trap_is_same(a, url.href, own_address(s, state));
	if (!str_eq(url.host, s->host) || is_same)
		return STR("");
	sight->trap = trap_find(a, &(struct trap_sight){ .next = url.href, .own = s->url, .now_ms = sight->now_ms });
	return sight->trap == NULL ? url.href : STR("");
}

static int64_t hash_of_posts(const struct answer *in)
{
	uint64_t hash = 1;
	for (size_t i = 0; i < in->n; i++)
		hash = hash * 31 + str_hash(in->post[i].post.id);
	return (int64_t)(hash >> 1) | 1;
}

/* Read on to the end, whatever is known: a thread that was read half is known half. Some sites show the last page under every
 * further number. */
static struct str turn_thread(
	struct arena *a, const struct source *s, struct source_state *state, struct paging_sight *sight, bool *keep_validators)
{
	const struct answer *in = sight->in;
	const int64_t shown = hash_of_posts(in);
	const bool is_repeated = paging_is_further(state) && shown == state->shown;
	const struct str here = paging_address(s, state);
	const struct str next = is_repeated ? STR("") : allowed(a, s, state, sight);
	if (!paging_is_deep(state))
		state->thread = in->first;
	if (!is_repeated)
		state->last = str_eq(here, own_address(s, state)) ? STR("") : here;
	state->shown = shown;
	*keep_validators = next.n == 0 && !is_repeated && state->pages + 1 < most_pages(s);
	if (!*keep_validators)
		forget_validators(state);
	return next;
}

struct str paging_turn(
	struct arena *a, const struct source *s, struct source_state *state, struct paging_sight *sight, bool *keep_validators)
{
	/* A page alone may not tell: the last one of a list of reviews can hold a single review. The first of them decides. */
	const bool is_thread = s->how->recipe == NULL && (paging_is_deep(state) ? state->shown != 0 : sight->in->is_thread);
	if (is_thread)
		return turn_thread(a, s, state, sight, keep_validators);
	*keep_validators = !paging_is_deep(state);
	state->shown = 0;
	const bool all_new = sight->nseen > 0 && sight->nnew == sight->nseen;
	return all_new ? allowed(a, s, state, sight) : STR("");
}
