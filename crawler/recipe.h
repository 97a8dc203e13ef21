/* Recipes: how the posts of one kind of site are read, as text that an operator can write and a machine can check.
 *
 * A recipe is a file NAME.recipe in a feeds folder, in the syntax of conf.h. It says what comes (JSON, HTML, a feed, or one inside
 * the other), where the list of posts is, and for each field of a post where its value stands. docs/recipes.md explains
 * it; the tables are recipe_options.c (keys), recipe_fields.c (fields of posts) and recipe_filter.c (filters).
 *
 * Reading is pure: bytes in, posts out. Nothing here signs requests, makes cookies or answers captchas. A recipe and the book
 * it is in belong to one thread (regular expressions have working memory); free the book, the rest lives in its arena. */
#ifndef EARSHOT_CRAWLER_RECIPE_H
#define EARSHOT_CRAWLER_RECIPE_H

#include "common/base/conf.h"
#include "crawler/page.h"
#include <earshot/post.h>

enum recipe_kind { RECIPE_JSON, RECIPE_HTML, RECIPE_FEED, RECIPE_JSON_IN_HTML, RECIPE_HTML_IN_JSON, RECIPE_KIND__N };
extern const char *const recipe_kind_names[]; /* "json" "html" "feed" "json-in-html" "html-in-json", then NULL */
enum recipe_login { RECIPE_LOGIN_NONE, RECIPE_LOGIN_COOKIE }; /* no account; a cookie that the operator owns and configures */

struct recipe_plan; /* the compiled expressions: recipe_plan.h */

struct recipe {
	struct str name; /* as the file is called, without .recipe: [a-z0-9-] */
	const char *path;
	struct str about, example, terms; /* for people: one line, an address it reads, what to know before using it */
	int kind, login; /* enum recipe_kind, enum recipe_login */
	struct conf_list hosts, paths; /* globs (* only); what addresses it is meant for; empty: any */
	struct conf_list header; /* of requests: "Name: value" */
	int64_t every_ms, delay_ms; /* at least so long between two polls of a source, two requests to a host */
	int64_t expect; /* fewer posts on a page mean that the site changed, unless the page itself says that it is empty */
	struct recipe_plan *plan;
};

struct recipe_post {
	struct post
		post; /* native_id, author (the name), url, title, text, posted_ms, counters …; id, source, fetched_ms unset */
	struct str author_url, published; /* published: as written */
};

struct recipe_result {
	struct recipe_post *post;
	size_t n;
	size_t items; /* in the list */
	size_t skipped; /* that a [skip] names */
	size_t broken; /* without a field that `require` asks for */
	struct str next; /* address of the next page; "" = none */
	int64_t wait_ms; /* the site asks to be left alone so long; 0 = it does not */
	struct str encoding;
};

/* REJECT with a sentence when the page is not what the recipe reads: an [error] of it holds, it cannot be parsed, or there are fewer
 * posts than `expect`. Memory it takes is bounded by LIMIT_RECIPE_BYTES. */
enum outcome recipe_read(
	struct arena *a, const struct recipe *r, const struct page *page, struct recipe_result *out, struct err *e) MUST_CHECK;
int64_t recipe_most_pages(const struct recipe *r); /* of one visit; 1 without paging */
/* What an [error] says of an HTTP status; "" = nothing. */
struct str recipe_status_reason(const struct recipe *r, int status);

/* ---- the book ---- */

struct recipe_book {
	struct recipe **recipe; /* by name */
	size_t n;
};

/* All NAME.recipe files of the folders; a recipe with errors is left out. */
void recipes_load(struct arena *a, const char *const *folder, size_t nfolders, struct recipe_book *out, struct problems *p);
void recipes_release(struct recipe_book *book);
const struct recipe *recipes_find(const struct recipe_book *book, struct str name);
/* Is the address one of those that the recipe names? Without hosts and paths: no. */
bool recipe_is_for(const struct recipe *r, struct str url);

/* One file; NULL when it has errors. Free it with recipe_free. `path` gives the name. */
struct recipe *recipe_parse(struct arena *a, struct str bytes, const char *path, struct problems *p);
struct recipe *recipe_load(struct arena *a, const char *path, struct problems *p);
void recipe_free(struct recipe *r);

#endif
