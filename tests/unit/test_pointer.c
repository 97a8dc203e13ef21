/* JSON pointers: RFC 6901 and its stars. */
#include "crawler/pointer.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena a;

static int up(void **state)
{
	(void)state;
	arena_init(&a, 16u << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_release(&a);
	return 0;
}

/* What a pointer finds, as JSON, joined with a space. */
static const char *found(const char *json, const char *pointer)
{
	const struct json *const *list;
	struct err e = { 0 };
	struct buf text;
	const struct json *doc = json_parse_in(&a, str_of(json), &e);
	const struct pointer *p = pointer_parse(&a, str_of(pointer), NULL, &e);
	if (doc == NULL || p == NULL)
		fail_msg("%s: %s", pointer, e.text);
	const size_t n = pointer_find(&a, p, doc, 100, &list);
	buf_init(&text, 1u << 16);
	for (size_t i = 0; i < n; i++) {
		buf_addz(&text, i > 0 ? " " : "");
		json_write(&text, list[i]);
	}
	const char *copy = arena_cstr(&a, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void the_examples_of_the_rfc_hold(void **state)
{
	(void)state;
	const char *doc = "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"k\\\"l\":6,\" \":7,\"m~n\":8}";
	assert_string_equal(found(doc, "/foo"), "[\"bar\",\"baz\"]");
	assert_string_equal(found(doc, "/foo/0"), "\"bar\"");
	assert_string_equal(found(doc, "/"), "0");
	assert_string_equal(found(doc, "/a~1b"), "1");
	assert_string_equal(found(doc, "/c%d"), "2");
	assert_string_equal(found(doc, "/k\"l"), "6");
	assert_string_equal(found(doc, "/ "), "7");
	assert_string_equal(found(doc, "/m~0n"), "8");
	assert_true(found(doc, "")[0] == '{');
	assert_string_equal(found(doc, "/foo/01"), "");
	assert_string_equal(found(doc, "/foo/-"), "");
	assert_string_equal(found(doc, "/none/0"), "");
}

static void a_star_is_each_item_and_a_bare_thing_is_a_list_of_one(void **state)
{
	(void)state;
	assert_string_equal(found("{\"e\":[{\"t\":1},{\"t\":2},{\"u\":3}]}", "/e/*/t"), "1 2");
	assert_string_equal(found("{\"e\":{\"t\":1}}", "/e/*/t"), "1");
	assert_string_equal(found("{\"e\":null}", "/e/*"), "");
	assert_string_equal(found("{}", "/e/*"), "");
	assert_string_equal(found("[[1,2],[3]]", "/*/*"), "1 2 3");
}

static void two_stars_are_each_member_too(void **state)
{
	(void)state;
	assert_string_equal(found("{\"图\":{\"a\":{\"u\":1},\"b\":{\"u\":2}}}", "/图/**/u"), "1 2");
	assert_string_equal(found("{\"p\":[{\"u\":1},{\"u\":2}]}", "/p/**/u"), "1 2");
	assert_string_equal(found("{\"*\":5}", "/~2"), "5");
	assert_string_equal(found("{\"7\":\"seven\"}", "/7"), "\"seven\"");
}

static void what_is_none_is_refused_with_its_place(void **state)
{
	(void)state;
	struct err e = { 0 };
	size_t at = 0;
	assert_null(pointer_parse(&a, STR("items/0"), &at, &e));
	assert_string_equal(e.text, "a JSON pointer starts with /; write /items/0");
	assert_null(pointer_parse(&a, STR("/items/a~b"), &at, &e));
	assert_int_equal(at, 8);
	assert_null(pointer_parse(&a, STR("/~"), &at, &e));
	assert_int_equal(at, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_rfc_hold),
		cmocka_unit_test(a_star_is_each_item_and_a_bare_thing_is_a_list_of_one),
		cmocka_unit_test(two_stars_are_each_member_too),
		cmocka_unit_test(what_is_none_is_refused_with_its_place),
	};
	return cmocka_run_group_tests(tests, up, down);
}
