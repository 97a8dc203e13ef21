/* What people say a mention is: written beside it, read back, taken back. */
#include "common/store/corrections.h"

#include "common/store/functions.h"
#include "common/store/held.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#include <stdlib.h>

#define RECORD_BYTES ((size_t)64 << 10)
#define TRIES 5 /* while somebody else corrects the same mention */
#define IDS_A_CALL 1000

const char *const correction_field_names[CORRECTION__N] = { "label", "nature", "category", "urgency" };

/* ---- reading a record ---- */

static struct correction word_of(const struct json *v)
{
	struct correction c = { .by = json_str_of(v, "by"), .note = json_str_of(v, "note"), .at_ms = json_i64_of(v, "at_ms", 0) };
	for (int f = 0; f < CORRECTION__N; f++)
		c.value[f] = json_str_of(v, correction_field_names[f]);
	return c;
}

struct correction corrections_last(const struct json *record)
{
	return word_of(json_at(json_get(record, "history"), 0));
}

struct correction corrections_now(const struct json *record)
{
	struct correction c = corrections_last(record);
	for (int f = 0; f < CORRECTION__N; f++)
		c.value[f] = json_str_of(record, correction_field_names[f]);
	return c;
}

/* ---- writing one ---- */

static void write_fields(struct buf *out, const struct correction *c)
{
	for (int f = 0; f < CORRECTION__N; f++)
		buf_json_opt(out, correction_field_names[f], c->value[f]);
}

static void write_said(struct buf *out, const struct json *mention)
{
	const struct json *verdict = json_get(mention, "verdict");
	buf_json_key(out, "said");
	buf_addc(out, '{');
	for (int f = 0; f < CORRECTION__N; f++)
		buf_json_str(out, correction_field_names[f], json_str_of(verdict, correction_field_names[f]));
	buf_json_double(out, "confidence", json_double(json_get(verdict, "confidence"), 0), 3);
	buf_json_opt(out, "model", json_str_of(verdict, "model"));
	buf_json_opt(out, "rulebook", json_str_of(mention, "rulebook"));
	buf_addc(out, '}');
}

static void write_word(struct buf *out, const struct correction *c)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_int(out, "at_ms", c->at_ms);
	buf_json_str(out, "by", c->by);
	buf_json_opt(out, "note", c->note);
	write_fields(out, c);
	buf_addc(out, '}');
}

static void write_history(struct buf *out, const struct correction *c, const struct json *was)
{
	const struct json *old = json_get(was, "history");
	buf_json_key(out, "history");
	buf_addc(out, '[');
	write_word(out, c);
	for (size_t i = 0; i < json_size(old) && i < CORRECTIONS_HISTORY - 1; i++) {
		const struct correction word = word_of(json_at(old, i));
		write_word(out, &word);
	}
	buf_addc(out, ']');
}

static struct str write_record(struct arena *a, const struct correction *c, const struct json *was, const struct json *mention)
{
	struct buf out;
	struct correction now = corrections_now(was);
	for (int f = 0; f < CORRECTION__N; f++)
		if (c->value[f].n > 0)
			now.value[f] = c->value[f];
	buf_init(&out, RECORD_BYTES);
	buf_addc(&out, '{');
	write_fields(&out, &now);
	write_said(&out, mention);
	write_history(&out, c, was);
	buf_addc(&out, '}');
	const struct str record = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return record;
}

/* ---- putting it there ---- */

struct attempt {
	struct str mention, was; /* as read; "" = nothing there */
};

static enum outcome read_both(const struct partition *p, struct str post_id, struct attempt *t, struct err *e)
{
	static const enum key keys[] = { KEY_mentions, KEY_corrections };
	struct str *const out[] = { &t->mention, &t->was };
	const struct reply *reply = NULL;
	enum outcome done = OK;
	redis_drain(p->redis);
	for (int i = 0; i < 2; i++) {
		struct command c = command_new(p->arena, 3);
		command_addz(&c, "HGET");
		command_add(&c, keys_brand(p->arena, keys[i], p->brand));
		command_add(&c, post_id);
		redis_queue(p->redis, &c);
	}
	for (int i = 0; i < 2 && done == OK; i++) {
		done = redis_result(p->redis, &reply, e);
		if (done == OK)
			*out[i] = arena_copy(p->arena, reply_str(reply));
	}
	return done;
}

/* Is it the last word already? Its time does not count: who says the same again says nothing new. */
static bool is_said(const struct correction *c, const struct json *was)
{
	const struct correction last = corrections_last(was);
	bool same = was != NULL && str_eq(c->by, last.by) && str_eq(c->note, last.note);
	for (int f = 0; f < CORRECTION__N; f++)
		same = same && str_eq(c->value[f], last.value[f]);
	return same;
}

static enum outcome explain(struct str answer, const struct partition *p, struct str post_id, struct err *e)
{
	if (str_eqc(answer, "written"))
		return OK;
	if (str_eqc(answer, "unknown"))
		return err_set(e, REJECT,
			"%.*s has no mention %.*s; it may be of another brand, or its time was over (retention.mentions): "
			"earshot "
			"posts %.*s "
			"--json shows the ids",
			STR_FMT(p->brand), STR_FMT(post_id), STR_FMT(p->brand));
	if (str_eqc(answer, "erased"))
		return err_set(e, REJECT,
			"the mention %.*s was erased (earshot erase): there is no text left that a correction could be about",
			STR_FMT(post_id));
	if (str_eqc(answer, "full"))
		return err_set(e, REJECT,
			"%.*s has %d corrections, the most there may be; export them (earshot label --export), and take back "
			"what "
			"is learnt (--withdraw), or wait until their mentions go (retention.mentions)",
			STR_FMT(p->brand), LIMIT_CORRECTIONS);
	return err_set(e, RETRY, "somebody else corrects the mention %.*s at this moment; try again", STR_FMT(post_id));
}

static enum outcome send(const struct partition *p, struct str post_id, const struct attempt *t, struct str record,
	struct str *answer, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = functions_call(p->arena, "correct", 2, 6);
	command_add(&c, keys_brand(p->arena, KEY_mentions, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_corrections, p->brand));
	command_add(&c, post_id);
	command_add(&c, t->was);
	command_add(&c, record);
	command_int(&c, LIMIT_CORRECTIONS);
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	*answer = done == OK ? arena_copy(p->arena, reply_str(reply)) : STR("");
	return done;
}

static enum outcome try_once(
	const struct partition *p, struct str post_id, const struct correction *c, struct str *answer, struct err *e)
{
	struct attempt t = { 0 };
	enum outcome done = read_both(p, post_id, &t, e);
	if (done != OK)
		return done;
	const struct json *was = t.was.n > 0 ? json_parse_in(p->arena, t.was, NULL) : NULL;
	const struct json *mention = t.mention.n > 0 ? json_parse_in(p->arena, t.mention, NULL) : NULL;
	if (mention != NULL && is_said(c, was))
		return SKIP;
	return send(p, post_id, &t, write_record(p->arena, c, was, mention), answer, e);
}

enum outcome corrections_put(const struct partition *p, struct str post_id, const struct correction *c, struct err *e)
{
	struct str answer = STR("changed");
	enum outcome done = OK;
	if (c->by.n == 0 || c->by.n > LIMIT_PERSON_BYTES || c->note.n > LIMIT_NOTE_BYTES)
		return err_set(e, REJECT,
			"a correction needs the name of who corrects (at most %d bytes), and its note has at most %d",
			LIMIT_PERSON_BYTES, LIMIT_NOTE_BYTES);
	for (int i = 0; i < TRIES && done == OK && str_eqc(answer, "changed"); i++)
		done = try_once(p, post_id, c, &answer, e);
	return done == OK ? explain(answer, p, post_id, e) : done;
}

enum outcome corrections_withdraw(const struct partition *p, struct str post_id, struct err *e)
{
	bool gone = false;
	for (int i = 0; i < TRIES; i++) {
		struct held_item item = { .id = post_id };
		enum outcome done = corrections_records(p, &post_id, 1, &item.body, e);
		if (done == OK && item.body.n == 0)
			return SKIP;
		if (done == OK)
			done = held_swap(p, HELD_CORRECTIONS, &item, STR(""), &gone, e);
		if (done != OK || gone)
			return done;
	}
	return explain(STR("changed"), p, post_id, e);
}

/* ---- reading back ---- */

static enum outcome read_some(const struct partition *p, const struct str *post_id, size_t n, struct str *record, struct err *e)
{
	const struct reply *reply = NULL;
	struct command c = command_new(p->arena, n + 2);
	command_addz(&c, "HMGET");
	command_add(&c, keys_brand(p->arena, KEY_corrections, p->brand));
	for (size_t i = 0; i < n; i++)
		command_add(&c, post_id[i]);
	const enum outcome done = redis_ask(p->redis, &c, &reply, e);
	for (size_t i = 0; i < n && done == OK; i++)
		record[i] = arena_copy(p->arena, reply_str(reply_at(reply, i)));
	return done;
}

enum outcome corrections_records(
	const struct partition *p, const struct str *post_id, size_t n, struct str *record, struct err *e)
{
	enum outcome done = OK;
	for (size_t at = 0; at < n && done == OK; at += IDS_A_CALL)
		done = read_some(p, post_id + at, n - at < IDS_A_CALL ? n - at : IDS_A_CALL, record + at, e);
	return done;
}

static int row_cmp(const void *a, const void *b)
{
	const struct correction_row *x = a, *y = b;
	if (x->at_ms != y->at_ms)
		return x->at_ms > y->at_ms ? -1 : 1;
	return str_cmp(x->post_id, y->post_id);
}

static struct correction_row row_of(const struct held_item *item)
{
	struct json *doc = json_parse(item->body, NULL);
	const struct correction_row row = { item->id, item->body, corrections_last(doc).at_ms };
	json_free(doc);
	return row;
}

/* A walk of Redis may give an item twice. */
static size_t drop_twins(struct correction_row *row, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !str_eq(row[kept - 1].post_id, row[i].post_id))
			row[kept++] = row[i];
	return kept;
}

enum outcome corrections_all(const struct partition *p, struct correction_row **row, size_t *n, struct err *e)
{
	struct held_walk walk = { 0 };
	enum outcome done = OK;
	*row = arena_list(p->arena, struct correction_row, 2 * LIMIT_CORRECTIONS);
	*n = 0;
	while (done == OK && !walk.is_over) {
		struct held_item *item = NULL;
		size_t found = 0;
		done = held_next(p, HELD_CORRECTIONS, &walk, &item, &found, e);
		for (size_t i = 0; i < found && done == OK && *n < 2 * (size_t)LIMIT_CORRECTIONS; i++)
			(*row)[(*n)++] = row_of(&item[i]);
	}
	if (*n > 0)
		qsort(*row, *n, sizeof **row, row_cmp);
	*n = drop_twins(*row, *n);
	return done;
}
