/* JSON Feed 1 and 1.1. Fields of a wrong type are taken for absent: feeds are written by hand more often than one thinks. */
#include "crawler/feed_json.h"

#include <earshot/limits.h>

static struct str text_of(struct feed_scope *s, const struct json *object, const char *key)
{
	const struct str text = str_trim(json_str_of(object, key));

	return text.n > 0 ? arena_copy(s->a, text) : STR("");
}

static struct feed_text text_as(struct feed_scope *s, struct str value, const char *type)
{
	struct feed_text text = { .value = value, .detail = { .type = str_of(type), .language = s->language, .base = s->base } };

	feed_clean_text(s, &text);
	return text;
}

/* The list's members up to the cap: what is beyond it must not cost anything. */
static const struct json *next_member(const struct json *member, size_t *count)
{
	(*count)++;
	return *count < FEED_LIST_MAX ? json_next(member) : NULL;
}

static void read_author(struct feed_scope *s, const struct json *author)
{
	struct feed_person person = { .name = str_cut_utf8(text_of(s, author, "name"), LIMIT_FIELD_BYTES),
		.href = feed_resolve(s, text_of(s, author, "url")) };

	if (s->into->author.n == 0)
		s->into->author = person.name.n > 0 ? person.name : person.href;
	feed_add_person(s, person, false);
}

/* `author` in version 1, `authors` in 1.1; both are seen in either. */
static void read_authors(struct feed_scope *s, const struct json *object)
{
	size_t n = 0;

	for (const struct json *a = json_first(json_get(object, "authors")); a; a = next_member(a, &n))
		read_author(s, a);
	if (s->into->nauthors == 0)
		read_author(s, json_get(object, "author"));
}

static void add_link(struct feed_scope *s, const struct json *object, const char *key, const char *rel)
{
	const struct str href = feed_resolve(s, text_of(s, object, key));

	if (href.n > 0)
		feed_add_link(s, (struct feed_link){ .rel = str_of(rel), .type = STR("text/html"), .href = href });
}

static void read_attachments(struct feed_scope *s, const struct json *item)
{
	size_t n = 0;

	for (const struct json *a = json_first(json_get(item, "attachments")); a; a = next_member(a, &n)) {
		struct feed_link link = { .rel = STR("enclosure"),
			.href = feed_resolve(s, text_of(s, a, "url")),
			.type = text_of(s, a, "mime_type"),
			.title = text_of(s, a, "title"),
			.length = json_text_of(s->a, a, "size_in_bytes") };
		if (link.href.n > 0)
			feed_add_link(s, link);
	}
}

static void read_contents(struct feed_scope *s, const struct json *item)
{
	const struct str html = text_of(s, item, "content_html"), text = text_of(s, item, "content_text");
	const struct str summary = text_of(s, item, "summary");

	if (html.n > 0)
		feed_add_content(s, text_as(s, html, "text/html"));
	if (text.n > 0)
		feed_add_content(s, text_as(s, text, "text/plain"));
	if (json_kind(json_get(item, "summary")) != JSON_STRING)
		return;
	s->into->has_summary = true;
	s->into->summary = summary;
	s->into->summary_detail = text_as(s, summary, "text/plain").detail;
}

static void read_title(struct feed_scope *s, const struct json *object)
{
	if (json_kind(json_get(object, "title")) != JSON_STRING)
		return;
	s->into->has_title = true;
	s->into->title = text_of(s, object, "title");
	s->into->title_detail = text_as(s, s->into->title, "text/plain").detail;
}

static void read_tags(struct feed_scope *s, const struct json *item)
{
	size_t n = 0;

	for (const struct json *t = json_first(json_get(item, "tags")); t; t = next_member(t, &n))
		feed_add_tag(s, (struct feed_tag){ .term = str_trim(arena_copy(s->a, json_str(t))) });
}

static void read_image(struct feed_scope *s, const struct json *object, const char *key)
{
	const struct str href = feed_resolve(s, text_of(s, object, key));

	if (href.n > 0)
		feed_set_extra_text(s, key, href);
}

static void read_item(struct feed_scope *outer, const struct json *item)
{
	struct feed_scope s = *outer;
	size_t index = 0;

	if (json_kind(item) != JSON_OBJECT || !feed_reserve_entry(outer, &index))
		return;
	s.into = &s.feed->entries[index];
	s.is_entry = true;
	s.into->id = str_trim(arena_copy(s.a, json_text_of(s.a, item, "id")));
	s.into->language = text_of(&s, item, "language").n > 0 ? text_of(&s, item, "language") : s.language;
	s.language = s.into->language;
	add_link(&s, item, "url", "alternate");
	add_link(&s, item, "external_url", "related");
	s.into->link = feed_resolve(&s, text_of(&s, item, "url"));
	if (s.into->link.n == 0)
		s.into->link = feed_resolve(&s, text_of(&s, item, "external_url"));
	read_title(&s, item);
	read_contents(&s, item);
	read_authors(&s, item);
	read_tags(&s, item);
	read_attachments(&s, item);
	read_image(&s, item, "image");
	feed_set_published(&s, text_of(&s, item, "date_published"));
	feed_set_updated(&s, text_of(&s, item, "date_modified"));
}

/* Hubs of other kinds than WebSub are left out. */
static void read_hubs(struct feed_scope *s, const struct json *document)
{
	size_t n = 0;

	for (const struct json *h = json_first(json_get(document, "hubs")); h; h = next_member(h, &n))
		if (str_ieq(text_of(s, h, "type"), STR("WebSub")) || str_ieq(text_of(s, h, "type"), STR("PubSubHubbub")))
			add_link(s, h, "url", "hub");
}

static void read_head(struct feed_scope *s, const struct json *document)
{
	const struct str description = text_of(s, document, "description");

	s->into = &s->feed->head;
	s->language = text_of(s, document, "language");
	s->into->language = s->language;
	s->into->link = feed_resolve(s, text_of(s, document, "home_page_url"));
	add_link(s, document, "home_page_url", "alternate");
	add_link(s, document, "feed_url", "self");
	add_link(s, document, "next_url", "next");
	read_hubs(s, document);
	read_title(s, document);
	read_authors(s, document);
	read_image(s, document, "icon");
	read_image(s, document, "favicon");
	if (description.n > 0)
		feed_set_extra_detail(s, "subtitle", text_as(s, description, "text/plain"));
}

bool feed_read_json(struct feed_scope *s, const struct json *document)
{
	const struct str version = str_trim(json_str_of(document, "version"));
	const struct json *items = json_get(document, "items");

	if (json_kind(document) != JSON_OBJECT || (str_find(version, STR("jsonfeed.org")) < 0 && json_kind(items) != JSON_ARRAY))
		return false;
	s->feed->version = str_ends(version, STR("1.1")) ? STR("json11")
			   : str_ends(version, STR("1")) ? STR("json1")
							 : STR("json");
	read_head(s, document);
	for (const struct json *item = json_first(items); item; item = json_next(item))
		read_item(s, item);
	return true;
}
