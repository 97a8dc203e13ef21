/* Which posts are served for labelling: the least sure, no copies, both languages in turn. */
#include "detector/unsure.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define POST(text, confidence, is_chinese)                                                                                       \
	{                                                                                                                        \
		{ text, sizeof text - 1 }, confidence, is_chinese                                                                \
	}

static const struct unsure_post posts[] = {
	POST("骑了三个月，电池只剩一半", 0.9, true), POST("店里新到了两种颜色", 0.4, true),
	POST("The new flavour tastes a little like autumn", 0.8, false),
	POST("店里新到了两种颜色！！", 0.41, true), /* the same but for its marks */
	POST("客服回了一句话就没有下文", 0.5, true), POST("Waited for the kettle, then went home", 0.45, false),
	POST("……", 0.1, true), /* nothing to read */
};
#define NPOSTS (sizeof posts / sizeof *posts)

static void the_least_sure_come_first_and_the_languages_take_turns(void **state)
{
	(void)state;
	size_t out[NPOSTS];
	assert_int_equal(unsure_pick(&arena, posts, NPOSTS, 4, out), 4);
	const size_t wanted[] = { 1, 5, 4, 2 };
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(out[i], wanted[i]);
}

static void no_copy_is_asked_for_twice_and_no_empty_text(void **state)
{
	(void)state;
	size_t out[NPOSTS];
	assert_int_equal(unsure_pick(&arena, posts, NPOSTS, NPOSTS, out), 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(out[i] != 3 && out[i] != 6);
}

static void one_language_alone_is_served_to_its_end(void **state)
{
	(void)state;
	size_t out[NPOSTS];
	const struct unsure_post english[] = {
		POST("A long walk to the harbour", 0.6, false),
		POST("Two tickets for the late ferry", 0.5, false),
		POST("My uncle repairs old radios", 0.7, false),
	};
	assert_int_equal(unsure_pick(&arena, english, 3, 10, out), 3);
	assert_int_equal(out[0], 1);
	assert_int_equal(unsure_pick(&arena, english, 0, 10, out), 0);
	assert_int_equal(unsure_pick(&arena, english, 3, 0, out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_least_sure_come_first_and_the_languages_take_turns, setup, teardown),
		cmocka_unit_test_setup_teardown(no_copy_is_asked_for_twice_and_no_empty_text, setup, teardown),
		cmocka_unit_test_setup_teardown(one_language_alone_is_served_to_its_end, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
