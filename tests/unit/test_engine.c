/* Unit tests of the engine rules: those in the binary are right, each reads its sample page of tests/golden/engines/, and what is
 * no thread falls through. A sample NAME.html begins with a comment that holds its address; NAME.posts is what must come out:
 * a line about the page, then a line a post. EARSHOT_GOLDEN=write writes them anew, to be looked at in the difference. */
#include "crawler/extract_engine.h"

#include <earshot/limits.h>

#include "common/base/charset.h"
#include "common/base/file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#define SAMPLES "tests/golden/engines/*.html"

static struct arena arena;
static struct dom dom;
static struct extraction got;
static struct page page;

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
	engine_release();
	return 0;
}

/* Reads a page by the engine rules alone; its address is in the comment it begins with. */
static float read_page(struct str html)
{
	struct err e;
	const ptrdiff_t end = str_find(html, STR(" -->"));
	page = (struct page){ .bytes = html, .fetched_ms = 1715169600000, .zone_minutes = 480 };
	page.url = str_starts(html, STR("<!-- http")) && end > 0 ? str_from(str_first(html, (size_t)end), 5) : STR("");
	assert_int_equal(dom_read(&arena, html, DOM_BUILDER_AUTO, &dom, &e), OK);
	const struct extract x = { .a = &arena, .page = &page, .base = page.url, .dom = &dom, .charset = "utf-8" };
	got = (struct extraction){ .published_ms = -1 };
	return extract_engine(&x, &got);
}

static void write_post(struct buf *b, const struct extract_post *p)
{
	buf_addc(b, '{');
	buf_json_opt(b, "title", p->title);
	buf_json_str(b, "text", p->text);
	buf_json_opt(b, "quote", p->quote);
	buf_json_opt(b, "signature", p->signature);
	buf_json_str(b, "author", p->author);
	buf_json_opt(b, "author_url", p->author_url);
	buf_json_opt(b, "url", p->url);
	buf_json_opt(b, "id", p->id);
	buf_json_int(b, "published_ms", p->published_ms);
	if (p->day_only)
		buf_json_bool(b, "day_only", true);
	buf_json_known(b, "likes", p->likes);
	buf_json_known(b, "replies", p->replies);
	buf_json_known(b, "views", p->views);
	if (p->stars > 0)
		buf_json_double(b, "stars", (double)p->stars, 1);
	buf_addz(b, "}\n");
}

static struct str written(void)
{
	struct buf b;
	buf_init(&b, 1u << 20);
	buf_addc(&b, '{');
	buf_json_str(&b, "engine", got.engine);
	buf_json_str(&b, "title", got.title);
	buf_json_opt(&b, "next", got.next);
	buf_addz(&b, "}\n");
	for (size_t i = 0; i < got.nposts; i++)
		write_post(&b, &got.posts[i]);
	const struct str text = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static void check_sample(const char *path)
{
	struct str html, want = STR("");
	struct err e;
	arena_reset(&arena);
	assert_int_equal(file_read(&arena, path, LIMIT_BODY_BYTES, &html, &e), OK);
	const float sure = read_page(html);
	const struct str now = written();
	const char *expected = arena_printf(&arena, "%.*s.posts", (int)strlen(path) - 5, path).p;
	if (getenv("EARSHOT_GOLDEN") != NULL)
		assert_int_equal(file_write(expected, now, 0644, &e), OK);
	if (file_read(&arena, expected, LIMIT_BODY_BYTES, &want, &e) != OK)
		fail_msg("%s: %s", path, e.text);
	if (sure < 0.6f)
		fail_msg("%s is read, but with a confidence of %.2f", path, (double)sure);
	if (!str_eq(now, want))
		fail_msg("%s\nexpected:\n%.*s\ngot:\n%.*s", path, STR_FMT(want), STR_FMT(now));
}

static void every_sample_page_gives_its_posts(void **state)
{
	(void)state;
	glob_t found;
	assert_int_equal(glob(SAMPLES, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 60);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_sample(found.gl_pathv[i]);
	globfree(&found);
}

static const char *problem_of(const char *text)
{
	struct problems p;
	struct engine *engines = NULL;
	struct buf b;
	arena_reset(&arena);
	problems_init(&p);
	buf_init(&b, 1u << 16);
	(void)engine_parse(&arena, str_of(text), "feeds/x.engine", &engines, &p);
	problems_write(&p, &b);
	const char *out = arena_cstr(&arena, buf_str(&b));
	buf_release(&b);
	problems_release(&p);
	return out;
}

static void the_rules_in_the_binary_are_right(void **state)
{
	(void)state;
	struct problems p;
	struct engine *engines = NULL;
	struct buf b;
	arena_reset(&arena);
	problems_init(&p);
	buf_init(&b, 1u << 16);
	const size_t n = engine_builtin_parse(&arena, &engines, &p);
	problems_write(&p, &b);
	if (p.n != 0)
		fail_msg("%.*s", STR_FMT(buf_str(&b)));
	assert_true(n >= 30 && n < LIMIT_ENGINES);
	buf_release(&b);
	problems_release(&p);
}

static void a_wrong_rule_is_named_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "[engine a]\nis = p\npost = div[\n",
			"feeds/x.engine:3:12: error: post: a selector needs the name of an attribute here\n" },
		{ "[engine a]\nis = p\npost = p\nauthor = .名 | .b >\n", "feeds/x.engine:4:19: error: author: a selector needs a "
									 "tag, #id, .class, [attribute] or :first-child here\n" },
		{ "[engine a]\nis = p\npost = p\nauthor = .a@\n",
			"feeds/x.engine:4:12: error: author: an attribute's name is missing behind @\n" },
		{ "[forum a]\nis = p\n",
			"feeds/x.engine:1:1: error: \"forum\" is no section of an engine file; write [engine NAME]\n" },
		{ "[engine a]\nis = *\npost = p\n",
			"feeds/x.engine:2:6: error: is: every element is one; name a tag, #id, .class or [attribute]\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(problem_of(cases[i].text), cases[i].problem);
	assert_non_null(strstr(problem_of("[engine a]\nis = p\n"), "post"));
	assert_non_null(strstr(problem_of("[engine a]\nis = p\npost = p\nautor = b\n"), "author"));
}

/* Comments of a reader below an article, marks without posts, posts without authors and dates. */
static void what_is_no_thread_falls_through(void **state)
{
	(void)state;
	static const char *const pages[] = {
		"",
		"<p>Nothing here. 这里什么都没有。",
		"<meta name=generator content='Discuz! X3.4'><body id=nv_portal><p>新闻一篇，不是帖子。",
		"<div id=postlist><div id=post_1><table id=pid1><tr><td id=postmessage_1></table></div></div>",
		"<article><p>An article of many words, which is what this page is about, and nobody would take two words of "
		"praise below "
		"it for the matter itself; so it goes on for a while, until it is much longer than they are.</p></article><ol "
		"class=comment-list><li class=comment id=comment-1><div class=comment-author><b class=fn>Ada</b></div><time "
		"datetime=2024-05-01></time><div class=comment-content>好文章 Nice one</div></li></ol>",
		"<body id=phpbb><div class=post><div class=content>Sign up to see prices</div></div>",
	};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		arena_reset(&arena);
		const float sure = read_page(str_of(pages[i]));
		if (sure >= 0.5f)
			fail_msg(
				"page %zu was taken for a thread of %.*s, confidence %.2f", i, STR_FMT(got.engine), (double)sure);
	}
}

/* A page of three posts with these dates; what the second one is read as. */
static int64_t second_date(const char *first, const char *second, const char *third)
{
	static const char post[] = "<div class=post id=p%d><p class=author><a class=username>小林</a> » %s</p>"
				   "<div class=postbody><div class=content>Broken again, 又坏了。</div></div></div>";
	char html[2048];
	size_t n = 0;
	const char *const dates[] = { first, second, third };
	n += (size_t)snprintf(html, sizeof html, "<body id=phpbb>");
	for (int i = 0; i < 3; i++)
		n += (size_t)snprintf(html + n, sizeof html - n, post, i, dates[i]);
	arena_reset(&arena);
	(void)read_page(str_of(html));
	assert_int_equal(got.nposts, 3);
	return got.posts[1].published_ms;
}

/* The page was fetched on 8 May 2024. */
static void dates_of_numbers_are_read_in_the_order_of_the_page(void **state)
{
	(void)state;
	const int64_t march_4 = 1709481600000, april_3 = 1712073600000; /* 00:00 in the page's zone, UTC+8 */
	assert_int_equal(second_date("27/02/2024", "04/03/2024", "05/03/2024"), march_4);
	assert_int_equal(second_date("02/27/2024", "04/03/2024", "04/05/2024"), april_3);
	assert_int_equal(second_date("27-02-2024", "04-03-2024", "05-03-2024"), march_4);
	/* 2 December is still to come, 12 February is not. */
	assert_int_equal(second_date("12/02/2024", "04/03/2024", "05/03/2024"), march_4);
	/* Both orders on one page: each date for itself. */
	assert_int_equal(second_date("27/02/2024", "2024-04-03", "02/27/2024"), april_3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample_page_gives_its_posts),
		cmocka_unit_test(the_rules_in_the_binary_are_right),
		cmocka_unit_test(a_wrong_rule_is_named_with_its_place),
		cmocka_unit_test(what_is_no_thread_falls_through),
		cmocka_unit_test(dates_of_numbers_are_read_in_the_order_of_the_page),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
