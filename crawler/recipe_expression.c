/* Expressions of recipes, first half: from text to ways, filters and templates, every mistake with its column. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <string.h>

struct reader {
	struct recipe_draft *d;
	const struct conf_entry *entry;
	struct str text;
	size_t at;
	enum language language;
	int depth; /* in braces of templates */
};

/* Once a reader has told what is wrong, the rest of the expression says nothing more. */
#define FAIL(r, kind, byte, ...) (recipe_tell((r)->d, (kind), (r)->d->recipe->path, (r)->entry, (byte), __VA_ARGS__), false)

static struct str rest_of(const struct reader *r)
{
	return str_from(r->text, r->at);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static void skip_space(struct reader *r)
{
	while (r->at < r->text.n && is_space(r->text.p[r->at]))
		r->at++;
}

static size_t behind_blanks(const struct reader *r, size_t at)
{
	while (at < r->text.n && (r->text.p[at] == ' ' || r->text.p[at] == '\t'))
		at++;
	return at;
}

/* Does `mark` stand at `at`, and is it a word of its own? */
static bool is_mark(const struct reader *r, size_t at, struct str mark)
{
	const struct str rest = str_from(r->text, at);
	return str_starts(rest, mark) && (rest.n == mark.n || is_space(rest.p[mark.n]));
}

/* A line end separates like ||, so that a block has one alternative a line. */
static bool is_way_end(const struct reader *r, size_t at)
{
	const size_t next = behind_blanks(r, at);
	if (next >= r->text.n || r->text.p[next] == '\n')
		return true;
	if (r->depth > 0 && r->text.p[next] == '}')
		return true;
	return next > at && is_mark(r, next, STR("||"));
}

static bool is_filter_start(const struct reader *r, size_t at)
{
	const size_t next = behind_blanks(r, at);
	return next > at && is_mark(r, next, STR("|"));
}

static bool is_piece_end(const struct reader *r, size_t at)
{
	return is_way_end(r, at) || is_filter_start(r, at);
}

/* Selectors and pointers stand bare, up to " | ", " || ", the line end or the brace of their template. */
static struct str take_bare(struct reader *r)
{
	const size_t from = r->at;
	char quote = '\0';
	int bracket = 0;
	while (r->at < r->text.n) {
		const char c = r->text.p[r->at];
		if (quote == '\0' && bracket == 0 && is_piece_end(r, r->at))
			break;
		if (c == '\n')
			break;
		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (bracket > 0 && (c == '"' || c == '\''))
			quote = c;
		else
			bracket += c == '[' ? 1 : c == ']' && bracket > 0 ? -1 : 0;
		r->at++;
	}
	return str_trim((struct str){ r->text.p + from, r->at - from });
}

static struct str take_word(struct reader *r)
{
	const size_t from = r->at;
	while (!is_piece_end(r, r->at) && !is_space(r->text.p[r->at]))
		r->at++;
	return (struct str){ r->text.p + from, r->at - from };
}

/* "…" with \" and \\ inside. */
static bool take_quoted(struct reader *r, struct str *out)
{
	skip_space(r);
	const size_t from = r->at;
	char *p = arena_take(r->d->a, r->text.n + 1);
	size_t n = 0;
	if (r->at >= r->text.n || r->text.p[r->at] != '"')
		return FAIL(r, P_ARGUMENT, from, "a text in quotation marks is missing here; write it as \"…\"");
	for (r->at++; r->at < r->text.n && r->text.p[r->at] != '"'; r->at++) {
		if (r->text.p[r->at] == '\\' && r->at + 1 < r->text.n)
			r->at++;
		p[n++] = r->text.p[r->at];
	}
	if (r->at >= r->text.n)
		return FAIL(r, P_QUOTE, from, "this quotation does not end; close it with \"");
	r->at++;
	*out = (struct str){ p, n };
	return true;
}

/* ---- filters ---- */

static bool keep_regex(struct reader *r, struct str pattern, size_t from, struct recipe_filter *f)
{
	const char *why = "";
	struct recipe_plan *plan = r->d->recipe->plan;
	if (pattern.n == 0)
		return FAIL(r, P_REGEX, from, "the regular expression is empty; write one, as match /id=([0-9]+)/");
	if (pattern.n > LIMIT_REGEX_BYTES)
		return FAIL(r, P_REGEX, from, "the regular expression has %zu bytes, at most %d are taken; shorten it", pattern.n,
			LIMIT_REGEX_BYTES);
	f->regex = regex_new(r->d->a, pattern, false, &why);
	if (f->regex == NULL)
		return FAIL(r, P_REGEX, from, "the regular expression is refused; %s", why);
	struct recipe_regex *kept = arena_new(r->d->a, struct recipe_regex);
	*kept = (struct recipe_regex){ f->regex, plan->regexes };
	plan->regexes = kept;
	return true;
}

static bool take_regex(struct reader *r, struct recipe_filter *f)
{
	const size_t from = r->at;
	char *p = arena_take(r->d->a, r->text.n + 1);
	size_t n = 0;
	if (r->at >= r->text.n || r->text.p[r->at] != '/')
		return FAIL(r, P_ARGUMENT, from,
			"a regular expression is missing here; write it between slashes, as match /id=([0-9]+)/");
	for (r->at++; r->at < r->text.n && r->text.p[r->at] != '/'; r->at++) {
		const bool is_escape = r->text.p[r->at] == '\\' && r->at + 1 < r->text.n;
		if (is_escape && r->text.p[r->at + 1] != '/')
			p[n++] = '\\';
		r->at += is_escape;
		p[n++] = r->text.p[r->at];
	}
	if (r->at >= r->text.n)
		return FAIL(r, P_QUOTE, from,
			"this regular expression does not end; close it with /, and write \\/ for a slash in it");
	r->at++;
	return keep_regex(r, (struct str){ p, n }, from, f);
}

static bool parse_selector(struct reader *r, struct str text, size_t from, const struct select **out)
{
	struct err e = { 0 };
	size_t at = 0;
	*out = select_parse(r->d->a, text, &at, &e);
	const char *remedy = strchr(e.text, ';') != NULL ? "" : "; docs/recipes.md says what selectors there are";
	return *out != NULL || FAIL(r, P_SELECTOR, from + at, "%s%s", e.text, remedy);
}

static bool parse_pointer(struct reader *r, struct str text, size_t from, const struct pointer **out)
{
	struct err e = { 0 };
	size_t at = 0;
	*out = pointer_parse(r->d->a, text, &at, &e);
	return *out != NULL || FAIL(r, P_POINTER, from + at, "%s", e.text);
}

static struct recipe_filter *push_filter(struct reader *r, struct recipe_way *way)
{
	if (way->filter == NULL)
		way->filter = arena_list(r->d->a, struct recipe_filter, LIMIT_RECIPE_FILTERS + 1);
	if (way->nfilters < LIMIT_RECIPE_FILTERS)
		return &way->filter[way->nfilters++];
	(void)FAIL(r, P_TOO_MANY, r->at, "more than %d filters in a row; use a template or another field", LIMIT_RECIPE_FILTERS);
	return NULL;
}

static bool push_named(struct reader *r, struct recipe_way *way, const char *name, struct str argument)
{
	struct recipe_filter *f = push_filter(r, way);
	if (f != NULL)
		*f = (struct recipe_filter){ .row = recipe_filter_find(str_of(name)), .text[0] = argument };
	return f != NULL;
}

/* What an XPath asks for: elements, and of them an attribute or their own text. */
static bool take_xpath(struct reader *r, struct str text, size_t from, struct recipe_way *way, const struct select **out)
{
	struct recipe_xpath x;
	struct err e = { 0 };
	size_t at = 0;
	if (!recipe_xpath(r->d->a, text, &x, &at, &e))
		return FAIL(r, P_XPATH, from + at, "%s", e.text);
	*out = NULL;
	if (x.css.n > 0 && !parse_selector(r, x.css, from, out))
		return false;
	if (x.attribute.n > 0)
		return push_named(r, way, "attr", x.attribute);
	return !x.is_own_text || push_named(r, way, "own", STR(""));
}

static bool take_number(struct reader *r, const struct filter_row *row, struct recipe_filter *f)
{
	const size_t from = r->at;
	const struct str word = take_word(r);
	return str_to_double(word, &f->number) ||
	       FAIL(r, P_ARGUMENT, from, "%s wants a number, not \"%.*s\"; write %s 0.1", row->name, STR_FMT(word), row->name);
}

static bool take_bare_argument(struct reader *r, struct recipe_way *way, struct recipe_filter *f)
{
	const size_t from = r->at;
	const struct str text = take_bare(r);
	if (f->row->argument == ARGUMENT_POINTER)
		return parse_pointer(r, text, from, &f->pointer);
	if (text.n == 0)
		return FAIL(r, P_ARGUMENT, from, "%s wants a selector; write it behind %s", f->row->name, f->row->name);
	if (f->row->argument == ARGUMENT_SELECTOR)
		return parse_selector(r, text, from, &f->select);
	const size_t mine = way->nfilters - 1; /* what an XPath adds stands behind this filter */
	const struct select *found = NULL;
	if (!take_xpath(r, text, from, way, &found))
		return false;
	way->filter[mine].select = found;
	return true;
}

static bool take_argument(struct reader *r, struct recipe_way *way, struct recipe_filter *f)
{
	const size_t from = r->at;
	switch (f->row->argument) {
	case ARGUMENT_NONE:
		return true;
	case ARGUMENT_WORD:
		f->text[0] = take_word(r);
		return f->text[0].n > 0 || FAIL(r, P_ARGUMENT, from, "%s wants a word behind it: %s", f->row->name, f->row->help);
	case ARGUMENT_NUMBER:
		return take_number(r, f->row, f);
	case ARGUMENT_QUOTED:
		return take_quoted(r, &f->text[0]);
	case ARGUMENT_TWO_QUOTED:
		return take_quoted(r, &f->text[0]) && take_quoted(r, &f->text[1]);
	case ARGUMENT_REGEX:
		return take_regex(r, f);
	case ARGUMENT_POINTER:
	case ARGUMENT_SELECTOR:
	case ARGUMENT_XPATH:
		return take_bare_argument(r, way, f);
	}
	return false;
}

static bool unknown_filter(struct reader *r, struct str name, size_t from)
{
	const char *names[32];
	size_t n = 0;
	while (recipe_filters[n].name != NULL && n < 32) {
		names[n] = recipe_filters[n].name;
		n++;
	}
	const char *near = problems_nearest(name, names, n);
	if (near != NULL)
		return FAIL(r, P_FILTER, from, "there is no filter \"%.*s\"; did you mean \"%s\"?", STR_FMT(name), near);
	return FAIL(r, P_FILTER, from, "there is no filter \"%.*s\"; docs/recipes.md lists them", STR_FMT(name));
}

/* Behind " | ". *kind: of the values so far. */
static bool parse_filter(struct reader *r, struct recipe_way *way, enum value_kind *kind)
{
	skip_space(r);
	const size_t from = r->at;
	const struct str name = take_word(r);
	const struct filter_row *row = recipe_filter_find(name);
	if (name.n == 0)
		return FAIL(r, P_EMPTY, from, "no filter behind \"|\"; write one, or take the bar away");
	if (row == NULL)
		return unknown_filter(r, name, from);
	if (row->takes == TAKES_NODE && *kind != VALUE_NODE)
		return FAIL(r, P_MISFIT, from, "%s works on elements of a page, and here it gets %s; put a selector before it",
			row->name, *kind == VALUE_JSON ? "JSON" : "text");
	struct recipe_filter *f = push_filter(r, way);
	if (f == NULL)
		return false;
	f->row = row;
	if (row->argument != ARGUMENT_NONE && !is_piece_end(r, r->at))
		skip_space(r);
	const size_t before = way->nfilters;
	if (!take_argument(r, way, f))
		return false;
	*kind = way->nfilters > before ? VALUE_TEXT : row->keeps_kind ? *kind : row->gives;
	if (!is_piece_end(r, r->at))
		return FAIL(r, P_ARGUMENT, r->at, "text behind the filter %s; begin the next filter with \" | \"", row->name);
	return true;
}

/* ---- where a way starts ---- */

static bool parse_way(struct reader *r, struct recipe_way *way);

/* The literal up to the next brace or the closing mark; {{ and }} are braces, \" is a mark. */
static bool take_literal(struct reader *r, struct str *out)
{
	char *p = arena_take(r->d->a, r->text.n + 1);
	size_t n = 0;
	for (; r->at < r->text.n && r->text.p[r->at] != '"'; r->at++) {
		const char c = r->text.p[r->at], next = r->at + 1 < r->text.n ? r->text.p[r->at + 1] : '\0';
		if (c == '}' && next != '}')
			return FAIL(r, P_TEMPLATE, r->at, "a \"}\" without its \"{\"; write }} for a brace as text");
		if (c == '{' && next != '{')
			break;
		r->at += c == '{' || c == '}' || (c == '\\' && next != '\0');
		p[n++] = r->text.p[r->at];
	}
	*out = (struct str){ p, n };
	return true;
}

static bool take_braces(struct reader *r, struct recipe_part *part)
{
	const size_t from = r->at++;
	part->way = arena_new(r->d->a, struct recipe_way);
	if (r->depth > 0)
		return FAIL(r, P_TEMPLATE, from, "a template inside a template; write the inner one as a field of its own");
	r->depth++;
	skip_space(r);
	if (r->at < r->text.n && r->text.p[r->at] == '}')
		return FAIL(
			r, P_TEMPLATE, from, "nothing between the braces; write what belongs there, or {{ for a brace as text");
	const bool fine = parse_way(r, part->way);
	r->depth--;
	if (fine && (r->at >= r->text.n || r->text.p[r->at] != '}'))
		return FAIL(r, P_TEMPLATE, from, "this brace is not closed; end it with \"}\"");
	r->at++;
	return fine;
}

#define TEMPLATE_PARTS 16

static bool parse_template(struct reader *r, struct recipe_way *way)
{
	const size_t from = r->at++;
	way->from = FROM_TEMPLATE;
	way->part = arena_list(r->d->a, struct recipe_part, TEMPLATE_PARTS + 2);
	while (r->at < r->text.n && r->text.p[r->at] != '"') {
		if (way->nparts >= TEMPLATE_PARTS)
			return FAIL(r, P_TOO_MANY, from, "more than %d pieces in a template; shorten it", TEMPLATE_PARTS);
		struct recipe_part *part = &way->part[way->nparts++];
		const bool is_brace = r->text.p[r->at] == '{' && !str_starts(rest_of(r), STR("{{"));
		if (!(is_brace ? take_braces(r, part) : take_literal(r, &part->text)))
			return false;
	}
	if (r->at >= r->text.n)
		return FAIL(r, P_QUOTE, from, "this template does not end; close it with \"");
	r->at++;
	return true;
}

static const struct {
	const char *word;
	enum way_from from;
} words[] = { { "<page>", FROM_PAGE }, { "<place>", FROM_PLACE }, { "<url>", FROM_URL } };

static bool parse_word(struct reader *r, struct str text, size_t from, struct recipe_way *way)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_eqc(text, words[i].word))
			continue;
		way->from = words[i].from;
		return true;
	}
	return FAIL(r, P_WORD, from, "there is no \"%.*s\"; there are <page>, <place> and <url>", STR_FMT(text));
}

static bool parse_feed_field(struct reader *r, struct str text, size_t from, struct recipe_way *way)
{
	const char *names[32];
	way->from = FROM_FEED;
	for (size_t i = 0; i < recipe_nfeed_fields; i++) {
		names[i] = recipe_feed_fields[i].name;
		way->feed_field = i;
		if (str_eqc(text, names[i]))
			return true;
	}
	const char *near = problems_nearest(text, names, recipe_nfeed_fields);
	return FAIL(r, P_FEED_FIELD, from, "an entry of a feed has no \"%.*s\"; %s%s%s", STR_FMT(text),
		near != NULL ? "did you mean \"" : "docs/recipes.md lists what it has", near != NULL ? near : "",
		near != NULL ? "\"?" : "");
}

static bool is_xpath(struct str text)
{
	return str_starts(text, STR("/")) || str_starts(text, STR("./")) || str_starts(text, STR("@"));
}

/* A pointer, a selector, an XPath, a field of a feed: by what the place in the recipe speaks. */
static bool parse_source(struct reader *r, struct str text, size_t from, struct recipe_way *way)
{
	if (r->language == LANGUAGE_FEED)
		return parse_feed_field(r, text, from, way);
	way->from = r->language == LANGUAGE_JSON ? FROM_POINTER : FROM_SELECT;
	if (r->language == LANGUAGE_JSON)
		return parse_pointer(r, text, from, &way->pointer);
	if (!is_xpath(text))
		return parse_selector(r, text, from, &way->select);
	if (!take_xpath(r, text, from, way, &way->select))
		return false;
	way->from = way->select == NULL ? FROM_ITEM : FROM_SELECT;
	return true;
}

static enum value_kind kind_of(const struct reader *r, const struct recipe_way *way)
{
	const bool is_text = way->from >= FROM_FEED || way->nfilters > 0;
	return is_text ? VALUE_TEXT : r->language == LANGUAGE_HTML ? VALUE_NODE : VALUE_JSON;
}

static bool parse_start(struct reader *r, struct recipe_way *way)
{
	const bool of_document = str_starts(rest_of(r), STR("^"));
	r->at += of_document;
	skip_space(r);
	const size_t from = r->at;
	if (str_starts(rest_of(r), STR("\"")))
		return parse_template(r, way);
	const struct str text = take_bare(r);
	if (text.n == 0)
		return FAIL(r, P_EMPTY, from, "nothing stands here; write where the value comes from");
	if (of_document)
		way->keep = ++r->d->recipe->plan->nkept;
	if (text.p[0] == '<')
		return parse_word(r, text, from, way);
	if (str_eqc(text, ".")) {
		way->from = FROM_ITEM;
		return true;
	}
	return parse_source(r, text, from, way);
}

static bool parse_way(struct reader *r, struct recipe_way *way)
{
	if (!parse_start(r, way))
		return false;
	enum value_kind kind = kind_of(r, way);
	while (!is_way_end(r, r->at)) {
		if (!is_filter_start(r, r->at))
			return FAIL(r, P_QUOTE, r->at, "text behind the end of what came before; begin a filter with \" | \"");
		r->at = behind_blanks(r, r->at) + 1;
		if (!parse_filter(r, way, &kind))
			return false;
	}
	return true;
}

/* From behind one way to the start of the next. */
static void skip_separator(struct reader *r)
{
	skip_space(r);
	if (is_mark(r, r->at, STR("||")))
		r->at += 2;
}

void expression_parse(struct recipe_draft *d, const struct conf_entry *at, enum language language, struct recipe_expression *out)
{
	struct reader r = { .d = d, .entry = at, .text = at->value, .language = language };
	out->way = arena_list(d->a, struct recipe_way, LIMIT_RECIPE_WAYS + 1);
	out->n = 0;
	for (;;) {
		skip_space(&r);
		if (out->n >= LIMIT_RECIPE_WAYS) {
			(void)FAIL(&r, P_TOO_MANY, r.at, "more than %d alternatives; take some away", LIMIT_RECIPE_WAYS);
			return;
		}
		if (!parse_way(&r, &out->way[out->n++]))
			return;
		if (behind_blanks(&r, r.at) >= r.text.n)
			return;
		skip_separator(&r);
	}
}
