/* JSON-LD: the <script type="application/ld+json"> of a page as values, read leniently where sites write nearly-JSON, and the
 * few questions that every reader of schema.org data asks. Values live in the arena of the extract. */
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

/* What the page says of its own article. */
struct jsonld_article {
	struct str headline, author, published, body;
};
bool jsonld_article(const struct extract *x, struct jsonld_article *out);

#endif
