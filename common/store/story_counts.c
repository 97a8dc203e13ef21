/* Texts with copies: their counts, largest first. */
#include "common/store/story_counts.h"

#include "common/store/functions.h"
#include "common/store/keys.h"

#include <stdlib.h>

enum story_field { STORY_COPIES, STORY_SOURCES, STORY_AUTHORS, STORY_FIRST_MS, STORY_LAST_MS, STORY_FIRST, STORY_FIELD__N };
static const char *const story_fields[] = {
	[STORY_COPIES] = "copies",
	[STORY_SOURCES] = "sources",
	[STORY_AUTHORS] = "authors",
	[STORY_FIRST_MS] = "first_ms",
	[STORY_LAST_MS] = "last_ms",
	[STORY_FIRST] = "first",
};

static struct command newest_question(const struct partition *p, struct story_counts_span span)
{
	struct command c = command_new(p->arena, 7);
	command_addz(&c, "ZREVRANGEBYSCORE");
	command_add(&c, keys_brand(p->arena, KEY_stories, p->brand));
	command_addz(&c, "+inf");
	command_int(&c, span.since_ms);
	command_addz(&c, "LIMIT");
	command_int(&c, 0);
	command_int(&c, (int64_t)span.most);
	return c;
}

static void count_queue(const struct partition *p, struct str id)
{
	struct command c = command_new(p->arena, 2 + STORY_FIELD__N);
	command_addz(&c, "HMGET");
	command_add(&c, keys_brand_part(p->arena, KEY_story, p->brand, id));
	for (int i = 0; i < STORY_FIELD__N; i++)
		command_addz(&c, story_fields[i]);
	redis_queue(p->redis, &c);
}

/* SKIP: it ran out between the two questions. */
static enum outcome count_take(const struct partition *p, struct story_count *out, struct err *e)
{
	const struct reply *row = NULL;
	int64_t number[STORY_FIRST] = { 0 };
	const enum outcome done = redis_take(p->redis, &row, e);
	if (done != OK || reply_kind(reply_at(row, STORY_COPIES)) == REPLY_NIL)
		return done == OK ? SKIP : done;
	for (int i = 0; i < STORY_FIRST; i++)
		(void)str_to_i64(reply_str(reply_at(row, (size_t)i)), &number[i]);
	out->copies = number[STORY_COPIES];
	out->sources = number[STORY_SOURCES];
	out->authors = number[STORY_AUTHORS];
	out->first_ms = number[STORY_FIRST_MS];
	out->last_ms = number[STORY_LAST_MS];
	out->first = arena_copy(p->arena, reply_str(reply_at(row, STORY_FIRST)));
	return OK;
}

static int more_copies_first(const void *a, const void *b)
{
	const struct story_count *x = a, *y = b;
	if (x->copies != y->copies)
		return x->copies > y->copies ? -1 : 1;
	return x->last_ms != y->last_ms ? (x->last_ms > y->last_ms ? -1 : 1) : str_cmp(x->id, y->id);
}

enum outcome story_counts_find(
	const struct partition *p, struct story_counts_span span, struct story_count **found, size_t *n, struct err *e)
{
	const struct reply *ids = NULL;
	*n = 0;
	struct command ask = newest_question(p, span);
	enum outcome done = redis_ask(p->redis, &ask, &ids, e);
	const size_t size = done == OK ? reply_size(ids) : 0;
	*found = arena_list(p->arena, struct story_count, size + 1);
	for (size_t i = 0; i < size; i++)
		(*found)[i].id = arena_copy(p->arena, reply_str(reply_at(ids, i)));
	for (size_t i = 0; i < size; i++)
		count_queue(p, (*found)[i].id);
	if (size > 0)
		done = redis_flush(p->redis, e);
	for (size_t i = 0; i < size && done == OK; i++) {
		(*found)[*n].id = (*found)[i].id;
		done = count_take(p, &(*found)[*n], e);
		*n += done == OK;
		done = done == SKIP ? OK : done;
	}
	redis_done(p->redis);
	qsort(*found, *n, sizeof **found, more_copies_first);
	return done;
}

enum outcome story_counts_repair(const struct partition *p, const struct story_count *was, int64_t copies, struct err *e)
{
	struct command c = functions_call(p->arena, "story_repair", 1, 3);
	command_add(&c, keys_brand_part(p->arena, KEY_story, p->brand, was->id));
	command_int(&c, was->copies);
	command_int(&c, copies);
	const struct reply *reply = NULL;
	return redis_ask(p->redis, &c, &reply, e);
}
