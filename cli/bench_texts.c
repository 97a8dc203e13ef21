/* Texts for benches. */
#include "cli/bench_texts.h"

#include "common/base/file.h"
#include "common/base/proc.h"

#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "../shared/data/text"
#define MOST_TEXTS 400000
#define MADE_TEXTS 20000

#define MOST_COLUMNS 32

/* Which columns hold what people wrote, by the first line of a table: one bit each. */
static uint32_t text_columns(struct str header)
{
	static const char *const names[] = { "text", "title", "reply", "narrative" };
	struct str name;
	uint32_t columns = 0;
	for (unsigned i = 0; i < MOST_COLUMNS && str_split(&header, '\t', &name); i++)
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			columns |= (uint32_t)str_eqc(name, names[k]) << i;
	return columns;
}

static void take_row(struct arena *a, struct str line, uint32_t columns, struct bench_texts *out)
{
	struct str cell;
	for (unsigned i = 0; i < MOST_COLUMNS && str_split(&line, '\t', &cell); i++)
		if ((columns >> i & 1) && cell.n > 0 && out->n < MOST_TEXTS)
			out->text[out->n++] = arena_copy(a, str_cut_utf8(cell, LIMIT_TEXT_BYTES));
}

static void take_table(struct arena *a, FILE *in, struct bench_texts *out)
{
	struct lines lines;
	struct str line;
	lines_init(&lines, in, LIMIT_JSONL_BYTES);
	const uint32_t columns = lines_next(&lines, &line) ? text_columns(line) : 0;
	while (columns && lines_next(&lines, &line))
		take_row(a, line, columns, out);
	lines_release(&lines);
}

static void unpack_table(struct arena *a, const char *path, struct bench_texts *out)
{
	char *const argv[] = { (char *)(uintptr_t) "gzip", (char *)(uintptr_t) "-dc", (char *)(uintptr_t)path, NULL };
	int pipe_fd[2];
	if (pipe(pipe_fd) != 0)
		return;
	const pid_t pid = proc_spawn(argv, NULL, pipe_fd[1], NULL);
	(void)close(pipe_fd[1]);
	FILE *in = fdopen(pipe_fd[0], "r");
	if (in != NULL)
		take_table(a, in, out);
	if (in != NULL)
		(void)fclose(in);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
}

/* Talk of about the length of a short post, in both languages. */
static void make_up(struct arena *a, struct bench_texts *out)
{
	static const char *const piece[] = { "今天收到了订单", "客服态度很差，要求退款", "the screen cracked after two days",
		"they refuse a refund", "物流太慢了", "非常满意", "said that around the box", "朋友推荐的手机", "with a smile",
		"下午在门店", "worst service ever", "质量很好" };
	uint32_t random = 1;
	for (size_t i = 0; i < MADE_TEXTS; i++) {
		struct str text = arena_printf(a, "#%zu", i);
		for (int k = 0; k < 12; k++) {
			random = random * 1664525u + 1013904223u;
			text = arena_printf(a, "%.*s %s", STR_FMT(text), piece[(random >> 8) % (sizeof piece / sizeof *piece)]);
		}
		out->text[out->n++] = text;
	}
}

void bench_texts_load(struct arena *a, struct bench_texts *out)
{
	struct str *name = NULL;
	size_t n = 0;
	*out = (struct bench_texts){ .text = arena_list(a, struct str, MOST_TEXTS) };
	if (file_list(a, FOLDER, ".tsv.gz", &name, &n, NULL) == OK)
		for (size_t i = 0; i < n; i++)
			unpack_table(a, file_join(a, STR(FOLDER), name[i]).p, out);
	out->is_real = out->n > 0;
	if (!out->is_real)
		make_up(a, out);
}
