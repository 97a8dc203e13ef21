/* The door: what is kept of a post, and who may not come in again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/erased.h"
#include "common/base/post.h"
#include "crawler/admit.h"
#include "crawler/identity.h"
#include <earshot/limits.h>

#define NOW 1795348800000LL /* 2026-11-22T12:00:00Z */
#define ID STR("0123456789abcdef0123456789abcdef")

static struct arena arena;
static const struct str keys[2] = { { "new key", 7 }, { "old key", 7 } };

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct admitted pass(struct str author, int64_t posted_ms, uint64_t stored, const struct erased *erased)
{
	const struct source_how how = { .family = STR("forum"), .stored = stored };
	const struct source source = { .id = STR("board"), .scope = STR("board.example"), .how = &how };
	const struct admit_terms terms = {
		.source = &source, .pseudonym_key = keys[0], .now_ms = NOW, .keep_ms = 1000000000, .erased = erased
	};
	struct admitted out;
	struct post raw;
	post_init(&raw);
	raw.id = ID;
	raw.author = author;
	raw.title = STR("标题");
	raw.text = STR("云雀电动车刹车失灵 Skylark");
	raw.url = STR("http://board.example/u/morgan");
	raw.likes = 5;
	raw.posted_ms = posted_ms;
	raw.fetched_ms = NOW;
	admit_post(&arena, &terms, &raw, &out);
	return out;
}

static void only_the_named_fields_pass_the_door(void **state)
{
	(void)state;
	uint64_t set = 0;
	const struct str names[] = { STR("text"), STR("lang") };
	assert_int_equal(post_fields_read(names, 2, &set, NULL), OK);
	const struct admitted whole = pass(STR("王小明"), NOW - 1, 0, NULL), some = pass(STR("王小明"), NOW - 1, set, NULL);
	assert_null(some.refused);
	assert_true(some.post.text.n > 0 && some.post.lang.n > 0 && str_eq(some.post.id, whole.post.id));
	assert_int_equal(some.post.posted_ms, NOW - 1);
	assert_true(some.post.author.n == 0 && some.post.url.n == 0 && some.post.title.n == 0 && some.post.likes == -1);
	assert_true(whole.post.author.n > 0 && whole.post.url.n > 0 && whole.post.likes == 5);
}

static void who_was_erased_is_refused_up_to_that_moment(void **state)
{
	(void)state;
	const struct str people[] = { STR("王小明"), STR("Morgan Vale") };
	for (size_t i = 0; i < 2; i++) {
		struct erased *erased = erased_new(keys, 2);
		assert_null(pass(people[i], NOW - 10, 0, erased).refused);
		erased_add(erased, identity_author(&arena, keys[0], STR("board.example"), people[i]), NOW - 5);
		assert_non_null(pass(people[i], NOW - 10, 0, erased).refused);
		assert_non_null(pass(people[i], -1, 0, erased).refused);
		assert_null(pass(people[i], NOW - 1, 0, erased).refused);
		assert_null(pass(people[1 - i], NOW - 10, 0, erased).refused);
		assert_null(pass(STR(""), NOW - 10, 0, erased).refused);
		erased_free(erased);
	}
}

static void who_was_erased_under_another_key_is_refused_too(void **state)
{
	(void)state;
	struct erased *erased = erased_new(keys, 2);
	erased_add(erased, identity_author(&arena, keys[1], STR("board.example"), STR("王小明")), NOW);
	assert_non_null(pass(STR("王小明"), NOW - 10, 0, erased).refused);
	assert_null(pass(STR("王大明"), NOW - 10, 0, erased).refused);
	erased_free(erased);
}

/* The source keeps no authors: they are known at the door all the same. */
static void an_erased_author_is_refused_where_authors_are_not_stored(void **state)
{
	(void)state;
	uint64_t set = 0;
	struct erased *erased = erased_new(keys, 2);
	assert_int_equal(post_fields_read((const struct str[]){ STR("text") }, 1, &set, NULL), OK);
	erased_add(erased, identity_author(&arena, keys[0], STR("board.example"), STR("王小明")), NOW);
	assert_non_null(pass(STR("王小明"), NOW - 10, set, erased).refused);
	erased_free(erased);
}

static void an_erased_post_is_refused_whoever_wrote_it(void **state)
{
	(void)state;
	struct erased *erased = erased_new(keys, 2);
	erased_add(erased, ID, NOW - 100);
	assert_non_null(pass(STR(""), NOW - 1, 0, erased).refused);
	erased_free(erased);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(only_the_named_fields_pass_the_door),
		T(who_was_erased_is_refused_up_to_that_moment),
		T(who_was_erased_under_another_key_is_refused_too),
		T(an_erased_author_is_refused_where_authors_are_not_stored),
		T(an_erased_post_is_refused_whoever_wrote_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
