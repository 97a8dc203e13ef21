/* Publication dates in the scripts of a page: JSON-LD, and "publishTime": … in what its own programs are given. */
#include "crawler/extract_published.h"

#include "crawler/extract_jsonld.h"

#include <string.h>

#define DEPTH 12 /* of objects in objects that are looked into */
#define VALUE_BYTES 64
#define KEY_BYTES 48
#define KEY_SHORTEST 4

/* --- JSON-LD --------------------------------------------------------------------------------------------------------- */

/* Parts of a page that have dates of their own. */
static bool is_part(struct str type)
{
	static const char *const types[] = { "Comment", "Review", "UserReview", "Answer", "ImageObject", "Person", "Offer",
		"ListItem", "Organization", "Event" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eqc(type, types[i]))
			return true;
	}
	return false;
}

/* What a page is about, rather than the page around it. */
static bool is_article(struct str type)
{
	return str_ends(type, STR("Article")) || str_ends(type, STR("Posting")) || str_ends(type, STR("Report")) ||
	       str_eqc(type, "Question") || str_eqc(type, "Recipe") || str_eqc(type, "Review") || str_eqc(type, "VideoObject");
}

/* The first type, without the address in front of it. */
static struct str type_of(const struct json *object)
{
	struct str type = json_str(jsonld_first(object, "@type"));

	for (size_t i = type.n; i > 0; i--) {
		if (type.p[i - 1] == '/' || type.p[i - 1] == ':')
			return str_from(type, i);
	}
	return type;
}

/* The page as such; a book, a film or a game that it is about has a publication date of its own. */
static bool is_page(struct str type)
{
	return type.n == 0 || str_ends(type, STR("Page")) || str_ends(type, STR("Work")) || str_eqc(type, "Dataset");
}

static void offer_object(struct published *p, const struct json *object, uint32_t node)
{
	const struct str type = type_of(object);
	const struct str published = json_str_of(object, "datePublished");

	published_offer(p,
		is_article(type) ? PUBLISHED_DATA
		: is_page(type)  ? PUBLISHED_CREATED
				 : PUBLISHED_TEXT,
		published, node);
	if (!is_article(type) && !is_page(type))
		return;
	published_offer(p, PUBLISHED_CREATED, json_str_of(object, "dateCreated"), node);
	published_offer(p, PUBLISHED_CREATED, json_str_of(object, "uploadDate"), node);
	published_offer(p, PUBLISHED_MODIFIED, json_str_of(object, "dateModified"), node);
}

/* Recursion is bounded by DEPTH. */
static void walk(struct published *p, const struct json *value, uint32_t node, int depth)
{
	if (depth > DEPTH)
		return;
	if (json_kind(value) == JSON_OBJECT) {
		if (depth > 0 && is_part(type_of(value)))
			return;
		offer_object(p, value, node);
	} else if (json_kind(value) != JSON_ARRAY) {
		return;
	}
	for (const struct json *member = json_first(value); member; member = json_next(member)) {
		if (json_kind(member) == JSON_OBJECT || json_kind(member) == JSON_ARRAY)
			walk(p, member, node, depth + 1);
	}
}

/* --- scripts --------------------------------------------------------------------------------------------------------- */

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind a key: `" : "VALUE"` or `= VALUE;`. */
static struct str value_behind(struct str s, size_t at)
{
	size_t start;
	char quote = '\0';

	while (at < s.n && (s.p[at] == '"' || s.p[at] == '\'' || s.p[at] == '\\' || is_blank(s.p[at])))
		at++;
	if (at >= s.n || (s.p[at] != ':' && s.p[at] != '='))
		return STR("");
	for (at++; at < s.n && is_blank(s.p[at]); at++)
		;
	while (at < s.n && (s.p[at] == '"' || s.p[at] == '\'' || s.p[at] == '\\'))
		quote = s.p[at++];
	for (start = at; at < s.n && at - start < VALUE_BYTES; at++) {
		if (strchr("\"'\\<>{}[];", s.p[at]) || (!quote && (s.p[at] == ',' || s.p[at] == '\n')))
			break;
	}
	return str_trim((struct str){ s.p + start, at - start });
}

/* Most names in a script are none of ours and most values no dates: the cheap test comes first. */
static void offer_key(struct published *p, struct str key, struct str value, uint32_t node, bool is_data)
{
	if (value.n < 8 || !((value.p[0] >= '0' && value.p[0] <= '9') || (value.p[0] >= 'A' && value.p[0] <= 'Z')))
		return;
	switch (published_name(key)) {
	case NAME_PUBLISHED:
		published_offer(p, is_data ? PUBLISHED_DATA : PUBLISHED_SCRIPT, value, node);
		break;
	case NAME_MODIFIED:
		published_offer(p, PUBLISHED_MODIFIED, value, node);
		break;
	default:
		break;
	}
}

/* Text that is no JSON: every name followed by a value. */
static void scan_text(struct published *p, struct str s, uint32_t node, bool is_data)
{
	size_t start = 0;

	for (size_t at = 0; at < s.n; at++) {
		if (is_key_byte(s.p[at]))
			continue;
		if (at - start >= KEY_SHORTEST && at - start <= KEY_BYTES && strchr("\"' :=\\", s.p[at]))
			offer_key(p, (struct str){ s.p + start, at - start }, value_behind(s, at), node, is_data);
		start = at + 1;
	}
}

/* Data that is no JSON even to a lenient reader is still searched for names and values. */
void published_scan_scripts(struct published *p)
{
	const struct dom *d = p->x->dom;
	uint32_t at = 0;
	const struct json *data = jsonld_next(p->x, &at);

	for (uint32_t i = 0; i < d->n; i++) {
		if (d->node[i].tag != TAG_SCRIPT || i + 1 >= d->node[i].end)
			continue;
		if (i == at && data) {
			walk(p, data, p->headline, 0);
			data = jsonld_next(p->x, &at);
		} else {
			const bool is_data = str_find(dom_attribute(d, i, "type"), STR("ld+json")) >= 0;
			scan_text(p, d->node[i + 1].text, p->headline, is_data);
		}
	}
}
