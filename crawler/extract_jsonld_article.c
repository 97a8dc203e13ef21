/* What JSON-LD says of what a page is about: headline, author, body. */
#include "crawler/extract_jsonld.h"

#include <string.h>

#define PERSONS_MAX 64 /* named by "@id" elsewhere on the page */
#define AUTHORS_MAX 8

struct reading {
	const struct extract *x;
	struct jsonld_article *out;
	int worth; /* of the object that `out` is from */
	const struct json *person[PERSONS_MAX];
	size_t npersons;
	const struct json *author; /* of the object that won */
};

static struct str name_of(const struct json *object, const char *key, const char *other)
{
	const struct str name = str_trim(json_str_of(object, key));
	return name.n > 0 ? name : str_trim(json_str_of(object, other));
}

static void take(struct reading *r, const struct json *object, int worth)
{
	struct jsonld_article *out = r->out;
	if (worth <= r->worth)
		return;
	const struct str old_site = out->site;
	r->worth = worth;
	r->author = json_get(object, "author") != NULL ? json_get(object, "author") : json_get(object, "creator");
	*out = (struct jsonld_article){
		.headline = name_of(object, "headline", "name"),
		.published = str_trim(json_str_of(object, "datePublished")),
		.body = name_of(object, "articleBody", "text"),
		.description = str_trim(json_str_of(object, "description")),
		.language = str_trim(json_str_of(object, "inLanguage")),
		.site = str_trim(json_str_of(json_get(object, "publisher"), "name")),
	};
	if (out->site.n == 0)
		out->site = old_site;
}

static bool look(void *context, const struct json *object, int depth)
{
	struct reading *r = context;
	(void)depth;
	if (json_get(object, "@id") != NULL && json_get(object, "name") != NULL && r->npersons < PERSONS_MAX)
		r->person[r->npersons++] = object;
	if (str_eqc(json_str_of(object, "@type"), "WebSite") && r->out->site.n == 0)
		r->out->site = str_trim(json_str_of(object, "name"));
	take(r, object, jsonld_type(object).worth);
	return true;
}

/* The name of a person, who may be told by the "@id" of an object elsewhere. */
static struct str person_name(const struct reading *r, const struct json *person)
{
	const struct str name = jsonld_name(person), id = json_str_of(person, "@id");
	for (size_t i = 0; name.n == 0 && id.n > 0 && i < r->npersons; i++)
		if (str_eq(json_str_of(r->person[i], "@id"), id))
			return str_trim(json_str_of(r->person[i], "name"));
	return name;
}

static struct str author_names(const struct reading *r)
{
	struct str all = STR("");
	const bool is_list = json_kind(r->author) == JSON_ARRAY;
	const struct json *person = is_list ? json_first(r->author) : r->author;
	for (int i = 0; person != NULL && i < AUTHORS_MAX; i++) {
		const struct str name = person_name(r, person);
		if (name.n > 0)
			all = all.n > 0 ? arena_printf(r->x->a, "%.*s, %.*s", STR_FMT(all), STR_FMT(name)) : name;
		person = is_list ? json_next(person) : NULL;
	}
	return all;
}

bool jsonld_article(const struct extract *x, struct jsonld_article *out)
{
	struct reading r = { .x = x, .out = out };
	uint32_t at = 0;
	*out = (struct jsonld_article){ .headline = STR("") };
	for (const struct json *doc = jsonld_next(x, &at); doc != NULL; doc = jsonld_next(x, &at))
		jsonld_each(doc, look, &r);
	out->author = author_names(&r);
	return r.worth > 0;
}
