/* Unit tests of the bump allocator. */
#include "common/base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	char *last = NULL;
	for (size_t size = 0; size < 200; size++) {
		char *p = arena_take(&a, size);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_ptr_not_equal(p, last);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xAA, size);
		last = p;
	}
	arena_release(&a);
}

static void a_piece_larger_than_a_chunk_gets_its_own(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 64u << 20);
	char *small = arena_take(&a, 10);
	char *large = arena_take(&a, 20u << 20);
	large[(20u << 20) - 1] = 1;
	small[0] = 1;
	assert_true(a.used >= (20u << 20));
	arena_release(&a);
}

static void reset_gives_the_same_memory_again_zeroed(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 8u << 20);
	char *first = arena_take(&a, 100);
	memset(first, 0xAA, 100);
	for (int i = 0; i < 100; i++)
		(void)arena_take(&a, 10000);
	arena_reset(&a);
	assert_int_equal(a.used, 0);
	char *again = arena_take(&a, 100);
	assert_ptr_equal(again, first);
	assert_int_equal(again[50], 0);
	arena_release(&a);
}

static void a_released_arena_can_be_used_again(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	(void)arena_take(&a, 100);
	arena_release(&a);
	assert_non_null(arena_take(&a, 100));
	arena_release(&a);
}

static void copies_are_terminated_and_keep_nuls(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	struct str s = arena_copy(&a, STR("a\0b"));
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	assert_string_equal(arena_cstr(&a, (struct str){ NULL, 0 }), "");
	arena_release(&a);
}

static void parts_are_joined_and_terminated(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 4096);
	const struct str part[] = { STR("帖"), { NULL, 0 }, STR("#"), STR("7") };
	assert_string_equal(arena_join(&a, part, 4).p, "帖#7");
	assert_int_equal(arena_join(&a, part, 4).n, 5);
	assert_string_equal(arena_join(&a, part, 0).p, "");
	arena_release(&a);
}

static void printing_takes_any_length(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	assert_true(str_eqc(arena_printf(&a, "%s-%d", "退款", 7), "退款-7"));
	struct str wide = arena_printf(&a, "%1000d", 5);
	assert_int_equal(wide.n, 1000);
	assert_int_equal(wide.p[999], '5');
	assert_int_equal(wide.p[1000], 0);
	arena_release(&a);
}

/* Runs `act` in a child and tells whether it aborted. */
static int aborts(void (*act)(void))
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		(void)signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		act();
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void what_is_trimmed_is_taken_again(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	char *large = arena_raw(&a, 100000);
	memset(large, 'x', 100000);
	const size_t before = a.used;
	arena_trim(&a, large, 100000, 10);
	assert_true(a.used < before - 99000);
	char *next = arena_take(&a, 100);
	assert_true(next > large && next < large + 100);
	assert_int_equal(large[9], 'x');
	assert_int_equal(next[99], 0);
	arena_release(&a);
}

static void take_too_much(void)
{
	struct arena a;
	arena_init(&a, 1000);
	for (int i = 0; i < 100; i++)
		(void)arena_take(&a, 100);
}

static void take_an_impossible_array(void)
{
	struct arena a;
	arena_init(&a, SIZE_MAX / 4);
	(void)arena_array(&a, SIZE_MAX / 2, 16);
}

static void running_out_aborts(void **state)
{
	(void)state;
	assert_true(aborts(take_too_much));
	assert_true(aborts(take_an_impossible_array));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(a_piece_larger_than_a_chunk_gets_its_own),
		cmocka_unit_test(reset_gives_the_same_memory_again_zeroed),
		cmocka_unit_test(a_released_arena_can_be_used_again),
		cmocka_unit_test(copies_are_terminated_and_keep_nuls),
		cmocka_unit_test(parts_are_joined_and_terminated),
		cmocka_unit_test(printing_takes_any_length),
		cmocka_unit_test(what_is_trimmed_is_taken_again),
		cmocka_unit_test(running_out_aborts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
