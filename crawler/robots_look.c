/* The answer to GET /robots.txt, and what it means. */
#include "crawler/robots_look.h"

#include <earshot/limits.h>

#define FIRST_RETRY_MS 1000 /* doubled by every failure */
#define MOST_DOUBLINGS 12

struct http_request robots_look_request(struct arena *a, const struct source *s)
{
	return (struct http_request){
		.url = arena_printf(a, "%.*s/robots.txt", STR_FMT(s->origin)),
		.allow = s->how->allow,
		.nallow = s->how->nallow,
		.proxy = s->how->proxy,
		.follow = true,
	};
}

static int64_t within(int64_t ms, int64_t least, int64_t most)
{
	return ms < least ? least : ms > most ? most : ms;
}

int64_t robots_look_age_ms(struct str cache_control)
{
	int64_t age_ms = LIMIT_ROBOTS_AGE_MS;
	struct str part, name;
	while (str_split(&cache_control, ',', &part)) {
		int64_t seconds = 0;
		part = str_trim(part);
		if (str_ieq(part, STR("no-store")) || str_ieq(part, STR("no-cache")))
			return LIMIT_ROBOTS_YOUNG_MS;
		if (!str_split(&part, '=', &name) || !str_ieq(str_trim(name), STR("max-age")))
			continue;
		if (str_to_i64(str_trim(part), &seconds) && seconds < LIMIT_ROBOTS_AGE_MS / 1000)
			age_ms = seconds * 1000;
	}
	return within(age_ms, LIMIT_ROBOTS_YOUNG_MS, LIMIT_ROBOTS_AGE_MS);
}

static void note_good(const struct http_response *r, int64_t now_ms, struct robots_copy *copy)
{
	const bool has_rules = r->outcome == OK && r->status < 300;
	*copy = (struct robots_copy){
		.holds = has_rules ? ROBOTS_HOLDS_RULES : ROBOTS_HOLDS_NOTHING,
		.text = has_rules ? str_first(r->body, LIMIT_ROBOTS_BYTES) : STR(""),
		.fetched_ms = now_ms,
		.expires_ms = now_ms + robots_look_age_ms(http_header(r->header, "Cache-Control")),
		.status = r->status,
	};
}

static void note_failure(struct arena *a, const struct http_response *r, int64_t now_ms, struct robots_copy *copy)
{
	int64_t wait_ms = (int64_t)FIRST_RETRY_MS << (copy->failures < MOST_DOUBLINGS ? copy->failures : MOST_DOUBLINGS);
	wait_ms = wait_ms < LIMIT_ROBOTS_RETRY_MS ? wait_ms : LIMIT_ROBOTS_RETRY_MS;
	if (r->retry_after_ms > wait_ms)
		wait_ms = within(r->retry_after_ms, 0, LIMIT_ROBOTS_AGE_MS);
	copy->status = r->status;
	copy->failures++;
	copy->expires_ms = now_ms + wait_ms;
	copy->error = r->outcome == OK ? arena_printf(a, "it answered %d", r->status) : arena_copy(a, str_of(r->err.text));
}

bool robots_look_is_answer(const struct http_response *r)
{
	return r->outcome != REJECT || r->is_answered;
}

void robots_look_read(struct arena *a, const struct http_response *r, int64_t now_ms, struct robots_copy *copy)
{
	const bool is_loop = r->outcome == REJECT && r->hops >= LIMIT_REDIRECTS;
	if (is_loop || (r->outcome == OK && r->status < 500 && r->status != 429))
		note_good(r, now_ms, copy);
	else
		note_failure(a, r, now_ms, copy);
}

enum robots_holds robots_look_holds(const struct robots_copy *copy, int64_t now_ms)
{
	return copy->fetched_ms + LIMIT_ROBOTS_GOOD_MS < now_ms ? ROBOTS_HOLDS_NEVER : copy->holds;
}
