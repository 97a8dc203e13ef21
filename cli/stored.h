/* What the commands that look at stored data share: spans of time, which brands, and text that a terminal can bear. */
#ifndef EARSHOT_CLI_STORED_H
#define EARSHOT_CLI_STORED_H

#include "cli/command.h"
#include "common/base/buf.h"
#include "common/store/partition.h"
#include "common/store/procs.h"

/* A command with its session, connection and output; `stored_open` prints what is wrong and sets `code`. `stored_close` must
 * follow in both cases: it writes `out` to standard output and returns the exit code. */
struct stored {
	struct session session;
	struct redis *redis;
	struct buf out;
	int64_t now_ms;
	int code;
};
bool stored_open(struct stored *s, const struct option_row *rows, int argc, char **argv);
int stored_close(struct stored *s);
/* Where the store keeps a brand, for reading; answers live in the session's arena. */
struct partition stored_partition(struct stored *s, struct str brand);
/* Writes what is in `out` already. */
void stored_flush(struct stored *s);
/* Prints the sentence and takes its exit code; for `if (outcome != OK)`. */
void stored_fail(struct stored *s, const struct err *e);

/* "90s", "30m", "2h", "7d", "4w" to ms; false when it is none of these or not above 0. */
bool stored_span(const char *text, int64_t *ms);
/* A moment: so long before `now_ms` ("7d"), or as it is written ("2026-11-22T10:00:00Z"). *ms stays when it is neither. */
bool stored_moment(const char *text, int64_t now_ms, int64_t *ms);
/* Value of an option that is a span; `fallback` when it is absent. Prints and sets `code` when it is wrong. */
bool stored_span_option(struct stored *s, const char *name, const char *fallback, int64_t *ms);
/* --limit of a command: 1 … most; *limit keeps its value when it is absent. Prints and sets `code` when it is wrong. */
bool stored_limit_option(struct stored *s, const char *command, size_t most, size_t *limit);
/* All published brands, or the one named: REJECT when there is no such brand, with the names there are. */
enum outcome stored_brands(struct stored *s, const char *only, struct brand_row **row, size_t *n, struct err *e) MUST_CHECK;
/* Text of strangers on one line for a terminal: control characters (ESC above all) become spaces; cut at a character's border. */
void stored_text(struct buf *out, struct str text, size_t most_bytes);
/* "2026-11-22 12:00" UTC; "-" when ms <= 0. */
void stored_minute(struct buf *out, int64_t ms);
/* "3s", "12m", "5h", "9d" for an age. */
void stored_age(struct buf *out, int64_t ms);

#endif
