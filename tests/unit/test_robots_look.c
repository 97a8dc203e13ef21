/* Unit tests of what an answer to GET /robots.txt means. */
#include "crawler/robots_look.h"
#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena arena;

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, 4u << 20);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

#define NOW INT64_C(1700000000000)

static struct robots_copy copy;

static struct http_response answer(int status, const char *body)
{
	return (struct http_response){
		.outcome = OK, .status = status, .body = str_of(body), .retry_after_ms = -1, .is_answered = true
	};
}

static void rules_hold_and_their_absence_allows(void **unused)
{
	(void)unused;
	struct http_response r = answer(200, "User-agent: *");
	copy = (struct robots_copy){ .failures = 3, .error = STR("x") };
	robots_look_read(&arena, &r, NOW, &copy);
	assert_int_equal(copy.holds, ROBOTS_HOLDS_RULES);
	assert_int_equal(copy.failures, 0);
	assert_int_equal(copy.expires_ms, NOW + LIMIT_ROBOTS_AGE_MS);
	static const int absent[] = { 400, 401, 403, 404, 410, 451, 302 };
	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
		r = answer(absent[i], "Disallow: /");
		robots_look_read(&arena, &r, NOW, &copy);
		assert_int_equal(copy.holds, ROBOTS_HOLDS_NOTHING);
		assert_int_equal(copy.text.n, 0);
	}
}

static void while_it_cannot_be_read_the_last_good_one_holds(void **unused)
{
	(void)unused;
	static const int away[] = { 429, 500, 503 };
	copy = (struct robots_copy){ .holds = ROBOTS_HOLDS_RULES, .text = STR("Disallow"), .fetched_ms = NOW };
	for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
		const struct http_response r = answer(away[i], "");
		robots_look_read(&arena, &r, NOW, &copy);
		assert_int_equal(robots_look_holds(&copy, NOW), ROBOTS_HOLDS_RULES);
		assert_int_equal(copy.text.n, 8);
		assert_int_equal(copy.failures, i + 1);
		assert_int_equal(copy.expires_ms, NOW + (1000 << i));
	}
	assert_int_equal(robots_look_holds(&copy, NOW + LIMIT_ROBOTS_GOOD_MS + 1), ROBOTS_HOLDS_NEVER);
	copy = (struct robots_copy){ .failures = 40 };
	struct http_response r = answer(503, "");
	r.retry_after_ms = 7200 * 1000;
	robots_look_read(&arena, &r, NOW, &copy);
	assert_int_equal(robots_look_holds(&copy, NOW), ROBOTS_HOLDS_NEVER);
	assert_int_equal(copy.expires_ms, NOW + 7200 * 1000);
}

static void a_refused_address_says_nothing_about_the_host(void **unused)
{
	(void)unused;
	struct http_response r = { .outcome = REJECT, .retry_after_ms = -1 };
	copy = (struct robots_copy){ 0 };
	assert_false(robots_look_is_answer(&r));
	r.is_answered = true; /* an answer without an end */
	robots_look_read(&arena, &r, NOW, &copy);
	assert_int_equal(copy.holds, ROBOTS_HOLDS_NEVER);
	r.hops = LIMIT_REDIRECTS; /* a loop: as if there were none */
	robots_look_read(&arena, &r, NOW, &copy);
	assert_int_equal(copy.holds, ROBOTS_HOLDS_NOTHING);
}

static void cache_control_is_kept_to_within_a_day(void **unused)
{
	(void)unused;
	assert_int_equal(robots_look_age_ms(STR("")), LIMIT_ROBOTS_AGE_MS);
	assert_int_equal(robots_look_age_ms(STR("public, Max-Age = 3600")), 3600 * 1000);
	assert_int_equal(robots_look_age_ms(STR("max-age=31536000")), LIMIT_ROBOTS_AGE_MS);
	assert_int_equal(robots_look_age_ms(STR("max-age=0")), LIMIT_ROBOTS_YOUNG_MS);
	assert_int_equal(robots_look_age_ms(STR("no-cache, max-age=7200")), LIMIT_ROBOTS_YOUNG_MS);
	assert_int_equal(robots_look_age_ms(STR("max-age=never,,=")), LIMIT_ROBOTS_AGE_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rules_hold_and_their_absence_allows),
		TEST(while_it_cannot_be_read_the_last_good_one_holds),
		TEST(a_refused_address_says_nothing_about_the_host),
		TEST(cache_control_is_kept_to_within_a_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
