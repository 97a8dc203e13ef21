/* Two texts about one brand each become one about two: only short ones, only of one language, only where neither has the other's name. */
#include "detector/stance_compose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct stance_compose compose;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	compose = (struct stance_compose){ .n = 0 };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The text that comes of it, NULL = none. */
static const char *behind(const char *text, const char *name, enum label label, struct stance_composed *out)
{
	const struct stance_single s = { str_of(text), str_of(name), label };
	return stance_compose(&compose, &arena, &s, out) ? arena_cstr(&arena, out->text) : NULL;
}

static void the_second_of_a_language_stands_behind_the_first(void **state)
{
	struct stance_composed out;
	(void)state;
	assert_null(behind("霁鹭丢件。", "霁鹭", LABEL_NEGATIVE, &out));
	assert_null(behind("Halden is fine.", "Halden", LABEL_POSITIVE, &out));
	assert_string_equal(behind("湛洄到了", "湛洄", LABEL_NEUTRAL, &out), "霁鹭丢件，湛洄到了");
	assert_true(str_eqc(out.name[0], "霁鹭") && str_eqc(out.name[1], "湛洄"));
	assert_true(out.label[0] == LABEL_NEGATIVE && out.label[1] == LABEL_NEUTRAL);
	assert_string_equal(
		behind("Corvane lost my bag", "Corvane", LABEL_NEGATIVE, &out), "Halden is fine, Corvane lost my bag");
	assert_string_equal(behind("Tilby, again", "Tilby", LABEL_NEUTRAL, &out), "Corvane lost my bag; Tilby, again");
}

static void what_is_not_fit_neither_joins_nor_waits(void **state)
{
	struct stance_composed out;
	char longer[STANCE_COMPOSE_BYTES + 2] = { 0 };
	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	memcpy(longer, "Halden ", 7);
	assert_null(behind("Halden is fine.", "Halden", LABEL_POSITIVE, &out));
	assert_null(behind(longer, "Halden", LABEL_POSITIVE, &out));
	assert_null(behind("no name in it", "Corvane", LABEL_POSITIVE, &out));
	assert_null(behind("no name at all", "", LABEL_POSITIVE, &out));
	assert_null(behind("Corvane beats Halden", "Corvane", LABEL_POSITIVE, &out));
	assert_string_equal(behind("Tilby is late", "Tilby", LABEL_NEGATIVE, &out), "Corvane beats Halden. Tilby is late");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_second_of_a_language_stands_behind_the_first, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_fit_neither_joins_nor_waits, setup, teardown),
	};
	return cmocka_run_group_tests_name("stance_compose", tests, NULL, NULL);
}
