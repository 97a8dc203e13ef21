/* What one crawler knows of its hosts' robots.txt. */
#include "crawler/robots_keep.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "crawler/robots.h"

#include <stdlib.h>

#define FEWEST_SLOTS 64u
#define MOST_SLOTS 65536u
#define NEIGHBOURS 16u
#define LOOK_AGAIN_MS 1000 /* a host whose robots.txt is under way is not asked about in Redis at every turn */

/* One host: what its copy came to, in one piece of memory. */
struct known {
	struct str origin, error;
	enum robots_holds holds;
	struct robots robots; /* rules and delay alone */
	int64_t expires_ms, read_ms; /* read_ms: when Redis was asked */
	size_t bytes;
};

/* A host stands in one of NEIGHBOURS slots; when all are taken another host gives way, and costs a round trip the next time. */
struct robots_keep {
	struct known **slot;
	size_t nslots; /* a power of two */
	size_t bytes;
	struct arena arena; /* of one call */
	struct str agent;
};

struct robots_keep *robots_keep_new(struct str user_agent, size_t room)
{
	struct robots_keep *k = calloc(1, sizeof *k);
	size_t n = FEWEST_SLOTS;
	while (n < 2 * room && n < MOST_SLOTS)
		n *= 2;
	if (k == NULL)
		abort();
	k->slot = calloc(n, sizeof(struct known *));
	if (k->slot == NULL)
		abort();
	k->nslots = n;
	k->agent = robots_token(user_agent);
	arena_init(&k->arena, LIMIT_ARENA_BYTES);
	return k;
}

static void forget(struct robots_keep *k, struct known **slot)
{
	if (*slot != NULL)
		k->bytes -= (*slot)->bytes;
	free(*slot);
	*slot = NULL;
}

void robots_keep_free(struct robots_keep *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->nslots; i++)
		forget(k, &k->slot[i]);
	free(k->slot);
	arena_release(&k->arena);
	free(k);
}

/* Where the host is, else where it may be put. */
static struct known **slot_of(const struct robots_keep *k, struct str origin)
{
	const size_t home = str_hash(origin) & (k->nslots - 1);
	struct known **free_slot = NULL;
	for (size_t i = 0; i < NEIGHBOURS; i++) {
		struct known **slot = &k->slot[(home + i) & (k->nslots - 1)];
		if (*slot != NULL && str_eq((*slot)->origin, origin))
			return slot;
		if (*slot == NULL && free_slot == NULL)
			free_slot = slot;
	}
	return free_slot != NULL ? free_slot : &k->slot[home];
}

static const struct known *find(const struct robots_keep *k, struct str origin)
{
	const struct known *known = *slot_of(k, origin);
	return known != NULL && str_eq(known->origin, origin) ? known : NULL;
}

/* ---- into memory ---- */

static struct str put(char **at, struct str s)
{
	const struct str copy = { *at, s.n };
	if (s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

static struct known *pack(struct str origin, const struct robots_copy *copy, const struct robots *robots)
{
	size_t bytes = sizeof(struct known) + robots->nrules * sizeof(struct robots_rule) + origin.n + copy->error.n;
	for (size_t i = 0; i < robots->nrules; i++)
		bytes += robots->rule[i].pattern.n;
	struct known *known = malloc(bytes);
	if (known == NULL)
		abort();
	struct robots_rule *rule = (struct robots_rule *)(known + 1);
	char *at = (char *)(rule + robots->nrules);
	*known = (struct known){ .expires_ms = copy->expires_ms, .robots = *robots, .bytes = bytes };
	known->origin = put(&at, origin);
	known->error = put(&at, copy->error);
	known->robots.rule = rule;
	known->robots.sitemap = NULL;
	known->robots.nsitemaps = 0;
	for (size_t i = 0; i < robots->nrules; i++) {
		rule[i] = robots->rule[i];
		rule[i].pattern = put(&at, robots->rule[i].pattern);
	}
	return known;
}

static const struct known *remember(struct robots_keep *k, struct str origin, const struct robots_copy *copy, int64_t now_ms)
{
	struct robots robots = { .delay_ms = -1 };
	struct known **slot = slot_of(k, origin);
	const enum robots_holds holds = robots_look_holds(copy, now_ms);
	if (holds == ROBOTS_HOLDS_RULES)
		robots_parse(&k->arena, copy->text, k->agent, &robots);
	struct known *known = pack(origin, copy, &robots);
	known->holds = holds;
	known->read_ms = now_ms;
	forget(k, slot);
	if (k->bytes + known->bytes > LIMIT_ROBOTS_KNOWN_BYTES)
		for (size_t i = 0; i < k->nslots; i++)
			forget(k, &k->slot[i]);
	*slot = known;
	k->bytes += known->bytes;
	return known;
}

/* ---- asking ---- */

static bool is_asked(const struct source *s)
{
	return s->how->kind != SOURCE_IMAP && !s->how->ignores_robots && s->origin.n > 0;
}

static void refuse_rule(const struct source *s, const struct robots_rule *by, int64_t now_ms, struct robots_answer *out)
{
	out->word = ROBOTS_REFUSED;
	out->again_ms = now_ms + LIMIT_ROBOTS_REFUSED_MS;
	(void)err_set(&out->why, REJECT,
		"robots.txt of %.*s disallows %.*s for earshot (its line %u); ask the site, use its feed or API, or set robots = "
		"ignore "
		"in the source if you have its permission",
		STR_FMT(s->host), STR_FMT(str_first(s->robots_path, 120)), by->line);
}

static void refuse_unread(const struct source *s, const struct known *known, struct robots_answer *out)
{
	out->word = ROBOTS_REFUSED;
	out->again_ms = known->expires_ms;
	(void)err_set(&out->why, RETRY, "robots.txt of %.*s cannot be read, so nothing else of it is fetched: %.*s",
		STR_FMT(s->host), STR_FMT(str_first(known->error, 300)));
}

static void judge(const struct known *known, const struct source *s, int64_t now_ms, struct robots_answer *out)
{
	const struct robots_rule *by = NULL;
	out->word = ROBOTS_GO;
	if (known->holds == ROBOTS_HOLDS_NEVER)
		refuse_unread(s, known, out);
	else if (!robots_allows(&known->robots, s->robots_path, &by))
		refuse_rule(s, by, now_ms, out);
}

/* The arena of this call instead of the caller's: texts of robots.txt are large, and a turn has many. */
static struct partition own_partition(struct robots_keep *k, const struct partition *p)
{
	struct partition own = *p;
	arena_reset(&k->arena);
	own.arena = &k->arena;
	return own;
}

bool robots_keep_knows(const struct robots_keep *k, const struct source *s, int64_t now_ms)
{
	const struct known *known = find(k, s->origin);
	return !is_asked(s) || (known != NULL && (known->expires_ms > now_ms || known->read_ms + LOOK_AGAIN_MS > now_ms));
}

enum outcome robots_keep_take(
	struct robots_keep *k, const struct partition *p, const struct source *s, int64_t now_ms, struct err *e)
{
	struct robots_copy copy;
	const struct partition own = own_partition(k, p);
	const enum outcome done = robots_copy_take(&own, &copy, e);
	if (done == OK)
		(void)remember(k, s->origin, &copy, now_ms);
	return done;
}

void robots_keep_ask(const struct robots_keep *k, const struct source *s, int64_t now_ms, struct robots_answer *out)
{
	const struct known *known = find(k, s->origin);
	*out = (struct robots_answer){ .word = ROBOTS_GO };
	if (!is_asked(s))
		return;
	if (known == NULL || known->expires_ms <= now_ms)
		out->word = ROBOTS_ASK;
	else
		judge(known, s, now_ms, out);
}

bool robots_keep_allows(const struct robots_keep *k, const struct source *s, struct str address)
{
	const struct known *known = is_asked(s) ? find(k, s->origin) : NULL;
	const struct robots_rule *by = NULL;
	if (known == NULL || !str_starts(address, s->origin))
		return true;
	struct arena a;
	arena_init(&a, 1u << 20);
	const bool allowed = robots_allows(&known->robots, robots_escape(&a, robots_path(&a, address)), &by);
	arena_release(&a);
	return allowed;
}

int64_t robots_keep_delay_ms(const struct robots_keep *k, const struct source *s)
{
	const struct known *known = is_asked(s) ? find(k, s->origin) : NULL;
	int64_t delay_ms = known != NULL ? known->robots.delay_ms : -1;
	if (delay_ms > LIMIT_ROBOTS_DELAY_MS)
		delay_ms = LIMIT_ROBOTS_DELAY_MS;
	return delay_ms > s->how->delay_ms ? delay_ms : s->how->delay_ms;
}

enum outcome robots_keep_answer(struct robots_keep *k, const struct partition *p, const struct robots_sight *sight,
	struct robots_copy *out, struct err *e)
{
	const struct partition own = own_partition(k, p);
	const enum outcome done = robots_copy_take(&own, out, e);
	if (done != OK)
		return done;
	robots_look_read(&k->arena, sight->r, sight->now_ms, out);
	(void)remember(k, sight->source->origin, out, sight->now_ms);
	out->error = arena_copy(p->arena, out->error);
	if (out->failures > 0)
		out->text = STR(""); /* it is in Redis already */
	return OK;
}

enum outcome robots_keep_once(struct arena *a, struct http *http, struct str user_agent, const struct source *s, struct err *e)
{
	if (!is_asked(s))
		return OK;
	struct http_response r = { 0 };
	struct robots_copy copy = { 0 };
	struct robots_answer answer = { .word = ROBOTS_GO };
	const int64_t now_ms = clock_now_ms();
	const struct http_request request = robots_look_request(a, s);
	http_fetch(http, &request, &r);
	if (robots_look_is_answer(&r)) {
		robots_look_read(a, &r, now_ms, &copy);
		struct known known = { .error = copy.error, .holds = copy.holds };
		if (copy.holds == ROBOTS_HOLDS_RULES)
			robots_parse(a, copy.text, robots_token(user_agent), &known.robots);
		judge(&known, s, now_ms, &answer);
	} else {
		answer = (struct robots_answer){ .word = ROBOTS_REFUSED, .why = r.err };
	}
	http_response_release(&r);
	return answer.word == ROBOTS_GO ? OK : err_set(e, answer.why.outcome, "%s", answer.why.text);
}
