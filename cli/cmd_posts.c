/* earshot posts: stored mentions of a brand, newest first. */
#include "cli/commands.h"

#include "cli/label_commands.h"
#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/table.h"
#include "common/store/posts.h"
#include <earshot/limits.h>

#include <stdio.h>

#define TEXT_SHOWN 160 /* bytes of a line */
#define MOST_POSTS 2000
#define ARENA_BYTES ((size_t)2 << 30) /* MOST_POSTS records of the largest kind; taken only as far as it is needed */

static const struct option_row posts_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "since", true, "how far back: 30m, 2h, 7d (default 24h)" },
	{ "limit", true, "at most so many (default 20)" },
	{ "csv", false, "a table for spreadsheets: what they could take for a formula is made harmless" },
	{ "json", false, "one JSON object a line: the mention record, with its latest observation" },
	{ NULL, false, NULL },
};

/* A mention as it is shown: the record, and what people said of it. */
struct shown {
	const struct posts_found *found;
	struct str correction; /* "" = nobody corrected it */
	const struct json *doc, *word; /* of the two; NULL = cannot be read, or there is none */
};

static void write_line(struct buf *out, const struct shown *m)
{
	const struct posts_found *found = m->found;
	const struct json *doc = m->doc, *word = m->word;
	const struct json *post = json_get(doc, "post"), *verdict = json_get(doc, "verdict");
	struct str title = json_str_of(post, "title"), text = json_str_of(post, "text"), url = json_str_of(post, "url");
	const struct str story = json_str_of(doc, "story");
	stored_minute(out, found->count_ms);
	buf_addf(out, "  %-8.*s %+.2f  %-9.*s ", STR_FMT(json_str_of(verdict, "label")),
		json_double(json_get(verdict, "sentiment"), 0), STR_FMT(json_str_of(verdict, "category")));
	stored_text(out, title.n > 0 ? title : text, TEXT_SHOWN);
	if (url.n > 0) {
		buf_addz(out, "\n                  ");
		stored_text(out, url, LIMIT_URL_BYTES);
	}
	if (story.n > 0 && !str_eq(story, found->post_id)) {
		buf_addz(out, "\n                  a copy, story ");
		stored_text(out, story, TEXT_SHOWN);
	}
	if (word != NULL) {
		buf_addz(out, "\n                  corrected: ");
		label_write_word(out, word);
	}
	buf_addc(out, '\n');
}

static const char csv_heading[] = "time,label,sentiment,category,source,title,text,url,id,story,corrected_label,corrected_nature,"
				  "corrected_category,corrected_urgency\n";

static void write_row(struct buf *out, const struct shown *m)
{
	static const char *const columns[] = { "source", "title", "text", "url" };
	const struct json *post = json_get(m->doc, "post"), *verdict = json_get(m->doc, "verdict");
	const struct correction now = corrections_now(m->word);
	char at[32];
	buf_addf(out, "%s,%.*s,%.2f,%.*s", clock_iso(m->found->count_ms, at), STR_FMT(json_str_of(verdict, "label")),
		json_double(json_get(verdict, "sentiment"), 0), STR_FMT(json_str_of(verdict, "category")));
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		buf_addc(out, ',');
		table_write_cell(out, json_str_of(post, columns[i]));
	}
	buf_addf(out, ",%.*s,", STR_FMT(m->found->post_id));
	table_write_cell(out, json_str_of(m->doc, "story"));
	for (int f = 0; f < CORRECTION__N; f++)
		buf_addf(out, ",%.*s", STR_FMT(now.value[f]));
	buf_addc(out, '\n');
}

struct posts_list {
	struct posts_found *found;
	struct str *correction;
	size_t n;
};
enum posts_form { POSTS_LINES, POSTS_JSON, POSTS_CSV };

static void write_json(struct buf *out, const struct shown *m)
{
	buf_addc(out, '{');
	buf_json_str(out, "id", m->found->post_id);
	buf_json_int(out, "count_ms", m->found->count_ms);
	buf_json_key(out, "record");
	buf_adds(out, m->doc ? m->found->record : STR("null"));
	buf_json_key(out, "observation");
	buf_adds(out, m->found->observation.n > 0 ? m->found->observation : STR("null"));
	buf_json_key(out, "correction");
	buf_adds(out, m->word ? m->correction : STR("null"));
	buf_addz(out, "}\n");
}

static void write_post(struct buf *out, const struct posts_found *found, struct str correction, enum posts_form form)
{
	struct json *doc = json_parse(found->record, NULL), *word = correction.n > 0 ? json_parse(correction, NULL) : NULL;
	const struct shown m = { found, correction, doc, word };
	if (json_bool(json_get(doc, "erased"), false))
		; /* a tombstone: it counts, and says nothing */
	else if (form == POSTS_JSON)
		write_json(out, &m);
	else if (doc && form == POSTS_CSV)
		write_row(out, &m);
	else if (doc)
		write_line(out, &m);
	else
		buf_addf(out, "%.*s  (the record cannot be read)\n", STR_FMT(found->post_id));
	json_free(word);
	json_free(doc);
}

static enum outcome find(struct stored *s, struct arena *a, struct posts_span span, struct posts_list *out, struct err *e)
{
	struct brand_row *row = NULL;
	size_t nbrands = 0;
	enum outcome done = stored_brands(s, s->session.options.operand[0], &row, &nbrands, e);
	if (done != OK)
		return done;
	const struct partition p = { .redis = s->redis, .arena = a, .brand = row->id };
	done = posts_find(&p, span, &out->found, &out->n, e);
	struct str *id = arena_list(a, struct str, out->n + 1);
	out->correction = arena_list(a, struct str, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		id[i] = out->found[i].post_id;
	return done == OK ? corrections_records(&p, id, out->n, out->correction, e) : done;
}

static void run(struct stored *s)
{
	int64_t span_ms = 0;
	size_t limit = 20;
	struct err e = { 0 };
	struct posts_list list = { 0 };
	const struct options *o = &s->session.options;
	if (o->noperands != 1) {
		s->code = command_usage_error(command_find("posts"), "%s", "name one brand");
		return;
	}
	if (!stored_span_option(s, "since", "24h", &span_ms) || !stored_limit_option(s, "posts", MOST_POSTS, &limit))
		return;
	struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	const struct posts_span span = { s->now_ms - span_ms, s->now_ms + (int64_t)LIMIT_FUTURE_MS, limit };
	const enum outcome done = find(s, &arena, span, &list, &e);
	if (done != OK)
		stored_fail(s, &e);
	const enum posts_form form = options_has(o, "json") ? POSTS_JSON : options_has(o, "csv") ? POSTS_CSV : POSTS_LINES;
	if (form == POSTS_CSV && done == OK)
		buf_addz(&s->out, csv_heading);
	for (size_t i = 0; i < list.n && done == OK; i++) {
		write_post(&s->out, &list.found[i], list.correction[i], form);
		stored_flush(s);
	}
	arena_release(&arena);
}

int cmd_posts(int argc, char **argv)
{
	struct stored s;
	if (stored_open(&s, posts_options, argc, argv))
		run(&s);
	return stored_close(&s);
}
