/* Names of feed elements: one canonical prefix a namespace, whatever the document calls it. */
#include "crawler/feed_xml.h"

#include <string.h>

struct namespace_row {
	const char *uri, *prefix;
};

/* Lower case. The prefixes are feedparser's, because its field names follow from them. */
static const struct namespace_row namespaces[] = {
	{ "http://backend.userland.com/rss", "" },
	{ "http://blogs.law.harvard.edu/tech/rss", "" },
	{ "http://purl.org/rss/1.0/", "" },
	{ "http://my.netscape.com/rdf/simple/0.9/", "" },
	{ "http://channel.netscape.com/rdf/simple/0.9/", "" },
	{ "http://example.com/newformat#", "" },
	{ "http://example.com/necho", "" },
	{ "http://purl.org/echo/", "" },
	{ "uri/of/echo/namespace#", "" },
	{ "http://purl.org/pie/", "" },
	{ "http://purl.org/atom/ns#", "" },
	{ "http://www.w3.org/2005/atom", "" },
	{ "http://purl.org/rss/1.0/modules/rss091#", "" },
	{ "http://purl.org/net/rss1.1#", "" },
	{ "http://backend.userland.com/rss2", "" },
	{ "http://backend.userland.com/rss091", "" },
	{ "http://webns.net/mvcb/", "admin" },
	{ "http://backend.userland.com/blogchannelmodule", "blogchannel" },
	{ "http://backend.userland.com/creativecommonsrssmodule", "creativecommons" },
	{ "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", "creativecommons" },
	{ "http://web.resource.org/cc/", "cc" },
	{ "http://creativecommons.org/ns#", "cc" },
	{ "http://purl.org/rss/1.0/modules/content/", "content" },
	{ "http://purl.org/dc/elements/1.1/", "dc" },
	{ "http://purl.org/dc/terms/", "dcterms" },
	{ "http://purl.org/rss/1.0/modules/email/", "email" },
	{ "http://purl.org/rss/1.0/modules/event/", "ev" },
	{ "http://rssnamespace.org/feedburner/ext/1.0", "feedburner" },
	{ "http://xmlns.com/foaf/0.1/", "foaf" },
	{ "http://www.w3.org/2003/01/geo/wgs84_pos#", "geo" },
	{ "http://www.georss.org/georss", "georss" },
	{ "http://www.opengis.net/gml", "gml" },
	{ "http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes" },
	{ "http://example.com/dtds/podcast-1.0.dtd", "itunes" },
	{ "http://search.yahoo.com/mrss", "media" },
	{ "http://search.yahoo.com/mrss/", "media" },
	{ "http://madskills.com/public/xml/rss/module/pingback/", "pingback" },
	{ "http://prismstandard.org/namespaces/1.2/basic/", "prism" },
	{ "http://podlove.org/simple-chapters", "psc" },
	{ "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf" },
	{ "http://www.w3.org/2000/01/rdf-schema#", "rdfs" },
	{ "http://purl.org/rss/1.0/modules/slash/", "slash" },
	{ "http://www.w3.org/2000/svg", "svg" },
	{ "http://www.w3.org/1998/math/mathml", "mathml" },
	{ "http://purl.org/rss/1.0/modules/syndication/", "sy" },
	{ "http://purl.org/rss/1.0/modules/taxonomy/", "taxo" },
	{ "http://purl.org/syndication/thread/1.0", "thr" },
	{ "http://madskills.com/public/xml/rss/module/trackback/", "trackback" },
	{ "http://wellformedweb.org/commentapi/", "wfw" },
	{ "http://purl.org/rss/1.0/modules/wiki/", "wiki" },
	{ "http://www.w3.org/1999/xhtml", "xhtml" },
	{ "http://www.w3.org/1999/xlink", "xlink" },
	{ "http://www.w3.org/xml/1998/namespace", "xml" },
	{ "http://www.google.com/schemas/sitemap-news/0.9", "news" },
	{ "http://www.google.com/schemas/sitemap-video/1.1", "video" },
	{ "http://www.google.com/schemas/sitemap-image/1.1", "image" },
};

const char *feed_namespace_prefix(struct str uri)
{
	if (uri.n == 0)
		return "";
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		if (str_ieq(str_of(namespaces[i].uri), uri))
			return namespaces[i].prefix;
	}
	return NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* An unknown namespace that the root element has too is the document's way of writing its own elements. */
static bool is_own_namespace(const struct xml_node *n)
{
	const struct xml_node *root = n;

	while (root->parent)
		root = root->parent;
	return str_eq(xml_uri(n), xml_uri(root));
}

/* The prefix of an element, NULL when nothing is known of its namespace. What was found once stays with the declaration. */
static const char *prefix_of(const struct xml_node *n)
{
	struct xml_namespace *ns = n->ns;

	if (!ns)
		return "";
	if (!ns->has_meaning) {
		ns->meaning = feed_namespace_prefix(ns->uri);
		ns->has_meaning = true;
	}
	return !ns->meaning && is_own_namespace(n) ? "" : ns->meaning;
}

struct feed_name feed_name_of(const struct xml_node *n)
{
	struct feed_name name;
	const char *prefix = prefix_of(n);
	const struct str local = n->name; /* with the prefix in it when that was never declared */
	size_t at = 0;

	name.text[0] = '\0';
	if (!prefix || strlen(prefix) + local.n + 2 > FEED_NAME_BYTES)
		return name;
	for (const char *p = prefix; *p; p++)
		name.text[at++] = *p;
	if (at > 0)
		name.text[at++] = ':';
	for (size_t i = 0; i < local.n; i++)
		name.text[at++] = lower(local.p[i]);
	name.text[at] = '\0';
	if (strncmp(name.text, "atom:", 5) == 0 || strncmp(name.text, "rss:", 4) == 0)
		memmove(name.text, strchr(name.text, ':') + 1, strlen(strchr(name.text, ':')));
	return name;
}
