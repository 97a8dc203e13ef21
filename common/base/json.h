/* Reading JSON: cJSON behind a strict door (the only file that includes cJSON). RFC 8259 exactly: UTF-8 validated, no
 * trailing bytes, no raw control characters, no leading zeros, depth capped; a byte order mark in front is passed over.
 * Numbers of more than 15 digits (or with an exponent) keep their text: json_i64, json_text_of and json_write give it exactly.
 * The escapes \u0000 and half a surrogate pair are legal JSON that no text can hold: they are read as U+FFFD.
 * Writing lives in buf.h. A document is owned by the caller; nodes and strings are borrowed from it. */
#ifndef EARSHOT_BASE_JSON_H
#define EARSHOT_BASE_JSON_H

#include "common/base/arena.h"
#include "common/base/buf.h"

struct json; /* any value: cJSON underneath */

/* NULL and `e` (REJECT, with byte offset) when it is not JSON. */
struct json *json_parse(struct str bytes, struct err *e);
void json_free(struct json *doc);
/* The same, but the document lives in the arena and dies with it: never json_free it. For paths that parse by the million. */
struct json *json_parse_in(struct arena *a, struct str bytes, struct err *e);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
/* All readers take NULL as "absent" and answer with the absent value, so that paths can be chained. */
enum json_kind json_kind(const struct json *v);
const struct json *json_get(const struct json *object, const char *key); /* exact case; the last of duplicates */
const struct json *json_at(const struct json *array, size_t i);
size_t json_size(const struct json *array_or_object);
const struct json *json_first(const struct json *array_or_object); /* walk: first, then next */
const struct json *json_next(const struct json *member);
struct str json_key(const struct json *member);
struct str json_str(const struct json *v); /* "" unless a string; never holds a NUL */
bool json_i64(const struct json *v, int64_t *out); /* integral numbers, or strings of digits */
double json_double(const struct json *v, double absent); /* too large for a double is absent */
bool json_bool(const struct json *v, bool absent);
/* Shorthands for members of an object. */
struct str json_str_of(const struct json *object, const char *key);
struct str json_copy_of(struct arena *a, const struct json *object, const char *key); /* the same, and it outlives the document */
int64_t json_i64_of(const struct json *object, const char *key, int64_t absent);
/* A string member, or a number written as text (ids of feeds and APIs come either way); the text lives in `a`. */
struct str json_text_of(struct arena *a, const struct json *object, const char *key);
/* Writes a value back as compact JSON. */
void json_write(struct buf *out, const struct json *v);

#endif
