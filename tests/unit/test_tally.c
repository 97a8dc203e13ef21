/* Counts by key: growth, the cap, pruning. */
#include "common/base/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_key_has_its_own_count(void **state)
{
	(void)state;
	struct tally t;
	tally_init(&t, 100000);
	for (uint32_t round = 1; round <= 3; round++)
		for (uint64_t key = 0; key < 20000; key++)
			assert_int_equal(tally_add(&t, key * 977), key == 0 && round == 1 ? 1 : round);
	assert_int_equal(t.n, 20000);
	assert_int_equal(tally_get(&t, 977), 3);
	assert_int_equal(tally_get(&t, 978), 0);
	tally_release(&t);
}

static void a_full_tally_refuses_new_keys_and_goes_on_with_the_known(void **state)
{
	(void)state;
	struct tally t;
	tally_init(&t, 10);
	for (uint64_t key = 1; key <= 12; key++)
		assert_int_equal(tally_add(&t, key), key <= 10 ? 1 : 0);
	assert_int_equal(t.refused, 2);
	assert_int_equal(tally_add(&t, 10), 2);
	assert_int_equal(tally_get(&t, 11), 0);
	tally_release(&t);
}

static void pruning_forgets_the_rare_and_makes_room(void **state)
{
	(void)state;
	struct tally t;
	tally_init(&t, 10);
	for (uint64_t key = 1; key <= 10; key++)
		(void)tally_add(&t, key);
	(void)tally_add(&t, 5);
	tally_prune(&t, 2);
	assert_int_equal(t.n, 1);
	assert_int_equal(tally_get(&t, 5), 2);
	assert_int_equal(tally_get(&t, 6), 0);
	assert_int_equal(tally_add(&t, 99), 1);
	tally_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_has_its_own_count),
		cmocka_unit_test(a_full_tally_refuses_new_keys_and_goes_on_with_the_known),
		cmocka_unit_test(pruning_forgets_the_rare_and_makes_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
