/* Corrections with the mentions that they are of. */
#include "cli/label_walk.h"

#include "common/store/posts.h"

#define BATCH 500 /* mentions read at a time */

static enum outcome see_some(
	const struct label_walk *w, const struct partition *p, const struct correction_row *row, size_t n, struct err *e)
{
	struct str id[BATCH] = { 0 }, mention[BATCH] = { 0 };
	for (size_t i = 0; i < n; i++)
		id[i] = row[i].post_id;
	const enum outcome done = posts_records(p, id, n, mention, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		struct json *word = json_parse(row[i].record, NULL);
		struct json *doc = mention[i].n > 0 ? json_parse(mention[i], NULL) : NULL;
		const struct label_seen seen = { p->brand, row[i].post_id, row[i].record, word, doc };
		w->see(w->context, &seen);
		json_free(doc);
		json_free(word);
	}
	return done;
}

static enum outcome walk_brand(const struct label_walk *w, struct str brand, struct err *e)
{
	struct arena batch;
	struct correction_row *row = NULL;
	size_t n = 0;
	struct partition p = { .redis = w->s->redis, .arena = w->arena, .brand = brand };
	enum outcome done = corrections_all(&p, &row, &n, e);
	arena_init(&batch, LABEL_ARENA_BYTES);
	p.arena = &batch;
	for (size_t at = 0; at < n && done == OK; at += BATCH) {
		arena_reset(&batch);
		done = see_some(w, &p, row + at, n - at < BATCH ? n - at : BATCH, e);
		redis_done(w->s->redis);
	}
	arena_release(&batch);
	return done;
}

enum outcome label_walk(const struct label_walk *w, struct err *e)
{
	struct brand_row *brand = NULL;
	size_t n = 0;
	const struct options *o = &w->s->session.options;
	enum outcome done = stored_brands(w->s, o->noperands > 0 ? o->operand[0] : NULL, &brand, &n, e);
	for (size_t i = 0; i < n && done == OK; i++)
		done = walk_brand(w, brand[i].id, e);
	return done;
}
