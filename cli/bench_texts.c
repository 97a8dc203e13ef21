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

/* Column of "text" in the first line of a table; -1 when there is none. */
static int text_column(struct str header)
{
	struct str name;
	for (int i = 0; str_split(&header, '\t', &name); i++)
		if (str_eqc(name, "text"))
			return i;
	return -1;
}

static void take_table(struct arena *a, FILE *in, struct bench_texts *out)
{
	struct lines lines;
	struct str line, cell;
	lines_init(&lines, in, LIMIT_JSONL_BYTES);
	int wanted = lines_next(&lines, &line) ? text_column(line) : -1;
	while (wanted >= 0 && out->n < MOST_TEXTS && lines_next(&lines, &line)) {
		int at = 0;
		while (str_split(&line, '\t', &cell) && at < wanted)
			at++;
		if (at == wanted && cell.n > 0)
			out->text[out->n++] = arena_copy(a, str_cut_utf8(cell, LIMIT_TEXT_BYTES));
	}
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
