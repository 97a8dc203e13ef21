/* Drafts to posts. */
#include "crawler/draft.h"

#include "common/base/clock.h"
#include "common/base/names.h"
#include "common/base/post.h"
#include "common/base/table.h"
#include "common/base/tree.h"
#include "common/base/url.h"
#include "common/text/normalise.h"
#include "crawler/admit.h"
#include "crawler/amount.h"
#include "crawler/dates.h"
#include "crawler/sources.h"

#include <earshot/limits.h>
#include <math.h>
#include <string.h>

/* ---- numbers ---- */

int64_t draft_count(struct arena *a, struct str written)
{
	int64_t n = -1;
	return amount_read(normalise_text(a, str_cut_utf8(written, 64)), &n) ? n : -1;
}

int draft_stars(struct arena *a, struct str written)
{
	static const char *const words[] = { "一", "二", "三", "四", "五", "one", "two", "three", "four", "five" };
	const struct str s = str_trim(normalise_text(a, str_cut_utf8(written, 64)));
	for (int i = 0; i < 10; i++)
		if (str_starts(s, str_of(words[i])) && (str_find(s, STR("星")) >= 0 || str_find(s, STR("star")) >= 0))
			return i % 5 + 1;
	float stars = amount_stars(written);
	stars = stars > 0 ? stars : amount_stars(s);
	return stars > 0 ? (int)fmaxf(1, roundf(stars)) : -1;
}

/* ---- dates ---- */

#define EXCEL_EPOCH_DAYS 25569 /* 1970-01-01 as Excel counts days (it thinks 1900 was a leap year) */
#define EXCEL_LEAST 32874 /* 1990 */
#define EXCEL_MOST 73050 /* the end of 2099 */

/* 45982.395833 is 2025-11-22 09:30: what becomes of a date in a cell whose format was lost. */
static bool excel_date(struct str s, const struct draft_terms *t, int64_t *ms, bool *day_only)
{
	double days;
	if (!t->is_table || !str_to_double(s, &days) || days < EXCEL_LEAST || days > EXCEL_MOST)
		return false;
	*day_only = floor(days) == days;
	*ms = (int64_t)round((days - EXCEL_EPOCH_DAYS) * 86400) * MS_PER_SECOND -
	      t->source->how->zone_minutes * (int64_t)MS_PER_MINUTE;
	return true;
}

bool draft_date(struct str written, const struct draft_terms *t, int64_t *ms, bool *day_only)
{
	const struct date_context context = { .now_ms = t->now_ms, .zone_minutes = (int)t->source->how->zone_minutes };
	struct date date;
	const struct str s = str_trim(written);
	if (excel_date(s, t, ms, day_only))
		return true;
	if (!dates_parse(s, &context, &date))
		return false;
	*ms = date.ms;
	*day_only = date.day_only;
	return true;
}

/* ---- words ---- */

/* What kind of place it is, from what people write in such columns. */
static const struct {
	const char *family, *word;
} places[] = { { "forum", "论坛" }, { "forum", "贴吧" }, { "forum", "社区" }, { "forum", "forum" }, { "forum", "reddit" },
	{ "news", "新闻" }, { "news", "网媒" }, { "news", "报纸" }, { "news", "客户端" }, { "news", "news" },
	{ "review", "评价" }, { "review", "点评" }, { "review", "应用商店" }, { "review", "review" }, { "review", "app store" },
	{ "review", "google play" }, { "complaint", "投诉" }, { "complaint", "工单" }, { "complaint", "热线" },
	{ "complaint", "12315" }, { "complaint", "12345" }, { "complaint", "complaint" }, { "complaint", "ticket" },
	{ "complaint", "hotline" }, { "social", "微博" }, { "social", "小红书" }, { "social", "微信" }, { "social", "知乎" },
	{ "social", "weibo" }, { "social", "twitter" }, { "social", "facebook" }, { "social", "social" }, { "video", "视频" },
	{ "video", "抖音" }, { "video", "快手" }, { "video", "哔哩" }, { "video", "youtube" }, { "video", "tiktok" },
	{ "video", "video" }, { "blog", "博客" }, { "blog", "blog" } };

static struct str family_of(struct arena *a, struct str written)
{
	const struct str s = normalise_text(a, str_cut_utf8(written, LIMIT_FIELD_BYTES));
	for (const char *const *name = source_family_names; *name; name++)
		if (str_eqc(s, *name))
			return str_of(*name);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (str_find(s, str_of(places[i].word)) >= 0)
			return str_of(places[i].family);
	return STR("");
}

static bool has_markup(struct str s)
{
	return str_find(s, STR("</")) >= 0 || str_find(s, STR("<br")) >= 0 || str_find(s, STR("<p>")) >= 0;
}

static struct str plain(struct arena *a, struct str s)
{
	return has_markup(s) ? tree_html_to_text(a, str_cut_utf8(s, 4 * (size_t)LIMIT_TEXT_BYTES)) : s;
}

/* "5.70306E+17" was an id before Excel took it for a number: thousands of posts would have this one. */
static bool is_spoilt_by_excel(struct str id)
{
	double number;
	size_t e = 0;
	while (e < id.n && (id.p[e] | 32) != 'e')
		e++;
	return e > 0 && e + 1 < id.n && id.p[e + 1] == '+' && str_to_double(id, &number);
}

/* ---- the post ---- */

static struct str part_text(const struct draft *d, enum draft_part part)
{
	return table_without_apostrophe(str_trim(d->part[part]));
}

static void read_words(struct arena *a, const struct draft_terms *t, const struct draft *d, struct post *p)
{
	const struct str source = part_text(d, DRAFT_SOURCE), html = d->part[DRAFT_HTML];
	p->source = source.n > 0 ? str_cut_utf8(source, LIMIT_FIELD_BYTES) : t->source->id;
	p->family = family_of(a, d->part[DRAFT_FAMILY]);
	if (p->family.n == 0)
		p->family = family_of(a, source);
	if (p->family.n == 0)
		p->family = t->source->how->family;
	p->title = plain(a, part_text(d, DRAFT_TITLE));
	p->text = plain(a, part_text(d, DRAFT_TEXT));
	if (p->text.n == 0 && html.n > 0)
		p->text = tree_html_to_text(a, str_cut_utf8(html, 4 * (size_t)LIMIT_TEXT_BYTES));
	p->author = str_cut_utf8(part_text(d, DRAFT_AUTHOR), LIMIT_FIELD_BYTES);
	p->lang = str_cut_utf8(d->part[DRAFT_LANG], LIMIT_FIELD_BYTES);
	p->region = str_cut_utf8(part_text(d, DRAFT_REGION), LIMIT_FIELD_BYTES);
	p->app_version = str_cut_utf8(part_text(d, DRAFT_VERSION), LIMIT_FIELD_BYTES);
}

static void read_numbers(struct arena *a, const struct draft *d, struct post *p)
{
	const int64_t rank = draft_count(a, d->part[DRAFT_RANK]);
	p->stars = draft_stars(a, d->part[DRAFT_STARS]);
	p->likes = draft_count(a, d->part[DRAFT_LIKES]);
	p->replies = draft_count(a, d->part[DRAFT_REPLIES]);
	p->shares = draft_count(a, d->part[DRAFT_SHARES]);
	p->views = draft_count(a, d->part[DRAFT_VIEWS]);
	p->author_followers = draft_count(a, d->part[DRAFT_FOLLOWERS]);
	p->rank = rank > 0 && rank <= INT32_MAX ? (int)rank : -1;
}

static void read_identity(struct arena *a, const struct draft_terms *t, const struct draft *d, struct post *p)
{
	const struct str given = part_text(d, DRAFT_ID), parent = part_text(d, DRAFT_PARENT);
	const struct str scope = t->source->scope.n > 0 && d->part[DRAFT_SOURCE].n == 0 ? t->source->scope : p->source;
	const int kind = names_index(post_kind_names, POST_KIND__N, d->part[DRAFT_KIND]);
	struct str normal = { 0 };
	struct url url;
	if (url_normal(a, part_text(d, DRAFT_URL), &normal) && url_parse(a, normal, STR(""), &url, NULL) == OK)
		p->url = str_istarts(d->part[DRAFT_URL], STR("http")) ? str_trim(d->part[DRAFT_URL]) : normal;
	if (p->url.n > LIMIT_URL_BYTES)
		p->url = STR("");
	if (parent.n > 0)
		p->parent = post_make_id(a, scope, parent);
	p->kind = kind >= 0 ? (enum post_kind)kind : parent.n > 0 ? POST_REPLY : admit_kind(p->family);
	p->native_id = is_spoilt_by_excel(given) ? STR("") : str_cut_utf8(given, LIMIT_FIELD_BYTES);
	struct str native = p->native_id.n > 0 ? p->native_id : p->url.n > 0 ? normal : t->key;
	if (native.n == 0)
		native = arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s", STR_FMT(p->author), STR_FMT(d->part[DRAFT_POSTED]),
			STR_FMT(p->title), STR_FMT(p->text));
	p->id = post_make_id(a, scope, native);
}

enum outcome draft_post(
	struct arena *a, const struct draft_terms *t, const struct draft *d, struct post *out, struct str *brand, struct err *e)
{
	post_init(out);
	read_words(a, t, d, out);
	if (out->text.n == 0 && out->title.n == 0)
		return err_set(e, REJECT, "there is neither text nor title");
	const struct str posted = part_text(d, DRAFT_POSTED);
	if (posted.n > 0 && !draft_date(posted, t, &out->posted_ms, &out->date_only))
		return err_set(e, REJECT,
			"the date \"%.*s\" cannot be read; write it as 2026-11-22 10:00, or 2026-11-22T10:00:00Z",
			STR_FMT(str_cut_utf8(posted, 60)));
	read_numbers(a, d, out);
	read_identity(a, t, d, out);
	out->fetched_ms = t->now_ms;
	*brand = part_text(d, DRAFT_BRAND);
	return OK;
}
