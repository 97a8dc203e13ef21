/* Unit tests of what answers make of a source: one table of statuses, learned addresses, whole or conditional, and the words. */
#include "crawler/standing.h"

#include "common/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define NOON 1795348800000LL
#define MINUTE MS_PER_MINUTE
#define HALF 0x80000000u

static struct source_state state;
static int64_t now_ms;

static int start(void **unused)
{
	(void)unused;
	state = (struct source_state){ 0 };
	now_ms = NOON;
	return 0;
}

static const char *after(int status, const char *challenge, int64_t wait_ms)
{
	const bool is_fine = challenge == NULL && (status == 200 || status == 304);
	const struct standing_sight sight = { .status = status,
		.is_fine = is_fine,
		.is_same = status == 304,
		.challenge = challenge,
		.wait_ms = wait_ms,
		.now_ms = now_ms };
	(void)standing_step(&state, &sight);
	now_ms += MINUTE;
	return standing_name(standing_of(&state));
}

static void each_status_has_its_standing(void **unused)
{
	static const struct {
		int status;
		const char *challenge;
		int64_t wait_ms;
		const char *standing;
	} rows[] = {
		{ 200, NULL, -1, "ok" },
		{ 304, NULL, -1, "unchanged" },
		{ 404, NULL, -1, "gone" },
		{ 410, NULL, -1, "retired" },
		{ 429, NULL, -1, "limited" },
		{ 503, NULL, 2000, "limited" },
		{ 403, NULL, -1, "broken" },
		{ 403, NULL, 2000, "limited" },
		{ 403, "Cloudflare", -1, "challenged" },
		{ 503, "Cloudflare", 2000, "challenged" },
		{ 200, "a captcha", -1, "challenged" },
		{ 500, NULL, -1, "broken" },
		{ 0, NULL, -1, "broken" },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)start(NULL);
		assert_string_equal(standing_name(standing_of(&state)), "new");
		assert_string_equal(after(rows[i].status, rows[i].challenge, rows[i].wait_ms), rows[i].standing);
	}
}

static void a_page_that_is_not_found_for_a_week_is_retired(void **unused)
{
	(void)unused;
	assert_string_equal(after(404, NULL, -1), "gone");
	now_ms = NOON + 3 * MS_PER_DAY;
	assert_string_equal(after(500, NULL, -1), "broken"); /* no success: the week goes on */
	now_ms = NOON + 7 * MS_PER_DAY - 1;
	assert_string_equal(after(404, NULL, -1), "gone");
	now_ms = NOON + 7 * MS_PER_DAY;
	assert_string_equal(after(404, NULL, -1), "retired");
	assert_true(standing_wait_ms(&state, MINUTE, -1, HALF) >= 7 * MS_PER_DAY);
	now_ms += 7 * MS_PER_DAY;
	assert_string_equal(after(404, NULL, -1), "retired");
	assert_string_equal(after(200, NULL, -1), "ok");
	assert_string_equal(after(404, NULL, -1), "gone"); /* another week */
}

static void a_wait_that_was_asked_for_is_met(void **unused)
{
	(void)unused;
	(void)after(429, NULL, 3600000);
	assert_int_equal(standing_wait_ms(&state, MINUTE, 3600000, 0), 3600000);
	assert_in_range(standing_wait_ms(&state, MINUTE, 3600000, UINT32_MAX), 3600001, 3600000 + MINUTE);
	assert_int_equal(standing_wait_ms(&state, MINUTE, 1000, HALF), MINUTE); /* never sooner than usual */
}

static void without_one_the_ladder_is_climbed_and_forgotten(void **unused)
{
	(void)unused;
	for (int64_t n = 1; n <= 40; n++) {
		(void)after(n % 2 != 0 ? 429 : 403, n % 2 != 0 ? NULL : "Cloudflare", -1);
		const int64_t top = n < 9 ? MINUTE << n : 6 * MS_PER_HOUR;
		assert_int_equal(standing_wait_ms(&state, MINUTE, -1, 0), MINUTE);
		assert_int_equal(standing_wait_ms(&state, MINUTE, -1, HALF), MINUTE + top / 2);
	}
	(void)after(304, NULL, -1);
	assert_int_equal(standing_wait_ms(&state, MINUTE, -1, HALF), 0);
	(void)after(429, NULL, -1);
	assert_int_equal(standing_wait_ms(&state, MINUTE, -1, HALF), 2 * MINUTE);
}

static void an_interval_longer_than_the_ladder_stays(void **unused)
{
	(void)unused;
	(void)after(503, NULL, -1);
	assert_int_equal(standing_wait_ms(&state, MS_PER_DAY, -1, 0), MS_PER_DAY);
	assert_true(standing_wait_ms(&state, MS_PER_DAY, -1, UINT32_MAX) <= MS_PER_DAY + 6 * MS_PER_HOUR);
}

static void trouble_is_told_when_it_begins_and_when_it_changes(void **unused)
{
	const struct standing_sight limited = { .status = 429, .wait_ms = -1, .now_ms = NOON };
	const struct standing_sight gone = { .status = 410, .wait_ms = -1, .now_ms = NOON + 1 };
	const struct standing_sight fine = { .status = 200, .is_fine = true, .now_ms = NOON + 2 };
	(void)unused;
	assert_true(standing_step(&state, &limited));
	assert_false(standing_step(&state, &limited));
	assert_true(standing_step(&state, &gone));
	assert_int_equal(state.standing_ms, NOON + 1);
	assert_false(standing_step(&state, &fine));
}

/* ---- addresses ---- */

static const struct str old_url = { "http://a.example/feed", 21 }, host = { "a.example", 9 };

static enum standing_move hop(const char *final, bool is_permanent)
{
	const struct str asked = standing_address(&state, old_url, host);
	const struct standing_hop h = { .url = old_url,
		.host = host,
		.final = str_of(final),
		.is_permanent = is_permanent,
		.is_learned = !str_eq(asked, old_url) };
	return standing_step_address(&state, &h);
}

static bool asks(const char *address)
{
	return str_eqc(standing_address(&state, old_url, host), address);
}

static void an_address_is_learned_when_it_was_named_three_times(void **unused)
{
	static const char there[] = "https://a.example/feed.xml";
	(void)unused;
	assert_int_equal(hop(there, true), MOVE_NONE);
	assert_int_equal(hop(there, true), MOVE_NONE);
	assert_int_equal(hop("http://a.example/feed", false), MOVE_NONE); /* back: count anew */
	assert_int_equal(hop(there, true), MOVE_NONE);
	assert_int_equal(hop("https://a.example/other", true), MOVE_NONE);
	assert_int_equal(hop(there, true), MOVE_NONE);
	assert_int_equal(hop(there, true), MOVE_NONE);
	assert_true(asks("http://a.example/feed"));
	assert_int_equal(hop(there, true), MOVE_LEARNED);
	assert_true(asks(there));
	assert_int_equal(hop(there, false), MOVE_NONE);
	assert_true(asks(there));
	assert_int_equal(hop("https://a.example/login", false), MOVE_FORGOTTEN); /* it does not answer by itself any more */
	assert_true(asks("http://a.example/feed"));
}

static void temporary_redirects_and_steps_back_from_https_teach_nothing(void **unused)
{
	const struct standing_hop back = {
		.url = STR("https://a.example/"), .host = host, .final = STR("http://a.example/"), .is_permanent = true
	};
	(void)unused;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(hop("http://a.example/today", false), MOVE_NONE);
		assert_true(asks("http://a.example/feed"));
		assert_int_equal(standing_step_address(&state, &back), MOVE_NONE);
	}
	assert_int_equal(state.moves, 0);
}

/* Its host's turn is not ours to take: politeness is kept per host. */
static void another_host_is_told_and_not_asked(void **unused)
{
	static const char *const theres[] = { "https://b.example/feed", "https://a.example.evil/feed",
		"https://b.example/?a.example/" };
	(void)unused;
	for (size_t i = 0; i < sizeof theres / sizeof theres[0]; i++) {
		(void)start(NULL);
		for (int n = 0; n < 2; n++)
			assert_int_equal(hop(theres[i], true), MOVE_NONE);
		assert_int_equal(hop(theres[i], true), MOVE_LEARNED);
		assert_int_equal(hop(theres[i], true), MOVE_NONE); /* told once */
		assert_true(asks("http://a.example/feed"));
		assert_true(state.moves == STANDING_MOVES);
	}
}

static void another_url_begins_anew(void **unused)
{
	(void)unused;
	(void)after(410, NULL, -1);
	for (int n = 0; n < 3; n++)
		(void)hop("http://a.example/there", true);
	standing_restart(&state);
	assert_true(asks("http://a.example/feed"));
	assert_int_equal(standing_of(&state), STANDING_NEW);
	assert_int_equal(standing_wait_ms(&state, MINUTE, -1, HALF), 0);
}

/* ---- whole or conditional ---- */

/* 304s until the page is asked for whole. */
static int64_t unchanged_before_whole(void)
{
	standing_step_whole(&state, false, now_ms);
	for (int64_t n = 0; n < 100; n++) {
		if (standing_wants_whole(&state, now_ms))
			return n;
		(void)after(304, NULL, -1);
	}
	return -1;
}

static void a_page_is_asked_for_whole_after_fifty_304_or_a_day(void **unused)
{
	(void)unused;
	assert_int_equal(unchanged_before_whole(), 50);
	standing_step_whole(&state, false, now_ms);
	assert_false(standing_wants_whole(&state, now_ms + 3 * MS_PER_DAY)); /* nothing was said to be unchanged */
	(void)after(304, NULL, -1);
	assert_false(standing_wants_whole(&state, now_ms));
	assert_true(standing_wants_whole(&state, now_ms + MS_PER_DAY));
}

static void a_server_that_was_caught_lying_is_asked_more_often(void **unused)
{
	(void)unused;
	standing_step_whole(&state, true, now_ms);
	assert_int_equal(unchanged_before_whole(), 25);
	for (int i = 0; i < 9; i++)
		standing_step_whole(&state, true, now_ms);
	assert_int_equal(unchanged_before_whole(), 1);
}

/* ---- words ---- */

static void the_sentence_says_what_it_is_since_when_and_what_to_do(void **unused)
{
	struct arena arena;
	(void)unused;
	arena_init(&arena, 1u << 20);
	assert_string_equal(standing_describe(&arena, &state).p, "new: it was not asked yet");
	(void)after(403, "Cloudflare", -1);
	state.failures = 2;
	state.error = STR("a.example answered 403 with a challenge page (Cloudflare)");
	for (int n = 0; n < 3; n++)
		(void)hop("https://b.example/", true);
	const char *said = standing_describe(&arena, &state).p;
	static const char *const parts[] = { "challenged: ", "ask its owner", "(since 2026-11-22T", "2 failures in a row",
		"challenge page (Cloudflare)", "moved for good to https://b.example/" };
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(said, parts[i]) == NULL)
			fail_msg("\"%s\" is not in: %s", parts[i], said);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_status_has_its_standing, start),
		cmocka_unit_test_setup(a_page_that_is_not_found_for_a_week_is_retired, start),
		cmocka_unit_test_setup(a_wait_that_was_asked_for_is_met, start),
		cmocka_unit_test_setup(without_one_the_ladder_is_climbed_and_forgotten, start),
		cmocka_unit_test_setup(an_interval_longer_than_the_ladder_stays, start),
		cmocka_unit_test_setup(trouble_is_told_when_it_begins_and_when_it_changes, start),
		cmocka_unit_test_setup(an_address_is_learned_when_it_was_named_three_times, start),
		cmocka_unit_test_setup(temporary_redirects_and_steps_back_from_https_teach_nothing, start),
		cmocka_unit_test_setup(another_host_is_told_and_not_asked, start),
		cmocka_unit_test_setup(another_url_begins_anew, start),
		cmocka_unit_test_setup(a_page_is_asked_for_whole_after_fifty_304_or_a_day, start),
		cmocka_unit_test_setup(a_server_that_was_caught_lying_is_asked_more_often, start),
		cmocka_unit_test_setup(the_sentence_says_what_it_is_since_when_and_what_to_do, start),
	};
	return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
