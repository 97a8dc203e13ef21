/* earshot stories: texts of a brand that were posted more than once, the largest first. */
#include "cli/commands.h"

#include "cli/stored.h"
#include "common/base/json.h"
#include "common/store/posts.h"
#include "common/store/story_counts.h"
#include <earshot/limits.h>

#include <stdio.h>

#define TEXT_SHOWN 200 /* bytes of a sample for a person */
#define MOST_SHOWN 500
#define MOST_LOOKED_AT 10000 /* stories that are sorted by size: the ones copied last */
#define RECORDS 100 /* of one trip */
#define ARENA_BYTES ((size_t)1 << 30) /* RECORDS of the largest kind, twice; taken only as far as it is needed */

static const struct option_row stories_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "since", true, "stories with a copy since: 30m, 2h, 7d (default 24h)" },
	{ "limit", true, "at most so many, the largest (default 10)" },
	{ "json", false, "one JSON object a line" },
	{ NULL, false, NULL },
};

/* A story, with the post that shows it (the one that was seen first) and the oldest one. */
struct shown {
	const struct story_count *count;
	struct json *sample, *first; /* records; NULL when they are gone */
};

static struct str text_of(const struct json *record)
{
	const struct json *post = json_get(record, "post");
	const struct str text = json_str_of(post, "text");
	return text.n > 0 ? text : json_str_of(post, "title");
}

static void write_json(struct buf *out, const struct shown *s)
{
	const struct json *first = json_get(s->first, "post");
	buf_addc(out, '{');
	buf_json_str(out, "story", s->count->id);
	buf_json_int(out, "copies", s->count->copies);
	buf_json_int(out, "sources", s->count->sources);
	buf_json_int(out, "authors", s->count->authors);
	buf_json_int(out, "first_ms", s->count->first_ms);
	buf_json_int(out, "last_ms", s->count->last_ms);
	buf_json_key(out, "first");
	buf_addc(out, '{');
	buf_json_str(out, "post", s->count->first);
	buf_json_str(out, "author", json_str_of(first, "author"));
	buf_json_str(out, "source", json_str_of(first, "source"));
	buf_json_str(out, "url", json_str_of(first, "url"));
	buf_addc(out, '}');
	buf_json_str(out, "sample", text_of(s->sample != NULL ? s->sample : s->first));
	buf_addz(out, "}\n");
}

static void write_number(struct buf *out, int64_t n, const char *what)
{
	buf_addf(out, "  %lld%s %s", (long long)n, n >= LIMIT_STORY_MEMBERS ? "+" : "", what);
}

static void write_lines(struct buf *out, const struct shown *s)
{
	const struct json *first = json_get(s->first, "post");
	const struct str author = json_str_of(first, "author"), source = json_str_of(first, "source");
	buf_addf(out, "%6lld copies", (long long)s->count->copies);
	write_number(out, s->count->sources, "sources");
	write_number(out, s->count->authors, "authors  ");
	stored_minute(out, s->count->first_ms);
	buf_addz(out, " - ");
	stored_minute(out, s->count->last_ms);
	buf_addz(out, "\n        ");
	stored_text(out, text_of(s->sample != NULL ? s->sample : s->first), TEXT_SHOWN);
	buf_addz(out, "\n        first by ");
	stored_text(out, author.n > 0 ? author : STR("somebody unknown"), LIMIT_URL_BYTES);
	buf_addz(out, " in ");
	stored_text(out, source.n > 0 ? source : STR("a source that is not remembered"), LIMIT_URL_BYTES);
	buf_addc(out, ' ');
	stored_text(out, json_str_of(first, "url"), LIMIT_URL_BYTES);
	buf_addf(out, "\n        story %.*s\n", STR_FMT(s->count->id));
}

static enum outcome show(struct stored *s, const struct partition *p, const struct story_count *count, size_t n, struct err *e)
{
	const bool is_json = options_has(&s->session.options, "json");
	struct str *id = arena_list(p->arena, struct str, 2 * n + 1), *record = arena_list(p->arena, struct str, 2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		id[2 * i] = count[i].id;
		id[2 * i + 1] = count[i].first;
	}
	const enum outcome done = posts_records(p, id, 2 * n, record, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		struct shown one = { &count[i], json_parse(record[2 * i], NULL), json_parse(record[2 * i + 1], NULL) };
		if (is_json)
			write_json(&s->out, &one);
		else
			write_lines(&s->out, &one);
		json_free(one.sample);
		json_free(one.first);
		stored_flush(s);
	}
	return done;
}

static enum outcome show_all(
	struct stored *s, const struct partition *p, struct story_counts_span span, size_t limit, struct err *e)
{
	struct story_count *found = NULL;
	size_t n = 0;
	enum outcome done = story_counts_find(p, span, &found, &n, e);
	n = n < limit ? n : limit;
	for (size_t at = 0; at < n && done == OK; at += RECORDS)
		done = show(s, p, found + at, n - at < RECORDS ? n - at : RECORDS, e);
	return done;
}

static void run(struct stored *s)
{
	int64_t span_ms = 0;
	size_t limit = 10, nbrands = 0;
	struct err e = { 0 };
	struct brand_row *row = NULL;
	const struct options *o = &s->session.options;
	if (o->noperands != 1) {
		s->code = command_usage_error(command_find("stories"), "%s", "name one brand");
		return;
	}
	if (!stored_span_option(s, "since", "24h", &span_ms) || !stored_limit_option(s, "stories", MOST_SHOWN, &limit))
		return;
	struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	enum outcome done = stored_brands(s, o->operand[0], &row, &nbrands, &e);
	const struct partition p = { .redis = s->redis, .arena = &arena, .brand = done == OK ? row->id : STR("") };
	if (done == OK)
		done = show_all(s, &p, (struct story_counts_span){ s->now_ms - span_ms, MOST_LOOKED_AT }, limit, &e);
	if (done != OK)
		stored_fail(s, &e);
	arena_release(&arena);
}

int cmd_stories(int argc, char **argv)
{
	struct stored s;
	if (stored_open(&s, stories_options, argc, argv))
		run(&s);
	return stored_close(&s);
}
