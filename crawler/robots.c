/* robots.txt: lines to the rules that speak to one agent. */
#include "crawler/robots.h"

#include <earshot/limits.h>

#include "common/base/charset.h"

#include <string.h>

enum field { FIELD_NONE, FIELD_AGENT, FIELD_ALLOW, FIELD_DISALLOW, FIELD_DELAY, FIELD_SITEMAP };

/* A key is known by how it begins, case apart; with the errors people make in typing it. */
static const struct {
	const char *prefix;
	enum field field;
} field_rows[] = {
	{ "user-agent", FIELD_AGENT },
	{ "useragent", FIELD_AGENT },
	{ "user agent", FIELD_AGENT },
	{ "allow", FIELD_ALLOW },
	{ "disallow", FIELD_DISALLOW },
	{ "dissallow", FIELD_DISALLOW },
	{ "dissalow", FIELD_DISALLOW },
	{ "disalow", FIELD_DISALLOW },
	{ "diasllow", FIELD_DISALLOW },
	{ "disallaw", FIELD_DISALLOW },
	{ "crawl-delay", FIELD_DELAY },
	{ "crawldelay", FIELD_DELAY },
	{ "crawl delay", FIELD_DELAY },
	{ "sitemap", FIELD_SITEMAP },
	{ "site-map", FIELD_SITEMAP },
};

#define LONGEST_DELAY_S 1e9

/* Groups that name us, and those for everybody: which of them counts is known at the end. */
enum side { NAMED, EVERYBODY, SIDE__N };

struct reader {
	struct arena *a;
	struct str agent;
	struct robots *out;
	uint32_t line;
	bool speaks_to[SIDE__N]; /* the group that is read */
	bool has_rules; /* that group: the next User-agent line begins another one */
	struct robots_rule *rule[SIDE__N];
	size_t n[SIDE__N], room[SIDE__N];
	int64_t delay_ms[SIDE__N];
};

/* ---- lines ---- */

/* LF, CR or CR LF ends a line. */
static bool next_line(struct str *rest, struct str *line)
{
	if (rest->n == 0)
		return false;
	size_t n = 0;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*line = str_first(*rest, n < LIMIT_ROBOTS_LINE_BYTES ? n : LIMIT_ROBOTS_LINE_BYTES);
	const bool is_pair = n + 1 < rest->n && rest->p[n] == '\r' && rest->p[n + 1] == '\n';
	*rest = str_from(*rest, n + 1 + is_pair);
	return true;
}

static struct str before(struct str s, char c)
{
	const ptrdiff_t at = str_findc(s, c);
	return at < 0 ? s : str_first(s, (size_t)at);
}

static ptrdiff_t find_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t')
			return (ptrdiff_t)i;
	return -1;
}

/* Key and value of a line. Some forget the colon: a blank does, too, when it parts exactly two words. */
static bool cut_line(struct str line, struct str *key, struct str *value)
{
	line = str_trim(before(before(line, '\0'), '#'));
	ptrdiff_t at = str_findc(line, ':');
	if (at < 0) {
		at = find_blank(line);
		if (at < 0 || find_blank(str_trim(str_from(line, (size_t)at))) >= 0)
			return false;
	}
	*key = str_trim(str_first(line, (size_t)at));
	*value = str_trim(str_from(line, (size_t)at + 1));
	return key->n > 0;
}

static enum field field_of(struct str key)
{
	for (size_t i = 0; i < sizeof field_rows / sizeof *field_rows; i++)
		if (str_istarts(key, str_of(field_rows[i].prefix)))
			return field_rows[i].field;
	return FIELD_NONE;
}

/* ---- what they say ---- */

static void read_agent(struct reader *r, struct str value)
{
	if (r->has_rules) {
		r->speaks_to[NAMED] = r->speaks_to[EVERYBODY] = false;
		r->has_rules = false;
	}
	if (value.n > 0 && value.p[0] == '*' && (value.n == 1 || strchr(" \t\v\f", value.p[1]) != NULL))
		r->speaks_to[EVERYBODY] = true;
	else if (r->agent.n > 0 && str_ieq(robots_token(value), r->agent))
		r->speaks_to[NAMED] = r->out->is_named = true;
}

static void add_rule(struct reader *r, struct str pattern, bool allow)
{
	const enum side side = r->speaks_to[NAMED] ? NAMED : EVERYBODY;
	if (r->n[side] == r->room[side]) {
		r->room[side] = r->room[side] * 2 + 8;
		struct robots_rule *more = arena_list(r->a, struct robots_rule, r->room[side]);
		if (r->n[side] > 0)
			memcpy(more, r->rule[side], r->n[side] * sizeof *more);
		r->rule[side] = more;
	}
	r->rule[side][r->n[side]++] = (struct robots_rule){ .pattern = pattern, .line = r->line, .allow = allow };
}

/* "Allow: /shop/index.html" lets "/shop/" in, too. */
static void allow_folder(struct reader *r, struct str pattern)
{
	size_t slash = pattern.n;
	while (slash > 0 && pattern.p[slash - 1] != '/')
		slash--;
	if (slash > 0 && str_starts(str_from(pattern, slash - 1), STR("/index.htm")))
		add_rule(r, arena_printf(r->a, "%.*s$", STR_FMT(str_first(pattern, slash))), true);
}

static void read_rule(struct reader *r, struct str value, bool allow)
{
	if (!r->speaks_to[NAMED] && !r->speaks_to[EVERYBODY])
		return;
	r->has_rules = true;
	if (value.n == 0)
		return; /* shorter than any rule that says something */
	const struct str pattern = robots_escape(r->a, value);
	add_rule(r, pattern, allow);
	if (allow)
		allow_folder(r, pattern);
}

/* Seconds, maybe with a fraction. Of several the longest holds. */
static void read_delay(struct reader *r, struct str value)
{
	double seconds = 0;
	if (!str_to_double(value, &seconds) || !(seconds >= 0))
		return;
	const int64_t ms = (int64_t)((seconds < LONGEST_DELAY_S ? seconds : LONGEST_DELAY_S) * 1000);
	for (int side = 0; side < SIDE__N; side++)
		if (r->speaks_to[side] && ms > r->delay_ms[side])
			r->delay_ms[side] = ms;
}

static void read_sitemap(struct reader *r, struct str value)
{
	if (value.n == 0 || r->out->nsitemaps == LIMIT_ROBOTS_SITEMAPS)
		return;
	if (r->out->sitemap == NULL)
		r->out->sitemap = arena_list(r->a, struct str, LIMIT_ROBOTS_SITEMAPS);
	r->out->sitemap[r->out->nsitemaps++] = value;
}

static void read_line(struct reader *r, struct str line)
{
	struct str key, value;
	if (!cut_line(line, &key, &value))
		return;
	switch (field_of(key)) {
	case FIELD_AGENT:
		read_agent(r, value);
		break;
	case FIELD_ALLOW:
		read_rule(r, value, true);
		break;
	case FIELD_DISALLOW:
		read_rule(r, value, false);
		break;
	case FIELD_DELAY:
		read_delay(r, value);
		break;
	case FIELD_SITEMAP:
		read_sitemap(r, value);
		break;
	case FIELD_NONE:
		break;
	}
}

/* ---- the document ---- */

/* UTF-16 is decoded. Of UTF-8's mark, as much as is there is passed over: some files have lost its end. */
static struct str without_mark(struct arena *a, struct str text)
{
	static const char mark[] = { '\xEF', '\xBB', '\xBF' };
	struct charset_text decoded;
	const bool is_little = str_starts(text, STR("\xFF\xFE"));
	if (is_little || str_starts(text, STR("\xFE\xFF")))
		return charset_decode(a, str_from(text, 2), is_little ? STR("utf-16le") : STR("utf-16be"), &decoded)
			       ? decoded.utf8
			       : text;
	size_t n = 0;
	while (n < sizeof mark && n < text.n && text.p[n] == mark[n])
		n++;
	return str_from(text, n);
}

void robots_parse(struct arena *a, struct str text, struct str agent, struct robots *out)
{
	struct reader r = { .a = a, .agent = agent, .out = out, .delay_ms = { -1, -1 } };
	struct str rest = without_mark(a, str_first(text, LIMIT_ROBOTS_BYTES)), line;
	*out = (struct robots){ 0 };
	while (next_line(&rest, &line)) {
		r.line++;
		read_line(&r, line);
	}
	const enum side side = out->is_named ? NAMED : EVERYBODY;
	out->rule = r.rule[side];
	out->nrules = r.n[side];
	out->delay_ms = r.delay_ms[side];
}

struct str robots_token(struct str user_agent)
{
	size_t n = 0;
	while (n < user_agent.n &&
		((user_agent.p[n] >= 'a' && user_agent.p[n] <= 'z') || (user_agent.p[n] >= 'A' && user_agent.p[n] <= 'Z') ||
			user_agent.p[n] == '-' || user_agent.p[n] == '_'))
		n++;
	return str_first(user_agent, n);
}
