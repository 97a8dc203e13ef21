/* Recipes: each of tests/golden/recipes/NAME.recipe is wrong in some way, and NAME.txt is what is said of it; each recipe of feeds/
 * reads its samples. UPDATE_GOLDEN=1 writes the .txt files anew. */
#include "crawler/recipe_plan.h"

#include "cli/recipe_sample.h"
#include "common/base/file.h"

#include <stdlib.h>
#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define FOLDER "tests/golden/recipes"
#define HEAD "[recipe r]\nabout = a test\n"
#define NOW 1780300800000 /* 2026-06-01 08:00 UTC */

static struct arena a;

static int up(void **state)
{
	(void)state;
	arena_init(&a, 64u << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_release(&a);
	return 0;
}

/* ---- what is wrong with recipes ---- */

static void check_broken(struct str name)
{
	struct problems p;
	struct buf said;
	struct str expected = STR("");
	struct err e = { 0 };
	const struct str stem = str_first(name, name.n - strlen(".recipe"));
	const char *path = arena_printf(&a, FOLDER "/%.*s.txt", STR_FMT(stem)).p;
	problems_init(&p);
	recipe_free(recipe_load(&a, arena_printf(&a, FOLDER "/%.*s", STR_FMT(name)).p, &p));
	buf_init(&said, 1u << 16);
	problems_write(&p, &said);
	for (size_t i = 0; i < p.n; i++)
		if (p.list[i].code == NULL || p.list[i].line < 1 || p.list[i].column < 1 ||
			strpbrk(p.list[i].text, ";:?") == NULL)
			fail_msg("%.*s: no code, place or remedy: %s", STR_FMT(name), p.list[i].text);
	if (getenv("UPDATE_GOLDEN"))
		assert_int_equal(file_write(path, buf_str(&said), 0644, &e), OK);
	else if (file_read(&a, path, 1u << 16, &expected, &e) != OK || !str_eq(expected, buf_str(&said)))
		fail_msg("%s is not what came:\n%.*s\nif that is right: UPDATE_GOLDEN=1 build/unit/test_recipe", path,
			STR_FMT(buf_str(&said)));
	buf_release(&said);
	problems_release(&p);
}

static void every_mistake_is_told_with_place_code_and_remedy(void **state)
{
	(void)state;
	struct str *name;
	size_t n = 0;
	assert_int_equal(file_list(&a, FOLDER, ".recipe", &name, &n, NULL), OK);
	assert_true(n >= 35);
	for (size_t i = 0; i < n; i++)
		check_broken(name[i]);
}

static void every_code_stands_once_and_in_the_manual(void **state)
{
	(void)state;
	struct str manual;
	struct err e = { 0 };
	if (file_read(&a, "docs/recipes.md", 1u << 20, &manual, &e) != OK)
		fail_msg("%s", e.text);
	for (int i = 0; i < P__N; i++) {
		if (str_find(manual, str_of(recipe_problem_rows[i].code)) < 0)
			fail_msg("%s is not in docs/recipes.md", recipe_problem_rows[i].code);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(recipe_problem_rows[i].code, recipe_problem_rows[k].code);
	}
	for (size_t i = 0; i < RECIPE_FIELDS; i++)
		if (str_find(manual, arena_printf(&a, "`%s`", recipe_fields[i].name)) < 0)
			fail_msg("the field %s is not in docs/recipes.md", recipe_fields[i].name);
	for (const struct filter_row *f = recipe_filters; f->name != NULL; f++)
		if (str_find(manual, arena_printf(&a, "`%s", f->name)) < 0)
			fail_msg("the filter %s is not in docs/recipes.md", f->name);
}

/* ---- the recipes of feeds/ ---- */

static void the_recipes_of_feeds_read_their_samples(void **state)
{
	(void)state;
	struct problems p;
	struct recipe_book book;
	const char *folder = "feeds";
	problems_init(&p);
	recipes_load(&a, &folder, 1, &book, &p);
	assert_int_equal(p.n, 0);
	assert_true(book.n >= 14);
	for (size_t i = 0; i < book.n; i++) {
		struct recipe_sample *sample;
		const size_t n = recipe_samples(&a, book.recipe[i], &sample);
		if (n == 0)
			fail_msg("%.*s has no sample", STR_FMT(book.recipe[i]->name));
		for (size_t k = 0; k < n; k++) {
			struct buf why;
			size_t posts;
			buf_init(&why, 1u << 16);
			if (!recipe_sample_test(&a, book.recipe[i], &sample[k], false, &why, &posts))
				fail_msg("%.*s: %.*s", STR_FMT(sample[k].title), STR_FMT(buf_str(&why)));
			buf_release(&why);
		}
	}
	recipes_release(&book);
	problems_release(&p);
}

static void a_recipe_is_for_the_addresses_it_names(void **state)
{
	(void)state;
	struct problems p;
	problems_init(&p);
	struct recipe *r = recipe_load(&a, "feeds/telegram.recipe", &p);
	assert_non_null(r);
	assert_true(recipe_is_for(r, r->example));
	assert_true(recipe_is_for(r, STR("https://t.me/s/example_channel?q=%E4%BA%91%E9%9B%80")));
	assert_false(recipe_is_for(r, STR("https://t.me/example_channel")));
	assert_false(recipe_is_for(r, STR("https://example.org/s/example_channel")));
	assert_false(recipe_is_for(r, STR("not an address")));
	recipe_free(r);
	problems_release(&p);
}

/* ---- reading ---- */

static struct recipe *recipe_of(const char *text)
{
	struct problems p;
	struct buf said;
	problems_init(&p);
	struct recipe *r = recipe_parse(&a, str_of(text), "r.recipe", &p);
	buf_init(&said, 1u << 16);
	problems_write(&p, &said);
	if (r == NULL)
		fail_msg("%.*s", STR_FMT(buf_str(&said)));
	buf_release(&said);
	problems_release(&p);
	return r;
}

static enum outcome read_at(const char *recipe, const char *url, const char *bytes, struct recipe_result *out, struct err *e)
{
	const struct page page = { .bytes = str_of(bytes), .url = str_of(url), .fetched_ms = NOW, .zone_minutes = 480 };
	struct recipe *r = recipe_of(recipe);
	const enum outcome done = recipe_read(&a, r, &page, out, e);
	recipe_free(r);
	return done;
}

static struct recipe_result read_well(const char *recipe, const char *bytes)
{
	struct recipe_result found;
	struct err e = { 0 };
	if (read_at(recipe, "https://board.example/list?page=2&q=a", bytes, &found, &e) != OK)
		fail_msg("%s", e.text);
	return found;
}

#define assert_str(s, text) assert_string_equal(arena_cstr(&a, (s)), (text))

#define JSON_RECIPE HEAD "kind = json\nlist = /items/*\n[fields]\nid = /id\n"

static void the_first_alternative_that_yields_is_taken(void **state)
{
	(void)state;
	const struct recipe_result f = read_well(JSON_RECIPE
		"text = \"\"\"\n  /none\n  /empty | html\n  /text\n\"\"\"\ntitle = /a || /b || \"no title\"\n",
		"{\"items\":[{\"id\":1,\"empty\":\"<p> </p>\",\"text\":\"刹车异响\",\"b\":\"B\"},{\"id\":2,\"text\":\"two\"}]}");
	assert_int_equal(f.n, 2);
	assert_str(f.post[0].post.native_id, "1");
	assert_str(f.post[0].post.text, "刹车异响");
	assert_str(f.post[0].post.title, "B");
	assert_str(f.post[1].post.title, "no title");
}

static void a_date_that_is_none_leads_to_the_next_way(void **state)
{
	(void)state;
	const struct recipe_result f = read_well(JSON_RECIPE
		"text = /t\npublished = /edited || /created || /at | since-1970 microseconds\n",
		"{\"items\":[{\"t\":\"x\",\"edited\":\"never\",\"created\":\"3分钟前\"},{\"t\":\"y\",\"at\":1780300800000000},"
		"{\"t\":\"z\",\"created\":\"2026-05-31 20:00\"}]}");
	assert_int_equal(f.post[0].post.posted_ms, NOW - 180000);
	assert_int_equal(f.post[1].post.posted_ms, NOW);
	assert_int_equal(f.post[2].post.posted_ms, NOW - 20 * 3600000LL); /* in the zone of the source: +8 */
}

static void numbers_are_read_as_people_write_them(void **state)
{
	(void)state;
	assert_int_equal(recipe_count(STR("1,234")), 1234);
	assert_int_equal(recipe_count(STR("1.2K")), 1200);
	assert_int_equal(recipe_count(STR(" 3.4万 ")), 34000);
	assert_int_equal(recipe_count(STR("2亿热度")), 200000000);
	assert_int_equal(recipe_count(STR("12 views")), 12);
	assert_int_equal(recipe_count(STR("7.5m")), 7500000);
	assert_int_equal(recipe_count(STR("0")), 0);
	assert_int_equal(recipe_count(STR("-3")), -1);
	assert_int_equal(recipe_count(STR("many")), -1);
	assert_int_equal(recipe_count(STR("")), -1);
}

static void templates_are_whole_or_nothing(void **state)
{
	(void)state;
	const struct recipe_result f = read_well(JSON_RECIPE "text = /t\nurl = \"/u/{/who | match /@(\\w{1,20})/}/{/id}\" || "
							     "/link\ntitle = \"{{{<place>}}} \\\"{^/name}\\\"\"\n",
		"{\"name\":\"N\",\"items\":[{\"t\":\"x\",\"id\":5,\"who\":\"by @wren "
		"today\"},{\"t\":\"y\",\"link\":\"thread?x=1\",\"who\":\"nobody\"}]}");
	assert_str(f.post[0].post.url, "https://board.example/u/wren/5");
	assert_str(f.post[0].post.title, "{1} \"N\"");
	assert_str(f.post[1].post.url, "https://board.example/thread?x=1");
	assert_str(f.post[1].post.title, "{2} \"N\"");
}

static void one_document_stands_in_another(void **state)
{
	(void)state;
	struct recipe_result f = read_well(HEAD
		"kind = json-in-html\ndocument = script[id=data]\nlist = /list/*\n[fields]\nid = /n\ntext = /html | css p.body\n",
		"<html><body><script>var x;</script><script id=data>{\"list\":[{\"n\":1,\"html\":\"<h2>no</h2><p class=body>云雀 "
		"&amp; co</p>\"}]}</script>");
	assert_str(f.post[0].post.text, "云雀 & co");
	f = read_well(HEAD "kind = html-in-json\ndocument = /data/html\nlist = li.row\n[fields]\nid = . | attr data-row | json "
			   "/id\ntext = p | own\nlikes = b\n",
		"{\"data\":{\"html\":\"<ul><li class=row data-row='{&quot;id&quot;:77}'><p>自己<b>5</b>的</p></li></ul>\"}}");
	assert_str(f.post[0].post.native_id, "77");
	assert_str(f.post[0].post.text, "自己的");
	assert_int_equal(f.post[0].post.likes, 5);
}

static void texts_are_joined_replaced_cut_and_scaled(void **state)
{
	(void)state;
	const struct recipe_result f = read_well(JSON_RECIPE
		"text = /tags/* | join \", \"\ntitle = /t | between \"[\" \"]\" | replace \"a\" \"o\"\nstars = /score | scale "
		"0.1\nregion = /tags/* | last\nauthor = /tags/* | first\n",
		"{\"items\":[{\"id\":1,\"tags\":[\"电池\",\"refund\",\"投诉\"],\"t\":\"x [banana] y\",\"score\":\"40\"}]}");
	assert_str(f.post[0].post.text, "电池, refund, 投诉");
	assert_str(f.post[0].post.title, "bonono");
	assert_int_equal(f.post[0].post.stars, 4);
	assert_str(f.post[0].post.region, "投诉");
	assert_str(f.post[0].post.author, "电池");
}

static void skips_tests_and_the_canary(void **state)
{
	(void)state;
	struct recipe_result f;
	struct err e = { 0 };
	const char *r = JSON_RECIPE "text = /t\n[skip ad]\nwhen = /ad\nis = true, 1\n[empty]\nwhen = /total\nis = 0\n"
				    "[error login]\nwhen = /ok\nis = -100\nreason = log in yourself\nstatus = 432\n";
	f = read_well(r, "{\"ok\":1,\"items\":[{\"id\":1,\"t\":\"x\"},{\"id\":2,\"t\":\"buy\",\"ad\":true},{\"id\":3,\"t\":\"y\","
			 "\"ad\":false},{\"id\":4}]}");
	assert_int_equal(f.n, 2);
	assert_int_equal(f.skipped, 1);
	assert_int_equal(f.broken, 1);
	assert_int_equal(read_at(r, "", "{\"total\":0,\"items\":[]}", &f, &e), OK);
	assert_int_equal(read_at(r, "", "{\"posts\":[]}", &f, &e), REJECT);
	assert_non_null(strstr(e.text, "found 0 whole posts among 0 items, at least 1 were expected"));
	assert_int_equal(read_at(r, "", "{\"ok\":-100}", &f, &e), REJECT);
	assert_string_equal(e.text, "log in yourself (error login of recipe r)");
	assert_int_equal(read_at(r, "", "<html>", &f, &e), REJECT);
	struct recipe *recipe = recipe_of(r);
	assert_str(recipe_status_reason(recipe, 432), "log in yourself");
	assert_int_equal(recipe_status_reason(recipe, 404).n, 0);
	recipe_free(recipe);
}

static const char *next_of(const char *paging, const char *url, const char *json)
{
	struct recipe_result f;
	struct err e = { 0 };
	const char *recipe = arena_printf(&a, JSON_RECIPE "text = /t\n[paging]\n%s", paging).p;
	if (read_at(recipe, url, json, &f, &e) != OK)
		fail_msg("%s", e.text);
	return arena_cstr(&a, f.next);
}

static void the_next_page_by_number_cursor_id_and_link(void **state)
{
	(void)state;
	const char *items =
		"{\"items\":[{\"id\":9,\"t\":\"a\"},{\"id\":8,\"t\":\"b\"}],\"cur\":\"a b/云\",\"next\":\"?after=8\"}";
	assert_string_equal(next_of("by = page\nparameter = page", "https://b.example/l?page=2&q=x#top", items),
		"https://b.example/l?page=3&q=x");
	assert_string_equal(next_of("by = page\nparameter = page", "https://b.example/l", items), "https://b.example/l?page=2");
	assert_string_equal(next_of("by = page\nparameter = page", "https://b.example/page=9/id=1/json", items),
		"https://b.example/page=10/id=1/json");
	assert_string_equal(next_of("by = page\nparameter = start\nstart = 0\nstep = 20", "https://b.example/l?q=x", items),
		"https://b.example/l?q=x&start=20");
	assert_string_equal(next_of("by = cursor\nparameter = cursor\nnext = ^/cur", "https://b.example/l", items),
		"https://b.example/l?cursor=a%20b%2F%E4%BA%91");
	assert_string_equal(next_of("by = cursor\nparameter = cursor\nnext = ^/none", "https://b.example/l", items), "");
	assert_string_equal(next_of("by = id\nparameter = max_id\nnext = /id", "https://b.example/l?max_id=50", items),
		"https://b.example/l?max_id=8");
	assert_string_equal(next_of("by = link\nnext = ^/next", "https://b.example/l", items), "https://b.example/l?after=8");
	assert_string_equal(next_of("by = none", "https://b.example/l", items), "");
}

static void a_page_made_to_eat_memory_is_refused(void **state)
{
	(void)state;
	struct buf html;
	struct recipe_result f;
	struct err e = { 0 };
	buf_init(&html, 2u << 20);
	buf_addz(&html, "{\"items\":[");
	for (int i = 0; i < 1000; i++) {
		buf_addf(&html, "%s{\"id\":%d,\"t\":\"", i > 0 ? "," : "", i);
		for (int k = 0; k < 100; k++)
			buf_addz(&html, "<b><i>x");
		buf_addz(&html, "\"}");
	}
	buf_addz(&html, "]}");
	const char *ways = "/t | css i | css i | css i | css i | join \"\"";
	const char *recipe = arena_printf(&a, JSON_RECIPE "text = %s\ntitle = %s\nauthor = %s\n", ways, ways, ways).p;
	assert_int_equal(read_at(recipe, "", html.p, &f, &e), REJECT);
	assert_non_null(strstr(e.text, "used more than 16 MiB"));
	buf_release(&html);
}

/* ---- XPath ---- */

static const char *css_of(const char *xpath)
{
	struct recipe_xpath x;
	struct err e = { 0 };
	size_t at;
	if (!recipe_xpath(&a, str_of(xpath), &x, &at, &e))
		return arena_printf(&a, "! %zu", at).p;
	return arena_printf(&a, "%.*s%s%.*s%s", STR_FMT(x.css), x.attribute.n > 0 ? " @" : "", STR_FMT(x.attribute),
		x.is_own_text ? " own" : "")
		.p;
}

static void an_xpath_is_written_anew_as_a_selector(void **state)
{
	(void)state;
	assert_string_equal(css_of("//ul[@id='list']/li"), "ul[id='list'] > li");
	assert_string_equal(css_of(".//a[contains(@class,\"tit\")]/@href"), "a[class*=\"tit\"] @href");
	assert_string_equal(css_of("./td[3]/*[1]/text()"), "> td:nth-of-type(3) > *:nth-child(1) own");
	assert_string_equal(css_of("//h3[last()]"), "h3:last-of-type");
	assert_string_equal(css_of("//div[@data-x][starts-with(@id, 'post-')]//p"), "div[data-x][id^='post-'] p");
	assert_string_equal(css_of("//p[not(@class)]"), "p:not([class])");
	assert_string_equal(css_of("//table/tbody/tr/td"), "table tr > td"); /* a tbody that no page writes */
	assert_string_equal(css_of("/html/body"), "> html > body");
	assert_string_equal(css_of("@data-id"), " @data-id");
	assert_string_equal(css_of("./@href"), " @href");
	assert_string_equal(css_of("//a/@href/x"), "! 9");
	assert_string_equal(css_of("//p[text()='x']"), "! 8");
	assert_string_equal(css_of("//div//text()"), "! 13");
}

static void an_xpath_finds_what_it_says(void **state)
{
	(void)state;
	const struct recipe_result f =
		read_well(HEAD "kind = html\nlist = //table/tbody/tr[contains(@class,'row')]\n[fields]\nid = ./@data-id\ntext = "
			       "./td[2]/text()\nurl = .//a[@rel='top']/@href\n",
			"<table><tr class='head'><td>no</td></tr><tr class='row odd' "
			"data-id='1'><td>a</td><td>云雀<i>x</i></td><td><a rel='top' href='/t/1'>.</a></td></tr></table>");
	assert_int_equal(f.n, 1);
	assert_str(f.post[0].post.native_id, "1");
	assert_str(f.post[0].post.text, "云雀");
	assert_str(f.post[0].post.url, "https://board.example/t/1");
}

/* ---- samples ---- */

static void a_sample_holds_nobody_s_data(void **state)
{
	(void)state;
	const struct str author[] = { STR("王小明"), STR("Ann") };
	assert_str(recipe_sample_mask(
			   &a, STR("{\"u\":\"Ann\",\"t\":\"Annual 王小明 13800138000 Ann's\",\"n\":13800138000}"), author, 2),
		"{\"u\":\"author-2\",\"t\":\"Annual author-1 ███████████ author-2's\",\"n\":13800138000}\n");
	assert_str(recipe_sample_mask(&a, STR("<b>Ann</b> a@example.com"), author, 2), "<b>author-2</b> █████████████");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_is_told_with_place_code_and_remedy),
		cmocka_unit_test(every_code_stands_once_and_in_the_manual),
		cmocka_unit_test(the_recipes_of_feeds_read_their_samples),
		cmocka_unit_test(a_recipe_is_for_the_addresses_it_names),
		cmocka_unit_test(the_first_alternative_that_yields_is_taken),
		cmocka_unit_test(a_date_that_is_none_leads_to_the_next_way),
		cmocka_unit_test(numbers_are_read_as_people_write_them),
		cmocka_unit_test(templates_are_whole_or_nothing),
		cmocka_unit_test(one_document_stands_in_another),
		cmocka_unit_test(texts_are_joined_replaced_cut_and_scaled),
		cmocka_unit_test(skips_tests_and_the_canary),
		cmocka_unit_test(the_next_page_by_number_cursor_id_and_link),
		cmocka_unit_test(a_page_made_to_eat_memory_is_refused),
		cmocka_unit_test(an_xpath_is_written_anew_as_a_selector),
		cmocka_unit_test(an_xpath_finds_what_it_says),
		cmocka_unit_test(a_sample_holds_nobody_s_data),
	};
	return cmocka_run_group_tests(tests, up, down);
}
