/* Mention records -> the posts that integrity.h looks at. Pure but for the one that asks Redis. */
#ifndef EARSHOT_DETECTOR_INTEGRITY_READ_H
#define EARSHOT_DETECTOR_INTEGRITY_READ_H

#include "common/store/posts.h"
#include "detector/integrity.h"

/* The mentions of a brand in a window, at most `most` of them: the newest. */
struct integrity_span {
	int64_t from_ms, to_ms;
	size_t most;
};
struct integrity_read {
	struct integrity_window window; /* of a sample it begins with the oldest post of it */
	bool is_sample; /* there were more */
	size_t erased; /* tombstones: they say nothing */
};
enum outcome integrity_read(
	const struct partition *p, struct integrity_span span, struct integrity_read *out, struct err *e) MUST_CHECK;
/* The same of records that are there already: what was found for the span. */
void integrity_read_found(
	struct arena *a, struct integrity_span span, const struct posts_found *found, size_t n, struct integrity_read *out);
/* One record; false when it is erased or cannot be read. Strings are copied into `a`. */
bool integrity_read_record(struct arena *a, const struct posts_found *found, struct integrity_post *out);

#endif
