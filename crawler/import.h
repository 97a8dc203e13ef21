/* Files of posts: JSONL and JSON, CSV and TSV as programs and Excel write them, mailboxes (mbox). A format is a row of
 * import_formats; it gives one draft after the other, and what they mean is decided in crawler/draft.c for all of them. */
#ifndef EARSHOT_CRAWLER_IMPORT_H
#define EARSHOT_CRAWLER_IMPORT_H

#include "crawler/mapping.h"

#include <stdio.h>

struct import_options {
	const char *path; /* "-" = standard input */
	const char *format; /* name of a format; NULL = told by the bytes */
	struct str charset; /* label; "" = told by the bytes */
	struct mapping mapping;
};

struct import;
struct import_format {
	const char *name, *about;
	bool is_table; /* numbers may be Excel's dates */
	enum outcome (*open)(struct import *i, struct err *e);
	/* OK with a draft; SKIP at the end; REJECT: this one cannot be read, go on with the next. Sets i->line. */
	enum outcome (*next)(struct import *i, struct arena *a, struct draft *out, struct err *e);
	void (*close)(struct import *i);
};
extern const struct import_format import_json, import_table, import_mbox;
extern const struct import_format *const import_formats[]; /* ends with NULL */

struct import {
	const struct import_options *options;
	const struct import_format *format;
	struct arena arena; /* of the whole file; drafts live in the caller's */
	FILE *in;
	struct str bytes; /* of the file, where it is read whole */
	unsigned long line; /* where the last draft began */
	void *state; /* of the format */
	struct str note; /* what a person should know: encoding, separator, columns; "" = nothing */
};

/* Finds the format and opens it; import_close() must follow in every case. */
enum outcome import_open(struct import *i, const struct import_options *options, struct err *e) MUST_CHECK;
enum outcome import_next(struct import *i, struct arena *a, struct draft *out, struct err *e) MUST_CHECK;
void import_close(struct import *i);
/* For formats that need all of it: i->bytes, at most `most`. */
enum outcome import_read_all(struct import *i, size_t most, struct err *e) MUST_CHECK;

#endif
