/* Traps: addresses of next pages that lead on for ever. */
#include "crawler/trap.h"

#include <earshot/limits.h>

#include "common/base/clock.h"

#define PIECES 64 /* of a path or a query that are looked at; more are a sign by themselves */
#define IN_A_ROW 3 /* times that the same stands there */
#define IN_A_ROW_NUMBERS 4 /* 11/11/11 is a date */
#define IN_ALL 4 /* times that one word stands anywhere in a path */
#define OLDEST_YEAR 1990
#define YEAR_MS (366 * MS_PER_DAY)

/* Segments of a path or parameters of a query. */
struct pieces {
	struct str at[PIECES];
	size_t n; /* more than PIECES: the others were not kept */
};

/* Both addresses in parts. */
struct look {
	struct url next, own;
	struct pieces path, own_path, query, own_query;
	int64_t now_ms;
};

static struct pieces split(struct str text, char sign)
{
	struct pieces out = { .n = 0 };
	struct str piece;
	while (str_split(&text, sign, &piece)) {
		if (piece.n == 0)
			continue;
		if (out.n < PIECES)
			out.at[out.n] = piece;
		out.n++;
	}
	return out;
}

static size_t kept(const struct pieces *p)
{
	return p->n < PIECES ? p->n : PIECES;
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* ---- path ---- */

static bool is_block_at(const struct pieces *p, size_t from, size_t to, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!str_eq(p->at[from + i], p->at[to + i]))
			return false;
	return true;
}

static bool has_words(const struct pieces *p, size_t from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_number(p->at[from + i]))
			return true;
	return false;
}

/* How often the block that begins here stands here, one behind the other. */
static size_t times_in_a_row(const struct pieces *p, size_t from, size_t length)
{
	size_t times = 1;
	while (from + (times + 1) * length <= kept(p) && is_block_at(p, from, from + times * length, length))
		times++;
	return times;
}

static bool repeats_in_a_row(const struct pieces *p)
{
	for (size_t length = 1; length <= kept(p) / IN_A_ROW; length++)
		for (size_t from = 0; from + IN_A_ROW * length <= kept(p); from++)
			if (times_in_a_row(p, from, length) >= (has_words(p, from, length) ? IN_A_ROW : IN_A_ROW_NUMBERS))
				return true;
	return false;
}

static bool repeats_in_all(const struct pieces *p)
{
	for (size_t i = 0; i < kept(p); i++) {
		size_t times = 0;
		for (size_t k = i; k < kept(p); k++)
			times += str_eq(p->at[i], p->at[k]);
		if (times >= IN_ALL && !is_number(p->at[i]))
			return true;
	}
	return false;
}

static bool is_repeating(const struct look *l)
{
	return (repeats_in_a_row(&l->path) && !repeats_in_a_row(&l->own_path)) ||
	       (repeats_in_all(&l->path) && !repeats_in_all(&l->own_path));
}

static bool is_deep(const struct look *l)
{
	return l->path.n > LIMIT_TRAP_DEPTH && l->path.n > l->own_path.n + 2;
}

/* ---- query ---- */

static bool repeats_parameters(const struct pieces *p)
{
	for (size_t i = 0; i < kept(p); i++) {
		size_t times = 0;
		for (size_t k = i; k < kept(p); k++)
			times += str_eq(p->at[i], p->at[k]);
		if (times >= IN_A_ROW)
			return true;
	}
	return p->n > PIECES;
}

static bool is_asking_again(const struct look *l)
{
	return repeats_parameters(&l->query) && !repeats_parameters(&l->own_query);
}

static bool is_nested(const struct look *l)
{
	return str_find(l->next.href, STR("%2525")) >= 0 && str_find(l->own.href, STR("%2525")) < 0;
}

static bool is_grown(const struct look *l)
{
	return l->next.href.n > l->own.href.n + LIMIT_TRAP_GROWTH_BYTES;
}

/* ---- calendar ---- */

static bool number_in(struct str s, size_t from, size_t n, int64_t least, int64_t most, int64_t *out)
{
	return from + n <= s.n && is_number(str_first(str_from(s, from), n)) &&
	       str_to_i64(str_first(str_from(s, from), n), out) && *out >= least && *out <= most;
}

/* 2026-11, 2026-11-22, 2026/11 … as one piece: a year, a sign, a month, and no further digit. */
static bool year_of_date(struct str s, int64_t *year)
{
	int64_t month;
	if (s.n < 7 || (s.p[4] != '-' && s.p[4] != '_' && s.p[4] != '.') || !number_in(s, 0, 4, 1, 9999, year))
		return false;
	return number_in(s, 5, 2, 1, 12, &month) && (s.n == 7 || s.p[7] < '0' || s.p[7] > '9');
}

/* 2026/11 as two pieces of a path. */
static bool year_of_two(struct str year_text, struct str month_text, int64_t *year)
{
	int64_t month;
	return year_text.n == 4 && number_in(year_text, 0, 4, 1, 9999, year) && month_text.n <= 2 &&
	       number_in(month_text, 0, month_text.n, 1, 12, &month);
}

static bool year_of_parameter(struct str parameter, int64_t *year)
{
	struct str name;
	if (!str_split(&parameter, '=', &name))
		return false;
	return year_of_date(parameter, year) || ((str_ieq(name, STR("year")) || str_ieq(name, STR("yr"))) && parameter.n == 4 &&
							number_in(parameter, 0, 4, 1, 9999, year));
}

static bool find_year(const struct pieces *path, const struct pieces *query, int64_t *year)
{
	for (size_t i = 0; i < kept(path); i++)
		if (year_of_date(path->at[i], year) || (i + 1 < kept(path) && year_of_two(path->at[i], path->at[i + 1], year)))
			return true;
	for (size_t i = 0; i < kept(query); i++)
		if (year_of_parameter(query->at[i], year))
			return true;
	return false;
}

/* Topic 2077 has a page 12, too: a number that the configured address has as well is no year. */
static bool has_number(const struct pieces *p, int64_t number)
{
	for (size_t i = 0; i < kept(p); i++) {
		int64_t n;
		if (str_to_i64(p->at[i], &n) && n == number)
			return true;
	}
	return false;
}

static bool is_calendar(const struct look *l)
{
	int64_t year, own_year;
	if (l->now_ms == 0 || !find_year(&l->path, &l->query, &year) || has_number(&l->own_path, year))
		return false;
	if (find_year(&l->own_path, &l->own_query, &own_year) && own_year == year)
		return false;
	return year < OLDEST_YEAR || clock_from_utc((int)year, 1, 1, 0, 0, 0) > l->now_ms + YEAR_MS;
}

/* ---- all of them ---- */

static const struct {
	bool (*holds)(const struct look *l);
	const char *why;
} traps[] = {
	{ is_repeating, "repeats itself in its path, as a relative link without its slash does" },
	{ is_deep, "has too many folders in its path" },
	{ is_asking_again, "repeats parameters, or has too many" },
	{ is_nested, "holds an address in an address in an address" },
	{ is_grown, "grows with every page" },
	{ is_calendar, "is a page of a calendar without an end" },
};

const char *trap_find(struct arena *a, const struct trap_sight *sight)
{
	struct look l = { .now_ms = sight->now_ms };
	if (url_parse(a, sight->next, STR(""), &l.next, NULL) != OK)
		return NULL;
	if (url_parse(a, sight->own, STR(""), &l.own, NULL) != OK)
		l.own = (struct url){ 0 };
	l.path = split(l.next.path, '/');
	l.own_path = split(l.own.path, '/');
	l.query = split(l.next.query, '&');
	l.own_query = split(l.own.query, '&');
	for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
		if (traps[i].holds(&l))
			return traps[i].why;
	return NULL;
}

bool trap_is_same(struct arena *a, struct str one, struct str other)
{
	struct url x, y;
	if (str_eq(one, other))
		return true;
	if (url_parse(a, one, STR(""), &x, NULL) != OK || url_parse(a, other, STR(""), &y, NULL) != OK)
		return false;
	return str_eq(url_canonical(a, &x), url_canonical(a, &y));
}
