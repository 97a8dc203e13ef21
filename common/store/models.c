/* Trained models of published rulebooks, each once, by the hash of its bytes. */
#include "common/store/models.h"

#include "common/base/crypto.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#define ENDING ".model"

bool models_is_one(struct str file_name)
{
	return str_ends(file_name, STR(ENDING));
}

struct str models_digest(struct arena *a, struct str bytes)
{
	char hex[MODELS_DIGEST_DIGITS + 1];
	const struct sha256 hash = crypto_sha256_parts(&bytes, 1);
	crypto_hex(hash.byte, MODELS_DIGEST_DIGITS / 2, hex);
	return arena_copy(a, str_of(hex));
}

static struct str key_of(struct arena *a, struct str digest)
{
	return keys_make(a, KEY_model, digest, STR(""), STR(""));
}

enum outcome models_put(struct redis *r, struct arena *a, const struct rulebook_files *files, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < files->n && done == OK; i++) {
		if (!models_is_one(files->file[i].name))
			continue;
		struct command c = command_new(a, 4);
		const struct reply *reply = NULL;
		command_addz(&c, "HSET");
		command_add(&c, key_of(a, models_digest(a, files->file[i].bytes)));
		command_addz(&c, "bytes");
		command_add(&c, files->file[i].bytes);
		done = redis_ask(r, &c, &reply, e);
	}
	return done;
}

static bool is_digest(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == MODELS_DIGEST_DIGITS;
}

static enum outcome fill(struct redis *r, struct arena *a, struct rulebook_file *f, struct err *e)
{
	const struct reply *reply = NULL;
	const struct str digest = f->bytes;
	struct command c = command_new(a, 3);
	if (!is_digest(digest))
		return err_set(e, REJECT, "%s in Redis does not name its model; publish the rulebook again", f->path);
	command_addz(&c, "HGET");
	command_add(&c, key_of(a, digest));
	command_addz(&c, "bytes");
	const enum outcome done = redis_ask(r, &c, &reply, e);
	if (done != OK)
		return done;
	const struct str bytes = reply_str(reply);
	if (bytes.n == 0 || bytes.n > LIMIT_MODEL_BYTES)
		return err_set(e, REJECT, "Redis has %zu bytes as the model %s (%.*s); publish it again with earshot model use",
			bytes.n, f->path, STR_FMT(digest));
	f->bytes = arena_copy(a, bytes);
	return OK;
}

enum outcome models_fill(struct redis *r, struct arena *a, struct rulebook_files *files, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < files->n && done == OK; i++)
		if (models_is_one(files->file[i].name))
			done = fill(r, a, &files->file[i], e);
	return done;
}

struct str models_list(struct arena *a, const struct rulebook_files *files)
{
	struct str list = STR("");
	for (size_t i = 0; i < files->n; i++)
		if (models_is_one(files->file[i].name)) {
			const struct str digest = models_digest(a, files->file[i].bytes);
			list = arena_printf(a, "%.*s%s%.*s", STR_FMT(list), list.n > 0 ? " " : "", STR_FMT(digest));
		}
	return list;
}

enum outcome models_drop(struct redis *r, struct arena *a, struct str list, struct str kept, struct err *e)
{
	struct str digest;
	enum outcome done = OK;
	while (done == OK && str_split(&list, ' ', &digest)) {
		if (!is_digest(digest) || str_find(kept, digest) >= 0)
			continue;
		struct command c = command_new(a, 2);
		const struct reply *reply = NULL;
		command_addz(&c, "UNLINK");
		command_add(&c, key_of(a, digest));
		done = redis_ask(r, &c, &reply, e);
	}
	return done;
}
