/* The sections of a recipe besides its head: fields, tests, paging. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

static const char *const paging_names[] = { "none", "page", "cursor", "id", "link", NULL };

/* ---- fields ---- */

static void unknown_field(struct recipe_draft *d, const struct conf_entry *e)
{
	const char *names[RECIPE_FIELDS];
	const struct conf_entry key = { .line = e->key_line, .column = e->key_column };
	for (size_t i = 0; i < RECIPE_FIELDS; i++)
		names[i] = recipe_fields[i].name;
	const char *near = problems_nearest(e->key, names, RECIPE_FIELDS);
	TELL(d, P_FIELD, &key, "a post has no field \"%.*s\"; %s%s%s", STR_FMT(e->key),
		near != NULL ? "did you mean \"" : "docs/recipes.md lists its fields", near != NULL ? near : "",
		near != NULL ? "\"?" : "");
}

void draft_read_fields(struct recipe_draft *d, const struct conf_section *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct conf_entry *e = &s->entry[i];
		const size_t field = recipe_field_find(e->key);
		const struct conf_entry key = { .line = e->key_line, .column = e->key_column };
		if (field == RECIPE_FIELDS)
			unknown_field(d, e);
		else if (d->recipe->plan->field[field].n > 0)
			TELL(d, P_TWICE, &key, "\"%.*s\" was given already; join the two with ||", STR_FMT(e->key));
		else
			expression_parse(d, e, d->inner, &d->recipe->plan->field[field]);
	}
}

/* What a feed recipe does not say is what the reader of feeds says. */
void draft_fill_feed_fields(struct recipe_draft *d)
{
	for (size_t i = 0; i < RECIPE_FIELDS; i++) {
		struct recipe_expression *x = &d->recipe->plan->field[i];
		if (x->n > 0 || recipe_fields[i].feed == NULL)
			continue;
		const char *feed = recipe_fields[i].feed;
		const bool is_date = recipe_fields[i].type == FIELD_DATE;
		const struct conf_entry e = { .value = is_date ? STR("published || updated") : str_of(feed) };
		expression_parse(d, &e, LANGUAGE_FEED, x);
	}
}

/* ---- tests: [error NAME], [skip NAME], [empty] ---- */

struct test {
	struct recipe_test t;
	struct str when, wait;
};
#define TEST(field, type_) .offset = offsetof(struct test, field), .type = type_
static const struct conf_option test_options[] = {
	{ .name = "when", TEST(when, CONF_STR), .help = "what is looked at" },
	{ .name = "is", TEST(t.is, CONF_LIST), .help = "holds for these values; default: any" },
	{ .name = "absent", TEST(t.absent, CONF_BOOL), .fallback = "no", .help = "yes: holds when nothing is found" },
	{ .name = "reason", TEST(t.reason, CONF_STR), .help = "of errors: what people are told" },
	{ .name = "status", TEST(t.status, CONF_LIST), .help = "of errors: HTTP answers that mean it" },
	{ .name = "wait", TEST(wait, CONF_STR), .help = "of errors: where the seconds stand after which to come back" },
};

static void check_test(struct recipe_draft *d, const struct conf_section *s, const struct recipe_test *t, bool is_error)
{
	const struct conf_entry *head = draft_place(d, s, "");
	const bool asks = draft_entry(s, "when") != NULL || (is_error && t->status.n > 0);
	if (!asks)
		TELL(d, P_TEST, head, "[%.*s %.*s] asks nothing; say what it looks at with \"when\"", STR_FMT(s->kind),
			STR_FMT(s->name));
	if (is_error && t->reason.n == 0)
		TELL(d, P_TEST, head, "[error %.*s] has no reason; say in \"reason\" what it means and what to do",
			STR_FMT(s->name));
	if (!is_error && (t->reason.n > 0 || t->status.n > 0 || draft_entry(s, "wait") != NULL))
		TELL(d, P_TEST, head, "[%.*s] is no error; take reason, status and wait away", STR_FMT(s->kind));
	for (size_t i = 0; i < t->status.n; i++) {
		int64_t status = 0;
		if (!str_to_i64(t->status.item[i], &status) || status < 100 || status > 599)
			TELL(d, P_STATUS, draft_place(d, s, "status"), "\"%.*s\" is no HTTP status; write numbers, as 401, 403",
				STR_FMT(t->status.item[i]));
	}
}

static void read_test(
	struct recipe_draft *d, const struct conf_section *s, enum language language, bool is_error, struct recipe_tests *out)
{
	struct test row = { 0 };
	for (size_t i = 0; i < out->n; i++)
		if (str_eq(out->at[i].name, s->name))
			TELL(d, P_TWICE, draft_place(d, s, ""), "[%.*s %.*s] stands twice; rename one or join them",
				STR_FMT(s->kind), STR_FMT(s->name));
	draft_fill(d, s, test_options, sizeof test_options / sizeof *test_options, &row);
	check_test(d, s, &row.t, is_error);
	row.t.name = s->name;
	draft_expression(d, s, "when", language, &row.t.when);
	draft_expression(d, s, "wait", language, &row.t.wait);
	out->at[out->n++] = row.t;
}

void draft_read_tests(struct recipe_draft *d, const struct conf_file *file)
{
	struct recipe_plan *plan = d->recipe->plan;
	plan->errors.at = arena_list(d->a, struct recipe_test, file->n + 1);
	plan->skips.at = arena_list(d->a, struct recipe_test, file->n + 1);
	plan->empty.at = arena_list(d->a, struct recipe_test, file->n + 1);
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (str_eqc(s->kind, "error"))
			read_test(d, s, d->outer, true, &plan->errors);
		else if (str_eqc(s->kind, "skip"))
			read_test(d, s, d->inner, false, &plan->skips);
		else if (str_eqc(s->kind, "empty"))
			read_test(d, s, d->outer, false, &plan->empty);
	}
}

/* ---- paging ---- */

struct paging {
	struct recipe_paging p;
	struct str next;
};
#define PAGING(field, type_) .offset = offsetof(struct paging, field), .type = type_
static const struct conf_option paging_options[] = {
	{ .name = "by",
		PAGING(p.by, CONF_CHOICE),
		.choices = paging_names,
		.required = true,
		.help = "page (a number), cursor (a value of the page), id (a value of the last post), link (an address)" },
	{ .name = "parameter", PAGING(p.parameter, CONF_STR), .help = "of the address; not of link" },
	{ .name = "next", PAGING(next, CONF_STR), .help = "where the value or address stands; not of page" },
	{ .name = "start", PAGING(p.start, CONF_INT), .fallback = "1", .max = 1e9, .help = "number of the first page" },
	{ .name = "step", PAGING(p.step, CONF_INT), .fallback = "1", .min = 1, .max = 10000, .help = "from page to page" },
	{ .name = "most",
		PAGING(p.most, CONF_INT),
		.fallback = "3",
		.min = 1,
		.max = LIMIT_RECIPE_PAGES,
		.help = "pages of one visit; the next is only read when all posts of this one were new" },
};

void draft_read_paging(struct recipe_draft *d, const struct conf_section *s)
{
	struct paging row = { 0 };
	draft_fill(d, s, paging_options, sizeof paging_options / sizeof *paging_options, &row);
	const struct conf_entry *head = draft_place(d, s, "");
	const bool has_next = draft_entry(s, "next") != NULL;
	if (row.p.by != PAGING_NONE && (row.p.by == PAGING_LINK) == (row.p.parameter.n > 0))
		TELL(d, P_PAGING, head,
			row.p.by == PAGING_LINK ? "paging by %s goes to the address that \"next\" finds; take \"parameter\" away"
						: "paging by %s lacks \"parameter\"; name the parameter of the address",
			paging_names[row.p.by]);
	if (row.p.by != PAGING_NONE && (row.p.by == PAGING_PAGE) == has_next)
		TELL(d, P_PAGING, head,
			has_next ? "paging by %s counts by itself; take \"next\" away"
				 : "paging by %s lacks \"next\"; say where its value stands",
			paging_names[row.p.by]);
	draft_expression(d, s, "next", d->inner, &row.p.next);
	d->recipe->plan->paging = row.p;
}
