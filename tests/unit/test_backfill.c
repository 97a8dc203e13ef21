/* Back-fill against a real redis-server: what is sent once, what is passed over, and what ends it. */
#include "tests/unit/store_fixture.h"

#include "cli/backfill.h"
#include "common/base/post.h"
#include "common/store/rulebooks.h"
#include "tests/support/rulebox.h"

#define PUBLISHED_MS (NOON - MS_PER_HOUR)

static struct rulebox box;

static void publish(const char *expected, const char *version)
{
	static struct rulebook_file one = { .name = { "brands.conf", 11 }, .path = "brands.conf" };
	static const struct rulebook_files files = { &one, 1 };
	const struct rulebooks_publication p = {
		.expected = expected, .version = version, .base = "", .by = STR("Li"), .files = &files
	};
	MUST(rulebooks_publish(redis, &arena, &p, &err));
}

/* Posts made on the way: the n-th is about Acme and was fetched n minutes after `from_ms`. */
static struct {
	int64_t from_ms;
	int n, most;
	struct backfill *b;
	bool is_replaced; /* another rulebook is published after the second post */
} made;

static enum outcome next_post(struct backtest_source *self, struct arena *a, struct backtest_post *out, struct err *e)
{
	(void)self;
	(void)e;
	if (made.n == made.most)
		return SKIP;
	*out = (struct backtest_post){ 0 };
	post_init(&out->post);
	out->post.id = arena_printf(a, "%032d", made.n);
	out->post.source = STR("board");
	out->post.family = STR("forum");
	out->post.text = STR("Acme overcharged me");
	out->post.posted_ms = out->post.fetched_ms = made.from_ms + made.n * MS_PER_MINUTE;
	if (made.n++ == 2 && made.is_replaced) {
		publish(box.book->version, "bbbbbbbbbbbb");
		made.b->next_mark_ms = 0; /* the time between two marks is over */
	}
	return OK;
}

static struct backfill start(int64_t from_ms, int posts)
{
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf", STR("[brand acme]\nname = Acme\naliases = Acme\n"));
	assert_non_null(rulebox_load(&box));
	publish("", box.book->version);
	made.from_ms = from_ms;
	made.n = 0;
	made.most = posts;
	made.is_replaced = false;
	return (struct backfill){ .redis = redis, .book = box.book, .published_ms = PUBLISHED_MS, .since_ms = NOON - MS_PER_DAY };
}

static enum outcome run(struct backfill *b)
{
	struct past past = { .source.next = next_post };
	made.b = b;
	return backfill_run(b, &past, &err);
}

static int64_t waiting(void)
{
	int64_t n = 0;
	MUST(posts_waiting(&here, &n, &err));
	return n;
}

static void posts_of_before_are_sent(void **state)
{
	(void)state;
	need_server();
	struct backfill b = start(PUBLISHED_MS - MS_PER_HOUR, 30);
	MUST(run(&b));
	assert_int_equal(b.appended, 30);
	assert_int_equal(waiting(), 30);
	rulebox_close(&box);
}

/* A crawler follows within seconds: what it read meanwhile it read by the old rules. */
static void posts_of_the_minute_of_the_switch_are_sent_too(void **state)
{
	(void)state;
	need_server();
	struct backfill b = start(PUBLISHED_MS, 10);
	MUST(run(&b));
	assert_int_equal(b.appended, 2);
	rulebox_close(&box);
}

static void another_publication_ends_it(void **state)
{
	(void)state;
	need_server();
	struct backfill b = start(PUBLISHED_MS - MS_PER_HOUR, 30);
	made.is_replaced = true;
	assert_int_equal(run(&b), REJECT);
	assert_non_null(strstr(err.text, "bbbbbbbbbbbb"));
	assert_int_equal(waiting(), 0);
	rulebox_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(posts_of_before_are_sent),
		CASE(posts_of_the_minute_of_the_switch_are_sent_too),
		CASE(another_publication_ends_it),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
