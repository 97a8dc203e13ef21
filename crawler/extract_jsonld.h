/* JSON-LD: the <script type="application/ld+json"> of a page as values, read leniently where sites write nearly-JSON, and the
 * few questions that every reader of schema.org data asks. Scripts are parsed once a page when x->memo is there. Values live in the arena of the extract. */
#ifndef EARSHOT_CRAWLER_EXTRACT_JSONLD_H
#define EARSHOT_CRAWLER_EXTRACT_JSONLD_H

#include "common/base/json.h"
#include "crawler/extract.h"

/* The next script behind node *at (start with 0) that can be read; NULL = no more. */
const struct json *jsonld_next(const struct extract *x, uint32_t *at);
/* Is one of the object's types this one, or written as an address that ends so? */
bool jsonld_is(const struct json *object, const char *type);
/* A member that is a value or a list of values: the first, and the one behind it. NULL = none. */
const struct json *jsonld_first(const struct json *object, const char *member);
const struct json *jsonld_behind(const struct json *value);
/* A person or organisation given as text or as an object: its name, its address ("" unknown). */
struct str jsonld_name(const struct json *person);
struct str jsonld_address(const struct json *object);

/* What schema.org types say about an object; the table is in extract_jsonld_types.c. */
struct jsonld_type {
	const char *ends; /* the type is this word or ends with it */
	int worth; /* as the object that the page is about: 4 article … 1 page, 0 none of these */
	bool is_dated; /* its datePublished is when the page was published */
	bool is_page; /* the page as such; dates are those of the page, less surely */
	bool is_part; /* of a page, with dates of its own: a comment, a person */
};
/* The row of the best of its types; all zero for an unknown one, `is_page` without any. */
struct jsonld_type jsonld_type(const struct json *object);

/* All objects below a value, the outer ones first; `visit` says whether to look inside of this one. Bounded by
 * LIMIT_JSONLD_DEPTH and LIMIT_JSONLD_OBJECTS. */
typedef bool jsonld_visit(void *context, const struct json *object, int depth);
void jsonld_each(const struct json *value, jsonld_visit *visit, void *context);

/* What the page says of what it is about: of several objects the first of the best type; "" when it does not say. Several authors
 * with ", " between, those named by "@id" looked up. `site` may be known without any article. */
struct jsonld_article {
	struct str headline, author, published, body, description, language, site;
};
bool jsonld_article(const struct extract *x, struct jsonld_article *out);

#endif
