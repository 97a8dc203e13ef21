/* Following the rulebook against a real redis-server: what is refused is refused once, and tried again when it should be. */
#include "tests/unit/store_fixture.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/rules/watch.h"

#include <unistd.h>

static char folder[64];
static const char *folders[] = { folder };
static struct settings settings;
static struct watch watch;

static void write_brands(const char *alias)
{
	MUST(file_write(arena_printf(&arena, "%s/brands.conf", folder).p,
		arena_printf(&arena, "[brand x]\nname = X\naliases = %s\n", alias), 0600, &err));
}

static void start(const char *alias)
{
	(void)snprintf(folder, sizeof folder, "/tmp/earshot-watch-%ld", (long)getpid());
	MUST(file_mkdirs(folder, 0700, &err));
	write_brands(alias);
	settings = (struct settings){ .rules_folder = folders };
	settings.rules.n = 1;
	watch_init(&watch, &settings);
}

static int stop(void **state)
{
	(void)state;
	(void)state;
	if (watch.settings != NULL)
		watch_release(&watch);
	(void)unlink(arena_printf(&arena, "%s/brands.conf", folder).p);
	(void)rmdir(folder);
	watch = (struct watch){ 0 };
	return 0;
}

/* One look at once, and the swap that follows from it. True: another rulebook. */
static bool look(bool is_hup, struct watch_news *news)
{
	watch.next_look_ms = 0;
	MUST(watch_look(&watch, redis, &arena, is_hup, news, &err));
	if (news->book == NULL)
		return false;
	watch_swap(&watch, news->book);
	return true;
}

/* Publishes brands.conf with this text; returns its version. */
static const char *publish(const char *text, const char *expected)
{
	struct rulebook_file file = { .name = STR("brands.conf"), .path = "brands.conf", .bytes = str_of(text) };
	const struct rulebook_files files = { &file, 1 };
	char *version = arena_take(&arena, RULEBOOK_VERSION_BYTES);
	rulebook_version(&files, version);
	const struct rulebooks_publication p = {
		.expected = expected, .version = version, .base = "", .by = STR("Li"), .files = &files
	};
	MUST(rulebooks_publish(redis, &arena, &p, &err));
	return version;
}

#define GOOD "[brand x]\nname = X\naliases = 云雀\n"
#define OTHER "[brand x]\nname = X\naliases = 云雀, 小雀\n"
#define WRONG "[brand x]\nname = X\naliases\n"

static void what_is_published_wins_over_the_folders(void **state)
{
	(void)state;
	need_server();
	struct watch_news news;
	start("Harbour");
	assert_false(look(false, &news));
	const char *good = publish(GOOD, "");
	assert_true(look(false, &news));
	assert_string_equal(watch.book->version, good);
	assert_false(look(true, &news)); /* HUP: the same again */
	assert_string_equal(watch.book->version, good);
	assert_true(news.files); /* thresholds and sources are read again all the same */
}

static void files_that_are_not_what_was_published_are_refused_once(void **state)
{
	(void)state;
	need_server();
	struct watch_news news;
	start("Harbour");
	const char *good = publish(GOOD, "");
	const struct str key = arena_printf(&arena, "es:{cfg}:rulebook:%s", good);
	(void)ASK("HSET", key.p, "file:0000:0:brands.conf", OTHER); /* it compiles, and is not what the version says */
	assert_false(look(false, &news));
	assert_true(news.is_refused);
	for (int i = 0; i < 3; i++) {
		assert_false(look(false, &news));
		assert_false(news.is_refused);
	}
	assert_false(look(true, &news)); /* HUP tries again */
	assert_true(news.is_refused);
	(void)ASK("HSET", key.p, "file:0000:0:brands.conf", GOOD);
	assert_true(look(true, &news));
	assert_string_equal(watch.book->version, good);
}

/* Redis forgot the publication of a wrong version; the right one that comes then has the serial that the wrong one had. */
static void a_refusal_is_of_one_version(void **state)
{
	(void)state;
	need_server();
	struct watch_news news;
	start("Harbour");
	(void)publish(WRONG, "");
	assert_false(look(false, &news));
	assert_true(news.is_refused);
	const int64_t serial = watch.published.serial;
	(void)ASK("FLUSHALL");
	MUST(redis_functions(redis, true, &err));
	const char *good = publish(GOOD, "");
	assert_true(look(false, &news));
	assert_int_equal(watch.published.serial, serial);
	assert_string_equal(watch.book->version, good);
}

static void the_rulebook_is_in_force_since_it_changed(void **state)
{
	(void)state;
	need_server();
	struct watch_news news;
	start("云雀");
	assert_false(look(false, &news));
	assert_int_equal(watch.since_ms, 0);
	assert_false(look(true, &news)); /* HUP with the same files changes nothing */
	assert_int_equal(watch.since_ms, 0);
	MUST(file_write(arena_printf(&arena, "%s/brands.conf", folder).p, STR(WRONG), 0600, &err));
	assert_false(look(true, &news)); /* nor do wrong ones */
	assert_int_equal(watch.since_ms, 0);
	(void)publish(GOOD, ""); /* what the folder had when it was read */
	assert_false(look(false, &news));
	assert_true(watch.is_published);
	assert_int_equal(watch.since_ms, watch.published.since_ms);
}

static void a_worker_may_ask_among_its_own_questions(void **state)
{
	(void)state;
	need_server();
	struct watch_news news;
	start("Harbour");
	assert_false(look(false, &news));
	watch.rides_along = true;
	const char *good = publish(GOOD, "");
	watch.next_look_ms = 1; /* due long ago, and nothing to ride along with: it asks alone */
	MUST(watch_look(&watch, redis, &arena, false, &news, &err));
	assert_non_null(news.book);
	watch_swap(&watch, news.book);
	const char *other = publish(OTHER, good);
	watch.next_look_ms = clock_monotonic_ms();
	MUST(watch_look(&watch, redis, &arena, false, &news, &err));
	assert_null(news.book); /* it waits for a trip */
	assert_false(watch_is_behind(&watch));
	watch_queue(&watch, redis, &arena);
	assert_int_equal(redis_pending(redis), 1);
	MUST(watch_take(&watch, redis, &err));
	assert_true(watch_is_behind(&watch));
	watch_queue(&watch, redis, &arena); /* a moment later: not again */
	assert_int_equal(redis_pending(redis), 0);
	MUST(watch_take(&watch, redis, &err));
	MUST(watch_look(&watch, redis, &arena, false, &news, &err));
	assert_non_null(news.book);
	watch_swap(&watch, news.book);
	assert_string_equal(watch.book->version, other);
	assert_false(watch_is_behind(&watch));
}

#define WATCH_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_CASE(a_worker_may_ask_among_its_own_questions),
		WATCH_CASE(what_is_published_wins_over_the_folders),
		WATCH_CASE(files_that_are_not_what_was_published_are_refused_once),
		WATCH_CASE(a_refusal_is_of_one_version),
		WATCH_CASE(the_rulebook_is_in_force_since_it_changed),
	};
	return cmocka_run_group_tests(tests, store_start, store_stop);
}
