/* Unit tests of baselines, evidence and models: what is usual, what is a surge, what is kept. */
#include "detector/evidence.h"

#include "common/base/clock.h"
#include "detector/baseline.h"
#include "detector/tail.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define START 1700006400000LL /* a midnight, UTC */
#define DAYS 9
#define MINUTES (DAYS * 24 * 60)

/* A made series: posts a minute, the same on every run. */
static double posts[MINUTES];

static uint32_t noise(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Posts an hour with a day's shape: `swing` 0…1 between night and noon. */
static void make_series_from(int minute, double per_hour, double swing)
{
	uint32_t state = 7;
	for (int i = minute; i < MINUTES; i++) {
		const double day = 1 - swing * cos(2 * 3.14159265 * i / 1440);
		const double chance = per_hour * day / 60;
		posts[i] = floor(chance);
		posts[i] += (double)(noise(&state) % 10000) / 10000 < chance - floor(chance) ? 1 : 0;
	}
}

static void make_series(double per_hour, double swing)
{
	make_series_from(0, per_hour, swing);
}

static struct sight sight_at(int minute)
{
	struct sight s = { .at_ms = START + (minute + 1) * MS_PER_MINUTE };
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		for (int i = minute; i >= 0 && i > minute - evidence_window_minutes[w]; i--)
			s.sum[w] += posts[i];
	return s;
}

/* Runs [from, to) and returns the highest score seen. */
static double run(struct model *m, int from, int to)
{
	double most = 0;
	for (int i = from; i < to; i++) {
		const struct sight s = sight_at(i);
		most = fmax(most, model_judge(m, &s).score);
		model_learn(m, &s);
	}
	return most;
}

static void a_steady_series_raises_nothing(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	assert_true(run(&m, 0, MINUTES) < 3);
}

static void a_day_with_its_nights_raises_nothing(void **state)
{
	(void)state;
	struct model m;
	make_series(60, 0.8);
	model_init(&m, MS_PER_MINUTE);
	assert_true(run(&m, 0, MINUTES) < 3.2);
}

static void a_storm_scores_high_and_says_how_big_it_is(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, MINUTES - 30);
	for (int i = MINUTES - 30; i < MINUTES; i++)
		posts[i] += 5;
	const struct sight s = sight_at(MINUTES - 1);
	const struct evidence e = model_judge(&m, &s);
	assert_true(e.score > 6);
	assert_true(e.p_value < 1e-4 && e.p_value >= 0);
	assert_true(e.ratio > 4);
	assert_true(e.low < e.expected && e.expected < e.high && e.high < e.observed);
}

static void the_onset_is_near_where_it_began(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, MINUTES - 30);
	for (int i = MINUTES - 30; i < MINUTES; i++)
		posts[i] += 5;
	const struct sight s = sight_at(MINUTES - 1);
	const int64_t began = START + (MINUTES - 30) * MS_PER_MINUTE;
	const int64_t off = model_judge(&m, &s).since_ms - began;
	assert_true(off > -10 * MS_PER_MINUTE && off < 10 * MS_PER_MINUTE);
}

static void a_rise_does_not_eat_its_own_baseline(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, MINUTES - 120);
	const struct sight before = sight_at(MINUTES - 121);
	const double usual = model_judge(&m, &before).expected / (double)model_judge(&m, &before).window_ms;
	for (int i = MINUTES - 120; i < MINUTES; i++)
		posts[i] += 5;
	(void)run(&m, MINUTES - 120, MINUTES);
	const struct sight after = sight_at(MINUTES - 1);
	const struct evidence e = model_judge(&m, &after);
	assert_true(e.expected / (double)e.window_ms < 1.5 * usual);
}

static void nothing_known_means_no_evidence(void **state)
{
	(void)state;
	struct model m;
	model_init(&m, MS_PER_MINUTE);
	const struct sight s = { .at_ms = START, .sum = { 50, 300, 300 } };
	const struct evidence e = model_judge(&m, &s);
	assert_true(e.score == 0 && e.p_value == 1 && e.ratio == 1);
}

/* The first crawl brings three hours of posts at once: that is no surge, not at its tick and not after. */
static void a_first_crawl_raises_nothing(void **state)
{
	(void)state;
	struct model m;
	model_init(&m, MS_PER_MINUTE);
	struct sight s = { .at_ms = START, .sum = { 1, 8, 25 } };
	assert_true(model_judge(&m, &s).score == 0);
	model_learn(&m, &s);
	for (int i = 1; i < 60; i++) { /* a second source arrives with its own past */
		s = (struct sight){ .at_ms = START + i * MS_PER_MINUTE, .sum = { 1, 20, 60 } };
		assert_true(model_judge(&m, &s).score < 2);
		model_learn(&m, &s);
	}
}

static void a_first_morning_is_no_storm(void **state)
{
	(void)state;
	struct model m;
	model_init(&m, MS_PER_MINUTE);
	make_series(20, 0.9);
	assert_true(run(&m, 0, 1440) < 3.2);
}

static void a_sudden_wave_shows_even_in_the_first_minutes(void **state)
{
	(void)state;
	struct model m;
	model_init(&m, MS_PER_MINUTE);
	struct sight s = { .at_ms = START, .sum = { 1, 8, 24 } };
	model_learn(&m, &s);
	s = (struct sight){ .at_ms = START + MS_PER_MINUTE, .sum = { 17, 24, 40 } };
	assert_true(model_judge(&m, &s).score >= 3.2);
}

static void missing_data_is_neither_learnt_nor_lost(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, 4 * 1440);
	const struct model before = m;
	for (int i = 1; i <= 600; i++) {
		const struct sight s = { .at_ms = START + (4 * 1440 + i) * MS_PER_MINUTE, .missing = true };
		model_learn(&m, &s);
		assert_true(model_judge(&m, &s).missing);
	}
	assert_memory_equal(before.root, m.root, sizeof m.root);
	assert_memory_equal(before.slot, m.slot, sizeof m.slot);
}

static void ticks_of_a_minute_and_buckets_of_five_learn_the_same(void **state)
{
	(void)state;
	struct model fine, coarse;
	make_series(30, 0.5);
	model_init(&fine, MS_PER_MINUTE);
	model_init(&coarse, 5 * MS_PER_MINUTE);
	for (int i = 0; i < MINUTES; i++) {
		const struct sight s = sight_at(i);
		model_learn(&fine, &s);
		if (i % 5 == 4)
			model_learn(&coarse, &s);
	}
	const struct outlook a = baseline_outlook(&fine, 1, START + MINUTES * MS_PER_MINUTE);
	const struct outlook b = baseline_outlook(&coarse, 1, START + MINUTES * MS_PER_MINUTE);
	assert_true(fabs(a.mean - b.mean) < 0.1 * b.mean);
}

static void a_model_comes_back_from_its_text_bit_by_bit(void **state)
{
	(void)state;
	struct model m, back;
	struct buf text;
	make_series(33, 0.5);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, 3000);
	buf_init(&text, 8192);
	model_write(&text, &m);
	assert_true(text.n < 2048 && str_findc(buf_str(&text), '\n') < 0);
	model_init(&back, MS_PER_MINUTE);
	assert_true(model_read(&back, buf_str(&text)));
	for (int i = 3000; i < 4000; i++) {
		const struct sight s = sight_at(i);
		assert_true(model_judge(&m, &s).score == model_judge(&back, &s).score);
		model_learn(&m, &s);
		model_learn(&back, &s);
	}
	buf_release(&text);
}

static void garbage_and_other_versions_start_afresh(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "{}", "earshot-model-0 1 2 3", "earshot-model-1 300000 0 0 0 0",
		"earshot-model-1 x" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct model m;
		model_init(&m, MS_PER_MINUTE);
		m.steps = 99;
		assert_false(model_read(&m, str_of(texts[i])));
		assert_int_equal(m.steps, 0);
	}
}

static void a_model_is_small(void **state)
{
	(void)state;
	assert_true(model_size() < 1024);
}

#define SWITCH (7 * 1440) /* the minute at which rules change */

static void rebase_at(struct model *m, int minute, double factor, double doubt)
{
	model_rebase(m, &(struct rebase){ .at_ms = START + minute * MS_PER_MINUTE, .factor = factor, .doubt = doubt });
}

static void a_rebase_moves_what_is_expected_from_its_minute_on(void **state)
{
	(void)state;
	struct model m;
	make_series(20, 0);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	const int64_t at_ms = START + SWITCH * MS_PER_MINUTE;
	const struct model old = m;
	rebase_at(&m, SWITCH, 2, 0);
	/* 5 minutes early; then 30 of 60 minutes lie behind it; then all */
	static const struct {
		int minute;
		double factor;
	} expected[] = { { -60, 1 }, { -5, 1 }, { 25, 1.5 }, { 55, 2 }, { 300, 2 } };
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		const int64_t then_ms = at_ms + expected[i].minute * MS_PER_MINUTE;
		const double ratio = baseline_outlook(&m, 1, then_ms).mean / baseline_outlook(&old, 1, then_ms).mean;
		assert_true(fabs(ratio - expected[i].factor) < 0.001);
	}
	struct model same = m;
	rebase_at(&m, SWITCH, 0, 0); /* nonsense is refused */
	rebase_at(&m, SWITCH, NAN, 0);
	rebase_at(&m, SWITCH, 2, NAN);
	assert_memory_equal(&same, &m, sizeof m);
}

static void rules_that_find_three_times_as_much_raise_nothing(void **state)
{
	(void)state;
	static const double per_hour[] = { 6, 60, 600 };
	for (size_t i = 0; i < sizeof per_hour / sizeof *per_hour; i++) {
		struct model m, unaware;
		make_series(per_hour[i], 0.6);
		make_series_from(SWITCH, 3 * per_hour[i], 0.6);
		model_init(&m, MS_PER_MINUTE);
		(void)run(&m, 0, SWITCH);
		unaware = m;
		rebase_at(&m, SWITCH, 3, 0.2);
		assert_true(run(&m, SWITCH, MINUTES) < 3);
		assert_true(per_hour[i] < 10 || run(&unaware, SWITCH, MINUTES) > 3.2); /* else this proves nothing */
	}
}

static void rules_that_find_a_fifth_raise_nothing_and_hide_nothing(void **state)
{
	(void)state;
	struct model m;
	make_series(300, 0.6);
	make_series_from(SWITCH, 60, 0.6);
	make_series_from(SWITCH + 1440, 8 * 60, 0.6);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	rebase_at(&m, SWITCH, 0.2, 0.2);
	assert_true(run(&m, SWITCH, SWITCH + 1440) < 3);
	assert_true(run(&m, SWITCH + 1440, SWITCH + 1440 + 60) > 4);
}

static void there_and_back_within_minutes_raises_nothing(void **state)
{
	(void)state;
	struct model m;
	make_series(120, 0.3);
	for (int i = SWITCH; i < SWITCH + 10; i++)
		posts[i] = floor(posts[i] / 4);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	rebase_at(&m, SWITCH, 0.25, 0.1);
	assert_true(run(&m, SWITCH, SWITCH + 10) < 3);
	rebase_at(&m, SWITCH + 10, 4, 0.1);
	assert_true(run(&m, SWITCH + 10, MINUTES) < 3);
}

static void a_surge_in_the_minute_of_a_publish_shows(void **state)
{
	(void)state;
	struct model m;
	make_series(60, 0.3);
	make_series_from(SWITCH, 8 * 3 * 60, 0.3);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	rebase_at(&m, SWITCH, 3, 0.3);
	assert_true(run(&m, SWITCH, SWITCH + 45) > 3.2);
}

static void an_unknown_ratio_lets_a_tripling_pass_and_a_storm_through(void **state)
{
	(void)state;
	struct model m, storm;
	make_series(60, 0.3);
	make_series_from(SWITCH, 3 * 60, 0.3);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	rebase_at(&m, SWITCH, 1, 0.7);
	storm = m;
	assert_true(run(&m, SWITCH, MINUTES) < 3.2);
	make_series_from(SWITCH, 8 * 3 * 60, 0.3);
	assert_true(run(&storm, SWITCH, SWITCH + 60) > 3.2);
}

static void where_nothing_was_found_before_the_new_rate_counts(void **state)
{
	(void)state;
	struct model m;
	make_series(40, 0);
	for (int i = 0; i < SWITCH; i++)
		posts[i] = i % 2000 == 10 ? 1 : 0;
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	model_rebase(&m, &(struct rebase){ .at_ms = START + SWITCH * MS_PER_MINUTE, .factor = 50, .doubt = 0.5, .per_day = 960 });
	assert_true(run(&m, SWITCH, MINUTES) < 3.2);
}

static void a_rebased_model_comes_back_from_its_text(void **state)
{
	(void)state;
	struct model m, back;
	struct buf text;
	make_series(60, 0.3);
	model_init(&m, MS_PER_MINUTE);
	(void)run(&m, 0, SWITCH);
	for (int i = 0; i < 2 * MODEL_SHIFTS; i++)
		rebase_at(&m, SWITCH + i, i % 2 ? 0.25 : 4, 0.1);
	buf_init(&text, 64u << 10);
	model_write(&text, &m);
	model_init(&back, MS_PER_MINUTE);
	assert_true(model_read(&back, buf_str(&text)));
	assert_memory_equal(&m, &back, sizeof m);
	(void)run(&m, SWITCH, SWITCH + 8 * 60);
	assert_int_equal(m.nshifts, 0); /* forgotten once no window reaches back to them */
	buf_release(&text);
}

/* Reference values: Poisson and negative binomial tails, computed with exact sums. */
static void tails_are_those_of_the_textbook(void **state)
{
	(void)state;
	assert_true(fabs(tail_probability(3, 1, 1) - 0.0803014) < 1e-5);
	assert_true(fabs(tail_probability(10, 4, 4) - 0.0081322) < 1e-5);
	assert_true(fabs(tail_probability(1, 2, 4) - 0.75) < 1e-9); /* size 2, p 1/2: 1 - 1/4 */
	assert_true(tail_probability(0, 5, 5) == 1);
	assert_true(tail_probability(5, 0, 0) == 0);
	assert_true(tail_probability(1e6, 10, 100) < 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_steady_series_raises_nothing),
		cmocka_unit_test(a_day_with_its_nights_raises_nothing),
		cmocka_unit_test(a_storm_scores_high_and_says_how_big_it_is),
		cmocka_unit_test(the_onset_is_near_where_it_began),
		cmocka_unit_test(a_rise_does_not_eat_its_own_baseline),
		cmocka_unit_test(nothing_known_means_no_evidence),
		cmocka_unit_test(a_first_crawl_raises_nothing),
		cmocka_unit_test(a_first_morning_is_no_storm),
		cmocka_unit_test(a_sudden_wave_shows_even_in_the_first_minutes),
		cmocka_unit_test(missing_data_is_neither_learnt_nor_lost),
		cmocka_unit_test(ticks_of_a_minute_and_buckets_of_five_learn_the_same),
		cmocka_unit_test(a_model_comes_back_from_its_text_bit_by_bit),
		cmocka_unit_test(garbage_and_other_versions_start_afresh),
		cmocka_unit_test(a_model_is_small),
		cmocka_unit_test(a_rebase_moves_what_is_expected_from_its_minute_on),
		cmocka_unit_test(rules_that_find_three_times_as_much_raise_nothing),
		cmocka_unit_test(rules_that_find_a_fifth_raise_nothing_and_hide_nothing),
		cmocka_unit_test(there_and_back_within_minutes_raises_nothing),
		cmocka_unit_test(a_surge_in_the_minute_of_a_publish_shows),
		cmocka_unit_test(an_unknown_ratio_lets_a_tripling_pass_and_a_storm_through),
		cmocka_unit_test(where_nothing_was_found_before_the_new_rate_counts),
		cmocka_unit_test(a_rebased_model_comes_back_from_its_text),
		cmocka_unit_test(tails_are_those_of_the_textbook),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
