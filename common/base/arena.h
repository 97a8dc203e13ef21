/* A bump allocator. Everything made while handling one batch dies with one arena_reset(); nothing taken from an
 * arena is freed on its own. Input sizes are capped by limits.h, so running out is a bug and aborts with numbers.
 * Memory comes in chunks that grow with use up to `max_bytes`; reset keeps the first 4 MiB, so that a process
 * stays small. */
#ifndef EARSHOT_BASE_ARENA_H
#define EARSHOT_BASE_ARENA_H

#include "common/base/str.h"
#include <earshot/outcome.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *first, *now;
	size_t used; /* bytes handed out since the last reset */
	size_t max_bytes; /* cap over all chunks */
};

void arena_init(struct arena *a, size_t max_bytes);
void arena_release(struct arena *a);
void arena_reset(struct arena *a);
void *arena_take(struct arena *a, size_t size); /* zeroed, aligned to 16; never NULL */
void *arena_raw(struct arena *a, size_t size); /* the same, not zeroed: for what is written at once */
/* Gives back what is behind the first `kept` bytes of a piece of `size`, which MUST be the last one taken. */
void arena_trim(struct arena *a, void *piece, size_t size, size_t kept);
void *arena_array(struct arena *a, size_t count, size_t size); /* checks the product */
struct str arena_copy(struct arena *a, struct str s); /* copy is also NUL-terminated behind n */
struct str arena_join(struct arena *a, const struct str *part, size_t n); /* one behind the other; where printf would be slow */
const char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define arena_new(a, type) ((type *)arena_take((a), sizeof(type)))
#define arena_list(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

#endif
