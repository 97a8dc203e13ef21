/* What Redis holds of posts: walked and changed item by item; and the list of erasures. */
#include "tests/unit/store_fixture.h"

#include "common/store/erasures.h"
#include "common/store/held.h"
#include "common/store/rulebooks.h"

static size_t walk(enum held where, struct held_item *out, size_t most)
{
	struct held_walk w = { 0 };
	size_t all = 0;
	while (!w.is_over) {
		struct held_item *item = NULL;
		size_t n = 0;
		MUST(held_next(&here, where, &w, &item, &n, &err));
		for (size_t i = 0; i < n && all + i < most; i++)
			out[all + i] = item[i];
		all += n;
	}
	return all;
}

static void every_entry_of_a_stream_is_walked_once(void **state)
{
	(void)state;
	need_server();
	static struct held_item item[400];
	for (int i = 0; i < 250; i++)
		(void)ASK("XADD", "es:{b:acme}:posts", "*", "post", "{\"post\":{}}");
	assert_int_equal(walk(HELD_WAITING, item, 400), 250);
	for (int i = 1; i < 250; i++)
		assert_false(str_eq(item[i].id, item[i - 1].id));
	assert_true(str_eqc(item[249].body, "{\"post\":{}}"));
}

static void a_hash_is_walked_and_an_empty_place_is_fine(void **state)
{
	(void)state;
	need_server();
	static struct held_item item[4];
	assert_int_equal(walk(HELD_MENTIONS, item, 4), 0);
	assert_int_equal(walk(HELD_LETTERS, item, 4), 0);
	(void)ASK("HSET", "es:{b:acme}:mentions", "id1", "{}");
	assert_int_equal(walk(HELD_MENTIONS, item, 4), 1);
	assert_true(str_eqc(item[0].id, "id1") && str_eqc(item[0].body, "{}"));
}

static void a_field_is_swapped_unless_it_changed(void **state)
{
	(void)state;
	need_server();
	bool done = false;
	const struct held_item item = { STR("id1"), STR("{}") };
	(void)ASK("HSET", "es:{b:acme}:mentions", "id1", "{}");
	MUST(held_swap(&here, HELD_MENTIONS, &item, STR("{\"erased\":true}"), &done, &err));
	assert_true(done);
	assert_string_equal(reply_str(ASK("HGET", "es:{b:acme}:mentions", "id1")).p, "{\"erased\":true}");
	MUST(held_swap(&here, HELD_MENTIONS, &item, STR(""), &done, &err));
	assert_false(done); /* it is not what was read any more */
	const struct held_item now = { STR("id1"), STR("{\"erased\":true}") };
	MUST(held_swap(&here, HELD_MENTIONS, &now, STR(""), &done, &err));
	assert_true(done);
	assert_int_equal(reply_int(ASK("HEXISTS", "es:{b:acme}:mentions", "id1")), 0);
}

/* The detector read the entry and did not acknowledge it: it must not find an empty one on its pending list. */
static void an_entry_goes_with_its_place_on_the_pending_list(void **state)
{
	(void)state;
	need_server();
	bool done = false;
	struct held_item item[1];
	(void)ASK("XADD", "es:{b:acme}:posts", "1-1", "post", "x");
	(void)ASK("XREADGROUP", "GROUP", "detector", "owner", "STREAMS", "es:{b:acme}:posts", ">");
	assert_int_equal(walk(HELD_WAITING, item, 1), 1);
	MUST(held_swap(&here, HELD_WAITING, &item[0], STR(""), &done, &err));
	assert_true(done);
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:posts")), 0);
	assert_int_equal(reply_int(reply_at(ASK("XPENDING", "es:{b:acme}:posts", "detector"), 0)), 0);
	MUST(held_swap(&here, HELD_WAITING, &item[0], STR(""), &done, &err));
	assert_false(done);
}

static void an_entry_that_is_changed_keeps_its_other_fields(void **state)
{
	(void)state;
	need_server();
	bool done = false;
	struct held_item item[2];
	(void)ASK("XADD", "es:{b:acme}:deliveries:dead", "*", "delivery", "i:1:log", "alert", "{\"x\":1}");
	assert_int_equal(walk(HELD_LETTERS, item, 2), 1);
	MUST(held_swap(&here, HELD_LETTERS, &item[0], STR("{\"x\":2}"), &done, &err));
	assert_true(done);
	const struct reply *entry = reply_at(reply_at(ASK("XRANGE", "es:{b:acme}:deliveries:dead", "-", "+"), 0), 1);
	assert_true(str_eqc(reply_str(reply_field(entry, "delivery")), "i:1:log"));
	assert_true(str_eqc(reply_str(reply_field(entry, "alert")), "{\"x\":2}"));
	assert_int_equal(reply_int(ASK("XLEN", "es:{b:acme}:deliveries:dead")), 1);
}

static void brands_are_found_by_their_keys(void **state)
{
	(void)state;
	need_server();
	struct str *name = NULL;
	size_t n = 0;
	(void)ASK("HSET", "es:{b:forgotten-one}:mentions", "id", "{}");
	(void)ASK("HSET", "es:{cfg}:brands", "acme", "{}");
	MUST(held_brands(redis, &arena, &name, &n, &err));
	assert_int_equal(n, 2);
	assert_true(str_eqc(name[0], "forgotten-one") || str_eqc(name[1], "forgotten-one"));
}

static void the_list_of_erasures_comes_back_and_tells_that_it_grew(void **state)
{
	(void)state;
	need_server();
	const struct str key = STR("k");
	struct erased *s = erased_new(&key, 1), *back = erased_new(&key, 1);
	int64_t first = 0, second = 0;
	char id[64];
	for (int i = 0; i < 1200; i++) {
		(void)snprintf(id, sizeof id, "%032d", i);
		erased_add(s, str_of(id), 5);
	}
	MUST(erasures_add(redis, &arena, s, &first, &err));
	MUST(erasures_read(redis, &arena, back, &err));
	assert_int_equal(erased_count(back), 1200);
	assert_true(erased_has_id(back, STR("00000000000000000000000000001199")));
	MUST(erasures_add(redis, &arena, s, &second, &err));
	assert_int_equal(second, first + 1);
	struct rulebooks_now now;
	MUST(rulebooks_now(redis, &arena, &now, &err));
	assert_int_equal(now.erasures, second);
	assert_string_equal(now.version, ""); /* nothing is published by that */
	erased_free(s);
	erased_free(back);
}

static void without_an_append_only_file_there_is_none_to_write(void **state)
{
	(void)state;
	need_server();
	const bool is_kept = str_eqc(reply_str(reply_at(ASK("CONFIG", "GET", "appendonly"), 1)), "yes");
	assert_int_equal(erasures_rewrite(redis, &arena, 10000, &err), is_kept ? OK : SKIP);
	(void)ASK("CONFIG", "SET", "appendonly", "yes");
	MUST(erasures_rewrite(redis, &arena, 10000, &err));
	(void)ASK("CONFIG", "SET", "appendonly", is_kept ? "yes" : "no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_entry_of_a_stream_is_walked_once),
		CASE(a_hash_is_walked_and_an_empty_place_is_fine),
		CASE(a_field_is_swapped_unless_it_changed),
		CASE(an_entry_goes_with_its_place_on_the_pending_list),
		CASE(an_entry_that_is_changed_keeps_its_other_fields),
		CASE(brands_are_found_by_their_keys),
		CASE(the_list_of_erasures_comes_back_and_tells_that_it_grew),
		CASE(without_an_append_only_file_there_is_none_to_write),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
