/* From the text of a recipe to its plan: its head, then the other sections, then what only makes sense together. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/utf8.h"

#include <stdio.h>
#include <string.h>

const char *const recipe_kind_names[] = { "json", "html", "feed", "json-in-html", "html-in-json", NULL };
static const char *const login_names[] = { "none", "operator-cookie", NULL };

static const struct {
	enum language outer, inner;
	bool has_document;
} kinds[RECIPE_KIND__N] = {
	[RECIPE_JSON] = { LANGUAGE_JSON, LANGUAGE_JSON, false },
	[RECIPE_HTML] = { LANGUAGE_HTML, LANGUAGE_HTML, false },
	[RECIPE_FEED] = { LANGUAGE_FEED, LANGUAGE_FEED, false },
	[RECIPE_JSON_IN_HTML] = { LANGUAGE_HTML, LANGUAGE_JSON, true },
	[RECIPE_HTML_IN_JSON] = { LANGUAGE_JSON, LANGUAGE_HTML, true },
};

/* ---- the head ---- */

struct head {
	struct recipe r;
	struct str document, list;
	struct conf_list require;
	int64_t zone_minutes;
};
#define HEAD(field, type_) .offset = offsetof(struct head, field), .type = type_
static const struct conf_option head_options[] = {
	{ .name = "about", HEAD(r.about, CONF_STR), .required = true, .help = "one line for people" },
	{ .name = "kind",
		HEAD(r.kind, CONF_CHOICE),
		.choices = recipe_kind_names,
		.required = true,
		.help = "what comes: json, html, feed, json-in-html, html-in-json" },
	{ .name = "hosts", HEAD(r.hosts, CONF_LIST), .help = "hosts it reads, * for any piece: *.example.org" },
	{ .name = "paths", HEAD(r.paths, CONF_LIST), .help = "paths it reads, with their query: /api/v1/timelines/*" },
	{ .name = "example", HEAD(r.example, CONF_STR), .help = "an address to start from" },
	{ .name = "terms", HEAD(r.terms, CONF_STR), .help = "limits and terms to know before using it" },
	{ .name = "document", HEAD(document, CONF_STR), .help = "where the inner document is, of the kinds a-in-b" },
	{ .name = "list", HEAD(list, CONF_STR), .help = "where the posts are; not of feeds" },
	{ .name = "require", HEAD(require, CONF_LIST), .fallback = "", .help = "fields without which an item is broken" },
	{ .name = "expect",
		HEAD(r.expect, CONF_INT),
		.fallback = "1",
		.max = LIMIT_RECIPE_ITEMS,
		.help = "least number of whole posts on a page; fewer: the site has changed" },
	{ .name = "every",
		HEAD(r.every_ms, CONF_DURATION),
		.fallback = "1m",
		.max = 7.0 * MS_PER_DAY,
		.help = "least time between two polls of a source" },
	{ .name = "delay",
		HEAD(r.delay_ms, CONF_DURATION),
		.fallback = "1s",
		.max = 10.0 * MS_PER_MINUTE,
		.help = "least pause between two requests to a host" },
	{ .name = "header", HEAD(r.header, CONF_LIST), .help = "request headers, as Accept: application/json" },
	{ .name = "login",
		HEAD(r.login, CONF_CHOICE),
		.choices = login_names,
		.fallback = "none",
		.help = "none, or operator-cookie: the source brings a cookie that the operator owns" },
	{ .name = "utc_offset",
		HEAD(zone_minutes, CONF_INT),
		.fallback = "0",
		.min = -720,
		.max = 840,
		.help = "minutes from UTC of times that name no zone; default: that of the source" },
};

static bool is_glob(struct str glob, bool is_path)
{
	if (is_path)
		return glob.n > 0 && (glob.p[0] == '/' || glob.p[0] == '*');
	for (size_t i = 0; i < glob.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-*", glob.p[i]) == NULL)
			return false;
	return glob.n > 0;
}

static void check_globs(struct recipe_draft *d, const struct conf_section *s)
{
	const struct recipe *r = d->recipe;
	for (size_t i = 0; i < r->hosts.n; i++)
		if (!is_glob(r->hosts.item[i], false))
			TELL(d, P_HOST, draft_place(d, s, "hosts"),
				"\"%.*s\" is no host; write it in lower case without scheme and path, as *.example.org",
				STR_FMT(r->hosts.item[i]));
	for (size_t i = 0; i < r->paths.n; i++)
		if (!is_glob(r->paths.item[i], true))
			TELL(d, P_HOST, draft_place(d, s, "paths"), "\"%.*s\" is no path; begin it with /, as /api/*",
				STR_FMT(r->paths.item[i]));
}

static void check_headers(struct recipe_draft *d, const struct conf_section *s)
{
	static const char *const barred[] = { "cookie", "authorization", "host", "content-length", "user-agent" };
	for (size_t i = 0; i < d->recipe->header.n; i++) {
		const struct str line = d->recipe->header.item[i];
		const ptrdiff_t colon = str_findc(line, ':');
		const struct str name = str_trim(str_first(line, colon < 0 ? 0 : (size_t)colon));
		if (name.n == 0)
			TELL(d, P_HEADER, draft_place(d, s, "header"), "\"%.*s\" is no header; write Name: value", STR_FMT(line));
		for (size_t k = 0; k < sizeof barred / sizeof *barred; k++)
			if (str_ieq(name, str_of(barred[k])))
				TELL(d, P_HEADER, draft_place(d, s, "header"),
					"a recipe may not set %.*s; an operator's own cookie belongs to the source, with login = "
					"operator-cookie here",
					STR_FMT(name));
	}
}

/* Of list and document: which of them the kind of recipe wants. */
static void read_places(struct recipe_draft *d, const struct conf_section *s)
{
	struct recipe_plan *plan = d->recipe->plan;
	const char *kind = recipe_kind_names[d->recipe->kind];
	const bool has_document = draft_entry(s, "document") != NULL, wants_document = kinds[d->recipe->kind].has_document;
	const bool has_list = draft_entry(s, "list") != NULL, wants_list = d->recipe->kind != RECIPE_FEED;
	if (has_document != wants_document)
		TELL(d, P_DOCUMENT, draft_place(d, s, "document"),
			wants_document ? "kind %s lacks \"document\"; say where the inner document stands, as script[id=data]"
				       : "kind %s has no inner document; take \"document\" away, or choose a kind a-in-b",
			kind);
	if (has_list != wants_list)
		TELL(d, P_LIST, draft_place(d, s, "list"),
			wants_list ? "kind %s lacks \"list\"; say where the posts are, as /items/* or ul.posts > li"
				   : "kind %s finds its entries itself; take \"list\" away",
			kind);
	if (wants_document)
		draft_expression(d, s, "document", d->outer, &plan->document);
	if (wants_list)
		draft_expression(d, s, "list", d->inner, &plan->list);
}

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.p[i]) == NULL)
			return false;
	return name.n > 0 && name.n <= 64;
}

static void read_head(struct recipe_draft *d, const struct conf_section *s, struct conf_list *require)
{
	struct head h = { 0 };
	struct recipe *r = d->recipe;
	draft_fill(d, s, head_options, sizeof head_options / sizeof *head_options, &h);
	h.r.name = r->name;
	h.r.path = r->path;
	h.r.plan = r->plan;
	*r = h.r;
	*require = h.require;
	d->outer = kinds[r->kind].outer;
	d->inner = kinds[r->kind].inner;
	r->plan->has_zone = draft_entry(s, "utc_offset") != NULL;
	r->plan->zone_minutes = h.zone_minutes;
	const struct conf_entry *head = draft_place(d, s, "");
	if (!is_name(s->name))
		TELL(d, P_NAME, head, "\"%.*s\" is no name of a recipe; use 1 to 64 of a-z 0-9 -", STR_FMT(s->name));
	else if (!str_eq(s->name, r->name))
		TELL(d, P_NAME, head, "the file of the recipe \"%.*s\" is called %.*s.recipe; give both one name",
			STR_FMT(s->name), STR_FMT(r->name));
	check_globs(d, s);
	check_headers(d, s);
	read_places(d, s);
}

/* ---- the file ---- */

/* A " #x" that cut a value short is a selector that somebody meant: a comment has a space behind its #. */
static void check_comments(struct recipe_draft *d, struct str bytes)
{
	struct str line;
	bool is_block = false;
	for (int number = 1; str_split(&bytes, '\n', &line); number++) {
		const ptrdiff_t equals = str_findc(line, '=');
		const bool was_block = is_block;
		is_block ^= str_find(line, STR("\"\"\"")) >= 0;
		if (was_block || is_block || equals < 0 || str_starts(str_trim(line), STR("#")))
			continue;
		for (size_t i = (size_t)equals + 1; i + 1 < line.n; i++) {
			const char before = line.p[i - 1], behind = line.p[i + 1];
			if (line.p[i] != '#' || (before != ' ' && before != '\t' && before != '='))
				continue;
			const struct conf_entry at = { .line = number, .column = (int)utf8_count(str_first(line, i)) + 1 };
			if (behind != ' ' && behind != '#' && before != '=')
				TELL(d, P_COMMENT, &at,
					"behind a space # begins a comment, and the value ends here; write [id=name] or div#name "
					"for "
					"a selector, \"# \" for a comment");
			break;
		}
	}
}

static void check_whole(struct recipe_draft *d, const struct conf_section *head, const struct conf_list *require)
{
	struct recipe_plan *plan = d->recipe->plan;
	const struct conf_entry *at = draft_place(d, head, "");
	const size_t id = recipe_field_find(STR("id")), url = recipe_field_find(STR("url"));
	if (plan->field[recipe_field_find(STR("text"))].n == 0 && plan->field[recipe_field_find(STR("title"))].n == 0)
		TELL(d, P_NOTHING, at, "the recipe reads neither text nor title; add one of them to [fields]");
	if (plan->field[id].n == 0 && plan->field[url].n == 0)
		TELL(d, P_IDENTITY, at,
			"the recipe reads neither id nor url: a post is then known by its title and date; add one");
	for (size_t i = 0; i < require->n; i++) {
		const size_t field = recipe_field_find(require->item[i]);
		if (field == RECIPE_FIELDS || plan->field[field].n == 0)
			TELL(d, P_REQUIRE, draft_place(d, head, "require"),
				"\"%.*s\" is required and not read; add it to [fields]", STR_FMT(require->item[i]));
		else
			plan->required |= 1u << field;
	}
}

struct sections {
	const struct conf_section *head, *fields, *paging;
};

static void take_once(struct recipe_draft *d, const struct conf_section **into, const struct conf_section *s)
{
	if (*into != NULL)
		TELL(d, P_TWICE, draft_place(d, s, ""), "[%.*s] stands twice; join the two", STR_FMT(s->kind));
	else
		*into = s;
}

/* The head first: it says what the other sections are written in. */
static void find_sections(struct recipe_draft *d, const struct conf_file *file, struct sections *out)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (str_eqc(s->kind, "recipe"))
			take_once(d, &out->head, s);
		else if (str_eqc(s->kind, "fields"))
			take_once(d, &out->fields, s);
		else if (str_eqc(s->kind, "paging"))
			take_once(d, &out->paging, s);
		else if (!str_eqc(s->kind, "error") && !str_eqc(s->kind, "skip") && !str_eqc(s->kind, "empty"))
			TELL(d, P_SECTION, draft_place(d, s, ""),
				"there is no section [%.*s] in a recipe; there are [recipe NAME] [fields] [paging] [error NAME] "
				"[skip NAME] [empty]",
				STR_FMT(s->kind));
	}
	if (out->head == NULL)
		TELL(d, P_HEAD, NULL, "there is no section [recipe NAME]; begin the file with [recipe %.*s]",
			STR_FMT(d->recipe->name));
}

static void read_file(struct recipe_draft *d, const struct conf_file *file)
{
	struct sections sections = { 0 };
	struct conf_list require = { 0 };
	find_sections(d, file, &sections);
	if (sections.head == NULL)
		return;
	read_head(d, sections.head, &require);
	if (sections.fields != NULL)
		draft_read_fields(d, sections.fields);
	if (d->recipe->kind == RECIPE_FEED)
		draft_fill_feed_fields(d);
	draft_read_tests(d, file);
	if (sections.paging != NULL)
		draft_read_paging(d, sections.paging);
	check_whole(d, sections.head, &require);
}

static struct str name_of(struct str path)
{
	for (ptrdiff_t slash = str_findc(path, '/'); slash >= 0; slash = str_findc(path, '/'))
		path = str_from(path, (size_t)slash + 1);
	return str_ends(path, STR(".recipe")) ? str_first(path, path.n - 7) : path;
}

struct recipe *recipe_parse(struct arena *a, struct str bytes, const char *path, struct problems *p)
{
	struct recipe *r = arena_new(a, struct recipe);
	const size_t errors = p->errors;
	r->path = arena_cstr(a, str_of(path));
	r->name = name_of(str_of(r->path));
	r->plan = arena_new(a, struct recipe_plan);
	struct recipe_draft d = { .a = a, .p = p, .recipe = r };
	p->code = recipe_problem_rows[P_SYNTAX].code;
	const struct conf_file *file = conf_parse(a, bytes, r->path, p);
	p->code = NULL;
	check_comments(&d, bytes);
	read_file(&d, file);
	if (p->errors == errors)
		return r;
	recipe_free(r);
	return NULL;
}

struct recipe *recipe_load(struct arena *a, const char *path, struct problems *p)
{
	struct str bytes;
	struct err e = { 0 };
	if (file_read(a, path, LIMIT_CONF_BYTES, &bytes, &e) == OK)
		return recipe_parse(a, bytes, path, p);
	p->code = recipe_problem_rows[P_FILE].code;
	problems_add(p, path, 0, 0, "%s", e.text);
	p->code = NULL;
	return NULL;
}

void recipe_free(struct recipe *r)
{
	if (r == NULL)
		return;
	for (struct recipe_regex *i = r->plan->regexes; i != NULL; i = i->next)
		regex_free(i->regex);
	r->plan->regexes = NULL;
}
