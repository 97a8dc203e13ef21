/* Whole files, with caps. */
#ifndef EARSHOT_BASE_FILE_H
#define EARSHOT_BASE_FILE_H

#include "common/base/arena.h"

/* Reads a file, or standard input for "-". REJECT with path, errno text and remedy when it is missing or larger than `max`. */
enum outcome file_read(struct arena *a, const char *path, size_t max, struct str *out, struct err *e) MUST_CHECK;
/* Writes aside, fsyncs, renames: a reader sees the old or the new file, never half of one. */
enum outcome file_write(const char *path, struct str bytes, int mode, struct err *e) MUST_CHECK;
/* The names in the folder of `path` are on the disk afterwards, as far as its file system can. */
void file_sync_folder(const char *path);
bool file_exists(const char *path);
enum outcome file_mkdirs(const char *path, int mode, struct err *e) MUST_CHECK;
/* Names (not paths) in a folder that end with `suffix`, sorted; n in *n. An absent folder is REJECT. */
enum outcome file_list(
	struct arena *a, const char *folder, const char *suffix, struct str **names, size_t *n, struct err *e) MUST_CHECK;
struct str file_join(struct arena *a, struct str folder, struct str name); /* `name` itself when absolute */
struct str file_folder(struct arena *a, const char *path); /* dirname */

/* Lines of a stream, each capped: a longer one is reported with `too_long` and skipped to its end. */
struct lines {
	void *stream;
	char *line;
	size_t cap, max;
	unsigned long number;
	bool too_long;
};
void lines_init(struct lines *l, void *stdio_file, size_t max_bytes);
void lines_release(struct lines *l);
bool lines_next(struct lines *l, struct str *line); /* without LF or CR LF; a final line without newline counts */

#endif
