/* JSON pointers (RFC 6901) that may fan out: where a recipe says which value of a JSON answer it means.
 *
 *   /feed/entry/0/title   members and items, from the value that the pointer is asked of; "" is that value itself
 *   ~0 ~1                 ~ and / inside a name, as in the RFC; ~2 is a name that is * alone
 *   *                     each item of a list; a value that is no list counts as a list of one (many APIs give one thing bare)
 *   **                    each item of a list, or each member of an object
 *
 * A name that looks like a number is an item of a list, and a member of an object. */
#ifndef EARSHOT_CRAWLER_POINTER_H
#define EARSHOT_CRAWLER_POINTER_H

#include "common/base/arena.h"
#include "common/base/json.h"

struct pointer;

/* Compiles; lives in `a`. NULL when it is none: `e` says what and how to put it right, *at (may be NULL) is the byte where. */
const struct pointer *pointer_parse(struct arena *a, struct str text, size_t *at, struct err *e);
/* All values it names below `root`, in order, at most `most`; the list lives in `a`, the values in their document. */
size_t pointer_find(
	struct arena *a, const struct pointer *p, const struct json *root, size_t most, const struct json *const **out);

#endif
