/* What `earshot label` does, by what it is asked for. SKIP: it was asked wrongly, that is printed, and the exit code is set. */
#ifndef EARSHOT_CLI_LABEL_COMMANDS_H
#define EARSHOT_CLI_LABEL_COMMANDS_H

#include "cli/stored.h"
#include "common/store/corrections.h"

#define LABEL_ARENA_BYTES ((size_t)4 << 30) /* thousands of records of the largest kind; taken only as far as it is needed */

enum outcome label_next(struct stored *s, struct arena *a, struct err *e) MUST_CHECK;
/* BRAND POST-ID with fields, or with --withdraw. */
enum outcome label_correct(struct stored *s, struct err *e) MUST_CHECK;
enum outcome label_list(struct stored *s, struct arena *a, struct err *e) MUST_CHECK;
enum outcome label_export(struct stored *s, struct arena *a, struct err *e) MUST_CHECK;

/* Prints the sentence and how to write it, sets exit 2; returns SKIP. */
enum outcome label_usage(struct stored *s, const char *sentence);
/* "negative, complaint, refund": the fields that hold, for people. */
void label_write_fields(struct buf *out, const struct correction *c);
/* The same of a correction record, with who said so and why. */
void label_write_word(struct buf *out, const struct json *word);
/* Title and text of a mention record on one line. */
void label_write_text(struct buf *out, const struct json *mention, size_t most_bytes);

#endif
