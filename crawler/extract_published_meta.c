/* Publication dates that a page states about itself: meta elements, its address, and the evidence for the order of day and month. */
#include "crawler/extract_published.h"

#include <string.h>

#define NAME_BYTES 64 /* longer names are cut */

/* --- names --------------------------------------------------------------------------------------------------------- */

/* Lower case letters alone, so that dc.date.issued, DC-Date-Issued and dcDateIssued are one. */
static struct str plain_name(struct str name, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < NAME_BYTES; i++) {
		const char c = name.p[i];
		if (c >= 'A' && c <= 'Z')
			out[n++] = (char)(c + 32);
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
	}
	return (struct str){ out, n };
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

struct name_row {
	char part[16]; /* of the plain name; four letters at least */
	enum published_name name;
};

/* In the order of their bytes. NAME_OTHER is for dates of something else, and for none at all. */
static const struct name_row name_rows[] = { { "birth", NAME_OTHER }, { "candidate", NAME_OTHER }, { "copyright", NAME_OTHER },
	{ "createat", NAME_CREATED }, { "created", NAME_CREATED }, { "createtime", NAME_CREATED },
	{ "creationdate", NAME_CREATED }, { "date", NAME_DATE }, { "dateformat", NAME_OTHER }, { "dateposted", NAME_PUBLISHED },
	{ "datum", NAME_DATE }, { "edited", NAME_MODIFIED }, { "entrydate", NAME_PUBLISHED }, { "event", NAME_OTHER },
	{ "expir", NAME_OTHER }, { "fecha", NAME_DATE }, { "firstpub", NAME_PUBLISHED }, { "founded", NAME_OTHER },
	{ "issued", NAME_PUBLISHED }, { "join", NAME_OTHER }, { "lastmod", NAME_MODIFIED }, { "lastpub", NAME_MODIFIED },
	{ "modif", NAME_MODIFIED }, { "onlinedate", NAME_PUBLISHED }, { "overtime", NAME_OTHER },
	{ "parselypub", NAME_PUBLISHED }, { "postdate", NAME_PUBLISHED }, { "postedat", NAME_PUBLISHED },
	{ "postedon", NAME_PUBLISHED }, { "posttime", NAME_PUBLISHED }, { "pubdate", NAME_PUBLISHED },
	{ "publication", NAME_PUBLISHED }, { "publie", NAME_PUBLISHED }, { "publish", NAME_PUBLISHED },
	{ "publisher", NAME_OTHER }, { "pubtime", NAME_PUBLISHED }, { "readingtime", NAME_OTHER }, { "readtime", NAME_OTHER },
	{ "regist", NAME_OTHER }, { "releasedate", NAME_CREATED }, { "revis", NAME_MODIFIED }, { "runtime", NAME_OTHER },
	{ "sailthrudate", NAME_PUBLISHED }, { "sometime", NAME_OTHER }, { "stamp", NAME_DATE }, { "time", NAME_DATE },
	{ "timeformat", NAME_OTHER }, { "timeout", NAME_OTHER }, { "timezone", NAME_OTHER }, { "unpublish", NAME_OTHER },
	{ "updat", NAME_MODIFIED }, { "uploaddate", NAME_CREATED }, { "validate", NAME_OTHER } };

/* Of several parts in one name the heaviest decides. */
static const int weights[] = { [NAME_DATE] = 1, [NAME_CREATED] = 2, [NAME_PUBLISHED] = 3, [NAME_MODIFIED] = 4, [NAME_OTHER] = 5 };

/* The first row whose part begins with this letter, or with a later one. */
static size_t first_row(char letter)
{
	size_t low = 0, high = COUNT(name_rows);

	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (name_rows[middle].part[0] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum published_name published_name(struct str name)
{
	char letters[NAME_BYTES];
	const struct str plain = plain_name(name, letters);
	enum published_name found = NAME_NONE;

	for (size_t at = 0; at + 4 <= plain.n; at++) {
		const char letter = plain.p[at];
		for (size_t i = first_row(letter); i < COUNT(name_rows) && name_rows[i].part[0] == letter; i++) {
			if (weights[name_rows[i].name] > weights[found] && memcmp(name_rows[i].part, plain.p + at, 4) == 0 &&
				str_starts(str_from(plain, at), str_of(name_rows[i].part)))
				found = name_rows[i].name;
		}
	}
	return found;
}

/* --- meta elements --------------------------------------------------------------------------------------------------- */

/* Names that are a date and nothing else: date, dc.date, dcterms.date, citation_date, article:date. */
static bool is_plain_date(struct str name)
{
	char letters[NAME_BYTES];
	const struct str plain = plain_name(name, letters);

	return plain.n <= sizeof("parselydate") && str_ends(plain, STR("date"));
}

static void offer_meta(struct published *p, struct str name, struct str value, uint32_t node)
{
	switch (published_name(name)) {
	case NAME_PUBLISHED:
		published_offer(p, PUBLISHED_META, value, node);
		break;
	case NAME_CREATED:
		published_offer(p, PUBLISHED_CREATED, value, node);
		break;
	case NAME_MODIFIED:
		published_offer(p, PUBLISHED_MODIFIED, value, node);
		break;
	case NAME_DATE:
		published_offer(p, is_plain_date(name) ? PUBLISHED_META : PUBLISHED_TEXT, value, node);
		break;
	case NAME_OTHER:
	case NAME_NONE:
		break;
	}
}

void published_scan_meta(struct published *p)
{
	static const char *const names[] = { "property", "name", "itemprop" };
	const struct dom *d = p->x->dom;

	for (uint32_t i = 0; i < d->n; i++) {
		if (d->node[i].tag != TAG_META)
			continue;
		for (size_t k = 0; k < COUNT(names); k++)
			offer_meta(p, dom_attribute(d, i, names[k]), dom_attribute(d, i, "content"), p->headline);
		if (str_ieq(dom_attribute(d, i, "http-equiv"), STR("last-modified")))
			published_offer(p, PUBLISHED_MODIFIED, dom_attribute(d, i, "content"), p->headline);
	}
}

/* --- the address ----------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_at(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && is_digit(s.p[at + n]))
		n++;
	return n;
}

static bool is_separator(struct str s, size_t at)
{
	return at < s.n && strchr("/-_.", s.p[at]);
}

/* Year, month and day that begin at `at`: 2024/06/03, 2024-6-3, 20240603, 2024/0603, 202406/03, 2024-06/03. Their length, 0 when
 * there are none; `iso` gets 2024-06-03. */
static size_t day_at(struct str s, size_t at, char iso[11])
{
	size_t end = at, nfound = 0;
	char number[8];

	while (end < s.n && nfound < 8) {
		const size_t n = digits_at(s, end);
		const size_t wanted = nfound < 4 ? 4 : nfound < 6 ? 2 : 2;
		if (n == 1 && nfound >= 4 && nfound % 2 == 0) { /* 2024/6/3 */
			number[nfound++] = '0';
			number[nfound++] = s.p[end++];
		} else if (n >= wanted) {
			memcpy(number + nfound, s.p + end, wanted);
			nfound += wanted;
			end += wanted;
		} else {
			return 0;
		}
		if (nfound < 8 && digits_at(s, end) == 0) {
			if (!is_separator(s, end))
				return 0;
			end++;
		}
	}
	if (nfound < 8 || digits_at(s, end) > 0)
		return 0;
	memcpy(iso, number, 4);
	memcpy(iso + 5, number + 4, 2);
	memcpy(iso + 8, number + 6, 2);
	iso[4] = iso[7] = '-';
	iso[10] = '\0';
	return end - at;
}

static void offer_address(struct published *p, struct str url)
{
	const ptrdiff_t scheme = str_find(url, STR("://"));
	char iso[11];

	for (size_t at = scheme < 0 ? 0 : (size_t)scheme + 3; at + 8 <= url.n; at++) {
		if (!is_digit(url.p[at]) || (at > 0 && is_digit(url.p[at - 1])))
			continue;
		if ((str_starts(str_from(url, at), STR("19")) || str_starts(str_from(url, at), STR("20"))) &&
			day_at(url, at, iso) > 0)
			published_offer(p, PUBLISHED_ADDRESS, arena_copy(p->x->a, str_of(iso)), p->headline);
	}
}

/* The address of the fetch, or what the page says its address is. */
void published_scan_address(struct published *p)
{
	const struct dom *d = p->x->dom;

	offer_address(p, p->x->page->url);
	for (uint32_t i = 0; i < d->n && !p->best[PUBLISHED_ADDRESS].is_set; i++) {
		if (d->node[i].tag == TAG_LINK && str_ieq(dom_attribute(d, i, "rel"), STR("canonical")))
			offer_address(p, dom_attribute(d, i, "href"));
		else if (d->node[i].tag == TAG_META && str_ieq(dom_attribute(d, i, "property"), STR("og:url")))
			offer_address(p, dom_attribute(d, i, "content"));
	}
}

/* --- 04/05/2024 ------------------------------------------------------------------------------------------------------ */

static bool is_one_of(struct str s, const char *words)
{
	struct str rest = str_of(words), word;

	while (str_split(&rest, ' ', &word)) {
		if (str_ieq(word, s))
			return true;
	}
	return false;
}

/* Of "en-GB", "en_US", "zh": what follows the language, "" when nothing does. */
static struct str region_of(struct str tag, struct str *language)
{
	size_t n = 0;

	while (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_')
		n++;
	*language = str_first(tag, n);
	return str_from(tag, n + 1);
}

/* The last label of the host: "uk" of https://www.bbc.co.uk/news. */
static struct str top_level(struct str url)
{
	const ptrdiff_t scheme = str_find(url, STR("://"));
	const struct str rest = str_from(url, scheme < 0 ? url.n : (size_t)scheme + 3);
	size_t end = 0, start;

	while (end < rest.n && !strchr("/:?#", rest.p[end]))
		end++;
	for (start = end; start > 0 && rest.p[start - 1] != '.'; start--)
		;
	return (struct str){ rest.p + start, end - start };
}

/* Most of the world writes the day first; America and those who write the year first do not. */
bool published_is_day_first(const struct extract *x)
{
	static const char month_first_languages[] = "en zh ja ko hu lt mn fa";
	static const char month_first_regions[] = "us ph zh cn tw hk jp kr hu";
	static const char worldwide[] = "io co tv me ai ly fm cc to eu us ph cn tw hk jp kr hu";
	const struct str top = top_level(x->page->url);
	struct str tag = STR(""), language, region;

	for (uint32_t i = 0; i < x->dom->n && tag.n == 0; i++) {
		if (x->dom->node[i].tag == TAG_HTML)
			tag = str_trim(dom_attribute(x->dom, i, "lang"));
		if (x->dom->node[i].tag == TAG_BODY)
			break;
	}
	if (tag.n == 0)
		tag = x->page->content_language;
	region = region_of(tag, &language);
	if (top.n == 2 && !is_one_of(top, worldwide))
		return true; /* bbc.co.uk */
	if (language.n > 0 && !is_one_of(language, month_first_languages))
		return true;
	return str_ieq(language, STR("en")) && region.n == 2 && !is_one_of(region, month_first_regions);
}
