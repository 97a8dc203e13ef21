/* Hits of two rulebooks over the same posts, of each brand and watched series, as JSON. */
#include "cli/rules_measure.h"

#include "common/base/clock.h"
#include "common/base/json.h"

#define RATIOS_BYTES ((size_t)4 << 20)

static const int measured[WATCH__N] = {
	[WATCH_ALL] = BACKTEST_ALL,
	[WATCH_NEGATIVE] = BACKTEST_NEGATIVE,
	[WATCH_COMPLAINT] = BACKTEST_COMPLAINT,
};

/* A brand that only one of the books has is new or gone: there is nothing to compare. */
static void write_brand(struct buf *out, struct arena *a, const struct backtest_brand *b)
{
	if (b->pair.old == NULL || b->pair.new == NULL)
		return;
	buf_json_key(out, arena_cstr(a, b->pair.new->id));
	buf_addc(out, '{');
	for (int w = 0; w < WATCH__N; w++) {
		buf_json_key(out, watched_names[w]);
		buf_addf(out, "[%lld,%lld]", (long long)b->count[BOOK_OLD][measured[w]],
			(long long)b->count[BOOK_NEW][measured[w]]);
	}
	buf_addc(out, '}');
}

static struct str write_ratios(struct arena *a, const struct backtest *b)
{
	struct buf out;
	const int64_t span_ms = b->to_ms - b->from_ms;
	buf_init(&out, RATIOS_BYTES);
	buf_addc(&out, '{');
	buf_json_int(&out, "span_ms", span_ms > MS_PER_HOUR ? span_ms : MS_PER_HOUR);
	buf_json_int(&out, "posts", b->posts);
	buf_json_key(&out, "brands");
	buf_addc(&out, '{');
	for (size_t i = 0; i < b->nbrands; i++)
		write_brand(&out, a, &b->brand[i]);
	buf_addz(&out, "}}");
	const struct str json = out.overflow ? STR("") : arena_copy(a, buf_str(&out)); /* more brands than there may be */
	buf_release(&out);
	return json;
}

enum outcome rules_measure(const struct rulebook *old, const struct rulebook *new, struct past *past, struct arena *a,
	struct str *out, struct err *e)
{
	struct backtest b;
	static const struct backtest_options options = { 0 }; /* counts alone: no samples, no incidents, no cost */
	*out = STR("");
	backtest_init(&b, old, new, &options);
	const enum outcome done = backtest_run(&b, &past->source, e);
	if (done == OK && b.posts > 0)
		*out = write_ratios(a, &b);
	backtest_release(&b);
	return done;
}

static void tell_brand(struct buf *out, const struct json *brand)
{
	bool differs = false;
	for (int w = 0; w < WATCH__N; w++) {
		const struct json *pair = json_get(brand, watched_names[w]);
		differs = differs || json_double(json_at(pair, 0), 0) != json_double(json_at(pair, 1), 0);
	}
	if (!differs)
		return;
	buf_addf(out, "  %.*s:", STR_FMT(json_key(brand)));
	for (int w = 0; w < WATCH__N; w++) {
		const struct json *pair = json_get(brand, watched_names[w]);
		buf_addf(out, "%s %s %.0f -> %.0f", w > 0 ? "," : "", watched_names[w], json_double(json_at(pair, 0), 0),
			json_double(json_at(pair, 1), 0));
	}
	buf_addc(out, '\n');
}

void rules_measure_tell(struct buf *out, struct str ratios)
{
	struct json *doc = json_parse(ratios, NULL);
	const struct json *brands = json_get(doc, "brands");
	if (doc != NULL)
		buf_addf(out, "measured on %lld posts:\n", (long long)json_i64_of(doc, "posts", 0));
	for (const struct json *b = json_first(brands); b != NULL; b = json_next(b))
		tell_brand(out, b);
	json_free(doc);
}
