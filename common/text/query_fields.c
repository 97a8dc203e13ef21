/* The fields that a query may ask for, and how a value is compared with a post. */
#include "common/text/query_node.h"

#include "common/base/clock.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>

#define DAY_MINUTES 1440
#define OPEN_END INT64_MAX

/* ---- what a post tells ---- */

#define TEXT_OF(name, member)                                                                                                    \
	static struct str text_##name(const struct post *p)                                                                      \
	{                                                                                                                        \
		return p->member;                                                                                                \
	}
#define NUMBER_OF(name, member)                                                                                                  \
	static int64_t number_##name(const struct post *p)                                                                       \
	{                                                                                                                        \
		return p->member;                                                                                                \
	}

TEXT_OF(author, author)
TEXT_OF(source, source)
TEXT_OF(lang, lang)
TEXT_OF(url, url)
TEXT_OF(family, family)
TEXT_OF(region, region)
TEXT_OF(version, app_version)
TEXT_OF(parent, parent)
NUMBER_OF(stars, stars)
NUMBER_OF(rank, rank)
NUMBER_OF(likes, likes)
NUMBER_OF(replies, replies)
NUMBER_OF(shares, shares)
NUMBER_OF(views, views)
NUMBER_OF(followers, author_followers)
NUMBER_OF(verified, author_verified)
NUMBER_OF(posted, posted_ms)

static struct str text_kind(const struct post *p)
{
	return str_of(post_kind_names[p->kind]);
}

/* The host of the URL without port and user, as written: addresses in a post are canonical already. */
static struct str text_site(const struct post *p)
{
	struct str url = p->url;
	const ptrdiff_t scheme = str_find(url, STR("://"));
	if (scheme < 0)
		return (struct str){ 0 };
	url = str_from(url, (size_t)scheme + 3);
	size_t n = 0;
	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	url = str_first(url, n);
	for (size_t i = url.n; i-- > 0;)
		if (url.p[i] == '@') {
			url = str_from(url, i + 1);
			break;
		}
	const ptrdiff_t port = url.n > 0 && url.p[0] != '[' ? str_findc(url, ':') : -1;
	return port < 0 ? url : str_first(url, (size_t)port);
}

/* A post that has only a day has no minute. */
static int64_t number_minute(const struct post *p)
{
	return p->date_only ? -1 : p->posted_ms;
}

static const char *const yes_no[] = { "no", "yes" };
static const char *const families[] = { "forum", "news", "review", "complaint", "social", "blog", "video", "other" };

const struct query_field query_fields[QUERY_FIELDS] = {
	{ .name = "title", .name_zh = "标题", .kind = FIELD_SCOPE, .field = POST_TITLE, .about = "the term stands in the title" },
	{ .name = "text", .name_zh = "正文", .kind = FIELD_SCOPE, .field = POST_TEXT, .about = "the term stands in the text" },
	{ .name = "hashtag", .name_zh = "话题", .kind = FIELD_TAG, .mark = '#', .about = "#refund or #退款#" },
	{ .name = "mention", .name_zh = "提到", .kind = FIELD_TAG, .mark = '@', .about = "@SkylarkEV" },
	{ .name = "author", .name_zh = "作者", .kind = FIELD_EQUAL, .text = text_author, .about = "the author's pseudonym, a:…" },
	{ .name = "site",
		.name_zh = "网站",
		.kind = FIELD_SITE,
		.text = text_site,
		.about = "host of the address, or a domain it lies under" },
	{ .name = "source", .name_zh = "来源", .kind = FIELD_EQUAL, .text = text_source, .about = "id of the source" },
	{ .name = "lang", .name_zh = "语言", .kind = FIELD_LANG, .text = text_lang, .about = "zh (also zh-Hans), en …" },
	{ .name = "url", .name_zh = "网址", .kind = FIELD_PART, .text = text_url, .about = "a part of the address" },
	{ .name = "parent", .name_zh = "原帖", .kind = FIELD_EQUAL, .text = text_parent, .about = "id of the post it answers" },
	{ .name = "kind",
		.name_zh = "类型",
		.kind = FIELD_NAME,
		.names = post_kind_names,
		.nnames = POST_KIND__N,
		.text = text_kind,
		.about = "post reply repost review article entry ticket other" },
	{ .name = "family",
		.name_zh = "渠道",
		.kind = FIELD_NAME,
		.names = families,
		.nnames = 8,
		.text = text_family,
		.about = "forum news review complaint social blog video other" },
	{ .name = "region",
		.name_zh = "地区",
		.kind = FIELD_PART,
		.text = text_region,
		.about = "a part of the declared region" },
	{ .name = "version", .name_zh = "版本", .kind = FIELD_EQUAL, .text = text_version, .about = "version of the app: 3.2*" },
	{ .name = "stars",
		.name_zh = "星级",
		.kind = FIELD_NUMBER,
		.least = 1,
		.most = 5,
		.number = number_stars,
		.about = "1 to 5" },
	{ .name = "rank",
		.name_zh = "排名",
		.kind = FIELD_NUMBER,
		.most = 1000000,
		.number = number_rank,
		.about = "place in a list" },
	{ .name = "likes", .name_zh = "点赞", .kind = FIELD_NUMBER, .most = OPEN_END, .number = number_likes, .about = "likes" },
	{ .name = "replies",
		.name_zh = "回复",
		.kind = FIELD_NUMBER,
		.most = OPEN_END,
		.number = number_replies,
		.about = "replies" },
	{ .name = "shares",
		.name_zh = "转发",
		.kind = FIELD_NUMBER,
		.most = OPEN_END,
		.number = number_shares,
		.about = "shares" },
	{ .name = "views", .name_zh = "阅读", .kind = FIELD_NUMBER, .most = OPEN_END, .number = number_views, .about = "views" },
	{ .name = "followers",
		.name_zh = "粉丝",
		.kind = FIELD_NUMBER,
		.most = OPEN_END,
		.number = number_followers,
		.about = "followers of the author" },
	{ .name = "verified",
		.name_zh = "认证",
		.kind = FIELD_BOOL,
		.most = 1,
		.names = yes_no,
		.nnames = 2,
		.number = number_verified,
		.about = "yes or no" },
	{ .name = "minute-of-day",
		.name_zh = "时刻",
		.kind = FIELD_MINUTE,
		.most = DAY_MINUTES - 1,
		.number = number_minute,
		.about = "0 to 1439, UTC unless +08:00 follows; [1320 TO 360] goes over midnight" },
	{ .name = "weekday",
		.name_zh = "星期",
		.kind = FIELD_WEEKDAY,
		.least = 1,
		.most = 7,
		.number = number_posted,
		.about = "1 is Monday; UTC unless +08:00 follows" },
	{ .name = "posted",
		.name_zh = "时间",
		.kind = FIELD_TIME,
		.most = OPEN_END,
		.number = number_posted,
		.about = "2026-01-31, or with T09:00; UTC unless +08:00 follows" },
};

const struct query_field *query_field_find(struct str name)
{
	for (size_t i = 0; i < QUERY_FIELDS; i++)
		if (str_ieq(name, str_of(query_fields[i].name)) || str_eqc(name, query_fields[i].name_zh))
			return &query_fields[i];
	return NULL;
}

const char *query_field_nearest(struct str name)
{
	const char *names[2 * QUERY_FIELDS];
	for (size_t i = 0; i < QUERY_FIELDS; i++) {
		names[2 * i] = query_fields[i].name;
		names[2 * i + 1] = query_fields[i].name_zh;
	}
	return problems_nearest(name, names, 2 * QUERY_FIELDS);
}

/* ---- comparing ---- */

static bool is_within(int64_t value, const struct query_range *r)
{
	return r->from <= r->to ? value >= r->from && value <= r->to : value >= r->from || value <= r->to;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

enum truth query_number_holds(const struct query_field *f, const struct query_range *r, const struct post *post)
{
	int64_t value = f->number(post);
	if (value < 0 || (f->kind == FIELD_NUMBER && f->least > 0 && value < f->least))
		return TRUTH_UNSURE;
	const int64_t minutes = floor_div(value, MS_PER_MINUTE) + r->zone_minutes;
	if (f->kind == FIELD_MINUTE)
		value = minutes - floor_div(minutes, DAY_MINUTES) * DAY_MINUTES;
	else if (f->kind == FIELD_WEEKDAY) /* 1970-01-01 was a Thursday, the fourth day */
		value = ((floor_div(minutes, DAY_MINUTES) + 3) % 7 + 7) % 7 + 1;
	return is_within(value, r) ? TRUTH_YES : TRUTH_NO;
}

static bool is_under(struct str host, struct str domain)
{
	return str_eq(host, domain) || (host.n > domain.n && str_ends(host, domain) && host.p[host.n - domain.n - 1] == '.');
}

static bool is_language(struct str lang, struct str wanted)
{
	return str_starts(lang, wanted) && (lang.n == wanted.n || lang.p[wanted.n] == '-');
}

enum truth query_text_holds(struct arena *a, const struct query_field *f, struct str pattern, const struct post *post)
{
	const struct str written = f->text(post);
	bool holds = false;
	if (written.n == 0)
		return TRUTH_UNSURE;
	const struct str value = normalise_text(a, written);
	switch (f->kind) {
	case FIELD_SITE:
		holds = is_under(value, pattern);
		break;
	case FIELD_LANG:
		holds = is_language(value, pattern);
		break;
	case FIELD_PART:
		holds = str_find(value, pattern) >= 0;
		break;
	default:
		holds = query_glob_whole(value, pattern);
	}
	return holds ? TRUTH_YES : TRUTH_NO;
}
