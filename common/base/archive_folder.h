/* The segments of an archive on disk: FOLDER/YYYY-MM-DD/NAME.seg. Private to common/base/archive*.c. */
#ifndef EARSHOT_BASE_ARCHIVE_FOLDER_H
#define EARSHOT_BASE_ARCHIVE_FOLDER_H

#include "common/base/archive.h"

struct archive_file {
	const char *path;
	int64_t day_ms; /* midnight (UTC) at which its day begins */
	uint64_t bytes;
};

/* All of them, oldest day first, then by name; of days before `from_ms` none. What is no segment is passed over. REJECT
 * or RETRY when the folder cannot be listed. */
enum outcome archive_files(
	struct arena *a, const char *folder, int64_t from_ms, struct archive_file **out, size_t *n, struct err *e) MUST_CHECK;
/* Path of a new segment made at `now_ms`; its folder exists afterwards. */
enum outcome archive_new_path(struct arena *a, const char *folder, int64_t now_ms, const char **path, struct err *e) MUST_CHECK;
/* Deletes what is older than keep_ms, then the oldest while there are more than max_bytes: only whole segments that nobody
 * writes. Returns the bytes that are left. */
uint64_t archive_trim(const struct archive_options *o, int64_t now_ms);

/* Midnight (UTC) before. */
int64_t archive_day(int64_t ms);

#endif
