/* The filters of recipes: one row each, from values to values. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/dom.h"
#include "common/base/tree.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ONE(name)                                                                                                                \
	static void name(                                                                                                        \
		struct recipe_scope *s, const struct recipe_filter *f, const struct recipe_value *v, struct recipe_values *out)

void recipe_values_add(struct recipe_values *out, struct recipe_value v)
{
	if (out->n < FILTER_VALUES)
		out->at[out->n++] = v;
}

static void add_text(struct recipe_values *out, struct str text)
{
	recipe_values_add(out, (struct recipe_value){ .kind = VALUE_TEXT, .text = text });
}

static struct str text_of(struct recipe_scope *s, const struct recipe_value *v)
{
	return str_cut_utf8(recipe_value_text(s, v), LIMIT_RECIPE_VALUE_BYTES);
}

/* ---- of elements ---- */

ONE(filter_attr)
{
	(void)s;
	if (v->kind != VALUE_NODE)
		return;
	const struct str value = str_trim(dom_attribute(v->dom, v->node, arena_cstr(s->a, f->text[0])));
	if (value.n > 0)
		add_text(out, value);
}

ONE(filter_own)
{
	(void)f;
	struct buf text;
	if (v->kind != VALUE_NODE)
		return;
	buf_init(&text, LIMIT_RECIPE_VALUE_BYTES);
	for (uint32_t n = v->node + 1; n < v->dom->node[v->node].end; n = v->dom->node[n].end)
		if (v->dom->node[n].tag == TAG_TEXT)
			buf_adds(&text, str_first(v->dom->node[n].text, LIMIT_RECIPE_VALUE_BYTES - text.n));
	const struct str own = str_trim(arena_copy(s->a, str_cut_utf8(buf_str(&text), LIMIT_RECIPE_VALUE_BYTES)));
	buf_release(&text);
	if (own.n > 0)
		add_text(out, own);
}

/* ---- one thing inside the other ---- */

/* HTML in a text, as a page of its own. */
static bool node_of(struct recipe_scope *s, const struct recipe_value *v, struct recipe_value *out)
{
	struct dom *dom = arena_new(s->a, struct dom);
	const struct str html = text_of(s, v);
	*out = (struct recipe_value){ .kind = VALUE_NODE, .dom = dom };
	return html.n > 0 && dom_read(s->a, html, DOM_BUILDER_AUTO, dom, NULL) == OK;
}

ONE(filter_select)
{
	struct recipe_value scope = *v;
	if (v->kind != VALUE_NODE && !node_of(s, v, &scope))
		return;
	if (f->select == NULL) { /* an XPath that is @name alone */
		recipe_values_add(out, scope);
		return;
	}
	recipe_pass(s, &scope);
	for (uint32_t n = select_first(f->select, scope.dom, scope.node); n != 0 && out->n < FILTER_VALUES;
		n = select_next(f->select, scope.dom, scope.node, n))
		recipe_values_add(out, (struct recipe_value){ .kind = VALUE_NODE, .dom = scope.dom, .node = n });
}

struct without {
	const struct select *select;
	const struct dom *dom;
	uint32_t scope;
};

static bool is_left_out(const void *context, uint32_t node)
{
	const struct without *w = context;
	return select_matches(w->select, w->dom, w->scope, node);
}

ONE(filter_without)
{
	struct recipe_value all = *v;
	if (v->kind != VALUE_NODE && !node_of(s, v, &all))
		return;
	recipe_pass(s, &all);
	const struct without w = { f->select, all.dom, all.node };
	const struct str text = dom_text_without(s->a, all.dom, all.node, is_left_out, &w);
	if (text.n > 0)
		add_text(out, text);
}

/* The text that a script element holds is no text of the page: dom_text would leave it out. */
static struct str data_of(struct recipe_scope *s, const struct recipe_value *v)
{
	if (v->kind == VALUE_NODE && v->dom->node[v->node].tag == TAG_SCRIPT) {
		const uint32_t first = v->node + 1;
		return first < v->dom->node[v->node].end ? v->dom->node[first].text : STR("");
	}
	return text_of(s, v);
}

ONE(filter_json)
{
	const struct json *root = v->json;
	const struct json *const *found;
	if (v->kind != VALUE_JSON || json_kind(root) == JSON_STRING)
		root = json_parse_in(s->a, str_first(data_of(s, v), LIMIT_RECIPE_VALUE_BYTES), NULL);
	if (root == NULL)
		return;
	const size_t n = pointer_find(s->a, f->pointer, root, FILTER_VALUES, &found);
	for (size_t i = 0; i < n; i++)
		recipe_values_add(out, (struct recipe_value){ .kind = VALUE_JSON, .json = found[i] });
}

ONE(filter_html)
{
	(void)f;
	const struct str text = v->kind == VALUE_NODE ? text_of(s, v) : tree_html_to_text(s->a, text_of(s, v));
	if (text.n > 0)
		add_text(out, text);
}

/* ---- pieces of texts ---- */

ONE(filter_match)
{
	const struct str text = data_of(s, v);
	struct regex_budget budget = { .left_us = LIMIT_REGEX_POST_US };
	struct regex_span found;
	if (regex_capture(f->regex, text, &budget, &found) && found.to > found.from)
		add_text(out, str_trim((struct str){ text.p + found.from, found.to - found.from }));
	(void)regex_settle(f->regex);
}

ONE(filter_between)
{
	const struct str text = v->kind == VALUE_TEXT ? v->text : data_of(s, v); /* <page> is longer than a value may be */
	const ptrdiff_t from = str_find(text, f->text[0]);
	if (from < 0)
		return;
	const struct str behind = str_from(text, (size_t)from + f->text[0].n);
	const ptrdiff_t to = f->text[1].n > 0 ? str_find(behind, f->text[1]) : (ptrdiff_t)behind.n;
	if (to > 0)
		add_text(out, str_trim(str_first(behind, (size_t)to)));
}

ONE(filter_replace)
{
	struct buf made;
	struct str text = text_of(s, v);
	if (f->text[0].n == 0)
		return;
	buf_init(&made, 4 * LIMIT_RECIPE_VALUE_BYTES);
	for (ptrdiff_t at = str_find(text, f->text[0]); at >= 0 && !made.overflow; at = str_find(text, f->text[0])) {
		buf_adds(&made, str_first(text, (size_t)at));
		buf_adds(&made, f->text[1]);
		text = str_from(text, (size_t)at + f->text[0].n);
	}
	buf_adds(&made, text);
	const struct str all = made.overflow ? STR("") : str_cut_utf8(arena_copy(s->a, buf_str(&made)), LIMIT_RECIPE_VALUE_BYTES);
	buf_release(&made);
	if (all.n > 0)
		add_text(out, all);
}

/* ---- numbers and times ---- */

ONE(filter_scale)
{
	double number = 0;
	if (!str_to_double(text_of(s, v), &number) || !isfinite(number * f->number))
		return;
	char text[40];
	const int n = snprintf(text, sizeof text, "%.6g", number * f->number);
	add_text(out, arena_copy(s->a, (struct str){ text, n > 0 ? (size_t)n : 0 }));
}

static const struct {
	const char *name;
	double ms;
} units[] = { { "seconds", 1000 }, { "milliseconds", 1 }, { "microseconds", 0.001 }, { "nanoseconds", 0.000001 } };

/* A count since 1970 as a date that dates_parse() reads. */
ONE(filter_since)
{
	double number = 0, per = 1000;
	char iso[32];
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_eqc(f->text[0], units[i].name))
			per = units[i].ms;
	if (!str_to_double(text_of(s, v), &number) || !(number > 0) || !(number * per < 4e12)) /* 2096: no date of a post */
		return;
	add_text(out, arena_copy(s->a, str_of(clock_iso((int64_t)(number * per), iso))));
}

/* ---- of the list ---- */

static void list_first(struct recipe_scope *s, const struct recipe_filter *f, struct recipe_values *list)
{
	(void)s;
	(void)f;
	list->n = list->n > 0;
}

static void list_last(struct recipe_scope *s, const struct recipe_filter *f, struct recipe_values *list)
{
	(void)s;
	(void)f;
	if (list->n > 0)
		list->at[0] = list->at[list->n - 1];
	list->n = list->n > 0;
}

static void list_join(struct recipe_scope *s, const struct recipe_filter *f, struct recipe_values *list)
{
	struct buf text;
	buf_init(&text, 4 * LIMIT_RECIPE_VALUE_BYTES);
	for (size_t i = 0; i < list->n && text.n < LIMIT_RECIPE_VALUE_BYTES; i++) {
		const struct str one = str_trim(text_of(s, &list->at[i]));
		if (one.n > 0 && text.n > 0)
			buf_adds(&text, f->text[0]);
		buf_adds(&text, one);
	}
	const struct str all = arena_copy(s->a, str_cut_utf8(buf_str(&text), LIMIT_RECIPE_VALUE_BYTES));
	buf_release(&text);
	list->n = 0;
	if (all.n > 0)
		add_text(list, all);
}

const struct filter_row recipe_filters[] = {
	{ "attr", ARGUMENT_WORD, TAKES_NODE, VALUE_TEXT, false, filter_attr, NULL, "an attribute of the element: attr href" },
	{ "own", ARGUMENT_NONE, TAKES_NODE, VALUE_TEXT, false, filter_own, NULL,
		"the text of the element itself, without that of elements in it" },
	{ "html", ARGUMENT_NONE, TAKES_ANY, VALUE_TEXT, false, filter_html, NULL, "HTML in a text becomes what people read" },
	{ "css", ARGUMENT_SELECTOR, TAKES_ANY, VALUE_NODE, false, filter_select, NULL,
		"elements below the element, or in HTML that a text holds" },
	{ "xpath", ARGUMENT_XPATH, TAKES_ANY, VALUE_NODE, false, filter_select, NULL, "the same by an XPath" },
	{ "without", ARGUMENT_SELECTOR, TAKES_ANY, VALUE_TEXT, false, filter_without, NULL,
		"the text, elements left out: without blockquote" },
	{ "json", ARGUMENT_POINTER, TAKES_ANY, VALUE_JSON, false, filter_json, NULL,
		"JSON that a text, an attribute or a script element holds, and a pointer into it" },
	{ "match", ARGUMENT_REGEX, TAKES_ANY, VALUE_TEXT, false, filter_match, NULL,
		"the first group of a regular expression, or all it matched: match /id=([0-9]+)/" },
	{ "between", ARGUMENT_TWO_QUOTED, TAKES_ANY, VALUE_TEXT, false, filter_between, NULL,
		"what stands between two texts: between \"data:\" \"-->\"" },
	{ "replace", ARGUMENT_TWO_QUOTED, TAKES_ANY, VALUE_TEXT, false, filter_replace, NULL,
		"one text for another, everywhere: replace \"at://\" \"\"" },
	{ "scale", ARGUMENT_NUMBER, TAKES_ANY, VALUE_TEXT, false, filter_scale, NULL, "a number times another: scale 0.1" },
	{ "since-1970", ARGUMENT_WORD, TAKES_ANY, VALUE_TEXT, false, filter_since, NULL,
		"a date that is a count since 1970: since-1970 seconds, milliseconds, microseconds or nanoseconds" },
	{ "first", ARGUMENT_NONE, TAKES_ANY, VALUE_TEXT, true, NULL, list_first, "the first of several values" },
	{ "last", ARGUMENT_NONE, TAKES_ANY, VALUE_TEXT, true, NULL, list_last, "the last of several values" },
	{ "join", ARGUMENT_QUOTED, TAKES_ANY, VALUE_TEXT, false, NULL, list_join, "several values as one: join \", \"" },
	{ NULL, ARGUMENT_NONE, TAKES_ANY, VALUE_TEXT, false, NULL, NULL, NULL },
};

const struct filter_row *recipe_filter_find(struct str name)
{
	for (const struct filter_row *row = recipe_filters; row->name != NULL; row++)
		if (str_eqc(name, row->name))
			return row;
	return NULL;
}
