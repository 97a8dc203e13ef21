/* The fields of posts that recipes fill, and the fields of feed entries that they may ask for. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/url.h"
#include "common/base/utf8.h"
#include "crawler/dates.h"

#include <math.h>
#include <string.h>

#define ENTRY(name, field)                                                                                                       \
	{                                                                                                                        \
		name, offsetof(struct feed_entry, field), false                                                                  \
	}
const struct feed_field_row recipe_feed_fields[] = {
	ENTRY("id", id),
	ENTRY("link", link),
	ENTRY("title", title_text),
	ENTRY("title_html", title),
	ENTRY("text", text),
	ENTRY("summary", summary),
	ENTRY("content", content),
	ENTRY("author", author),
	ENTRY("published", published),
	ENTRY("updated", updated),
	ENTRY("language", language),
	{ "comments", offsetof(struct feed_entry, comments), true },
};
const size_t recipe_nfeed_fields = sizeof recipe_feed_fields / sizeof *recipe_feed_fields;

#define POST(name, type, field, feed, help)                                                                                      \
	{                                                                                                                        \
		name, type, offsetof(struct recipe_post, field), feed, help                                                      \
	}
const struct field_row recipe_fields[] = {
	POST("id", FIELD_TEXT, post.native_id, "id", "what the site calls the post; it never changes"),
	POST("url", FIELD_URL, post.url, "link", "address of the post; relative ones are completed"),
	POST("title", FIELD_TEXT, post.title, "title", "title"),
	POST("text", FIELD_TEXT, post.text, "text", "what was written"),
	POST("author", FIELD_TEXT, post.author, "author", "name of the author; stored as a pseudonym only"),
	POST("author_url", FIELD_URL, author_url, NULL, "address of the author; not stored"),
	POST("published", FIELD_DATE, published, "published", "when it was written, in any form that dates are written in"),
	POST("language", FIELD_TEXT, post.lang, "language", "language that the site declares, as zh or en-GB"),
	POST("kind", FIELD_KIND, post.kind, NULL, "post, reply, repost, review, article …; default: by the source's family"),
	POST("parent", FIELD_TEXT, post.parent, NULL, "id of the post that it answers; makes it a reply"),
	POST("likes", FIELD_COUNT, post.likes, NULL, "likes, upvotes, points"),
	POST("replies", FIELD_COUNT, post.replies, "comments", "answers, comments"),
	POST("shares", FIELD_COUNT, post.shares, NULL, "reposts, quotes, forwards"),
	POST("views", FIELD_COUNT, post.views, NULL, "views, reads"),
	POST("stars", FIELD_STARS, post.stars, NULL, "1 to 5"),
	POST("rank", FIELD_SMALL, post.rank, NULL, "place in a list, 1 = top"),
	POST("followers", FIELD_COUNT, post.author_followers, NULL, "of the author"),
	POST("verified", FIELD_YES, post.author_verified, NULL, "is the author verified: true or false, 1 or 0"),
	POST("app_version", FIELD_TEXT, post.app_version, NULL, "version of the app that is reviewed"),
	POST("region", FIELD_TEXT, post.region, NULL, "region as the site shows it"),
};
_Static_assert(sizeof recipe_fields / sizeof *recipe_fields == RECIPE_FIELDS, "RECIPE_FIELDS counts the rows");

size_t recipe_field_find(struct str name)
{
	size_t i = 0;
	while (i < RECIPE_FIELDS && !str_eqc(name, recipe_fields[i].name))
		i++;
	return i;
}

/* ---- numbers ---- */

static const struct {
	const char *suffix;
	double times;
} scales[] = { { "k", 1e3 }, { "m", 1e6 }, { "b", 1e9 }, { "千", 1e3 }, { "万", 1e4 }, { "萬", 1e4 }, { "w", 1e4 }, { "亿", 1e8 },
	{ "億", 1e8 } };

int64_t recipe_count(struct str text)
{
	char digits[32];
	size_t n = 0, at = 0;
	double number = 0, times = 1;
	text = str_trim(text);
	for (; at < text.n && n < sizeof digits && (str_findc(STR("0123456789.,-+"), text.p[at]) >= 0); at++)
		if (text.p[at] != ',')
			digits[n++] = text.p[at];
	const struct str behind = str_trim(str_from(text, at));
	for (size_t i = 0; i < sizeof scales / sizeof *scales && behind.n > 0; i++)
		if (str_istarts(behind, str_of(scales[i].suffix)))
			times = scales[i].times;
	if (!str_to_double((struct str){ digits, n }, &number))
		return -1;
	number = number * times + 0.5;
	return number >= 0 && number < 9e15 ? (int64_t)floor(number) : -1;
}

/* ---- setting ---- */

static bool set_url(struct recipe_scope *s, struct str value, struct str *out)
{
	struct url url;
	if (url_parse(s->a, value, s->page->url, &url, NULL) != OK || url.href.n > LIMIT_URL_BYTES)
		return false;
	*out = url.href;
	return true;
}

static bool set_date(struct recipe_scope *s, struct str value, int zone_minutes, struct recipe_post *post)
{
	const struct date_context context = { .now_ms = s->page->fetched_ms, .zone_minutes = zone_minutes };
	struct date date;
	post->published = str_cut_utf8(value, LIMIT_FIELD_BYTES);
	if (!dates_parse(value, &context, &date))
		return false;
	post->post.posted_ms = date.ms;
	post->post.date_only = date.day_only;
	return true;
}

static bool set_small(struct str value, int least, int most, int *out)
{
	const int64_t n = recipe_count(value);
	if (n < least || n > most)
		return false;
	*out = (int)n;
	return true;
}

static bool set_yes(struct str value, int *out)
{
	const bool yes = str_eqc(value, "1") || str_ieq(value, STR("true")) || str_ieq(value, STR("yes"));
	const bool no = str_eqc(value, "0") || str_ieq(value, STR("false")) || str_ieq(value, STR("no"));
	*out = yes ? 1 : no ? 0 : -1;
	return yes || no;
}

static bool set_kind(struct str value, enum post_kind *out)
{
	for (int i = 0; i < POST_KIND__N; i++)
		if (str_ieq(value, str_of(post_kind_names[i]))) {
			*out = (enum post_kind)i;
			return true;
		}
	return false;
}

static size_t most_of(size_t field)
{
	const size_t offset = recipe_fields[field].offset;
	if (offset == offsetof(struct recipe_post, post.text))
		return LIMIT_TEXT_BYTES;
	return offset == offsetof(struct recipe_post, post.title) ? LIMIT_TITLE_BYTES : LIMIT_FIELD_BYTES;
}

bool recipe_field_set(struct recipe_scope *s, size_t field, struct str value, int zone_minutes, struct recipe_post *post)
{
	void *at = (char *)post + recipe_fields[field].offset;
	int64_t count;
	switch (recipe_fields[field].type) {
	case FIELD_TEXT:
		*(struct str *)at = str_cut_utf8(utf8_repair(s->a, value), most_of(field));
		return true;
	case FIELD_URL:
		return set_url(s, value, at);
	case FIELD_DATE:
		return set_date(s, value, zone_minutes, post);
	case FIELD_COUNT:
		count = recipe_count(value);
		*(int64_t *)at = count;
		return count >= 0;
	case FIELD_SMALL:
		return set_small(value, 1, 1000000, at);
	case FIELD_STARS:
		return set_small(value, 1, 5, at);
	case FIELD_YES:
		return set_yes(value, at);
	case FIELD_KIND:
		return set_kind(value, at);
	}
	return false;
}
