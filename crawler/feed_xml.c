/* XML feeds: finding the feed in the document, its version, and walking its entries. */
#include "crawler/feed_xml.h"

#include <earshot/limits.h>

#include "crawler/feed_sitemap.h"

#include <string.h>

#define SEARCH_DEPTH 4 /* how deep below the root a feed may hide (SOAP envelopes, broken templates) */

/* Nearly all names differ in their first letter. */
static bool is_named(const char *name, const char *known)
{
	return *name == *known && strcmp(name, known) == 0;
}

static bool is_entry_name(const char *name)
{
	return is_named(name, "item") || is_named(name, "entry");
}

static bool is_feed_name(const char *name)
{
	return is_named(name, "rss") || is_named(name, "feed") || is_named(name, "rdf:rdf") || is_named(name, "channel") ||
	       feed_is_sitemap(name);
}

/* CDF (Internet Explorer's channels) keeps link and date in attributes. */
static void read_cdf_attributes(struct feed_scope *s, const struct xml_node *n)
{
	const struct str href = feed_attribute(s, n, "HREF"), date = feed_attribute(s, n, "LASTMOD");

	if (href.n > 0) {
		s->into->link = feed_resolve(s, href);
		feed_add_link(s, (struct feed_link){ .rel = STR("alternate"), .type = STR("text/html"), .href = s->into->link });
	}
	if (date.n > 0)
		feed_set_updated(s, date);
}

/* The entry is filled aside and put into its slot at the end: an entry that never closed holds the following ones, and
 * reading them moves the list. */
static void read_entry(struct feed_scope *outer, const struct xml_node *n)
{
	struct feed_scope s = *outer;
	struct feed_entry entry;
	size_t index = 0;

	if (!feed_reserve_entry(outer, &index))
		return;
	feed_enter(&s, n);
	feed_entry_init(&entry, str_of(""));
	s.into = &entry;
	s.is_entry = true;
	if (xml_attribute_ns(n, "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "about", &entry.id))
		entry.id = xml_keep(s.a, s.xml, entry.id);
	read_cdf_attributes(&s, n);
	feed_read_children(&s, n);
	if (entry.language.n == 0)
		entry.language = s.language;
	outer->feed->entries[index] = entry;
}

static bool holds_entries(const struct xml_node *n)
{
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		if (is_entry_name(feed_name_of(child).text))
			return true;
	}
	return false;
}

static void read_feed(struct feed_scope *outer, const struct xml_node *n)
{
	struct feed_scope s = *outer;

	feed_enter(&s, n);
	read_cdf_attributes(&s, n);
	feed_read_children(&s, n);
}

void feed_read_children(struct feed_scope *s, const struct xml_node *n)
{
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		const struct feed_name name = feed_name_of(child);
		if (is_entry_name(name.text))
			read_entry(s, child);
		else if (is_feed_name(name.text) || is_named(name.text, "items"))
			read_feed(s, child);
		else if (!s->is_entry && name.text[0] && holds_entries(child))
			read_feed(s, child);
		else if (feed_has_room(s))
			feed_read_element(s, child, name.text);
	}
}

/* --- version ------------------------------------------------------------------------------------------------------- */

struct version_row {
	const char *written, *version;
};

static const struct version_row rss_versions[] = { { "0.91", "rss091u" }, { "0.92", "rss092" }, { "0.93", "rss093" },
	{ "0.94", "rss094" } };

static const struct version_row namespace_versions[] = {
	{ "http://www.w3.org/2005/Atom", "atom10" },
	{ "http://purl.org/atom/ns#", "atom03" },
	{ "http://purl.org/rss/1.0/", "rss10" },
	{ "http://my.netscape.com/rdf/simple/0.9/", "rss090" },
	{ "http://channel.netscape.com/rdf/simple/0.9/", "rss090" },
};

static struct str rss_version(struct feed_scope *s, const struct xml_node *n)
{
	const struct str written = str_trim(feed_attribute(s, n, "version"));

	for (size_t i = 0; i < sizeof(rss_versions) / sizeof(rss_versions[0]); i++) {
		if (str_eqc(written, rss_versions[i].written))
			return str_of(rss_versions[i].version);
	}
	return str_starts(written, STR("2")) ? STR("rss20") : STR("rss");
}

static struct str version_of_uri(struct str uri)
{
	for (size_t i = 0; i < sizeof(namespace_versions) / sizeof(namespace_versions[0]); i++) {
		if (str_ieq(uri, str_of(namespace_versions[i].written)))
			return str_of(namespace_versions[i].version);
	}
	return str_of("");
}

static struct str namespace_version(const struct xml_node *n)
{
	return version_of_uri(xml_uri(n));
}

static struct str atom_version(struct feed_scope *s, const struct xml_node *n)
{
	const struct str version = namespace_version(n), written = feed_attribute(s, n, "version");

	if (str_starts(version, STR("atom")))
		return version;
	if (str_eqc(written, "0.1"))
		return STR("atom01");
	if (str_eqc(written, "0.2"))
		return STR("atom02");
	return str_eqc(written, "0.3") ? STR("atom03") : STR("atom");
}

static struct str rdf_version(const struct feed_scope *s, const struct xml_node *n)
{
	for (const struct xml_node *child = xml_first(n); child; child = xml_next(child)) {
		const struct str version = namespace_version(child);
		if (str_starts(version, STR("rss")))
			return version;
	}
	const struct str version = version_of_uri(s->xml->default_uri); /* nothing is in it */
	return str_starts(version, STR("rss")) ? version : STR("rss");
}

static struct str version_of(struct feed_scope *s, const struct xml_node *n, const char *name)
{
	if (strcmp(name, "rss") == 0)
		return rss_version(s, n);
	if (strcmp(name, "feed") == 0)
		return atom_version(s, n);
	if (strcmp(name, "rdf:rdf") == 0)
		return rdf_version(s, n);
	return str_eqc(n->name, "CHANNEL") ? STR("cdf") : STR("rss");
}

/* --- the document -------------------------------------------------------------------------------------------------- */

/* The first element, in document order, that is a feed; an entry alone counts too (Atom allows it). */
static const struct xml_node *find_feed(const struct xml_node *n, int depth)
{
	const struct feed_name name = feed_name_of(n);

	if (is_feed_name(name.text) || (strcmp(name.text, "entry") == 0 && str_starts(namespace_version(n), STR("atom"))))
		return n;
	for (const struct xml_node *child = depth > 0 ? xml_first(n) : NULL; child; child = xml_next(child)) {
		const struct xml_node *found = find_feed(child, depth - 1);
		if (found)
			return found;
	}
	return NULL;
}

static void add_feed_language(struct feed_scope *s, const struct xml_node *n)
{
	struct feed_scope inner = *s;

	feed_enter(&inner, n);
	if (inner.language.n > 0)
		s->feed->head.language = inner.language;
}

bool feed_read_xml(struct feed_scope *s, const struct xml *x)
{
	const struct xml_node *top = find_feed(x->root, SEARCH_DEPTH);

	if (!top)
		return false;
	s->xml = x;
	s->into = &s->feed->head;
	add_feed_language(s, top);
	if (is_entry_name(feed_name_of(top).text)) {
		s->feed->version = namespace_version(top);
		s->is_atom = true;
		read_entry(s, top);
		return true;
	}
	if (feed_is_sitemap(feed_name_of(top).text)) {
		feed_read_sitemap(s, top);
		return true;
	}
	s->feed->version = version_of(s, top, feed_name_of(top).text);
	s->is_atom = str_starts(s->feed->version, STR("atom"));
	read_feed(s, top);
	return true;
}
