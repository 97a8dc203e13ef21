/* earshot parse: a feed to JSON with feedparser's field names, one file or JSONL in batch. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/case.h"
#include "cli/command.h"
#include "common/base/clock.h"
#include "common/base/file.h"

#include <stdio.h>

#define RESULT_MAX (128u << 20) /* escapes can make the JSON of a feed several times as long as the feed */

static const struct option_row rows[] = {
	{ "url", true, "address of the document: base of its relative links" },
	{ "header", true, "a response header, 'Name: value'; may be repeated" },
	{ "batch", false, "JSONL on standard input: {\"file\",\"url\",\"headers\"}, one result a line" },
	{ NULL, false, NULL },
};

static void print_line(struct buf *line)
{
	buf_addc(line, '\n');
	(void)fwrite(line->p, 1, line->n, stdout);
	(void)fflush(stdout);
}

static void answer(struct arena *a, struct str line, struct buf *out)
{
	struct err e = { 0 };
	struct json *request = json_parse(line, &e);

	if (!request || !case_feeds(a, request, out)) {
		buf_clear(out);
		buf_addc(out, '{');
		buf_json_bool(out, "bozo", true);
		buf_json_str(out, "error", request ? STR("the line has no \"file\"") : str_of(e.text));
		buf_addc(out, '}');
	}
	json_free(request);
	print_line(out);
}

static int run_batch(void)
{
	struct lines lines;
	struct arena arena;
	struct buf out;
	struct str line;

	lines_init(&lines, stdin, LIMIT_JSONL_BYTES);
	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&out, RESULT_MAX);
	while (lines_next(&lines, &line)) {
		arena_reset(&arena);
		buf_clear(&out);
		answer(&arena, lines.too_long ? STR("") : line, &out);
	}
	buf_release(&out);
	arena_release(&arena);
	lines_release(&lines);
	return EXIT_OK;
}

static void read_headers(struct case_feed *f, int argc, char **argv)
{
	const char *header;

	for (int i = 0; (header = options_each(argc, argv, "header", i)) != NULL; i++) {
		const struct str text = str_of(header);
		const ptrdiff_t colon = str_findc(text, ':');
		const struct str name = str_trim(str_first(text, colon < 0 ? text.n : (size_t)colon));
		const struct str value = colon < 0 ? STR("") : str_trim(str_from(text, (size_t)colon + 1));
		case_feed_header(f, name, value);
	}
}

static int run_file(const char *path, struct case_feed *f)
{
	struct err e = { 0 };
	struct arena arena;
	struct buf out;
	enum outcome outcome;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&out, RESULT_MAX);
	outcome = file_read(&arena, path, LIMIT_BODY_BYTES, &f->page.bytes, &e);
	if (outcome == OK)
		outcome = case_feed_write(&arena, f, &out, &e);
	if (outcome == OK)
		print_line(&out);
	buf_release(&out);
	arena_release(&arena);
	return outcome == OK ? EXIT_OK : command_fail(&e);
}

int cmd_parse(int argc, char **argv)
{
	const struct command_row *row = command_find("parse");
	struct case_feed f = { .page = { .fetched_ms = clock_now_ms() } };
	struct options options;
	int code = EXIT_USAGE;

	if (!options_parse(&options, row, rows, argc, argv, &code)) {
		options_release(&options);
		return code;
	}
	if (options_has(&options, "batch")) {
		code = run_batch();
	} else if (options.noperands != 1) {
		code = command_usage_error(row, "one FILE is needed, or - for standard input");
	} else {
		f.page.url = str_of(options_value(&options, "url"));
		read_headers(&f, argc, argv);
		code = run_file(options.operand[0], &f);
	}
	options_release(&options);
	return code;
}
