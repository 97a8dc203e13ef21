/* Finds JSON-LD on a page and reads the common shapes of schema.org values. */
#include "crawler/extract_jsonld.h"

#include <earshot/limits.h>

#include <string.h>

/* Comment and CDATA marks around, semicolons behind. */
static struct str unwrapped(struct str s)
{
	static const char *const heads[] = { "<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[" };
	static const char *const tails[] = { ";", "-->", "//]]>", "/*]]>*/", "]]>", ";" };
	s = str_trim(s);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (str_starts(s, str_of(heads[i])))
			s = str_trim(str_from(s, strlen(heads[i])));
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		if (str_ends(s, str_of(tails[i])))
			s = str_trim(str_first(s, s.n - strlen(tails[i])));
	return s;
}

/* Line ends inside strings are common and no JSON: control characters become spaces. */
static const struct json *parse(struct arena *a, struct str s)
{
	struct err e;
	s = unwrapped(s);
	if (s.n == 0)
		return NULL;
	char *copy = arena_raw(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		copy[i] = (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i];
	return json_parse_in(a, (struct str){ copy, s.n }, &e);
}

const struct json *jsonld_next(const struct extract *x, uint32_t *at)
{
	const struct dom *d = x->dom;
	for (uint32_t n = *at + 1; n < d->n; n++) {
		if (d->node[n].tag != TAG_SCRIPT || n + 1 >= d->node[n].end)
			continue;
		if (!str_istarts(str_trim(dom_attribute(d, n, "type")), STR("application/ld+json")))
			continue;
		const struct json *doc = parse(x->a, d->node[n + 1].text);
		*at = n;
		if (doc != NULL)
			return doc;
	}
	*at = d->n;
	return NULL;
}

static bool names_type(struct str written, struct str type)
{
	if (!str_ends(written, type))
		return false;
	return written.n == type.n || written.p[written.n - type.n - 1] == '/' || written.p[written.n - type.n - 1] == ':';
}

bool jsonld_is(const struct json *object, const char *type)
{
	for (const struct json *t = jsonld_first(object, "@type"); t != NULL; t = jsonld_behind(t))
		if (names_type(json_str(t), str_of(type)))
			return true;
	return false;
}

const struct json *jsonld_first(const struct json *object, const char *member)
{
	const struct json *v = json_kind(object) == JSON_OBJECT ? json_get(object, member) : NULL;
	return json_kind(v) == JSON_ARRAY ? json_first(v) : v;
}

/* A member of an object is followed by other members, which are no values of the same list: those have keys. */
const struct json *jsonld_behind(const struct json *value)
{
	return json_key(value).n != 0 ? NULL : json_next(value);
}

struct str jsonld_name(const struct json *person)
{
	if (json_kind(person) == JSON_STRING)
		return str_trim(json_str(person));
	const struct str name = str_trim(json_str(jsonld_first(person, "name")));
	return name.n != 0 ? name : str_trim(json_str_of(person, "alternateName"));
}

struct str jsonld_address(const struct json *object)
{
	const struct json *url = jsonld_first(object, "url");
	if (json_kind(url) == JSON_STRING)
		return json_str(url);
	const struct str id = json_str_of(object, "@id");
	return str_istarts(id, STR("http")) ? id : STR("");
}

static bool is_article(const struct json *v)
{
	static const char *const types[] = { "Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle",
		"AnalysisNewsArticle", "OpinionNewsArticle", "Report", "TechArticle", "LiveBlogPosting", "SocialMediaPosting",
		"DiscussionForumPosting" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (jsonld_is(v, types[i]))
			return true;
	return false;
}

static void read_article(struct arena *a, const struct json *v, struct jsonld_article *out)
{
	out->headline = str_trim(json_str_of(v, "headline"));
	if (out->headline.n == 0)
		out->headline = str_trim(json_str_of(v, "name"));
	out->published = str_trim(json_str_of(v, "datePublished"));
	out->body = str_trim(json_str_of(v, "articleBody"));
	for (const struct json *p = jsonld_first(v, "author"); p != NULL; p = jsonld_behind(p)) {
		const struct str name = jsonld_name(p);
		out->author = out->author.n == 0 ? name : arena_printf(a, "%.*s, %.*s", STR_FMT(out->author), STR_FMT(name));
	}
}

/* The first article of a document: itself, in a list, in "@graph", or what a page is about. */
static const struct json *find_article(const struct json *v, int depth)
{
	if (depth > LIMIT_JSONLD_DEPTH)
		return NULL;
	if (json_kind(v) == JSON_OBJECT && is_article(v))
		return v;
	if (json_kind(v) == JSON_OBJECT && json_get(v, "@graph") != NULL)
		return find_article(json_get(v, "@graph"), depth + 1);
	if (json_kind(v) == JSON_OBJECT)
		return json_get(v, "mainEntity") != NULL ? find_article(json_get(v, "mainEntity"), depth + 1) : NULL;
	if (json_kind(v) != JSON_ARRAY)
		return NULL;
	for (const struct json *m = json_first(v); m != NULL; m = json_next(m)) {
		const struct json *found = find_article(m, depth + 1);
		if (found != NULL)
			return found;
	}
	return NULL;
}

bool jsonld_article(const struct extract *x, struct jsonld_article *out)
{
	uint32_t at = 0;
	*out = (struct jsonld_article){ .headline = STR("") };
	for (const struct json *doc = jsonld_next(x, &at); doc != NULL; doc = jsonld_next(x, &at)) {
		const struct json *article = find_article(doc, 0);
		if (article != NULL) {
			read_article(x->a, article, out);
			return true;
		}
	}
	return false;
}
