/* A feed: RSS 0.9x, 1.0, 2.0, RDF, Atom 0.3, 1.0, JSON Feed, and sitemaps with their news, read into one model. Pure: bytes in, entries out.
 * All strings are UTF-8 and live in the arena or in the page's bytes, so both must outlive the feed. HTML is
 * cleaned (crawler/clean.h) and its links resolved, where the detail's type says that it is HTML; *_text and `text` are plain text
 * for people and for matching.
 * Hostile bytes are the normal case: ill-formed XML is recovered as far as it goes and marked `bozo`, the word of
 * feedparser, whose names and version strings are used throughout because everybody knows them. */
#ifndef EARSHOT_CRAWLER_FEED_H
#define EARSHOT_CRAWLER_FEED_H

#include "common/base/arena.h"
#include "crawler/page.h"

struct feed_detail {
	struct str type /* MIME type */, language, base;
};
struct feed_text {
	struct str value;
	struct feed_detail detail;
};
struct feed_link {
	struct str rel, href, type, title, length, hreflang;
}; /* href is absolute when it can be */
struct feed_tag {
	struct str term, scheme, label;
};
struct feed_person {
	struct str name, href, email;
};
struct feed_extra {
	struct str key, json;
}; /* any other element under feedparser's name; the value is written as JSON */

/* One entry. The head of a feed and the <source> of an Atom entry have the same fields, so they are entries too. */
struct feed_entry {
	struct str id; /* guid as written (a relative one resolved in Atom); "" when the feed gives none */
	bool is_id_shared; /* another entry of the feed has the same id and another link: it names neither */
	struct str link; /* address of the page, absolute when it can be */
	struct str title, title_text; /* as written; plain text */
	struct str summary, content; /* as written, "" when absent; content is the first of `contents` */
	struct str text; /* plain text of the content, or of the summary when there is no content */
	struct str author; /* "name (email)" of the first author, or what was written */
	struct str published, updated; /* as written */
	struct str language; /* "" when not told */
	int64_t published_ms, updated_ms; /* UTC; -1 unknown */
	bool date_only; /* published (or, without it, updated) names a day and no time */
	int64_t comments; /* slash:comments, thr:total; -1 unknown */
	bool has_title, has_summary; /* the element was there, perhaps empty */
	struct feed_tag *tag;
	size_t ntags;
	struct feed_link *links; /* enclosures are those with rel "enclosure" */
	size_t nlinks;
	struct feed_person *authors, *contributors;
	size_t nauthors, ncontributors;
	struct feed_detail title_detail, summary_detail;
	struct feed_text *contents;
	size_t ncontents;
	struct feed_extra *extra;
	size_t nextra;
	struct feed_entry *source; /* NULL when there is none */
};

struct feed {
	struct str
		version; /* "rss20" "rss10" "rss090" … "atom10" "atom03" "json1" "json11" "sitemap" "sitemapindex"; "rss", "" unknown */
	struct str encoding; /* the one that was used: "utf-8", "gb18030" … */
	struct str title, link, language; /* of the feed; the rest is in `head` */
	struct str etag, modified; /* of the response, for feed_write(); the caller sets them */
	bool bozo; /* the bytes broke a rule; bozo_reason says which */
	struct str bozo_reason;
	int64_t ttl_ms; /* wanted polling interval (ttl, sy:update*); -1 unknown */
	struct feed_entry head;
	struct feed_entry *entries;
	size_t nentries;
	size_t nplaces; /* that were read: entries that tell a hundred thousand each would cost seconds */
	size_t dropped; /* entries beyond LIMIT_FEED_ENTRIES or beyond the arena's room */
};

/* Unpacks a gzip file first, as sitemaps are kept. REJECT when it is no feed at all; `out` is then empty but for encoding and bozo. */
enum outcome feed_parse(struct arena *a, const struct page *page, struct feed *out, struct err *e) MUST_CHECK;

#endif
