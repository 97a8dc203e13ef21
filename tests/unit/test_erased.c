/* Marks of who and what was erased. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/erased.h"

#include <stdio.h>
#include <string.h>

static const struct str KEY = { "0123456789abcdef", 16 };
#define HER STR("a:00112233445566778899aabbccddeeff")
#define ID STR("ffeeddccbbaa99887766554433221100")

static struct post post_of(struct str id, struct str author, int64_t posted_ms)
{
	struct post p;
	post_init(&p);
	p.id = id;
	p.author = author;
	p.posted_ms = posted_ms;
	return p;
}

static void an_erased_post_is_known_by_its_id_whatever_its_date(void **state)
{
	(void)state;
	struct erased *s = erased_new(&KEY, 1);
	const struct post later = post_of(ID, STR(""), 900), other = post_of(HER, STR(""), 1);
	assert_false(erased_has_post(s, &later));
	erased_add(s, ID, 500);
	assert_true(erased_has_post(s, &later));
	assert_true(erased_has_id(s, ID));
	assert_false(erased_has_post(s, &other));
	erased_free(s);
}

static void an_author_is_erased_up_to_that_moment(void **state)
{
	(void)state;
	struct erased *s = erased_new(&KEY, 1);
	erased_add(s, HER, 500);
	const struct post before = post_of(ID, HER, 500), after = post_of(ID, HER, 501), undated = post_of(ID, HER, -1);
	struct post day = post_of(ID, HER, 501);
	day.date_only = true;
	assert_true(erased_has_post(s, &before));
	assert_false(erased_has_post(s, &after));
	assert_true(erased_has_post(s, &undated));
	assert_true(erased_has_post(s, &day));
	erased_free(s);
}

static void nobody_is_erased_in_an_empty_list_or_none(void **state)
{
	(void)state;
	struct erased *s = erased_new(&KEY, 1);
	const struct post anonymous = post_of(STR(""), STR(""), -1);
	assert_false(erased_has_post(s, &anonymous));
	assert_false(erased_has_post(NULL, &anonymous));
	erased_add(s, HER, 1);
	assert_false(erased_has_post(s, &anonymous)); /* no author is not an author */
	erased_free(s);
}

/* The list travels as marks, which name nobody, and says the same at the other end. */
static void a_list_of_marks_is_the_list(void **state)
{
	(void)state;
	struct erased *from = erased_new(&KEY, 1), *to = erased_new(&KEY, 1);
	char id[64], mark[ERASED_MARK];
	int64_t at_ms = 0;
	size_t n = 0;
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(id, sizeof id, "%032d", i);
		erased_add(from, str_of(id), i);
	}
	for (size_t at = 0; erased_next(from, &at, mark, &at_ms); n++) {
		assert_null(strstr(mark, "000000000000"));
		assert_true(erased_add_mark(to, str_of(mark), at_ms));
	}
	assert_int_equal(n, 1000);
	assert_int_equal(erased_count(to), 1000);
	for (int i = 0; i < 1100; i++) {
		(void)snprintf(id, sizeof id, "%032d", i);
		assert_int_equal(erased_has_id(to, str_of(id)), i < 1000);
	}
	erased_clear(to);
	assert_int_equal(erased_count(to), 0);
	assert_false(erased_has_id(to, STR("00000000000000000000000000000001")));
	erased_free(from);
	erased_free(to);
}

static void the_later_of_two_moments_counts(void **state)
{
	(void)state;
	struct erased *s = erased_new(&KEY, 1);
	erased_add(s, HER, 500);
	erased_add(s, HER, 300);
	const struct post p = post_of(ID, HER, 400);
	assert_int_equal(erased_count(s), 1);
	assert_true(erased_has_post(s, &p));
	erased_free(s);
}

static void what_is_no_mark_is_refused(void **state)
{
	(void)state;
	struct erased *s = erased_new(&KEY, 1);
	assert_false(erased_add_mark(s, STR(""), 1));
	assert_false(erased_add_mark(s, STR("0123456789abcdef0123456789abcde"), 1));
	assert_false(erased_add_mark(s, STR("0123456789abcdef0123456789abcdeX"), 1));
	assert_int_equal(erased_count(s), 0);
	erased_free(s);
}

/* After a rotation the list is still read: its marks were made under the key before. */
static void marks_of_the_key_before_still_hold(void **state)
{
	(void)state;
	struct erased *old = erased_new(&KEY, 1), *now = erased_new((const struct str[]){ STR("another key"), KEY }, 2);
	struct erased *forgetful = erased_new((const struct str[]){ STR("another key") }, 1);
	char mark[ERASED_MARK];
	int64_t at_ms = 0;
	size_t at = 0;
	erased_add(old, ID, 7);
	assert_true(erased_next(old, &at, mark, &at_ms));
	assert_true(erased_add_mark(now, str_of(mark), at_ms));
	assert_true(erased_add_mark(forgetful, str_of(mark), at_ms));
	assert_true(erased_has_id(now, ID));
	assert_false(erased_has_id(forgetful, ID));
	erased_free(old);
	erased_free(now);
	erased_free(forgetful);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_erased_post_is_known_by_its_id_whatever_its_date),
		cmocka_unit_test(an_author_is_erased_up_to_that_moment),
		cmocka_unit_test(nobody_is_erased_in_an_empty_list_or_none),
		cmocka_unit_test(a_list_of_marks_is_the_list),
		cmocka_unit_test(the_later_of_two_moments_counts),
		cmocka_unit_test(what_is_no_mark_is_refused),
		cmocka_unit_test(marks_of_the_key_before_still_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
