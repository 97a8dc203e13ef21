/* Sources as they are configured: many that are alike share what they say, and each still answers for itself. */
#include "crawler/sources.h"

#include <earshot/limits.h>

#include "common/base/post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct problems problems;
	struct source_list list;
};

static int set_up(void **state)
{
	static struct fixture f;
	f = (struct fixture){ 0 };
	arena_init(&f.arena, LIMIT_ARENA_BYTES);
	problems_init(&f.problems);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	problems_release(&f->problems);
	arena_release(&f->arena);
	return 0;
}

static void read_text(struct fixture *f, const char *text)
{
	sources_add(&f->arena, str_of(text), "feeds/test.conf", 1, &f->list, &f->problems);
}

static const struct source *find(const struct fixture *f, const char *id)
{
	const struct source *s = sources_find(&f->list, str_of(id));
	assert_non_null(s);
	return s;
}

static void sources_that_are_configured_alike_share_what_they_say(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nurl = http://a.example/1\ndelay = 3s\nheader = Accept-Language: zh\n"
		     "[source b]\nurl = http://b.example/2\ndelay = 3s\nheader = Accept-Language: zh\n"
		     "[source c]\nurl = http://c.example/3\ndelay = 4s\nheader = Accept-Language: zh\n");
	const struct source *a = find(f, "a"), *b = find(f, "b"), *c = find(f, "c");
	assert_int_equal(f->problems.n, 0);
	assert_ptr_equal(a->how, b->how);
	assert_ptr_not_equal(a->how, c->how);
	assert_true(b->how->delay_ms == 3000 && c->how->delay_ms == 4000 && b->how->header.n == 1);
	assert_true(str_eqc(b->host, "b.example") && str_eqc(b->robots_path, "/2") && str_eqc(b->scope, "b.example"));
	assert_true(str_eqc(a->origin, "http://a.example") && str_eqc(b->origin, "http://b.example"));
}

static void a_scope_of_its_own_is_not_shared(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nurl = http://a.example/\nscope = one\n[source b]\nurl = http://a.example/b\nscope = two\n"
		     "[source c]\nurl = http://a.example/c\n");
	assert_true(str_eqc(find(f, "a")->scope, "one") && str_eqc(find(f, "b")->scope, "two"));
	assert_true(str_eqc(find(f, "c")->scope, "a.example"));
	assert_ptr_equal(find(f, "a")->how, find(f, "b")->how);
}

/* The first one was fine, so nobody looks at what they share again; what is its own is looked at. */
static void what_is_wrong_with_one_of_many_is_told_of_that_one(void **state)
{
	struct fixture *f = *state;
	read_text(f,
		"[source a]\nurl = http://a.example/\n[source b]\nurl = ftp://b.example/\n[source C]\nurl = http://c.example/\n"
		"[source d]\nurl =\n[source e]\nurl = http://e.example/\n");
	assert_int_equal(f->list.n, 2);
	assert_int_equal(f->problems.errors, 3);
	assert_non_null(strstr(f->problems.list[0].text, "source b: "));
	assert_int_equal(f->problems.list[0].line, 3);
	assert_non_null(strstr(f->problems.list[1].text, "source name \"C\""));
	assert_non_null(strstr(f->problems.list[2].text, "source d: it has no url"));
}

static void what_is_wrong_with_all_is_told_of_each(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nurl = http://a.example/\nallow_cidr = nonsense\n[source b]\nurl = "
		     "http://b.example/\nallow_cidr = nonsense\n");
	assert_int_equal(f->list.n, 0);
	assert_int_equal(f->problems.errors, 2);
}

static void more_kinds_of_configuration_than_are_remembered_are_read_all_the_same(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 3 * SOURCE_HOWS; i++)
		buf_addf(&text, "[source s%d]\nurl = http://h%d.example/\nutc_offset = %d\n", i, i, i % (2 * SOURCE_HOWS));
	read_text(f, arena_cstr(&f->arena, buf_str(&text)));
	buf_release(&text);
	assert_int_equal(f->problems.n, 0);
	assert_int_equal(f->list.n, 3 * SOURCE_HOWS);
	for (int i = 0; i < 3 * SOURCE_HOWS; i++)
		assert_int_equal(f->list.source[i].how->zone_minutes, i % (2 * SOURCE_HOWS));
}

static void secrets_of_webhooks_are_their_own(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nkind = webhook\n[source b]\nkind = webhook\n");
	assert_int_equal(f->list.npushed, 0);
	assert_int_equal(f->problems.errors, 2); /* neither has one, and both are told */
}

static void fields_are_a_set_that_words_belong_to(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nurl = http://a.example/1\nfields = text, url, likes\n[source b]\nurl = http://a.example/2\n");
	assert_int_equal(f->problems.n, 0);
	struct post p;
	post_init(&p);
	p.id = p.author = p.title = p.text = p.url = STR("x");
	p.likes = p.replies = p.stars = 3;
	p.posted_ms = 7;
	post_keep_fields(&p, find(f, "b")->how->stored); /* none are named: everything */
	assert_true(p.author.n == 1 && p.replies == 3);
	post_keep_fields(&p, find(f, "a")->how->stored);
	assert_true(p.text.n == 1 && p.url.n == 1 && p.likes == 3 && p.id.n == 1 && p.posted_ms == 7);
	assert_true(p.author.n == 0 && p.title.n == 0 && p.replies == -1 && p.stars == -1);
}

static void fields_that_are_none_or_without_words_are_told(void **state)
{
	struct fixture *f = *state;
	read_text(f, "[source a]\nurl = http://a.example/1\nfields = text, nick\n[source b]\nurl = http://a.example/2\nfields = "
		     "url\n");
	assert_int_equal(f->problems.errors, 2);
	assert_int_equal(f->list.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sources_that_are_configured_alike_share_what_they_say, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_scope_of_its_own_is_not_shared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_one_of_many_is_told_of_that_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_all_is_told_of_each, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			more_kinds_of_configuration_than_are_remembered_are_read_all_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fields_are_a_set_that_words_belong_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fields_that_are_none_or_without_words_are_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(secrets_of_webhooks_are_their_own, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
