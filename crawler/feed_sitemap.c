/* Sitemaps as feeds: plain, index, with the news, video and image extensions, and lists of addresses. */
#include "crawler/feed_sitemap.h"

#include <earshot/limits.h>

#include <string.h>

struct sitemap_row {
	const char *name;
	void (*read)(struct feed_scope *s, const struct xml_node *n);
};

static bool is_web_address(struct str s)
{
	return str_istarts(s, STR("http://")) || str_istarts(s, STR("https://"));
}

static void set_address(struct feed_scope *s, struct str address)
{
	if (s->into->link.n > 0 || address.n == 0)
		return;
	s->into->link = s->into->id = feed_resolve(s, address);
	feed_add_link(s, (struct feed_link){ .rel = STR("alternate"), .type = STR("text/html"), .href = s->into->link });
}

static void read_location(struct feed_scope *s, const struct xml_node *n)
{
	set_address(s, feed_read_plain(s, n));
}

static void read_changed(struct feed_scope *s, const struct xml_node *n)
{
	feed_set_updated(s, feed_read_plain(s, n));
}

static void read_published(struct feed_scope *s, const struct xml_node *n)
{
	feed_set_published(s, feed_read_plain(s, n));
}

static void read_title(struct feed_scope *s, const struct xml_node *n)
{
	if (s->into->title.n > 0)
		return;
	s->into->has_title = true;
	s->into->title = feed_read_plain(s, n);
	s->into->title_detail = (struct feed_detail){ .type = STR("text/plain"), .language = s->language, .base = s->base };
}

static void read_description(struct feed_scope *s, const struct xml_node *n)
{
	if (s->into->summary.n > 0)
		return;
	const struct feed_text text = feed_read_text(s, n, "text/html");
	s->into->has_summary = true;
	s->into->summary = text.value;
	s->into->summary_detail = text.detail;
}

static void read_language(struct feed_scope *s, const struct xml_node *n)
{
	s->into->language = str_cut_utf8(feed_read_plain(s, n), 64);
}

static void read_keywords(struct feed_scope *s, const struct xml_node *n)
{
	struct str part, rest = feed_read_plain(s, n);

	while (str_split(&rest, ',', &part))
		feed_add_tag(s, (struct feed_tag){ .term = str_trim(part) });
}

static void read_publication(struct feed_scope *s, const struct xml_node *n)
{
	const struct str name = feed_read_plain(s, n);

	if (name.n > 0)
		feed_set_extra_text(s, "news_publication", name);
}

static void read_image(struct feed_scope *s, const struct xml_node *n)
{
	feed_add_link(s, (struct feed_link){ .rel = STR("image"), .href = feed_resolve(s, feed_read_plain(s, n)) });
}

static void read_variant(struct feed_scope *s, const struct xml_node *n)
{
	feed_add_link(s, (struct feed_link){ .rel = feed_attribute(s, n, "rel"),
				 .hreflang = feed_attribute(s, n, "hreflang"),
				 .href = feed_resolve(s, feed_attribute(s, n, "href")) });
}

static void read_below(struct feed_scope *s, const struct xml_node *n);

static const struct sitemap_row rows[] = {
	{ "loc", read_location },
	{ "lastmod", read_changed },
	{ "news:news", read_below },
	{ "news:publication", read_below },
	{ "news:name", read_publication },
	{ "news:language", read_language },
	{ "news:publication_date", read_published },
	{ "news:title", read_title },
	{ "news:keywords", read_keywords },
	{ "video:video", read_below },
	{ "video:title", read_title },
	{ "video:description", read_description },
	{ "video:publication_date", read_published },
	{ "video:tag", read_keywords },
	{ "image:image", read_below },
	{ "image:loc", read_image },
	{ "xhtml:link", read_variant },
};

static void read_one(struct feed_scope *s, const struct xml_node *n)
{
	const struct feed_name name = feed_name_of(n);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, name.text) == 0) {
			rows[i].read(s, n);
			return;
		}
	}
}

/* Recursion ends with the table: only news, publication, video and image are entered. */
static void read_below(struct feed_scope *s, const struct xml_node *n)
{
	for (const struct xml_node *child = xml_first(n); child && feed_has_room(s); child = xml_next(child))
		read_one(s, child);
}

/* An entry without a <loc> is its own text when that is an address: such sitemaps are about. */
static void read_entry(struct feed_scope *outer, const struct xml_node *n)
{
	struct feed_scope s = *outer;
	size_t index = 0;

	if (!feed_reserve_entry(outer, &index))
		return;
	feed_enter(&s, n);
	s.into = &s.feed->entries[index];
	s.is_entry = true;
	read_below(&s, n);
	if (s.into->link.n == 0 && is_web_address(feed_read_plain(&s, n)))
		set_address(&s, feed_read_plain(&s, n));
}

bool feed_is_sitemap(const char *name)
{
	return strcmp(name, "urlset") == 0 || strcmp(name, "sitemapindex") == 0;
}

void feed_read_sitemap(struct feed_scope *s, const struct xml_node *n)
{
	const bool is_index = strcmp(feed_name_of(n).text, "sitemapindex") == 0;

	s->feed->version = is_index ? STR("sitemapindex") : STR("sitemap");
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		const struct feed_name name = feed_name_of(child);
		if (strcmp(name.text, is_index ? "sitemap" : "url") == 0)
			read_entry(s, child);
	}
}

/* --- lists of addresses -------------------------------------------------------------------------------------------- */

static bool is_address_line(struct str line)
{
	return is_web_address(line) && line.n <= LIMIT_URL_BYTES && str_findc(line, ' ') < 0 && str_findc(line, '<') < 0;
}

static bool is_address_list(struct str text)
{
	struct str line;
	size_t n = 0;

	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n > 0 && !is_address_line(line))
			return false;
		n += line.n > 0;
	}
	return n > 0;
}

bool feed_read_address_list(struct feed_scope *s, struct str text)
{
	struct feed_scope inner = *s;
	struct str line;
	size_t index = 0;

	if (!is_address_list(text))
		return false;
	s->feed->version = STR("sitemap");
	inner.is_entry = true;
	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0 || !feed_reserve_entry(s, &index))
			continue;
		inner.into = &s->feed->entries[index];
		set_address(&inner, line);
	}
	return true;
}
