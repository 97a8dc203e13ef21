/* Subscription lists of feed readers: OPML. */
#include "crawler/opml.h"

#include <earshot/limits.h>

#include "common/base/charset.h"
#include "common/base/url.h"
#include "common/base/xml.h"

#include <stdlib.h>

/* What people call their folders. */
static const struct {
	const char *word, *family;
} folder_words[] = {
	{ "forum", "forum" },
	{ "论坛", "forum" },
	{ "論壇", "forum" },
	{ "news", "news" },
	{ "新闻", "news" },
	{ "新聞", "news" },
	{ "review", "review" },
	{ "评价", "review" },
	{ "评论", "review" },
	{ "評論", "review" },
	{ "complaint", "complaint" },
	{ "投诉", "complaint" },
	{ "投訴", "complaint" },
	{ "social", "social" },
	{ "社交", "social" },
	{ "blog", "blog" },
	{ "博客", "blog" },
	{ "部落格", "blog" },
	{ "video", "video" },
	{ "视频", "video" },
	{ "影片", "video" },
};

/* "News", "Forums" and "新闻" are families; "Newsletters" is none. */
static struct str family_of(struct str name)
{
	for (size_t i = 0; i < sizeof folder_words / sizeof *folder_words; i++) {
		const struct str word = str_of(folder_words[i].word);
		const bool is_plural = name.n == word.n + 1 && (name.p[word.n] == 's' || name.p[word.n] == 'S');
		if (str_istarts(name, word) && (name.n == word.n || is_plural))
			return str_of(folder_words[i].family);
	}
	return STR("");
}

static struct str attribute(const struct xml_node *n, const char *name)
{
	for (size_t i = 0; i < n->nattributes; i++)
		if (str_ieq(n->attributes[i].name, str_of(name)))
			return str_trim(n->attributes[i].value);
	return STR("");
}

static bool is_outline(const struct xml_node *n)
{
	return !n->is_text && str_ieq(n->name, STR("outline"));
}

static struct str name_of(const struct xml_node *n)
{
	const struct str title = attribute(n, "title");
	return title.n > 0 ? title : attribute(n, "text");
}

/* `url` names a feed only where the type says so; else it is a link or a list to include. */
static struct str address_of(const struct xml_node *n)
{
	const struct str address = attribute(n, "xmlUrl"), type = attribute(n, "type");
	if (address.n > 0 || !(str_ieq(type, STR("rss")) || str_ieq(type, STR("atom"))))
		return address;
	return attribute(n, "url");
}

struct reader {
	struct arena *a;
	const struct xml *xml;
	struct opml *out;
	struct str *canonical; /* of each feed so far */
	uint32_t *slot; /* open addressing by the canonical form: index + 1, 0 = free */
	size_t nslots;
	size_t outlines;
};

/* True when the address is new; it is known from then on. */
static bool is_new(struct reader *r, struct str canonical)
{
	size_t at = str_hash(canonical) & (r->nslots - 1);
	for (; r->slot[at] != 0; at = (at + 1) & (r->nslots - 1))
		if (str_eq(r->canonical[r->slot[at] - 1], canonical))
			return false;
	r->canonical[r->out->n] = canonical;
	r->slot[at] = (uint32_t)r->out->n + 1;
	return true;
}

/* Names of the folders around, the outermost first, and the family of the innermost that is called like one. */
static void read_folders(struct reader *r, const struct xml_node *n, struct opml_feed *feed)
{
	struct str path = STR("");
	feed->family = family_of(attribute(n, "category"));
	for (const struct xml_node *up = n->parent; up != NULL && is_outline(up); up = up->parent) {
		const struct str name = str_cut_utf8(name_of(up), LIMIT_OPML_NAME_BYTES);
		if (feed->family.n == 0)
			feed->family = family_of(name);
		if (name.n > 0 && path.n < LIMIT_OPML_NAME_BYTES)
			path = path.n > 0 ? arena_printf(r->a, "%.*s / %.*s", STR_FMT(name), STR_FMT(path))
					  : arena_copy(r->a, name);
	}
	feed->folder = path;
}

static void read_outline(struct reader *r, const struct xml_node *n)
{
	struct url url;
	struct opml *out = r->out;
	const struct str address = address_of(n);
	r->outlines++;
	if (address.n == 0)
		return;
	const bool is_fine = address.n <= LIMIT_URL_BYTES && url_parse(r->a, address, STR(""), &url, NULL) == OK &&
			     url_check_fetchable(url.href, NULL) == OK;
	if (!is_fine && out->refused == 0)
		out->refused_first = arena_copy(r->a, str_cut_utf8(address, LIMIT_OPML_NAME_BYTES));
	out->refused += !is_fine;
	if (!is_fine)
		return;
	if (out->n >= LIMIT_OPML_FEEDS) {
		out->dropped++;
		return;
	}
	if (!is_new(r, url_canonical(r->a, &url))) {
		out->repeated++;
		return;
	}
	struct opml_feed *feed = &out->feed[out->n++];
	feed->url = arena_copy(r->a, url.href);
	feed->title = arena_copy(r->a, str_cut_utf8(name_of(n), LIMIT_OPML_NAME_BYTES));
	read_folders(r, n, feed);
}

/* The next element in document order; outlines stand anywhere in files that others wrote. */
static const struct xml_node *follow(const struct xml_node *n)
{
	if (xml_first(n) != NULL)
		return xml_first(n);
	while (n != NULL && xml_next(n) == NULL)
		n = n->parent;
	return n != NULL ? xml_next(n) : NULL;
}

enum outcome opml_read(struct arena *a, struct str bytes, struct opml *out, struct err *e)
{
	struct charset_text text;
	struct xml xml;
	*out = (struct opml){ 0 };
	charset_read(a, bytes, STR(""), &text);
	const enum outcome done = xml_read(&xml, text.utf8, e);
	if (done != OK) {
		xml_release(&xml);
		return done;
	}
	struct reader r = { .a = a, .xml = &xml, .out = out, .nslots = 2 * LIMIT_OPML_FEEDS };
	out->feed = arena_list(a, struct opml_feed, LIMIT_OPML_FEEDS);
	r.canonical = arena_list(a, struct str, LIMIT_OPML_FEEDS);
	r.slot = arena_list(a, uint32_t, r.nslots);
	for (const struct xml_node *n = xml.root; n != NULL; n = follow(n))
		if (is_outline(n))
			read_outline(&r, n);
	out->why = xml.ill_formed ? xml.why : NULL;
	const bool is_opml = r.outlines > 0 || str_ieq(xml.root->name, STR("opml"));
	xml_release(&xml);
	return is_opml ? OK
		       : err_set(e, REJECT, "this is no OPML: there is no <outline> in it; export the list of feeds as OPML");
}

static void add_attribute(struct buf *out, const char *name, struct str value)
{
	buf_addf(out, " %s=\"", name);
	for (size_t i = 0; i < value.n; i++) {
		const char c = value.p[i];
		if (c == '&')
			buf_addz(out, "&amp;");
		else if (c == '<')
			buf_addz(out, "&lt;");
		else if (c == '"')
			buf_addz(out, "&quot;");
		else
			buf_addc(out, (unsigned char)c < ' ' ? ' ' : c);
	}
	buf_addc(out, '"');
}

void opml_write(struct buf *out, const struct opml_feed *feed, size_t n)
{
	buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml "
		      "version=\"2.0\">\n<head><title>earshot</title></head>\n<body>\n");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !str_eq(feed[i].family, feed[i - 1].family)) {
			buf_addz(out, i > 0 ? "</outline>\n<outline" : "<outline");
			add_attribute(out, "text", feed[i].family);
			buf_addz(out, ">\n");
		}
		buf_addz(out, "\t<outline type=\"rss\"");
		add_attribute(out, "text", feed[i].title);
		add_attribute(out, "xmlUrl", feed[i].url);
		buf_addz(out, "/>\n");
	}
	buf_addz(out, n > 0 ? "</outline>\n</body>\n</opml>\n" : "</body>\n</opml>\n");
}
