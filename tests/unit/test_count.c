/* Which dimensions a mention counts in. */
#include "detector/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void assert_dimensions(const struct post *p, const struct verdict *v, const char *expected)
{
	const char *name[DIMENSIONS_OF_MENTION];
	char got[256] = "";
	size_t n = count_dimensions(&arena, p, v, name), used = 0;
	assert_true(n <= DIMENSIONS_OF_MENTION);
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s ", name[i]);
	assert_string_equal(got, expected);
}

static void a_complaint_counts_in_its_category_and_source(void **state)
{
	(void)state;
	struct post p;
	post_init(&p);
	p.family = STR("forum");
	struct verdict v = { .label = LABEL_NEGATIVE, .complaint = 0.8, .category = CAT_REFUND };
	assert_dimensions(&p, &v, "all negative complaint category:refund source:forum ");
}

static void praise_counts_without_complaint(void **state)
{
	(void)state;
	struct post p;
	post_init(&p);
	struct verdict v = { .label = LABEL_POSITIVE, .complaint = 0.1 };
	assert_dimensions(&p, &v, "all positive ");
}

static void own_posts_count_only_as_own(void **state)
{
	(void)state;
	struct post p;
	post_init(&p);
	p.family = STR("social");
	struct verdict v = { .label = LABEL_POSITIVE, .own = true };
	assert_dimensions(&p, &v, "own ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_complaint_counts_in_its_category_and_source),
		cmocka_unit_test(praise_counts_without_complaint),
		cmocka_unit_test(own_posts_count_only_as_own),
	};
	return cmocka_run_group_tests_name("count", tests, setup, teardown);
}
