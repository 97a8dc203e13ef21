/* The bump allocator: chunks of growing size, given back all at once. */
#include "common/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 16u
#define SMALLEST_CHUNK ((size_t)512)
#define FIRST_CHUNK ((size_t)64 << 10) /* of an arena that may be large; of one that thousands have, for a request each, less: */
#define FIRST_PART 16384 /* of what it may grow to */
#define LARGEST_CHUNK ((size_t)4 << 20) /* doubling stops here; a single larger piece gets a chunk of its own */
#define KEPT_BYTES (4u << 20) /* by a reset: busy loops reuse their pages, quiet ones stay small */

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used; /* of `data` */
	_Alignas(ALIGNMENT) unsigned char data[];
};

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

/* Under the address sanitizer what was not handed out is poisoned, so that reading over the end of a piece, or a piece of
 * the last batch, is caught as it would be with malloc. */
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define GUARD_BYTES ALIGNMENT
#else
#define GUARD_BYTES 0u
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

void arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){ .max_bytes = max_bytes };
}

static void chunks_free(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *next = c->next;
		ASAN_UNPOISON_MEMORY_REGION(c->data, c->size);
		free(c);
		c = next;
	}
}

void arena_release(struct arena *a)
{
	chunks_free(a->first);
	arena_init(a, a->max_bytes);
}

void arena_reset(struct arena *a)
{
	size_t kept = 0;
	a->used = 0;
	a->now = a->first;
	for (struct arena_chunk *c = a->first; c; c = c->next) {
		c->used = 0;
		ASAN_POISON_MEMORY_REGION(c->data, c->size);
		kept += c->size;
		if (kept < KEPT_BYTES)
			continue;
		chunks_free(c->next);
		c->next = NULL;
	}
}

static _Noreturn void arena_exhausted(const struct arena *a, size_t size)
{
	(void)fprintf(
		stderr, "earshot: bug: arena of %zu bytes is full: %zu in use, %zu more wanted\n", a->max_bytes, a->used, size);
	abort();
}

static size_t first_chunk(const struct arena *a)
{
	const size_t part = a->max_bytes / FIRST_PART;
	return part < SMALLEST_CHUNK ? SMALLEST_CHUNK : part < FIRST_CHUNK ? part : FIRST_CHUNK;
}

static struct arena_chunk *chunk_add(struct arena *a, size_t room)
{
	size_t size = a->now ? a->now->size * 2 : first_chunk(a);
	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < room)
		size = room;
	struct arena_chunk *c = malloc(sizeof(*c) + size);
	if (!c) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for an arena of %zu\n", size, a->max_bytes);
		abort();
	}
	c->next = NULL;
	c->size = size;
	c->used = 0;
	ASAN_POISON_MEMORY_REGION(c->data, c->size);
	if (a->now)
		a->now->next = c;
	else
		a->first = c;
	a->now = c;
	return c;
}

/* What a piece takes of its chunk. */
static size_t piece_room(size_t size)
{
	const size_t room = (size + GUARD_BYTES + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	return room ? room : ALIGNMENT; /* two empty pieces still have two addresses */
}

void *arena_raw(struct arena *a, size_t size)
{
	if (size > a->max_bytes || a->used > a->max_bytes - size)
		arena_exhausted(a, size);
	const size_t room = piece_room(size);
	struct arena_chunk *c = a->now;
	while (c && c->size - c->used < room && c->next)
		c = a->now = c->next; /* kept by the last reset */
	if (!c || c->size - c->used < room)
		c = chunk_add(a, room);
	void *p = c->data + c->used;
	c->used += room;
	a->used += room < size ? size : room;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

void arena_trim(struct arena *a, void *piece, size_t size, size_t kept)
{
	struct arena_chunk *c = a->now;
	const size_t from = (size_t)((unsigned char *)piece - c->data), before = c->used;
	c->used = from + piece_room(kept);
	a->used -= piece_room(size) - piece_room(kept);
	ASAN_POISON_MEMORY_REGION(c->data + from + kept, before - from - kept);
}

void *arena_take(struct arena *a, size_t size)
{
	return memset(arena_raw(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes = 0;
	if (__builtin_mul_overflow(count, size, &bytes))
		arena_exhausted(a, SIZE_MAX);
	return arena_take(a, bytes);
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = arena_raw(a, s.n + 1);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){ p, s.n };
}

struct str arena_join(struct arena *a, const struct str *part, size_t n)
{
	size_t bytes = 0, at = 0;
	for (size_t i = 0; i < n; i++)
		bytes += part[i].n;
	char *p = arena_raw(a, bytes + 1);
	for (size_t i = 0; i < n; at += part[i++].n)
		if (part[i].n > 0)
			memcpy(p + at, part[i].p, part[i].n);
	p[bytes] = '\0';
	return (struct str){ p, bytes };
}

const char *arena_cstr(struct arena *a, struct str s)
{
	return arena_copy(a, s).p;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	char small[256];
	va_list args;
	va_start(args, fmt);
	int want = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (want < 0)
		return (struct str){ "", 0 };
	size_t n = (size_t)want;
	if (n < sizeof(small))
		return arena_copy(a, (struct str){ small, n });
	char *p = arena_take(a, n + 1);
	va_start(args, fmt);
	(void)vsnprintf(p, n + 1, fmt, args);
	va_end(args);
	return (struct str){ p, n };
}
