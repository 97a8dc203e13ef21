/* Keys of pseudonyms and their rotation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/file.h"
#include "common/base/pseudonyms.h"
#include "tests/support/folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct folder folder;
static struct arena arena;
static struct settings settings;
static struct err err;

static int setup(void **state)
{
	(void)state;
	if (folder_make(&folder) != 0)
		return -1;
	arena_init(&arena, 4u << 20);
	settings = (struct settings){ .data = str_of(folder.path) };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	folder_remove(&folder);
	return 0;
}

static const char *path(const char *name)
{
	return arena_printf(&arena, "%s/%s", folder.path, name).p;
}

static struct pseudonym_keys load(void)
{
	struct pseudonym_keys keys;
	assert_int_equal(pseudonyms_load(&arena, &settings, true, &keys, &err), OK);
	return keys;
}

static void a_key_is_made_once_for_its_owner_alone(void **state)
{
	(void)state;
	struct stat st;
	const struct pseudonym_keys first = load(), second = load();
	assert_int_equal(first.n, 1);
	assert_int_equal(first.key[0].n, 64);
	assert_true(str_eq(first.key[0], second.key[0]));
	assert_int_equal(stat(path("pseudonym.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void who_only_reads_makes_none(void **state)
{
	(void)state;
	struct pseudonym_keys keys;
	assert_int_equal(pseudonyms_load(&arena, &settings, false, &keys, &err), REJECT);
	assert_non_null(strstr(err.text, "pseudonym.key"));
	assert_false(file_exists(path("pseudonym.key")));
}

static void after_rotations_the_old_keys_follow_newest_first(void **state)
{
	(void)state;
	struct stat st;
	const struct pseudonym_keys one = load();
	assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), OK);
	const struct pseudonym_keys two = load();
	assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), OK);
	const struct pseudonym_keys three = load();
	assert_int_equal(three.n, 3);
	assert_true(str_eq(three.key[1], two.key[0]) && str_eq(three.key[2], one.key[0]));
	assert_false(str_eq(three.key[0], two.key[0]));
	assert_int_equal(stat(path("pseudonym.keys.before"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* Killed between the two files: the key in force stands in both. */
static void a_rotation_that_was_cut_off_changes_nothing(void **state)
{
	(void)state;
	const struct pseudonym_keys one = load();
	const struct str line = arena_printf(&arena, "%.*s\n", STR_FMT(one.key[0]));
	assert_int_equal(file_write(path("pseudonym.keys.before"), line, 0600, &err), OK);
	const struct pseudonym_keys again = load();
	assert_int_equal(again.n, 1);
	assert_true(str_eq(again.key[0], one.key[0]));
}

static void a_key_with_any_bytes_survives_a_rotation(void **state)
{
	(void)state;
	const struct str odd[] = { STR("with a line end\n"), STR("0x12"), STR("钥匙 \x01") };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		assert_int_equal(file_write(path("pseudonym.key"), odd[i], 0600, &err), OK);
		assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), OK);
		const struct pseudonym_keys keys = load();
		assert_true(str_eq(keys.key[1], odd[i]));
	}
}

static void configured_keys_are_the_operators_to_rotate(void **state)
{
	(void)state;
	settings.pseudonym_key = STR("new");
	settings.pseudonym_keys_before = STR("old\n\nolder\n");
	const struct pseudonym_keys keys = load();
	assert_int_equal(keys.n, 3);
	assert_true(str_eqc(keys.key[0], "new") && str_eqc(keys.key[1], "old") && str_eqc(keys.key[2], "older"));
	assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), REJECT);
	assert_non_null(strstr(err.text, "pseudonym_keys_before_file"));
}

static void rotations_beyond_the_cap_are_refused_and_lose_nothing(void **state)
{
	(void)state;
	(void)load();
	for (int i = 1; i < PSEUDONYM_KEYS; i++)
		assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), OK);
	const struct pseudonym_keys all = load();
	assert_int_equal(all.n, PSEUDONYM_KEYS);
	assert_int_equal(pseudonyms_rotate(&arena, &settings, &err), REJECT);
	assert_true(str_eq(load().key[0], all.key[0]));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_key_is_made_once_for_its_owner_alone),
		T(who_only_reads_makes_none),
		T(after_rotations_the_old_keys_follow_newest_first),
		T(a_rotation_that_was_cut_off_changes_nothing),
		T(a_key_with_any_bytes_survives_a_rotation),
		T(configured_keys_are_the_operators_to_rotate),
		T(rotations_beyond_the_cap_are_refused_and_lose_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
