/* Ratios between rulebooks: from hits to factors, along the chain of publications; and what a tick sees of counted history. */
#include "tests/unit/store_fixture.h"

#include "common/store/rulebooks.h"
#include "detector/detector.h"
#include "detector/evidence.h"
#include "detector/rebase.h"
#include "tests/support/rulebox.h"

#include <math.h>
#include <stdlib.h>

/* ---- pure ---- */

static void equal_hits_move_nothing(void **state)
{
	(void)state;
	const struct rebase r = rebase_of(100, 100, 30);
	assert_true(r.factor == 1 && r.doubt == 0 && r.per_day == 0);
}

/* A fresh archive, in which neither rulebook found the brand yet, says nothing of what the new one will find. */
static void equal_hits_of_a_short_while_are_no_proof(void **state)
{
	(void)state;
	assert_true(rebase_of(0, 0, 0.04).doubt == REBASE_UNKNOWN);
	assert_true(rebase_of(3, 3, 0.5).doubt == REBASE_UNKNOWN);
	assert_true(rebase_of(0, 0, 30).doubt == 0); /* it is quiet, under both */
	assert_true(rebase_of(500, 500, 0.04).doubt == 0);
}

static void no_count_makes_a_brand_deaf(void **state)
{
	(void)state;
	assert_true(rebase_of(0, 1e300, 30).doubt == REBASE_UNKNOWN && rebase_of(0, 1e300, 30).per_day == 0);
	assert_true(rebase_of(0, INFINITY, 30).per_day == 0);
	assert_true(rebase_of(0, 10, 1e-9).per_day <= 240);
}

static void many_hits_leave_little_doubt_and_few_leave_much(void **state)
{
	(void)state;
	const struct rebase many = rebase_of(10000, 30000, 30), few = rebase_of(10, 30, 30);
	assert_true(fabs(many.factor - 3) < 0.01 && many.doubt < 0.25);
	assert_true(few.doubt == REBASE_UNKNOWN && few.per_day == 1);
}

static void a_ratio_is_believed_within_bounds(void **state)
{
	(void)state;
	assert_true(rebase_of(0, 1e6, 30).factor == REBASE_MOST);
	assert_true(rebase_of(1e6, 0, 30).factor == REBASE_LEAST);
	assert_true(rebase_of(-1, 5, 30).doubt == REBASE_UNKNOWN); /* not numbers of hits */
	assert_true(rebase_of(5, NAN, 30).doubt == REBASE_UNKNOWN);
	assert_true(rebase_of(5, 6, 0).doubt == REBASE_UNKNOWN);
}

/* ---- the chain ---- */

static void publish(const char *expected, const char *version, const char *ratios)
{
	static struct rulebook_file one = { .name = { "brands.conf", 11 }, .path = "brands.conf" };
	static const struct rulebook_files files = { &one, 1 };
	const struct rulebooks_publication p = { .expected = expected,
		.version = version,
		.base = expected,
		.by = STR("Li"),
		.ratios = str_of(ratios),
		.files = &files };
	MUST(rulebooks_publish(redis, &arena, &p, &err));
}

#define RATIOS(old, new)                                                                                                         \
	"{\"span_ms\":864000000,\"brands\":{\"acme\":{\"all\":[" old "," new "],\"negative\":[" old                              \
									     "," new "],"                                        \
										     "\"complaint\":[1000,1000]}}}"

static enum outcome find(const char *from, const char *to, struct rebase out[WATCH__N])
{
	const struct rebase_way way = { redis, &arena, from, to, brand };
	return rebase_find(&way, out, &err);
}

static void the_way_leads_over_every_publication_and_back(void **state)
{
	(void)state;
	need_server();
	struct rebase by[WATCH__N];
	publish("", "aaaaaaaaaaaa", "");
	publish("aaaaaaaaaaaa", "bbbbbbbbbbbb", RATIOS("10000", "30000"));
	publish("bbbbbbbbbbbb", "cccccccccccc", RATIOS("30000", "60000"));
	assert_int_equal(find("aaaaaaaaaaaa", "cccccccccccc", by), OK);
	assert_true(fabs(by[WATCH_ALL].factor - 6) < 0.01 && by[WATCH_COMPLAINT].factor == 1);
	assert_int_equal(find("cccccccccccc", "aaaaaaaaaaaa", by), OK);
	assert_true(fabs(by[WATCH_ALL].factor - 1.0 / 6) < 0.001);
	assert_int_equal(find("aaaaaaaaaaaa", "dddddddddddd", by), SKIP);
	assert_true(by[WATCH_ALL].factor == 1 && by[WATCH_ALL].doubt == REBASE_UNKNOWN);
}

static void records_that_measure_in_a_circle_or_nonsense_are_not_known(void **state)
{
	(void)state;
	need_server();
	struct rebase by[WATCH__N];
	publish("", "aaaaaaaaaaaa", "");
	publish("aaaaaaaaaaaa", "bbbbbbbbbbbb", RATIOS("10", "30"));
	publish("bbbbbbbbbbbb", "aaaaaaaaaaaa", RATIOS("30", "10"));
	assert_int_equal(find("cccccccccccc", "aaaaaaaaaaaa", by), SKIP);
	publish("aaaaaaaaaaaa", "cccccccccccc", "{\"span_ms\":1,\"brands\":{\"acme\":{\"all\":[1]}}}");
	assert_int_equal(find("aaaaaaaaaaaa", "cccccccccccc", by), SKIP);
}

/* ---- history ---- */

static const char *const now_dimensions[] = { "all" };
static const char *const history_dimensions[] = { "all", "history" };

/* `n` posts a minute over the three hours before noon. */
static void count_posts(int from, int n, bool is_history)
{
	struct posts_mention m[LIMIT_BATCH];
	size_t filled = 0;
	for (int minute = 0; minute < 180; minute++)
		for (int i = 0; i < n; i++) {
			const int64_t at_ms = NOON - (180 - minute) * MS_PER_MINUTE;
			m[filled++] = (struct posts_mention){ .entry_id = STR("0-1"),
				.post_id = arena_printf(&arena, "%032d", from++),
				.record = STR("{}"),
				.count_ms = at_ms,
				.seen_ms = at_ms,
				.dimension = is_history ? history_dimensions : now_dimensions,
				.ndimensions = is_history ? 2 : 1,
				.counter = { -1, -1, -1, -1 } };
			if (filled < LIMIT_BATCH && (minute < 179 || i < n - 1))
				continue;
			struct posts_commit done;
			posts_commit_queue(&here, m, filled);
			MUST(posts_commit_take(redis, &done, &err));
			filled = 0;
		}
}

/* A model that has seen one post a minute for nine days, where the detector looks for it. */
static void keep_grown_model(const struct rulebook *book)
{
	struct model *m = calloc(1, model_size());
	struct buf text;
	buf_init(&text, 64u << 10);
	buf_addf(&text, "since 1 0 %s", book->version);
	for (int w = 0; w < WATCH__N; w++) {
		model_init(m, MS_PER_MINUTE);
		for (int64_t at_ms = NOON - 9 * MS_PER_DAY; at_ms < NOON; at_ms += 5 * MS_PER_MINUTE) {
			const struct sight s = { .at_ms = at_ms, .sum = { 5, 60, 180 } };
			model_learn(m, &s);
		}
		buf_addc(&text, '\n');
		model_write(&text, m);
	}
	const struct incidents_progress_step step = { .tick_ms = NOON - MS_PER_MINUTE, .model = buf_str(&text) };
	incidents_progress_queue(&here, &step);
	MUST(incidents_progress_take(redis, &err));
	buf_release(&text);
	free(m);
}

/* One tick at noon; how many incidents there are then. */
static size_t incidents_at_noon(const struct rulebook *book, const struct rulebooks_now *published)
{
	struct detector d;
	struct thresholds t;
	struct incident *incident = NULL;
	size_t n = 0;
	const struct settings settings = { .tick_ms = MS_PER_MINUTE };
	keep_grown_model(book);
	thresholds_default(&t);
	detector_init(&d, redis, book, &settings, &t);
	d.published = published;
	*d.brand[0].lease = owner;
	MUST(detector_ticks(&d, &arena, NOON, &err));
	detector_release(&d);
	MUST(incidents_list(&here, 10, &incident, &n, &err));
	return n;
}

static void history_that_is_counted_again_is_no_news(void **state)
{
	(void)state;
	need_server();
	struct rulebox box;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR("[brand acme]\nname = Acme\naliases = Acme\n"));
	const struct rulebook *book = rulebox_load(&box);
	const struct rulebooks_now filled = { .version = "bbbbbbbbbbbb",
		.since_ms = NOON - MS_PER_HOUR,
		.fill_from_ms = 1,
		.fill_until_ms = NOON - MS_PER_MINUTE };
	count_posts(0, 1, false);
	count_posts(1000, 9, true);
	assert_int_equal(incidents_at_noon(book, &filled), 0);
	(void)ASK("DEL", "es:{b:acme}:progress");
	assert_int_equal(incidents_at_noon(book, NULL), 1); /* the same counts as news */
	rulebox_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_hits_move_nothing),
		cmocka_unit_test(equal_hits_of_a_short_while_are_no_proof),
		cmocka_unit_test(no_count_makes_a_brand_deaf),
		cmocka_unit_test(many_hits_leave_little_doubt_and_few_leave_much),
		cmocka_unit_test(a_ratio_is_believed_within_bounds),
		CASE(the_way_leads_over_every_publication_and_back),
		CASE(records_that_measure_in_a_circle_or_nonsense_are_not_known),
		CASE(history_that_is_counted_again_is_no_news),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
