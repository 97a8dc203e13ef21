/* Unit tests of the archive: what goes in comes out, old and too many segments go, trouble with the disk is survived. */
#include "common/base/archive.h"

#include <earshot/limits.h>

#include "common/base/archive_record.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/post.h"
#include "common/base/post_pack.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>

#define NOW 1795312800000 /* 2026-11-22T02:00:00Z */

static struct folder folder;

static int setup(void **state)
{
	(void)state;
	return folder_make(&folder);
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

static struct archive *new_archive(void)
{
	const struct archive_options o = {
		.folder = folder.path, .keep_ms = 30 * MS_PER_DAY, .max_bytes = 1 << 30, .sync_ms = 5000
	};
	return archive_new(&o);
}

static struct archive_entry make_entry(const char *native, const char *text, int64_t posted_ms)
{
	struct archive_entry entry = { 0 };
	post_init(&entry.post);
	entry.post.id = post_make_id(&folder.a, STR("board"), str_of(native));
	entry.post.source = STR("board");
	entry.post.native_id = str_of(native);
	entry.post.text = str_of(text);
	entry.post.posted_ms = posted_ms;
	entry.post.fetched_ms = NOW;
	return entry;
}

static void add(struct archive *a, const char *native, const char *text, int64_t posted_ms, int64_t now_ms)
{
	struct err e = { 0 };
	const struct archive_entry entry = make_entry(native, text, posted_ms);
	if (archive_add(a, &entry, now_ms, &e) != OK)
		fail_msg("%s", e.text);
}

static void turn(struct archive *a, int64_t now_ms)
{
	struct err e = { 0 };
	if (archive_turn(a, now_ms, &e) != OK)
		fail_msg("%s", e.text);
}

static void flush(struct archive *a, int64_t now_ms)
{
	struct err e = { 0 };
	if (archive_flush(a, now_ms, &e) != OK)
		fail_msg("%s", e.text);
}

/* The native ids of the posts of a span, in order: "1 2 3 ". */
static const char *read_span(struct archive_span span, struct archive_tally *tally)
{
	struct err e = { 0 };
	struct archive_entry entry;
	struct archive_reader *r = NULL;
	struct str all = STR("");
	if (archive_reader_open(folder.path, &span, &r, &e) != OK)
		fail_msg("%s", e.text);
	while (archive_next(r, &entry))
		all = arena_printf(&folder.a, "%.*s%.*s ", STR_FMT(all), STR_FMT(entry.post.native_id));
	if (tally)
		*tally = *archive_reader_tally(r);
	archive_reader_close(r);
	return arena_cstr(&folder.a, all);
}

static const char *read_all(void)
{
	return read_span((struct archive_span){ INT64_MIN, INT64_MAX, false }, NULL);
}

static void fill_post(struct post *p)
{
	post_init(p);
	p->id = STR("00112233445566778899aabbccddeeff");
	p->source = STR("board");
	p->family = STR("forum");
	p->kind = POST_REVIEW;
	p->parent = STR("ffeeddccbbaa99887766554433221100");
	p->native_id = STR("t/1");
	p->url = STR("https://forum.example/t/1");
	p->author = STR("a:00");
	p->author_followers = 12;
	p->author_since_ms = 0;
	p->author_verified = 0;
	p->title = STR("标题 title");
	p->text = STR("正文\ntext");
	p->lang = STR("zh-Hans");
	p->stars = 5;
	p->app_version = STR("1.2");
	p->region = STR("上海");
	p->rank = 1;
	p->likes = 0;
	p->replies = 3;
	p->shares = 4;
	p->views = 5000000000;
	p->posted_ms = NOW - 1;
	p->fetched_ms = NOW;
	p->date_only = true;
}

static const char *json_of(const struct post *p)
{
	struct buf out;
	buf_init(&out, 1u << 20);
	post_write(&out, p);
	const char *json = arena_cstr(&folder.a, buf_str(&out));
	buf_release(&out);
	return json;
}

/* Field by field through the JSON writer: a field that is new in the table and forgotten in the packer fails here. */
static void a_packed_post_is_the_same_post(void **state)
{
	struct post full, empty, again;
	struct buf out;
	(void)state;
	buf_init(&out, 1u << 20);
	fill_post(&full);
	post_init(&empty);
	post_pack(&out, &full);
	assert_true(post_unpack(buf_str(&out), &again));
	assert_string_equal(json_of(&again), json_of(&full));
	buf_clear(&out);
	post_pack(&out, &empty);
	assert_true(post_unpack(buf_str(&out), &again));
	assert_string_equal(json_of(&again), json_of(&empty));
	buf_release(&out);
}

static void a_field_of_a_newer_build_is_passed_over(void **state)
{
	struct post p;
	(void)state;
	assert_true(post_unpack(STR("\x7a\x05\x7b\x03new\x1b\x02ok"), &p)); /* 61: a number, bytes; 13: the text */
	assert_true(str_eqc(p.text, "ok"));
	assert_false(post_unpack(STR("\x1b\x09ok"), &p)); /* cut */
	assert_false(post_unpack(STR("\x1a\x09"), &p)); /* a text that is a number */
}

static void what_the_door_knew_is_kept(void **state)
{
	struct archive_entry entry = make_entry("1", "x", NOW), again;
	struct buf out;
	(void)state;
	entry.about = STR("yunque,harbour");
	entry.own = STR("yunque");
	entry.backfill = entry.edited = true;
	buf_init(&out, 1u << 20);
	archive_record_write(&out, &entry);
	assert_true(archive_record_read(buf_str(&out), &again));
	assert_true(str_eq(again.about, entry.about) && str_eq(again.own, entry.own));
	assert_true(again.backfill && again.edited);
	buf_release(&out);
}

static void posts_come_out_as_they_went_in(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	add(a, "1", "退款", NOW, NOW);
	add(a, "2", "refund", NOW, NOW);
	flush(a, NOW);
	add(a, "3", "more", NOW, NOW);
	flush(a, NOW);
	archive_free(a);
	assert_string_equal(read_all(), "1 2 3 ");
}

static void nothing_is_written_before_its_second_is_over(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	const int64_t before = metrics_get(M_archive_posts_total);
	add(a, "1", "x", NOW, NOW);
	turn(a, NOW + 999);
	assert_string_equal(read_all(), "");
	turn(a, NOW + 1000);
	assert_string_equal(read_all(), "1 "); /* while it is written */
	assert_int_equal(metrics_get(M_archive_posts_total), before + 1);
	archive_free(a);
}

static void a_span_is_of_the_time_a_post_counts_at(void **state)
{
	struct archive_tally t;
	(void)state;
	struct archive *a = new_archive();
	add(a, "old", "x", NOW - 10 * MS_PER_DAY, NOW);
	add(a, "undated", "x", -1, NOW);
	add(a, "new", "x", NOW - 5, NOW);
	flush(a, NOW);
	archive_free(a);
	assert_string_equal(read_span((struct archive_span){ NOW - MS_PER_DAY, NOW + 1, false }, &t), "undated new ");
	assert_int_equal(t.entries, 2);
	assert_string_equal(read_span((struct archive_span){ NOW - 5, NOW, false }, &t), "new ");
	assert_string_equal(read_span((struct archive_span){ 0, NOW - MS_PER_DAY, false }, &t), "old ");
	assert_string_equal(read_span((struct archive_span){ NOW + 9 * MS_PER_DAY, INT64_MAX, false }, &t), "");
	assert_int_equal(t.segments, 0); /* not even opened */
}

static void a_repeated_post_is_given_once_when_asked(void **state)
{
	struct archive_tally t;
	(void)state;
	struct archive *a = new_archive();
	for (int i = 0; i < 3; i++)
		add(a, i == 1 ? "2" : "1", "x", NOW, NOW);
	flush(a, NOW);
	archive_free(a);
	assert_string_equal(read_all(), "1 2 1 ");
	assert_string_equal(read_span((struct archive_span){ INT64_MIN, INT64_MAX, true }, &t), "1 2 ");
	assert_int_equal(t.repeats, 1);
}

static void many_repeats_are_noticed(void **state)
{
	struct archive_tally t;
	char native[16];
	(void)state;
	struct archive *a = new_archive();
	for (int i = 0; i < 100000; i++) {
		(void)snprintf(native, sizeof native, "%d", i % 50000);
		add(a, native, "", NOW, NOW);
		arena_reset(&folder.a);
	}
	flush(a, NOW);
	archive_free(a);
	struct archive_reader *r = NULL;
	struct archive_entry entry;
	const struct archive_span span = { INT64_MIN, INT64_MAX, true };
	assert_int_equal(archive_reader_open(folder.path, &span, &r, NULL), OK);
	while (archive_next(r, &entry))
		continue;
	t = *archive_reader_tally(r);
	archive_reader_close(r);
	assert_int_equal(t.entries, 50000);
	assert_int_equal(t.repeats, 50000);
}

static size_t count_segments(const char *day)
{
	struct str *name = NULL;
	size_t n = 0;
	return file_list(&folder.a, folder_file(&folder, day), ".seg", &name, &n, NULL) == OK ? n : 0;
}

static void a_new_day_begins_a_new_segment(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	add(a, "1", "x", NOW, NOW);
	turn(a, NOW + MS_PER_DAY);
	add(a, "2", "x", NOW, NOW + MS_PER_DAY);
	flush(a, NOW + MS_PER_DAY);
	archive_free(a);
	assert_int_equal(count_segments("2026-11-22"), 1);
	assert_int_equal(count_segments("2026-11-23"), 1);
	assert_string_equal(read_all(), "1 2 ");
}

static void a_worker_goes_on_in_the_segment_that_another_left(void **state)
{
	(void)state;
	struct archive *first = new_archive(), *second = new_archive();
	add(first, "1", "x", NOW, NOW);
	add(second, "2", "x", NOW, NOW);
	flush(first, NOW);
	flush(second, NOW);
	assert_int_equal(count_segments("2026-11-22"), 2); /* each its own */
	archive_free(first);
	archive_free(second);
	struct archive *third = new_archive();
	add(third, "3", "x", NOW, NOW + MS_PER_HOUR);
	flush(third, NOW);
	archive_free(third);
	assert_int_equal(count_segments("2026-11-22"), 2);
}

static void segments_older_than_they_are_kept_are_deleted(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	add(a, "1", "x", NOW, NOW);
	turn(a, NOW + MS_PER_DAY);
	turn(a, NOW + 30 * MS_PER_DAY);
	assert_string_equal(read_all(), "1 ");
	turn(a, NOW + 31 * MS_PER_DAY);
	assert_string_equal(read_all(), "");
	assert_false(file_exists(folder_file(&folder, "2026-11-22")));
	archive_free(a);
}

static void over_the_size_the_oldest_go_but_never_the_one_being_written(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	for (int day = 0; day < 3; day++) {
		add(a, day == 0 ? "1" : day == 1 ? "2" : "3", "x", NOW, NOW + day * MS_PER_DAY);
		turn(a, NOW + (day + 1) * MS_PER_DAY);
	}
	archive_free(a);
	const int64_t one = (int64_t)archive_folder_bytes(folder.path) / 3;
	const int64_t later = NOW + 3 * MS_PER_DAY;
	const struct archive_options o = { folder.path, 30 * MS_PER_DAY, 2 * one + one / 2, 0 };
	struct archive *b = archive_new(&o);
	turn(b, later);
	assert_string_equal(read_all(), "2 3 ");
	archive_free(b);
	const struct archive_options none = { folder.path, 30 * MS_PER_DAY, 0, 0 };
	b = archive_new(&none);
	add(b, "4", "x", NOW, later);
	flush(b, later);
	turn(b, later);
	assert_string_equal(read_all(), "4 ");
	archive_free(b);
}

/* A folder that cannot be made is a disk that is gone. */
static void a_lost_disk_is_told_and_found_again(void **state)
{
	struct err e = { 0 };
	(void)state;
	const struct archive_options o = { folder_file(&folder, "gone/archive"), 30 * MS_PER_DAY, 1 << 30, 0 };
	assert_int_equal(file_write(folder_file(&folder, "gone"), STR("a file"), 0600, NULL), OK);
	struct archive *a = archive_new(&o);
	const struct archive_entry entry = make_entry("1", "x", NOW);
	assert_int_equal(archive_add(a, &entry, NOW, &e), RETRY);
	assert_non_null(strstr(e.text, "gone"));
	assert_int_equal(archive_turn(a, NOW, &e), RETRY);
	assert_int_equal(archive_turn(a, NOW + 2000, &e), RETRY); /* still; not "nothing to do" */
	assert_int_equal(remove(folder_file(&folder, "gone")), 0);
	assert_int_equal(archive_turn(a, NOW + 4000, &e), OK);
	assert_int_equal(archive_add(a, &entry, NOW + 4000, &e), OK);
	flush(a, NOW + 4000);
	archive_free(a);
}

static void a_damaged_record_costs_itself(void **state)
{
	struct segment_writer *w = NULL;
	struct archive_tally t;
	struct buf out;
	uint64_t torn = 0;
	(void)state;
	const struct archive_entry entry = make_entry("1", "x", NOW);
	buf_init(&out, 1u << 20);
	archive_record_write(&out, &entry);
	assert_int_equal(file_mkdirs(folder_file(&folder, "2026-11-22"), 0700, NULL), OK);
	assert_int_equal(segment_open(folder_file(&folder, "2026-11-22/a.seg"), &w, &torn, NULL), OK);
	assert_int_equal(segment_add(w, NOW, STR("\xff\xff"), NULL), OK);
	assert_int_equal(segment_add(w, NOW, STR(""), NULL), OK);
	assert_int_equal(segment_add(w, NOW, buf_str(&out), NULL), OK);
	assert_int_equal(segment_flush(w, NULL), OK);
	segment_close(w);
	buf_release(&out);
	assert_string_equal(read_span((struct archive_span){ INT64_MIN, INT64_MAX, false }, &t), "1 ");
	assert_int_equal(t.damaged_records, 2);
	assert_true(archive_damage(&folder.a, &t).n > 0);
}

static void files_that_are_no_segments_are_left_alone(void **state)
{
	(void)state;
	struct archive *a = new_archive();
	add(a, "1", "x", NOW, NOW);
	flush(a, NOW);
	assert_int_equal(file_mkdirs(folder_file(&folder, "2026-13-22"), 0700, NULL), OK);
	assert_int_equal(file_write(folder_file(&folder, "notes.txt"), STR("mine"), 0600, NULL), OK);
	assert_int_equal(file_write(folder_file(&folder, "2026-11-22/notes.txt"), STR("mine"), 0600, NULL), OK);
	assert_int_equal(file_write(folder_file(&folder, "2026-11-22/empty.seg"), STR(""), 0600, NULL), OK);
	assert_int_equal(file_mkdirs(folder_file(&folder, "2026-11-22/folder.seg"), 0700, NULL), OK);
	archive_free(a);
	assert_string_equal(read_all(), "1 ");
	a = new_archive();
	turn(a, NOW + 40 * MS_PER_DAY);
	archive_free(a);
	assert_true(file_exists(folder_file(&folder, "2026-11-22/notes.txt")));
	assert_true(file_exists(folder_file(&folder, "notes.txt")));
}

static bool is_by(const struct post *p, const void *context)
{
	return str_eqc(p->native_id, context);
}

static void an_erased_post_is_in_no_file_any_more(void **state)
{
	struct archive_erased erased;
	(void)state;
	struct archive *a = new_archive(), *busy = new_archive();
	add(a, "1", "stays", NOW, NOW);
	add(a, "2", "goes", NOW, NOW);
	add(a, "3", "stays", NOW - MS_PER_DAY, NOW);
	flush(a, NOW);
	add(busy, "2", "is being written", NOW, NOW);
	flush(busy, NOW);
	archive_free(a);
	assert_int_equal(archive_erase(folder.path, is_by, "2", &erased, NULL), OK);
	assert_int_equal(erased.posts, 1);
	assert_int_equal(erased.segments, 1);
	assert_int_equal(erased.busy, 1);
	assert_string_equal(read_all(), "1 3 2 ");
	archive_free(busy);
	assert_int_equal(archive_erase(folder.path, is_by, "2", &erased, NULL), OK);
	assert_int_equal(erased.posts, 1);
	assert_int_equal(erased.busy, 0);
	assert_string_equal(read_all(), "1 3 ");
	assert_string_equal(read_span((struct archive_span){ NOW - 1, NOW + 1, false }, NULL), "1 ");
	assert_int_equal(archive_erase(folder.path, is_by, "2", &erased, NULL), OK);
	assert_int_equal(erased.posts + erased.segments, 0);
}

static void a_walk_takes_one_segment_a_call_and_begins_again(void **state)
{
	struct archive_erased erased;
	struct archive_cursor at = { 0 };
	uint64_t posts = 0, busy = 0;
	(void)state;
	for (int day = 3; day >= 1; day--) {
		struct archive *a = new_archive();
		add(a, "1", "stays", NOW - day * MS_PER_DAY, NOW - day * MS_PER_DAY);
		add(a, "2", "goes", NOW - day * MS_PER_DAY, NOW - day * MS_PER_DAY);
		flush(a, NOW - day * MS_PER_DAY);
		archive_free(a);
	}
	struct archive *writing = new_archive();
	add(writing, "2", "is being written", NOW, NOW);
	flush(writing, NOW);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(archive_erase_next(folder.path, &at, is_by, "2", &erased, NULL), OK);
		assert_true(erased.posts + erased.busy == 1);
		posts += erased.posts;
		busy += erased.busy;
	}
	assert_true(posts == 3 && busy == 1);
	assert_int_equal(archive_erase_next(folder.path, &at, is_by, "2", &erased, NULL), SKIP);
	archive_free(writing);
	for (int i = 0; i < 4; i++, posts += erased.posts)
		assert_int_equal(archive_erase_next(folder.path, &at, is_by, "2", &erased, NULL), OK);
	assert_int_equal(posts, 4);
	assert_string_equal(read_all(), "1 1 1 ");
}

/* What `earshot erase` asks of a crawler: its segment is free, and what it fetches meanwhile goes elsewhere. */
static void a_segment_that_was_let_go_of_can_be_written_anew(void **state)
{
	struct archive_erased erased;
	(void)state;
	struct archive *a = new_archive();
	assert_int_equal(archive_let_go(a, NOW, NULL), OK); /* nothing was written yet */
	add(a, "1", "stays", NOW, NOW);
	add(a, "2", "waits in memory, and goes", NOW, NOW);
	assert_int_equal(archive_let_go(a, NOW, NULL), OK);
	assert_int_equal(archive_waiting(a), 0);
	add(a, "3", "comes later", NOW, NOW);
	flush(a, NOW);
	assert_int_equal(archive_erase(folder.path, is_by, "2", &erased, NULL), OK);
	assert_int_equal(erased.posts, 1);
	assert_int_equal(erased.busy, 1);
	assert_string_equal(read_all(), "1 3 ");
	archive_free(a);
}

static void an_absent_archive_is_told_by_name(void **state)
{
	struct err e = { 0 };
	struct archive_reader *r = NULL;
	const struct archive_span span = { 0 };
	(void)state;
	assert_int_equal(archive_reader_open("/nowhere/archive", &span, &r, &e), REJECT);
	assert_non_null(strstr(e.text, "/nowhere/archive"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_packed_post_is_the_same_post),
		T(a_field_of_a_newer_build_is_passed_over),
		T(what_the_door_knew_is_kept),
		T(posts_come_out_as_they_went_in),
		T(nothing_is_written_before_its_second_is_over),
		T(a_span_is_of_the_time_a_post_counts_at),
		T(a_repeated_post_is_given_once_when_asked),
		T(many_repeats_are_noticed),
		T(a_new_day_begins_a_new_segment),
		T(a_worker_goes_on_in_the_segment_that_another_left),
		T(segments_older_than_they_are_kept_are_deleted),
		T(over_the_size_the_oldest_go_but_never_the_one_being_written),
		T(a_lost_disk_is_told_and_found_again),
		T(a_damaged_record_costs_itself),
		T(files_that_are_no_segments_are_left_alone),
		T(an_erased_post_is_in_no_file_any_more),
		T(a_walk_takes_one_segment_a_call_and_begins_again),
		T(a_segment_that_was_let_go_of_can_be_written_anew),
		T(an_absent_archive_is_told_by_name),
	};
	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
