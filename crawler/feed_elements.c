/* What each element of an XML feed means: a table from canonical names to small readers. */
#include "crawler/feed_xml.h"

#include <earshot/limits.h>

#include "crawler/feed_geo.h"
#include "crawler/feed_media.h"

#include <stdlib.h>
#include <string.h>

struct element_row {
	const char *name;
	void (*read)(struct feed_scope *s, const struct xml_node *n, const struct element_row *row);
	const char *key; /* field name or default type, as the reader needs it */
};

#define PLAIN "text/plain"
#define HTML "text/html"
#define XHTML "application/xhtml+xml"

/* --- texts --------------------------------------------------------------------------------------------------------- */

/* The first title wins, so that media:title does not cover a title, nor a second one the first. */
static void read_title(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const struct feed_text text = feed_read_text(s, n, PLAIN);

	if (s->into->has_title && (s->into->title.n > 0 || text.value.n == 0))
		return;
	(void)row;
	s->into->has_title = true;
	s->into->title = text.value;
	s->into->title_detail = text.detail;
}

/* Of a description and a summary the first is the summary, the second the content. */
static void read_summary(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_text text = feed_read_text(s, n, row->key);

	if (!s->is_entry) {
		if (strcmp(row->key, HTML) == 0 || !feed_has_extra(s->into, "subtitle"))
			feed_set_extra_detail(s, "subtitle", text);
		return;
	}
	if (s->into->has_summary && s->into->ncontents == 0) {
		feed_add_content(s, text);
		return;
	}
	s->into->has_summary = true;
	s->into->summary = text.value;
	s->into->summary_detail = text.detail;
}

/* media:description: only where there is nothing better. */
static void read_spare_summary(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	if (!s->is_entry || !s->into->has_summary)
		read_summary(s, n, row);
}

static void read_content(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	if (s->is_entry)
		feed_add_content(s, feed_read_text(s, n, row->key));
}

static void read_detail(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_set_extra_detail(s, row->key, feed_read_text(s, n, strcmp(row->key, "subtitle") == 0 && !s->is_atom ? HTML : PLAIN));
}

static void read_text(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_set_extra_text(s, row->key, feed_read_plain(s, n));
}

static void read_address(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_scope inner = *s;
	struct str address = feed_read_plain(s, n);

	feed_enter(&inner, n);
	if (address.n == 0)
		address = feed_attribute(s, n, "resource");
	feed_set_extra_text(s, row->key, feed_resolve(&inner, address));
}

static void read_language(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	s->into->language = str_cut_utf8(feed_read_plain(s, n), 64);
}

/* --- identity and links -------------------------------------------------------------------------------------------- */

static void read_id(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_scope inner = *s;
	const struct str permanent = feed_attribute(s, n, "isPermaLink");
	const struct str text = feed_read_plain(s, n);
	const bool is_guid = strcmp(row->key, "guid") == 0;
	bool is_link;

	feed_enter(&inner, n);
	s->into->id = is_guid ? text : feed_resolve(&inner, text);
	if (!is_guid)
		return;
	is_link = (permanent.n == 0 || str_ieq(permanent, STR("true"))) && s->into->link.n == 0;
	feed_set_extra(s, "guidislink", is_link ? STR("true") : STR("false"));
	if (is_link)
		s->into->link = feed_resolve(&inner, text);
}

static bool is_page_type(struct str type)
{
	return str_eqc(type, HTML) || str_eqc(type, XHTML);
}

/* href="": the document itself. */
static bool is_href_empty(const struct xml_node *n)
{
	struct str value;

	return xml_attribute_ns(n, "", "href", &value) && value.n == 0;
}

static void read_link(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_scope inner = *s;
	struct feed_link link = { .rel = feed_attribute(s, n, "rel"),
		.type = feed_attribute(s, n, "type"),
		.title = feed_attribute(s, n, "title"),
		.length = feed_attribute(s, n, "length"),
		.hreflang = feed_attribute(s, n, "hreflang"),
		.href = feed_attribute(s, n, "href") };
	const bool has_href = link.href.n > 0;

	feed_enter(&inner, n);
	if (link.rel.n == 0)
		link.rel = row->key ? str_of(row->key) : STR("alternate");
	if (link.type.n == 0)
		link.type = str_eqc(link.rel, "self") ? STR("application/atom+xml") : STR(HTML);
	link.href = feed_resolve(&inner, has_href ? link.href : feed_read_plain(s, n));
	if (link.href.n == 0 && is_href_empty(n))
		link.href = inner.base;
	feed_add_link(s, link);
	if (str_eqc(link.rel, "image"))
		feed_set_extra_image(s, link.href);
	if (!str_eqc(link.rel, "alternate") || !is_page_type(link.type) || link.href.n == 0)
		return;
	/* RSS: the last <link> is it, as its readers have always had it, and a guid that stood in gives way. Of Atom's links
	 * the first counts, and one inside RSS only where there is no other. */
	if (s->into->link.n == 0 || (!s->is_atom && !str_istarts(xml_uri(n), STR("http://www.w3.org/2005/Atom"))))
		s->into->link = link.href;
}

static void read_enclosure(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct str href = feed_attribute(s, n, "url");

	if (href.n == 0)
		href = feed_attribute(s, n, "href");
	feed_add_link(s, (struct feed_link){ .rel = str_of(row->key),
				 .type = feed_attribute(s, n, "type"),
				 .length = feed_attribute(s, n, "length"),
				 .href = feed_resolve(s, href) });
}

static void read_license(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct str href = feed_attribute(s, n, "resource");

	if (href.n == 0)
		href = feed_read_plain(s, n);
	feed_add_link(s, (struct feed_link){ .rel = str_of(row->key), .href = feed_resolve(s, href) });
}

/* --- people -------------------------------------------------------------------------------------------------------- */

static struct feed_person read_person(struct feed_scope *s, const struct xml_node *n)
{
	static const char *const addresses[] = { "uri", "url", "homepage", "href" };
	struct feed_scope inner = *s;
	struct feed_person person = { .name = feed_child_text(s, n, "name"), .email = feed_child_text(s, n, "email") };

	if (!xml_first(n))
		return feed_person_of(s->a, feed_read_plain(s, n));
	feed_enter(&inner, n);
	if (person.name.n == 0)
		person.name = feed_child_text(s, n, "itunes:name");
	if (person.email.n == 0)
		person.email = feed_child_text(s, n, "itunes:email");
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]) && person.href.n == 0; i++)
		person.href = feed_resolve(&inner, feed_child_text(s, n, addresses[i]));
	if (person.name.n == 0 && person.email.n == 0 && person.href.n == 0)
		return feed_person_of(s->a, feed_read_plain(s, n));
	return person;
}

static void read_author(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const struct feed_person person = read_person(s, n);

	(void)row;
	if (s->into->author.n == 0)
		s->into->author =
			xml_first(n) ? feed_person_text(s->a, &person) : str_cut_utf8(feed_read_plain(s, n), LIMIT_FIELD_BYTES);
	feed_add_person(s, person, false);
}

static void read_contributor(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_add_person(s, read_person(s, n), true);
}

static void read_publisher(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const struct feed_person person = read_person(s, n);
	struct buf json;

	(void)row;
	buf_init(&json, 4 * LIMIT_BODY_BYTES);
	buf_addc(&json, '{');
	buf_json_opt(&json, "name", person.name);
	buf_json_opt(&json, "email", person.email);
	buf_json_opt(&json, "href", person.href);
	buf_addc(&json, '}');
	feed_set_extra_text(s, "publisher", xml_first(n) ? feed_person_text(s->a, &person) : feed_read_plain(s, n));
	feed_set_extra(s, "publisher_detail", arena_copy(s->a, buf_str(&json)));
	buf_release(&json);
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

static void read_category(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_tag tag = { .term = feed_attribute(s, n, "term"),
		.scheme = feed_attribute(s, n, "scheme"),
		.label = feed_attribute(s, n, "label") };

	(void)row;
	if (tag.scheme.n == 0)
		tag.scheme = feed_attribute(s, n, "domain");
	if (tag.term.n == 0)
		tag.term = feed_read_plain(s, n);
	feed_add_tag(s, tag);
}

static void read_itunes_category(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	size_t count = 0;

	(void)row;
	feed_add_tag(s, (struct feed_tag){ .term = feed_attribute(s, n, "text"), .scheme = STR("http://www.itunes.com/") });
	for (const struct xml_node *child = xml_first(n); child && count < FEED_LIST_MAX; child = xml_next(child), count++)
		feed_add_tag(s,
			(struct feed_tag){ .term = feed_attribute(s, child, "text"), .scheme = STR("http://www.itunes.com/") });
}

static void read_keywords(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct str part, rest = feed_read_plain(s, n);

	(void)row;
	while (str_split(&rest, ',', &part))
		feed_add_tag(s, (struct feed_tag){ .term = str_trim(part), .scheme = STR("http://www.itunes.com/") });
}

/* --- dates and counters -------------------------------------------------------------------------------------------- */

static void read_published(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_set_published(s, feed_read_plain(s, n));
}

static void read_updated(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_set_updated(s, feed_read_plain(s, n));
}

static void read_date(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_set_extra_date(s, row->key, feed_read_plain(s, n));
}

/* dcterms:valid: "start=2002-10-13T09:00+01:00; end=…". */
static void read_validity(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct str part, rest = feed_read_plain(s, n);

	(void)row;
	while (str_split(&rest, ';', &part)) {
		part = str_trim(part);
		if (str_starts(part, STR("start=")))
			feed_set_extra_date(s, "validity_start", str_from(part, 6));
		else if (str_starts(part, STR("end=")))
			feed_set_extra_date(s, "validity_end", str_from(part, 4));
	}
}

static void read_comment_count(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const struct str text = feed_read_plain(s, n);
	int64_t count = -1;

	feed_set_extra_text(s, row->key, text);
	if (str_to_i64(text, &count) && count >= 0)
		s->into->comments = count;
}

static void read_ttl(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const struct str text = feed_read_plain(s, n);
	int64_t minutes = 0;

	feed_set_extra_text(s, row->key, text);
	if (str_to_i64(text, &minutes) && minutes > 0 && minutes < 1000000)
		s->feed->ttl_ms = minutes * 60000;
}

/* sy:updatePeriod hourly with sy:updateFrequency 2 behind it, as everybody writes them, is every half hour. */
static void read_update_period(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	static const struct {
		const char *name;
		int64_t hours;
	} periods[] = { { "hourly", 1 }, { "daily", 24 }, { "weekly", 168 }, { "monthly", 720 }, { "yearly", 8760 } };
	const struct str text = feed_read_plain(s, n);
	const struct xml_node *next = xml_next(n);
	int64_t frequency = 1;

	feed_set_extra_text(s, row->key, text);
	if (next && strcmp(feed_name_of(next).text, "sy:updatefrequency") == 0)
		(void)str_to_i64(feed_read_plain(s, next), &frequency); /* stays 1 when it is no number */
	if (frequency < 1)
		frequency = 1;
	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]) && s->feed->ttl_ms < 0; i++) {
		if (str_ieq(str_of(periods[i].name), text))
			s->feed->ttl_ms = periods[i].hours * 3600000 / frequency;
	}
}

/* --- groups -------------------------------------------------------------------------------------------------------- */

static void read_group(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_read_children(s, n);
}

/* Atom: the feed that an entry was copied from. RSS: its name and address. */
static void read_source(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	struct feed_scope inner = *s;

	if (!s->is_entry)
		return;
	if (!xml_first(n)) {
		feed_read_attributes(s, n, row->key);
		return;
	}
	feed_enter(&inner, n);
	inner.into = arena_new(s->a, struct feed_entry);
	inner.is_entry = false;
	feed_entry_init(inner.into, str_of(""));
	feed_read_children(&inner, n);
	s->into->source = inner.into;
}

static void read_object(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_object(s, n, row->key);
}

static void read_attributes(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_attributes(s, n, row->key);
}

static void read_media(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_media(s, n, row->key);
}

static void read_generator(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_read_generator(s, n);
}

static void read_restriction(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_restriction(s, n, row->key);
}

static void read_chapters(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_chapters(s, n, row->key);
}

static void read_geo(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	feed_read_geo(s, n, row->key);
}

static void read_gml(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	(void)row;
	feed_read_gml(s, n);
}

static void read_itunes_image(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	if (feed_attribute(s, n, "href").n > 0)
		feed_read_attributes(s, n, row->key);
}

static void read_itunes_flag(struct feed_scope *s, const struct xml_node *n, const struct element_row *row)
{
	const bool is_block = strcmp(row->key, "itunes_block") == 0;
	/* Apple: only "Yes" itself blocks. */
	const struct str text = is_block ? xml_text(s->a, s->xml, n) : feed_read_plain(s, n);
	const bool yes = str_eqc(text, "yes") || (!is_block && str_eqc(text, "true"));
	const bool no = str_eqc(text, "no") || str_eqc(text, "clean") || str_eqc(text, "false");

	if (is_block)
		feed_set_extra(s, row->key, yes ? STR("1") : STR("0"));
	else
		feed_set_extra(s, row->key, yes ? STR("true") : no ? STR("false") : STR("null"));
}

/* --- the table ----------------------------------------------------------------------------------------------------- */

static const struct element_row element_rows[] = {
	/* in alphabetical order */
	{ "abstract", read_summary, HTML },
	{ "admin:errorreportsto", read_address, "errorreportsto" },
	{ "admin:generatoragent", read_generator, NULL },
	{ "author", read_author, NULL },
	{ "body", read_content, XHTML },
	{ "category", read_category, NULL },
	{ "cc:license", read_license, "license" },
	{ "cloud", read_attributes, "cloud" },
	{ "comments", read_address, "comments" },
	{ "content", read_content, PLAIN },
	{ "content:encoded", read_content, HTML },
	{ "contributor", read_contributor, NULL },
	{ "copyright", read_detail, "rights" },
	{ "created", read_date, "created" },
	{ "creativecommons:license", read_license, "license" },
	{ "dc:author", read_author, NULL },
	{ "dc:contributor", read_contributor, NULL },
	{ "dc:creator", read_author, NULL },
	{ "dc:date", read_updated, NULL },
	{ "dc:description", read_summary, HTML },
	{ "dc:language", read_language, NULL },
	{ "dc:publisher", read_publisher, NULL },
	{ "dc:rights", read_detail, "rights" },
	{ "dc:subject", read_category, NULL },
	{ "dc:title", read_title, NULL },
	{ "dcterms:created", read_date, "created" },
	{ "dcterms:issued", read_published, NULL },
	{ "dcterms:modified", read_updated, NULL },
	{ "dcterms:valid", read_validity, NULL },
	{ "description", read_summary, HTML },
	{ "docs", read_address, "docs" },
	{ "enclosure", read_enclosure, "enclosure" },
	{ "expirationdate", read_date, "expired" },
	{ "feedburner:origlink", read_address, "feedburner_origlink" },
	{ "fullitem", read_content, HTML },
	{ "generator", read_generator, NULL },
	{ "georss:box", read_geo, "Box" },
	{ "georss:line", read_geo, "LineString" },
	{ "georss:point", read_geo, "Point" },
	{ "georss:polygon", read_geo, "Polygon" },
	{ "georss:where", read_gml, NULL },
	{ "gml:linestring", read_gml, NULL },
	{ "gml:point", read_gml, NULL },
	{ "gml:polygon", read_gml, NULL },
	{ "guid", read_id, "guid" },
	{ "icon", read_address, "icon" },
	{ "id", read_id, "id" },
	{ "image", read_object, "image" },
	{ "info", read_detail, "info" },
	{ "issued", read_published, NULL },
	{ "itunes:author", read_author, NULL },
	{ "itunes:block", read_itunes_flag, "itunes_block" },
	{ "itunes:category", read_itunes_category, NULL },
	{ "itunes:duration", read_text, "itunes_duration" },
	{ "itunes:explicit", read_itunes_flag, "itunes_explicit" },
	{ "itunes:image", read_itunes_image, "image" },
	{ "itunes:keywords", read_keywords, NULL },
	{ "itunes:link", read_link, NULL },
	{ "itunes:owner", read_publisher, NULL },
	{ "itunes:subtitle", read_detail, "subtitle" },
	{ "itunes:summary", read_summary, PLAIN },
	{ "keywords", read_category, NULL },
	{ "language", read_language, NULL },
	{ "lastbuilddate", read_updated, NULL },
	{ "link", read_link, NULL },
	{ "logo", read_address, "logo" },
	{ "managingeditor", read_author, NULL },
	{ "media:category", read_category, NULL },
	{ "media:content", read_media, "media_content" },
	{ "media:credit", read_media, "media_credit" },
	{ "media:description", read_spare_summary, PLAIN },
	{ "media:group", read_group, NULL },
	{ "media:license", read_attributes, "media_license" },
	{ "media:player", read_attributes, "media_player" },
	{ "media:rating", read_attributes, "media_rating" },
	{ "media:restriction", read_restriction, "media_restriction" },
	{ "media:thumbnail", read_media, "media_thumbnail" },
	{ "media:title", read_title, NULL },
	{ "modified", read_updated, NULL },
	{ "newlocation", read_address, "newlocation" },
	{ "psc:chapters", read_chapters, "psc_chapters" },
	{ "pubdate", read_published, NULL },
	{ "published", read_published, NULL },
	{ "redirect", read_group, NULL },
	{ "rights", read_detail, "rights" },
	{ "slash:comments", read_comment_count, "slash_comments" },
	{ "source", read_source, "source" },
	{ "subtitle", read_detail, "subtitle" },
	{ "summary", read_summary, PLAIN },
	{ "sy:updatefrequency", read_text, "sy_updatefrequency" },
	{ "sy:updateperiod", read_update_period, "sy_updateperiod" },
	{ "tagline", read_detail, "subtitle" },
	{ "textinput", read_object, "textinput" },
	{ "thr:in-reply-to", read_attributes, "thr_in-reply-to" },
	{ "thr:total", read_comment_count, "thr_total" },
	{ "title", read_title, NULL },
	{ "ttl", read_ttl, "ttl" },
	{ "updated", read_updated, NULL },
	{ "webmaster", read_publisher, NULL },
	{ "wfw:comment", read_address, "wfw_comment" },
	{ "wfw:commentrss", read_address, "wfw_commentrss" },
	{ "xhtml:body", read_content, XHTML },
};

static int compare_names(const void *name, const void *row)
{
	const char *known = ((const struct element_row *)row)->name;
	const int first = (unsigned char)*(const char *)name - (unsigned char)*known; /* as a rule that says it */

	return first != 0 ? first : strcmp(name, known);
}

void feed_read_element(struct feed_scope *s, const struct xml_node *n, const char *name)
{
	const struct element_row *row = bsearch(
		name, element_rows, sizeof(element_rows) / sizeof(element_rows[0]), sizeof(element_rows[0]), compare_names);

	if (row)
		row->read(s, n, row);
}
