/* Filters of expressions, read with their arguments. */
#include "crawler/recipe_expression.h"

#include <earshot/limits.h>

#include <string.h>

static bool keep_regex(struct expression_reader *r, struct str pattern, size_t from, struct recipe_filter *f)
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

static bool take_regex(struct expression_reader *r, struct recipe_filter *f)
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

bool reader_selector(struct expression_reader *r, struct str text, size_t from, const struct select **out)
{
	struct err e = { 0 };
	size_t at = 0;
	*out = select_parse(r->d->a, text, &at, &e);
	const char *remedy = strchr(e.text, ';') != NULL ? "" : "; docs/recipes.md says what selectors there are";
	return *out != NULL || FAIL(r, P_SELECTOR, from + at, "%s%s", e.text, remedy);
}

bool reader_pointer(struct expression_reader *r, struct str text, size_t from, const struct pointer **out)
{
	struct err e = { 0 };
	size_t at = 0;
	*out = pointer_parse(r->d->a, text, &at, &e);
	return *out != NULL || FAIL(r, P_POINTER, from + at, "%s", e.text);
}

static struct recipe_filter *push_filter(struct expression_reader *r, struct recipe_way *way)
{
	if (way->filter == NULL)
		way->filter = arena_list(r->d->a, struct recipe_filter, LIMIT_RECIPE_FILTERS + 1);
	if (way->nfilters < LIMIT_RECIPE_FILTERS)
		return &way->filter[way->nfilters++];
	(void)FAIL(r, P_TOO_MANY, r->at, "more than %d filters in a row; use a template or another field", LIMIT_RECIPE_FILTERS);
	return NULL;
}

static bool push_named(struct expression_reader *r, struct recipe_way *way, const char *name, struct str argument)
{
	struct recipe_filter *f = push_filter(r, way);
	if (f != NULL)
		*f = (struct recipe_filter){ .row = recipe_filter_find(str_of(name)), .text[0] = argument };
	return f != NULL;
}

/* What an XPath asks for: elements, and of them an attribute or their own text. */
bool reader_xpath(struct expression_reader *r, struct str text, size_t from, struct recipe_way *way, const struct select **out)
{
	struct recipe_xpath x;
	struct err e = { 0 };
	size_t at = 0;
	if (!recipe_xpath(r->d->a, text, &x, &at, &e))
		return FAIL(r, P_XPATH, from + at, "%s", e.text);
	*out = NULL;
	if (x.css.n > 0)
		*out = select_parse(r->d->a, x.css, &at, &e);
	if (x.css.n > 0 && *out == NULL) /* its place is one in a text that nobody wrote */
		return FAIL(r, P_XPATH, from, "%s", e.text);
	if (x.attribute.n > 0)
		return push_named(r, way, "attr", x.attribute);
	return !x.is_own_text || push_named(r, way, "own", STR(""));
}

static bool take_number(struct expression_reader *r, const struct filter_row *row, struct recipe_filter *f)
{
	const size_t from = r->at;
	const struct str word = reader_word(r);
	return str_to_double(word, &f->number) ||
	       FAIL(r, P_ARGUMENT, from, "%s wants a number, not \"%.*s\"; write %s 0.1", row->name, STR_FMT(word), row->name);
}

static bool take_bare_argument(struct expression_reader *r, struct recipe_way *way, struct recipe_filter *f)
{
	const size_t from = r->at;
	const struct str text = reader_bare(r);
	if (f->row->argument == ARGUMENT_POINTER)
		return reader_pointer(r, text, from, &f->pointer);
	if (text.n == 0)
		return FAIL(r, P_ARGUMENT, from, "%s wants a selector; write it behind %s", f->row->name, f->row->name);
	if (f->row->argument == ARGUMENT_SELECTOR)
		return reader_selector(r, text, from, &f->select);
	const size_t mine = way->nfilters - 1; /* what an XPath adds stands behind this filter */
	const struct select *found = NULL;
	if (!reader_xpath(r, text, from, way, &found))
		return false;
	way->filter[mine].select = found;
	return true;
}

static bool take_argument(struct expression_reader *r, struct recipe_way *way, struct recipe_filter *f)
{
	const size_t from = r->at;
	switch (f->row->argument) {
	case ARGUMENT_NONE:
		return true;
	case ARGUMENT_WORD:
		f->text[0] = reader_word(r);
		return f->text[0].n > 0 || FAIL(r, P_ARGUMENT, from, "%s wants a word behind it: %s", f->row->name, f->row->help);
	case ARGUMENT_NUMBER:
		return take_number(r, f->row, f);
	case ARGUMENT_QUOTED:
		return reader_quoted(r, &f->text[0]);
	case ARGUMENT_TWO_QUOTED:
		return reader_quoted(r, &f->text[0]) && reader_quoted(r, &f->text[1]);
	case ARGUMENT_REGEX:
		return take_regex(r, f);
	case ARGUMENT_POINTER:
	case ARGUMENT_SELECTOR:
	case ARGUMENT_XPATH:
		return take_bare_argument(r, way, f);
	}
	return false;
}

static bool unknown_filter(struct expression_reader *r, struct str name, size_t from)
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
bool reader_filter(struct expression_reader *r, struct recipe_way *way, enum value_kind *kind)
{
	reader_skip_space(r);
	const size_t from = r->at;
	const struct str name = reader_word(r);
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
	if (row->argument != ARGUMENT_NONE && !reader_is_piece_end(r, r->at))
		reader_skip_space(r);
	const size_t before = way->nfilters;
	if (!take_argument(r, way, f))
		return false;
	*kind = way->nfilters > before ? VALUE_TEXT : row->keeps_kind ? *kind : row->gives;
	if (!reader_is_piece_end(r, r->at))
		return FAIL(r, P_ARGUMENT, r->at, "text behind the filter %s; begin the next filter with \" | \"", row->name);
	return true;
}
