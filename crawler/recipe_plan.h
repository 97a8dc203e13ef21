/* A recipe compiled, and the values it works on: shared by the recipe_*.c files alone.
 *
 * An expression is a row of ways to a value; the first that yields something is taken. A way starts somewhere (a pointer, a
 * selector, a field of a feed, a template) and goes through filters, each from a list of values to a list of values. */
#ifndef EARSHOT_CRAWLER_RECIPE_PLAN_H
#define EARSHOT_CRAWLER_RECIPE_PLAN_H

#include "common/text/regex.h"
#include "crawler/feed.h"
#include "crawler/pointer.h"
#include "crawler/recipe.h"
#include "crawler/recipe_problems.h"
#include "crawler/select.h"

/* ---- values ---- */

enum value_kind { VALUE_TEXT, VALUE_JSON, VALUE_NODE, VALUE_ENTRY };

struct recipe_value {
	enum value_kind kind;
	struct str text;
	const struct json *json;
	const struct dom *dom; /* of node */
	uint32_t node;
	const struct feed_entry *entry;
};
struct recipe_values {
	struct recipe_value *at;
	size_t n;
};

/* What expressions are asked of: the document, one item of it, and where that stands. */
struct recipe_scope {
	struct arena *a;
	struct recipe_value document, item;
	const struct page *page;
	struct str utf8; /* the page as text */
	size_t place; /* of the item, from 1 */
	struct recipe_values *kept; /* values of expressions that look at the document, one a recipe_way.keep */
	size_t used_before; /* of the arena, when reading began */
	size_t passed; /* nodes that selectors and texts went over; LIMIT_RECIPE_NODES */
	bool is_full; /* LIMIT_RECIPE_BYTES or _NODES were used: nothing is evaluated any more */
};

/* ---- expressions ---- */

enum way_from {
	FROM_ITEM, /* . */
	FROM_POINTER,
	FROM_SELECT,
	FROM_FEED, /* a field of a feed entry */
	FROM_TEMPLATE, /* "text {way} text" */
	FROM_PAGE, /* <page>: all of it, as text */
	FROM_PLACE, /* <place>: 1, 2, 3 … */
	FROM_URL, /* <url>: the address of the page */
};

struct recipe_filter {
	const struct filter_row *row;
	struct str text[2];
	const struct select *select;
	const struct pointer *pointer;
	struct regex *regex;
	double number;
};

struct recipe_way;
struct recipe_part { /* of a template */
	struct str text;
	struct recipe_way *way; /* NULL: `text` as it is */
};

struct recipe_way {
	enum way_from from;
	size_t keep; /* 0: asked of the item; else of the document, and its values are kept[keep] */
	const struct pointer *pointer;
	const struct select *select;
	size_t feed_field; /* row of recipe_feed_fields */
	struct recipe_part *part;
	size_t nparts;
	struct recipe_filter *filter;
	size_t nfilters;
};

struct recipe_expression {
	struct recipe_way *way; /* in the order in which they are tried */
	size_t n; /* 0: not given */
};

/* All values, at most `most`. */
struct recipe_values expression_eval(struct recipe_scope *s, const struct recipe_expression *x, size_t most);
/* The first value as text, trimmed; "" when there is none. */
struct str expression_text(struct recipe_scope *s, const struct recipe_expression *x);
/* Counts the nodes below a node, which something is about to go over. */
void recipe_pass(struct recipe_scope *s, const struct recipe_value *node);
/* A value as text: strings as they are, numbers and booleans written, nodes as people see them; "" for all else. */
struct str recipe_value_text(struct recipe_scope *s, const struct recipe_value *v);

/* ---- filters ---- */

enum filter_argument {
	ARGUMENT_NONE,
	ARGUMENT_WORD,
	ARGUMENT_NUMBER,
	ARGUMENT_QUOTED,
	ARGUMENT_TWO_QUOTED,
	ARGUMENT_REGEX,
	ARGUMENT_POINTER,
	ARGUMENT_SELECTOR,
	ARGUMENT_XPATH,
};
enum filter_takes { TAKES_ANY, TAKES_NODE }; /* what it can work on */

struct filter_row {
	const char *name;
	enum filter_argument argument;
	enum filter_takes takes;
	enum value_kind gives;
	bool keeps_kind; /* gives what it got; `gives` says nothing then */
	/* One value to any number of values, or the whole list at once (of_list). */
	void (*one)(
		struct recipe_scope *s, const struct recipe_filter *f, const struct recipe_value *v, struct recipe_values *out);
	void (*of_list)(struct recipe_scope *s, const struct recipe_filter *f, struct recipe_values *list);
	const char *help;
};
extern const struct filter_row recipe_filters[]; /* ends with a NULL name */
const struct filter_row *recipe_filter_find(struct str name);
#define FILTER_VALUES 64 /* room in `out` of a filter, and most values of a field */
void recipe_values_add(struct recipe_values *out, struct recipe_value v);

/* ---- fields of feeds and of posts ---- */

struct feed_field_row {
	const char *name;
	size_t offset; /* a struct str or an int64_t of struct feed_entry */
	bool is_number;
};
extern const struct feed_field_row recipe_feed_fields[];
extern const size_t recipe_nfeed_fields;

enum field_type { FIELD_TEXT, FIELD_URL, FIELD_DATE, FIELD_COUNT, FIELD_SMALL, FIELD_STARS, FIELD_YES, FIELD_KIND };
struct field_row {
	const char *name;
	enum field_type type;
	size_t offset; /* in struct recipe_post */
	const char *feed; /* what a recipe of kind feed takes when it says nothing: a feed field, NULL = nothing */
	const char *help;
};
extern const struct field_row recipe_fields[];
#define RECIPE_FIELDS 20
_Static_assert(RECIPE_FIELDS <= 32, "`require` is a set of bits");
size_t recipe_field_find(struct str name); /* RECIPE_FIELDS: there is none */
/* Puts a value into a post; true when something was understood. */
bool recipe_field_set(struct recipe_scope *s, size_t field, struct str value, int zone_minutes, struct recipe_post *post);
/* "1,234" "1.2k" "3.4万" to a number; -1 when it is none. */
int64_t recipe_count(struct str text);

/* ---- the plan ---- */

struct recipe_test { /* of [error NAME], [skip NAME], [empty] */
	struct str name;
	struct recipe_expression when, wait;
	struct conf_list is; /* one of these, when given; else any value */
	bool absent; /* holds when there is no value */
	struct conf_list status; /* HTTP, of errors */
	struct str reason;
};
bool recipe_test_holds(struct recipe_scope *s, const struct recipe_test *t);

enum paging_by { PAGING_NONE, PAGING_PAGE, PAGING_CURSOR, PAGING_ID, PAGING_LINK };
struct recipe_paging {
	int by;
	struct str parameter;
	struct recipe_expression next;
	int64_t start, step, most;
};
/* The page behind this one; "" = none. `last` is the last item. */
struct str recipe_next_page(struct recipe_scope *s, const struct recipe *r, const struct recipe_value *last, size_t items);

struct recipe_tests {
	struct recipe_test *at;
	size_t n;
};

struct recipe_regex { /* so that they can be freed */
	struct regex *regex;
	struct recipe_regex *next;
};

struct recipe_plan {
	struct recipe_expression document, list, field[RECIPE_FIELDS];
	uint32_t required; /* bits: fields without which an item is broken */
	bool has_zone;
	int64_t zone_minutes;
	struct recipe_tests errors, skips, empty;
	struct recipe_paging paging;
	size_t nkept; /* ways that look at the document; kept[0] is none's */
	struct recipe_regex *regexes;
};

/* ---- loading ---- */

/* What expressions are written in at some place of a recipe. */
enum language { LANGUAGE_JSON, LANGUAGE_HTML, LANGUAGE_FEED };

struct recipe_draft {
	struct arena *a;
	struct problems *p;
	struct recipe *recipe;
	enum language outer, inner; /* of the document as it came; of its items */
};

struct recipe_place {
	const struct conf_entry *entry; /* NULL: the file as a whole */
	size_t byte; /* of its value */
};
void recipe_tell(struct recipe_draft *d, enum recipe_problem kind, struct recipe_place at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
#define TELL(d, kind, at, ...) recipe_tell((d), (kind), (struct recipe_place){ (at), 0 }, __VA_ARGS__)

const struct conf_entry *draft_entry(const struct conf_section *s, const char *key); /* NULL: there is none */
/* The entry, or the head of the section, as a place. */
const struct conf_entry *draft_place(struct recipe_draft *d, const struct conf_section *s, const char *key);
/* conf_fill() with our codes. */
void draft_fill(struct recipe_draft *d, const struct conf_section *s, const struct conf_option *options, size_t n, void *into);
/* Compiles an entry, if it is there. */
void draft_expression(struct recipe_draft *d, const struct conf_section *s, const char *key, enum language language,
	struct recipe_expression *out);
void draft_read_fields(struct recipe_draft *d, const struct conf_section *s);
void draft_fill_feed_fields(struct recipe_draft *d);
void draft_read_tests(struct recipe_draft *d, const struct conf_file *file);
void draft_read_paging(struct recipe_draft *d, const struct conf_section *s);
/* Compiles the value of an entry; problems have their place in it. */
void expression_parse(struct recipe_draft *d, const struct conf_entry *at, enum language language, struct recipe_expression *out);
/* XPath (a subset, docs/recipes.md) as a CSS selector and the filter that its last step asks for: "attr NAME", "own" or "". Lives in
 * `a`; false with `e` and *at, the byte where. An XPath that is only @name gives the selector "". */
struct recipe_xpath {
	struct str css, attribute;
	bool is_own_text;
};
bool recipe_xpath(struct arena *a, struct str text, struct recipe_xpath *out, size_t *at, struct err *e);

#endif
