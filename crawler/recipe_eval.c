/* Expressions of recipes, second half: asked of an item or of the document. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/dom.h"
#include "common/base/fuel.h"

#include <string.h>

void recipe_pass(struct recipe_scope *s, const struct recipe_value *v)
{
	s->passed += v->dom->node[v->node].end - v->node;
}

struct str recipe_value_text(struct recipe_scope *s, const struct recipe_value *v)
{
	struct buf text;
	if (v->kind == VALUE_TEXT)
		return v->text;
	if (v->kind == VALUE_NODE) {
		recipe_pass(s, v);
		return dom_text(s->a, v->dom, v->node);
	}
	if (v->kind == VALUE_ENTRY)
		return STR("");
	switch (json_kind(v->json)) {
	case JSON_STRING:
		return json_str(v->json);
	case JSON_BOOL:
		return json_bool(v->json, false) ? STR("true") : STR("false");
	case JSON_NUMBER:
		buf_init(&text, 4096);
		json_write(&text, v->json);
		const struct str number = arena_copy(s->a, buf_str(&text));
		buf_release(&text);
		return number;
	default:
		return STR("");
	}
}

/* ---- where a way starts ---- */

static struct recipe_value text_value(struct str text)
{
	return (struct recipe_value){ .kind = VALUE_TEXT, .text = text };
}

static struct recipe_values one_value(struct recipe_scope *s, struct recipe_value v)
{
	struct recipe_values list = { arena_new(s->a, struct recipe_value), 1 };
	list.at[0] = v;
	return list;
}

static struct recipe_values from_pointer(
	struct recipe_scope *s, const struct pointer *p, const struct recipe_value *of, size_t most)
{
	const struct json *const *found;
	struct recipe_values list = { NULL, 0 };
	if (of->kind != VALUE_JSON)
		return list;
	list.n = pointer_find(s->a, p, of->json, most, &found);
	list.at = arena_list(s->a, struct recipe_value, list.n + 1);
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = (struct recipe_value){ .kind = VALUE_JSON, .json = found[i] };
	return list;
}

static struct recipe_values from_select(
	struct recipe_scope *s, const struct select *select, const struct recipe_value *of, size_t most)
{
	struct recipe_values list = { NULL, 0 };
	size_t n = 0;
	if (of->kind != VALUE_NODE)
		return list;
	for (uint32_t at = select_first(select, of->dom, of->node); at != 0 && n < most;
		at = select_next(select, of->dom, of->node, at))
		n++;
	recipe_pass(s, of);
	list.at = arena_list(s->a, struct recipe_value, n + 1);
	for (uint32_t at = n > 0 ? select_first(select, of->dom, of->node) : 0; at != 0 && list.n < n;
		at = select_next(select, of->dom, of->node, at))
		list.at[list.n++] = (struct recipe_value){ .kind = VALUE_NODE, .dom = of->dom, .node = at };
	return list;
}

static struct recipe_values from_feed(struct recipe_scope *s, size_t field, const struct recipe_value *of)
{
	const struct feed_field_row *row = &recipe_feed_fields[field];
	if (of->kind != VALUE_ENTRY)
		return (struct recipe_values){ NULL, 0 };
	const char *at = (const char *)of->entry + row->offset;
	struct str text;
	int64_t number;
	if (!row->is_number) {
		memcpy(&text, at, sizeof text);
		return one_value(s, text_value(text));
	}
	memcpy(&number, at, sizeof number);
	return one_value(s, text_value(number < 0 ? STR("") : arena_printf(s->a, "%lld", (long long)number)));
}

static struct recipe_values way_eval(struct recipe_scope *s, const struct recipe_way *way, size_t most);

static struct str first_text(struct recipe_scope *s, const struct recipe_values *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct str text = str_trim(recipe_value_text(s, &list->at[i]));
		if (text.n > 0)
			return text;
	}
	return STR("");
}

/* All pieces or nothing: half an address is none. */
static struct recipe_values from_template(struct recipe_scope *s, const struct recipe_way *way)
{
	struct buf text;
	bool whole = true;
	buf_init(&text, LIMIT_RECIPE_VALUE_BYTES);
	for (size_t i = 0; i < way->nparts && whole; i++) {
		struct str piece = way->part[i].text;
		if (way->part[i].way != NULL) {
			const struct recipe_values found = way_eval(s, way->part[i].way, FILTER_VALUES);
			piece = first_text(s, &found);
			whole = piece.n > 0;
		}
		buf_adds(&text, piece);
	}
	whole = whole && !text.overflow;
	const struct str made = whole ? arena_copy(s->a, buf_str(&text)) : STR("");
	buf_release(&text);
	return one_value(s, text_value(made));
}

static struct recipe_values start_of(
	struct recipe_scope *s, const struct recipe_way *way, const struct recipe_value *of, size_t most)
{
	switch (way->from) {
	case FROM_ITEM:
		return one_value(s, *of);
	case FROM_POINTER:
		return from_pointer(s, way->pointer, of, most);
	case FROM_SELECT:
		return from_select(s, way->select, of, most);
	case FROM_FEED:
		return from_feed(s, way->feed_field, of);
	case FROM_TEMPLATE:
		return from_template(s, way);
	case FROM_PAGE:
		return one_value(s, text_value(s->utf8));
	case FROM_PLACE:
		return one_value(s, text_value(arena_printf(s->a, "%zu", s->place)));
	case FROM_URL:
		return one_value(s, text_value(s->page->url));
	}
	return (struct recipe_values){ NULL, 0 };
}

/* ---- filters, ways, expressions ---- */

static bool is_full(struct recipe_scope *s)
{
	s->is_full = s->is_full || s->a->used - s->used_before > LIMIT_RECIPE_BYTES || s->passed > LIMIT_RECIPE_NODES ||
		     !fuel_spend(s->page->fuel, 1);
	return s->is_full;
}

static struct recipe_values filter_run(struct recipe_scope *s, const struct recipe_filter *f, struct recipe_values list)
{
	struct recipe_value room[FILTER_VALUES];
	struct recipe_values out = { room, 0 };
	if (f->row->of_list != NULL) {
		f->row->of_list(s, f, &list);
		return list;
	}
	for (size_t i = 0; i < list.n && !is_full(s); i++)
		f->row->one(s, f, &list.at[i], &out);
	struct recipe_values kept = { arena_list(s->a, struct recipe_value, out.n + 1), out.n };
	if (out.n > 0)
		memcpy(kept.at, room, out.n * sizeof *room);
	return kept;
}

static struct recipe_values way_eval(struct recipe_scope *s, const struct recipe_way *way, size_t most)
{
	struct recipe_values list = { NULL, 0 };
	if (way->keep > 0 && s->kept[way->keep].at != NULL)
		return s->kept[way->keep];
	if (is_full(s))
		return list;
	list = start_of(s, way, way->keep > 0 ? &s->document : &s->item, most);
	for (size_t i = 0; i < way->nfilters && list.n > 0; i++)
		list = filter_run(s, &way->filter[i], list);
	if (way->keep > 0 && list.at == NULL)
		list.at = arena_new(s->a, struct recipe_value); /* known, and nothing */
	if (way->keep > 0)
		s->kept[way->keep] = list;
	return list;
}

struct recipe_values expression_eval(struct recipe_scope *s, const struct recipe_expression *x, size_t most)
{
	struct recipe_values list = { NULL, 0 };
	for (size_t i = 0; i < x->n && list.n == 0; i++)
		list = way_eval(s, &x->way[i], most);
	return list;
}

struct str expression_text(struct recipe_scope *s, const struct recipe_expression *x)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct recipe_values list = way_eval(s, &x->way[i], FILTER_VALUES);
		const struct str text = first_text(s, &list);
		if (text.n > 0)
			return text;
	}
	return STR("");
}

bool recipe_test_holds(struct recipe_scope *s, const struct recipe_test *t)
{
	if (t->when.n == 0)
		return false;
	const struct recipe_values found = expression_eval(s, &t->when, FILTER_VALUES);
	if (t->absent)
		return found.n == 0;
	for (size_t i = 0; i < found.n; i++) {
		const struct str text = str_trim(recipe_value_text(s, &found.at[i]));
		if (t->is.n == 0 ? text.n > 0 || found.at[i].kind != VALUE_TEXT : conf_list_has(&t->is, text))
			return true;
	}
	return false;
}
