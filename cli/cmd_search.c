/* earshot search: one query over the archive, newest posts first. */
#include "cli/commands.h"

#include "cli/newest.h"
#include "cli/stored.h"
#include "common/base/archive.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/post.h"
#include "common/base/utf8.h"
#include "common/text/query.h"
#include <earshot/limits.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_POSTS 2000
#define LINE_BYTES ((size_t)1 << 20) /* a post as JSON with its places */
#define BEFORE 30 /* code points shown in front of the first place … */
#define SHOWN 120 /* … and in all */

static const struct option_row search_options[] = {
	{ "config", true, "configuration file: names the archive and the rules whose lists a query may use" },
	{ "archive", true, "folder of the archive; default: that of the configuration" },
	{ "since", true, "how far back (30m, 2h, 7d) or from when (2026-11-22T10:00:00Z); default 7d" },
	{ "until", true, "up to so long ago, or up to when; default: now" },
	{ "limit", true, "show at most so many, the newest (default 20)" },
	{ "json", false, "one JSON object a line: the post and the places" },
	{ NULL, false, NULL },
};

struct search {
	struct session session;
	struct arena arena; /* of one post */
	struct rulebook *book; /* of the query */
	struct rulebook *lists; /* NULL, or the rules whose lists it names; the book borrows from them */
	struct archive_span span;
	struct archive_seen *seen; /* every version of a post is looked at, the first that is found is shown */
	struct newest newest;
	uint64_t found;
	bool as_json, in_colour;
};

/* ---- output ---- */

static void write_place_json(struct buf *out, const struct post *p, const struct match *m)
{
	const struct str field = m->field == POST_TITLE ? p->title : p->text;
	const size_t from = utf8_offset(field, m->from), to = utf8_offset(field, m->to);
	if (from == to)
		return; /* a query of fields alone has no place */
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "field", str_of(post_field_names[m->field]));
	buf_json_int(out, "from", m->from);
	buf_json_int(out, "to", m->to);
	buf_json_str(out, "text", (struct str){ field.p + from, to - from });
	buf_addc(out, '}');
}

static void write_json(struct buf *out, const struct post *p, const struct scanned *s)
{
	char iso[32];
	buf_addc(out, '{');
	buf_json_str(out, "at", str_of(clock_iso(post_count_ms(p), iso)));
	buf_json_key(out, "post");
	post_write(out, p);
	buf_json_key(out, "places");
	buf_addc(out, '[');
	for (size_t i = 0; i < s->n; i++)
		write_place_json(out, p, &s->match[i]);
	buf_addz(out, "]}\n");
}

/* A piece of a field on one line, with the places in it marked. */
static void write_marked(
	const struct search *q, struct buf *out, struct str field, enum post_field which, const struct scanned *s)
{
	uint32_t from = 0, at = 0;
	const struct match *next = NULL;
	for (size_t i = s->n; i-- > 0;)
		if (s->match[i].field == which)
			next = &s->match[i]; /* the first */
	if (next != NULL && next->from > BEFORE)
		from = next->from - BEFORE;
	const uint32_t end = from + SHOWN;
	buf_addz(out, from > 0 ? "…" : "");
	for (at = from; next != NULL && next < s->match + s->n && next->field == which && next->from < end; next++) {
		if (next->from < at || next->to <= next->from)
			continue; /* lies in the one before */
		const size_t a = utf8_offset(field, at), b = utf8_offset(field, next->from), c = utf8_offset(field, next->to);
		stored_text(out, (struct str){ field.p + a, b - a }, b - a);
		buf_addz(out, q->in_colour ? "\033[1;33m" : "«");
		stored_text(out, (struct str){ field.p + b, c - b }, c - b);
		buf_addz(out, q->in_colour ? "\033[0m" : "»");
		at = next->to;
	}
	const size_t a = utf8_offset(field, at), b = at < end ? utf8_offset(field, end) : a;
	stored_text(out, (struct str){ field.p + a, b - a }, b - a);
	buf_addz(out, b < field.n ? "…" : "");
}

static void write_line(const struct search *q, struct buf *out, const struct post *p, const struct scanned *s)
{
	stored_minute(out, post_count_ms(p));
	buf_addf(out, "  %-12.*s ", STR_FMT(p->source));
	if (p->title.n > 0) {
		write_marked(q, out, p->title, POST_TITLE, s);
		buf_addz(out, p->text.n > 0 ? "\n                  " : "");
	}
	if (p->text.n > 0)
		write_marked(q, out, p->text, POST_TEXT, s);
	if (p->url.n > 0) {
		buf_addz(out, "\n                  ");
		stored_text(out, p->url, LIMIT_URL_BYTES);
	}
	buf_addc(out, '\n');
}

/* ---- the search ---- */

static int order_places(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* What the query was found by, in the order of the text; the words of lists that it names are matches, too. */
static void keep_places(struct scanned *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->query != NULL)
			s->match[n++] = s->match[i];
	s->n = n;
	if (n > 1)
		qsort(s->match, n, sizeof *s->match, order_places);
}

static void look_at(struct search *q, const struct post *p)
{
	struct scanned scanned;
	arena_reset(&q->arena);
	scan_matches(&q->arena, q->book, p, &scanned);
	keep_places(&scanned);
	if (scanned.n == 0 || !archive_seen_first(q->seen, p->id))
		return;
	q->found++;
	struct buf *out = newest_place(&q->newest, post_count_ms(p));
	if (out == NULL)
		return;
	if (q->as_json)
		write_json(out, p, &scanned);
	else
		write_line(q, out, p, &scanned);
	newest_settle(&q->newest);
}

static void tell(struct search *q, const struct archive_tally *t, int64_t took_ms)
{
	char since[32], until[32];
	struct query_trouble trouble;
	const struct str damage = archive_damage(&q->arena, t);
	newest_sort(&q->newest);
	for (size_t i = 0; i < q->newest.n; i++)
		(void)fwrite(q->newest.line[i].text.p, 1, q->newest.line[i].text.n, stdout);
	fprintf(stderr, "%" PRIu64 " of %" PRIu64 " posts from %s to %s, %zu shown, %.1f s\n", q->found, t->entries,
		clock_iso(q->span.since_ms, since), clock_iso(q->span.until_ms, until), q->newest.n, (double)took_ms / 1000.0);
	while (queries_trouble(q->book, &trouble))
		fprintf(stderr, "earshot: %s\n", trouble.why);
	if (damage.n > 0)
		fprintf(stderr, "earshot: %.*s\n", STR_FMT(damage));
}

static int search(struct search *q, const char *folder)
{
	struct err e = { 0 };
	struct archive_entry entry;
	struct archive_reader *reader = NULL;
	const int64_t start = clock_monotonic_ms();
	if (archive_reader_open(folder, &q->span, &reader, &e) != OK)
		return command_fail(&e);
	while (archive_next(reader, &entry))
		look_at(q, &entry.post);
	tell(q, archive_reader_tally(reader), clock_monotonic_ms() - start);
	archive_reader_close(reader);
	return fflush(stdout) == 0 && q->found > 0 ? EXIT_OK : EXIT_NO;
}

/* The rules are read only when the query names one of their lists or macros. */
static bool take_query(struct search *q, struct str query)
{
	struct problems problems;
	const struct settings *s = &q->session.settings;
	problems_init(&problems);
	if (str_findc(query, '@') >= 0)
		q->lists = rulebook_load(s->rules_folder, s->rules.n, &problems);
	if (!problems_any_error(&problems))
		q->book = rulebook_of_query(query, q->lists, &problems);
	const bool fine = command_problems(&problems) && q->book != NULL;
	problems_release(&problems);
	return fine;
}

/* "7d" ago, or a moment. */
static bool take_moment(const struct search *q, const char *name, int64_t now_ms, int64_t *ms)
{
	const char *text = options_value(&q->session.options, name);
	if (text == NULL || stored_moment(text, now_ms, ms))
		return true;
	(void)command_usage_error(command_find("search"),
		"--%s \"%s\" is no time; write how long ago (30m, 2h, 7d) or when (2026-11-22T10:00:00Z)", name, text);
	return false;
}

static bool take_options(struct search *q)
{
	const int64_t now_ms = clock_now_ms();
	const char *limit = options_value(&q->session.options, "limit");
	int64_t most = 20;
	q->span = (struct archive_span){ now_ms - 7 * MS_PER_DAY, now_ms + (int64_t)LIMIT_FUTURE_MS, false };
	if (!take_moment(q, "since", now_ms, &q->span.since_ms) || !take_moment(q, "until", now_ms, &q->span.until_ms))
		return false;
	if (q->span.since_ms >= q->span.until_ms) {
		(void)command_usage_error(command_find("search"), "--since is not before --until: no post can lie between them");
		return false;
	}
	if (limit && (!str_to_i64(str_of(limit), &most) || most < 1 || most > MOST_POSTS)) {
		(void)command_usage_error(
			command_find("search"), "--limit \"%s\" is not a number from 1 to %d", limit, MOST_POSTS);
		return false;
	}
	if (q->session.options.noperands != 1 || q->session.options.operand[0][0] == '\0') {
		(void)command_usage_error(command_find("search"), "give one query; quote it when it has several words");
		return false;
	}
	newest_init(&q->newest, (size_t)most, LINE_BYTES);
	q->as_json = options_has(&q->session.options, "json");
	q->in_colour = !q->as_json && isatty(STDOUT_FILENO);
	return true;
}

static int run(struct search *q)
{
	if (!take_options(q) || !take_query(q, str_of(q->session.options.operand[0])))
		return EXIT_USAGE;
	return search(q, command_archive(&q->session));
}

int cmd_search(int argc, char **argv)
{
	struct search q = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&q.session, search_options, argc, argv, &code)) {
		arena_init(&q.arena, LIMIT_ARENA_BYTES);
		q.seen = archive_seen_new();
		code = run(&q);
		rulebook_free(q.book);
		rulebook_free(q.lists);
		newest_release(&q.newest);
		archive_seen_free(q.seen);
		arena_release(&q.arena);
	}
	command_close(&q.session);
	return code;
}
