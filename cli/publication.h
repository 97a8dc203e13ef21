/* Publishing a rulebook, step by step, for the commands that do it (`rules publish`, `model use`, `model rollback`): who asks, what
 * is in force, what is to be (the command's own), is it sound, what does it find more or less, send. */
#ifndef EARSHOT_CLI_PUBLICATION_H
#define EARSHOT_CLI_PUBLICATION_H

#include "cli/past.h"
#include "cli/stored.h"
#include "common/store/rulebooks.h"
#include "common/text/rulebook.h"

/* Options that each of these commands has. */
#define PUBLICATION_OPTIONS                                                                                                      \
	{ "config", true, "configuration file; names the rules folders" }, { "redis", true, "URL of Redis" },                    \
		{ "by", true, "who publishes; kept in the log" }, { "approve-by", true, "who approved it: another person" },     \
		{ "note", true, "why; kept in the log" }, PAST_OPTIONS,                                                          \
		{ "ratios", true, "file with hits of the old and the new rules, instead of counting them on the archive" },      \
	{                                                                                                                        \
		"dry-run", false, "say what would be published, and do nothing"                                                  \
	}

struct publication;
struct publication_kind {
	const char *name; /* of the command */
	const struct option_row *options;
	/* Makes p->files, in p->files_arena; unreadable ones are problems. */
	enum outcome (*choose)(struct publication *p, struct problems *problems, struct err *e);
	/* The last word before it is sent, p->book being right; NULL = none. */
	enum outcome (*vet)(struct publication *p, struct err *e);
};

struct publication {
	const struct publication_kind *kind;
	struct stored s;
	struct arena files_arena; /* of rulebook files: they may be large */
	struct rulebook_files files; /* to be published */
	struct rulebook *book; /* of them, compiled */
	int64_t backfill_ms; /* 0 = none */
	struct rulebooks_now now;
	struct rulebook_files in_force; /* published, else of the local folders; n = 0: none that could be read */
	char base[RULEBOOK_VERSION_BYTES]; /* their version */
	struct str ratios;
	bool is_proposed;
};

/* The whole command; returns its exit code. */
int publication_run(const struct publication_kind *kind, int argc, char **argv);
/* Value of an option, NULL when it is not given. */
const char *publication_option(const struct publication *p, const char *name);

#endif
