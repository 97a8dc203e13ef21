/* The distinct bucket cells a batch counts in. A cell is one field of one bucket hash: a minute cell has an hour cell above
 * it and that a day cell, and the commit adds to each once a batch, however many mentions fall into it. Also the shape of
 * bucket keys and fields, for those who read counts back.
 *
 * Cells are numbered from 1 within their level; in a commit hours stand behind all minutes and days behind all hours. */
#ifndef EARSHOT_STORE_CELLS_H
#define EARSHOT_STORE_CELLS_H

#include "common/store/redis.h"

enum cell_level { CELL_MINUTE, CELL_HOUR, CELL_DAY, CELL_LEVEL__N };

#define CELL_FIELD_BYTES 8
struct cell {
	uint16_t bucket, parent;
	char field[CELL_FIELD_BYTES];
}; /* bucket from 1 over all levels; parent within its level */
struct cell_bucket {
	struct str key;
	int64_t ends_ms;
	enum cell_level level;
};

struct cell_set; /* number of a 64-bit name, in order of arrival */

struct cells {
	struct arena *a;
	struct str brand;
	const char **dimension; /* distinct, interned by address first, then by text */
	size_t ndimensions, cap;
	struct cell *cell[CELL_LEVEL__N];
	size_t ncells[CELL_LEVEL__N];
	struct cell_bucket *bucket;
	size_t nbuckets;
	struct cell_set *set[CELL_LEVEL__N], *buckets;
};

/* Room for at most `most` minute cells. */
void cells_init(struct cells *c, struct arena *a, struct str brand, size_t most);
/* Number of the minute cell of `dimension` at `at_ms`; makes it, and those above it, when it is new. */
uint16_t cells_minute(struct cells *c, const char *dimension, int64_t at_ms);

/* Key and field of the bucket cell that holds `at_ms`. */
struct str cells_key(struct arena *a, enum cell_level level, struct str brand, struct str dimension, int64_t at_ms);
struct str cells_field(enum cell_level level, int64_t at_ms, char out[CELL_FIELD_BYTES]);
/* First moment behind the bucket hash that holds `at_ms` (a day, a month, a year). */
int64_t cells_bucket_end(enum cell_level level, int64_t at_ms);
/* When a bucket runs out, in seconds since 1970; 0 = never. Old posts that are replayed keep their buckets as long as new ones. */
int64_t cells_expiry_s(const struct redis_keep *keep, enum cell_level level, int64_t ends_ms, int64_t now_ms);

#endif
