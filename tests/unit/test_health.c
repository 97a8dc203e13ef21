/* Unit tests of a source's health: silence of made sources, canary, drift, verdicts that settle, what is told and when. */
#include "crawler/health.h"

#include "common/base/clock.h"
#include "crawler/polling.h"
#include "crawler/ward.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define MONDAY 1700438400000LL /* a midnight UTC */
#define TURN 6.28318530717958647692

/* ---- made sources ---- */

enum shape { EVEN, DAILY_WAVE, NO_NIGHTS, NO_WEEKENDS, BATCHES };

/* One source: posts come by chance, at a rate that follows its shape, until it dies. */
struct made {
	double a_day;
	enum shape shape;
	int64_t every_ms, now_ms;
	uint64_t seed;
	struct source_arrivals arrivals;
	struct health_memory memory;
	bool is_dead, is_silent;
};

static double uniform(struct made *s)
{
	s->seed = s->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((double)(s->seed >> 11) + 0.5) / 9007199254740992.0;
}

static double weight(const struct made *s, int64_t ms)
{
	const double hour = (double)(ms % MS_PER_DAY) / MS_PER_HOUR;
	const int64_t day = (ms - MONDAY) / MS_PER_DAY % 7;
	switch (s->shape) {
	case EVEN:
	case BATCHES:
		return 1;
	case DAILY_WAVE:
		return 1 + 0.9 * cos(TURN * (hour - 15) / 24);
	case NO_NIGHTS:
		return hour >= 8 ? 1.5 : 0;
	case NO_WEEKENDS:
		return day < 5 && hour >= 8 && hour < 20 ? 2.8 : 0;
	}
	return 1;
}

static size_t poisson(struct made *s, double mean)
{
	const double least = exp(-mean);
	size_t n = 0;
	for (double p = uniform(s); p > least; p *= uniform(s))
		n++;
	return n;
}

static size_t posts_until(struct made *s, int64_t to_ms)
{
	size_t n = 0;
	if (s->is_dead)
		return 0;
	if (s->shape == BATCHES) /* all of a day at once, some time in the morning */
		return to_ms / MS_PER_DAY > s->now_ms / MS_PER_DAY ? poisson(s, s->a_day) : 0;
	const int64_t step = 10 * MS_PER_MINUTE;
	for (int64_t at = s->now_ms; at < to_ms; at += step)
		n += poisson(s, s->a_day * weight(s, at) * (double)step / MS_PER_DAY);
	return n;
}

/* One poll; true when it is the first that calls the source silent. */
static bool live(struct made *s)
{
	static int64_t posted[1000];
	const int64_t to_ms = s->now_ms + s->every_ms;
	size_t n = posts_until(s, to_ms);
	n = n < 1000 ? n : 1000;
	for (size_t i = 0; i < n; i++)
		posted[i] = s->now_ms + (int64_t)(uniform(s) * (double)s->every_ms);
	s->now_ms = to_ms;
	polling_learn(&s->arrivals, &(struct polling_sight){ to_ms, posted, n });
	const struct health_sight sight = { .now_ms = to_ms, .is_fine = true, .nnew = n };
	health_clock(&s->memory, &s->arrivals, &sight);
	struct health_finding finding;
	const bool was = s->is_silent;
	s->is_silent = health_is_silent(&s->memory, to_ms, &finding);
	return s->is_silent && !was;
}

static struct made make(double a_day, enum shape shape, uint64_t seed)
{
	struct made s = { .a_day = a_day, .shape = shape, .now_ms = MONDAY, .seed = seed * 77777777777ULL + 1 };
	s.every_ms = a_day > 30 ? 30 * MS_PER_MINUTE : MS_PER_HOUR;
	return s;
}

static int false_silences(double a_day, enum shape shape, int sources, int days)
{
	int found = 0;
	for (int i = 0; i < sources; i++) {
		struct made s = make(a_day, shape, (uint64_t)i + 1);
		while (s.now_ms < MONDAY + days * MS_PER_DAY)
			found += live(&s);
	}
	return found;
}

/* Hours until a source that lived for four weeks and died is called silent. */
static double hours_to_notice(double a_day, enum shape shape, uint64_t seed)
{
	struct made s = make(a_day, shape, seed);
	while (s.now_ms < MONDAY + 28 * MS_PER_DAY)
		(void)live(&s);
	s.is_dead = true;
	while (!s.is_silent && s.now_ms < MONDAY + 128 * MS_PER_DAY)
		(void)live(&s);
	return (double)(s.now_ms - MONDAY) / MS_PER_HOUR - 28 * 24;
}

static double median_to_notice(double a_day, enum shape shape)
{
	double hours[5];
	for (int i = 0; i < 5; i++) {
		const double found = hours_to_notice(a_day, shape, (uint64_t)i + 11);
		int at = i;
		for (; at > 0 && hours[at - 1] > found; at--)
			hours[at] = hours[at - 1];
		hours[at] = found;
	}
	return hours[2];
}

static void a_living_source_is_hardly_ever_called_silent(void **unused)
{
	static const struct {
		double a_day;
		enum shape shape;
	} rows[] = { { 2, EVEN }, { 2, DAILY_WAVE }, { 10, EVEN }, { 10, DAILY_WAVE }, { 10, NO_NIGHTS }, { 10, NO_WEEKENDS },
		{ 60, DAILY_WAVE }, { 60, NO_NIGHTS }, { 60, NO_WEEKENDS }, { 20, BATCHES } };
	int all = 0;
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const int found = false_silences(rows[i].a_day, rows[i].shape, 10, 100);
		print_message("  %3.0f a day, shape %d: %d false silences in 1000 source-days\n", rows[i].a_day,
			(int)rows[i].shape, found);
		all += found;
	}
	print_message("  %d in 10000 source-days\n", all);
	assert_true(all <= 10);
}

static void a_dead_source_is_noticed_in_time(void **unused)
{
	(void)unused;
	const double slow = median_to_notice(2, EVEN), usual = median_to_notice(10, DAILY_WAVE),
		     busy = median_to_notice(60, DAILY_WAVE);
	const double office = median_to_notice(10, NO_WEEKENDS);
	print_message("  noticed after: 2 a day %.0f h, 10 a day %.0f h, 60 a day %.0f h, 10 a day on weekdays %.0f h\n", slow,
		usual, busy, office);
	assert_true(slow < 14 * 24 && usual < 3 * 24 && busy < 24 && office < 7 * 24);
}

/* ---- verdicts of several polls ---- */

static struct arena arena;
static struct source_health health;
static struct source_arrivals arrivals;
static int64_t now_ms;
static struct health_outcome last;
static const struct health_terms terms = { 10 * MS_PER_MINUTE, MS_PER_DAY };

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, 8u << 20);
	health = (struct source_health){ 0 };
	arrivals = (struct source_arrivals){ 0 };
	now_ms = MONDAY;
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

static enum health step(const struct health_sight *sight)
{
	struct health_sight s = *sight;
	now_ms += 5 * MS_PER_MINUTE;
	s.now_ms = now_ms;
	last = health_step(&arena, &health, &arrivals, &s, &terms);
	return last.is;
}

static enum health fine(void)
{
	return step(&(struct health_sight){ .standing = STANDING_OK, .is_fine = true });
}

static enum health bad(enum standing standing)
{
	return step(&(struct health_sight){ .standing = standing, .failures = 3, .error = STR("it answered 500") });
}

static enum health page(size_t n, size_t authors, const char *reader)
{
	const struct health_page p = { n, n, n, authors, str_of(reader) };
	return step(&(struct health_sight){ .standing = STANDING_OK, .is_fine = true, .page = &p });
}

static void learn_pages(void)
{
	for (int i = 0; i < 8; i++)
		assert_int_equal(page(20, 20, "page, engine discuz"), HEALTH_WELL);
}

static void one_bad_poll_is_no_sickness(void **unused)
{
	(void)unused;
	assert_int_equal(fine(), HEALTH_WELL);
	assert_int_equal(bad(STANDING_BROKEN), HEALTH_WELL);
	assert_int_equal(bad(STANDING_BROKEN), HEALTH_WELL);
	assert_int_equal(fine(), HEALTH_WELL);
	assert_int_equal(bad(STANDING_BROKEN), HEALTH_WELL);
	assert_int_equal(bad(STANDING_LIMITED), HEALTH_WELL);
	assert_int_equal(bad(STANDING_BROKEN), HEALTH_FAILING); /* trouble of any kind, three times */
	assert_int_equal(health.since_ms, now_ms - 10 * MS_PER_MINUTE);
	assert_int_equal(fine(), HEALTH_FAILING);
	assert_int_equal(fine(), HEALTH_WELL);
}

static void each_standing_has_its_state(void **unused)
{
	static const struct {
		enum standing standing;
		enum health health;
	} rows[] = { { STANDING_LIMITED, HEALTH_LIMITED }, { STANDING_CHALLENGED, HEALTH_CHALLENGED },
		{ STANDING_GONE, HEALTH_GONE }, { STANDING_BROKEN, HEALTH_FAILING } };
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		health = (struct source_health){ 0 };
		(void)bad(rows[i].standing);
		(void)bad(rows[i].standing);
		assert_int_equal(bad(rows[i].standing), rows[i].health);
	}
	health = (struct source_health){ 0 };
	assert_int_equal(bad(STANDING_RETIRED), HEALTH_GONE); /* 410 leaves no doubt */
}

static void an_answer_that_cannot_be_read_is_the_canary(void **unused)
{
	const struct health_sight sight = {
		.standing = STANDING_BROKEN, .is_unread = true, .error = STR("recipe board found 0 posts")
	};
	(void)unused;
	(void)fine();
	(void)step(&sight);
	assert_int_equal(step(&sight), HEALTH_CANARY);
	assert_true(str_find(health.why, STR("recipe board found 0")) > 0);
	assert_true(str_find(health_reason(&arena, &last.finding, HEALTH_ZH), STR("读不出来")) > 0);
}

static void a_page_with_far_fewer_posts_than_ever_is_the_canary(void **unused)
{
	(void)unused;
	learn_pages();
	assert_int_equal(page(12, 12, "page, engine discuz"), HEALTH_WELL); /* fewer, and not yet half */
	(void)page(2, 2, "page, engine discuz");
	assert_int_equal(page(2, 2, "page, engine discuz"), HEALTH_CANARY);
	assert_int_equal(fine(), HEALTH_CANARY); /* 304: the same page still */
	assert_true(str_find(health.why, STR("2 posts on its page, usually about 1")) >= 0);
	(void)page(20, 20, "page, engine discuz");
	assert_int_equal(page(20, 20, "page, engine discuz"), HEALTH_WELL);
}

static void a_list_that_is_empty_now_and_then_stays_healthy(void **unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++)
		assert_int_equal(page(i % 4 == 3 ? 0 : 10, i % 4 == 3 ? 0 : 10, "rss20"), HEALTH_WELL);
}

static void a_field_that_is_lost_is_a_drift_with_its_numbers(void **unused)
{
	(void)unused;
	learn_pages();
	(void)page(20, 8, "page, engine discuz"); /* two fifths, by the same reader: no drift */
	assert_int_equal(last.verdict, HEALTH_WELL);
	(void)page(20, 8, "page, records");
	assert_int_equal(page(20, 8, "page, records"), HEALTH_DRIFT);
	assert_true(str_find(health.why, STR("40 % of its posts have an author")) >= 0);
	assert_true(str_find(health.why, STR("page, engine discuz")) > 0);
	assert_true(str_find(health_reason(&arena, &last.finding, HEALTH_ZH), STR("作者")) > 0);
	assert_int_equal(page(2, 0, "page, engine discuz"), HEALTH_DRIFT); /* two posts say nothing: one good poll */
}

static void a_page_that_stays_as_it_is_becomes_the_usual_one(void **unused)
{
	(void)unused;
	learn_pages();
	for (int i = 0; i < 3; i++)
		(void)page(20, 0, "page, engine discuz");
	assert_int_equal(last.is, HEALTH_DRIFT);
	now_ms += 15 * MS_PER_DAY;
	for (int i = 0; i < 4; i++)
		(void)page(20, 0, "page, engine discuz");
	assert_int_equal(last.is, HEALTH_WELL);
}

static void silence_is_told_by_what_is_owed(void **unused)
{
	(void)unused;
	struct health_memory m = { .first_ms = MONDAY - 30 * MS_PER_DAY,
		.polled_ms = MONDAY,
		.news_ms = MONDAY - 2 * MS_PER_DAY,
		.usual = 10000,
		.known = 70000,
		.owed = 8000,
		.clump = 1000,
		.page = HEALTH_WELL };
	health.state = str_of(health_names[HEALTH_WELL]);
	health.memory = health_memory_write(&arena, &m);
	assert_int_equal(fine(), HEALTH_WELL);
	m.owed = 20000;
	health.memory = health_memory_write(&arena, &m);
	assert_int_equal(fine(), HEALTH_WELL);
	assert_int_equal(fine(), HEALTH_SILENT);
	assert_true(str_find(health.why, STR("usual 10 posts a day about 20")) > 0);
	assert_true(str_find(health_reason(&arena, &last.finding, HEALTH_ZH), STR("每天约 10 条")) > 0);
	assert_true(health_wait_ms(&health, MS_PER_MINUTE) == 2 * MS_PER_MINUTE);
	assert_true(health_wait_ms(&health, 3 * MS_PER_HOUR) == 3 * MS_PER_HOUR);
	const struct health_sight news = { .standing = STANDING_OK, .is_fine = true, .nnew = 1 };
	assert_int_equal(step(&news), HEALTH_WELL); /* at once */
	assert_int_equal(health_wait_ms(&health, MS_PER_MINUTE), MS_PER_MINUTE);
	m.first_ms = now_ms - 2 * MS_PER_DAY; /* too young to be known */
	health.memory = health_memory_write(&arena, &m);
	(void)fine();
	assert_int_equal(fine(), HEALTH_WELL);
}

static void a_site_that_was_down_owes_nothing_for_that_time(void **unused)
{
	struct health_memory m = { 0 };
	(void)unused;
	for (int i = 0; i < 100; i++)
		polling_learn(&arrivals, &(struct polling_sight){ now_ms += MS_PER_HOUR, &now_ms, 1 });
	health_clock(&m, &arrivals, &(struct health_sight){ .now_ms = now_ms, .is_fine = true, .nnew = 1 });
	health_clock(&m, &arrivals, &(struct health_sight){ .now_ms = now_ms + MS_PER_HOUR });
	health_clock(&m, &arrivals, &(struct health_sight){ .now_ms = now_ms + 9 * MS_PER_HOUR, .is_fine = true });
	assert_int_equal(m.owed, 0);
	health_clock(&m, &arrivals, &(struct health_sight){ .now_ms = now_ms + 11 * MS_PER_HOUR, .is_fine = true });
	assert_true(m.owed > 1500 && m.owed < 3000);
}

static void operators_are_told_once_and_reminded_with_growing_pauses(void **unused)
{
	int told = 0;
	int64_t at[8] = { 0 };
	(void)unused;
	(void)fine();
	const int64_t began = now_ms + 5 * MS_PER_MINUTE;
	for (int i = 0; i < 13 * 288; i++) {
		(void)bad(STANDING_BROKEN);
		if (last.news != HEALTH_NO_NEWS && told < 8) {
			assert_int_equal(last.news, told == 0 ? HEALTH_FELL_ILL : HEALTH_STILL_ILL);
			at[told++] = now_ms - began;
			health_told(&health, last.news, now_ms);
		}
		if (i % 200 == 0) {
			struct health_memory m;
			health_memory_parse(health.memory, &m);
			health.why = STR("");
			arena_reset(&arena);
			health.memory = health_memory_write(&arena, &m);
		}
	}
	assert_int_equal(told, 4);
	assert_int_equal(at[0], 10 * MS_PER_MINUTE);
	assert_int_equal(at[1] - at[0], MS_PER_DAY);
	assert_int_equal(at[2] - at[1], 3 * MS_PER_DAY);
	assert_int_equal(at[3] - at[2], 7 * MS_PER_DAY);
	(void)fine();
	assert_int_equal(last.news, HEALTH_NO_NEWS);
	(void)fine();
	assert_int_equal(last.news, HEALTH_RECOVERED);
	health_told(&health, last.news, now_ms);
	(void)fine();
	assert_int_equal(last.news, HEALTH_NO_NEWS);
}

static void trouble_that_is_over_before_it_is_told_is_never_told(void **unused)
{
	(void)unused;
	(void)fine();
	for (int i = 0; i < 3; i++)
		(void)step(&(struct health_sight){ .standing = STANDING_CHALLENGED, .failures = 1 });
	health.since_ms = now_ms; /* sick, and for less than ten minutes */
	(void)fine();
	(void)fine();
	assert_int_equal(last.is, HEALTH_WELL);
	assert_int_equal(last.news, HEALTH_NO_NEWS);
}

static void the_memory_is_read_as_it_was_written(void **unused)
{
	struct health_memory a = { .first_ms = 1,
		.owed = 5,
		.entries = 20000,
		.page = HEALTH_DRIFT,
		.doubt = HEALTH_LIMITED,
		.doubts = 2,
		.reader = STR("page, engine = discuz x") };
	struct health_memory b;
	(void)unused;
	health_memory_parse(health_memory_write(&arena, &a), &b);
	assert_true(b.first_ms == 1 && b.owed == 5 && b.entries == 20000 && b.page == HEALTH_DRIFT && b.doubt == HEALTH_LIMITED &&
		    b.doubts == 2);
	assert_true(str_eq(a.reader, b.reader));
	health_memory_parse(STR("owed=x first_ms= =3 nonsense usual=7 reads=-1 known=9000000000000000000"), &b);
	assert_true(b.owed == 0 && b.first_ms == 0 && b.usual == 7 && b.reads == 0 && b.known == 0);
}

/* ---- many at once ---- */

static struct ward *ward_of(size_t n)
{
	struct ward *w = ward_new(n);
	struct source_state s = { .fetched_ms = MONDAY, .status = 200 };
	const struct health_memory m = { .polled_ms = MONDAY };
	s.health.state = str_of(health_names[HEALTH_WELL]);
	for (size_t i = 0; i < n; i++)
		ward_note(w, i, &s, &m, HEALTH_WELL);
	return w;
}

static void set_ill(struct ward *w, size_t from, size_t to, bool is_ill)
{
	struct source_state s = { .fetched_ms = MONDAY };
	const struct health_memory m = { .doubt_ms = MONDAY };
	s.health.state = str_of(health_names[HEALTH_WELL]);
	for (size_t i = from; i < to; i++)
		ward_note(w, i, &s, &m, is_ill ? HEALTH_FAILING : HEALTH_WELL);
}

static enum ward_news look(struct ward *w, int64_t after_ms)
{
	const struct ward_count count = ward_count(w, MONDAY + after_ms);
	const enum ward_news news = ward_step(w, &count, MONDAY + after_ms, &terms);
	if (news != WARD_NO_NEWS) {
		w->told++;
		w->told_ms = MONDAY + after_ms;
	}
	return news;
}

static void many_at_once_are_one_piece_of_news(void **unused)
{
	(void)unused;
	struct ward *w = ward_of(100);
	set_ill(w, 0, 20, true);
	assert_int_equal(look(w, 0), WARD_NO_NEWS);
	assert_true(w->many_ms == 0); /* a fifth, and not more */
	set_ill(w, 0, 30, true);
	assert_int_equal(look(w, MS_PER_MINUTE), WARD_NO_NEWS);
	assert_true(w->many_ms > 0);
	assert_int_equal(look(w, 5 * MS_PER_MINUTE), WARD_NO_NEWS);
	assert_int_equal(look(w, 11 * MS_PER_MINUTE), WARD_MANY_SICK);
	assert_int_equal(look(w, 12 * MS_PER_MINUTE), WARD_NO_NEWS);
	set_ill(w, 0, 18, false); /* 12 are left: not over yet */
	assert_int_equal(look(w, 13 * MS_PER_MINUTE), WARD_NO_NEWS);
	set_ill(w, 0, 25, false);
	assert_int_equal(look(w, 14 * MS_PER_MINUTE), WARD_MANY_WELL);
	assert_true(w->many_ms == 0);
	ward_free(w);
}

static bool inherits(const struct ward *w, const struct many_sick *word, bool is_own, int64_t after_ms)
{
	const struct ward_count count = ward_count(w, MONDAY + after_ms);
	return ward_inherits(w, &count, word, is_own, MONDAY + after_ms);
}

static void what_was_told_before_a_restart_is_not_told_again(void **unused)
{
	(void)unused;
	const struct many_sick word = { STR("crawler:h:1"), MONDAY - 2 * MS_PER_DAY, MONDAY - MS_PER_DAY + 2 * MS_PER_MINUTE, 1,
		MONDAY };
	struct ward *w = ward_of(100);
	assert_true(inherits(w, &word, true, 0)); /* our own */
	assert_false(inherits(w, &word, false, 0)); /* of one that lives */
	assert_false(
		inherits(w, &word, false, MS_PER_MINUTE)); /* of one that is gone: whose sources are ill goes on with it, … */
	assert_true(inherits(w, &word, false, 11 * MS_PER_MINUTE)); /* … or at last anybody */
	set_ill(w, 0, 30, true);
	assert_false(inherits(w, &word, false, 10 * MS_PER_SECOND));
	assert_true(inherits(w, &word, false, 21 * MS_PER_SECOND));
	ward_take(w, &word);
	assert_false(inherits(w, &word, true, MS_PER_MINUTE));
	assert_int_equal(look(w, MS_PER_MINUTE), WARD_NO_NEWS);
	assert_int_equal(look(w, 3 * MS_PER_MINUTE), WARD_MANY_STILL); /* reminders go on where they were */
	set_ill(w, 0, 30, false);
	assert_int_equal(look(w, 4 * MS_PER_MINUTE), WARD_MANY_WELL);
	ward_free(w);
}

static void who_has_just_begun_waits_beside_the_word_of_another(void **unused)
{
	(void)unused;
	struct ward w = { .born_ms = MONDAY };
	assert_false(ward_waits(&w, MONDAY));
	w.nwords = 1;
	assert_true(ward_waits(&w, MONDAY + 29 * MS_PER_SECOND));
	assert_false(ward_waits(&w, MONDAY + 31 * MS_PER_SECOND));
}

static void few_sources_are_never_many(void **unused)
{
	(void)unused;
	struct ward *w = ward_of(4);
	set_ill(w, 0, 4, true);
	(void)look(w, 0);
	assert_true(w->many_ms == 0);
	ward_free(w);
}

static void coverage_is_the_share_of_healthy_sources_by_weight(void **unused)
{
	(void)unused;
	struct ward *w = ward_of(10);
	for (size_t i = 0; i < 10; i++)
		w->bed[i].weight = i == 0 ? 91 : 1;
	assert_true(fabs(coverage_share(&(struct coverage){ .weight = 0 }) + 1) < 1e-9);
	struct ward_count count = ward_count(w, MONDAY);
	assert_true(count.coverage.sources == 10 && fabs(coverage_share(&count.coverage) - 1) < 1e-9);
	w->bed[0].is_sick = true;
	count = ward_count(w, MONDAY);
	assert_true(count.coverage.healthy == 9 && fabs(coverage_share(&count.coverage) - 0.09) < 1e-9);
	w->paused_ms[0] = MONDAY + 1; /* nobody wants it now */
	count = ward_count(w, MONDAY);
	assert_true(count.coverage.sources == 9 && fabs(coverage_share(&count.coverage) - 1) < 1e-9);
	ward_free(w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_living_source_is_hardly_ever_called_silent),
		cmocka_unit_test(a_dead_source_is_noticed_in_time),
		TEST(one_bad_poll_is_no_sickness),
		TEST(each_standing_has_its_state),
		TEST(an_answer_that_cannot_be_read_is_the_canary),
		TEST(a_page_with_far_fewer_posts_than_ever_is_the_canary),
		TEST(a_list_that_is_empty_now_and_then_stays_healthy),
		TEST(a_field_that_is_lost_is_a_drift_with_its_numbers),
		TEST(a_page_that_stays_as_it_is_becomes_the_usual_one),
		TEST(silence_is_told_by_what_is_owed),
		TEST(a_site_that_was_down_owes_nothing_for_that_time),
		TEST(operators_are_told_once_and_reminded_with_growing_pauses),
		TEST(trouble_that_is_over_before_it_is_told_is_never_told),
		TEST(the_memory_is_read_as_it_was_written),
		TEST(many_at_once_are_one_piece_of_news),
		TEST(what_was_told_before_a_restart_is_not_told_again),
		TEST(who_has_just_begun_waits_beside_the_word_of_another),
		TEST(few_sources_are_never_many),
		TEST(coverage_is_the_share_of_healthy_sources_by_weight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
