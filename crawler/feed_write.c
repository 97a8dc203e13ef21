/* A feed as JSON with feedparser's field names. */
#include "crawler/feed_write.h"

#include "crawler/feed_model.h"

static void open_item(struct buf *out, const char *opening)
{
	buf_json_comma(out);
	buf_addz(out, opening);
}

/* feedparser's null for a language that nobody told. */
static void write_detail(struct buf *out, const struct feed_detail *detail, struct str value)
{
	buf_json_str(out, "type", detail->type);
	buf_json_key(out, "language");
	if (detail->language.n > 0)
		buf_json_string(out, detail->language);
	else
		buf_addz(out, "null");
	buf_json_str(out, "base", detail->base);
	buf_json_str(out, "value", value);
	buf_addc(out, '}');
}

static void write_links(struct buf *out, const struct feed_entry *e)
{
	if (e->nlinks == 0)
		return;
	buf_json_key(out, "links");
	buf_addc(out, '[');
	for (size_t i = 0; i < e->nlinks; i++) {
		const struct feed_link *l = &e->links[i];
		open_item(out, "{");
		buf_json_opt(out, "rel", l->rel);
		buf_json_opt(out, "type", l->type);
		buf_json_opt(out, "href", l->href);
		buf_json_opt(out, "title", l->title);
		buf_json_opt(out, "length", l->length);
		buf_json_opt(out, "hreflang", l->hreflang);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void write_tags(struct buf *out, const struct feed_entry *e)
{
	if (e->ntags == 0)
		return;
	buf_json_key(out, "tags");
	buf_addc(out, '[');
	for (size_t i = 0; i < e->ntags; i++) {
		open_item(out, "{");
		buf_json_opt(out, "term", e->tag[i].term);
		buf_json_opt(out, "scheme", e->tag[i].scheme);
		buf_json_opt(out, "label", e->tag[i].label);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void write_person(struct buf *out, const struct feed_person *p)
{
	buf_addc(out, '{');
	buf_json_opt(out, "name", p->name);
	buf_json_opt(out, "email", p->email);
	buf_json_opt(out, "href", p->href);
	buf_addc(out, '}');
}

static void write_people(struct buf *out, const char *key, const struct feed_person *list, size_t n)
{
	if (n == 0)
		return;
	buf_json_key(out, key);
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_json_comma(out);
		write_person(out, &list[i]);
	}
	buf_addc(out, ']');
}

static void write_authors(struct buf *out, const struct feed_entry *e)
{
	buf_json_opt(out, "author", e->author);
	if (e->nauthors > 0) {
		buf_json_key(out, "author_detail");
		write_person(out, &e->authors[0]);
	}
	write_people(out, "authors", e->authors, e->nauthors);
	write_people(out, "contributors", e->contributors, e->ncontributors);
}

static void write_date(struct buf *out, const char *key, const char *parsed_key, struct str raw, int64_t ms)
{
	buf_json_opt(out, key, raw);
	if (ms < 0)
		return;
	buf_json_key(out, parsed_key);
	feed_write_date(out, ms);
}

static void write_contents(struct buf *out, const struct feed_entry *e)
{
	if (e->ncontents == 0)
		return;
	buf_json_key(out, "content");
	buf_addc(out, '[');
	for (size_t i = 0; i < e->ncontents; i++) {
		open_item(out, "{");
		write_detail(out, &e->contents[i].detail, e->contents[i].value);
	}
	buf_addc(out, ']');
}

static bool is_readable(struct str type)
{
	return str_starts(type, STR("text/")) || str_eqc(type, "application/xhtml+xml");
}

/* Without a summary the content is one, as long as it is text. */
static void write_summary(struct buf *out, const struct feed_entry *e)
{
	struct str value = e->summary;
	const struct feed_detail *detail = &e->summary_detail;

	if (!e->has_summary) {
		if (e->ncontents == 0 || !is_readable(e->contents[0].detail.type))
			return;
		value = e->contents[0].value;
		detail = &e->contents[0].detail;
	}
	buf_json_str(out, "summary", value);
	buf_json_key(out, "summary_detail");
	buf_addc(out, '{');
	write_detail(out, detail, value);
}

static void write_title(struct buf *out, const struct feed_entry *e)
{
	if (!e->has_title)
		return;
	buf_json_str(out, "title", e->title);
	buf_json_key(out, "title_detail");
	buf_addc(out, '{');
	write_detail(out, &e->title_detail, e->title);
}

/* Everything but the source, which would make this function call itself. */
static void write_fields(struct buf *out, const struct feed_entry *e)
{
	buf_json_opt(out, "id", e->id);
	buf_json_opt(out, "link", e->link);
	buf_json_opt(out, "language", e->language);
	write_title(out, e);
	write_summary(out, e);
	write_contents(out, e);
	write_authors(out, e);
	write_date(out, "published", "published_parsed", e->published, e->published_ms);
	write_date(out, "updated", "updated_parsed", e->updated, e->updated_ms);
	write_links(out, e);
	write_tags(out, e);
	for (size_t i = 0; i < e->nextra; i++) {
		buf_json_comma(out);
		buf_json_string(out, e->extra[i].key);
		buf_addc(out, ':');
		buf_adds(out, e->extra[i].json);
	}
}

static void write_entry(struct buf *out, const struct feed_entry *e)
{
	buf_addc(out, '{');
	write_fields(out, e);
	if (e->source) {
		buf_json_key(out, "source");
		buf_addc(out, '{');
		write_fields(out, e->source);
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
}

void feed_write(struct buf *out, const struct feed *f)
{
	buf_addc(out, '{');
	buf_json_bool(out, "bozo", f->bozo);
	buf_json_opt(out, "bozo_reason", f->bozo_reason);
	buf_json_opt(out, "etag", f->etag);
	buf_json_opt(out, "modified", f->modified);
	buf_json_str(out, "encoding", f->encoding);
	buf_json_str(out, "version", f->version);
	if (f->dropped > 0)
		buf_json_int(out, "dropped", (int64_t)f->dropped);
	buf_json_key(out, "feed");
	write_entry(out, &f->head);
	buf_json_key(out, "entries");
	buf_addc(out, '[');
	for (size_t i = 0; i < f->nentries; i++) {
		buf_json_comma(out);
		write_entry(out, &f->entries[i]);
	}
	buf_addz(out, "]}");
}
