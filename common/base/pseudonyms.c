/* The keys of authors' pseudonyms: reading, making, putting a new one in force. */
#include "common/base/pseudonyms.h"

#include "common/base/crypto.h"
#include "common/base/file.h"

#define FILE_BYTES (256u << 10)
#define LONGEST_KEY 4096
#define KEY_BYTES 32
#define HEX "0x" /* begins a line with a key that is no plain word, as one that somebody ended with a line end */

static const char *path_of(struct arena *a, const struct settings *s, const char *name)
{
	return arena_cstr(a, file_join(a, s->data, str_of(name)));
}

static const char *key_path(struct arena *a, const struct settings *s)
{
	return path_of(a, s, "pseudonym.key");
}

static const char *before_path(struct arena *a, const struct settings *s)
{
	return path_of(a, s, "pseudonym.keys.before");
}

/* A crash in a rotation leaves the key in force among those before, too. */
static bool add(struct pseudonym_keys *k, struct str key)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->key[i], key))
			return true;
	if (k->n == PSEUDONYM_KEYS)
		return false;
	k->key[k->n++] = key;
	return true;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str key_of_line(struct arena *a, struct str line)
{
	if (!str_starts(line, STR(HEX)))
		return line;
	char *key = arena_take(a, line.n / 2 + 1);
	size_t n = 0;
	for (size_t i = sizeof HEX - 1; i + 1 < line.n; i += 2) {
		const int high = digit_of(line.p[i]), low = digit_of(line.p[i + 1]);
		if (high < 0 || low < 0)
			return line; /* somebody's own word that begins so */
		key[n++] = (char)(high << 4 | low);
	}
	return (struct str){ key, n };
}

static struct str line_of_key(struct arena *a, struct str key)
{
	bool is_plain = !str_starts(key, STR(HEX));
	for (size_t i = 0; i < key.n; i++)
		is_plain = is_plain && key.p[i] > ' ' && key.p[i] < 0x7f;
	if (is_plain)
		return key;
	char *hex = arena_take(a, 2 * key.n + 1);
	crypto_hex((const unsigned char *)key.p, key.n, hex);
	return arena_printf(a, HEX "%.*s", (int)(2 * key.n), hex);
}

static enum outcome add_lines(struct arena *a, struct pseudonym_keys *k, struct str lines, struct err *e)
{
	struct str line;
	while (str_split(&lines, '\n', &line))
		if (str_trim(line).n > 0 && !add(k, key_of_line(a, str_trim(line))))
			return err_set(e, REJECT,
				"there are more than %d keys of pseudonyms; take the last lines out of "
				"pseudonym.keys.before: what was stored under them is not found by name any more",
				PSEUDONYM_KEYS);
	return OK;
}

static struct str make_key(struct arena *a)
{
	unsigned char random[KEY_BYTES];
	char *hex = arena_take(a, 2 * KEY_BYTES + 1);
	crypto_random(random, sizeof random);
	crypto_hex(random, sizeof random, hex);
	return (struct str){ hex, 2 * KEY_BYTES };
}

static enum outcome read_or_make(struct arena *a, const struct settings *s, bool makes, struct str *key, struct err *e)
{
	const char *path = key_path(a, s);
	if (file_exists(path))
		return file_read(a, path, LONGEST_KEY, key, e);
	if (!makes)
		return err_set(e, REJECT,
			"there is no key of pseudonyms: %s is missing and pseudonym_key is not set; run this with the "
			"crawler's configuration, on its machine",
			path);
	*key = make_key(a);
	const enum outcome done = file_mkdirs(arena_cstr(a, s->data), 0700, e);
	return done == OK ? file_write(path, *key, 0600, e) : done;
}

enum outcome pseudonyms_load(struct arena *a, const struct settings *s, bool makes, struct pseudonym_keys *out, struct err *e)
{
	struct str key = s->pseudonym_key, before = s->pseudonym_keys_before;
	const bool is_configured = key.n > 0;
	*out = (struct pseudonym_keys){ .n = 0 };
	enum outcome done = is_configured ? OK : read_or_make(a, s, makes, &key, e);
	if (done == OK && !is_configured && file_exists(before_path(a, s)))
		done = file_read(a, before_path(a, s), FILE_BYTES, &before, e);
	if (done != OK)
		return done;
	out->key[out->n++] = key; /* byte for byte: another line end would be another key */
	return add_lines(a, out, before, e);
}

enum outcome pseudonyms_rotate(struct arena *a, const struct settings *s, struct err *e)
{
	struct pseudonym_keys keys;
	struct str lines = STR("");
	if (s->pseudonym_key.n > 0)
		return err_set(e, REJECT,
			"pseudonym_key is configured: write its old value as the first line of the file that "
			"pseudonym_keys_before_file names, then put a new one in its place, on every machine");
	enum outcome done = pseudonyms_load(a, s, false, &keys, e);
	if (done == OK && keys.n == PSEUDONYM_KEYS)
		done = err_set(e, REJECT, "%d keys of pseudonyms are remembered, and no more can be; take lines out of %s",
			PSEUDONYM_KEYS, before_path(a, s));
	for (size_t i = 0; i < keys.n && done == OK; i++)
		lines = arena_printf(a, "%.*s%.*s\n", STR_FMT(lines), STR_FMT(line_of_key(a, keys.key[i])));
	if (done == OK)
		done = file_write(before_path(a, s), lines, 0600, e);
	if (done == OK)
		file_sync_folder(before_path(a, s)); /* the old key is safe before the new one takes its place */
	return done == OK ? file_write(key_path(a, s), make_key(a), 0600, e) : done;
}
