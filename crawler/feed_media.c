/* Elements whose attributes or children are kept as they are: images, media, generators. */
#include "crawler/feed_media.h"

#include <earshot/limits.h>

#include <string.h>

#define OBJECT_BYTES (64u << 10)
#define MEDIA_BYTES (128u << 10)
#define LIST_BYTES (8u << 10) /* all thumbnails, say, of one entry; the list is copied whenever it grows */

/* Attributes that any of these elements has; addresses are resolved. */
static const char *const attributes[] = { "url", "href", "ref", "type", "source", "relationship", "role", "scheme", "domain",
	"port", "path", "registerProcedure", "protocol", "width", "height", "medium", "duration", "fileSize", "lang", "time",
	"rel", "title" };

static bool is_address(const char *name)
{
	return strcmp(name, "url") == 0 || strcmp(name, "href") == 0;
}

static void write_attributes(struct feed_scope *s, const struct xml_node *n, struct buf *json, bool url_is_href)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		const char *name = attributes[i];
		struct str value = feed_attribute(s, n, name);
		if (value.n == 0)
			continue;
		if (is_address(name))
			value = feed_resolve(s, value);
		buf_json_str(json, url_is_href && strcmp(name, "url") == 0 ? "href" : name, value);
	}
}

static void set_object(struct feed_scope *s, const char *key, struct buf *json)
{
	buf_addc(json, '}');
	if (!json->overflow)
		feed_set_extra(s, key, arena_copy(s->a, buf_str(json)));
	buf_release(json);
}

void feed_read_attributes(struct feed_scope *s, const struct xml_node *n, const char *key)
{
	const bool is_media = strncmp(key, "media_", 6) == 0;
	struct buf json;

	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	write_attributes(s, n, &json, !is_media);
	buf_json_opt(&json, is_media ? "content" : "title", feed_read_plain(s, n));
	set_object(s, key, &json);
}

void feed_read_restriction(struct feed_scope *s, const struct xml_node *n, const char *key)
{
	struct str part, rest = feed_read_plain(s, n);
	struct buf json;

	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	write_attributes(s, n, &json, false);
	buf_json_key(&json, "content");
	buf_addc(&json, '[');
	while (str_split(&rest, ' ', &part)) {
		if (part.n == 0)
			continue;
		buf_json_comma(&json);
		buf_json_string(&json, part);
	}
	buf_addc(&json, ']');
	set_object(s, key, &json);
}

void feed_read_chapters(struct feed_scope *s, const struct xml_node *n, const char *key)
{
	static const char *const fields[] = { "start", "title", "href", "image" };
	struct buf json;

	if (feed_has_extra(s->into, key))
		return;
	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	buf_json_opt(&json, "version", feed_attribute(s, n, "version"));
	buf_json_key(&json, "chapters");
	buf_addc(&json, '[');
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		buf_json_comma(&json);
		buf_addc(&json, '{');
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			buf_json_opt(&json, fields[i], feed_attribute(s, child, fields[i]));
		buf_addc(&json, '}');
	}
	buf_addc(&json, ']');
	set_object(s, key, &json);
}

void feed_read_object(struct feed_scope *s, const struct xml_node *n, const char *key)
{
	static const char *const fields[] = { "url", "title", "link", "description", "name", "width", "height" };
	struct buf json;

	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct str text = feed_child_text(s, n, fields[i]);
		if (i == 0 || strcmp(fields[i], "link") == 0)
			text = feed_resolve(s, text);
		buf_json_opt(&json, i == 0 ? "href" : fields[i], text);
	}
	set_object(s, key, &json);
}

void feed_set_extra_image(struct feed_scope *s, struct str href)
{
	struct buf json;

	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	buf_json_str(&json, "href", href);
	set_object(s, "image", &json);
}

/* The list so far without its closing bracket, "" when there is none yet. */
static struct str list_so_far(const struct feed_entry *e, const char *key)
{
	for (size_t i = 0; i < e->nextra; i++) {
		if (str_eqc(e->extra[i].key, key))
			return str_first(e->extra[i].json, e->extra[i].json.n - 1);
	}
	return str_of("");
}

void feed_read_media(struct feed_scope *s, const struct xml_node *n, const char *key)
{
	const struct str before = list_so_far(s->into, key);
	struct buf json;

	if (before.n < LIST_BYTES) {
		buf_init(&json, MEDIA_BYTES);
		buf_adds(&json, before.n > 0 ? before : STR("["));
		buf_addz(&json, before.n > 0 ? ",{" : "{");
		write_attributes(s, n, &json, false);
		buf_json_opt(&json, "content", xml_first(n) ? str_of("") : feed_read_plain(s, n));
		buf_addz(&json, "}]");
		if (!json.overflow)
			feed_set_extra(s, key, arena_copy(s->a, buf_str(&json)));
		buf_release(&json);
	}
	feed_read_children(s, n);
}

void feed_read_generator(struct feed_scope *s, const struct xml_node *n)
{
	static const char *const addresses[] = { "uri", "url", "href", "resource" };
	struct feed_scope inner = *s;
	struct str href = str_of(""), name = feed_read_plain(s, n);
	struct buf json;

	feed_enter(&inner, n);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]) && href.n == 0; i++)
		href = feed_resolve(&inner, feed_attribute(s, n, addresses[i]));
	if (name.n == 0)
		name = href;
	buf_init(&json, OBJECT_BYTES);
	buf_addc(&json, '{');
	buf_json_opt(&json, "name", name);
	buf_json_opt(&json, "href", href);
	buf_json_opt(&json, "version", feed_attribute(s, n, "version"));
	feed_set_extra_text(s, "generator", name);
	set_object(s, "generator_detail", &json);
}
