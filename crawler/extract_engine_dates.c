/* 07/05/2024 on one post is 7 May when another post of the page says 27/04/2024, or when July is still to come. */
#include "crawler/extract_engine_post.h"

/* 07/05/2024 or 07-05-2024: a date of two small numbers and a year within what a post says of its time. */
struct slashed {
	size_t at, n;
	int first, second, year;
};

static size_t digits(struct str s, size_t at, int *value)
{
	size_t n = 0;
	*value = 0;
	while (at + n < s.n && n < 5 && s.p[at + n] >= '0' && s.p[at + n] <= '9')
		*value = *value * 10 + (s.p[at + n++] - '0');
	return n;
}

static bool read_at(struct str s, size_t at, struct slashed *out)
{
	size_t i = at;
	const size_t n = digits(s, i, &out->first);
	i += n + 1;
	if (n == 0 || n > 2 || i > s.n || (s.p[i - 1] != '/' && s.p[i - 1] != '-'))
		return false;
	const char mark = s.p[i - 1];
	const size_t m = digits(s, i, &out->second);
	i += m + 1;
	if (m == 0 || m > 2 || i > s.n || s.p[i - 1] != mark)
		return false;
	const size_t y = digits(s, i, &out->year);
	out->at = at;
	out->n = i + y - at;
	return y == 4 && out->first >= 1 && out->second >= 1;
}

static bool slashed_find(struct str s, struct slashed *out)
{
	for (size_t i = 0; i < s.n; i++) {
		const bool starts = s.p[i] >= '0' && s.p[i] <= '9' && (i == 0 || s.p[i - 1] < '0' || s.p[i - 1] > '9');
		if (starts && read_at(s, i, out))
			return true;
	}
	return false;
}

/* The moment when the first number is the day, or the month. */
static bool read_as(
	const struct extract *x, struct str written, const struct slashed *d, bool is_day_first, struct extract_post *out)
{
	const int month = is_day_first ? d->second : d->first, day = is_day_first ? d->first : d->second;
	const struct str before = str_first(written, d->at), behind = str_from(written, d->at + d->n);
	const struct str plain =
		arena_printf(x->a, "%.*s%04d-%02d-%02d%.*s", STR_FMT(before), d->year, month, day, STR_FMT(behind));
	return month <= 12 && day <= 31 && extract_date(x, plain, &out->published_ms, &out->day_only);
}

static bool is_to_come(const struct extract *x, const struct extract_post *post)
{
	const int64_t day_ms = 24LL * 3600 * 1000;
	return x->page->fetched_ms > 0 && post->published_ms > x->page->fetched_ms + day_ms;
}

/* 1 = the day is first, -1 = the month is, 0 = this date does not say. */
static int order_of(const struct extract *x, struct str written, const struct slashed *d)
{
	struct extract_post as_day = { .published_ms = -1 }, as_month = { .published_ms = -1 };
	if (d->first > 12 || d->second > 12)
		return d->first > 12 ? 1 : -1;
	if (!read_as(x, written, d, true, &as_day) || !read_as(x, written, d, false, &as_month))
		return 0;
	return (int)is_to_come(x, &as_month) - (int)is_to_come(x, &as_day);
}

void engine_dates(const struct extract *x, struct extract_post *post, size_t n)
{
	size_t days = 0, months = 0;
	struct slashed d;
	for (size_t i = 0; i < n; i++) {
		const int order = slashed_find(post[i].published, &d) ? order_of(x, post[i].published, &d) : 0;
		days += order > 0;
		months += order < 0;
	}
	if ((days == 0) == (months == 0))
		return;
	for (size_t i = 0; i < n; i++) {
		struct extract_post right = post[i];
		if (!slashed_find(post[i].published, &d) || d.first > 12 || d.second > 12)
			continue;
		if (read_as(x, post[i].published, &d, days != 0, &right))
			post[i] = right;
	}
}
