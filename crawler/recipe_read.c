/* A page read with a recipe: document, errors, list, fields, and whether that is what was expected. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/charset.h"
#include "common/base/dom.h"
#include "common/base/fuel.h"
#include "common/base/post.h"

#include <string.h>

struct reading {
	struct recipe_scope s;
	const struct recipe *r;
	struct recipe_result *out;
	struct feed feed;
	struct json *json[2]; /* of the page and of its inner document; freed at the end */
	int zone_minutes;
	struct recipe_value outer; /* the page as it came */
	struct recipe_value last; /* of the list */
};

/* ---- documents ---- */

static enum outcome read_json(struct reading *x, struct str text, struct recipe_value *out, struct err *e)
{
	struct err why = { 0 };
	struct json **doc = &x->json[x->json[0] != NULL];
	*doc = json_parse(text, &why);
	if (*doc == NULL)
		return err_set(e, REJECT, "recipe %.*s wants JSON, and this is none: %s", STR_FMT(x->r->name), why.text);
	*out = (struct recipe_value){ .kind = VALUE_JSON, .json = *doc };
	return OK;
}

static enum outcome read_html(struct reading *x, struct str text, struct recipe_value *out, struct err *e)
{
	struct dom *dom = arena_new(x->s.a, struct dom);
	const enum outcome done = dom_read(x->s.a, text, DOM_BUILDER_AUTO, dom, e);
	*out = (struct recipe_value){ .kind = VALUE_NODE, .dom = dom };
	return done;
}

static enum outcome read_feed(struct reading *x, struct recipe_value *out, struct err *e)
{
	const enum outcome done = feed_parse(x->s.a, x->s.page, &x->feed, e);
	*out = (struct recipe_value){ .kind = VALUE_ENTRY, .entry = &x->feed.head };
	return done;
}

static enum outcome read_outer(struct reading *x, struct err *e)
{
	struct charset_text text;
	if (x->r->kind == RECIPE_FEED) {
		const enum outcome done = read_feed(x, &x->outer, e);
		x->out->encoding = x->feed.encoding;
		return done;
	}
	charset_read(x->s.a, x->s.page->bytes, x->s.page->content_type, &text);
	x->s.utf8 = text.utf8;
	x->out->encoding = text.encoding;
	const bool is_html = x->r->kind == RECIPE_HTML || x->r->kind == RECIPE_JSON_IN_HTML;
	return is_html ? read_html(x, text.utf8, &x->outer, e) : read_json(x, text.utf8, &x->outer, e);
}

/* The text of a script element is data, not what people see. */
static struct str document_text(struct reading *x)
{
	const struct recipe_values found = expression_eval(&x->s, &x->r->plan->document, 1);
	if (found.n == 0)
		return STR("");
	const struct recipe_value *v = &found.at[0];
	const bool is_script = v->kind == VALUE_NODE && v->dom->node[v->node].tag == TAG_SCRIPT;
	if (!is_script)
		return str_trim(recipe_value_text(&x->s, v));
	const uint32_t child = v->node + 1;
	return child < v->dom->node[v->node].end ? str_trim(v->dom->node[child].text) : STR("");
}

/* The inner document of the kinds a-in-b; of the others, the page itself. */
static enum outcome read_inner(struct reading *x, struct recipe_value *out, struct err *e)
{
	*out = x->outer;
	if (x->r->kind != RECIPE_JSON_IN_HTML && x->r->kind != RECIPE_HTML_IN_JSON)
		return OK;
	const struct str text = document_text(x);
	if (text.n == 0)
		return err_set(e, REJECT,
			"recipe %.*s finds no inner document; the site may have changed, see `earshot recipe test`",
			STR_FMT(x->r->name));
	if (x->r->kind == RECIPE_HTML_IN_JSON)
		return read_html(x, text, out, e);
	return read_json(x, text, out, e);
}

/* ---- errors ---- */

static enum outcome look_for_errors(struct reading *x, struct err *e)
{
	const struct recipe_tests *errors = &x->r->plan->errors;
	for (size_t i = 0; i < errors->n; i++) {
		const struct recipe_test *t = &errors->at[i];
		if (!recipe_test_holds(&x->s, t))
			continue;
		const int64_t wait_s = recipe_count(expression_text(&x->s, &t->wait));
		x->out->wait_ms = wait_s > 0 && wait_s < (int64_t)(LIMIT_RETRY_AFTER_MS / 1000) ? wait_s * 1000 : 0;
		return err_set(
			e, REJECT, "%.*s (error %.*s of recipe %.*s)", STR_FMT(t->reason), STR_FMT(t->name), STR_FMT(x->r->name));
	}
	return OK;
}

struct str recipe_status_reason(const struct recipe *r, int status)
{
	const struct recipe_tests *errors = &r->plan->errors;
	for (size_t i = 0; i < errors->n; i++)
		for (size_t k = 0; k < errors->at[i].status.n; k++) {
			int64_t number = 0;
			if (str_to_i64(errors->at[i].status.item[k], &number) && number == status)
				return errors->at[i].reason;
		}
	return STR("");
}

/* ---- items ---- */

static bool holds_any(struct recipe_scope *s, const struct recipe_tests *tests)
{
	for (size_t i = 0; i < tests->n; i++)
		if (recipe_test_holds(s, &tests->at[i]))
			return true;
	return false;
}

/* The first way whose value is understood: a date that is none goes on to the next. */
static bool read_field(struct reading *x, size_t field, struct recipe_post *post)
{
	const struct recipe_expression *all = &x->r->plan->field[field];
	for (size_t i = 0; i < all->n; i++) {
		const struct recipe_expression one = { &all->way[i], 1 };
		const struct str text = expression_text(&x->s, &one);
		if (text.n > 0 && recipe_field_set(&x->s, field, text, x->zone_minutes, post))
			return true;
	}
	return false;
}

static void read_item(struct reading *x, struct recipe_value item)
{
	struct recipe_post *post = &x->out->post[x->out->n];
	uint32_t given = 0;
	x->s.item = item;
	x->s.place++;
	if (holds_any(&x->s, &x->r->plan->skips)) {
		x->out->skipped++;
		return;
	}
	*post = (struct recipe_post){ 0 };
	post_init(&post->post);
	for (size_t field = 0; field < RECIPE_FIELDS; field++)
		if (read_field(x, field, post))
			given |= 1u << field;
	if (post->post.parent.n > 0 && post->post.kind == POST_POST)
		post->post.kind = POST_REPLY;
	const uint32_t wanted = x->r->plan->required;
	const bool is_whole = (given & wanted) == wanted && (post->post.text.n > 0 || post->post.title.n > 0);
	x->out->broken += !is_whole;
	x->out->n += is_whole;
}

static void read_list(struct reading *x)
{
	struct recipe_values list = { NULL, 0 };
	x->s.item = x->s.document;
	if (x->r->kind == RECIPE_FEED)
		list.n = x->feed.nentries < LIMIT_RECIPE_ITEMS ? x->feed.nentries : LIMIT_RECIPE_ITEMS;
	else
		list = expression_eval(&x->s, &x->r->plan->list, LIMIT_RECIPE_ITEMS);
	x->out->post = arena_list(x->s.a, struct recipe_post, list.n + 1);
	x->out->items = list.n;
	for (size_t i = 0; i < list.n && !x->s.is_full; i++)
		read_item(x, x->r->kind == RECIPE_FEED
				     ? (struct recipe_value){ .kind = VALUE_ENTRY, .entry = &x->feed.entries[i] }
				     : list.at[i]);
	if (list.n > 0)
		x->last = x->s.item;
}

/* The canary: a page that holds less than it always does was made anew, or is none of ours. */
static enum outcome check_harvest(struct reading *x, struct err *e)
{
	const struct recipe_result *out = x->out;
	const struct recipe *r = x->r;
	if (fuel_is_out(x->s.page->fuel))
		return err_set(e, REJECT, PAGE_TOO_COSTLY, x->s.page->bytes.n);
	if (x->s.is_full)
		return err_set(e, REJECT,
			"recipe %.*s used more than %u MiB, or went over more than %d elements, on this page; narrow its "
			"selectors",
			STR_FMT(r->name), LIMIT_RECIPE_BYTES >> 20, LIMIT_RECIPE_NODES);
	const bool too_few = (int64_t)(out->n + out->skipped) < r->expect;
	const bool mostly_broken = out->broken > out->n + out->skipped;
	if (!too_few && !mostly_broken)
		return OK;
	x->s.document = x->s.item = x->outer;
	if (out->n + out->skipped == 0 && holds_any(&x->s, &r->plan->empty))
		return OK;
	return err_set(e, REJECT,
		"recipe %.*s found %zu whole posts among %zu items, at least %lld were expected: the site may have changed; "
		"record a "
		"new sample with `earshot recipe record`",
		STR_FMT(r->name), out->n, out->items, (long long)r->expect);
}

static enum outcome read_page(struct reading *x, struct err *e)
{
	enum outcome done = read_outer(x, e);
	if (done != OK)
		return done;
	x->s.used_before = x->s.a->used;
	x->s.document = x->s.item = x->outer;
	done = look_for_errors(x, e);
	struct recipe_value inner = { 0 };
	if (done == OK)
		done = read_inner(x, &inner, e);
	if (done == OK) {
		x->s.document = inner;
		read_list(x);
		x->s.item = inner;
		if (x->out->n + x->out->skipped > 0)
			x->out->next = recipe_next_page(&x->s, x->r, &x->last, x->out->items);
		done = check_harvest(x, e);
	}
	return done;
}

/* Strings of the posts must not hang on a document that is freed. */
static void keep_strings(struct arena *a, struct recipe_result *out)
{
	for (size_t i = 0; i < out->n; i++)
		for (size_t field = 0; field < RECIPE_FIELDS; field++) {
			const enum field_type type = recipe_fields[field].type;
			struct str *at = (void *)((char *)&out->post[i] + recipe_fields[field].offset);
			if (type == FIELD_TEXT || type == FIELD_URL || type == FIELD_DATE)
				*at = arena_copy(a, *at);
		}
}

enum outcome recipe_read(
	struct arena *a, const struct recipe *r, const struct page *page, struct recipe_result *out, struct err *e)
{
	struct reading x = { .r = r, .out = out };
	*out = (struct recipe_result){ 0 };
	x.s.a = a;
	x.s.page = page;
	x.s.kept = arena_list(a, struct recipe_values, r->plan->nkept + 1);
	x.zone_minutes = r->plan->has_zone ? (int)r->plan->zone_minutes : page->zone_minutes;
	const enum outcome done = read_page(&x, e);
	if (done == OK)
		keep_strings(a, out);
	json_free(x.json[0]);
	json_free(x.json[1]);
	if (done != OK)
		out->n = 0;
	return done;
}
