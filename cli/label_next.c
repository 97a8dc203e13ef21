/* earshot label --next: the stored mentions whose label would help most, as a table that a person fills in for earshot train. */
#include "cli/label_commands.h"

#include "common/base/json.h"
#include "common/store/posts.h"
#include "common/text/lang.h"
#include "detector/unsure.h"
#include <earshot/limits.h>

#include <stdio.h>

#define NEXT_DEFAULT 20
#define NEXT_MOST 1000
#define LOOKED_AT 5000 /* the newest mentions of each brand */

struct row {
	struct str brand, id;
	struct str label; /* what the verdict says */
	struct str text; /* title and text */
};
struct pool {
	struct unsure_post *post;
	struct row *row;
	size_t n, room;
};

/* What its own accounts write, what is erased and what cannot be read teaches nothing. */
static void take(struct arena *a, struct pool *pool, struct str brand, const struct posts_found *found)
{
	struct json *doc = json_parse(found->record, NULL);
	const struct json *post = json_get(doc, "post"), *verdict = json_get(doc, "verdict");
	const struct str text = json_str_of(post, "text"), title = json_str_of(post, "title");
	const bool is_of_use = text.n + title.n > 0 && !json_bool(json_get(verdict, "own"), false);
	if (is_of_use && pool->n < pool->room) {
		const struct str both =
			title.n > 0 ? arena_printf(a, "%.*s %.*s", STR_FMT(title), STR_FMT(text)) : arena_copy(a, text);
		pool->row[pool->n] = (struct row){ brand, found->post_id, arena_copy(a, json_str_of(verdict, "label")), both };
		pool->post[pool->n++] = (struct unsure_post){ both, json_double(json_get(verdict, "confidence"), 0),
			lang_is_chinese(lang_guess(both, STR(""))) };
	}
	json_free(doc);
}

static enum outcome fill(
	struct stored *s, struct arena *a, const struct brand_row *brand, int64_t span_ms, struct pool *pool, struct err *e)
{
	struct posts_found *found = NULL;
	size_t n = 0;
	const struct partition p = { .redis = s->redis, .arena = a, .brand = brand->id };
	const struct posts_span span = { s->now_ms - span_ms, s->now_ms + (int64_t)LIMIT_FUTURE_MS, LOOKED_AT };
	enum outcome done = posts_find(&p, span, &found, &n, e);
	struct str *id = arena_list(a, struct str, n + 1), *corrected = arena_list(a, struct str, n + 1);
	for (size_t i = 0; i < n && done == OK; i++)
		id[i] = found[i].post_id;
	if (done == OK)
		done = corrections_records(&p, id, n, corrected, e);
	for (size_t i = 0; i < n && done == OK; i++)
		if (corrected[i].n == 0) /* nobody said yet what it is */
			take(a, pool, brand->id, &found[i]);
	return done;
}

/* The label is empty: rows without one teach nothing, so a table that is half done is as good as a short one. */
static void write_table(struct stored *s, const struct pool *pool, const size_t *pick, size_t n)
{
	buf_addz(&s->out, "label\tsays\tconfidence\tbrand_id\tid\ttext\n");
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &pool->row[pick[i]];
		buf_addf(&s->out, "\t%.*s\t%.2f\t%.*s\t%.*s\t", STR_FMT(row->label), pool->post[pick[i]].confidence,
			STR_FMT(row->brand), STR_FMT(row->id));
		stored_text(&s->out, row->text, LIMIT_TEXT_BYTES);
		buf_addc(&s->out, '\n');
		stored_flush(s);
	}
}

static enum outcome serve(struct stored *s, struct arena *a, int64_t span_ms, size_t most, struct err *e)
{
	struct brand_row *brand = NULL;
	size_t nbrands = 0;
	const struct options *o = &s->session.options;
	enum outcome done = stored_brands(s, o->noperands > 0 ? o->operand[0] : NULL, &brand, &nbrands, e);
	if (done != OK)
		return done;
	struct pool pool = { .room = nbrands * LOOKED_AT };
	pool.post = arena_list(a, struct unsure_post, pool.room + 1);
	pool.row = arena_list(a, struct row, pool.room + 1);
	for (size_t i = 0; i < nbrands && done == OK; i++)
		done = fill(s, a, &brand[i], span_ms, &pool, e);
	if (done != OK)
		return done;
	size_t *pick = arena_list(a, size_t, most + 1);
	write_table(s, &pool, pick, unsure_pick(a, pool.post, pool.n, most, pick));
	return OK;
}

static bool take_next(struct stored *s, int64_t *next)
{
	const char *text = options_value(&s->session.options, "next");
	*next = NEXT_DEFAULT;
	if (s->session.options.noperands <= 1 && (!text || (str_to_i64(str_of(text), next) && *next >= 1 && *next <= NEXT_MOST)))
		return true;
	s->code =
		command_usage_error(command_find("label"), "give --next a number from 1 to %d, and at most one brand", NEXT_MOST);
	return false;
}

enum outcome label_next(struct stored *s, struct arena *a, struct err *e)
{
	int64_t span_ms = 0, next = 0;
	if (!take_next(s, &next) || !stored_span_option(s, "since", "7d", &span_ms))
		return SKIP;
	return serve(s, a, span_ms, (size_t)next, e);
}
