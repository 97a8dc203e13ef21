/* Reading the value of a number field: 5, >100, [1 TO 5], [2026-01-01 TO *], yes, and a time zone behind it. */
#include "common/text/query_node.h"

#include "common/base/clock.h"
#include "common/base/names.h"

#include <string.h>

struct value {
	const struct query_field *field;
	const struct query_token *token;
	struct query_range *out;
	struct problems *p;
};

static bool tell_bad(const struct value *v, const char *why)
{
	const char *example = v->field->kind == FIELD_TIME     ? "[2026-01-01 TO 2026-02-01]"
			      : v->field->kind == FIELD_BOOL   ? "yes"
			      : v->field->kind == FIELD_MINUTE ? "[540 TO 1080]+08:00"
							       : "[1 TO 5], >2 or 3";
	query_tell(v->p, QUERY_Q013, v->token->place, "%s:%.*s %s; write it as in %s:%s", v->field->name, STR_FMT(v->token->text),
		why, v->field->name, example);
	return false;
}

/* ---- one end of a range ---- */

static bool two_digits(struct str s, size_t at, int most, int *out)
{
	if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9')
		return false;
	*out = (s.p[at] - '0') * 10 + s.p[at + 1] - '0';
	return *out <= most;
}

/* 2026-01-31 or 2026-01-31T09:00; *span is how long what was named lasts, less a millisecond. */
static bool read_moment(struct str s, int64_t *out, int64_t *span)
{
	int century, of_century, month, day, hour = 0, minute = 0;
	if (!two_digits(s, 0, 99, &century) || !two_digits(s, 2, 99, &of_century) || s.n < 10 || s.p[4] != '-' || s.p[7] != '-' ||
		!two_digits(s, 5, 12, &month) || !two_digits(s, 8, 31, &day) || month == 0 || day == 0 || century < 19)
		return false;
	*span = MS_PER_DAY - 1;
	if (s.n > 10) {
		if (s.n != 16 || (s.p[10] != 'T' && s.p[10] != ' ') || s.p[13] != ':' || !two_digits(s, 11, 23, &hour) ||
			!two_digits(s, 14, 59, &minute))
			return false;
		*span = MS_PER_MINUTE - 1;
	}
	*out = clock_from_utc(century * 100 + of_century, month, day, hour, minute, 0);
	return *out >= 0;
}

static bool read_end(const struct value *v, struct str s, bool is_upper, int64_t *out)
{
	int64_t span = 0;
	s = str_trim(s);
	if (str_eqc(s, "*")) {
		*out = is_upper ? v->field->most : v->field->least;
		return true;
	}
	if (v->field->kind == FIELD_TIME) {
		if (!read_moment(s, out, &span))
			return false;
		*out += (is_upper ? span : 0) - v->out->zone_minutes * MS_PER_MINUTE;
		return true;
	}
	return str_to_i64(s, out) && *out >= v->field->least && *out <= v->field->most;
}

/* ---- the shapes ---- */

/* "+08:00" behind a bracket, or at the end of a single moment. */
static bool take_zone(struct str *s, int *minutes)
{
	int hour, minute;
	*minutes = 0;
	if (s->n < 6)
		return true;
	const struct str zone = str_from(*s, s->n - 6);
	if ((zone.p[0] != '+' && zone.p[0] != '-') || zone.p[3] != ':')
		return true;
	if (!two_digits(zone, 1, 14, &hour) || !two_digits(zone, 4, 59, &minute))
		return false;
	*minutes = (hour * 60 + minute) * (zone.p[0] == '-' ? -1 : 1);
	*s = str_first(*s, s->n - 6);
	return true;
}

static bool parse_bracket(const struct value *v, struct str inside)
{
	static const char *const words[] = { " TO ", " 至 ", " 到 ", "至", "到" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const ptrdiff_t at = str_find(inside, str_of(words[i]));
		if (at < 0)
			continue;
		if (!read_end(v, str_first(inside, (size_t)at), false, &v->out->from) ||
			!read_end(v, str_from(inside, (size_t)at + strlen(words[i])), true, &v->out->to))
			return tell_bad(v, "has an end that this field cannot have");
		if (v->out->from > v->out->to && v->field->kind != FIELD_MINUTE)
			return tell_bad(v, "is turned round and holds nothing");
		return true;
	}
	return tell_bad(v, "has no TO between its ends");
}

static bool parse_comparison(const struct value *v, struct str s)
{
	const bool is_more = s.p[0] == '>', has_equal = s.n > 1 && s.p[1] == '=';
	int64_t lower, upper;
	s = str_from(s, has_equal ? 2 : 1);
	if (!read_end(v, s, false, &lower) || !read_end(v, s, true, &upper) || str_eqc(str_trim(s), "*"))
		return tell_bad(v, "compares with what this field cannot be");
	v->out->from = is_more ? (has_equal ? lower : upper + 1) : v->field->least;
	v->out->to = is_more ? v->field->most : (has_equal ? upper : lower - 1);
	if (v->out->from > v->out->to)
		return tell_bad(v, "is never true");
	return true;
}

static bool parse_name(const struct value *v, struct str s)
{
	static const char *const zh[] = { "否", "是" };
	int index = names_index(v->field->names, v->field->nnames, s);
	if (index < 0)
		index = names_index(zh, 2, s);
	if (index < 0)
		return tell_bad(v, "is neither yes nor no");
	v->out->from = v->out->to = index;
	return true;
}

static bool is_bracket(struct str s)
{
	return s.n > 1 && s.p[0] == '[' && s.p[s.n - 1] == ']';
}

bool query_range_parse(const struct query_field *f, const struct query_token *token, struct query_range *out, struct problems *p)
{
	const struct value v = { f, token, out, p };
	struct str s = str_trim(token->text);
	*out = (struct query_range){ 0 };
	if (s.n == 0)
		return tell_bad(&v, "has no value");
	if (f->kind == FIELD_BOOL)
		return parse_name(&v, s);
	const bool has_zone = f->kind == FIELD_TIME || f->kind == FIELD_MINUTE || f->kind == FIELD_WEEKDAY;
	if (has_zone && !take_zone(&s, &out->zone_minutes))
		return tell_bad(&v, "has a time zone that does not exist");
	if (is_bracket(s))
		return parse_bracket(&v, (struct str){ s.p + 1, s.n - 2 });
	if (s.n > 0 && (s.p[0] == '>' || s.p[0] == '<'))
		return parse_comparison(&v, s);
	if (s.n > 0 && s.p[0] == '=')
		s = str_from(s, 1);
	if (s.n == 0 || str_eqc(s, "*") || !read_end(&v, s, false, &out->from) || !read_end(&v, s, true, &out->to))
		return tell_bad(&v, "is not a value of this field");
	return true;
}
