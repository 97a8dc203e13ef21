/* Bytes → feed: encoding, format, reading, and the plain texts that the rest of the crawler works with. */
#include "crawler/feed.h"

#include <earshot/limits.h>

#include "common/base/fuel.h"
#include "common/base/tree.h"
#include "common/base/gzip.h"
#include "common/base/xml.h"
#include "common/base/utf8.h"
#include "common/base/charset.h"
#include "crawler/feed_json.h"
#include "crawler/feed_sitemap.h"
#include "crawler/feed_xml.h"

#include <stdlib.h>
#include <string.h>

/* What one element may take from the arena on top of copies of its text: 128 links of LIMIT_URL_BYTES and lists. */
#define RESERVE_BYTES (2u << 20)

/* Addresses with their bases may be so many times as long as the document, and so much longer; further relative ones stay as
 * written. Real feeds have about one byte of them in two. */
#define RESOLVED_TIMES 8
#define RESOLVED_BYTES (1u << 20)

/* Bytes of dates in one feed, enough for LIMIT_FEED_ENTRIES entries with half a dozen dates each. */
#define DATED_BYTES (1u << 20)

static void mark_bozo(struct feed *f, struct str reason)
{
	if (!f->bozo)
		f->bozo_reason = reason;
	f->bozo = true;
}

/* --- encoding ------------------------------------------------------------------------------------------------------ */

static struct str lower_case(struct arena *a, struct str s)
{
	char *copy = (char *)(uintptr_t)arena_copy(a, s).p;

	for (size_t i = 0; i < s.n; i++)
		copy[i] = copy[i] >= 'A' && copy[i] <= 'Z' ? (char)(copy[i] + ('a' - 'A')) : copy[i];
	return (struct str){ copy, s.n };
}

/* chardet's names of what it finds, which are feedparser's. */
static struct str guessed_name(struct str encoding)
{
	static const struct {
		const char *used, *told;
	} names[] = { { "gb18030", "GB2312" }, { "big5", "Big5" }, { "euc-kr", "EUC-KR" }, { "euc-jp", "EUC-JP" },
		{ "shift_jis", "SHIFT_JIS" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eqc(encoding, names[i].used))
			return str_of(names[i].told);
	}
	return encoding;
}

/* What feedparser would call it: a single-byte encoding by its own label, and RFC 3023's us-ascii for unlabelled text
 * that is no more than that. */
static struct str encoding_name(struct arena *a, const struct page *page, const struct charset_text *text)
{
	const bool is_text = str_istarts(page->content_type, STR("text/"));

	if (is_text && charset_of_content_type(page->content_type).n == 0 && text->utf8.n == page->bytes.n &&
		utf8_count(text->utf8) == text->utf8.n)
		return STR("us-ascii");
	if (text->wrong_label && text->declared.n == 0)
		return guessed_name(text->encoding);
	if (text->declared.n == 0 || text->wrong_label || str_eqc(text->encoding, "gb18030") ||
		str_starts(text->encoding, STR("utf-")))
		return text->encoding;
	return lower_case(a, text->declared);
}

/* The HTTP type says that this is neither XML nor JSON nor anything that often turns out to be a feed. */
static bool is_foreign_type(struct str content_type)
{
	struct str type, rest = content_type;

	if (!str_split(&rest, ';', &type))
		return false;
	type = str_trim(type);
	return type.n > 0 && str_find(type, STR("xml")) < 0 && str_find(type, STR("json")) < 0 && str_find(type, STR("rss")) < 0;
}

static void note_encoding(struct arena *a, const struct page *page, const struct charset_text *text, struct feed *out)
{
	out->encoding = encoding_name(a, page, text);
	if (text->wrong_label && text->declared.n == 0)
		mark_bozo(out, arena_printf(a, "no encoding is declared, and the bytes look like %.*s", STR_FMT(text->encoding)));
	else if (text->wrong_label)
		mark_bozo(out, arena_printf(a, "declared as %.*s, but the bytes are %.*s",
				       STR_FMT(str_cut_utf8(text->declared, 64)), STR_FMT(text->encoding)));
	if (text->damaged)
		mark_bozo(out, arena_printf(a, "bytes that mean nothing in %.*s", STR_FMT(text->encoding)));
	if (text->is_cut)
		mark_bozo(out, STR("too long as UTF-8: the end is missing"));
	if (is_foreign_type(page->content_type))
		mark_bozo(out, arena_printf(a, "%.*s is no media type of a feed", STR_FMT(str_cut_utf8(page->content_type, 64))));
}

/* --- plain texts --------------------------------------------------------------------------------------------------- */

static bool is_plain(const struct feed *f, struct str type)
{
	return str_eqc(type, "text/plain") && (str_starts(f->version, STR("atom")) || str_starts(f->version, STR("json")));
}

/* Text of a value for people. What RSS calls plain may hold markup all the same. */
static struct str plain_text(struct arena *a, const struct feed *f, struct str value, struct str type)
{
	return is_plain(f, type) ? str_trim(value) : tree_html_to_text(a, value);
}

/* The content to read: HTML before plain text, the longer of two alike. */
static const struct feed_text *best_content(const struct feed_entry *e)
{
	const struct feed_text *best = NULL;

	for (size_t i = 0; i < e->ncontents; i++) {
		const struct feed_text *c = &e->contents[i];
		const bool is_text = str_starts(c->detail.type, STR("text/")) || str_ends(c->detail.type, STR("xml"));
		if (is_text && (!best || c->value.n > best->value.n))
			best = c;
	}
	return best;
}

static void finish_entry(struct feed_scope *s, struct feed_entry *e)
{
	const struct feed_text *content = best_content(e);

	e->title_text = plain_text(s->a, s->feed, e->title, e->title_detail.type);
	if (!feed_has_reserve(s))
		return;
	if (content && content->value.n > 0)
		e->text = plain_text(s->a, s->feed, content->value, content->detail.type);
	if (e->text.n == 0)
		e->text = plain_text(s->a, s->feed, e->summary, e->summary_detail.type);
}

static int compare_ids(const void *a, const void *b)
{
	const struct feed_entry *x = *(struct feed_entry *const *)a, *y = *(struct feed_entry *const *)b;
	const int order = str_cmp(x->id, y->id);

	return order ? order : str_cmp(x->link, y->link);
}

static void mark_shared(struct feed_entry **group, size_t n)
{
	if (n < 2 || group[0]->id.n == 0 || str_eq(group[0]->link, group[n - 1]->link))
		return;
	for (size_t i = 0; i < n; i++)
		group[i]->is_id_shared = true;
}

static void find_shared_ids(struct feed_scope *s)
{
	struct feed *f = s->feed;
	struct feed_entry **entry = arena_array(s->a, f->nentries + 1, sizeof(struct feed_entry *));
	size_t from = 0;

	for (size_t i = 0; i < f->nentries; i++)
		entry[i] = &f->entries[i];
	qsort(entry, f->nentries, sizeof(struct feed_entry *), compare_ids);
	for (size_t i = 1; i <= f->nentries; i++) {
		if (i < f->nentries && str_eq(entry[i]->id, entry[from]->id))
			continue;
		mark_shared(&entry[from], i - from);
		from = i;
	}
}

static void finish(struct feed_scope *s)
{
	struct feed *f = s->feed;

	f->title = f->head.title;
	f->link = f->head.link;
	f->language = f->head.language;
	for (size_t i = 0; i < f->nentries; i++)
		finish_entry(s, &f->entries[i]);
	find_shared_ids(s);
}

/* --- formats ------------------------------------------------------------------------------------------------------- */

static enum outcome no_feed(const struct page *page, struct err *e)
{
	return err_set(e, REJECT,
		"%.*s is no feed: neither RSS, RDF, Atom nor JSON Feed was found in its %zu bytes; check the address",
		STR_FMT(str_cut_utf8(page->url.n > 0 ? page->url : STR("the document"), 200)), page->bytes.n);
}

static enum outcome parse_json(struct feed_scope *s, struct str text, const struct page *page, struct err *e)
{
	struct json *document = json_parse(text, e);
	bool is_feed;

	if (!document)
		return REJECT;
	is_feed = feed_read_json(s, document);
	json_free(document);
	return is_feed ? OK : no_feed(page, e);
}

static enum outcome parse_xml(struct feed_scope *s, struct str text, const struct page *page, struct err *e)
{
	struct xml xml;
	struct err why;
	bool is_feed = xml_read(&xml, text, &why) == OK;

	if (!xml.root && feed_read_address_list(s, text)) {
		xml_release(&xml);
		return OK;
	}
	if (xml.ill_formed)
		mark_bozo(s->feed, arena_printf(s->a, "the XML is not well-formed: %s", xml.why));
	is_feed = is_feed && feed_read_xml(s, &xml);
	xml_release(&xml);
	return is_feed ? OK : no_feed(page, e);
}

static void init_scope(struct feed_scope *s, struct arena *a, const struct page *page, struct feed *out)
{
	const bool has_location = str_istarts(page->content_location, STR("http"));

	*s = (struct feed_scope){ .a = a,
		.feed = out,
		.fuel = page->fuel,
		.into = &out->head,
		.dates = { .now_ms = page->fetched_ms, .zone_minutes = page->zone_minutes },
		.base = has_location ? page->content_location : page->url,
		.language = str_cut_utf8(str_trim(page->content_language), 64) };
	if (s->base.n > LIMIT_URL_BYTES)
		s->base = str_of("");
}

static enum outcome parse_document(struct arena *a, const struct page *page, struct feed *out, struct err *e)
{
	struct charset_text text;
	struct feed_scope s;
	enum outcome outcome;
	size_t resolvable, datable = DATED_BYTES;

	init_scope(&s, a, page, out);
	charset_read(a, page->bytes, page->content_type, &text);
	note_encoding(a, page, &text, out);
	resolvable = RESOLVED_TIMES * text.utf8.n + RESOLVED_BYTES;
	s.resolvable = &resolvable;
	s.datable = &datable;
	s.full_at = a->max_bytes < LIMIT_FEED_BYTES ? a->max_bytes : LIMIT_FEED_BYTES;
	s.reserve = 2 * text.utf8.n + RESERVE_BYTES;
	const struct str trimmed = str_trim(text.utf8);
	outcome = str_starts(trimmed, STR("{")) ? parse_json(&s, trimmed, page, e) : parse_xml(&s, text.utf8, page, e);
	if (outcome == OK && fuel_is_out(page->fuel))
		outcome = err_set(e, REJECT, PAGE_TOO_COSTLY, page->bytes.n);
	if (outcome == OK)
		finish(&s);
	else
		mark_bozo(out, STR("no feed"));
	return outcome;
}

enum outcome feed_parse(struct arena *a, const struct page *page, struct feed *out, struct err *e)
{
	struct page inside = *page;
	bool is_cut = false;
	enum outcome outcome = OK;

	*out = (struct feed){ .ttl_ms = -1 };
	feed_entry_init(&out->head, str_of(""));
	if (!gzip_is(page->bytes))
		return parse_document(a, page, out, e);
	outcome = gzip_open(a, page->bytes, &inside.bytes, &is_cut, e);
	if (outcome != OK || is_cut)
		mark_bozo(out, STR("the gzip file is damaged, cut or too large"));
	inside.content_type = str_of(""); /* it told of the outside */
	return outcome == OK ? parse_document(a, &inside, out, e) : outcome;
}
