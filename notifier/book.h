/* The routes in force, as a book: loaded aside, swapped in one assignment, never edited. Deliveries in flight hold the book they
 * were rendered from; the last one to let go frees it. */
#ifndef EARSHOT_NOTIFIER_BOOK_H
#define EARSHOT_NOTIFIER_BOOK_H

#include "notifier/route.h"

struct book {
	struct arena arena;
	struct routes routes;
	int holders;
};

/* Held once by the caller; NULL when there are errors (in `p`). */
struct book *book_load(const char *const *folder, size_t nfolders, struct problems *p);
struct book *book_hold(struct book *b);
void book_drop(struct book *b); /* NULL is fine */

#endif
