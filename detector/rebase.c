/* Ratios between rulebooks: from counted hits to a factor with its doubt, and along the chain of publications. */
#include "detector/rebase.h"

#include "common/base/clock.h"
#include "common/base/json.h"

#include <math.h>
#include <string.h>

#define FEW_HITS 20 /* fewer old hits: the new rate says more than the ratio */
#define MOST_HITS 1e12 /* more is no count */
#define LEAST_DAYS (1.0 / 24) /* nobody knows a rate from less */
#define SURE_DAYS 1.0 /* an archive that was switched on this morning has not seen the day */
#define BURSTS 4 /* posts come in bursts: hits are worth as many independent ones as a quarter of them */
#define DRIFT 0.2 /* doubt a factor of e brings: tomorrow's mixture is not the archive's */
#define CHAIN_MOST 8 /* publications between two versions */

static double clamp(double x, double least, double most)
{
	return x < least ? least : x > most ? most : x;
}

static bool are_hits(double n)
{
	return n >= 0 && n <= MOST_HITS;
}

/* Few posts in a short while: that both rulebooks find as many of them is chance. */
static bool tells_nothing(double hits, double days)
{
	return hits < FEW_HITS && days < SURE_DAYS;
}

struct rebase rebase_of(double old_hits, double new_hits, double days)
{
	if (!are_hits(old_hits) || !are_hits(new_hits) || !(days > 0))
		return (struct rebase){ .factor = 1, .doubt = REBASE_UNKNOWN };
	if (old_hits == new_hits)
		return (struct rebase){ .factor = 1, .doubt = tells_nothing(old_hits, days) ? REBASE_UNKNOWN : 0 };
	const double factor = clamp((new_hits + 1) / (old_hits + 1), REBASE_LEAST, REBASE_MOST);
	/* Hits both rulebooks have cancel; what is left is counted with the noise of counts. */
	const double fewer = fmin(old_hits, new_hits) + 1;
	const double chance = sqrt(BURSTS * fabs(new_hits - old_hits)) / fewer;
	return (struct rebase){ .factor = factor,
		.doubt = fmin(REBASE_UNKNOWN, hypot(chance, DRIFT * fabs(log(factor)))),
		.per_day = old_hits < FEW_HITS ? new_hits / fmax(days, LEAST_DAYS) : 0 };
}

struct rebase rebase_both(struct rebase first, struct rebase second)
{
	return (struct rebase){ .factor = clamp(first.factor * second.factor, REBASE_LEAST, REBASE_MOST),
		.doubt = fmin(REBASE_UNKNOWN, hypot(first.doubt, second.doubt)),
		.per_day = second.per_day > 0 ? second.per_day : first.per_day * second.factor };
}

struct rebase rebase_back(struct rebase there)
{
	return (struct rebase){ .factor = 1 / there.factor, .doubt = there.doubt };
}

/* {"span_ms":…,"brands":{"ID":{"all":[old,new],…}}}; a brand or series that is not there is not known. */
static bool read_ratios(struct str text, struct str brand, struct rebase out[WATCH__N])
{
	struct json *doc = json_parse(text, NULL);
	const char *id = brand.p; /* json_get wants a C string; brand ids of a rulebook are */
	const struct json *row = json_get(json_get(doc, "brands"), id);
	const double days = (double)json_i64_of(doc, "span_ms", 0) / (double)MS_PER_DAY;
	bool all = row != NULL;
	for (int w = 0; w < WATCH__N && all; w++) {
		const struct json *pair = json_get(row, watched_names[w]);
		all = json_size(pair) == 2;
		out[w] = rebase_of(json_double(json_at(pair, 0), -1), json_double(json_at(pair, 1), -1), days);
	}
	json_free(doc);
	return all;
}

/* Walks from record to record, from the younger version to the one it was measured against; SKIP when the chain does not lead
 * to the end of the way. */
static enum outcome walk(const struct rebase_way *way, struct rebase out[WATCH__N], struct err *e)
{
	const char *version = way->to;
	for (int w = 0; w < WATCH__N; w++)
		out[w] = (struct rebase){ .factor = 1 };
	for (int i = 0; i < CHAIN_MOST; i++) {
		struct rulebooks_record record;
		struct rebase link[WATCH__N];
		const enum outcome done = rulebooks_record(way->redis, way->arena, version, &record, e);
		if (done != OK)
			return done;
		if (record.base.n == 0 || !read_ratios(record.ratios, way->brand, link))
			return SKIP;
		for (int w = 0; w < WATCH__N; w++)
			out[w] = rebase_both(link[w], out[w]);
		if (str_eqc(record.base, way->from))
			return OK;
		version = arena_cstr(way->arena, record.base);
	}
	return SKIP;
}

enum outcome rebase_find(const struct rebase_way *way, struct rebase out[WATCH__N], struct err *e)
{
	struct rebase_way there = *way;
	there.brand.p = arena_cstr(way->arena, way->brand);
	enum outcome done = walk(&there, out, e);
	if (done != SKIP)
		return done;
	there.from = way->to;
	there.to = way->from;
	done = walk(&there, out, e);
	for (int w = 0; w < WATCH__N && done == OK; w++)
		out[w] = rebase_back(out[w]);
	for (int w = 0; w < WATCH__N && done == SKIP; w++)
		out[w] = (struct rebase){ .factor = 1, .doubt = REBASE_UNKNOWN };
	return done;
}
