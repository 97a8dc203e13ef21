/* Case adapters for documents: feeds, the dates in them, JSON, legacy encodings. */
#include "cli/case.h"

#include <earshot/limits.h>

#include "common/base/bytes.h"
#include "common/base/charset.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "crawler/dates.h"
#include "crawler/feed_write.h"

void case_feed_header(struct case_feed *f, struct str name, struct str value)
{
	const struct {
		const char *name;
		struct str *value;
	} rows[] = {
		{ "content-type", &f->page.content_type },
		{ "content-language", &f->page.content_language },
		{ "content-location", &f->page.content_location },
		{ "etag", &f->etag },
		{ "last-modified", &f->modified },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (str_ieq(name, str_of(rows[i].name)))
			*rows[i].value = value;
	}
}

enum outcome case_feed_write(struct arena *a, const struct case_feed *f, struct buf *out, struct err *e)
{
	struct feed feed;
	const enum outcome done = feed_parse(a, &f->page, &feed, e);

	feed.etag = f->etag;
	feed.modified = f->modified;
	if (done != OK)
		feed.bozo_reason = arena_copy(a, str_of(e->text));
	feed_write(out, &feed);
	return done;
}

/* A document that is no feed still gets an answer: bozo, and no entries. */
bool case_feeds(struct arena *a, const struct json *line, struct buf *out)
{
	const struct str file = json_str_of(line, "file");
	struct case_feed f = { .page = { .url = json_str_of(line, "url"), .fetched_ms = clock_now_ms() } };
	struct err e = { 0 };

	if (file.n == 0)
		return false;
	for (const struct json *h = json_first(json_get(line, "headers")); h; h = json_next(h))
		case_feed_header(&f, json_key(h), json_str(h));
	if (file_read(a, arena_cstr(a, file), LIMIT_BODY_BYTES, &f.page.bytes, &e) != OK)
		f.page.bytes = STR("");
	(void)!case_feed_write(a, &f, out, &e); /* what is no feed still gets an answer */
	return true;
}

bool case_survive(struct arena *a, const struct json *line, struct buf *out)
{
	return case_feeds(a, line, out);
}

bool case_feeddates(struct arena *a, const struct json *line, struct buf *out)
{
	const struct date_context context = { .now_ms = clock_now_ms() };
	struct date date;

	(void)a;
	if (json_kind(json_get(line, "date")) != JSON_STRING)
		return false;
	if (dates_parse(json_str_of(line, "date"), &context, &date))
		buf_addf(out, "{\"unix\":%lld}", (long long)(date.ms / MS_PER_SECOND));
	else
		buf_addz(out, "{\"unix\":null}");
	return true;
}

bool case_json(struct arena *a, const struct json *line, struct buf *out)
{
	const struct str file = json_str_of(line, "file");
	struct json *document = NULL;
	struct str bytes;
	struct err e;

	if (file.n == 0)
		return false;
	if (file_read(a, arena_cstr(a, file), LIMIT_BODY_BYTES, &bytes, &e) == OK)
		document = json_parse(bytes, &e);
	buf_addz(out, document ? "{\"ok\":true}" : "{\"ok\":false}");
	json_free(document);
	return true;
}

bool case_charset(struct arena *a, const struct json *line, struct buf *out)
{
	struct charset_text text;
	struct buf bytes;
	bool decoded;

	buf_init(&bytes, LIMIT_JSONL_BYTES);
	decoded = crypto_unbase64(&bytes, json_str_of(line, "bytes_b64")) &&
		  charset_decode(a, arena_copy(a, buf_str(&bytes)), json_str_of(line, "charset"), &text);
	buf_release(&bytes);
	if (!decoded)
		return false;
	buf_addc(out, '{');
	buf_json_str(out, "text", text.utf8);
	buf_addc(out, '}');
	return true;
}

/* What HTML's algorithm finds: bytes that no encoding tells from another are in its default. */
bool case_sniff(struct arena *a, const struct json *line, struct buf *out)
{
	struct charset_text text;
	struct buf bytes;

	buf_init(&bytes, LIMIT_JSONL_BYTES);
	const bool decoded = crypto_unbase64(&bytes, json_str_of(line, "bytes_b64"));
	charset_read(a, decoded ? arena_copy(a, buf_str(&bytes)) : STR(""), STR(""), &text);
	const bool is_any = bytes_ascii(buf_str(&bytes), 0) == bytes.n && charset_name(text.declared).n == 0;
	buf_release(&bytes);
	if (!decoded)
		return false;
	buf_addc(out, '{');
	buf_json_str(out, "charset", is_any ? STR("windows-1252") : text.encoding);
	buf_addc(out, '}');
	return true;
}
