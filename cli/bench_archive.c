/* Bench "archive": writing and reading the archive against bare bytes, and a million archived posts through the matcher. */
#include "cli/bench.h"

#include <earshot/limits.h>

#include "cli/bench_texts.h"
#include "common/base/archive.h"
#include "common/base/archive_record.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/post.h"
#include "common/text/admission.h"
#include "common/text/lang.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POSTS 1000000
#define WRITTEN 100000 /* posts of a run of the writing measure */
#define SPREAD_MS (30 * MS_PER_DAY)
#define MOST_RUNS 64

struct archive_bench {
	struct arena arena; /* texts, names */
	struct arena post; /* of one post */
	struct bench_texts texts;
	struct rulebook *book;
	const char *folder; /* everything is below it, and is removed at the end */
	int64_t now_ms;
	struct archive_entry *written; /* WRITTEN of them */
	uint64_t plain_bytes; /* of those, as records */
};

/* ---- posts ---- */

/* As a forum gives them: an id, an address, a pseudonym. Strings live in `a`. */
static void make_entry(struct archive_bench *b, struct arena *a, size_t number, struct archive_entry *out)
{
	struct post *p = &out->post;
	char author[16];
	*out = (struct archive_entry){ 0 };
	post_init(p);
	const struct str native = arena_printf(a, "t/%zu", number);
	(void)snprintf(author, sizeof author, "u%zu", number % 50000);
	p->id = post_make_id(a, STR("forum.example"), native);
	p->source = STR("board");
	p->family = STR("forum");
	p->native_id = native;
	p->url = arena_printf(a, "https://forum.example/%.*s", STR_FMT(native));
	p->author = arena_printf(a, "a:%.*s", STR_FMT(post_make_id(a, STR("author"), str_of(author))));
	p->text = b->texts.text[number % b->texts.n];
	p->lang = str_of(lang_guess(p->text, STR("")));
	p->replies = (int64_t)(number % 7);
	p->fetched_ms = b->now_ms;
	p->posted_ms = b->now_ms - SPREAD_MS + (int64_t)number * SPREAD_MS / POSTS;
}

static enum outcome write_entry(struct archive *archive, const struct archive_entry *entry, size_t number, struct err *e)
{
	const int64_t now_ms = entry->post.fetched_ms;
	const enum outcome done = archive_add(archive, entry, now_ms, e);
	return done == OK && number % 1000 == 0 ? archive_turn(archive, now_ms, e) : done;
}

static struct archive *archive_at(const char *folder)
{
	const struct archive_options o = { folder, 400 * MS_PER_DAY, INT64_MAX, 5000 };
	return archive_new(&o);
}

/* The million that is read: made and written one by one. */
static enum outcome write_million(struct archive_bench *b, const char *folder, struct err *e)
{
	struct archive_entry entry;
	enum outcome done = OK;
	struct archive *archive = archive_at(folder);
	for (size_t i = 0; i < POSTS && done == OK; i++) {
		arena_reset(&b->post);
		make_entry(b, &b->post, i, &entry);
		done = write_entry(archive, &entry, i, e);
	}
	if (done == OK)
		done = archive_flush(archive, b->now_ms, e);
	archive_free(archive);
	return done;
}

static enum outcome write_packed(const struct archive_bench *b, const char *folder, struct err *e)
{
	enum outcome done = OK;
	struct archive *archive = archive_at(folder);
	for (size_t i = 0; i < WRITTEN && done == OK; i++)
		done = write_entry(archive, &b->written[i], i, e);
	if (done == OK)
		done = archive_flush(archive, b->now_ms, e);
	archive_free(archive);
	return done;
}

/* The same records, bare: into a file by as large pieces, and synced. */
static enum outcome write_bare(struct archive_bench *b, const char *path, struct err *e)
{
	struct buf out;
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool fine = fd >= 0;
	b->plain_bytes = 0;
	buf_init(&out, (size_t)LIMIT_SEGMENT_BLOCK_BYTES * 2);
	for (size_t i = 0; i < WRITTEN && fine; i++) {
		archive_record_write(&out, &b->written[i]);
		if (out.n < LIMIT_SEGMENT_BLOCK_BYTES && i + 1 < WRITTEN)
			continue;
		fine = write(fd, out.p, out.n) == (ssize_t)out.n;
		b->plain_bytes += out.n;
		buf_clear(&out);
	}
	fine = fine && fdatasync(fd) == 0;
	buf_release(&out);
	if (fd >= 0)
		(void)close(fd);
	return fine ? OK : err_set(e, STOP, "%s cannot be written; make room", path);
}

/* ---- measures ---- */

/* Reading and matching are measured in CPU time: one core, whatever else the machine does. */
static double cpu_since(int64_t start_us)
{
	return (double)(clock_cpu_us() - start_us) / 1e6;
}

static double seconds_since(int64_t start_us)
{
	return (double)(clock_monotonic_us() - start_us) / 1e6;
}

static enum outcome measure_write(struct archive_bench *b, const struct bench_run *run, struct err *e)
{
	double rate[MOST_RUNS], bare[MOST_RUNS], ratio[MOST_RUNS];
	const size_t runs = (size_t)run->runs;
	enum outcome done = OK;
	b->written = arena_list(&b->arena, struct archive_entry, WRITTEN);
	for (size_t i = 0; i < WRITTEN; i++)
		make_entry(b, &b->arena, i, &b->written[i]);
	for (size_t i = 0; i < runs && done == OK; i++) {
		const char *folder = arena_printf(&b->arena, "%s/w%zu", b->folder, i).p;
		int64_t start = clock_monotonic_us();
		done = write_bare(b, arena_printf(&b->arena, "%s.bare", folder).p, e);
		const double bare_s = seconds_since(start);
		start = clock_monotonic_us();
		if (done == OK)
			done = write_packed(b, folder, e);
		const double packed_s = seconds_since(start);
		rate[i] = WRITTEN / packed_s;
		bare[i] = WRITTEN / bare_s;
		ratio[i] = rate[i] / bare[i];
	}
	if (done != OK)
		return done;
	const double mb_a_post = (double)b->plain_bytes / WRITTEN / 1e6;
	const double value = bench_median(rate, runs), baseline = bench_median(bare, runs), of = bench_median(ratio, runs);
	bench_print(run, &(struct bench_measure){ "archive", "write", "posts/s", value, baseline, of, run->runs });
	bench_print(run, &(struct bench_measure){
				 "archive", "write_bytes", "MB/s", value * mb_a_post, baseline * mb_a_post, of, run->runs });
	return OK;
}

static void unpack_segment(struct segment_reader *r, const char *path)
{
	struct segment_block block;
	if (segment_reader_open(r, path, NULL) != OK)
		return;
	while (segment_next(r, INT64_MIN, INT64_MAX, &block))
		continue;
}

/* zstd alone, over the same blocks. */
static double unpack_only(struct archive_bench *b, const char *folder, struct segment_tally *tally)
{
	struct str *day = NULL, *name = NULL;
	size_t ndays = 0, n = 0;
	struct segment_reader *r = segment_reader_new();
	const int64_t start = clock_cpu_us();
	if (file_list(&b->arena, folder, "", &day, &ndays, NULL) != OK)
		ndays = 0;
	for (size_t i = 0; i < ndays; i++) {
		const struct str inside = file_join(&b->arena, str_of(folder), day[i]);
		if (file_list(&b->arena, arena_cstr(&b->arena, inside), ".seg", &name, &n, NULL) != OK)
			continue;
		for (size_t k = 0; k < n; k++)
			unpack_segment(r, arena_cstr(&b->arena, file_join(&b->arena, inside, name[k])));
	}
	const double seconds = cpu_since(start);
	*tally = *segment_reader_tally(r);
	segment_reader_free(r);
	return seconds;
}

struct reading {
	double seconds;
	uint64_t posts, hits, brands;
};

/* `book` NULL: read only. */
static enum outcome read_posts(
	struct archive_bench *b, const char *folder, const struct rulebook *book, struct reading *out, struct err *e)
{
	struct archive_entry entry;
	struct archive_reader *r = NULL;
	const struct archive_span span = { INT64_MIN, INT64_MAX, book != NULL };
	const int64_t start = clock_cpu_us();
	*out = (struct reading){ 0 };
	const enum outcome done = archive_reader_open(folder, &span, &r, e);
	while (done == OK && archive_next(r, &entry)) {
		struct scanned scanned;
		struct admission *about = NULL;
		out->posts++;
		if (book == NULL)
			continue;
		arena_reset(&b->post);
		scan_matches(&b->post, book, &entry.post, &scanned);
		out->hits += scanned.n;
		out->brands += admission_find(&b->post, book, &scanned, &about);
	}
	archive_reader_close(r);
	out->seconds = cpu_since(start);
	return done;
}

static enum outcome measure_read(struct archive_bench *b, const struct bench_run *run, const char *folder, struct err *e)
{
	double rate[MOST_RUNS], bare[MOST_RUNS], ratio[MOST_RUNS];
	const size_t runs = (size_t)run->runs;
	struct segment_tally t = { 0 };
	enum outcome done = OK;
	for (size_t i = 0; i < runs && done == OK; i++) {
		struct reading read;
		bare[i] = POSTS / unpack_only(b, folder, &t);
		done = read_posts(b, folder, NULL, &read, e);
		if (done == OK && read.posts != POSTS)
			done = err_set(e, STOP, "%llu of %d posts came back", (unsigned long long)read.posts, POSTS);
		rate[i] = POSTS / read.seconds;
		ratio[i] = rate[i] / bare[i];
	}
	if (done != OK)
		return done;
	const double value = bench_median(rate, runs), baseline = bench_median(bare, runs), of = bench_median(ratio, runs);
	const double mb_a_post = (double)t.plain_bytes / POSTS / 1e6, packed = (double)archive_folder_bytes(folder) / POSTS;
	bench_print(run, &(struct bench_measure){ "archive", "read", "posts/cpu-s", value, baseline, of, run->runs });
	bench_print(run, &(struct bench_measure){
				 "archive", "read_bytes", "MB/cpu-s", value * mb_a_post, baseline * mb_a_post, of, run->runs });
	bench_print(run,
		&(struct bench_measure){ "archive", "size", "B/post", packed, mb_a_post * 1e6, packed / (mb_a_post * 1e6), 1 });
	return OK;
}

static enum outcome measure_backtest(struct archive_bench *b, const struct bench_run *run, const char *folder, struct err *e)
{
	double taken[MOST_RUNS], bare[MOST_RUNS], ratio[MOST_RUNS];
	const size_t runs = (size_t)run->runs;
	struct reading read = { 0 };
	enum outcome done = OK;
	for (size_t i = 0; i < runs && done == OK; i++) {
		done = read_posts(b, folder, NULL, &read, e);
		bare[i] = read.seconds;
		if (done == OK)
			done = read_posts(b, folder, b->book, &read, e);
		taken[i] = read.seconds;
		ratio[i] = taken[i] / bare[i];
	}
	if (done != OK)
		return done;
	fprintf(stderr, "# %llu posts, %llu matches, %llu about a brand, %s texts\n", (unsigned long long)read.posts,
		(unsigned long long)read.hits, (unsigned long long)read.brands, b->texts.is_real ? "real" : "made-up");
	bench_print(run, &(struct bench_measure){ "archive", "backtest", "cpu-s/million", bench_median(taken, runs),
				 bench_median(bare, runs), bench_median(ratio, runs), run->runs });
	return OK;
}

static enum outcome measure(struct archive_bench *b, const struct bench_run *run, struct err *e)
{
	const char *folder = arena_printf(&b->arena, "%s/million", b->folder).p;
	enum outcome done = measure_write(b, run, e);
	if (done == OK)
		done = write_million(b, folder, e);
	if (done == OK)
		done = measure_read(b, run, folder, e);
	return done == OK ? measure_backtest(b, run, folder, e) : done;
}

static void remove_folder(struct arena *a, const char *folder)
{
	struct str *name = NULL;
	size_t n = 0;
	if (file_list(a, folder, "", &name, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_cstr(a, file_join(a, str_of(folder), name[i]));
		remove_folder(a, path);
		(void)remove(path);
	}
	(void)rmdir(folder);
}

static enum outcome load_rules(struct archive_bench *b, const struct settings *s, struct err *e)
{
	struct problems problems;
	problems_init(&problems);
	b->book = rulebook_load(s->rules_folder, s->rules.n, &problems);
	const enum outcome done = b->book != NULL ? OK
						  : err_set(e, STOP, "the rules cannot be loaded: %s",
							    problems.n > 0 ? problems.list[0].text : "no reason");
	problems_release(&problems);
	return done;
}

enum outcome bench_archive(const struct bench_run *run, struct err *e)
{
	struct archive_bench b = { .now_ms = clock_now_ms() };
	struct bench_run capped = *run;
	char folder[] = "/tmp/earshot-bench-XXXXXX";
	capped.runs = run->runs > MOST_RUNS ? MOST_RUNS : run->runs;
	b.folder = mkdtemp(folder);
	if (b.folder == NULL)
		return err_set(e, STOP, "no folder can be made in /tmp; the bench needs some 500 MB there");
	arena_init(&b.arena, 1u << 30);
	arena_init(&b.post, LIMIT_ARENA_BYTES);
	enum outcome done = load_rules(&b, run->settings, e);
	if (done == OK) {
		bench_texts_load(&b.arena, &b.texts);
		done = measure(&b, &capped, e);
	}
	remove_folder(&b.arena, folder);
	rulebook_free(b.book);
	arena_release(&b.post);
	arena_release(&b.arena);
	return done;
}
