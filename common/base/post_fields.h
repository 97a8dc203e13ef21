/* The fields of a post, one row each: what JSON (post.c) and the archive's records (post_pack.c) go by. Private to
 * common/base/post*.c. */
#ifndef EARSHOT_BASE_POST_FIELDS_H
#define EARSHOT_BASE_POST_FIELDS_H

#include <earshot/post.h>

enum post_field_type {
	POST_STR,
	POST_COUNT, /* int64_t, -1 unknown */
	POST_SMALL, /* int, -1 unknown */
	POST_SORT, /* enum post_kind */
	POST_FLAG, /* bool */
};

struct post_field_row {
	const char *name;
	unsigned number; /* in packed records: on disks, so never changed and never used again; below 64 */
	enum post_field_type type;
	size_t offset, max; /* max: bytes of a string */
};

extern const struct post_field_row post_fields[];
extern const size_t post_nfields;

#endif
