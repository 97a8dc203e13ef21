/* earshot import: the posts of a file (JSONL, CSV, mailbox) on the road of crawled ones. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/rules_book.h"
#include "cli/stored.h"
#include "common/base/clock.h"
#include "common/base/erased.h"
#include "common/base/log.h"
#include "common/base/post.h"
#include "common/base/proc.h"
#include "common/base/pseudonyms.h"
#include "common/store/erasures.h"
#include "common/store/posts.h"
#include "crawler/import.h"
#include "crawler/road.h"
#include "crawler/keep.h"
#include "crawler/sources.h"

#include <stdio.h>
#include <string.h>

#define LOOK_AT_BACKLOG 16 /* batches between two looks */
#define WAIT_STEP_MS 100
#define WAIT_MOST_MS 120000 /* without any move of the detectors: nobody is at work there */
#define STREAM_MOST (LIMIT_STREAM_BACKLOG / 2) /* live posts shall not wait for a file */
#define REFUSALS_SHOWN 20

static const struct option_row import_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "source", true, "what the posts are from: a source of the feeds folders, or any name [a-z0-9-] (default: import)" },
	{ "family", true, "forum news review complaint social blog video other, where the file does not say it" },
	{ "brand", true, "every post is about this brand; default: match the text" },
	{ "map", true, "PART=COLUMN, as text=内容, posted=3 or text=/ticket/body (JSON); may stand several times" },
	{ "charset", true, "encoding of a table, when it is not told rightly: gb18030, utf-8, utf-16le, big5" },
	{ "format", true, "jsonl, csv or mbox, when it is not told rightly" },
	{ "utc-offset", true, "minutes from UTC of times that name no zone: 480 for China (default 0)" },
	{ "dry-run", false, "print the posts as they would be stored, one JSON object a line; store nothing" },
	{ NULL, false, NULL },
};

struct import_run {
	struct session *session;
	struct redis *redis; /* NULL: a dry run */
	struct rules_book book;
	struct source_list sources;
	struct source source;
	struct source_how how; /* of `source`, with what the options say */
	struct import file;
	struct import_options options;
	struct road road;
	struct keep keep;
	struct erased *erased; /* what is not to be stored again */
	struct arena batch;
	struct buf out;
	int64_t read, refused, batches, undated;
};

/* ---- what is asked for ---- */

static enum outcome read_map(struct import_run *r, int argc, char **argv, struct err *e)
{
	struct arena *a = &r->session->arena;
	struct conf_list all = { arena_list(a, struct str, (size_t)argc * 32 + 1), 0 };
	for (int i = 0; options_each(argc, argv, "map", i) != NULL; i++) {
		struct str rest = str_of(options_each(argc, argv, "map", i)), item;
		while (str_split(&rest, ',', &item) && all.n < (size_t)argc * 32)
			all.item[all.n++] = str_trim(item);
	}
	return mapping_parse(a, &all, &r->options.mapping, e);
}

static enum outcome read_zone(struct import_run *r, struct err *e)
{
	const char *written = options_value(&r->session->options, "utc-offset");
	if (written == NULL)
		return OK;
	if (!str_to_i64(str_of(written), &r->how.zone_minutes) || r->how.zone_minutes < -720 || r->how.zone_minutes > 840)
		return err_set(
			e, REJECT, "--utc-offset \"%s\" is not a number of minutes from -720 to 840; China is 480", written);
	return OK;
}

static enum outcome read_family(struct import_run *r, struct err *e)
{
	const char *family = options_value(&r->session->options, "family");
	if (family == NULL)
		return OK;
	for (const char *const *name = source_family_names; *name; name++)
		if (strcmp(*name, family) == 0) {
			r->how.family = str_of(*name);
			return OK;
		}
	return err_set(e, REJECT, "--family \"%s\": use forum, news, review, complaint, social, blog, video or other", family);
}

/* A configured source brings its family, scope, zone and brands; any other name is only a name. */
static void find_source(struct import_run *r)
{
	struct session *s = r->session;
	struct problems problems;
	const char *name = options_value(&s->options, "source");
	problems_init(&problems);
	sources_load(&s->arena, s->settings.feeds_folder, s->settings.feeds.n, &r->sources, &problems);
	problems_release(&problems); /* what is wrong with other sources does not matter here */
	const struct source *found = name != NULL ? sources_find(&r->sources, str_of(name)) : NULL;
	if (found == NULL && name != NULL)
		found = sources_find_pushed(&r->sources, str_of(name));
	r->source = found != NULL ? *found : (struct source){ .id = str_of(name != NULL ? name : "import") };
	r->how = found != NULL ? *found->how : (struct source_how){ .family = STR("other") };
	r->source.how = &r->how;
}

static enum outcome read_options(struct import_run *r, int argc, char **argv, struct err *e)
{
	const struct options *o = &r->session->options;
	const char *brand = options_value(o, "brand");
	find_source(r);
	r->options.path = o->operand[0];
	r->options.format = options_value(o, "format");
	r->options.charset = str_of(options_value(o, "charset"));
	if (brand != NULL) {
		struct str *item = arena_new(&r->session->arena, struct str);
		*item = str_of(brand);
		r->how.brands = (struct conf_list){ item, 1 };
		if (r->book.book != NULL && rulebook_brand(r->book.book, *item) < 0)
			return err_set(e, REJECT, "no rules know the brand \"%s\"; earshot stats lists those there are", brand);
	}
	enum outcome done = read_map(r, argc, argv, e);
	if (done == OK)
		done = read_zone(r, e);
	return done == OK ? read_family(r, e) : done;
}

/* ---- the way through the file ---- */

static enum outcome most_waiting(struct import_run *r, int64_t *most, struct err *e)
{
	enum outcome done = OK;
	*most = 0;
	for (size_t b = 0; b < r->book.book->nbrands && done == OK; b++) {
		int64_t waiting = 0;
		const struct partition p = { .redis = r->redis, .arena = &r->batch, .brand = r->book.book->brand[b].id };
		done = posts_waiting(&p, &waiting, e);
		*most = waiting > *most ? waiting : *most;
	}
	return done;
}

static enum outcome wait_for_room(struct import_run *r, struct err *e)
{
	int64_t waiting = 0, before = INT64_MAX, since_ms = clock_monotonic_ms();
	if (r->batches++ % LOOK_AT_BACKLOG != 0)
		return OK;
	enum outcome done = most_waiting(r, &waiting, e);
	while (done == OK && waiting > STREAM_MOST && !proc_stopping()) {
		if (waiting < before)
			since_ms = clock_monotonic_ms();
		before = waiting;
		if (clock_monotonic_ms() - since_ms > WAIT_MOST_MS)
			return err_set(e, RETRY,
				"%lld posts wait to be counted and no detector takes them; start one, then import the file "
				"again: what "
				"is there already is not counted twice",
				(long long)waiting);
		clock_sleep_ms(WAIT_STEP_MS);
		done = most_waiting(r, &waiting, e);
	}
	return done;
}

static enum outcome settle(struct import_run *r, struct err *e)
{
	if (r->redis == NULL)
		return OK;
	enum outcome done = road_settle(&r->road, &r->batch, e);
	redis_done(r->redis);
	if (done == OK)
		done = wait_for_room(r, e);
	keep_turn(&r->keep, clock_now_ms());
	arena_reset(&r->batch);
	return done;
}

static void print_post(struct import_run *r, const struct road_post *post)
{
	buf_clear(&r->out);
	post_write(&r->out, &post->admitted.post);
	printf("%.*s\n", STR_FMT(buf_str(&r->out)));
	arena_reset(&r->batch);
}

static enum outcome take(struct import_run *r, const struct draft *d, struct err *e)
{
	const struct draft_terms terms = { .source = &r->source, .now_ms = r->road.now_ms, .is_table = r->file.format->is_table };
	struct road_post *post = arena_new(&r->batch, struct road_post);
	const enum outcome done = road_door(&r->batch, &r->road, &terms, d, post, e);
	if (done != OK)
		return done;
	r->undated += post->admitted.post.posted_ms < 0 || post->admitted.post.date_only;
	if (r->redis == NULL)
		print_post(r, post);
	else if (road_append(&r->road, post) || r->batch.used > LIMIT_ARENA_BYTES / 4)
		return settle(r, e);
	return OK;
}

/* Said where it stands, and the import goes on. */
static void refuse(struct import_run *r, const struct err *why)
{
	if (r->refused++ < REFUSALS_SHOWN)
		fprintf(stderr, "%s:%lu: %s\n", r->options.path, r->file.line, why->text);
}

static enum outcome take_all(struct import_run *r, struct err *e)
{
	enum outcome done = OK;
	while (done == OK && !proc_stopping()) {
		struct draft draft;
		struct err why = { 0 };
		enum outcome next = import_next(&r->file, &r->batch, &draft, &why);
		if (next == SKIP)
			break;
		r->read++;
		if (next == OK)
			next = take(r, &draft, &why);
		if (next == REJECT)
			refuse(r, &why);
		else if (next != OK)
			done = err_set(e, next, "%s:%lu: %s", r->options.path, r->file.line, why.text);
	}
	return done == OK ? settle(r, e) : done;
}

/* ---- start and end ---- */

static void tell(const struct import_run *r)
{
	const struct road *i = &r->road;
	if (r->refused > REFUSALS_SHOWN)
		fprintf(stderr, "… and %lld more\n", (long long)(r->refused - REFUSALS_SHOWN));
	if (r->redis == NULL)
		fprintf(stderr, "%lld read, %lld refused; nothing is stored\n", (long long)r->read, (long long)r->refused);
	else
		fprintf(stderr, "%lld read, %lld refused, %lld taken, %lld about a brand (%lld entries sent to be counted)\n",
			(long long)r->read, (long long)r->refused, (long long)i->posts, (long long)i->matched,
			(long long)i->entries);
	if (r->undated > 0)
		fprintf(stderr, "%lld have no time of day; they are stored and counted apart, as history\n",
			(long long)r->undated);
}

static enum outcome open_road(struct import_run *r, struct err *e)
{
	struct session *s = r->session;
	r->road = (struct road){ .redis = r->redis,
		.book = r->book.book,
		.now_ms = clock_now_ms(),
		.keep_ms = r->redis != NULL ? s->settings.keep_mentions_ms : INT64_MAX / 4,
		.keep = r->redis != NULL ? &r->keep : NULL,
		.pseudonym_key = STR("earshot import --dry-run"),
		.is_history = true };
	if (r->redis == NULL)
		return OK;
	keep_init(&r->keep, &s->settings);
	struct pseudonym_keys keys;
	const enum outcome done = pseudonyms_load(&s->arena, &s->settings, true, &keys, e);
	if (done != OK)
		return done;
	r->road.pseudonym_key = keys.key[0];
	r->erased = erased_new(keys.key, keys.n);
	r->road.erased = r->erased;
	return erasures_read(r->redis, &s->arena, r->erased, e);
}

static enum outcome run_file(struct import_run *r, struct err *e)
{
	enum outcome done = import_open(&r->file, &r->options, e);
	if (done == OK)
		done = open_road(r, e);
	if (done == OK && r->file.note.n > 0)
		fprintf(stderr, "%s: %.*s\n", r->options.path, STR_FMT(r->file.note));
	if (done == OK) {
		done = take_all(r, e);
		tell(r);
	}
	if (r->redis != NULL)
		keep_release(&r->keep, clock_now_ms());
	import_close(&r->file);
	return done;
}

static int run(struct import_run *r, int argc, char **argv)
{
	struct session *s = r->session;
	struct err e = { 0 };
	const bool is_dry = options_has(&s->options, "dry-run");
	int code = EXIT_CONFIG;
	rules_book_in_force(&r->book, s);
	if (!is_dry && !rules_book_load(&r->book, s))
		return code;
	if (read_options(r, argc, argv, &e) != OK)
		return command_usage_error(command_find("import"), "%s", e.text);
	r->redis = is_dry ? NULL : command_redis(&s->arena, &s->options, &s->settings);
	if (!is_dry && r->redis == NULL)
		return EXIT_REDIS;
	code = run_file(r, &e) == OK ? EXIT_OK : command_fail(&e);
	redis_free(r->redis);
	return code == EXIT_OK && r->read == r->refused && r->read > 0 ? EXIT_NO : code;
}

int cmd_import(int argc, char **argv)
{
	struct session s = { 0 };
	struct import_run r = { .session = &s };
	int code = EXIT_USAGE;
	arena_init(&r.batch, 4 * (size_t)LIMIT_ARENA_BYTES); /* a batch, and a line that is one deep JSON on top */
	buf_init(&r.out, LIMIT_STREAM_ENTRY_BYTES * 2);
	if (command_open(&s, import_options, argc, argv, &code)) {
		log_init("import", LOG_WARN);
		proc_signals();
		if (s.options.noperands != 1)
			code = command_usage_error(command_find("import"), "give one file, or - for standard input");
		else
			code = run(&r, argc, argv);
	}
	erased_free(r.erased);
	sources_release(&r.sources);
	rules_book_release(&r.book);
	buf_release(&r.out);
	arena_release(&r.batch);
	command_close(&s);
	return code;
}
