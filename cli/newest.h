/* The newest N of many: lines of output that are kept only while no N newer ones came. Memory is bounded by N lines. */
#ifndef EARSHOT_CLI_NEWEST_H
#define EARSHOT_CLI_NEWEST_H

#include "common/base/buf.h"

struct newest_line {
	int64_t at_ms;
	uint64_t number; /* of arrival: among equals the later one is newer */
	struct buf text;
};

struct newest {
	struct newest_line *line; /* a heap: the oldest on top */
	size_t n, most;
	uint64_t seen;
	size_t line_bytes; /* cap of one line */
};

void newest_init(struct newest *k, size_t most, size_t line_bytes);
void newest_release(struct newest *k);
/* Where to write the line of something from `at_ms`, followed by newest_settle(); NULL when it is too old to be among them. */
struct buf *newest_place(struct newest *k, int64_t at_ms);
void newest_settle(struct newest *k);
void newest_sort(struct newest *k); /* newest first; nothing may be placed afterwards */

#endif
