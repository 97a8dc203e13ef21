/* Published rulebooks: the version in force, records with their files, history. The changes themselves are functions of
 * functions.lua. */
#include "common/store/rulebooks.h"

#include "common/base/crypto.h"
#include "common/store/functions.h"
#include "common/store/keys.h"
#include "common/store/models.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>

#define MARK_BYTES 8
#define FILE_PREFIX "file:"
#define RECORD_BYTES (LIMIT_RULEBOOK_BYTES + (16u << 20)) /* files, their names, and what is known of the version */

static struct str record_key(struct arena *a, const char *version)
{
	return keys_make(a, KEY_rulebook, str_of(version), STR(""), STR(""));
}

static struct command fields_question(struct arena *a, struct str key, const char *const *field)
{
	struct command c = command_new(a, 16);
	command_addz(&c, "HMGET");
	command_add(&c, key);
	for (; *field != NULL; field++)
		command_addz(&c, *field);
	return c;
}

static enum outcome ask_fields(
	struct redis *r, struct arena *a, struct str key, const char *const *field, const struct reply **out, struct err *e)
{
	const struct command c = fields_question(a, key, field);
	return redis_ask(r, &c, out, e);
}

static void copy_version(char out[RULEBOOK_VERSION_BYTES], const struct reply *reply)
{
	(void)snprintf(out, RULEBOOK_VERSION_BYTES, "%.*s", STR_FMT(reply_str(reply)));
}

void rulebooks_now_queue(struct redis *r, struct arena *a)
{
	static const char *const fields[] = { "version", "previous", "proposed", "since_ms", "serial", "fill_from_ms",
		"fill_until_ms", "erasures", NULL };
	const struct command c = fields_question(a, keys_plain(a, KEY_rulebook_now), fields);
	redis_queue(r, &c);
}

enum outcome rulebooks_now_take(struct redis *r, struct rulebooks_now *out, struct err *e)
{
	const struct reply *values = NULL;
	const enum outcome done = redis_result(r, &values, e);
	if (done != OK)
		return done;
	*out = (struct rulebooks_now){ .since_ms = reply_int(reply_at(values, 3)),
		.serial = reply_int(reply_at(values, 4)),
		.fill_from_ms = reply_int(reply_at(values, 5)),
		.fill_until_ms = reply_int(reply_at(values, 6)),
		.erasures = reply_int(reply_at(values, 7)) };
	copy_version(out->version, reply_at(values, 0));
	copy_version(out->previous, reply_at(values, 1));
	copy_version(out->proposed, reply_at(values, 2));
	return OK;
}

enum outcome rulebooks_now(struct redis *r, struct arena *a, struct rulebooks_now *out, struct err *e)
{
	redis_drain(r);
	rulebooks_now_queue(r, a);
	return rulebooks_now_take(r, out, e);
}

enum outcome rulebooks_record(struct redis *r, struct arena *a, const char *version, struct rulebooks_record *out, struct err *e)
{
	static const char *const fields[] = { "state", "by", "approver", "note", "base", "ratios", "proposed_ms", "published_ms",
		NULL };
	const struct reply *values = NULL;
	const enum outcome done = ask_fields(r, a, record_key(a, version), fields, &values, e);
	if (done != OK)
		return done;
	*out = (struct rulebooks_record){
		.state = arena_copy(a, reply_str(reply_at(values, 0))),
		.by = arena_copy(a, reply_str(reply_at(values, 1))),
		.approver = arena_copy(a, reply_str(reply_at(values, 2))),
		.note = arena_copy(a, reply_str(reply_at(values, 3))),
		.base = arena_copy(a, reply_str(reply_at(values, 4))),
		.ratios = arena_copy(a, reply_str(reply_at(values, 5))),
		.proposed_ms = reply_int(reply_at(values, 6)),
		.published_ms = reply_int(reply_at(values, 7)),
	};
	return OK;
}

/* ---- files: one field each, "file:NNNN:FOLDER:NAME" by their order ---- */

/* A name is a file of a folder and nothing else: `rules pull` writes files under these names. */
static bool is_plain_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '/' || (unsigned char)name.p[i] < 0x20)
			return false;
	return name.n > 0 && name.n <= LIMIT_FIELD_BYTES && name.p[0] != '.';
}

static bool read_field(struct str field, size_t *at, struct rulebook_file *out)
{
	struct str rest = str_from(field, sizeof FILE_PREFIX - 1), number = { 0 }, folder = { 0 };
	int64_t order = 0, which = 0;
	if (!str_starts(field, STR(FILE_PREFIX)) || !str_split(&rest, ':', &number) || !str_split(&rest, ':', &folder) ||
		!str_to_i64(number, &order) || !str_to_i64(folder, &which) || order < 0 || order >= LIMIT_RULEBOOK_FILES)
		return false;
	*at = (size_t)order;
	out->folder = (int)which;
	out->name = rest;
	return is_plain_name(rest);
}

static void take_files(struct arena *a, const char *version, const struct reply *hash, struct rulebook_files *out)
{
	const size_t pairs = reply_size(hash) / 2;
	out->file = arena_list(a, struct rulebook_file, LIMIT_RULEBOOK_FILES);
	for (size_t i = 0; i < pairs; i++) {
		size_t at = 0;
		struct rulebook_file file = { 0 };
		if (!read_field(reply_str(reply_at(hash, 2 * i)), &at, &file))
			continue;
		file.name = arena_copy(a, file.name);
		file.path = arena_printf(a, "%s/%.*s", version, STR_FMT(file.name)).p;
		file.bytes = arena_copy(a, reply_str(reply_at(hash, 2 * i + 1)));
		out->file[at] = file;
		out->n = at + 1 > out->n ? at + 1 : out->n;
	}
}

static size_t bytes_of(const struct reply *hash)
{
	size_t bytes = 0;
	for (size_t i = 0; i < reply_size(hash); i++)
		bytes += reply_str(reply_at(hash, i)).n;
	return bytes;
}

static bool has_gap(const struct rulebook_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->file[i].name.n == 0)
			return true;
	return f->n == 0;
}

enum outcome rulebooks_files(struct redis *r, struct arena *a, const char *version, struct rulebook_files *out, struct err *e)
{
	struct command c = command_new(a, 2);
	command_addz(&c, "HGETALL");
	command_add(&c, record_key(a, version));
	const struct reply *hash = NULL;
	*out = (struct rulebook_files){ 0 };
	const enum outcome done = redis_ask(r, &c, &hash, e);
	if (done != OK)
		return done;
	if (bytes_of(hash) > RECORD_BYTES)
		return err_set(e, REJECT, "rulebook \"%s\" in Redis has more than %u bytes; publish it again", version,
			LIMIT_RULEBOOK_BYTES);
	take_files(a, version, hash, out);
	if (has_gap(out))
		return err_set(
			e, REJECT, "Redis has no rulebook \"%s\" with its files; earshot rules log lists what there is", version);
	return models_fill(r, a, out, e);
}

static enum outcome check_size(const struct rulebooks_publication *p, struct err *e)
{
	size_t bytes = 0;
	for (size_t i = 0; i < p->files->n; i++)
		bytes += p->files->file[i].bytes.n;
	if (p->files->n == 0)
		return err_set(
			e, REJECT, "there are no rule files to publish; name the folder that holds brands.conf and the lists");
	if (p->files->n > LIMIT_RULEBOOK_FILES || bytes > LIMIT_RULEBOOK_BYTES)
		return err_set(e, REJECT, "%zu files with %zu bytes are more than a rulebook may have (%d files, %u bytes)",
			p->files->n, bytes, LIMIT_RULEBOOK_FILES, LIMIT_RULEBOOK_BYTES);
	if (p->by.n == 0 || p->by.n > LIMIT_PERSON_BYTES || p->approver.n > LIMIT_PERSON_BYTES || p->note.n > LIMIT_NOTE_BYTES)
		return err_set(e, REJECT,
			"a publication names its publisher (at most %d bytes), and its note has at most %d bytes",
			LIMIT_PERSON_BYTES, LIMIT_NOTE_BYTES);
	return OK;
}

/* ---- changes ---- */

static struct command change_call(struct arena *a, const char *function, const char *version, size_t room)
{
	struct command c = functions_call(a, function, 3, room + 3);
	command_add(&c, keys_plain(a, KEY_rulebook_now));
	command_add(&c, record_key(a, version));
	command_add(&c, keys_plain(a, KEY_rulebook_history));
	return c;
}

/* The digests of the models of these versions, with those of `list`. */
static enum outcome add_models(struct redis *r, struct arena *a, struct str version, struct str *list, struct err *e)
{
	static const char *const fields[] = { "models", NULL };
	const struct reply *values = NULL;
	const enum outcome done = ask_fields(r, a, record_key(a, arena_cstr(a, version)), fields, &values, e);
	if (done == OK)
		*list = arena_printf(a, "%.*s %.*s", STR_FMT(*list), STR_FMT(reply_str(reply_at(values, 0))));
	return done;
}

static enum outcome models_of_history(struct redis *r, struct arena *a, struct str *list, struct err *e)
{
	struct rulebooks_event *event = NULL;
	size_t n = 0;
	enum outcome done = rulebooks_history(r, a, LIMIT_RULEBOOK_HISTORY, &event, &n, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		done = add_models(r, a, event[i].version, list, e);
		if (done == OK)
			done = add_models(r, a, event[i].previous, list, e);
	}
	return done;
}

/* The answer names versions that the history forgot: nobody can go back to them, so their records go, and models that no other
 * version has. */
static enum outcome drop_forgotten(struct redis *r, struct arena *a, const struct reply *gone, struct err *e)
{
	const size_t n = reply_size(gone);
	struct str *version = arena_list(a, struct str, n + 1), models = STR(""), kept = STR("");
	enum outcome done = OK;
	if (n == 0)
		return OK;
	for (size_t i = 0; i < n; i++)
		version[i] = arena_copy(a, reply_str(reply_at(gone, i)));
	for (size_t i = 0; i < n && done == OK; i++)
		done = add_models(r, a, version[i], &models, e);
	struct command c = command_new(a, n + 1);
	const struct reply *reply = NULL;
	command_addz(&c, "UNLINK");
	for (size_t i = 0; i < n; i++)
		command_add(&c, record_key(a, arena_cstr(a, version[i])));
	if (done == OK)
		done = redis_ask(r, &c, &reply, e);
	if (done != OK || str_trim(models).n == 0)
		return done;
	done = models_of_history(r, a, &kept, e);
	return done == OK ? models_drop(r, a, models, kept, e) : done;
}

static struct str make_mark(struct arena *a)
{
	unsigned char random[MARK_BYTES];
	char hex[2 * MARK_BYTES + 1];
	crypto_random(random, sizeof random);
	crypto_hex(random, sizeof random, hex);
	return arena_copy(a, str_of(hex));
}

enum outcome rulebooks_publish(struct redis *r, struct arena *a, const struct rulebooks_publication *p, struct err *e)
{
	enum outcome done = check_size(p, e);
	if (done == OK)
		done = models_put(r, a, p->files, e);
	if (done != OK)
		return done;
	struct command c = change_call(a, "rulebook_publish", p->version, 12 + 2 * p->files->n);
	command_addz(&c, p->expected);
	command_addz(&c, p->version);
	command_addz(&c, p->is_proposal ? "proposed" : "published");
	command_add(&c, p->by);
	command_add(&c, p->approver);
	command_add(&c, p->note);
	command_addz(&c, p->base);
	command_add(&c, p->ratios);
	command_int(&c, p->at_ms);
	command_add(&c, make_mark(a));
	for (size_t i = 0; i < p->files->n; i++) {
		const struct rulebook_file *f = &p->files->file[i];
		command_add(&c, arena_printf(a, FILE_PREFIX "%04zu:%d:%.*s", i, f->folder, STR_FMT(f->name)));
		command_add(&c, models_is_one(f->name) ? models_digest(a, f->bytes) : f->bytes);
	}
	command_addz(&c, "models");
	command_add(&c, models_list(a, p->files));
	const struct reply *gone = NULL;
	done = redis_ask(r, &c, &gone, e);
	return done == OK ? drop_forgotten(r, a, gone, e) : done;
}

static enum outcome change(
	struct redis *r, struct arena *a, const char *function, const struct rulebooks_change *change, struct err *e)
{
	if (change->by.n == 0 || change->by.n > LIMIT_PERSON_BYTES || change->note.n > LIMIT_NOTE_BYTES)
		return err_set(e, REJECT, "say who asks with --by NAME (at most %d bytes; a note has at most %d)",
			LIMIT_PERSON_BYTES, LIMIT_NOTE_BYTES);
	struct command c = change_call(a, function, change->version, 5);
	command_addz(&c, change->expected);
	command_addz(&c, change->version);
	command_add(&c, change->by);
	command_add(&c, change->note);
	command_int(&c, change->at_ms);
	const struct reply *gone = NULL;
	const enum outcome done = redis_ask(r, &c, &gone, e);
	return done == OK ? drop_forgotten(r, a, gone, e) : done;
}

enum outcome rulebooks_approve(struct redis *r, struct arena *a, const struct rulebooks_change *c, struct err *e)
{
	return change(r, a, "rulebook_approve", c, e);
}

enum outcome rulebooks_return(struct redis *r, struct arena *a, const struct rulebooks_change *c, struct err *e)
{
	return change(r, a, "rulebook_return", c, e);
}

enum outcome rulebooks_filling(struct redis *r, struct arena *a, int64_t from_ms, int64_t until_ms, struct err *e)
{
	struct command c = command_new(a, 6);
	command_addz(&c, "HSET");
	command_add(&c, keys_plain(a, KEY_rulebook_now));
	command_addz(&c, "fill_from_ms");
	command_int(&c, from_ms);
	command_addz(&c, "fill_until_ms");
	command_int(&c, until_ms);
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}

/* ---- history ---- */

static struct rulebooks_event event_of(struct arena *a, const struct reply *pairs)
{
	return (struct rulebooks_event){
		.action = arena_copy(a, reply_str(reply_field(pairs, "action"))),
		.version = arena_copy(a, reply_str(reply_field(pairs, "version"))),
		.previous = arena_copy(a, reply_str(reply_field(pairs, "previous"))),
		.by = arena_copy(a, reply_str(reply_field(pairs, "by"))),
		.approver = arena_copy(a, reply_str(reply_field(pairs, "approver"))),
		.note = arena_copy(a, reply_str(reply_field(pairs, "note"))),
		.at_ms = reply_int(reply_field(pairs, "at_ms")),
	};
}

enum outcome rulebooks_history(
	struct redis *r, struct arena *a, size_t max, struct rulebooks_event **out, size_t *n, struct err *e)
{
	struct command c = command_new(a, 6);
	command_addz(&c, "XREVRANGE");
	command_add(&c, keys_plain(a, KEY_rulebook_history));
	command_addz(&c, "+");
	command_addz(&c, "-");
	command_addz(&c, "COUNT");
	command_int(&c, (int64_t)max);
	const struct reply *list = NULL;
	*n = 0;
	const enum outcome done = redis_ask(r, &c, &list, e);
	if (done != OK)
		return done;
	*out = arena_list(a, struct rulebooks_event, reply_size(list) + 1);
	for (size_t i = 0; i < reply_size(list); i++)
		(*out)[(*n)++] = event_of(a, reply_at(reply_at(list, i), 1));
	return OK;
}
