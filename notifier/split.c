/* Cutting a text into numbered messages of so many bytes. */
#include "notifier/split.h"

#define NUMBER_BYTES (sizeof("99/99\n") - 1)

/* How much of `rest` goes into a message of `room` bytes. */
static size_t split_at(struct str rest, size_t room)
{
	if (rest.n <= room)
		return rest.n;
	for (size_t i = room; i > room / 3; i--)
		if (rest.p[i] == '\n')
			return i;
	size_t cut = str_cut_utf8(rest, room).n;
	return cut > 0 ? cut : room; /* not UTF-8 at all: go on rather than stand still */
}

static struct str split_next(struct str *rest, size_t room)
{
	size_t at = split_at(*rest, room);
	struct str part = str_first(*rest, at);
	*rest = str_from(*rest, at);
	if (rest->n > 0 && rest->p[0] == '\n')
		*rest = str_from(*rest, 1);
	return part;
}

enum outcome split_text(struct arena *a, struct str text, size_t max_bytes, struct str **parts, size_t *n, struct err *e)
{
	*parts = arena_list(a, struct str, SPLIT_PARTS);
	*n = 1;
	(*parts)[0] = text;
	if (text.n <= max_bytes)
		return OK;
	struct str rest = text;
	for (*n = 0; rest.n > 0 && *n < SPLIT_PARTS; (*n)++)
		(*parts)[*n] = split_next(&rest, max_bytes - NUMBER_BYTES);
	if (rest.n > 0)
		return err_set(
			e, REJECT, "a text of %zu bytes does not fit %d messages of %zu bytes", text.n, SPLIT_PARTS, max_bytes);
	for (size_t i = 0; i < *n; i++)
		(*parts)[i] = arena_printf(a, "%zu/%zu\n%.*s", i + 1, *n, STR_FMT((*parts)[i]));
	return OK;
}
