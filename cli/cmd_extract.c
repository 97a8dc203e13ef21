/* earshot extract: a page to JSON, title, text, author, date and posts, one file or JSONL in batch. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/batch_io.h"
#include "cli/command.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "crawler/dates.h"
#include "crawler/extract.h"

#include <stdio.h>

#define RESULT_MAX (64u << 20) /* escapes can make the JSON of a page several times as long as the page */

static const struct option_row rows[] = {
	{ "url", true, "address of the page: base of its relative links" },
	{ "charset", true, "what HTTP would say about its encoding" },
	{ "batch", false, "JSONL on standard input: {\"file\",\"url\",\"charset\"}, one result a line" },
	{ NULL, false, NULL },
};

/* In the zone that the page names, where it names one: the day that its readers see. */
static void write_time(struct buf *out, struct str written, int64_t ms, bool day_only)
{
	const struct date_context nowhere = { 0 };
	struct date date;
	char iso[32];

	if (ms < 0) {
		buf_json_str(out, "published", written);
		return;
	}
	if (!dates_parse(written, &nowhere, &date) || date.ms != ms)
		date = (struct date){ .ms = ms, .day_only = day_only };
	if (date.zone_minutes == 0 && !date.day_only) {
		buf_json_str(out, "published", str_of(clock_iso(ms, iso)));
		return;
	}
	buf_json_key(out, "published");
	buf_addc(out, '"');
	dates_write(out, &date);
	buf_addc(out, '"');
}

/* What the page shows as the post: with what it quotes, which "quote" tells again. */
static struct str shown_text(struct arena *a, const struct extract_post *p)
{
	if (p->quote.n == 0 || p->text.n == 0)
		return p->text.n > 0 ? p->text : p->quote;
	return arena_printf(a, "%.*s\n%.*s", STR_FMT(p->quote), STR_FMT(p->text));
}

static void write_post(struct arena *a, struct buf *out, const struct extract_post *p)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_opt(out, "title", p->title);
	buf_json_str(out, "text", shown_text(a, p));
	buf_json_str(out, "author", p->author);
	buf_json_opt(out, "author_url", p->author_url);
	write_time(out, p->published, p->published_ms, p->day_only);
	buf_json_opt(out, "url", p->url);
	buf_json_opt(out, "id", p->id);
	buf_json_opt(out, "quote", p->quote);
	buf_json_opt(out, "signature", p->signature);
	buf_json_known(out, "likes", p->likes);
	buf_json_known(out, "replies", p->replies);
	buf_json_known(out, "shares", p->shares);
	buf_json_known(out, "views", p->views);
	if (p->stars > 0)
		buf_json_double(out, "stars", (double)p->stars, 2);
	buf_addc(out, '}');
}

static void write_result(struct arena *a, struct buf *out, const struct extraction *x)
{
	buf_addc(out, '{');
	buf_json_str(out, "title", x->title);
	buf_json_str(out, "text", x->text);
	buf_json_str(out, "author", x->author);
	write_time(out, x->published, x->published_ms, x->day_only);
	buf_json_str(out, "language", x->language);
	buf_json_str(out, "level", str_of(extract_level_names[x->level]));
	buf_json_double(out, "confidence", (double)x->confidence, 2);
	buf_json_opt(out, "engine", x->engine);
	buf_json_opt(out, "next", x->next);
	buf_json_key(out, "posts");
	buf_addc(out, '[');
	for (size_t i = 0; i < x->nposts; i++)
		write_post(a, out, &x->posts[i]);
	buf_addz(out, "]}");
}

static enum outcome extract_file(
	struct arena *a, const char *path, struct str url, struct str charset, struct buf *out, struct err *e)
{
	struct page page = { .url = url, .fetched_ms = clock_now_ms() };
	struct extraction x;
	if (charset.n > 0)
		page.content_type = arena_printf(a, "text/html; charset=%.*s", STR_FMT(charset));
	enum outcome outcome = file_read(a, path, LIMIT_BODY_BYTES, &page.bytes, e);
	if (outcome == OK)
		outcome = extract_page(a, &page, &x, e);
	if (outcome == OK)
		write_result(a, out, &x);
	return outcome;
}

static bool answer(struct arena *a, const struct json *line, struct buf *out, void *context)
{
	const struct str file = json_str_of(line, "file");
	struct err e = { 0 };
	(void)context;
	if (file.n == 0)
		return false;
	if (extract_file(a, arena_cstr(a, file), json_str_of(line, "url"), json_str_of(line, "charset"), out, &e) == OK)
		return true;
	buf_clear(out);
	buf_addc(out, '{');
	buf_json_str(out, "error", str_of(e.text));
	buf_addc(out, '}');
	return true;
}

static int run_file(const char *path, struct str url, struct str charset)
{
	struct err e = { 0 };
	struct arena arena;
	struct buf out;
	arena_init(&arena, (size_t)LIMIT_ARENA_BYTES * 4);
	buf_init(&out, RESULT_MAX);
	const enum outcome outcome = extract_file(&arena, path, url, charset, &out, &e);
	if (outcome == OK) {
		buf_addc(&out, '\n');
		(void)!fwrite(out.p, 1, out.n, stdout);
	}
	buf_release(&out);
	arena_release(&arena);
	return outcome == OK ? EXIT_OK : command_fail(&e);
}

int cmd_extract(int argc, char **argv)
{
	const struct command_row *row = command_find("extract");
	struct options options;
	int code = EXIT_USAGE;

	if (!options_parse(&options, row, rows, argc, argv, &code)) {
		options_release(&options);
		return code;
	}
	if (options_has(&options, "batch"))
		code = batch_run(answer, NULL);
	else if (options.noperands != 1)
		code = command_usage_error(row, "one FILE is needed, or - for standard input");
	else
		code = run_file(
			options.operand[0], str_of(options_value(&options, "url")), str_of(options_value(&options, "charset")));
	options_release(&options);
	return code;
}
