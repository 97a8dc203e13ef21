/* Unit tests of whole files and lines. */
#include "common/base/file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each test gets an empty folder, which goes with everything in it. */
struct fixture {
	struct arena a;
	char folder[64];
};

static int setup(void **state)
{
	static struct fixture f;
	arena_init(&f.a, 8u << 20);
	(void)snprintf(f.folder, sizeof(f.folder), "/tmp/earshot_file_XXXXXX");
	*state = &f;
	return mkdtemp(f.folder) ? 0 : -1;
}

static void remove_all(struct arena *a, const char *folder)
{
	struct str *names = NULL;
	size_t n = 0;
	if (file_list(a, folder, "", &names, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const char *path = file_join(a, str_of(folder), names[i]).p;
		remove_all(a, path);
		(void)remove(path);
	}
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	remove_all(&f->a, f->folder);
	(void)rmdir(f->folder);
	arena_release(&f->a);
	return 0;
}

static const char *inside(struct fixture *f, const char *name)
{
	return file_join(&f->a, str_of(f->folder), str_of(name)).p;
}

static void what_is_written_is_read_again(void **state)
{
	struct fixture *f = *state;
	struct str bytes;
	struct stat st;
	struct err e = { 0 };
	const char *path = inside(f, "投诉.txt");
	assert_int_equal(file_write(path, STR("退款\0please"), 0600, &e), OK);
	assert_int_equal(file_write(path, STR("second\0one"), 0640, &e), OK);
	assert_int_equal(file_read(&f->a, path, 100, &bytes, &e), OK);
	assert_true(str_eq(bytes, STR("second\0one")));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	struct str *names = NULL;
	size_t n = 0;
	assert_int_equal(file_list(&f->a, f->folder, "", &names, &n, &e), OK);
	assert_int_equal(n, 1); /* nothing was left aside */
}

static void a_file_over_the_cap_is_refused_with_the_cap(void **state)
{
	struct fixture *f = *state;
	struct str bytes;
	struct err e = { 0 };
	const char *path = inside(f, "large");
	assert_int_equal(file_write(path, STR("12345"), 0600, NULL), OK);
	assert_int_equal(file_read(&f->a, path, 5, &bytes, &e), OK);
	assert_int_equal(file_read(&f->a, path, 4, &bytes, &e), REJECT);
	assert_non_null(strstr(e.text, "4 bytes"));
}

static void what_is_not_there_is_told_with_its_path(void **state)
{
	struct fixture *f = *state;
	struct str bytes, *names = NULL;
	size_t n = 0;
	struct err e = { 0 };
	assert_int_equal(file_read(&f->a, inside(f, "absent"), 10, &bytes, &e), REJECT);
	assert_non_null(strstr(e.text, "/absent: cannot be opened: No such file"));
	assert_int_equal(file_read(&f->a, f->folder, 10, &bytes, &e), REJECT);
	assert_int_equal(file_list(&f->a, inside(f, "absent"), "", &names, &n, &e), REJECT);
	assert_int_equal(file_write(inside(f, "absent/x"), STR("x"), 0600, &e), REJECT);
	assert_false(file_exists(inside(f, "absent")));
	assert_true(file_exists(f->folder));
}

static void folders_are_made_with_their_parents(void **state)
{
	struct fixture *f = *state;
	struct err e = { 0 };
	assert_int_equal(file_mkdirs(inside(f, "a/b//c/"), 0700, &e), OK);
	assert_int_equal(file_mkdirs(inside(f, "a/b/c"), 0700, &e), OK);
	assert_true(file_exists(inside(f, "a/b/c")));
	assert_int_equal(file_write(inside(f, "plain"), STR(""), 0600, &e), OK);
	assert_int_equal(file_mkdirs(inside(f, "plain/x"), 0700, &e), REJECT);
}

static void a_listing_is_sorted_and_without_hidden_names(void **state)
{
	struct fixture *f = *state;
	static const char *const files[] = { "b.conf", "a.conf", ".hidden.conf", "c.txt", "品牌.conf" };
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(file_write(inside(f, files[i]), STR("x"), 0600, NULL), OK);
	struct str *names = NULL;
	size_t n = 0;
	assert_int_equal(file_list(&f->a, f->folder, ".conf", &names, &n, NULL), OK);
	assert_int_equal(n, 3);
	assert_string_equal(names[0].p, "a.conf");
	assert_string_equal(names[1].p, "b.conf");
	assert_string_equal(names[2].p, "品牌.conf");
}

static void paths_are_joined_and_taken_apart(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(file_join(&f->a, STR("rules"), STR("a.zh")).p, "rules/a.zh");
	assert_string_equal(file_join(&f->a, STR("/"), STR("etc")).p, "/etc");
	assert_string_equal(file_join(&f->a, STR("rules"), STR("/etc/x")).p, "/etc/x");
	assert_string_equal(file_join(&f->a, STR(""), STR("x")).p, "x");
	assert_string_equal(file_folder(&f->a, "a/b/c").p, "a/b");
	assert_string_equal(file_folder(&f->a, "c").p, ".");
	assert_string_equal(file_folder(&f->a, "/c").p, "/");
}

static void lines_are_read_with_a_cap(void **state)
{
	(void)state;
	char text[] = "one\r\n\n1234567890\n12345678\n退款";
	FILE *stream = fmemopen(text, sizeof(text) - 1, "r");
	static const struct {
		const char *line;
		bool too_long;
	} expected[] = { { "one", false }, { "", false }, { "12345678", true }, { "12345678", false }, { "退款", false } };
	struct lines l;
	struct str line;
	lines_init(&l, stream, 8);
	for (size_t i = 0; i < 5; i++) {
		assert_true(lines_next(&l, &line));
		assert_true(str_eqc(line, expected[i].line));
		assert_int_equal(l.too_long, expected[i].too_long);
		assert_int_equal(l.number, i + 1);
	}
	assert_false(lines_next(&l, &line));
	lines_release(&l);
	(void)fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_read_again, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_over_the_cap_is_refused_with_the_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_told_with_its_path, setup, teardown),
		cmocka_unit_test_setup_teardown(folders_are_made_with_their_parents, setup, teardown),
		cmocka_unit_test_setup_teardown(a_listing_is_sorted_and_without_hidden_names, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_are_joined_and_taken_apart, setup, teardown),
		cmocka_unit_test(lines_are_read_with_a_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
