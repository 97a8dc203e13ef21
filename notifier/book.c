/* The routes in force. */
#include "notifier/book.h"

#include <stdio.h>
#include <stdlib.h>

#define BOOK_BYTES ((size_t)32 << 20)

struct book *book_load(const char *const *folder, size_t nfolders, struct problems *p)
{
	struct book *b = calloc(1, sizeof(*b));
	if (!b) {
		(void)fputs("earshot: out of memory: the routes\n", stderr);
		abort();
	}
	b->holders = 1;
	arena_init(&b->arena, BOOK_BYTES);
	routes_load(&b->arena, folder, nfolders, &b->routes, p);
	if (!problems_any_error(p))
		return b;
	book_drop(b);
	return NULL;
}

struct book *book_hold(struct book *b)
{
	b->holders++;
	return b;
}

void book_drop(struct book *b)
{
	if (!b || --b->holders > 0)
		return;
	arena_release(&b->arena);
	free(b);
}
