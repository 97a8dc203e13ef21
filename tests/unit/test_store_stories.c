/* Counts of texts with copies, against a real redis-server: each mention once, the first post with the first copy. */
#include "tests/unit/store_fixture.h"

#include "common/store/story_counts.h"

static const char *const all[] = { "all" };

static struct str post_id(int number)
{
	return arena_printf(&arena, "%032d", number);
}

/* Post `number` of story `story`, written `number` minutes after noon. */
static struct posts_mention member(int number, int story, const char *source, const char *author)
{
	const int64_t at_ms = NOON + number * MS_PER_MINUTE;
	const struct str record = arena_printf(&arena,
		"{\"post\":{\"id\":\"%032d\",\"source\":\"%s\",\"author\":\"%s\",\"fetched_ms\":%lld},\"story\":\"%032d\","
		"\"count_ms\":%lld}",
		number, source, author, (long long)at_ms, story, (long long)at_ms);
	return (struct posts_mention){ .entry_id = STR("0-1"),
		.post_id = post_id(number),
		.record = record,
		.count_ms = at_ms,
		.seen_ms = at_ms,
		.dimension = all,
		.ndimensions = 1,
		.counter = { -1, -1, -1, -1 },
		.story = { post_id(story), str_of(source), str_of(author) } };
}

/* As it is committed while there is no other post of its text. */
static struct posts_mention alone(int number, const char *source, const char *author)
{
	struct posts_mention m = member(number, number, source, author);
	m.story = (struct posts_story){ .id = STR("") };
	return m;
}

static struct posts_commit commit(const struct posts_mention *m, size_t n)
{
	struct posts_commit done = { 0 };
	posts_commit_queue(&here, m, n);
	MUST(posts_commit_take(redis, &done, &err));
	return done;
}

static size_t stories(struct story_count **found)
{
	size_t n = 0;
	MUST(story_counts_find(&here, (struct story_counts_span){ 0, 100 }, found, &n, &err));
	return n;
}

static void is_counted(const struct story_count *s, int copies, int sources, int authors)
{
	assert_int_equal(s->copies, copies);
	assert_int_equal(s->sources, sources);
	assert_int_equal(s->authors, authors);
}

static void a_text_without_a_copy_has_no_count(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention first = alone(1, "forum", "a:1");
	assert_int_equal(commit(&first, 1).added, 1);
	assert_int_equal(stories(&found), 0);
}

static void the_first_copy_brings_the_first_post_in(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention first = alone(1, "forum", "a:1");
	const struct posts_mention copies[] = { member(2, 1, "forum", "a:2"), member(3, 1, "weibo", "a:1") };
	(void)commit(&first, 1);
	for (int turn = 0; turn < 2; turn++) /* the second time as after a lost answer */
		assert_int_equal(commit(copies, 2).added, turn == 0 ? 2 : 0);
	assert_int_equal(stories(&found), 1);
	is_counted(&found[0], 3, 2, 2);
	assert_true(str_eq(found[0].id, post_id(1)) && str_eq(found[0].first, post_id(1)));
	assert_int_equal(found[0].first_ms, NOON + MS_PER_MINUTE);
	assert_int_equal(found[0].last_ms, NOON + 3 * MS_PER_MINUTE);
	assert_true(reply_int(ASK("TTL", "es:{b:acme}:story:00000000000000000000000000000001")) > 0);
}

static void first_post_and_copy_may_come_in_one_batch(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention batch[] = { alone(5, "forum", "a:1"), member(4, 5, "forum", ""), alone(9, "news", "a:9") };
	assert_int_equal(commit(batch, 3).added, 3);
	assert_int_equal(stories(&found), 1);
	is_counted(&found[0], 2, 1, 1); /* who is not known is nobody's copy */
	assert_true(str_eq(found[0].first, post_id(4))); /* seen later, written earlier */
}

static void a_first_post_that_comes_late_counts_once(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention copy = member(2, 1, "forum", "a:2"), first = member(1, 1, "weibo", "a:1");
	const struct posts_mention both[] = { member(1, 1, "weibo", "a:1"), member(3, 1, "blog", "a:3") };
	(void)commit(&copy, 1);
	assert_int_equal(stories(&found), 1);
	is_counted(&found[0], 1, 1, 1);
	(void)commit(&first, 1);
	(void)commit(both, 2);
	assert_int_equal(stories(&found), 1);
	is_counted(&found[0], 3, 3, 3);
}

static void a_first_post_of_another_story_is_none_of_this_one(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	struct posts_mention first = member(1, 7, "forum", "a:1"); /* a predecessor took it for a copy of 7 */
	const struct posts_mention copy = member(2, 1, "forum", "a:2");
	first.story.id = STR("");
	(void)commit(&first, 1);
	(void)commit(&copy, 1);
	assert_int_equal(stories(&found), 1);
	is_counted(&found[0], 1, 1, 1);
}

static void the_largest_story_comes_first(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention batch[] = { alone(1, "a", ""), member(2, 1, "a", ""), alone(3, "a", ""), member(4, 3, "a", ""),
		member(5, 3, "a", "") };
	(void)commit(batch, 5);
	assert_int_equal(stories(&found), 2);
	assert_int_equal(found[0].copies, 3);
	assert_int_equal(found[1].copies, 2);
	size_t n = 0;
	const struct story_counts_span late = { NOON + 5 * MS_PER_MINUTE, 100 };
	MUST(story_counts_find(&here, late, &found, &n, &err));
	assert_int_equal(n, 1);
}

static void members_are_told_apart_up_to_a_cap(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	struct posts_mention batch[LIMIT_BATCH];
	for (int at = 0; at < LIMIT_STORY_MEMBERS + 2 * LIMIT_BATCH; at += LIMIT_BATCH) {
		for (int i = 0; i < LIMIT_BATCH; i++)
			batch[i] = member(at + i + 2, 1, "forum", arena_printf(&arena, "a:%d", at + i).p);
		assert_int_equal(commit(batch, LIMIT_BATCH).added, LIMIT_BATCH);
	}
	assert_int_equal(stories(&found), 1);
	assert_true(found[0].copies > LIMIT_STORY_MEMBERS + LIMIT_BATCH);
	assert_int_equal(found[0].authors, LIMIT_STORY_MEMBERS);
	assert_int_equal(found[0].sources, 1);
}

static void what_is_over_leaves_the_list(void **state)
{
	(void)state;
	need_server();
	struct story_count *found = NULL;
	const struct posts_mention batch[] = { alone(1, "a", ""), member(2, 1, "a", "") };
	int64_t dropped = 0;
	(void)commit(batch, 2);
	MUST(posts_expire(&here, NOON + MS_PER_HOUR, 100, &dropped, &err));
	assert_int_equal(dropped, 2);
	assert_int_equal(stories(&found), 0);
}

static void records_are_read_by_id(void **state)
{
	(void)state;
	need_server();
	const struct posts_mention first = alone(1, "forum", "a:1");
	const struct str id[] = { post_id(2), post_id(1) };
	struct str record[2];
	(void)commit(&first, 1);
	MUST(posts_records(&here, id, 2, record, &err));
	assert_int_equal(record[0].n, 0);
	assert_true(str_eq(record[1], first.record));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_text_without_a_copy_has_no_count),
		CASE(the_first_copy_brings_the_first_post_in),
		CASE(first_post_and_copy_may_come_in_one_batch),
		CASE(a_first_post_that_comes_late_counts_once),
		CASE(a_first_post_of_another_story_is_none_of_this_one),
		CASE(the_largest_story_comes_first),
		CASE(members_are_told_apart_up_to_a_cap),
		CASE(what_is_over_leaves_the_list),
		CASE(records_are_read_by_id),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
