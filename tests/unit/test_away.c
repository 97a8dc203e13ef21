/* Redirects to other hosts: what is followed, what is remembered of the way, and who the source is there. */
#include "crawler/away.h"

#include <earshot/limits.h>

#include "common/base/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct source source;
static struct crawl_fetch *fetch;
static struct err why;

static struct url url_of(const char *text)
{
	struct url url = { 0 };
	assert_int_equal(url_parse(&fetch->arena, str_of(text), STR(""), &url, NULL), OK);
	return url;
}

static enum http_follow rule(const char *from, const char *to)
{
	const struct url x = url_of(from), y = url_of(to);
	return away_rule(fetch, &x, &y);
}

static void only_the_own_host_is_followed_at_once(void **unused)
{
	(void)unused;
	assert_int_equal(rule("http://a.example/x", "http://a.example/y"), HTTP_FOLLOW);
	assert_int_equal(rule("http://a.example/x", "https://a.example/x"), HTTP_FOLLOW);
	assert_int_equal(rule("http://a.example/x", "http://www.a.example/x"), HTTP_STAY);
	assert_int_equal(rule("http://a.example/x", "http://b.example/x"), HTTP_STAY);
}

static void there_the_source_is_the_same_but_for_its_place(void **unused)
{
	struct source guest;
	(void)unused;
	assert_int_equal(away_guest(&fetch->arena, &source, STR("https://b.example:8443/投诉?x=1"), &guest, &why), OK);
	assert_true(str_eqc(guest.host, "b.example"));
	assert_true(str_eqc(guest.origin, "https://b.example:8443"));
	assert_true(str_eqc(guest.robots_path, "/%E6%8A%95%E8%AF%89?x=1"));
	assert_true(str_eq(guest.id, source.id) && guest.how == source.how);
	assert_int_equal(away_guest(&fetch->arena, &source, STR("http://b.example:22/"), &guest, &why), REJECT);
	assert_int_equal(away_guest(&fetch->arena, &source, STR("http://u:p@b.example/"), &guest, &why), REJECT);
}

static struct http_response leads(const char *to, int hops, bool is_permanent)
{
	return (struct http_response){ .status = 301, .leads_to = str_of(to), .hops = hops, .permanent_redirect = is_permanent };
}

static void the_way_is_remembered_and_forgotten(void **unused)
{
	const struct http_response first = leads("http://b.example/", 0, true), last = { .status = 200 };
	(void)unused;
	assert_int_equal(away_note(fetch, &first, &why), OK);
	assert_true(str_eqc(fetch->state.hop, "http://b.example/"));
	assert_int_equal(fetch->state.hops, 1);
	assert_true(away_is_permanent(fetch, &last));
	const struct http_response second = leads("http://c.example/", 1, false);
	assert_int_equal(away_note(fetch, &second, &why), OK);
	assert_int_equal(fetch->state.hops, 3);
	assert_false(away_is_permanent(fetch, &last));
	away_forget(fetch);
	assert_int_equal(fetch->state.hop.n, 0);
	assert_int_equal(fetch->state.hops, 0);
	assert_false(away_is_permanent(fetch, &last)); /* there was no redirect */
}

static void one_hop_for_now_makes_the_whole_way_for_now(void **unused)
{
	const struct http_response first = leads("http://b.example/", 0, false), second = leads("http://c.example/", 0, true);
	const struct http_response last = { .status = 200 };
	(void)unused;
	assert_int_equal(away_note(fetch, &first, &why), OK);
	assert_int_equal(away_note(fetch, &second, &why), OK);
	assert_false(away_is_permanent(fetch, &last));
}

static void more_hops_than_are_followed_end_it(void **unused)
{
	const struct http_response hop = leads("http://b.example/", 0, true);
	(void)unused;
	for (int i = 0; i < LIMIT_REDIRECTS; i++)
		assert_int_equal(away_note(fetch, &hop, &why), OK);
	assert_int_equal(away_note(fetch, &hop, &why), REJECT);
	assert_non_null(strstr(why.text, "more than 5 redirects"));
}

static int start(void **unused)
{
	(void)unused;
	static const struct source_how how = { .delay_ms = 7 };
	source = (struct source){ .id = STR("s"), .url = STR("http://a.example/x"), .host = STR("a.example"), .how = &how };
	fetch = fetch_new(&source, 0);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	fetch_free(fetch);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_the_own_host_is_followed_at_once),
		TEST(there_the_source_is_the_same_but_for_its_place),
		TEST(the_way_is_remembered_and_forgotten),
		TEST(one_hop_for_now_makes_the_whole_way_for_now),
		TEST(more_hops_than_are_followed_end_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
