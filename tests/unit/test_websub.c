/* Unit tests of WebSub: the table of states, when a hub is relied on, links, addresses, forms, questions, signatures. */
#include "crawler/websub.h"

#include "common/base/clock.h"
#include "crawler/feed.h"
#include "crawler/polling.h"
#include "crawler/websub_links.h"
#include "crawler/websub_message.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define NOON 1795348800000LL
#define KEY STR("the key of the installation")
#define SALT STR("0123456789abcdef")

static struct arena arena;
static struct subscription sub;

static int start(void **state)
{
	(void)state;
	arena_reset(&arena);
	sub = (struct subscription){ .id = STR("blog"),
		.state = STR("wanted"),
		.hub = STR("https://hub.example/?key=k"),
		.topic = STR("https://blog.example/feed"),
		.secret = STR("5ec4e7"),
		.next_ms = NOON };
	return 0;
}

static bool happens(enum websub_event event, int64_t now_ms)
{
	const struct websub_happening h = { event, now_ms, 10 * MS_PER_DAY, 0x80000000u };
	return websub_step(&sub, &h);
}

static void make_live(void)
{
	assert_true(happens(WEBSUB_SENT, NOON) && happens(WEBSUB_VERIFIED, NOON));
}

/* ---- states ---- */

static void every_state_knows_where_each_event_leads(void **state)
{
	/* rows: from; columns: sent failed verified refused late expired; "" = nothing changes */
	static const char *const expected[WEBSUB_STATE__N][1 + WEBSUB_EVENT__N] = {
		[WEBSUB_WANTED] = { "wanted", "asked", "", "", "", "", "" },
		[WEBSUB_ASKED] = { "asked", "", "wanted", "live", "denied", "wanted", "" },
		[WEBSUB_LIVE] = { "live", "renewing", "", "", "denied", "", "wanted" },
		[WEBSUB_RENEWING] = { "renewing", "", "live", "live", "denied", "live", "wanted" },
		[WEBSUB_DENIED] = { "denied", "asked", "", "", "", "", "" },
	};
	(void)state;
	for (int from = WEBSUB_WANTED; from < WEBSUB_STATE__N; from++)
		for (int event = 0; event < WEBSUB_EVENT__N; event++) {
			start(NULL);
			sub.state = str_of(expected[from][0]);
			const char *to = expected[from][1 + event];
			const bool moved = happens((enum websub_event)event, NOON);
			if (moved != (to[0] != '\0') || !str_eqc(sub.state, moved ? to : expected[from][0]))
				fail_msg("%s and event %d lead to %.*s, not to %s", expected[from][0], event, STR_FMT(sub.state),
					to);
		}
}

static void a_lease_is_renewed_when_eight_to_nine_tenths_are_over(void **state)
{
	enum websub_event event;
	(void)state;
	make_live();
	assert_int_equal(sub.lease_until_ms, NOON + 10 * MS_PER_DAY);
	assert_int_equal(sub.next_ms, NOON + 8 * MS_PER_DAY + MS_PER_DAY / 2);
	assert_false(websub_is_due(&sub, sub.next_ms - 1));
	assert_true(websub_is_due(&sub, sub.next_ms));
	assert_false(websub_elapsed(&sub, sub.lease_until_ms - 1, &event));
	assert_true(websub_elapsed(&sub, sub.lease_until_ms, &event));
	assert_int_equal(event, WEBSUB_EXPIRED);
}

static void pauses_of_renewing_do_not_delay_a_new_beginning(void **state)
{
	(void)state;
	make_live();
	int64_t now_ms = sub.next_ms;
	while (now_ms < sub.lease_until_ms - MS_PER_SECOND) {
		assert_true(happens(WEBSUB_SENT, now_ms));
		assert_true(happens(WEBSUB_FAILED, now_ms));
		now_ms = sub.next_ms;
	}
	assert_true(happens(WEBSUB_EXPIRED, sub.lease_until_ms));
	now_ms = sub.next_ms;
	assert_int_equal(now_ms, NOON + 10 * MS_PER_DAY);
	assert_true(happens(WEBSUB_SENT, now_ms));
	assert_true(happens(WEBSUB_FAILED, now_ms));
	assert_true(sub.next_ms <= now_ms + 11 * MS_PER_SECOND);
}

static void a_lease_is_believed_for_two_weeks_at_most(void **state)
{
	(void)state;
	(void)happens(WEBSUB_SENT, NOON);
	const struct websub_happening h = { WEBSUB_VERIFIED, NOON, 3650 * MS_PER_DAY, 0 };
	assert_true(websub_step(&sub, &h));
	assert_int_equal(sub.lease_until_ms, NOON + 14 * MS_PER_DAY);
}

static void renewing_does_not_end_being_live(void **state)
{
	(void)state;
	make_live();
	const int64_t since_ms = sub.since_ms;
	(void)happens(WEBSUB_SENT, NOON + 8 * MS_PER_DAY);
	assert_true(websub_has_lease(&sub, NOON + 9 * MS_PER_DAY));
	(void)happens(WEBSUB_VERIFIED, NOON + 8 * MS_PER_DAY);
	assert_int_equal(sub.since_ms, since_ms);
	assert_int_equal(sub.lease_until_ms, NOON + 18 * MS_PER_DAY);
}

static void requests_that_fail_are_repeated_with_growing_pauses(void **state)
{
	int64_t last_ms = 0;
	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_true(happens(WEBSUB_SENT, NOON) && happens(WEBSUB_FAILED, NOON));
		const int64_t pause_ms = sub.next_ms - NOON;
		assert_true(pause_ms >= last_ms && pause_ms <= 2 * MS_PER_DAY);
		last_ms = pause_ms;
	}
	assert_true(last_ms >= MS_PER_DAY);
	assert_true(happens(WEBSUB_SENT, NOON) && happens(WEBSUB_VERIFIED, NOON));
	assert_int_equal(sub.failures, 0);
}

static void a_renewal_that_fails_is_repeated_while_the_lease_holds(void **state)
{
	(void)state;
	make_live();
	for (int i = 0; i < 20; i++)
		sub.failures++;
	const int64_t late_ms = sub.lease_until_ms - MS_PER_HOUR;
	(void)happens(WEBSUB_SENT, late_ms);
	(void)happens(WEBSUB_FAILED, late_ms);
	assert_int_equal(sub.next_ms, late_ms + 30 * MS_PER_MINUTE);
	assert_true(websub_has_lease(&sub, sub.next_ms));
}

static void a_hub_that_says_no_is_left_alone_for_days(void **state)
{
	(void)state;
	(void)happens(WEBSUB_SENT, NOON);
	(void)happens(WEBSUB_REFUSED, NOON);
	assert_false(websub_is_due(&sub, NOON + MS_PER_DAY - 1));
	assert_true(websub_is_due(&sub, NOON + 2 * MS_PER_DAY));
	(void)happens(WEBSUB_SENT, NOON);
	(void)happens(WEBSUB_REFUSED, NOON);
	assert_false(websub_is_due(&sub, NOON + 2 * MS_PER_DAY - 1));
}

static void a_hub_that_does_not_call_back_is_asked_again(void **state)
{
	enum websub_event event;
	(void)state;
	(void)happens(WEBSUB_SENT, NOON);
	assert_true(websub_is_pending(&sub) && !websub_is_due(&sub, NOON + MS_PER_DAY));
	assert_false(websub_elapsed(&sub, NOON + WEBSUB_VERIFY_MS - 1, &event));
	assert_true(websub_elapsed(&sub, NOON + WEBSUB_VERIFY_MS, &event));
	assert_int_equal(event, WEBSUB_LATE);
}

/* ---- reliance ---- */

static const struct source_arrivals quiet = { .seen_ms = NOON, .span_ms = 7 * MS_PER_DAY };
static const struct source_arrivals busy = { .seen_ms = NOON, .posts = 1000 * 700, .span_ms = 7 * MS_PER_DAY };

static bool poll_finds(int64_t now_ms, int64_t age_ms)
{
	const int64_t posted_ms = now_ms - age_ms;
	const struct websub_poll poll = { now_ms, now_ms - MS_PER_HOUR, &posted_ms, 1 };
	return websub_note_poll(&sub, &poll);
}

static void a_hub_is_relied_on_when_it_has_pushed_something(void **state)
{
	(void)state;
	make_live();
	assert_int_equal(websub_covers_until(&sub, &quiet, NOON + 1), 0);
	websub_note_push(&sub, NOON + 1);
	assert_int_equal(websub_covers_until(&sub, &quiet, NOON + 2), sub.lease_until_ms);
	assert_int_equal(websub_covers_until(&sub, &quiet, sub.lease_until_ms), 0);
}

static void a_busy_source_that_is_not_pushed_for_long_is_polled(void **state)
{
	(void)state;
	make_live();
	websub_note_push(&sub, NOON);
	assert_true(websub_covers_until(&sub, &busy, NOON + MS_PER_MINUTE) > 0);
	assert_int_equal(websub_covers_until(&sub, &busy, NOON + MS_PER_DAY), 0);
	assert_true(websub_covers_until(&sub, &quiet, NOON + MS_PER_DAY) > 0);
}

static void an_old_post_that_was_not_pushed_ends_the_reliance(void **state)
{
	const int64_t now_ms = NOON + 5 * MS_PER_HOUR;
	(void)state;
	make_live();
	websub_note_push(&sub, NOON + 1);
	assert_true(poll_finds(now_ms, 2 * WEBSUB_GRACE_MS));
	assert_int_equal(websub_covers_until(&sub, &quiet, now_ms), 0);
	/* after a day it is relied on again, but only when it pushed something since */
	assert_int_equal(websub_covers_until(&sub, &quiet, now_ms + MS_PER_DAY), 0);
	websub_note_push(&sub, now_ms + MS_PER_DAY + 1);
	assert_true(websub_covers_until(&sub, &quiet, now_ms + MS_PER_DAY + 2) > 0);
	/* and the next time it takes longer */
	assert_true(poll_finds(now_ms + 2 * MS_PER_DAY, 2 * WEBSUB_GRACE_MS));
	assert_int_equal(sub.doubted_until_ms, now_ms + 4 * MS_PER_DAY);
}

static void a_young_post_may_be_on_its_way(void **state)
{
	const int64_t now_ms = NOON + 5 * MS_PER_HOUR;
	(void)state;
	make_live();
	websub_note_push(&sub, NOON + 1);
	assert_false(poll_finds(now_ms, 1000));
	websub_note_push(&sub, now_ms + 1);
	assert_false(poll_finds(now_ms + MS_PER_HOUR, 0)); /* so are undated ones */
	assert_true(poll_finds(now_ms + 2 * MS_PER_HOUR, 0)); /* but not twice without a push between */
}

static void what_was_posted_before_the_subscription_is_no_miss(void **state)
{
	(void)state;
	make_live();
	websub_note_push(&sub, NOON + 1);
	assert_false(poll_finds(NOON + MS_PER_MINUTE, MS_PER_HOUR)); /* the poll before it was earlier than the subscription */
}

static void people_are_told_how_it_stands_and_nothing_secret(void **state)
{
	(void)state;
	make_live();
	websub_note_push(&sub, NOON + 1);
	sub.salt = SALT;
	const struct str told = websub_describe(&arena, &sub, NOON + 2);
	assert_true(str_find(told, STR("subscribed at https://hub.example/ since 2026-")) >= 0);
	assert_true(str_find(told, STR("1 pushes")) >= 0);
	assert_true(str_find(told, sub.secret) < 0 && str_find(told, sub.salt) < 0 && str_find(told, STR("key=k")) < 0);
}

static void polls_are_slow_while_a_hub_is_relied_on(void **state)
{
	struct polling_terms terms = { .min_ms = MS_PER_MINUTE, .max_ms = 6 * MS_PER_HOUR, .safety_ms = MS_PER_HOUR };
	(void)state;
	const struct polling_plan before = polling_plan(&busy, &terms, NOON);
	terms.push_until_ms = NOON + 10 * MS_PER_DAY;
	struct polling_plan plan = polling_plan(&busy, &terms, NOON);
	assert_int_equal(plan.why, POLLING_WEBSUB);
	assert_true(plan.wait_ms >= MS_PER_HOUR && plan.wait_ms >= 4 * before.wait_ms && plan.wish_ms == before.wish_ms);
	plan = polling_plan(&quiet, &terms, NOON);
	assert_true(plan.wait_ms <= MS_PER_DAY);
	terms.push_until_ms = NOON + 30 * MS_PER_MINUTE; /* not beyond the lease */
	assert_int_equal(polling_plan(&busy, &terms, NOON).wait_ms, 30 * MS_PER_MINUTE);
	terms.boosted = true;
	assert_int_not_equal(polling_plan(&busy, &terms, NOON).why, POLLING_WEBSUB);
	terms.boosted = false;
	terms.every_ms = MS_PER_MINUTE; /* an order of the operator */
	assert_int_equal(polling_plan(&busy, &terms, NOON).why, POLLING_EVERY);
}

/* ---- links ---- */

static void expect_links(const struct websub_links *l, const char *hub, const char *self)
{
	if (!str_eqc(l->hub, hub) || !str_eqc(l->self, self))
		fail_msg("hub \"%.*s\" self \"%.*s\", not \"%s\" and \"%s\"", STR_FMT(l->hub), STR_FMT(l->self), hub, self);
}

static void expect_header(const char *value, const char *hub, const char *self)
{
	struct websub_links l = { 0 };
	websub_links_header(&arena, str_of(value), STR("https://a.example/x/y"), &l);
	expect_links(&l, hub, self);
}

static void link_headers_name_hub_and_topic(void **state)
{
	(void)state;
	expect_header("<https://h.example/>; rel=\"hub\", </feed>; rel=self", "https://h.example/", "https://a.example/feed");
	expect_header("<https://h.example/> ; title=\"a, b; rel=x\" ; REL = \"preconnect HUB\"", "https://h.example/", "");
	expect_header("<http://one.example/>; rel=hub, <https://two.example/>; rel=hub", "https://two.example/", "");
	expect_header("<https://h.example/>; rel=next; rel=hub", "", ""); /* the first counts */
	expect_header("<https://h.example/>; rel=hub; anchor=\"/other\"", "", "");
	expect_header("<ftp://h.example/>; rel=hub, <>; rel=self, <https://u:p@h.example/>; rel=hub", "", "");
	expect_header("rel=hub", "", "");
	expect_header("<https://h.example/", "", "");
	struct websub_links l = { 0 };
	websub_links_answer(&arena, STR("Link: <https://h.example/>; rel=hub\nX: y\nlink: </s>; rel=\"self\"\n"),
		STR("https://a.example/"), &l);
	expect_links(&l, "https://h.example/", "https://a.example/s");
	assert_true(websub_links_complete(&l));
}

static void expect_feed(const char *bytes, const char *hub, const char *self)
{
	struct feed feed;
	struct websub_links l = { 0 };
	const struct page page = { .bytes = str_of(bytes), .url = STR("https://a.example/x/y") };
	assert_int_equal(feed_parse(&arena, &page, &feed, NULL), OK);
	websub_links_feed(&arena, &feed, &l);
	expect_links(&l, hub, self);
}

static void feeds_of_all_kinds_name_them(void **state)
{
	(void)state;
	expect_feed("<feed xmlns='http://www.w3.org/2005/Atom'><title>博客</title><link rel='hub' href='https://h.example/'/>"
		    "<link rel='self' href='/feed'/></feed>",
		"https://h.example/", "https://a.example/feed");
	expect_feed("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>t</title><atom:link rel='hub' "
		    "href='https://h.example/'/><atom:link rel='self' type='application/rss+xml' "
		    "href='https://b.example/rss'/></channel></rss>",
		"https://h.example/", "https://b.example/rss");
	expect_feed(
		"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"feed_url\":\"https://b.example/"
		"j\",\"hubs\":["
		"{\"type\":\"rssCloud\",\"url\":\"https://c.example/\"},{\"type\":\"WebSub\",\"url\":\"https://h.example/\"}],"
		"\"items\":[]}",
		"https://h.example/", "https://b.example/j");
	expect_feed(
		"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><link rel='self' href='/feed'/><entry><link rel='hub' "
		"href='https://evil.example/'/></entry></feed>",
		"", "");
}

static void pages_name_them_in_their_head_alone(void **state)
{
	struct websub_links l = { 0 };
	(void)state;
	websub_links_page(&arena,
		STR("<html><head><script>'<link rel=hub href=https://s.example/>'</script><LINK REL=\"hub\" "
		    "href='https://h.example/?a=1&amp;b'>"
		    "<link rel=self href=/p></head><body><link rel=hub href=https://evil.example/></body>"),
		STR("https://a.example/x/"), &l);
	expect_links(&l, "https://h.example/?a=1&b", "https://a.example/p");
	l = (struct websub_links){ 0 };
	websub_links_page(&arena, STR("<body><link rel=hub href=https://evil.example/>"), STR("https://a.example/"), &l);
	expect_links(&l, "", "");
}

/* ---- messages ---- */

static void an_address_is_told_from_a_guess(void **state)
{
	struct websub_address found;
	(void)state;
	const struct str url = websub_callback(&arena, STR("https://me.example/push/"), KEY, STR("blog"), SALT);
	assert_true(str_starts(url, STR("https://me.example/push/websub/blog/0123456789abcdef")));
	const struct str path = str_from(url, sizeof "https://me.example/push" - 1);
	assert_true(websub_callback_read(KEY, path, &found));
	assert_true(str_eqc(found.id, "blog") && str_eq(found.salt, SALT));
	assert_false(websub_callback_read(STR("another key"), path, &found));
	for (size_t i = 0; i < path.n; i++) {
		char *other = arena_take(&arena, path.n);
		memcpy(other, path.p, path.n);
		other[i] ^= 1;
		assert_false(websub_callback_read(KEY, (struct str){ other, path.n }, &found));
		assert_false(websub_callback_read(KEY, str_first(path, i), &found));
	}
}

static void a_request_says_what_it_wants(void **state)
{
	(void)state;
	const struct websub_request r = { .mode = "subscribe",
		.topic = STR("https://b.example/feed?a=1&b=云"),
		.callback = STR("https://me.example/websub/b/x"),
		.secret = STR("s+e"),
		.lease_ms = 864000000 };
	assert_true(str_eqc(websub_form(&arena, &r),
		"hub.mode=subscribe&hub.topic=https%3A%2F%2Fb.example%2Ffeed%3Fa%3D1%26b%3D%E4%BA%91&hub.callback=https%3A%2F%"
		"2Fme."
		"example%2Fwebsub%2Fb%2Fx&hub.verify=async&hub.secret=s%2Be&hub.lease_seconds=864000"));
}

static void a_question_is_read(void **state)
{
	struct websub_question q;
	(void)state;
	websub_question_read(&arena,
		STR("hub.mode=subscribe&hub.topic=https%3A%2F%2Fb.example%2F%E4%BA%91+x&hub.challenge=a%2&hub.lease_seconds=60&x&"
		    "hub.mode=denied"),
		&q);
	assert_true(str_eqc(q.mode, "subscribe") && str_eqc(q.topic, "https://b.example/云 x") && str_eqc(q.challenge, "a%2"));
	assert_int_equal(q.lease_ms, 60000);
	websub_question_read(&arena, STR("hub.lease_seconds=99999999999"), &q);
	assert_int_equal(q.lease_ms, LIMIT_WEBSUB_LEASE_MS);
	websub_question_read(&arena, STR("hub.lease_seconds=-1"), &q);
	assert_int_equal(q.lease_ms, -1);
	websub_question_read(&arena, STR(""), &q);
	assert_true(q.mode.n == 0 && q.lease_ms == -1);
}

/* Made with: openssl dgst -HASH -hmac 'a secret of the hub' */
static void signatures_of_four_methods_hold_and_others_do_not(void **state)
{
	const struct str body = STR("<feed>云雀</feed>\n"), secret = STR("a secret of the hub");
	static const char *const good[] = { "sha1=0cc93a907c6198400238b153bbe95cb76087c6b9",
		"sha256=2ba177efa518f76be8fd6f7a1566b626ea17e181b6c002a9639219a2573ced9e",
		"SHA256=2BA177EFA518F76BE8FD6F7A1566B626EA17E181B6C002A9639219A2573CED9E",
		"sha384=e78961c7620fbef70d8ef6b5b9437424c8668c018857abf355b1331250ce43dec0c554b6f31b87ba8d9234c5bee43d97",
		"sha512="
		"8e5a6f72859d5048bef0cefbc0524b1ba3b67a95b4099c67eb0d4c78be18e24b4ac08221f42dc47fd5b776cc481327e7b67fcee706e0"
		"dc7c2baa26f13c070b85" };
	static const char *const bad[] = { "", "sha1", "sha1=", "md5=00", "=", "sha256",
		"sha1=2ba177efa518f76be8fd6f7a1566b626ea17e181b6c002a9639219a2573ced9e",
		"sha256=2ba177efa518f76be8fd6f7a1566b626ea17e181b6c002a9639219a2573ced9f",
		"2ba177efa518f76be8fd6f7a1566b626ea17e181b6c002a9639219a2573ced9e" };
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (!websub_is_signed(secret, str_of(good[i]), body))
			fail_msg("%s does not hold", good[i]);
		assert_false(websub_is_signed(STR("another"), str_of(good[i]), body));
		assert_false(websub_is_signed(STR(""), str_of(good[i]), body));
		assert_false(websub_is_signed(secret, str_of(good[i]), str_first(body, body.n - 1)));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (websub_is_signed(secret, str_of(bad[i]), body))
			fail_msg("\"%s\" holds", bad[i]);
}

#define HERE(test) cmocka_unit_test_setup(test, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(every_state_knows_where_each_event_leads),
		HERE(a_lease_is_renewed_when_eight_to_nine_tenths_are_over),
		HERE(pauses_of_renewing_do_not_delay_a_new_beginning),
		HERE(a_lease_is_believed_for_two_weeks_at_most),
		HERE(renewing_does_not_end_being_live),
		HERE(requests_that_fail_are_repeated_with_growing_pauses),
		HERE(a_renewal_that_fails_is_repeated_while_the_lease_holds),
		HERE(a_hub_that_says_no_is_left_alone_for_days),
		HERE(a_hub_that_does_not_call_back_is_asked_again),
		HERE(a_hub_is_relied_on_when_it_has_pushed_something),
		HERE(a_busy_source_that_is_not_pushed_for_long_is_polled),
		HERE(an_old_post_that_was_not_pushed_ends_the_reliance),
		HERE(a_young_post_may_be_on_its_way),
		HERE(what_was_posted_before_the_subscription_is_no_miss),
		HERE(people_are_told_how_it_stands_and_nothing_secret),
		HERE(polls_are_slow_while_a_hub_is_relied_on),
		HERE(link_headers_name_hub_and_topic),
		HERE(feeds_of_all_kinds_name_them),
		HERE(pages_name_them_in_their_head_alone),
		HERE(an_address_is_told_from_a_guess),
		HERE(a_request_says_what_it_wants),
		HERE(a_question_is_read),
		HERE(signatures_of_four_methods_hold_and_others_do_not),
	};
	arena_init(&arena, LIMIT_ARENA_BYTES);
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return failed;
}
