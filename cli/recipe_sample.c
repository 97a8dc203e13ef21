/* The stored samples of recipes: found, compared, masked. */
#include "cli/recipe_sample.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/text/mask.h"
#include "crawler/recipe_write.h"

#include <string.h>

#define WRITTEN_MAX (4u * LIMIT_BODY_BYTES)

/* ---- finding ---- */

static struct str stem_of(struct str file)
{
	const ptrdiff_t at = str_find(file, STR(".sample."));
	return str_first(file, at < 0 ? 0 : (size_t)at);
}

size_t recipe_samples(struct arena *a, const struct recipe *r, struct recipe_sample **out)
{
	struct str *name = NULL;
	size_t n = 0, found = 0;
	const struct str folder = file_folder(a, r->path), dotted = arena_printf(a, "%.*s.", STR_FMT(r->name));
	*out = NULL;
	if (file_list(a, arena_cstr(a, folder), "", &name, &n, NULL) != OK)
		return 0;
	*out = arena_list(a, struct recipe_sample, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct str stem = stem_of(name[i]);
		if (!str_eq(stem, r->name) && !str_starts(stem, dotted))
			continue;
		const struct str expected = arena_printf(a, "%.*s.expected.json", STR_FMT(stem));
		(*out)[found++] = (struct recipe_sample){ stem, arena_cstr(a, file_join(a, folder, name[i])),
			arena_cstr(a, file_join(a, folder, expected)) };
	}
	return found;
}

/* ---- comparing ---- */

static const struct json *read_expected(struct arena *a, const char *path, struct err *e)
{
	struct str bytes;
	return file_read(a, path, LIMIT_BODY_BYTES, &bytes, e) == OK ? json_parse_in(a, bytes, e) : NULL;
}

/* Without an expected file: the address of the example, and no time. */
static void page_of(struct arena *a, const struct recipe *r, const struct json *expected, struct page *page)
{
	const struct str url = json_str_of(expected, "url");
	page->url = arena_copy(a, url.n > 0 ? url : r->example);
	page->content_type = json_str_of(expected, "content_type");
	if (!clock_parse_iso(json_str_of(expected, "fetched"), &page->fetched_ms))
		page->fetched_ms = clock_from_utc(2026, 6, 1, 8, 0, 0);
}

static void say_value(struct buf *why, const char *word, const struct json *v)
{
	struct buf text;
	buf_init(&text, LIMIT_BODY_BYTES);
	if (v != NULL)
		json_write(&text, v);
	buf_addf(why, "%s%.*s", word, (int)str_cut_utf8(buf_str(&text), 120).n, v != NULL ? text.p : "nothing");
	buf_release(&text);
}

static bool is_same(const struct json *x, const struct json *y)
{
	struct buf left, right;
	if (x == NULL || y == NULL)
		return x == y;
	buf_init(&left, LIMIT_BODY_BYTES);
	buf_init(&right, LIMIT_BODY_BYTES);
	json_write(&left, x);
	json_write(&right, y);
	const bool same = str_eq(buf_str(&left), buf_str(&right));
	buf_release(&left);
	buf_release(&right);
	return same;
}

static void compare_member(
	const char *where, const char *key, const struct json *expected, const struct json *came, struct buf *why)
{
	if (is_same(expected, came))
		return;
	buf_addf(why, "%s%s", where, key);
	say_value(why, ": expected ", expected);
	say_value(why, ", came ", came);
	buf_addc(why, '\n');
}

static void compare_post(struct arena *a, size_t i, const struct json *expected, const struct json *came, struct buf *why)
{
	const char *where = arena_printf(a, "post %zu: ", i + 1).p;
	for (const struct json *m = json_first(expected); m != NULL; m = json_next(m)) {
		const char *key = arena_cstr(a, json_key(m));
		compare_member(where, key, m, json_get(came, key), why);
	}
	for (const struct json *m = json_first(came); m != NULL; m = json_next(m)) {
		const char *key = arena_cstr(a, json_key(m));
		if (json_get(expected, key) == NULL)
			compare_member(where, key, NULL, m, why);
	}
}

static void compare(struct arena *a, const struct json *expected, const struct json *came, struct buf *why)
{
	const struct json *left = json_get(expected, "posts"), *right = json_get(came, "posts");
	compare_member("", "error", json_get(expected, "error"), json_get(came, "error"), why);
	compare_member("", "next", json_get(expected, "next"), json_get(came, "next"), why);
	if (json_size(left) != json_size(right))
		buf_addf(why, "expected %zu posts, came %zu\n", json_size(left), json_size(right));
	const struct json *l = json_first(left), *r = json_first(right);
	for (size_t i = 0; l != NULL && r != NULL; i++, l = json_next(l), r = json_next(r))
		compare_post(a, i, l, r, why);
}

bool recipe_sample_test(
	struct arena *a, const struct recipe *r, const struct recipe_sample *sample, bool accept, struct buf *why, size_t *posts)
{
	struct page page = { 0 };
	struct err e = { 0 };
	struct recipe_result result = { 0 };
	struct buf written;
	const struct json *expected = read_expected(a, sample->expected_path, &e);
	if (expected == NULL && !accept)
		buf_addf(why, "%s; write it with --accept after a look at what comes\n", e.text);
	page_of(a, r, expected, &page);
	if (file_read(a, sample->path, LIMIT_BODY_BYTES, &page.bytes, &e) != OK) {
		buf_addf(why, "%s\n", e.text);
		return false;
	}
	const enum outcome done = recipe_read(a, r, &page, &result, &e);
	*posts = result.n;
	buf_init(&written, WRITTEN_MAX);
	recipe_write(&written, &page, &result, done == OK ? STR("") : str_of(e.text));
	if (accept) {
		if (file_write(sample->expected_path, buf_str(&written), 0644, &e) != OK)
			buf_addf(why, "%s\n", e.text);
	} else if (expected != NULL) {
		compare(a, expected, json_parse_in(a, buf_str(&written), NULL), why);
	}
	buf_release(&written);
	return why->n == 0;
}

/* ---- masking ---- */

static bool is_word_byte(struct str s, size_t at)
{
	return at < s.n && (unsigned char)s.p[at] < 0x80 && utf8_is_word((unsigned char)s.p[at]);
}

/* A name stands alone: Ann in "Ann said", not in "Annual". */
static bool stands_alone(struct str text, size_t at, struct str name)
{
	const bool before = at > 0 && is_word_byte(text, at - 1) && is_word_byte(name, 0);
	return !before && !(is_word_byte(text, at + name.n) && is_word_byte(name, name.n - 1));
}

static void add_without(struct buf *out, struct str text, const struct str *author, size_t n)
{
	for (size_t at = 0; at < text.n;) {
		size_t i = 0;
		while (i < n && !(str_starts(str_from(text, at), author[i]) && stands_alone(text, at, author[i])))
			i++;
		if (i == n) {
			buf_addc(out, text.p[at++]);
			continue;
		}
		buf_addf(out, "author-%zu", i + 1);
		at += author[i].n;
	}
}

static struct str mask_string(struct arena *a, struct str text, const struct str *author, size_t n)
{
	struct buf out;
	size_t masked = 0;
	buf_init(&out, WRITTEN_MAX);
	add_without(&out, mask_text(a, text, &masked), author, n);
	const struct str made = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return made;
}

/* Numbers are ids and counts; a telephone number as a number is one that an API should not have. */
static void mask_json(struct arena *a, struct buf *out, const struct json *v, const struct str *author, size_t n)
{
	const enum json_kind kind = json_kind(v);
	if (kind == JSON_STRING) {
		buf_json_string(out, mask_string(a, json_str(v), author, n));
	} else if (kind != JSON_ARRAY && kind != JSON_OBJECT) {
		json_write(out, v);
	} else {
		buf_addc(out, kind == JSON_ARRAY ? '[' : '{');
		for (const struct json *m = json_first(v); m != NULL; m = json_next(m)) {
			if (kind == JSON_OBJECT)
				buf_json_member(out, json_key(m));
			else
				buf_json_comma(out);
			mask_json(a, out, m, author, n);
		}
		buf_addc(out, kind == JSON_ARRAY ? ']' : '}');
	}
}

struct str recipe_sample_mask(struct arena *a, struct str utf8, const struct str *author, size_t nauthors)
{
	struct json *doc = json_parse(utf8, NULL);
	if (doc == NULL)
		return mask_string(a, utf8, author, nauthors);
	struct buf out;
	buf_init(&out, WRITTEN_MAX);
	mask_json(a, &out, doc, author, nauthors);
	buf_addc(&out, '\n');
	const struct str made = arena_copy(a, buf_str(&out));
	buf_release(&out);
	json_free(doc);
	return made;
}
