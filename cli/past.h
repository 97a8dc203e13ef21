/* The posts of the past that rules are tried on: a JSONL file (--posts), line format of `earshot replay`, or the archive
 * (--archive, else the configured one). */
#ifndef EARSHOT_CLI_PAST_H
#define EARSHOT_CLI_PAST_H

#include "cli/command.h"
#include "common/base/archive.h"
#include "common/base/file.h"
#include "detector/backtest.h"

#include <stdio.h>

/* Rows for the option tables of commands that use this. */
#define PAST_OPTIONS                                                                                                             \
	{ "archive", true, "folder of archived posts (default: the archive of the settings)" },                                  \
		{ "posts", true, "JSONL file of posts in place of the archive, as for earshot replay; - for standard input" },   \
	{                                                                                                                        \
		"since", true,                                                                                                   \
			"how far back (12h, 7d, 4w) or from when (2026-11-22T10:00:00Z); default 30d, of a --posts file all of " \
			"it"                                                                                                     \
	}

struct past {
	struct backtest_source source; /* MUST be the first member */
	const char *path;
	FILE *in; /* NULL: not a file of lines */
	struct lines lines;
	struct archive_reader *archive;
	int64_t since_ms; /* posts before are passed over; 0 = none */
	int64_t clock_ms; /* the minute a replay of the file would have reached */
	int64_t read, refused;
	struct str brand; /* of the line at hand */
};

/* false after printing what is wrong (with the exit code). `past_close` must follow in both cases. */
bool past_open(struct past *p, struct session *s, const struct command_row *command, int *exit_code);
/* The same from a moment of the caller's, whatever --since says. */
bool past_open_since(struct past *p, struct session *s, int64_t since_ms, int *exit_code);
void past_close(struct past *p);

#endif
