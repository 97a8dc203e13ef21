/* JSON-LD about the article of a page: headline, author, body. */
#include "crawler/extract_meta.h"

#include "crawler/extract_jsonld.h"

#include <string.h>

#define DEPTH_MAX 8 /* objects in objects that are looked through */
#define PERSONS_MAX 64 /* named by "@id" elsewhere on the page */
#define AUTHORS_MAX 8

struct reading {
	const struct extract *x;
	struct meta_ld *out;
	int rank; /* of the object that `out` is from: 0 none, 1 page, 2 product and the like, 3 article */
	const struct json *person[PERSONS_MAX];
	size_t npersons;
	const struct json *author; /* of the object that won */
	size_t looked; /* objects so far */
};

static int rank_of_type(struct str type)
{
	static const char *const articles[] = { "BlogPosting", "Report", "Recipe", "Review", "SocialMediaPosting",
		"DiscussionForumPosting", "QAPage", "Question" };
	static const char *const things[] = { "Product", "VideoObject", "Event", "JobPosting", "Course", "Book", "Movie" };
	if (str_ends(type, STR("Article")))
		return 4;
	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
		if (str_ends(type, str_of(articles[i])))
			return 3;
	for (size_t i = 0; i < sizeof things / sizeof *things; i++)
		if (str_ends(type, str_of(things[i])))
			return 2;
	return str_ends(type, STR("WebPage")) ? 1 : 0;
}

static int rank_of(const struct json *object)
{
	const struct json *type = json_get(object, "@type");
	int best = rank_of_type(json_str(type));
	if (json_kind(type) != JSON_ARRAY)
		return type == NULL ? 0 : best;
	for (const struct json *t = json_first(type); t != NULL; t = json_next(t)) {
		const int rank = rank_of_type(json_str(t));
		best = rank > best ? rank : best;
	}
	return best;
}

static struct str name_of(const struct json *object, const char *key, const char *other)
{
	const struct str name = str_trim(json_str_of(object, key));
	return name.n > 0 ? name : str_trim(json_str_of(object, other));
}

static void take(struct reading *r, const struct json *object, int rank)
{
	struct meta_ld *out = r->out;
	if (rank <= r->rank)
		return;
	const struct str old_site = out->site;
	r->rank = rank;
	r->author = json_get(object, "author") != NULL ? json_get(object, "author") : json_get(object, "creator");
	*out = (struct meta_ld){
		.headline = name_of(object, "headline", "name"),
		.body = name_of(object, "articleBody", "text"),
		.description = str_trim(json_str_of(object, "description")),
		.language = str_trim(json_str_of(object, "inLanguage")),
		.site = str_trim(json_str_of(json_get(object, "publisher"), "name")),
	};
	if (out->site.n == 0)
		out->site = old_site;
}

static void look(struct reading *r, const struct json *v, int depth)
{
	if (depth > DEPTH_MAX || r->looked > 2000)
		return;
	if (json_kind(v) == JSON_OBJECT) {
		r->looked++;
		const struct str type = json_str_of(v, "@type");
		if (json_get(v, "@id") != NULL && json_get(v, "name") != NULL && r->npersons < PERSONS_MAX)
			r->person[r->npersons++] = v;
		if (str_eqc(type, "WebSite") && r->out->site.n == 0)
			r->out->site = str_trim(json_str_of(v, "name"));
		take(r, v, rank_of(v));
	}
	if (json_kind(v) != JSON_OBJECT && json_kind(v) != JSON_ARRAY)
		return;
	for (const struct json *m = json_first(v); m != NULL; m = json_next(m))
		look(r, m, depth + 1);
}

/* The name of a person given as text, as an object, or by the "@id" of an object elsewhere. */
static struct str person_name(const struct reading *r, const struct json *person)
{
	const struct str name = str_trim(json_str(person));
	if (name.n > 0)
		return name;
	const struct json *inner = json_get(person, "name");
	if (inner != NULL)
		return str_trim(json_kind(inner) == JSON_ARRAY ? json_str(json_first(inner)) : json_str(inner));
	const struct str id = json_str_of(person, "@id");
	for (size_t i = 0; id.n > 0 && i < r->npersons; i++)
		if (str_eq(json_str_of(r->person[i], "@id"), id))
			return str_trim(json_str_of(r->person[i], "name"));
	return STR("");
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

void meta_ld_read(const struct extract *x, struct meta_ld *out)
{
	struct reading r = { .x = x, .out = out };
	uint32_t at = 0;
	*out = (struct meta_ld){ .headline = STR("") };
	for (const struct json *doc = jsonld_next(x, &at); doc != NULL; doc = jsonld_next(x, &at))
		look(&r, doc, 0);
	out->author = author_names(&r);
}
