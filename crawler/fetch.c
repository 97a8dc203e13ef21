/* One source on its way. */
#include "crawler/fetch.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "crawler/paging.h"

#include <stdlib.h>

#define MAX_BACKOFF_MS MS_PER_HOUR

struct crawl_fetch *fetch_new(const struct source *source, size_t at)
{
	struct crawl_fetch *f = calloc(1, sizeof *f);
	if (f == NULL)
		abort();
	f->source = source;
	f->at = at;
	arena_init(&f->arena, 1u << 20);
	return f;
}

void fetch_free(struct crawl_fetch *f)
{
	if (f == NULL)
		return;
	arena_release(&f->arena);
	free(f);
}

void fetch_remember(struct crawl_fetch *f, const struct source_state *state)
{
	f->state = *state;
	f->state.etag = arena_copy(&f->arena, state->etag);
	f->state.last_modified = arena_copy(&f->arena, state->last_modified);
	f->state.error = arena_copy(&f->arena, state->error);
	f->state.page = arena_copy(&f->arena, state->page);
	f->state.last = arena_copy(&f->arena, state->last);
	f->state.thread = arena_copy(&f->arena, state->thread);
	paging_check(f->source, &f->state);
}

enum outcome fetch_start(struct http *http, struct crawl_fetch *f, struct err *e)
{
	const struct source *s = f->source;
	const bool is_further = paging_is_further(&f->state); /* never asked for before */
	const struct http_request request = {
		.url = paging_address(s, &f->state),
		.header = s->header.item,
		.nheaders = s->header.n,
		.if_none_match = f->unconditional || is_further ? STR("") : f->state.etag,
		.if_modified_since = f->unconditional || is_further ? STR("") : f->state.last_modified,
		.allow = s->allow,
		.nallow = s->nallow,
		.follow = true,
		.owner = f,
	};
	return http_start(http, &request, e);
}

static int64_t jitter(int64_t ms)
{
	uint32_t r = 0;
	crypto_random(&r, sizeof r);
	return ms + (int64_t)((double)ms * 0.1 * ((double)r / 4294967296.0));
}

int64_t fetch_next_ms(const struct source *s, const struct source_state *state, int64_t retry_after_ms, int64_t now_ms)
{
	int64_t wait = s->every_ms;
	for (int64_t i = 0; i < state->failures && wait < MAX_BACKOFF_MS; i++)
		wait *= 2;
	if (state->failures > 0 && wait > MAX_BACKOFF_MS)
		wait = s->every_ms > MAX_BACKOFF_MS ? s->every_ms : MAX_BACKOFF_MS;
	if (retry_after_ms > wait)
		wait = retry_after_ms;
	return now_ms + (retry_after_ms >= wait ? wait : jitter(wait));
}
