/* Batch mode: one JSON object a line on standard input, one a line on standard output, in order, flushed line by line. */
#ifndef EARSHOT_CLI_BATCH_IO_H
#define EARSHOT_CLI_BATCH_IO_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

/* Writes one JSON object (no newline) for a line; false when the line is not of the expected shape. */
typedef bool batch_answer(struct arena *a, const struct json *line, struct buf *out,
	void *context); /* a function type, so that tables of them stay readable */

/* Runs until the input ends. A line that is no JSON, too long or of the wrong shape is answered with {"error":…}. */
int batch_run(batch_answer *answer, void *context);

#endif
