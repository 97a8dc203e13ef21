/* A name in place of another one: everywhere in the text, only when enough have come, never one that is too long. */
#include "detector/stance_rename.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct stance_rename names;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	memset(&names, 0, sizeof names);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void take(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		char name[16];
		(void)snprintf(name, sizeof name, "Name%u", i);
		stance_rename_take(&names, str_of(name));
	}
}

static void nothing_is_renamed_before_enough_names_have_come(void **state)
{
	struct str text = STR("霁鹭丢件，湛洄到了"), name[2] = { STR("霁鹭"), STR("湛洄") };
	(void)state;
	take(STANCE_RENAME_NAMES - 1);
	stance_rename_take(&names, STR("a name that is longer than thirty-one bytes"));
	stance_rename_take(&names, STR(""));
	assert_false(stance_rename(&names, &arena, &text, name));
	take(1);
	assert_true(stance_rename(&names, &arena, &text, name));
}

static void one_of_the_names_is_changed_wherever_it_stands(void **state)
{
	static const char *const texts[] = { "霁鹭丢件，湛洄到了，霁鹭霁鹭，还是湛洄", "湛洄和霁鹭", "别买霁鹭，去湛洄",
		"霁鹭湛洄", "问：霁鹭好还是湛洄好", "湛洄，湛洄，不是霁鹭" };
	unsigned changed[2] = { 0 };
	(void)state;
	take(STANCE_RENAME_NAMES);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct str old[2] = { STR("霁鹭"), STR("湛洄") };
		struct str text = str_of(texts[i]), name[2] = { old[0], old[1] };
		assert_true(stance_rename(&names, &arena, &text, name));
		const int which = str_eq(name[0], old[0]) ? 1 : 0;
		changed[which]++;
		assert_true(str_eq(name[1 - which], old[1 - which]));
		assert_true(str_find(text, STR("Name")) >= 0 && str_find(text, name[0]) >= 0 && str_find(text, name[1]) >= 0);
		assert_true(str_find(text, old[which]) < 0);
	}
	assert_true(changed[0] > 0 && changed[1] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_renamed_before_enough_names_have_come, setup, teardown),
		cmocka_unit_test_setup_teardown(one_of_the_names_is_changed_wherever_it_stands, setup, teardown),
	};
	return cmocka_run_group_tests_name("stance_rename", tests, NULL, NULL);
}
