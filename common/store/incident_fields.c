/* The fields of an incident, one row each, to a Redis hash, to JSON, and back. */
#include "common/store/incident_fields.h"

#include "common/base/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum field_type { FIELD_TEXT, FIELD_STATE, FIELD_LEVEL, FIELD_INT, FIELD_NUMBER, FIELD_BOOL };

struct field {
	const char *name;
	enum field_type type;
	size_t offset, size;
};

#define FIELD(name, type, member)                                                                                                \
	{                                                                                                                        \
		name, type, offsetof(struct incident, member), sizeof(((struct incident *)NULL)->member)                         \
	}

static const struct field fields[] = {
	FIELD("id", FIELD_TEXT, id),
	FIELD("series", FIELD_TEXT, series),
	FIELD("state", FIELD_STATE, state),
	FIELD("level", FIELD_LEVEL, level),
	FIELD("revision", FIELD_INT, revision),
	FIELD("onset_ms", FIELD_INT, onset_ms),
	FIELD("opened_ms", FIELD_INT, opened_ms),
	FIELD("changed_ms", FIELD_INT, changed_ms),
	FIELD("closed_ms", FIELD_INT, closed_ms),
	FIELD("muted_until_ms", FIELD_INT, muted_until_ms),
	FIELD("last_over_ms", FIELD_INT, last_over_ms),
	FIELD("observed", FIELD_NUMBER, peak.observed),
	FIELD("expected", FIELD_NUMBER, peak.expected),
	FIELD("expected_low", FIELD_NUMBER, peak.low),
	FIELD("expected_high", FIELD_NUMBER, peak.high),
	FIELD("score", FIELD_NUMBER, peak.score),
	FIELD("p_value", FIELD_NUMBER, peak.p_value),
	FIELD("ratio", FIELD_NUMBER, peak.ratio),
	FIELD("window_ms", FIELD_INT, peak.window_ms),
	FIELD("since_ms", FIELD_INT, peak.since_ms),
	FIELD("missing", FIELD_BOOL, peak.missing),
	FIELD("posts", FIELD_NUMBER, posts),
	FIELD("negative", FIELD_NUMBER, negative),
	FIELD("complaints", FIELD_NUMBER, complaints),
	FIELD("category", FIELD_TEXT, category),
	FIELD("by", FIELD_TEXT, by),
	FIELD("note", FIELD_TEXT, note),
};

#define NFIELDS (sizeof(fields) / sizeof(fields[0]))

size_t incident_fields_count(void)
{
	return NFIELDS;
}

static const void *place(const struct incident *i, const struct field *f)
{
	return (const char *)i + f->offset;
}

/* Texts and names as they are written; "" for the other types. */
static struct str text_of(const struct incident *i, const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT: {
		const char *p = place(i, f);
		return (struct str){ p, strnlen(p, f->size) };
	}
	case FIELD_STATE:
		return str_of(incident_state_names[i->state]);
	case FIELD_LEVEL:
		return str_of(level_names[i->level]);
	case FIELD_INT:
	case FIELD_NUMBER:
	case FIELD_BOOL:
		break;
	}
	return STR("");
}

static int64_t int_of(const struct incident *i, const struct field *f)
{
	int64_t v = 0;
	memcpy(&v, place(i, f), sizeof(v));
	return v;
}

static double number_of(const struct incident *i, const struct field *f)
{
	double v = 0;
	memcpy(&v, place(i, f), sizeof(v));
	return v;
}

static bool bool_of(const struct incident *i, const struct field *f)
{
	bool v = false;
	memcpy(&v, place(i, f), sizeof(v));
	return v;
}

void incident_fields_add(struct command *c, const struct incident *i)
{
	for (size_t n = 0; n < NFIELDS; n++) {
		const struct field *f = &fields[n];
		command_addz(c, f->name);
		if (f->type == FIELD_INT)
			command_int(c, int_of(i, f));
		else if (f->type == FIELD_NUMBER)
			command_double(c, number_of(i, f));
		else if (f->type == FIELD_BOOL)
			command_addz(c, bool_of(i, f) ? "1" : "0");
		else
			command_add(c, text_of(i, f));
	}
}

/* A p value of 1e-30 is as real as one of 0.03: digits that count, not decimals. */
static void write_number(struct buf *out, const char *name, double v)
{
	buf_json_key(out, name);
	if (isfinite(v))
		buf_addf(out, "%.9g", v);
	else
		buf_addz(out, "null");
}

void incident_fields_write(struct buf *out, const struct incident *i)
{
	for (size_t n = 0; n < NFIELDS; n++) {
		const struct field *f = &fields[n];
		if (f->type == FIELD_INT)
			buf_json_int(out, f->name, int_of(i, f));
		else if (f->type == FIELD_NUMBER)
			write_number(out, f->name, number_of(i, f));
		else if (f->type == FIELD_BOOL)
			buf_json_bool(out, f->name, bool_of(i, f));
		else
			buf_json_str(out, f->name, text_of(i, f));
	}
}

static int named(const char *const *names, int n, struct str name)
{
	int i = names_index(names, n, name);
	return i < 0 ? 0 : i;
}

/* Texts are cut to their field at a character's border. */
static void put_text(struct incident *out, const struct field *f, struct str text)
{
	if (f->type == FIELD_STATE) {
		out->state = (enum incident_state)named(incident_state_names, INC__N, text);
	} else if (f->type == FIELD_LEVEL) {
		out->level = (enum level)named(level_names, LEVEL__N, text);
	} else {
		struct str cut = str_cut_utf8(text, f->size - 1);
		(void)snprintf((char *)out + f->offset, f->size, "%.*s", STR_FMT(cut));
	}
}

static void put_value(struct incident *out, const struct field *f, int64_t whole, double number)
{
	char *to = (char *)out + f->offset;
	bool yes = whole != 0;
	if (f->type == FIELD_INT)
		memcpy(to, &whole, sizeof(whole));
	else if (f->type == FIELD_NUMBER)
		memcpy(to, &number, sizeof(number));
	else
		memcpy(to, &yes, sizeof(yes));
}

static bool is_text(const struct field *f)
{
	return f->type == FIELD_TEXT || f->type == FIELD_STATE || f->type == FIELD_LEVEL;
}

void incident_fields_read(const struct reply *hash, struct incident *out)
{
	*out = (struct incident){ 0 };
	for (size_t n = 0; n < NFIELDS; n++) {
		const struct field *f = &fields[n];
		const struct reply *value = reply_field(hash, f->name);
		double number = 0;
		if (is_text(f)) {
			put_text(out, f, reply_str(value));
			continue;
		}
		if (!str_to_double(reply_str(value), &number))
			number = 0;
		put_value(out, f, reply_int(value), number);
	}
}

void incident_fields_parse(const struct json *object, struct incident *out)
{
	*out = (struct incident){ 0 };
	for (size_t n = 0; n < NFIELDS; n++) {
		const struct field *f = &fields[n];
		const struct json *value = json_get(object, f->name);
		int64_t whole = json_bool(value, false);
		if (is_text(f)) {
			put_text(out, f, json_str(value));
			continue;
		}
		(void)json_i64(value, &whole); /* absent or of another kind: stays as it is */
		put_value(out, f, whole, json_double(value, 0));
	}
}
