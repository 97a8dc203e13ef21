/* Posts as JSON and back, by one table of fields. */
#include "common/base/post.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/names.h"
#include "common/base/post_fields.h"

#include <stddef.h>
#include <string.h>

#define ROW_STR(number, f, cap)                                                                                                  \
	{                                                                                                                        \
#f, number, POST_STR, offsetof(struct post, f), cap                                                              \
	}
#define ROW_COUNT(number, f)                                                                                                     \
	{                                                                                                                        \
#f, number, POST_COUNT, offsetof(struct post, f), 0                                                              \
	}
#define ROW_SMALL(number, f)                                                                                                     \
	{                                                                                                                        \
#f, number, POST_SMALL, offsetof(struct post, f), 0                                                              \
	}

const struct post_field_row post_fields[] = {
	ROW_STR(1, id, POST_ID_DIGITS),
	ROW_STR(2, source, LIMIT_FIELD_BYTES),
	ROW_STR(3, family, LIMIT_FIELD_BYTES),
	{ "kind", 4, POST_SORT, offsetof(struct post, kind), 0 },
	ROW_STR(5, parent, LIMIT_FIELD_BYTES),
	ROW_STR(6, native_id, LIMIT_FIELD_BYTES),
	ROW_STR(7, url, LIMIT_URL_BYTES),
	ROW_STR(8, author, LIMIT_FIELD_BYTES),
	ROW_COUNT(9, author_followers),
	ROW_COUNT(10, author_since_ms),
	ROW_SMALL(11, author_verified),
	ROW_STR(12, title, LIMIT_TITLE_BYTES),
	ROW_STR(13, text, LIMIT_TEXT_BYTES),
	ROW_STR(14, lang, LIMIT_FIELD_BYTES),
	ROW_SMALL(15, stars),
	ROW_STR(16, app_version, LIMIT_FIELD_BYTES),
	ROW_STR(17, region, LIMIT_FIELD_BYTES),
	ROW_SMALL(18, rank),
	ROW_COUNT(19, likes),
	ROW_COUNT(20, replies),
	ROW_COUNT(21, shares),
	ROW_COUNT(22, views),
	ROW_COUNT(23, posted_ms),
	ROW_COUNT(24, fetched_ms),
	{ "date_only", 25, POST_FLAG, offsetof(struct post, date_only), 0 },
};
#define NFIELDS (sizeof post_fields / sizeof *post_fields)
const size_t post_nfields = NFIELDS;

void post_init(struct post *p)
{
	*p = (struct post){ .author_followers = -1, .author_since_ms = -1, .author_verified = -1, .stars = -1, .rank = -1 };
	p->likes = p->replies = p->shares = p->views = -1;
	p->posted_ms = p->fetched_ms = -1;
}

int64_t post_count_ms(const struct post *p)
{
	if (p->posted_ms < 0 || p->date_only || p->posted_ms > p->fetched_ms + (int64_t)LIMIT_FUTURE_MS)
		return p->fetched_ms;
	return p->posted_ms;
}

static void field_write(struct buf *out, const struct post_field_row *row, const char *at)
{
	switch (row->type) {
	case POST_STR:
		buf_json_opt(out, row->name, *(const struct str *)(const void *)at);
		break;
	case POST_COUNT:
		buf_json_known(out, row->name, *(const int64_t *)(const void *)at);
		break;
	case POST_SMALL:
		buf_json_known(out, row->name, *(const int *)(const void *)at);
		break;
	case POST_SORT:
		buf_json_str(out, row->name, str_of(post_kind_names[*(const enum post_kind *)(const void *)at]));
		break;
	case POST_FLAG:
		if (*(const bool *)(const void *)at)
			buf_json_bool(out, row->name, true);
		break;
	}
}

void post_write(struct buf *out, const struct post *p)
{
	buf_addc(out, '{');
	for (size_t i = 0; i < NFIELDS; i++)
		field_write(out, &post_fields[i], (const char *)p + post_fields[i].offset);
	buf_addc(out, '}');
}

static enum outcome field_read_str(const struct post_field_row *row, const struct json *v, char *at, struct err *e)
{
	const struct str s = json_str(v);
	if (json_kind(v) != JSON_STRING && json_kind(v) != JSON_NULL)
		return err_set(e, REJECT, "post field \"%s\" has to be a string", row->name);
	if (s.n > row->max)
		return err_set(e, REJECT, "post field \"%s\" has %zu bytes, at most %zu are taken; cut it before", row->name, s.n,
			row->max);
	*(struct str *)(void *)at = s;
	return OK;
}

static enum outcome field_read_count(const struct post_field_row *row, const struct json *v, char *at, struct err *e)
{
	int64_t n = -1;
	if (json_kind(v) == JSON_NULL)
		return OK;
	if (!json_i64(v, &n))
		return err_set(e, REJECT, "post field \"%s\" has to be a whole number", row->name);
	if (row->type == POST_COUNT)
		*(int64_t *)(void *)at = n;
	else
		*(int *)(void *)at = n < -1 || n > INT32_MAX ? -1 : (int)n;
	return OK;
}

static enum outcome field_read(const struct post_field_row *row, const struct json *v, char *at, struct err *e)
{
	switch (row->type) {
	case POST_STR:
		return field_read_str(row, v, at, e);
	case POST_COUNT:
	case POST_SMALL:
		return field_read_count(row, v, at, e);
	case POST_SORT: {
		const int kind = names_index(post_kind_names, POST_KIND__N, json_str(v));
		*(enum post_kind *)(void *)at = kind < 0 ? POST_OTHER : (enum post_kind)kind;
		return OK;
	}
	case POST_FLAG:
		*(bool *)(void *)at = json_bool(v, false);
		return OK;
	}
	return OK;
}

/* Members mostly come in the order post_write gives them: the search begins behind the last one found. */
static const struct post_field_row *field_of(struct str name, size_t *next)
{
	for (size_t i = 0; i < NFIELDS; i++) {
		const struct post_field_row *row = &post_fields[(*next + i) % NFIELDS];
		if (row->name[0] != name.p[0] || !str_eqc(name, row->name))
			continue;
		*next = (size_t)(row - post_fields) + 1;
		return row;
	}
	return NULL;
}

/* One walk over the members, not one look-up a field: entries arrive by the hundred thousand. */
enum outcome post_read(struct arena *a, const struct json *object, struct post *out, struct err *e)
{
	(void)a; /* strings are borrowed from the document */
	post_init(out);
	if (json_kind(object) != JSON_OBJECT)
		return err_set(e, REJECT, "a post has to be a JSON object");
	size_t next = 0;
	for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
		const struct post_field_row *row = json_key(m).n > 0 ? field_of(json_key(m), &next) : NULL;
		if (row == NULL)
			continue;
		const enum outcome done = field_read(row, m, (char *)out + row->offset, e);
		if (done != OK)
			return done;
	}
	return OK;
}

struct str post_make_id(struct arena *a, struct str scope, struct str native)
{
	const struct str part[] = { scope, native };
	const struct sha256 hash = crypto_sha256_parts(part, 2);
	char *hex = arena_take(a, POST_ID_DIGITS + 1);
	crypto_hex(hash.byte, POST_ID_DIGITS / 2, hex);
	return (struct str){ hex, POST_ID_DIGITS };
}

/* "posted": ISO 8601 with a zone, or epoch seconds or milliseconds as number or text. */
static enum outcome read_posted(struct arena *a, const struct json *object, int64_t *out, struct err *e)
{
	const struct str text = json_text_of(a, object, "posted");
	if (text.n == 0)
		return OK;
	if (!clock_parse_iso(text, out))
		return err_set(e, REJECT, "\"posted\" is \"%.*s\"; write 2026-11-22T10:00:00Z or epoch seconds",
			STR_FMT(str_first(text, 60)));
	return OK;
}

enum outcome post_read_line(struct arena *a, const struct json *object, struct post *out, struct str *brand, struct err *e)
{
	if (json_kind(object) != JSON_OBJECT)
		return err_set(e, REJECT, "a post line has to be a JSON object with \"id\", \"source\" and \"text\"");
	const struct str native = json_text_of(a, object, "id");
	const struct json *id = json_get(object, "id");
	post_init(out);
	size_t next = 0;
	for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
		const struct post_field_row *row = json_key(m).n > 0 ? field_of(json_key(m), &next) : NULL;
		if (row == NULL || m == id)
			continue;
		const enum outcome done = field_read(row, m, (char *)out + row->offset, e);
		if (done != OK)
			return done;
	}
	const enum outcome dated = read_posted(a, object, &out->posted_ms, e);
	if (dated != OK)
		return dated;
	if (out->text.n == 0 && out->title.n == 0)
		return err_set(e, REJECT, "a post line needs \"text\" or \"title\"");
	if (native.n == 0 && out->url.n == 0)
		return err_set(e, REJECT, "a post line needs \"id\" or \"url\", so that it is counted once");
	out->native_id = native;
	out->id = post_make_id(a, out->source, native.n > 0 ? native : out->url);
	*brand = json_str_of(object, "brand");
	return OK;
}

/* ---- sets of fields ---- */

static uint64_t bit_of(const struct post_field_row *row)
{
	return 1ull << row->number; /* below 64 */
}

static size_t bytes_of(enum post_field_type type)
{
	switch (type) {
	case POST_STR:
		return sizeof(struct str);
	case POST_COUNT:
		return sizeof(int64_t);
	case POST_SMALL:
		return sizeof(int);
	case POST_SORT:
		return sizeof(enum post_kind);
	case POST_FLAG:
		break;
	}
	return sizeof(bool);
}

static bool is_needed(const struct post_field_row *row)
{
	static const char *const needed[] = { "id", "source", "family", "kind", "posted_ms", "fetched_ms", "date_only" };
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (strcmp(row->name, needed[i]) == 0)
			return true;
	return false;
}

static const struct post_field_row *row_of(struct str name)
{
	for (size_t i = 0; i < NFIELDS; i++)
		if (str_eqc(name, post_fields[i].name))
			return &post_fields[i];
	return NULL;
}

enum outcome post_fields_read(const struct str *name, size_t n, uint64_t *set, struct err *e)
{
	*set = 0;
	for (size_t i = 0; i < n; i++) {
		const struct post_field_row *row = row_of(name[i]);
		if (row == NULL)
			return err_set(e, REJECT,
				"a post has no field \"%.*s\"; there are title, text, url, author, native_id, parent, lang, "
				"stars, likes, replies, shares, views, rank, region, app_version, author_followers, "
				"author_since_ms and author_verified",
				STR_FMT(str_cut_utf8(name[i], 60)));
		*set |= bit_of(row);
	}
	for (size_t i = 0; i < NFIELDS && n > 0; i++)
		*set |= is_needed(&post_fields[i]) ? bit_of(&post_fields[i]) : 0;
	return OK;
}

void post_keep_fields(struct post *p, uint64_t set)
{
	struct post unknown;
	post_init(&unknown);
	for (size_t i = 0; i < NFIELDS && set != 0; i++) {
		const struct post_field_row *row = &post_fields[i];
		if (!(set & bit_of(row)))
			memcpy((char *)p + row->offset, (const char *)&unknown + row->offset, bytes_of(row->type));
	}
}
