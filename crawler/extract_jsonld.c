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

/* The next script behind node *at that can be read. */
static const struct json *read_next(const struct extract *x, uint32_t *at)
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

/* All scripts of a page, in a list. */
struct jsonld_script {
	uint32_t node;
	const struct json *doc; /* NULL: the end of the list */
	struct jsonld_script *next;
};

static struct jsonld_script *read_all(const struct extract *x)
{
	struct jsonld_script *first = arena_new(x->a, struct jsonld_script), *last = first;
	uint32_t at = 0;
	for (size_t n = 0; n < LIMIT_JSONLD_SCRIPTS; n++) {
		last->doc = read_next(x, &at);
		last->node = at;
		if (last->doc == NULL)
			return first;
		last->next = arena_new(x->a, struct jsonld_script);
		last = last->next;
	}
	last->node = x->dom->n;
	return first;
}

const struct json *jsonld_next(const struct extract *x, uint32_t *at)
{
	if (x->memo == NULL)
		return read_next(x, at);
	if (x->memo->data == NULL)
		x->memo->data = read_all(x);
	const struct jsonld_script *script = x->memo->data;
	while (script->doc != NULL && script->node <= *at)
		script = script->next;
	*at = script->node;
	return script->doc;
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
