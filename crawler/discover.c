/* What an address gives, and which feeds a page names with rel=alternate. */
#include "crawler/discover.h"

#include <earshot/limits.h>

#include "common/base/charset.h"
#include "common/base/dom.h"
#include "common/base/url.h"
#include "crawler/feed.h"

const char *const discover_kind_names[DISCOVER_KIND__N] = {
	[DISCOVER_FEED] = "feed", [DISCOVER_SITEMAP] = "sitemap", [DISCOVER_PAGE] = "page"
};

/* Types that feeds are announced with. "application/json" is none: it announces an API of the site. */
static const char *const feed_types[] = { "application/rss+xml", "application/atom+xml", "application/feed+json",
	"application/rdf+xml", "application/xml", "text/xml", "application/rss", "application/atom" };
static const char *const page_types[] = { "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain" };
/* Where engines of sites keep their feeds. */
static const char *const usual_paths[] = { "/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss" };

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* The type without its parameters is one of the list. */
static bool is_type(struct str type, const char *const *list, size_t n)
{
	const ptrdiff_t semicolon = str_findc(type, ';');
	const struct str bare = str_trim(semicolon < 0 ? type : str_first(type, (size_t)semicolon));
	for (size_t i = 0; i < n; i++)
		if (str_ieq(bare, str_of(list[i])))
			return true;
	return false;
}

/* A stylesheet in another style is an alternate, too. */
static bool names_feed(const struct dom *d, uint32_t node)
{
	const struct str rel = dom_attribute(d, node, "rel");
	if (str_has_word(rel, STR("stylesheet")) || dom_attribute(d, node, "href").n == 0)
		return false;
	if (str_has_word(rel, STR("feed")))
		return true;
	return str_has_word(rel, STR("alternate")) && is_type(dom_attribute(d, node, "type"), feed_types, COUNT(feed_types));
}

static bool is_known(const struct discovery *out, struct str url)
{
	for (size_t i = 0; i < out->nfeeds; i++)
		if (str_eq(out->feed[i].url, url))
			return true;
	return false;
}

static void add_feed(struct arena *a, const struct dom *d, uint32_t node, struct str base, struct discovery *out)
{
	struct url url;
	const struct str href = str_trim(dom_attribute(d, node, "href"));
	if (href.n > LIMIT_URL_BYTES || url_parse(a, href, base, &url, NULL) != OK || url_check_fetchable(url.href, NULL) != OK)
		return;
	if (!is_known(out, url.href))
		out->feed[out->nfeeds++] = (struct discover_link){ url.href, str_trim(dom_attribute(d, node, "title")) };
}

/* Relative addresses count from the first <base> of the page. */
static struct str base_of(struct arena *a, const struct dom *d, struct str page_url)
{
	for (uint32_t i = 0; i < d->n; i++) {
		struct url url;
		const struct str href = d->node[i].tag == TAG_BASE ? dom_attribute(d, i, "href") : STR("");
		if (href.n > 0 && href.n <= LIMIT_URL_BYTES && url_parse(a, str_trim(href), page_url, &url, NULL) == OK)
			return url.href;
	}
	return page_url;
}

static enum outcome read_page(struct arena *a, const struct page *page, struct discovery *out, struct err *e)
{
	struct charset_text text;
	struct dom dom;
	charset_read(a, page->bytes, page->content_type, &text);
	const struct str start = str_trim(text.utf8);
	const bool is_data = str_starts(start, STR("{")) || str_starts(start, STR("["));
	if (is_data || (page->content_type.n > 0 && !is_type(page->content_type, page_types, COUNT(page_types))))
		return err_set(e, REJECT, "%.*s gives %.*s, neither feed nor page%s", STR_FMT(str_cut_utf8(page->url, 200)),
			STR_FMT(page->content_type.n > 0 ? str_cut_utf8(page->content_type, 60) : STR("JSON")),
			is_data ? "; docs/recipes.md tells how a recipe for it is written" : "; check the address");
	const enum outcome done = dom_read(a, text.utf8, DOM_BUILDER_AUTO, &dom, e);
	if (done != OK)
		return done;
	const struct str base = base_of(a, &dom, page->url);
	for (uint32_t i = 0; i < dom.n && out->nfeeds < LIMIT_DISCOVER_FEEDS; i++) {
		if (dom.node[i].tag == TAG_LINK && names_feed(&dom, i))
			add_feed(a, &dom, i, base, out);
		if (dom.node[i].tag == TAG_TITLE && out->title.n == 0 && i + 1 < dom.node[i].end)
			out->title = str_trim(dom.node[i + 1].text);
	}
	return OK;
}

enum outcome discover_read(struct arena *a, const struct page *page, struct discovery *out, struct err *e)
{
	struct feed feed;
	*out = (struct discovery){ .kind = DISCOVER_PAGE, .feed = arena_list(a, struct discover_link, LIMIT_DISCOVER_FEEDS) };
	if (feed_parse(a, page, &feed, NULL) != OK)
		return read_page(a, page, out, e);
	out->kind = str_starts(feed.version, STR("sitemap")) ? DISCOVER_SITEMAP : DISCOVER_FEED;
	out->version = feed.version;
	out->title = feed.head.title_text.n > 0 ? feed.head.title_text : feed.title;
	out->entries = feed.nentries;
	return OK;
}

const struct recipe *discover_recipe(const struct recipe_book *book, struct str url)
{
	for (size_t i = 0; i < book->n; i++)
		if (recipe_is_for(book->recipe[i], url))
			return book->recipe[i];
	return NULL;
}

struct str discover_usual(struct arena *a, struct str url, size_t i)
{
	struct url found;
	if (i >= COUNT(usual_paths) || url_parse(a, str_of(usual_paths[i]), url, &found, NULL) != OK)
		return STR("");
	return found.href;
}
