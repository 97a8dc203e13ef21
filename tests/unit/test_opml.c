/* Unit tests of subscription lists, and of the sections that are written for their feeds. */
#include "crawler/opml.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/base/utf8.h"
#include "crawler/source_draft.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define FOLDER "../shared/data/crawl/feedvalidator/opml/"

static struct arena arena;
static struct err err;
static struct opml list;

static void read(const char *bytes)
{
	if (opml_read(&arena, str_of(bytes), &list, &err) != OK)
		fail_msg("%s", err.text);
}

static void folders_give_families_and_a_path(void **state)
{
	(void)state;
	read("<opml version='2.0'><body><outline text='新闻'><outline text='科技'>"
	     "<outline type='rss' text='甲' xmlUrl='http://a.example/feed'/></outline></outline>"
	     "<outline title='Forums'><outline text='b' XMLURL=' https://b.example/rss ' htmlUrl='https://b.example/'/></outline>"
	     "<outline text='Newsletters'><outline text='c' xmlUrl='http://c.example/1' "
	     "category='blog'/></outline></body></opml>");
	assert_int_equal(list.n, 3);
	assert_true(str_eqc(list.feed[0].family, "news") && str_eqc(list.feed[0].folder, "新闻 / 科技"));
	assert_true(str_eqc(list.feed[0].title, "甲") && str_eqc(list.feed[0].url, "http://a.example/feed"));
	assert_true(str_eqc(list.feed[1].family, "forum") && str_eqc(list.feed[1].url, "https://b.example/rss"));
	assert_true(str_eqc(list.feed[2].family, "blog") && str_eqc(list.feed[2].folder, "Newsletters"));
	assert_null(list.why);
}

static void each_address_comes_once(void **state)
{
	(void)state;
	read("<opml><body><outline xmlUrl='http://a.example/feed'/><outline xmlUrl='HTTP://A.example:80/feed'/>"
	     "<outline xmlUrl='http://a.example/feed?utm_source=x'/><outline xmlUrl='http://a.example/feed2'/></body></opml>");
	assert_int_equal(list.n, 2);
	assert_int_equal(list.repeated, 2);
}

static void links_and_lists_are_passed_over_and_bad_addresses_counted(void **state)
{
	(void)state;
	read("<opml><body><outline type='link' url='http://a.example/'/><outline type='include' url='http://a.example/x.opml'/>"
	     "<outline type='rss' url='http://b.example/feed'/><outline xmlUrl='feed://c.example/'/>"
	     "<outline xmlUrl='http://u:p@d.example/'/></body></opml>");
	assert_int_equal(list.n, 1);
	assert_int_equal(list.refused, 2);
	assert_true(str_eqc(list.refused_first, "feed://c.example/"));
}

static void ill_formed_lists_are_read_as_far_as_they_go(void **state)
{
	(void)state;
	read("<opml><head><title>a & b</title><body><outline text='x & y' xmlUrl='http://a.example/?b=1&c=2'>");
	assert_int_equal(list.n, 1);
	assert_true(str_eqc(list.feed[0].title, "x & y") && str_eqc(list.feed[0].url, "http://a.example/?b=1&c=2"));
	assert_non_null(list.why);
}

static void what_is_no_list_is_refused(void **state)
{
	(void)state;
	assert_int_equal(opml_read(&arena, STR("<rss><channel/></rss>"), &list, &err), REJECT);
	assert_int_equal(opml_read(&arena, STR("not even XML"), &list, &err), REJECT);
	read("<opml version='2.0'><head/><body/></opml>");
	assert_int_equal(list.n, 0);
}

static void a_list_that_was_written_is_read_again(void **state)
{
	const struct opml_feed feed[] = {
		{ .url = STR("http://a.example/?a=1&b=<\"'"), .title = STR("甲 & \"b\" <c>"), .family = STR("blog") },
		{ .url = STR("http://b.example/"), .title = STR("b"), .family = STR("news") },
	};
	struct buf out;
	(void)state;
	buf_init(&out, 1u << 20);
	opml_write(&out, feed, 2);
	read(out.p);
	assert_null(list.why);
	assert_int_equal(list.n, 2);
	assert_true(str_eq(list.feed[0].title, feed[0].title) && str_eqc(list.feed[0].family, "blog"));
	assert_true(str_eqc(list.feed[1].family, "news"));
	buf_release(&out);
}

static void the_lists_of_feedvalidator_are_read(void **state)
{
	static const char *const parts[] = { "clean", "errors" };
	size_t feeds = 0, repeated = 0, refused = 0;
	(void)state;
	if (!file_exists(FOLDER "clean"))
		skip();
	for (size_t i = 0; i < 2; i++) {
		struct str *name = NULL, bytes, folder = arena_printf(&arena, FOLDER "%s", parts[i]);
		size_t n = 0;
		assert_int_equal(file_list(&arena, folder.p, ".opml", &name, &n, &err), OK);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(file_read(&arena, arena_cstr(&arena, file_join(&arena, folder, name[k])),
						 LIMIT_OPML_BYTES, &bytes, &err),
				OK);
			if (opml_read(&arena, bytes, &list, &err) != OK)
				refused++;
			feeds += list.n;
			repeated += list.repeated;
			for (size_t j = 0; j < list.n; j++)
				assert_true(utf8_valid(list.feed[j].title) && list.feed[j].url.n > 0);
		}
	}
	assert_int_equal(feeds, 20);
	assert_int_equal(repeated, 12);
	assert_int_equal(refused, 1); /* <haha/> */
}

/* ---- sections ---- */

static struct str section(const struct source_draft *d)
{
	struct buf out;
	buf_init(&out, 1u << 20);
	source_draft_write(&out, d);
	const struct str text = arena_copy(&arena, buf_str(&out));
	buf_release(&out);
	return text;
}

static void ids_come_from_the_host_and_are_unique(void **state)
{
	struct source_list none = { 0 };
	struct source_known known;
	static const char *const expected[] = { "news-a-example", "news-a-example-brakes", "news-a-example-brakes-2" };
	(void)state;
	source_known_init(&arena, &none, 20, &known);
	for (size_t i = 0; i < 3; i++) {
		const struct source_draft d = { .url = STR("https://www.News.a.example/forum/Brakes/index.xml") };
		const struct str id = source_draft_id(&arena, &d, &known);
		if (!str_eqc(id, expected[i]))
			fail_msg("%.*s, not %s", STR_FMT(id), expected[i]);
		source_known_add(&known.id, id);
	}
	for (size_t i = 0; i < 12; i++) {
		const struct source_draft d = { .url = arena_printf(&arena, "https://www.news.a.example/%zu/brakes/", i) };
		const struct str id = source_draft_id(&arena, &d, &known);
		assert_null(source_known_find(&known.id, id));
		source_known_add(&known.id, id);
	}
}

static void a_section_is_read_by_the_loader_as_it_was_meant(void **state)
{
	struct str networks[] = { STR("127.0.0.0/8"), STR("10.0.0.0/8") };
	const struct conf_list allow = { networks, 2 };
	const struct source_draft d = { .id = STR("a"),
		.url = STR("https://a.example/feed#x"),
		.kind = STR("page"),
		.family = STR("news"),
		.every = STR("10m"),
		.allow_cidr = &allow,
		.title = STR("A title\n[source evil]\r\nurl = http://evil.example/") };
	struct source_list l = { 0 };
	struct problems problems;
	(void)state;
	problems_init(&problems);
	sources_add(&arena, section(&d), "x.conf", 7, &l, &problems);
	assert_int_equal(problems.errors, 0);
	assert_int_equal(l.n, 1);
	assert_true(str_eqc(l.source[0].url, "https://a.example/feed#x") && l.source[0].how->kind == SOURCE_PAGE);
	assert_true(
		str_eqc(l.source[0].how->family, "news") && l.source[0].how->every_ms == 600000 && l.source[0].how->nallow == 2);
	assert_int_equal(l.source[0].at->line, 9);
	problems_release(&problems);
}

static void what_the_loader_refuses_is_told_with_its_line(void **state)
{
	const struct source_draft d = { .id = STR("Not An Id"), .url = STR("https://a.example/"), .every = STR("soon") };
	struct source_list l = { 0 };
	struct problems problems;
	(void)state;
	problems_init(&problems);
	sources_add(&arena, section(&d), "x.conf", 100, &l, &problems);
	assert_true(problems.errors >= 2 && l.n == 0);
	assert_in_range(problems.list[0].line, 101, 104);
	problems_release(&problems);
}

static int fresh(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define CASE(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(folders_give_families_and_a_path),
		CASE(each_address_comes_once),
		CASE(links_and_lists_are_passed_over_and_bad_addresses_counted),
		CASE(ill_formed_lists_are_read_as_far_as_they_go),
		CASE(what_is_no_list_is_refused),
		CASE(a_list_that_was_written_is_read_again),
		CASE(the_lists_of_feedvalidator_are_read),
		CASE(ids_come_from_the_host_and_are_unique),
		CASE(a_section_is_read_by_the_loader_as_it_was_meant),
		CASE(what_the_loader_refuses_is_told_with_its_line),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
