/* How long the posts of single sources are kept: the list in Redis, and the question whether a post's time is over. */
#include "common/store/retentions.h"

#include "common/store/functions.h"
#include "common/store/keys.h"

#include <stdlib.h>

static int row_cmp(const void *a, const void *b)
{
	const struct retention_row *x = a, *y = b;
	return str_cmp(x->source, y->source);
}

void retentions_sort(struct retentions *list)
{
	if (list->n > 0)
		qsort(list->row, list->n, sizeof *list->row, row_cmp);
}

bool retentions_is_over(const struct retentions *list, struct str source, int64_t count_ms, int64_t now_ms)
{
	const struct retention_row wanted = { .source = source };
	const struct retention_row *row = list->n > 0 ? bsearch(&wanted, list->row, list->n, sizeof *list->row, row_cmp) : NULL;
	return row != NULL && count_ms < now_ms - row->keep_ms;
}

int64_t retentions_least(const struct retentions *list)
{
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < list->n; i++)
		least = list->row[i].keep_ms < least ? list->row[i].keep_ms : least;
	return least;
}

enum outcome retentions_write(struct redis *r, struct arena *a, const struct retentions *list, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = functions_call(a, "retentions", 1, 2 * list->n + 1);
	command_add(&c, keys_plain(a, KEY_retentions));
	for (size_t i = 0; i < list->n; i++) {
		command_add(&c, list->row[i].source);
		command_int(&c, list->row[i].keep_ms);
	}
	return redis_ask(r, &c, &reply, e);
}

enum outcome retentions_read(struct redis *r, struct arena *a, struct retentions *out, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = command_new(a, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, keys_plain(a, KEY_retentions));
	const enum outcome done = redis_ask(r, &c, &reply, e);
	*out = (struct retentions){ 0 };
	if (done != OK)
		return done;
	out->row = arena_list(a, struct retention_row, reply_size(reply) / 2 + 1);
	for (size_t i = 0; i + 1 < reply_size(reply); i += 2)
		out->row[out->n++] =
			(struct retention_row){ arena_copy(a, reply_str(reply_at(reply, i))), reply_int(reply_at(reply, i + 1)) };
	retentions_sort(out);
	return OK;
}
