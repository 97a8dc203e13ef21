/* Unit tests of thresholds: defaults, the shipped file, overlays, mistakes. */
#include "detector/thresholds.h"

#include "common/base/file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
	struct arena a;
	struct problems p;
	char folder[2][40];
	const char *list[2];
};

static void set_up(struct place *x)
{
	memset(x, 0, sizeof *x);
	arena_init(&x->a, 16u << 20);
	problems_init(&x->p);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(x->folder[i], sizeof x->folder[i], "/tmp/earshot-thresholds-XXXXXX");
		assert_non_null(mkdtemp(x->folder[i]));
		x->list[i] = x->folder[i];
	}
}

static void put(struct place *x, int i, const char *text)
{
	struct err e;
	const char *path = arena_cstr(&x->a, file_join(&x->a, str_of(x->folder[i]), STR("thresholds.conf")));
	assert_int_equal(file_write(path, str_of(text), 0600, &e), OK);
}

static void tear_down(struct place *x)
{
	for (int i = 0; i < 2; i++) {
		(void)unlink(arena_cstr(&x->a, file_join(&x->a, str_of(x->folder[i]), STR("thresholds.conf"))));
		(void)rmdir(x->folder[i]);
	}
	problems_release(&x->p);
	arena_release(&x->a);
}

static void an_absent_file_leaves_the_defaults(void **state)
{
	(void)state;
	struct place x;
	struct thresholds t, d;
	set_up(&x);
	memset(&t, 0, sizeof t);
	memset(&d, 0, sizeof d);
	thresholds_default(&d);
	thresholds_load(&x.a, x.list, 2, &t, &x.p);
	assert_memory_equal(&t, &d, sizeof t);
	assert_false(problems_any_error(&x.p));
	tear_down(&x);
}

static void the_shipped_file_says_what_the_defaults_are(void **state)
{
	(void)state;
	struct place x;
	struct thresholds t, d;
	static const char *const rules[] = { "rules" };
	if (!file_exists("rules/thresholds.conf"))
		skip(); /* run from another folder than the repository's */
	set_up(&x);
	thresholds_default(&d);
	thresholds_load(&x.a, rules, 1, &t, &x.p);
	assert_false(problems_any_error(&x.p));
	assert_memory_equal(&t, &d, sizeof t);
	tear_down(&x);
}

static void a_later_folder_changes_single_numbers(void **state)
{
	(void)state;
	struct place x;
	struct thresholds t, d;
	set_up(&x);
	thresholds_default(&d);
	put(&x, 0, "[thresholds]\nopen_score = 5\ncalm = 90m\n");
	put(&x, 1, "[thresholds]\nopen_score = 6\n");
	thresholds_load(&x.a, x.list, 2, &t, &x.p);
	assert_false(problems_any_error(&x.p));
	assert_true(t.open_score == 6);
	assert_int_equal(t.calm_ms, 90 * 60000);
	assert_true(t.min_posts == d.min_posts);
	tear_down(&x);
}

static void mistakes_are_told_with_their_place(void **state)
{
	(void)state;
	static const char *const texts[] = { "[thresholds]\nopen_scor = 5\n", "[thresholds]\ncalm = soon\n",
		"[thresholds]\nescalate_step = 0.5\n", "[thresholds]\nlevel_yellow = 80\nlevel_red = 20\n", "[treshold]\n" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct place x;
		struct thresholds t;
		set_up(&x);
		put(&x, 0, texts[i]);
		thresholds_load(&x.a, x.list, 1, &t, &x.p);
		assert_true(problems_any_error(&x.p));
		assert_true(x.p.list[0].line >= 1);
		tear_down(&x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_absent_file_leaves_the_defaults),
		cmocka_unit_test(the_shipped_file_says_what_the_defaults_are),
		cmocka_unit_test(a_later_folder_changes_single_numbers),
		cmocka_unit_test(mistakes_are_told_with_their_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
