/* earshot rules lint: every problem of a rulebook with its place, its code and its remedy. */
#include "cli/rules_commands.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/base/json.h"
#include "common/base/utf8.h"
#include "common/text/rulebook_lint.h"
#include "common/text/rulebook_problems.h"
#include "common/text/scan.h"

#include <stdio.h>
#include <stdlib.h>

static const struct option_row lint_options[] = {
	{ "config", true, "configuration file that names the rules folders, when no folder is given" },
	{ "posts", true, "JSON lines with \"text\" and \"title\": rules that hit more than 5 % of them are told" },
	{ "json", false, "one JSON object instead of lines" },
	{ "strict", false, "exit 78 for warnings too" },
	{ NULL, false, NULL },
};

#define BROAD_SHARE 20 /* one post in so many */
#define BROAD_POSTS 100 /* fewer posts say nothing about shares */

/* ---- how often each rule hits ---- */

struct tally {
	const struct rulebook *book;
	size_t *hits; /* posts that each rule of the book hits */
	size_t *last; /* number of the last post it hit, so that each post counts once */
	size_t posts;
};

static void count_post(struct tally *t, struct arena *a, struct str line)
{
	struct err e = { 0 };
	struct post post;
	struct scanned scanned;
	const struct json *object = json_parse_in(a, line, &e);
	if (json_kind(object) != JSON_OBJECT)
		return;
	post_init(&post);
	post.text = str_cut_utf8(utf8_repair(a, json_str_of(object, "text")), LIMIT_TEXT_BYTES);
	post.title = str_cut_utf8(utf8_repair(a, json_str_of(object, "title")), LIMIT_TITLE_BYTES);
	t->posts++;
	scan_post(a, t->book, &post, &scanned);
	for (size_t i = 0; i < scanned.n; i++) {
		const size_t rule = (size_t)(scanned.match[i].rule - t->book->rule);
		t->hits[rule] += t->last[rule] != t->posts;
		t->last[rule] = t->posts;
	}
}

static void tell_broad(const struct tally *t, struct problems *p)
{
	const struct rule_problem_row *kind = &rule_problem_rows[R_BROAD];
	const char *before = p->code;
	p->code = kind->code;
	for (size_t i = 0; i < t->book->nrules && t->posts >= BROAD_POSTS; i++) {
		const struct rule *r = &t->book->rule[i];
		const bool may_be_everywhere = r->list == LIST_SENTIMENT || r->list == LIST_NEGATION ||
					       r->list == LIST_INTENSITY || r->list == LIST_CONTRAST || r->list == LIST_CONTEXT;
		if (may_be_everywhere || t->hits[i] * BROAD_SHARE <= t->posts)
			continue;
		problems_warn(p, r->file, r->line, 0,
			"\"%.*s\" hits %zu of %zu posts (%zu %%); write a longer term, or a query that wants a second word "
			"beside it",
			STR_FMT(r->term), t->hits[i], t->posts, t->hits[i] * 100 / t->posts);
	}
	p->code = before;
}

static void count_posts(const struct rulebook *book, const char *path, struct arena *a, struct problems *p)
{
	struct tally t = { book, arena_list(a, size_t, book->nrules + 1), arena_list(a, size_t, book->nrules + 1), 0 };
	struct arena post_arena;
	struct lines lines;
	struct str line;
	FILE *in = fopen(path, "rb");
	if (in == NULL) {
		problems_add(p, path, 0, 0, "cannot be opened; give a file of JSON lines");
		return;
	}
	arena_init(&post_arena, LIMIT_ARENA_BYTES);
	lines_init(&lines, in, LIMIT_JSONL_BYTES);
	while (lines_next(&lines, &line)) {
		if (!lines.too_long)
			count_post(&t, &post_arena, line);
		arena_reset(&post_arena);
	}
	lines_release(&lines);
	arena_release(&post_arena);
	(void)fclose(in);
	tell_broad(&t, p);
}

/* ---- the answer ---- */

static void write_problem(struct buf *out, const struct problem *p)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "file", str_of(p->file));
	buf_json_int(out, "line", p->line);
	buf_json_int(out, "column", p->column);
	buf_json_str(out, "severity", p->is_warning ? STR("warning") : STR("error"));
	buf_json_opt(out, "code", str_of(p->code));
	buf_json_str(out, "text", str_of(p->text));
	buf_addc(out, '}');
}

static void print_json(const struct rulebook *book, const struct problems *p)
{
	struct buf out;
	buf_init(&out, LIMIT_CONF_BYTES);
	buf_addc(&out, '{');
	if (book != NULL) {
		buf_json_str(&out, "version", str_of(book->version));
		buf_json_int(&out, "brands", (int64_t)book->nbrands);
		buf_json_int(&out, "rules", (int64_t)book->nrules);
	}
	buf_json_int(&out, "errors", (int64_t)p->errors);
	buf_json_int(&out, "unlisted", (int64_t)p->unlisted);
	buf_json_key(&out, "problems");
	buf_addc(&out, '[');
	for (size_t i = 0; i < p->n; i++)
		write_problem(&out, &p->list[i]);
	buf_addz(&out, "]}");
	puts(buf_str(&out).p);
	buf_release(&out);
}

static void lint(struct session *s, struct problems *p)
{
	const bool has_folders = s->options.noperands > 0, is_json = options_has(&s->options, "json");
	const char *const *folder = has_folders ? (const char *const *)s->options.operand : s->settings.rules_folder;
	const char *posts = options_value(&s->options, "posts");
	struct rulebook_files files;
	rulebook_read(&s->arena, folder, has_folders ? (size_t)s->options.noperands : s->settings.rules.n, &files, p);
	struct rulebook *book = rulebook_compile(&files, p);
	if (book != NULL)
		rulebook_lint(&files, p); /* what is unwise is told once nothing is wrong */
	if (book != NULL && posts != NULL)
		count_posts(book, posts, &s->arena, p);
	if (is_json)
		print_json(book, p);
	else if (book != NULL)
		printf("rulebook %s: %zu brands, %zu rules\n", book->version, book->nbrands, book->nrules);
	rulebook_free(book);
}

/* 78 when something is wrong, with --strict also when something is only unwise. */
static int judge(const struct session *s, const struct problems *p)
{
	const bool is_json = options_has(&s->options, "json"), is_strict = options_has(&s->options, "strict");
	const bool is_good = is_json ? !problems_any_error(p) : command_problems(p);
	return is_good && !(is_strict && p->n > 0) ? EXIT_OK : EXIT_CONFIG;
}

int rules_lint(int argc, char **argv)
{
	struct session s = { 0 };
	struct problems problems;
	int code = EXIT_USAGE;
	problems_init(&problems);
	if (command_open(&s, lint_options, argc, argv, &code)) {
		lint(&s, &problems);
		code = judge(&s, &problems);
	}
	problems_release(&problems);
	command_close(&s);
	return code;
}
