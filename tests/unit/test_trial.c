/* The detector on counts in memory, against a plain one that sums every window anew from whole series. */
#include "detector/trial.h"

#include "common/base/clock.h"
#include "common/base/tally.h"
#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_MS (1700000000000LL - 1700000000000LL % MS_PER_HOUR)
#define MINUTES (4 * 24 * 60)
#define PAST 600 /* minutes before the first arrival that posts may be dated to */

/* A mention, and when it came. */
struct arrived {
	int minute;
	struct trial_mention mention;
};

struct plain {
	double value[WATCH__N][PAST + MINUTES], category[CAT__N][PAST + MINUTES];
	struct model model[WATCH__N];
	struct incident incident, seen[200];
	size_t n;
	int64_t oldest_ms, known_since_ms;
};

static struct plain plain;
static struct arrived list[60000];
static size_t nlist;

static uint64_t next_random(void)
{
	static uint64_t seed = 7;
	return seed = tally_mix(seed);
}

static size_t index_of(int64_t at_ms)
{
	return (size_t)((at_ms - FIRST_MS) / MS_PER_MINUTE + PAST);
}

static struct series series_to(double *value, int64_t tick_ms, size_t minutes)
{
	const size_t end = index_of(tick_ms), n = minutes < end ? minutes : end;
	return (struct series){ tick_ms - (int64_t)n * MS_PER_MINUTE, value + (end - n), n, NULL };
}

static void plain_warm_up(int64_t tick_ms)
{
	const int64_t minutes = tick_ms / MS_PER_MINUTE - plain.oldest_ms / MS_PER_MINUTE;
	plain.known_since_ms = plain.oldest_ms;
	for (int w = 0; w < WATCH__N && minutes > SITUATION_WARM_UP_MINUTES; w++) {
		const struct series s = series_to(plain.value[w], tick_ms, (size_t)minutes);
		situation_warm_up(&plain.model[w], &s);
	}
}

static void plain_tick(const struct thresholds *t, int64_t tick_ms)
{
	struct sight sight[WATCH__N];
	const struct model *const model[WATCH__N] = { &plain.model[0], &plain.model[1], &plain.model[2] };
	if (plain.known_since_ms < 0)
		plain_warm_up(tick_ms);
	struct situation s = {
		.brand = STR("skylark"), .category = "", .now_ms = tick_ms, .known_since_ms = plain.known_since_ms
	};
	const size_t minutes = situation_minutes(&plain.incident, tick_ms);
	double *const sum[WATCH__N] = { &s.posts, &s.negative, &s.complaints };
	double category[CAT__N] = { 0 };
	for (int w = 0; w < WATCH__N; w++) {
		const struct series all = series_to(plain.value[w], tick_ms, 1u << 20);
		sight[w] = situation_sight(&all, tick_ms, false);
	}
	situation_judge(model, sight, &s);
	const int64_t since = situation_since(&plain.incident, &s);
	for (int w = 0; w < WATCH__N; w++) {
		const struct series read = series_to(plain.value[w], tick_ms, minutes);
		*sum[w] = situation_sum_since(&read, since);
	}
	for (int c = 1; c < CAT__N; c++) {
		const struct series read = series_to(plain.category[c], tick_ms, minutes);
		category[c] = situation_sum_since(&read, since);
	}
	situation_category(category, &s);
	const struct step step = incident_tick(&plain.incident, &s, t);
	for (int w = 0; w < WATCH__N; w++)
		model_learn(&plain.model[w], &sight[w]);
	plain.incident = step.next;
	if (step.moved)
		plain.seen[step.event == EVT_SURGE ? plain.n++ : plain.n - 1] = step.next;
}

static void plain_count(const struct trial_mention *m)
{
	const size_t at = index_of(m->count_ms);
	for (int w = 0; w < WATCH__N; w++)
		plain.value[w][at] += m->watched[w];
	plain.category[m->category][at]++;
	if (plain.oldest_ms < 0 || m->count_ms < plain.oldest_ms)
		plain.oldest_ms = m->count_ms;
}

/* Some posts an hour, storms on two days, one post in four late by up to ten hours. */
static void make_list(void)
{
	nlist = 0;
	for (int minute = 0; minute < MINUTES; minute++) {
		const bool storm = (minute > 3000 && minute < 3100) || (minute > 4600 && minute < 4900);
		for (unsigned k = (unsigned)(next_random() % (storm ? 9 : 2)) * (next_random() % 7 == 0 || storm); k > 0; k--) {
			const int late = next_random() % 4 == 0 ? (int)(next_random() % PAST) : 0;
			struct trial_mention m = { .count_ms = FIRST_MS + (minute - late) * MS_PER_MINUTE };
			m.watched[WATCH_ALL] = true;
			m.watched[WATCH_NEGATIVE] = next_random() % 2 == 0;
			m.watched[WATCH_COMPLAINT] = m.watched[WATCH_NEGATIVE] && next_random() % 2 == 0;
			m.category = m.watched[WATCH_COMPLAINT] ? (enum category)(1 + next_random() % (CAT__N - 1)) : CAT_NONE;
			list[nlist++] = (struct arrived){ minute, m };
		}
	}
}

static void run_plain(const struct thresholds *t)
{
	plain = (struct plain){ .oldest_ms = -1, .known_since_ms = -1 };
	for (int w = 0; w < WATCH__N; w++)
		model_init(&plain.model[w], MS_PER_MINUTE);
	size_t at = 0;
	for (int minute = list[0].minute; minute <= list[nlist - 1].minute + 1; minute++) {
		if (minute > list[0].minute)
			plain_tick(t, FIRST_MS + minute * MS_PER_MINUTE);
		for (; at < nlist && list[at].minute == minute; at++)
			plain_count(&list[at].mention);
	}
}

static void a_trial_opens_what_a_plain_detector_opens(void **state)
{
	(void)state;
	struct rulebox box;
	struct thresholds thresholds;
	struct trial trial;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀\n"));
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	thresholds_default(&thresholds);
	make_list();
	run_plain(&thresholds);
	trial_init(&trial, box.book, &thresholds);
	for (size_t i = 0; i < nlist; i++) {
		trial_advance(&trial, FIRST_MS + list[i].minute * MS_PER_MINUTE);
		trial_count(&trial, 0, &list[i].mention);
	}
	trial_finish(&trial);
	assert_true(plain.n >= 2);
	assert_int_equal(trial.n, plain.n);
	for (size_t i = 0; i < trial.n; i++) {
		const struct incident *x = &trial.incident[i].incident, *y = &plain.seen[i];
		assert_string_equal(x->id, y->id);
		assert_string_equal(x->category, y->category);
		assert_int_equal(x->level, y->level);
		assert_int_equal(x->state, y->state);
		assert_true(x->opened_ms == y->opened_ms && x->closed_ms == y->closed_ms && x->revision == y->revision);
		assert_true(memcmp(&x->peak.observed, &y->peak.observed, sizeof(double)) == 0);
		assert_true(memcmp(&x->posts, &y->posts, sizeof(double)) == 0);
	}
	trial_release(&trial);
	rulebox_close(&box);
}

static void a_long_silence_is_passed_over_and_forgets_the_windows(void **state)
{
	(void)state;
	struct rulebox box;
	struct thresholds thresholds;
	struct trial trial;
	const struct trial_mention m = { .count_ms = FIRST_MS, .watched = { true } };
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀\n"));
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	thresholds_default(&thresholds);
	trial_init(&trial, box.book, &thresholds);
	trial_advance(&trial, FIRST_MS);
	trial_count(&trial, 0, &m);
	trial_advance(&trial, FIRST_MS + 1000 * MS_PER_DAY); /* must not take a thousand days of ticks */
	trial_count(&trial, 0, &(struct trial_mention){ .count_ms = FIRST_MS + 1000 * MS_PER_DAY, .watched = { true } });
	trial_finish(&trial);
	assert_int_equal(trial.n, 0);
	assert_true(trial.now_ms == FIRST_MS + 1000 * MS_PER_DAY + MS_PER_MINUTE);
	trial_release(&trial);
	rulebox_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trial_opens_what_a_plain_detector_opens),
		cmocka_unit_test(a_long_silence_is_passed_over_and_forgets_the_windows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
