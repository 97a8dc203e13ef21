/* Asking JSON values, and writing them back. */
#include "common/base/json_node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum json_kind json_kind(const struct json *v)
{
	return v ? (enum json_kind)v->kind : JSON_NULL;
}

static bool has_members(const struct json *v)
{
	return json_kind(v) == JSON_ARRAY || json_kind(v) == JSON_OBJECT;
}

const struct json *json_first(const struct json *array_or_object)
{
	return has_members(array_or_object) ? array_or_object->first : NULL;
}

const struct json *json_next(const struct json *member)
{
	return member ? member->next : NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
	const struct json *found = NULL;
	const size_t n = strlen(key);
	if (json_kind(object) != JSON_OBJECT)
		return NULL;
	for (const struct json *m = object->first; m; m = m->next)
		if (m->key_n == n && memcmp(m->key, key, n) == 0)
			found = m;
	return found;
}

const struct json *json_at(const struct json *array, size_t i)
{
	if (json_kind(array) != JSON_ARRAY)
		return NULL;
	const struct json *v = array->first;
	while (v && i-- > 0)
		v = v->next;
	return v;
}

size_t json_size(const struct json *array_or_object)
{
	size_t n = 0;
	for (const struct json *v = json_first(array_or_object); v; v = v->next)
		n++;
	return n;
}

struct str json_key(const struct json *member)
{
	return member && member->key ? (struct str){ member->key, member->key_n } : STR("");
}

/* As written, without a loss. */
static struct str number_text(const struct json *v)
{
	return (struct str){ v->text, v->n };
}

struct str json_str(const struct json *v)
{
	return json_kind(v) == JSON_STRING ? (struct str){ v->text, v->n } : STR("");
}

bool json_i64(const struct json *v, int64_t *out)
{
	const double exact = 9007199254740992.0; /* 2^53: up to here a double holds every integer */
	if (json_kind(v) == JSON_STRING)
		return str_to_i64(json_str(v), out);
	if (json_kind(v) == JSON_NUMBER && str_to_i64(number_text(v), out))
		return true;
	const double d = json_double(v, NAN);
	if (!isfinite(d) || d != floor(d) || fabs(d) > exact)
		return false;
	*out = (int64_t)d;
	return true;
}

double json_double(const struct json *v, double absent)
{
	if (json_kind(v) != JSON_NUMBER)
		return absent;
	const double d = strtod(v->text, NULL); /* it ends at whatever stands behind a number in JSON */
	return isfinite(d) ? d : absent;
}

bool json_bool(const struct json *v, bool absent)
{
	return json_kind(v) == JSON_BOOL ? v->n == 1 : absent;
}

struct str json_str_of(const struct json *object, const char *key)
{
	return json_str(json_get(object, key));
}

int64_t json_i64_of(const struct json *object, const char *key, int64_t absent)
{
	int64_t v = absent;
	return json_i64(json_get(object, key), &v) ? v : absent;
}

struct str json_text_of(struct arena *a, const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);
	return json_kind(v) == JSON_NUMBER ? arena_copy(a, number_text(v)) : json_str(v);
}

static void write_members(struct buf *out, const struct json *v, bool with_keys)
{
	buf_addc(out, with_keys ? '{' : '[');
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (with_keys)
			buf_json_member(out, json_key(m));
		else
			buf_json_comma(out);
		json_write(out, m);
	}
	buf_addc(out, with_keys ? '}' : ']');
}

void json_write(struct buf *out, const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_NULL:
		buf_addz(out, "null");
		break;
	case JSON_BOOL:
		buf_addz(out, json_bool(v, false) ? "true" : "false");
		break;
	case JSON_NUMBER:
		buf_adds(out, number_text(v));
		break;
	case JSON_STRING:
		buf_json_string(out, json_str(v));
		break;
	case JSON_ARRAY:
		write_members(out, v, false);
		break;
	case JSON_OBJECT:
		write_members(out, v, true);
		break;
	}
}
