/* earshot stats: how much was counted in each dimension, brand by brand. */
#include "cli/commands.h"

#include "cli/stored.h"
#include "common/base/clock.h"
#include "common/store/buckets.h"
#include <earshot/rule.h>

#include <stdio.h>

#define MOST_DIMENSIONS 64
#define MINUTES_UP_TO_MS (2 * MS_PER_DAY) /* longer spans are summed by the hour: minutes are kept for a month only */

static const struct option_row stats_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "since", true, "how far back: 30m, 2h, 7d (default 24h); spans above 2d are counted in whole hours" },
	{ "json", false, "one JSON object a brand and line" },
	{ NULL, false, NULL },
};

static const char *const plain[] = { "all", "negative", "neutral", "positive", "complaint", "own", "backfill" };
static const char *const families[] = { "forum", "news", "review", "complaint", "social", "blog", "video", "other" };
static const char *const counters[] = { "likes", "replies", "shares", "views" };

struct row {
	struct str dimension;
	double sum;
};
struct table {
	struct row row[MOST_DIMENSIONS];
	size_t n;
};

static void add_rows(struct table *t, struct arena *a, const char *prefix, const char *const *name, size_t n)
{
	for (size_t i = 0; i < n && t->n < MOST_DIMENSIONS; i++)
		if (name[i][0])
			t->row[t->n++].dimension = arena_printf(a, "%s%s", prefix, name[i]);
}

static void make_rows(struct table *t, struct arena *a)
{
	*t = (struct table){ 0 };
	add_rows(t, a, "", plain, sizeof(plain) / sizeof(plain[0]));
	add_rows(t, a, "category:", category_names, CAT__N);
	add_rows(t, a, "source:", families, sizeof(families) / sizeof(families[0]));
	add_rows(t, a, "", counters, sizeof(counters) / sizeof(counters[0]));
}

static enum outcome take_sum(struct redis *r, struct arena *a, struct series s, bool by_minute, double *sum, struct err *e)
{
	enum outcome o =
		by_minute ? buckets_minutes_take(r, a, s.from_ms, s.n, &s, e) : buckets_hours_take(r, a, s.from_ms, s.n, &s, e);
	*sum = 0;
	for (size_t i = 0; o == OK && i < s.n; i++)
		*sum += s.value[i];
	return o;
}

static enum outcome fill_table(struct stored *s, struct str brand, int64_t span_ms, struct table *t, struct err *e)
{
	const struct partition p = stored_partition(s, brand);
	bool by_minute = span_ms <= MINUTES_UP_TO_MS;
	int64_t width_ms = by_minute ? MS_PER_MINUTE : MS_PER_HOUR;
	struct series span = { .from_ms = s->now_ms - span_ms, .n = (size_t)(span_ms / width_ms) + 1 };
	for (size_t i = 0; i < t->n; i++) {
		if (by_minute)
			buckets_minutes_queue(&p, t->row[i].dimension, span.from_ms, span.n);
		else
			buckets_hours_queue(&p, t->row[i].dimension, span.from_ms, span.n);
	}
	enum outcome worst = OK;
	for (size_t i = 0; i < t->n && worst == OK; i++)
		worst = take_sum(p.redis, p.arena, span, by_minute, &t->row[i].sum, e);
	redis_done(s->redis);
	return worst;
}

static void write_json(struct buf *out, const struct brand_row *brand, int64_t span_ms, const struct table *t)
{
	buf_addc(out, '{');
	buf_json_str(out, "brand", brand->id);
	buf_json_str(out, "name", brand->name);
	buf_json_int(out, "span_ms", span_ms);
	buf_json_key(out, "sums");
	buf_addc(out, '{');
	for (size_t i = 0; i < t->n; i++) {
		buf_json_comma(out);
		buf_json_string(out, t->row[i].dimension);
		buf_addf(out, ":%.0f", t->row[i].sum);
	}
	buf_addz(out, "}}\n");
}

/* Empty rows are left out, but for "all". */
static void write_table(struct buf *out, const struct brand_row *brand, const struct table *t)
{
	double all = t->row[0].sum;
	buf_addf(out, "%.*s (%.*s)\n", STR_FMT(brand->id), STR_FMT(brand->name));
	for (size_t i = 0; i < t->n; i++) {
		const struct row *row = &t->row[i];
		bool is_counter = i + sizeof(counters) / sizeof(counters[0]) >= t->n;
		if (row->sum == 0 && i > 0)
			continue;
		buf_addf(out, "  %-22.*s %10.0f", STR_FMT(row->dimension), row->sum);
		if (i > 0 && all > 0 && !is_counter)
			buf_addf(out, " %5.1f %%", 100 * row->sum / all);
		buf_addc(out, '\n');
	}
}

static void run(struct stored *s)
{
	const struct options *o = &s->session.options;
	int64_t span_ms = 0;
	struct brand_row *row = NULL;
	struct err e = { 0 };
	struct table t;
	size_t n = 0;
	if (o->noperands > 1) {
		s->code = command_usage_error(command_find("stats"), "%s", "name one brand, or none for all");
		return;
	}
	if (!stored_span_option(s, "since", "24h", &span_ms))
		return;
	enum outcome done = stored_brands(s, o->noperands == 1 ? o->operand[0] : NULL, &row, &n, &e);
	make_rows(&t, &s->session.arena);
	for (size_t i = 0; i < n && done == OK; i++) {
		done = fill_table(s, row[i].id, span_ms, &t, &e);
		if (done == OK && options_has(o, "json"))
			write_json(&s->out, &row[i], span_ms, &t);
		else if (done == OK)
			write_table(&s->out, &row[i], &t);
	}
	if (done != OK)
		stored_fail(s, &e);
}

int cmd_stats(int argc, char **argv)
{
	struct stored s;
	if (stored_open(&s, stats_options, argc, argv))
		run(&s);
	return stored_close(&s);
}
