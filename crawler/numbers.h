/* The numbers of a struct as one text in Redis: name=value, separated by spaces, zeros left out. One field instead of many, because every poll
 * reads and writes it. */
#ifndef EARSHOT_CRAWLER_NUMBERS_H
#define EARSHOT_CRAWLER_NUMBERS_H

#include "common/base/str.h"

struct numbers_row {
	const char *name; /* in Redis; one that ends with _ms is a time */
	size_t n; /* its length */
	size_t offset; /* of an int64_t */
};
#define NUMBERS_ROW(name, type, field)                                                                                           \
	{                                                                                                                        \
		name, sizeof(name) - 1, offsetof(type, field)                                                                    \
	}
struct numbers_table {
	const struct numbers_row *row;
	size_t n;
	int64_t most; /* what is larger was never ours, and is passed over; of times it is the year 10000 */
};
#define NUMBERS_BYTES 48 /* that one row may take; names have 20 at most */

/* Writes "name=value " of every number that is not 0; `to` has NUMBERS_BYTES for each row. Returns the end. */
char *numbers_write(char *to, const struct numbers_table *t, const void *from);
/* Takes one pair; one that no row names, or that was never ours, is passed over. `*next`: which row to look at first, 0 in the beginning: they come
 * in the order in which they were written. */
void numbers_take(const struct numbers_table *t, struct str pair, size_t *next, void *out);

#endif
