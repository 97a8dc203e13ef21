/* Unit tests of turning pages: where a visit begins, when it goes on, and what is kept of it. */
#include "crawler/paging.h"
#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena arena;
static struct source_how how;
static struct source source;
static struct source_state state;
static bool keeps; /* validators of the page that was turned last */
static const char *trap; /* that it led into */

static int start(void **unused)
{
	(void)unused;
	arena_init(&arena, 64u << 20);
	how = (struct source_how){ .kind = SOURCE_PAGE };
	source = (struct source){ .how = &how, .url = STR("https://a.example/t/7"), .host = STR("a.example") };
	state = (struct source_state){ 0 };
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	arena_release(&arena);
	return 0;
}

/* A page with this one post, and where it leads. */
static void turn(const char *post, const char *next, bool is_thread, bool is_new)
{
	struct admitted *one = arena_new(&arena, struct admitted);
	one->post.id = str_of(post);
	const struct answer in = { .post = one, .n = 1, .next = str_of(next), .first = str_of(post), .is_thread = is_thread };
	struct paging_sight sight = { .in = &in, .nseen = 1, .nnew = is_new };
	state.page = paging_turn(&arena, &source, &state, &sight, &keeps);
	trap = sight.trap;
	state.pages = state.page.n > 0 ? state.pages + 1 : 0;
}

static void expect(const char *address, bool is_further, bool keeps_validators)
{
	assert_string_equal(arena_cstr(&arena, paging_address(&source, &state)), address);
	assert_int_equal(paging_is_further(&state), is_further);
	assert_int_equal(keeps, keeps_validators);
}

static void a_thread_is_read_to_its_end_and_then_there(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7/2", true, true);
	expect("https://a.example/t/7/2", true, false);
	turn("p2", "https://a.example/t/7/3", true, false); /* known posts are no reason to stop */
	expect("https://a.example/t/7/3", true, false);
	turn("p3", "", true, true);
	expect("https://a.example/t/7/3", false, true);
	assert_string_equal(arena_cstr(&arena, state.thread), "p1");
	turn("p3", "https://a.example/t/7/4", true, false);
	expect("https://a.example/t/7/4", true, false);
}

static void reviews_are_turned_while_all_is_new(void **unused)
{
	(void)unused;
	turn("r9", "https://a.example/t/7/2", false, true);
	expect("https://a.example/t/7/2", true, true);
	turn("r8", "https://a.example/t/7/3", true, false); /* a page alone may look like a thread */
	expect("https://a.example/t/7", false, false);
	assert_int_equal(state.last.n, 0);
}

static void a_trap_is_not_entered_and_told(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7/t/7", true, true);
	assert_null(trap);
	turn("p2", "https://a.example/t/7/t/7/t/7", true, true);
	assert_non_null(trap);
	expect("https://a.example/t/7/t/7", false, true);
}

static void another_session_is_no_next_page(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7?PHPSESSID=0123456789abcdef0123456789", true, true);
	assert_int_equal(state.page.n, 0);
	assert_null(trap);
}

static void a_page_that_repeats_itself_is_the_end(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7/2", true, true);
	turn("p1", "https://a.example/t/7/3", true, false);
	expect("https://a.example/t/7", false, false);
}

static void pages_of_other_hosts_and_this_one_again_are_not_asked_for(void **unused)
{
	(void)unused;
	turn("p1", "https://b.example/t/7/2", true, true);
	expect("https://a.example/t/7", false, true);
	turn("p1", "https://a.example/t/7", true, true);
	expect("https://a.example/t/7", false, true);
	turn("p1", "no address", true, true);
	expect("https://a.example/t/7", false, true);
}

static void a_long_thread_is_read_in_pieces_and_not_for_ever(void **unused)
{
	int64_t pauses = 0, pages = 0;
	(void)unused;
	do {
		turn(arena_printf(&arena, "p%lld", (long long)pages).p,
			arena_printf(&arena, "https://a.example/t/7/%lld", (long long)pages + 2).p, true, true);
		pauses += paging_pauses(&source, state.pages);
	} while (state.pages > 0 && pages++ < 10000);
	assert_int_equal(pages + 1, LIMIT_THREAD_PAGES);
	assert_int_equal(pauses, LIMIT_THREAD_PAGES / LIMIT_THREAD_BURST - 1);
	expect("https://a.example/t/7/2000", false, false);
}

static void another_address_is_another_thread(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7/2", true, true);
	turn("p2", "", true, true);
	state.etag = STR("\"x\"");
	paging_check(&source, &state);
	assert_string_equal(arena_cstr(&arena, state.last), "https://a.example/t/7/2");
	source.url = STR("https://a.example/t/8");
	paging_check(&source, &state);
	expect("https://a.example/t/8", false, true);
	assert_int_equal(state.etag.n + state.thread.n, 0);
}

static void only_lists_have_further_pages(void **unused)
{
	(void)unused;
	state.page = STR("https://a.example/t/7/2");
	state.pages = 1;
	how.kind = SOURCE_FEED;
	paging_check(&source, &state);
	expect("https://a.example/t/7", false, keeps);
	assert_int_equal(state.pages, 0);
}

static void a_failed_page_of_a_thread_is_asked_for_again(void **unused)
{
	(void)unused;
	turn("p1", "https://a.example/t/7/2", true, true);
	assert_true(paging_insists(&state));
	state.shown = 0;
	assert_false(paging_insists(&state));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thread_is_read_to_its_end_and_then_there),
		TEST(reviews_are_turned_while_all_is_new),
		TEST(a_trap_is_not_entered_and_told),
		TEST(another_session_is_no_next_page),
		TEST(a_page_that_repeats_itself_is_the_end),
		TEST(pages_of_other_hosts_and_this_one_again_are_not_asked_for),
		TEST(a_long_thread_is_read_in_pieces_and_not_for_ever),
		TEST(another_address_is_another_thread),
		TEST(only_lists_have_further_pages),
		TEST(a_failed_page_of_a_thread_is_asked_for_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
