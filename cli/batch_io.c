/* Batch mode over standard input and output. */
#include "cli/batch_io.h"

#include <earshot/limits.h>

#include "common/base/file.h"

#include <stdio.h>

#define BATCH_LINE_BYTES (64u << 20) /* scorers send whole pages as JSON strings */

static void answer_error(struct buf *out, const char *sentence)
{
	buf_clear(out);
	buf_addc(out, '{');
	buf_json_str(out, "error", str_of(sentence));
	buf_addc(out, '}');
}

static void answer_line(
	struct arena *a, const struct lines *in, struct str line, batch_answer *answer, void *context, struct buf *out)
{
	struct err e = { 0 };
	buf_clear(out);
	if (in->too_long) {
		answer_error(out, "the line is longer than 64 MiB");
		return;
	}
	struct json *doc = json_parse(line, &e);
	if (doc == NULL)
		answer_error(out, e.text);
	else if (!answer(a, doc, out, context))
		answer_error(out, "the line has not the members this command expects; see --help");
	json_free(doc);
}

int batch_run(batch_answer *answer, void *context)
{
	struct lines in;
	struct arena a;
	struct buf out;
	struct str line;
	lines_init(&in, stdin, BATCH_LINE_BYTES);
	arena_init(&a, (size_t)LIMIT_ARENA_BYTES * 4);
	buf_init(&out, BATCH_LINE_BYTES);
	while (lines_next(&in, &line)) {
		arena_reset(&a);
		answer_line(&a, &in, line, answer, context, &out);
		buf_addc(&out, '\n');
		(void)!fwrite(out.p, 1, out.n, stdout);
		if (fflush(stdout) != 0)
			break; /* the reader is gone */
	}
	buf_release(&out);
	arena_release(&a);
	lines_release(&in);
	return EXIT_OK;
}
