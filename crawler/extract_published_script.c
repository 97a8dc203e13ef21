/* Publication dates in the scripts of a page: JSON-LD, and "publishTime": … in what its own programs are given. */
#include "crawler/extract_published.h"

#include "crawler/extract_jsonld.h"

#include <string.h>

#define VALUE_BYTES 64
#define KEY_BYTES 48
#define KEY_SHORTEST 4

/* --- JSON-LD --------------------------------------------------------------------------------------------------------- */

struct data {
	struct published *p;
	uint32_t node;
};

static bool offer_object(void *context, const struct json *object, int depth)
{
	const struct data *data = context;
	const struct jsonld_type type = jsonld_type(object);
	struct published *p = data->p;

	if (depth > 0 && type.is_part)
		return false;
	published_offer(p,
		type.is_dated  ? PUBLISHED_DATA
		: type.is_page ? PUBLISHED_CREATED
			       : PUBLISHED_TEXT,
		json_str_of(object, "datePublished"), data->node);
	if (!type.is_dated && !type.is_page)
		return true;
	published_offer(p, PUBLISHED_CREATED, json_str_of(object, "dateCreated"), data->node);
	published_offer(p, PUBLISHED_CREATED, json_str_of(object, "uploadDate"), data->node);
	published_offer(p, PUBLISHED_MODIFIED, json_str_of(object, "dateModified"), data->node);
	return true;
}

/* --- scripts --------------------------------------------------------------------------------------------------------- */

/* Letters, digits, _ and -: a bit for each of the first 128 bytes, because every byte of every script is asked. */
static bool is_key_byte(char c)
{
	static const uint64_t bits[2] = { 0x3FFull << '0' | 1ull << '-',
		0x3FFFFFFull << ('A' - 64) | 1ull << ('_' - 64) | 0x3FFFFFFull << ('a' - 64) };
	const unsigned char u = (unsigned char)c;

	return u < 128 && (bits[u / 64] >> (u % 64) & 1);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool may_stand_behind_key(char c)
{
	return c == '"' || c == '\'' || c == ' ' || c == ':' || c == '=' || c == '\\';
}

/* Most values in a script are no dates: they are not read to their end. */
static bool may_begin_date(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= '\t' && c <= '\r') || c == ' ';
}

/* Behind a key: `" : "VALUE"` or `= VALUE;`; "" also when it is no date. */
static struct str value_behind(struct str s, size_t at)
{
	size_t start;
	char quote = '\0';

	while (at < s.n && (s.p[at] == '"' || s.p[at] == '\'' || s.p[at] == '\\' || is_blank(s.p[at])))
		at++;
	if (at >= s.n || (s.p[at] != ':' && s.p[at] != '='))
		return STR("");
	for (at++; at < s.n && is_blank(s.p[at]); at++)
		;
	while (at < s.n && (s.p[at] == '"' || s.p[at] == '\'' || s.p[at] == '\\'))
		quote = s.p[at++];
	if (at < s.n && !may_begin_date(s.p[at]))
		return STR("");
	for (start = at; at < s.n && at - start < VALUE_BYTES; at++) {
		if (strchr("\"'\\<>{}[];", s.p[at]) || (!quote && (s.p[at] == ',' || s.p[at] == '\n')))
			break;
	}
	return str_trim((struct str){ s.p + start, at - start });
}

/* Most names in a script are none of ours and most values no dates: the cheap test comes first. */
static void offer_key(struct published *p, struct str key, struct str value, uint32_t node, bool is_data)
{
	if (value.n < 8 || !((value.p[0] >= '0' && value.p[0] <= '9') || (value.p[0] >= 'A' && value.p[0] <= 'Z')))
		return;
	switch (published_name(key)) {
	case NAME_PUBLISHED:
		published_offer(p, is_data ? PUBLISHED_DATA : PUBLISHED_SCRIPT, value, node);
		break;
	case NAME_MODIFIED:
		published_offer(p, PUBLISHED_MODIFIED, value, node);
		break;
	default:
		break;
	}
}

/* Text that is no JSON: every name followed by a value. */
static void scan_text(struct published *p, struct str s, uint32_t node, bool is_data)
{
	size_t start = 0;

	for (size_t at = 0; at < s.n; at++) {
		if (is_key_byte(s.p[at]))
			continue;
		if (at - start >= KEY_SHORTEST && at - start <= KEY_BYTES && may_stand_behind_key(s.p[at]))
			offer_key(p, (struct str){ s.p + start, at - start }, value_behind(s, at), node, is_data);
		start = at + 1;
	}
}

/* Data that is no JSON even to a lenient reader is still searched for names and values. */
void published_scan_scripts(struct published *p)
{
	const struct dom *d = p->x->dom;
	uint32_t at = 0;
	const struct json *data = jsonld_next(p->x, &at);

	for (uint32_t i = 0; i < d->n; i++) {
		if (d->node[i].tag != TAG_SCRIPT || i + 1 >= d->node[i].end)
			continue;
		if (i == at && data) {
			jsonld_each(data, offer_object, &(struct data){ p, p->headline });
			data = jsonld_next(p->x, &at);
		} else {
			const bool is_data = str_find(dom_attribute(d, i, "type"), STR("ld+json")) >= 0;
			scan_text(p, d->node[i + 1].text, p->headline, is_data);
		}
	}
}
