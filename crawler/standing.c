/* What its answers make of a source: one table of statuses, one of standings, and the few numbers that are remembered. */
#include "crawler/standing.h"

#include "common/base/clock.h"

#define GONE_MS (7 * MS_PER_DAY) /* of 404 without a success, then it is retired */
#define RETIRED_MS (7 * MS_PER_DAY) /* one look a week: boards come back */
#define LADDER_MS (6 * MS_PER_HOUR) /* most that the ladder adds */
#define LADDER_RUNGS 16
#define WHOLE_MS MS_PER_DAY /* a page is asked for whole at least so often, if it was unchanged meanwhile … */
#define WHOLE_UNCHANGED 50 /* … and after so many 304; halved for each time that a server was caught */
#define SPREAD 10 /* a wait that was asked for is met, and a tenth of it at most added, so that not all come back at once */
#define SPREAD_MS MS_PER_MINUTE

static const struct {
	int status;
	enum standing standing;
} policy[] = {
	{ 404, STANDING_GONE },
	{ 410, STANDING_RETIRED },
	{ 429, STANDING_LIMITED },
	{ 503, STANDING_LIMITED },
}; /* everything else that cannot be read is broken */

static const struct {
	const char *name, *about;
} words[STANDING__N] = {
	[STANDING_NEW] = { "new", "it was not asked yet" },
	[STANDING_OK] = { "ok", "it answers, and is read" },
	[STANDING_UNCHANGED] = { "unchanged", "it answers, with nothing new" },
	[STANDING_LIMITED] = { "limited", "it asks to be left alone for a while; raise every or delay if this goes on" },
	[STANDING_CHALLENGED] = { "challenged",
		"it wants visitors to prove that they are people; earshot does not try to: ask its owner for access, a "
		"feed or an API" },
	[STANDING_GONE] = { "gone", "its page is not found; after a week of that it is asked once a week only" },
	[STANDING_RETIRED] = { "retired",
		"its page is gone for good; it is asked once a week: take it out, or give it another name and url" },
	[STANDING_BROKEN] = { "broken", "it cannot be read; it is tried again with growing pauses" },
};

static bool is_well(enum standing s)
{
	return s == STANDING_NEW || s == STANDING_OK || s == STANDING_UNCHANGED;
}

const char *standing_name(enum standing s)
{
	return words[s].name;
}

enum standing standing_of(const struct source_state *state)
{
	for (enum standing s = STANDING_NEW; s < STANDING__N; s++)
		if (str_eqc(state->standing, words[s].name))
			return s;
	return STANDING_NEW;
}

static enum standing by_status(const struct standing_sight *sight)
{
	for (size_t i = 0; i < sizeof policy / sizeof policy[0]; i++)
		if (policy[i].status == sight->status)
			return policy[i].standing;
	return sight->wait_ms > 0 ? STANDING_LIMITED : STANDING_BROKEN;
}

enum standing standing_judge(const struct source_state *before, const struct standing_sight *sight)
{
	if (sight->is_fine)
		return sight->is_same ? STANDING_UNCHANGED : STANDING_OK;
	if (sight->challenge != NULL)
		return STANDING_CHALLENGED;
	const enum standing s = by_status(sight);
	if (s != STANDING_GONE && s != STANDING_RETIRED)
		return s;
	if (sight->is_learned)
		return STANDING_BROKEN; /* says nothing about the configured address, which is asked next */
	const bool is_long = before->gone_ms > 0 && sight->now_ms - before->gone_ms >= GONE_MS;
	return is_long ? STANDING_RETIRED : s;
}

bool standing_step(struct source_state *state, const struct standing_sight *sight)
{
	const enum standing was = standing_of(state), is = standing_judge(state, sight);
	const bool is_gone = is == STANDING_GONE || is == STANDING_RETIRED;
	if (was != is && !(is_well(was) && is_well(is) && was != STANDING_NEW))
		state->standing_ms = sight->now_ms;
	state->standing = str_of(words[is].name);
	state->gone_ms = is_well(is) ? 0 : is_gone && state->gone_ms == 0 ? sight->now_ms : state->gone_ms;
	state->limits = is_well(is) ? 0 : state->limits + (is == STANDING_LIMITED || is == STANDING_CHALLENGED);
	state->unchanged += sight->status == 304 && is == STANDING_UNCHANGED;
	return was != is && !is_well(is);
}

/* 2^n intervals, LADDER_MS at most, of which `random` takes a part. */
static int64_t ladder_ms(int64_t every_ms, int64_t n, uint32_t random)
{
	int64_t top = every_ms;
	for (int64_t i = 0; i < n && i < LADDER_RUNGS && top < LADDER_MS; i++)
		top *= 2;
	if (top > LADDER_MS)
		top = LADDER_MS;
	return (int64_t)((double)top * ((double)random / 4294967296.0));
}

static int64_t spread_ms(int64_t wait_ms, uint32_t random)
{
	const int64_t most = wait_ms / SPREAD < SPREAD_MS ? wait_ms / SPREAD : SPREAD_MS;
	return (int64_t)((double)most * ((double)random / 4294967296.0));
}

int64_t standing_wait_ms(const struct source_state *state, int64_t every_ms, int64_t retry_after_ms, uint32_t random)
{
	int64_t wait_ms = 0;
	switch (standing_of(state)) {
	case STANDING_LIMITED:
		wait_ms = retry_after_ms > 0 ? every_ms : every_ms + ladder_ms(every_ms, state->limits, random);
		break;
	case STANDING_CHALLENGED:
		wait_ms = every_ms + ladder_ms(every_ms, state->limits, random);
		break;
	case STANDING_RETIRED:
		wait_ms = RETIRED_MS + spread_ms(RETIRED_MS, random);
		break;
	default:
		return 0;
	}
	return retry_after_ms > wait_ms ? retry_after_ms + spread_ms(retry_after_ms, random) : wait_ms;
}

/* ---- addresses ---- */

/* Is `address`, as url_parse() writes it, of this host? */
static bool is_on(struct str address, struct str host)
{
	const ptrdiff_t at = str_find(address, STR("://"));
	const struct str rest = str_from(address, (size_t)(at < 0 ? (ptrdiff_t)address.n : at + 3));
	if (host.n == 0 || !str_starts(rest, host))
		return false;
	return rest.n == host.n || rest.p[host.n] == ':' || rest.p[host.n] == '/' || rest.p[host.n] == '?';
}

struct str standing_address(const struct source_state *state, struct str url, struct str host)
{
	return state->moves >= STANDING_MOVES && is_on(state->moved, host) ? state->moved : url;
}

void standing_forget_address(struct source_state *state)
{
	state->moved = STR("");
	state->moves = 0;
}

void standing_restart(struct source_state *state)
{
	standing_forget_address(state);
	state->standing = STR("");
	state->standing_ms = state->gone_ms = state->limits = state->unchanged = state->whole_ms = state->lies = 0;
}

static bool is_step_back(struct str from, struct str to)
{
	return str_istarts(from, STR("https:")) && !str_istarts(to, STR("https:"));
}

enum standing_move standing_step_address(struct source_state *state, const struct standing_hop *hop)
{
	if (hop->is_learned) {
		if (str_eq(hop->final, state->moved))
			return MOVE_NONE;
		standing_forget_address(state);
		return MOVE_FORGOTTEN;
	}
	const bool was_learned = state->moves >= STANDING_MOVES;
	if (!hop->is_permanent || is_step_back(hop->url, hop->final) || str_eq(hop->url, hop->final)) {
		standing_forget_address(state);
		return was_learned ? MOVE_FORGOTTEN : MOVE_NONE;
	}
	if (!str_eq(state->moved, hop->final)) {
		state->moved = hop->final;
		state->moves = 0;
	}
	state->moves += state->moves < STANDING_MOVES;
	return state->moves == STANDING_MOVES && !was_learned ? MOVE_LEARNED : MOVE_NONE;
}

/* ---- whole or conditional ---- */

bool standing_wants_whole(const struct source_state *state, int64_t now_ms)
{
	const int64_t most = WHOLE_UNCHANGED >> (state->lies < 5 ? state->lies : 5);
	return state->unchanged >= most || (state->unchanged > 0 && now_ms - state->whole_ms >= WHOLE_MS);
}

void standing_step_whole(struct source_state *state, bool is_lie, int64_t now_ms)
{
	state->lies += is_lie;
	state->unchanged = 0;
	state->whole_ms = now_ms;
}

bool standing_dislikes_validators(int status)
{
	return status == 400 || status == 412 || status == 413 || status == 431;
}

/* ---- words ---- */

struct str standing_describe(struct arena *a, const struct source_state *state)
{
	char since[32], whole[32];
	const enum standing s = standing_of(state);
	struct str out = arena_printf(a, "%s: %s", words[s].name, words[s].about);
	if (state->standing_ms > 0)
		out = arena_printf(a, "%.*s (since %s)", STR_FMT(out), clock_iso(state->standing_ms, since));
	if (!is_well(s))
		out = arena_printf(a, "%.*s. %lld failures in a row, the last: %.*s", STR_FMT(out), (long long)state->failures,
			STR_FMT(state->error));
	if (is_well(s) && state->unchanged > 0)
		out = arena_printf(a, "%.*s. %lld times unchanged (304) since it was asked for whole at %s", STR_FMT(out),
			(long long)state->unchanged, clock_iso(state->whole_ms, whole));
	if (state->lies > 0)
		out = arena_printf(a,
			"%.*s. Its server said %lld times that nothing changed when something had; it is asked for whole more "
			"often",
			STR_FMT(out), (long long)state->lies);
	if (state->moves >= STANDING_MOVES)
		out = arena_printf(
			a, "%.*s. It moved for good to %.*s; write that as its url", STR_FMT(out), STR_FMT(state->moved));
	return out;
}
