/* What Redis holds of a person: each item of a place is read, met or not, shown or taken out. */
#include "cli/people.h"

#include "common/base/json.h"
#include "common/base/post.h"
#include "common/store/held.h"
#include <earshot/limits.h>

#define ALERT_MARK ",\"alert\":" /* a delivery ends with the alert as it was written (common/store/outbox.c) */

/* What is to stand in the place of an item: `body`, "" = nothing. */
struct fate {
	bool is_met;
	struct str body;
};

static struct fate fate_of_entry(struct people *w, struct str body)
{
	struct post post;
	const struct json *doc = json_parse_in(&w->batch, str_trim(body), NULL);
	if (doc == NULL || post_read(&w->batch, json_get(doc, "post"), &post, NULL) != OK)
		return (struct fate){ .is_met = people_meets_text(w, body) };
	return (struct fate){ .is_met = people_meets(w, &post) };
}

static struct fate fate_of_mention(struct people *w, const struct held_item *item)
{
	struct post post;
	const struct json *doc = json_parse_in(&w->batch, item->body, NULL);
	if (json_bool(json_get(doc, "erased"), false))
		return (struct fate){ .is_met = false };
	if (doc == NULL || post_read(&w->batch, json_get(doc, "post"), &post, NULL) != OK)
		return (struct fate){ .is_met = people_meets_text(w, item->body) || people_meets_id(w, item->id) };
	if (!people_meets(w, &post))
		return (struct fate){ .is_met = false };
	return (struct fate){ .is_met = true, .body = held_tombstone(&w->batch, doc) };
}

static struct fate fate_of_delivery(struct people *w, struct str body)
{
	const ptrdiff_t at = str_find(body, STR(ALERT_MARK));
	struct str alert;
	if (at < 0 || body.p[body.n - 1] != '}')
		return (struct fate){ .is_met = false };
	const size_t from = (size_t)at + sizeof ALERT_MARK - 1;
	if (!people_redact(w, str_first(str_from(body, from), body.n - from - 1), &alert))
		return (struct fate){ .is_met = false };
	const struct str part[] = { str_first(body, from), alert, STR("}") };
	return (struct fate){ .is_met = true, .body = arena_join(&w->batch, part, 3) };
}

static struct fate fate_of_alert(struct people *w, struct str body)
{
	struct fate f = { .is_met = false };
	f.is_met = people_redact(w, body, &f.body);
	return f;
}

static struct fate fate_of(struct people *w, enum held where, const struct held_item *item)
{
	switch (where) {
	case HELD_WAITING:
	case HELD_DEAD:
		return fate_of_entry(w, item->body);
	case HELD_MENTIONS:
		return fate_of_mention(w, item);
	case HELD_DELIVERIES:
		return fate_of_delivery(w, item->body);
	case HELD_OUTBOX:
	case HELD_LETTERS:
		return fate_of_alert(w, item->body);
	case HELD_OBSERVATIONS:
	case HELD_CORRECTIONS:
	case HELD__N:
		break;
	}
	return (struct fate){ .is_met = people_meets_id(w, item->id) };
}

static bool quotes(enum held where)
{
	return where == HELD_OUTBOX || where == HELD_DELIVERIES || where == HELD_LETTERS;
}

static enum outcome treat(
	struct people *w, const struct partition *p, enum held where, const struct held_item *item, struct err *e)
{
	bool swapped = false;
	const struct fate fate = fate_of(w, where, item);
	if (!fate.is_met)
		return OK;
	if (w->act == PEOPLE_SHOW && !quotes(where)) /* of an alert, people_redact() showed what it quotes */
		people_show(w, p->brand, item->id, item->body);
	if (w->act != PEOPLE_ERASE)
		return OK;
	const enum outcome done = held_swap(p, where, item, fate.body, &swapped, e);
	people_removed(w, swapped);
	return done;
}

typedef enum outcome treat_item(
	struct people *w, const struct partition *p, enum held where, const struct held_item *item, struct err *e);

static enum outcome walk_brand(struct people *w, struct str brand, enum held where, treat_item *what, struct err *e)
{
	const struct partition p = { .redis = w->stored->redis, .arena = &w->batch, .brand = brand };
	struct held_walk walk = { 0 };
	enum outcome done = OK;
	while (done == OK && !walk.is_over) {
		struct held_item *item = NULL;
		size_t n = 0;
		arena_reset(&w->batch);
		done = held_next(&p, where, &walk, &item, &n, e);
		for (size_t i = 0; i < n && done == OK; i++)
			done = what(w, &p, where, &item[i], e);
	}
	return done;
}

enum outcome people_walk_held(struct people *w, int held, struct err *e)
{
	enum outcome done = OK;
	const bool knows_authors = held == HELD_WAITING || held == HELD_DEAD || held == HELD_MENTIONS;
	if (w->act == PEOPLE_FIND && !knows_authors)
		return OK;
	for (size_t i = 0; i < w->nbrands && done == OK; i++)
		done = walk_brand(w, w->brand[i], (enum held)held, treat, e);
	return done;
}

/* ---- which alerts quote them ---- */

static void note(struct people *w, struct str id)
{
	if (w->nquoting == w->quoting_room) {
		const struct str *old = w->quoting;
		w->quoting_room = w->quoting_room * 2 + 64;
		w->quoting = arena_list(&w->keep, struct str, w->quoting_room);
		for (size_t i = 0; i < w->nquoting; i++)
			w->quoting[i] = old[i];
	}
	w->quoting[w->nquoting++] = arena_copy(&w->keep, id);
}

static enum outcome note_quoting(
	struct people *w, const struct partition *p, enum held where, const struct held_item *item, struct err *e)
{
	(void)p;
	(void)where;
	(void)e;
	if (fate_of_delivery(w, item->body).is_met)
		note(w, item->id);
	return OK;
}

enum outcome people_quoting(struct people *w, struct err *e)
{
	const enum people_act act = w->act;
	const struct people_tally tally = w->tally[w->at];
	enum outcome done = OK;
	w->act = PEOPLE_COUNT; /* a look: nothing is shown or counted of it */
	for (size_t i = 0; i < w->nbrands && done == OK; i++)
		done = walk_brand(w, w->brand[i], HELD_DELIVERIES, note_quoting, e);
	w->act = act;
	w->tally[w->at] = tally;
	return done;
}
