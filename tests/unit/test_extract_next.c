/* Unit tests of finding the next page of a thread, on pagers of our own making. */
#include "crawler/extract.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The address of the next page; without the host, which is always forum.example. */
static const char *next_of(const char *here, const char *html)
{
	struct err e;
	struct dom d;
	const struct page page = { .url = arena_printf(&arena, "https://forum.example%s", here) };
	const struct extract x = { .a = &arena, .page = &page, .base = page.url, .dom = &d, .charset = "utf-8" };
	assert_int_equal(dom_read(&arena, str_of(html), DOM_BUILDER_AUTO, &d, &e), OK);
	return arena_cstr(&arena, str_from(extract_next(&x, STR("")), sizeof "https://forum.example" - 1));
}

#define CASE(here, html, expected) assert_string_equal(next_of(here, html), expected)

static void rel_and_words_lead_on(void **state)
{
	(void)state;
	CASE("/t/7", "<link rel=next href='/t/7?page=2'><p>x", "/t/7?page=2");
	CASE("/t/7", "<a rel='nofollow next' href='?page=2'>2</a>", "/t/7?page=2");
	CASE("/t/7", "<a href='/t/7/2'>2</a><a href='/t/7/9'>9</a><a href='/t/7/2'>Next page »</a>", "/t/7/2");
	CASE("/thread-7-1-1.html", "<a href='thread-7-2-1.html'>下一页 &gt;</a>", "/thread-7-2-1.html");
	CASE("/a.html", "<a href='a_2.html'>[下頁]</a>", "/a_2.html");
	CASE("/t/index.html", "<a href='p2.html'><span>下一页</span></a>", "/t/p2.html");
	CASE("/q?id=5", "<a href='?id=5&after=xYz3k'>More comments</a>", "/q?id=5&after=xYz3k");
	CASE("/t/7", "<li class='pager-next'><a href='/t/7/p3'><i></i></a></li>", "/t/7/p3");
	CASE("/t/7?page=9", "<a aria-label='Next page' href='?page=10'><svg></svg></a>", "/t/7?page=10");
}

static void numbers_lead_on(void **state)
{
	(void)state;
	CASE("/t/7", "<b>1</b> <a href='?page=2'>2</a> <a href='?page=3'>3</a> <a href='?page=40'>40</a>", "/t/7?page=2");
	CASE("/t/7?page=19", "<a href='?page=18'>18</a> <b>19</b> <a href='?page=20'>20</a> <a href='?page=21'>21</a>",
		"/t/7?page=20");
	CASE("/t/7?start=20", "<a href='/t/7'>1</a> <b>2</b> <a href='?start=40'>3</a> <a href='?start=60'>4</a>",
		"/t/7?start=40");
	CASE("/t/7", "<b>1</b><a href='?start=15'>2</a><a href='?start=30'>3</a>", "/t/7?start=15");
	CASE("/t/7", "<b>1</b><a href='?page=1'>2</a><a href='?page=2'>3</a>", "/t/7?page=1");
	CASE("/t/7_2.html", "<a href='7.html'>1</a><a href='7_3.html'>3</a>", "/t/7_3.html");
	CASE("/t/7?p=2", "<a href='?p=1'>‹</a><a href='?p=3'>›</a><a href='?p=30'>»</a>", "/t/7?p=3");
}

static void the_last_page_has_no_next(void **state)
{
	(void)state;
	CASE("/t/7?page=3", "<a href='/t/7'>1</a><a href='?page=2'>2</a><b>3</b>", "");
	CASE("/t/7?page=3", "<a href='?page=2'>上一页</a><span class=disabled>下一页</span>", "");
	CASE("/t/7?page=3", "<li class='next disabled'><a class='next page disabled' href='?page=3'>Next</a>", "");
	CASE("/t/7?page=3", "<a href='#top'>Next</a><a rel=next href='?page=3#last'>Next</a>", "");
	CASE("/t/7?page=3", "<a href='javascript:void(0)'>下一页</a>", "");
}

static void other_things_are_no_pages(void **state)
{
	(void)state;
	CASE("/t/7", "<a href='/t/8'>Next topic</a><a href='/t/8'>下一篇：刹车失灵</a><a href='/t/8' rel=next>Next article »</a>",
		"");
	CASE("/t/7", "<a href='/t/8' title='下一主题'>»</a><a href='https://other.example/t/7?page=2'>Next</a>", "");
	CASE("/t/7", "<a href='/post/124'>2</a><a href='/user/2'>2</a><a href='#p2'>2</a>", "");
	CASE("/t/7", "<a href='/news'>Next</a><a href='/next-big-thing'>next</a>", "");
	CASE("/t/7", "<a href='/t/70?page=2'>What is next for us</a>", "");
	CASE("", "<a href='?page=2'>Next</a>", "/?page=2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rel_and_words_lead_on, start, stop),
		cmocka_unit_test_setup_teardown(numbers_lead_on, start, stop),
		cmocka_unit_test_setup_teardown(the_last_page_has_no_next, start, stop),
		cmocka_unit_test_setup_teardown(other_things_are_no_pages, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
