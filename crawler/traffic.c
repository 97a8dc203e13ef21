/* The requests of a source, and those to a host, counted. */
#include "crawler/traffic.h"

#include "common/base/clock.h"
#include "common/base/http.h"
#include "crawler/numbers.h"

#define MOST 1000000000000000 /* a petabyte */

static const struct numbers_row rows[] = {
	NUMBERS_ROW("since_ms", struct traffic, since_ms),
	NUMBERS_ROW("requests", struct traffic, requests),
	NUMBERS_ROW("bytes", struct traffic, bytes),
	NUMBERS_ROW("2xx", struct traffic, answers[TRAFFIC_2XX]),
	NUMBERS_ROW("304", struct traffic, answers[TRAFFIC_304]),
	NUMBERS_ROW("3xx", struct traffic, answers[TRAFFIC_3XX]),
	NUMBERS_ROW("4xx", struct traffic, answers[TRAFFIC_4XX]),
	NUMBERS_ROW("5xx", struct traffic, answers[TRAFFIC_5XX]),
	NUMBERS_ROW("none", struct traffic, answers[TRAFFIC_NONE]),
	NUMBERS_ROW("took", struct traffic, took),
	NUMBERS_ROW("100ms", struct traffic, spans[0]),
	NUMBERS_ROW("300ms", struct traffic, spans[1]),
	NUMBERS_ROW("1s", struct traffic, spans[2]),
	NUMBERS_ROW("3s", struct traffic, spans[3]),
	NUMBERS_ROW("10s", struct traffic, spans[4]),
	NUMBERS_ROW("longer", struct traffic, spans[5]),
};
#define NROWS (sizeof rows / sizeof rows[0])
static const struct numbers_table table = { rows, NROWS, MOST };

static const int64_t span_ms[TRAFFIC_SPANS - 1] = { 100, 300, 1000, 3000, 10000 };
static const char *const span_names[TRAFFIC_SPANS - 1] = { "100 ms", "300 ms", "1 s", "3 s", "10 s" };
static const char *const class_names[TRAFFIC_CLASS__N] = { [TRAFFIC_2XX] = "2xx",
	[TRAFFIC_304] = "304",
	[TRAFFIC_3XX] = "3xx",
	[TRAFFIC_4XX] = "4xx",
	[TRAFFIC_5XX] = "5xx",
	[TRAFFIC_NONE] = "none" };

/* ---- kept ---- */

void traffic_parse(struct str text, struct traffic *out)
{
	struct str pair;
	size_t next = 0;
	*out = (struct traffic){ 0 };
	while (str_split(&text, ' ', &pair))
		numbers_take(&table, pair, &next, out);
}

struct str traffic_write(struct arena *a, const struct traffic *t)
{
	char text[NROWS * NUMBERS_BYTES];
	const char *end = numbers_write(text, &table, t);
	return arena_copy(a, (struct str){ text, end > text ? (size_t)(end - text) - 1 : 0 });
}

static enum traffic_class class_of(const struct http_response *r)
{
	if (r->outcome != OK)
		return TRAFFIC_NONE;
	if (r->status == 304)
		return TRAFFIC_304;
	return r->status < 300 ? TRAFFIC_2XX : r->status < 400 ? TRAFFIC_3XX : r->status < 500 ? TRAFFIC_4XX : TRAFFIC_5XX;
}

void traffic_count(struct traffic *t, const struct http_response *r, int64_t now_ms)
{
	size_t span = 0;
	while (span < TRAFFIC_SPANS - 1 && r->duration_ms > span_ms[span])
		span++;
	t->since_ms = t->since_ms > 0 ? t->since_ms : now_ms;
	t->requests += 1 + r->hops;
	t->bytes += (int64_t)r->body.n;
	t->answers[class_of(r)]++;
	t->took += r->duration_ms;
	t->spans[span]++;
}

struct str traffic_add(struct arena *a, struct str text, const struct http_response *r, int64_t now_ms)
{
	struct traffic t;
	traffic_parse(text, &t);
	traffic_count(&t, r, now_ms);
	return traffic_write(a, &t);
}

/* ---- told ---- */

static int64_t sum(const int64_t *n, size_t size)
{
	int64_t all = 0;
	for (size_t i = 0; i < size; i++)
		all += n[i];
	return all;
}

/* The span within which `percent` of all ended. */
static size_t span_of(const struct traffic *t, int64_t percent)
{
	const int64_t all = sum(t->spans, TRAFFIC_SPANS);
	int64_t so_far = t->spans[0];
	size_t at = 0;
	while (at < TRAFFIC_SPANS - 1 && 100 * so_far < percent * all)
		so_far += t->spans[++at];
	return at;
}

static void add_span(struct buf *out, const char *share, size_t span)
{
	const bool is_within = span < TRAFFIC_SPANS - 1;
	buf_addf(out, ", %s %s %s", share, is_within ? "within" : "above", span_names[is_within ? span : span - 1]);
}

static void add_bytes(struct buf *out, int64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double n = (double)bytes;
	size_t u = 0;
	for (; n >= 1000 && u < 4; u++)
		n /= 1000;
	buf_addf(out, u == 0 ? "%.0f %s" : "%.1f %s", n, units[u]);
}

struct str traffic_describe(struct arena *a, const struct traffic *t)
{
	struct buf out;
	char at[32];
	const int64_t visits = sum(t->answers, TRAFFIC_CLASS__N);
	const char *between = ": ";
	if (t->requests == 0 || visits == 0)
		return STR("no request yet");
	buf_init(&out, 1024);
	buf_addf(&out, "%lld %s since %s, ", (long long)t->requests, t->requests == 1 ? "request" : "requests",
		clock_iso(t->since_ms, at));
	add_bytes(&out, t->bytes);
	for (int i = 0; i < TRAFFIC_CLASS__N; i++) {
		if (t->answers[i] == 0)
			continue;
		if (i == TRAFFIC_NONE)
			buf_addf(&out, "%s%lld without an answer", between, (long long)t->answers[i]);
		else
			buf_addf(&out, "%s%lld × %s", between, (long long)t->answers[i], class_names[i]);
		between = ", ";
	}
	buf_addf(&out, "; %lld ms in the mean", (long long)(t->took / visits));
	add_span(&out, "median", span_of(t, 50));
	add_span(&out, "95th percentile", span_of(t, 95));
	const struct str text = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return text;
}

void traffic_json(struct buf *out, const char *key, const struct traffic *t)
{
	char at[32];
	if (t->requests == 0)
		return;
	buf_json_key(out, key);
	buf_addc(out, '{');
	buf_json_str(out, "since", str_of(clock_iso(t->since_ms, at)));
	buf_json_int(out, "requests", t->requests);
	buf_json_int(out, "bytes", t->bytes);
	for (int i = 0; i < TRAFFIC_CLASS__N; i++)
		buf_json_int(out, class_names[i], t->answers[i]);
	buf_json_int(out, "took_ms", t->took);
	for (size_t i = 10; i < NROWS; i++)
		buf_json_int(out, rows[i].name, t->spans[i - 10]);
	buf_addc(out, '}');
}
