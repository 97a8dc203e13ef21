/* earshot replay: posts with times through the real detector on a private Redis; ends with the incidents as JSONL. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/command.h"
#include "cli/embedded.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/post.h"
#include "common/base/proc.h"
#include "crawler/admit.h"
#include "detector/detector.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_GAP_MINUTES (3 * 24 * 60) /* a longer silence is not ticked through minute by minute */
#define RENEW_MS 2000

static const struct option_row replay_options[] = {
	{ "config", true, "configuration file: its rules and thresholds are used" },
	{ "publish", true, "FOLDER,FOLDER…@TIME: rules that are published at that time of the replay" },
	{ "ratios", true, "hits of the rules before and after it, as for `rules publish`" },
	{ "speed", true, "times faster than life; 0 (default) = as fast as it goes" },
	{ NULL, false, NULL },
};

/* Rules that change in the middle: what would their publication have done? */
struct replay_publication {
	const char **folder;
	size_t nfolders; /* 0: none, or done */
	int64_t at_ms;
	struct str ratios;
	struct rulebooks_now now;
};

struct replay {
	struct session *session;
	struct replay_publication publication;
	struct embedded server;
	struct redis *redis;
	struct rulebook *book;
	struct detector detector;
	struct arena batch; /* reset every minute of the replay */
	double speed;
	int64_t minute_ms; /* the minute being filled; -1 before the first post */
	int64_t next_renew_ms;
	size_t queued; /* XADDs not yet settled */
	int64_t lines, posts, entries, refused, late;
};

/* A lease is real time even here; a replay of a year may take longer than one. */
static enum outcome keep_leases(struct replay *r, struct err *e)
{
	const int64_t now = clock_monotonic_ms();
	if (now < r->next_renew_ms)
		return OK;
	r->next_renew_ms = now + RENEW_MS;
	return lease_renew(r->redis, &r->batch, r->detector.lease, r->detector.nbrands, STR("replay"), e);
}

static enum outcome settle(struct replay *r, struct err *e)
{
	enum outcome done = OK;
	if (r->queued > 0)
		done = redis_flush(r->redis, e);
	if (done == OK)
		done = posts_append_settle(r->redis, r->queued, e);
	r->queued = 0;
	return done;
}

/* Everything up to `now_ms` is in the streams: count it and evaluate, as the live detector does at that moment. */
static enum outcome live_through(struct replay *r, int64_t now_ms, struct err *e)
{
	bool more = true;
	enum outcome done = settle(r, e);
	if (done == OK)
		done = keep_leases(r, e);
	if (done == OK)
		done = detector_wishes(&r->detector, &r->batch, now_ms, e); /* loads what a brand's progress is */
	while (done == OK && more)
		done = detector_batches(&r->detector, &r->batch, &more, e);
	if (done == OK)
		done = detector_ticks(&r->detector, &r->batch, now_ms, e);
	redis_done(r->redis);
	arena_reset(&r->batch);
	return done;
}

/* The book of the folders, with its files. */
static struct rulebook *load_book(struct arena *a, const char *const *folder, size_t n, struct rulebook_files *files)
{
	struct problems problems;
	problems_init(&problems);
	rulebook_read(a, folder, n, files, &problems);
	struct rulebook *book = problems_any_error(&problems) ? NULL : rulebook_compile(files, &problems);
	(void)command_problems(&problems); /* the missing book says the same */
	problems_release(&problems);
	return book;
}

/* As `earshot rules publish` does it, on the replay's clock; then what the detector does when it hears of it. */
static enum outcome publish(struct replay *r, struct err *e)
{
	struct replay_publication *p = &r->publication;
	struct arena a;
	struct rulebook_files files;
	arena_init(&a, 2 * (size_t)LIMIT_RULEBOOK_BYTES);
	struct rulebook *book = load_book(&a, p->folder, p->nfolders, &files);
	enum outcome done = book != NULL ? OK : err_set(e, REJECT, "the rules of --publish are wrong: nothing is published");
	if (done == OK) {
		const struct rulebooks_publication said = { .expected = "",
			.version = book->version,
			.base = r->book->version,
			.by = STR("replay"),
			.ratios = p->ratios,
			.at_ms = p->at_ms,
			.files = &files };
		done = rulebooks_publish(r->redis, &a, &said, e);
	}
	if (done == OK)
		done = rulebooks_now(r->redis, &a, &p->now, e);
	p->nfolders = 0;
	if (done == OK) {
		detector_follow(&r->detector, &r->batch, book, p->at_ms);
		r->detector.published = &p->now;
		rulebook_free(r->book);
		r->book = book;
		r->next_renew_ms = 0;
		done = keep_leases(r, e);
	} else {
		rulebook_free(book);
	}
	arena_release(&a);
	return done == REJECT ? STOP : done; /* a line is rejected, a replay ends */
}

static bool is_time_to_publish(const struct replay *r)
{
	return r->publication.nfolders > 0 && r->minute_ms >= r->publication.at_ms;
}

static void pace(const struct replay *r)
{
	if (r->speed > 0)
		clock_sleep_ms((int64_t)((double)MS_PER_MINUTE / r->speed));
}

/* Moves the replay's clock to the minute of the next post, tick by tick. */
static enum outcome advance(struct replay *r, int64_t to_ms, struct err *e)
{
	const int64_t minute = to_ms - to_ms % MS_PER_MINUTE;
	enum outcome done = OK;
	if (r->minute_ms < 0 || minute - r->minute_ms > (int64_t)MAX_GAP_MINUTES * MS_PER_MINUTE)
		r->minute_ms = minute;
	for (; r->minute_ms < minute && done == OK && !proc_stopping(); pace(r)) {
		r->minute_ms += MS_PER_MINUTE;
		done = live_through(r, r->minute_ms, e);
		if (done == OK && is_time_to_publish(r))
			done = publish(r, e);
	}
	return done;
}

static struct partition partition_of(struct replay *r, struct str brand)
{
	return (struct partition){ .redis = r->redis, .arena = &r->batch, .brand = brand };
}

static void append(struct replay *r, struct post *p, struct str brand)
{
	struct arena *a = &r->batch;
	struct source_how how = { .family = p->family };
	const struct source source = { .id = p->source, .scope = p->source, .how = &how };
	if (brand.n > 0)
		how.brands = (struct conf_list){ &brand, 1 };
	const struct admit_terms terms = { .book = r->book,
		.source = &source,
		.pseudonym_key = STR("earshot replay"),
		.now_ms = p->fetched_ms,
		.keep_ms = INT64_MAX / 4 };
	struct admitted admitted;
	admit_post(a, &terms, p, &admitted);
	struct admit_entry *entry = NULL;
	const size_t n = admit_entries(a, &terms, &admitted, 0, &entry);
	for (size_t i = 0; i < n; i++) {
		const struct partition to = partition_of(r, entry[i].brand_id);
		posts_append(&to, entry[i].json);
	}
	r->queued += n;
	r->entries += (int64_t)n;
	r->posts++;
}

/* When the line's post was written; the line is read in full once the clock stands there, because moving the clock gives the
 * batch's memory back. */
static enum outcome posted_of(struct replay *r, const struct json *doc, int64_t *posted_ms, struct err *e)
{
	struct post p;
	struct str brand = STR("");
	const enum outcome done = post_read_line(&r->batch, doc, &p, &brand, e);
	if (done != OK)
		return done;
	*posted_ms = p.posted_ms;
	if (p.posted_ms < 0)
		return err_set(e, REJECT, "a replay needs \"posted\": 2015-02-17T07:36:05Z or epoch seconds");
	if (brand.n > 0 && rulebook_brand(r->book, brand) < 0)
		return err_set(e, REJECT, "no rules know the brand \"%.*s\"", STR_FMT(brand));
	return OK;
}

static enum outcome take_line(struct replay *r, const struct json *doc, struct err *e)
{
	struct post p;
	struct str brand = STR("");
	int64_t posted_ms = -1;
	enum outcome done = posted_of(r, doc, &posted_ms, e);
	if (done == OK)
		done = advance(r, posted_ms, e);
	if (done == OK)
		done = post_read_line(&r->batch, doc, &p, &brand, e);
	if (done != OK)
		return done;
	if (p.family.n == 0)
		p.family = STR("social");
	r->late += p.posted_ms < r->minute_ms;
	p.fetched_ms = p.posted_ms > r->minute_ms ? p.posted_ms : r->minute_ms;
	append(r, &p, brand);
	if (r->queued < LIMIT_BATCH && r->batch.used < LIMIT_ARENA_BYTES / 4)
		return OK;
	done = settle(r, e);
	redis_done(r->redis); /* a file of dates without times has a whole day in one minute */
	arena_reset(&r->batch);
	return done;
}

/* A line that cannot be read is counted and said, and the replay goes on. */
static enum outcome replay_lines(struct replay *r, const char *path, FILE *in, struct err *e)
{
	struct lines lines;
	struct str line;
	enum outcome done = OK;
	lines_init(&lines, in, LIMIT_JSONL_BYTES);
	while (done == OK && !proc_stopping() && lines_next(&lines, &line)) {
		struct err why = { 0 };
		r->lines++;
		if (str_trim(line).n == 0)
			continue;
		struct json *doc = lines.too_long ? NULL : json_parse(line, &why);
		enum outcome taken = doc != NULL ? take_line(r, doc, &why) : REJECT;
		json_free(doc);
		if (taken == REJECT) {
			r->refused++;
			fprintf(stderr, "%s:%lu: %s\n", path, lines.number,
				lines.too_long ? "the line is longer than 1 MiB" : why.text);
		} else if (taken != OK) {
			done = err_set(e, taken, "%s", why.text);
		}
	}
	lines_release(&lines);
	return done;
}

static enum outcome print_incidents(struct replay *r, struct err *e)
{
	struct buf out;
	enum outcome done = OK;
	buf_init(&out, 1u << 20);
	for (size_t b = 0; b < r->detector.nbrands && done == OK; b++) {
		struct incident *incident = NULL;
		size_t n = 0;
		const struct partition p = partition_of(r, r->detector.brand[b].id);
		done = incidents_list(&p, 10000, &incident, &n, e);
		for (size_t i = n; i-- > 0 && done == OK;) {
			buf_clear(&out);
			incident_write(&out, &incident[i], r->detector.brand[b].id);
			printf("%.*s\n", STR_FMT(buf_str(&out)));
		}
	}
	buf_release(&out);
	return done;
}

static enum outcome print_totals(struct replay *r, struct err *e)
{
	enum outcome done = OK;
	int64_t sum = 0;
	for (size_t b = 0; b < r->detector.nbrands && done == OK; b++) {
		int64_t mentions = 0, waiting = 0;
		const struct partition p = partition_of(r, r->detector.brand[b].id);
		done = posts_total(&p, &mentions, &waiting, e);
		fprintf(stderr, "%-32.*s %8" PRId64 " mentions\n", STR_FMT(r->detector.brand[b].id), mentions);
		sum += mentions;
	}
	fprintf(stderr,
		"%" PRId64 " lines, %" PRId64 " posts, %" PRId64 " brand entries, %" PRId64 " mentions, %" PRId64
		" lines refused\n",
		r->lines, r->posts, r->entries, sum, r->refused);
	return done;
}

static enum outcome run_file(struct replay *r, const char *path, struct err *e)
{
	FILE *in = str_eqc(str_of(path), "-") ? stdin : fopen(path, "re");
	if (in == NULL)
		return err_set(e, REJECT, "%s cannot be read; give a JSONL file of posts, or - for standard input", path);
	enum outcome done = keep_leases(r, e);
	if (done == OK)
		done = replay_lines(r, path, in, e);
	if (in != stdin)
		(void)fclose(in);
	if (done == OK && r->minute_ms >= 0)
		done = live_through(r, r->minute_ms + MS_PER_MINUTE, e);
	if (done == OK)
		done = print_incidents(r, e);
	return done == OK ? print_totals(r, e) : done;
}

static bool load_rules(struct replay *r, struct thresholds *thresholds)
{
	struct session *s = r->session;
	struct problems problems;
	struct arena a;
	struct rulebook_files files;
	arena_init(&a, 2 * (size_t)LIMIT_RULEBOOK_BYTES);
	problems_init(&problems);
	r->book = load_book(&a, s->settings.rules_folder, s->settings.rules.n, &files);
	thresholds_load(&s->arena, s->settings.rules_folder, s->settings.rules.n, thresholds, &problems);
	const bool fine = command_problems(&problems) && r->book != NULL;
	problems_release(&problems);
	arena_release(&a);
	return fine;
}

/* --publish FOLDER,FOLDER…@TIME and --ratios FILE; false after it said what is wrong with them. */
static bool read_publication(struct replay *r)
{
	struct session *s = r->session;
	struct replay_publication *p = &r->publication;
	const char *said = options_value(&s->options, "publish"), *ratios = options_value(&s->options, "ratios");
	const char *at = said != NULL ? strrchr(said, '@') : NULL;
	struct err e = { 0 };
	if (said == NULL)
		return true;
	if (at == NULL || !clock_parse_iso(str_of(at + 1), &p->at_ms)) {
		fprintf(stderr, "earshot: --publish %s is not FOLDER,FOLDER…@TIME, with a time as 2015-02-22T10:00:00Z\n", said);
		return false;
	}
	struct str rest = { said, (size_t)(at - said) }, folder;
	p->folder = arena_list(&s->arena, const char *, rest.n + 1);
	while (str_split(&rest, ',', &folder))
		p->folder[p->nfolders++] = arena_cstr(&s->arena, folder);
	if (ratios == NULL || file_read(&s->arena, ratios, LIMIT_CONF_BYTES, &p->ratios, &e) == OK)
		return true;
	fprintf(stderr, "earshot: %s\n", e.text);
	return false;
}

static enum outcome run_private(struct replay *r, const struct thresholds *thresholds, const char *path, struct err *e)
{
	enum outcome done = embedded_start_private(&r->server, e);
	if (done == OK)
		done = embedded_connect(&r->server, &r->redis, e);
	if (done == OK) {
		r->session->settings.tick_ms = MS_PER_MINUTE; /* the replay's clock moves by minutes */
		detector_init(&r->detector, r->redis, r->book, &r->session->settings, thresholds);
		done = run_file(r, path, e);
		detector_release(&r->detector);
	}
	redis_free(r->redis);
	embedded_stop(&r->server);
	return done;
}

static int replay(struct session *s, const char *path)
{
	struct replay r = { .session = s, .minute_ms = -1 };
	struct thresholds thresholds;
	struct err e = { 0 };
	const char *speed = options_value(&s->options, "speed");
	int code = EXIT_CONFIG;
	r.speed = speed != NULL ? strtod(speed, NULL) : 0;
	arena_init(&r.batch, LIMIT_ARENA_BYTES);
	if (!read_publication(&r))
		code = EXIT_USAGE;
	else if (load_rules(&r, &thresholds))
		code = run_private(&r, &thresholds, path, &e) == OK ? EXIT_OK : command_fail(&e);
	rulebook_free(r.book);
	arena_release(&r.batch);
	return code;
}

int cmd_replay(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, replay_options, argc, argv, &code)) {
		log_init("replay", LOG_ERROR);
		proc_signals();
		if (s.options.noperands != 1)
			code = command_usage_error(command_find("replay"), "give one JSONL file, or - for standard input");
		else
			code = replay(&s, s.options.operand[0]);
	}
	command_close(&s);
	return code;
}
