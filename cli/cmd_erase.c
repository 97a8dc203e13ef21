/* earshot erase: takes a person's posts, or one post, out of everything that earshot keeps, and says what it did. */
#include "cli/commands.h"

#include "cli/people.h"
#include "common/base/clock.h"
#include "common/store/erasures.h"
#include "common/store/procs.h"

#include <stdio.h>

#define WALKS 10 /* until one finds nothing: what workers had in memory comes after a walk */
#define PAUSE_MS 300
#define FOLLOW_MS 15000 /* crawlers look several times a second, and say so with a heartbeat */
#define REWRITE_MS 600000
#define ALIVE_MS 20000

static const struct option_row erase_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "author", true, "whose posts: SOURCE:NAME as the site shows it, or the pseudonym a:…" },
	{ "post", true, "one post, by its id" },
	{ "by", true, "who erases; kept in the audit line" },
	{ "note", true, "why, as the number of the request; kept in the audit line. No names" },
	{ "archive", true, "folder of the archive (default: that of the settings)" },
	{ "dry-run", false, "only say what is held" },
	{ "json", false, "one JSON object" },
	{ NULL, false, NULL },
};

struct erasing {
	struct people people;
	struct stored *stored;
	bool is_dry;
	int64_t serial;
	size_t behind; /* crawlers that have not said that they follow */
	uint64_t found[PEOPLE_PLACES], removed[PEOPLE_PLACES], busy[PEOPLE_PLACES]; /* over all walks */
	bool is_unquiet; /* the last walk still found something */
	enum outcome rewritten; /* OK, SKIP: there is no append-only file */
	struct err why;
};

/* ---- crawlers ---- */

static enum outcome count_behind(struct erasing *x, struct arena *a, struct err *e)
{
	struct proc_beat *beat = NULL;
	size_t n = 0;
	const enum outcome done = procs_list(x->stored->redis, a, &beat, &n, e);
	x->behind = 0;
	for (size_t i = 0; i < n && done == OK; i++)
		x->behind += str_eqc(beat[i].role, "crawler") && clock_now_ms() - beat[i].beat_ms < ALIVE_MS &&
			     beat[i].erasures != x->serial;
	redis_done(x->stored->redis);
	return done;
}

/* What crawlers fetch from then on is refused at their door, and their segments can be written anew. */
static enum outcome wait_for_crawlers(struct erasing *x, struct err *e)
{
	struct arena a;
	enum outcome done = OK;
	arena_init(&a, 16u << 20);
	x->behind = 1;
	for (int64_t end = clock_monotonic_ms() + FOLLOW_MS; done == OK && x->behind > 0 && clock_monotonic_ms() < end;) {
		arena_reset(&a);
		done = count_behind(x, &a, e);
		if (done == OK && x->behind > 0)
			clock_sleep_ms(PAUSE_MS);
	}
	arena_release(&a);
	return done;
}

/* ---- the walks ---- */

static void add_up(struct erasing *x, const bool *skipped)
{
	x->is_unquiet = false;
	for (size_t i = 0; i < people_nplaces; i++) {
		const struct people_tally *t = &x->people.tally[i];
		if (skipped[i])
			continue;
		x->found[i] += t->found;
		x->removed[i] += t->removed;
		x->busy[i] = t->busy;
		x->is_unquiet = x->is_unquiet || t->found > 0 || t->busy > 0;
	}
}

static void choose_skipped(const struct erasing *x, bool *skip)
{
	for (size_t i = 0; i < people_nplaces; i++)
		skip[i] = people_places[i].settles && x->busy[i] == 0;
}

static enum outcome walk_until_quiet(struct erasing *x, struct err *e)
{
	bool skip[PEOPLE_PLACES] = { false };
	enum outcome done = OK;
	x->is_unquiet = true;
	for (int i = 0; i < WALKS && done == OK && x->is_unquiet; i++) {
		if (i > 0)
			clock_sleep_ms(PAUSE_MS);
		done = people_walk(&x->people, PEOPLE_ERASE, skip, e);
		if (done == OK)
			add_up(x, skip);
		choose_skipped(x, skip);
	}
	return done;
}

/* ---- what was done ---- */

static void write_places(const struct erasing *x, struct buf *out)
{
	buf_json_key(out, "places");
	buf_addc(out, '[');
	for (size_t i = 0; i < people_nplaces; i++) {
		buf_json_comma(out);
		buf_addc(out, '{');
		buf_json_str(out, "place", str_of(people_places[i].name));
		buf_json_int(out, "found", (int64_t)x->found[i]);
		buf_json_int(out, "removed", (int64_t)x->removed[i]);
		buf_json_int(out, "busy", (int64_t)x->busy[i]);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

/* Without the person: who asks later learns that it was done, and not of whom. */
static void write_line(const struct erasing *x, struct buf *out)
{
	const struct options *o = &x->stored->session.options;
	char at[32];
	buf_addc(out, '{');
	buf_json_str(out, "at", str_of(clock_iso(x->stored->now_ms, at)));
	buf_json_str(out, "kind", x->people.post_id.n > 0 ? STR("post") : STR("author"));
	buf_json_str(out, "by", str_of(options_value(o, "by")));
	buf_json_str(out, "note", str_of(options_value(o, "note")));
	buf_json_int(out, "posts", (int64_t)x->people.posts);
	write_places(x, out);
	buf_addc(out, '}');
}

static const char *file_word(const struct erasing *x)
{
	if (x->is_dry)
		return "as it was";
	if (x->rewritten == SKIP)
		return "none is kept";
	return x->rewritten == OK ? "written anew" : "NOT written anew";
}

static void report_json(const struct erasing *x)
{
	struct buf *out = &x->stored->out;
	buf_addc(out, '{');
	buf_json_bool(out, "dry_run", x->is_dry);
	buf_json_int(out, "posts", (int64_t)x->people.posts);
	write_places(x, out);
	buf_json_str(out, "append_only_file", str_of(file_word(x)));
	buf_json_int(out, "crawlers_behind", (int64_t)x->behind);
	buf_json_bool(out, "complete", !x->is_dry && x->stored->code == EXIT_OK);
	buf_addz(out, "}\n");
}

static void report_table(const struct erasing *x)
{
	struct buf *out = &x->stored->out;
	buf_addf(out, "%-14s %8s %8s\n", "place", "found", x->is_dry ? "" : "removed");
	for (size_t i = 0; i < people_nplaces; i++) {
		buf_addf(out, "%-14s %8llu ", people_places[i].name, (unsigned long long)x->found[i]);
		if (x->is_dry)
			buf_addf(out, "%8s", "");
		else
			buf_addf(out, "%8llu", (unsigned long long)x->removed[i]);
		buf_addf(out, "  %s\n", people_places[i].about);
	}
	buf_addf(out, "%llu posts; append-only file: %s\n", (unsigned long long)x->people.posts, file_word(x));
}

/* Why it is not over, and what to do. */
static void complain(struct erasing *x)
{
	uint64_t busy = 0;
	for (size_t i = 0; i < people_nplaces; i++)
		busy += x->busy[i];
	if (x->behind > 0)
		(void)fprintf(stderr,
			"earshot: %zu crawlers did not say within %d s that they follow; see earshot status, and run this "
			"again\n",
			x->behind, FOLLOW_MS / 1000);
	if (busy > 0)
		(void)fprintf(stderr,
			"earshot: %llu segments of the archive are being written and were not gone through; run this again\n",
			(unsigned long long)busy);
	else if (x->is_unquiet)
		(void)fprintf(stderr, "earshot: something was still found at the last look; run this again\n");
	if (x->rewritten != OK && x->rewritten != SKIP)
		(void)fprintf(stderr, "earshot: %s\n", x->why.text);
	if (x->behind > 0 || x->is_unquiet || (x->rewritten != OK && x->rewritten != SKIP))
		x->stored->code = EXIT_AGAIN;
}

/* ---- in order ---- */

static enum outcome note_done(struct erasing *x, struct err *e)
{
	struct arena *a = &x->stored->session.arena;
	struct buf line;
	buf_init(&line, 64u << 10);
	write_line(x, &line);
	const enum outcome done = erasures_note(x->stored->redis, a, buf_str(&line), e);
	buf_release(&line);
	return done;
}

/* First the list, so that a crash at any line leaves what has to go on it; then the places; then Redis' file. */
static enum outcome erase(struct erasing *x, struct err *e)
{
	struct people *w = &x->people;
	struct redis *r = x->stored->redis;
	enum outcome done = erasures_add(r, &w->keep, w->found, &x->serial, e);
	if (done == OK)
		done = wait_for_crawlers(x, e);
	if (done == OK)
		done = erasures_read(r, &w->keep, w->wanted, e);
	redis_done(r);
	if (done == OK)
		done = walk_until_quiet(x, e);
	if (done == OK)
		done = note_done(x, e);
	if (done != OK)
		return done;
	x->rewritten = erasures_rewrite(r, &w->keep, REWRITE_MS, &x->why);
	complain(x);
	return OK;
}

static enum outcome look_only(struct erasing *x, struct err *e)
{
	const bool none[PEOPLE_PLACES] = { false };
	const enum outcome done = people_walk(&x->people, PEOPLE_COUNT, NULL, e);
	if (done == OK)
		add_up(x, none);
	return done;
}

static enum outcome run(struct erasing *x, struct err *e)
{
	const struct options *o = &x->stored->session.options;
	struct people *w = &x->people;
	enum outcome done = people_open(w, x->stored, options_value(o, "author"), options_value(o, "post"), e);
	if (done == OK)
		done = people_walk(w, PEOPLE_FIND, NULL, e);
	if (done != OK)
		return done;
	people_want_found(w);
	return x->is_dry ? look_only(x, e) : erase(x, e);
}

static bool is_asked_right(struct stored *s)
{
	const struct options *o = &s->session.options;
	const bool author = options_has(o, "author"), post = options_has(o, "post");
	if (author != post && o->noperands == 0)
		return true;
	s->code =
		command_usage_error(command_find("erase"), "say whom or what: --author SOURCE:NAME, --author a:…, or --post ID");
	return false;
}

int cmd_erase(int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	if (stored_open(&s, erase_options, argc, argv) && is_asked_right(&s)) {
		struct erasing x = { .stored = &s, .is_dry = options_has(&s.session.options, "dry-run"), .rewritten = RETRY };
		if (run(&x, &e) != OK)
			stored_fail(&s, &e);
		else if (options_has(&s.session.options, "json"))
			report_json(&x);
		else
			report_table(&x);
		people_close(&x.people);
	}
	return stored_close(&s);
}
