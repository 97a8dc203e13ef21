/* Reading response headers: one value out of the raw lines, and how long Retry-After asks us to wait. */
#include "common/base/http.h"

#include "common/base/clock.h"

#include <earshot/limits.h>
#include <string.h>

struct str http_header(struct str raw, const char *name)
{
	const struct str want = str_of(name);
	struct str found = { NULL, 0 }, line;
	while (str_split(&raw, '\n', &line)) {
		const ptrdiff_t colon = str_findc(line, ':');
		if (colon < 0 || !str_ieq(str_first(line, (size_t)colon), want))
			continue;
		found = str_trim(str_from(line, (size_t)colon + 1));
	}
	return found;
}

/* 1…12, by the first three letters; 0 when it is no month. */
static int month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	if (word.n < 3)
		return 0;
	for (int m = 0; m < 12; m++)
		if (str_ieq(str_first(word, 3), (struct str){ names + (size_t)m * 3, 3 }))
			return m + 1;
	return 0;
}

struct date_parts {
	int64_t day, year, hour, minute, second;
	int month;
	bool has_time;
};

static bool read_time(struct str word, struct date_parts *d)
{
	struct str hour, minute, second;
	if (!str_split(&word, ':', &hour) || !str_split(&word, ':', &minute) || !str_split(&word, ':', &second) || word.n > 0)
		return false;
	d->has_time = str_to_i64(hour, &d->hour) && str_to_i64(minute, &d->minute) && str_to_i64(second, &d->second);
	return d->has_time;
}

static void read_word(struct str word, struct date_parts *d)
{
	int64_t number;
	if (str_findc(word, ':') >= 0 && read_time(word, d))
		return;
	if (d->month == 0 && month_of(word) > 0) {
		d->month = month_of(word);
		return;
	}
	if (!str_to_i64(word, &number) || number < 0)
		return;
	if (d->day == 0 && number >= 1 && number <= 31)
		d->day = number;
	else
		d->year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number;
}

/* The three forms of RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
 * "Sun Nov  6 08:49:37 1994". Words are taken by what they look like, so one reader does for all three. */
static bool read_http_date(struct str text, int64_t *out_ms)
{
	struct date_parts d = { 0 };
	size_t at = 0;
	while (at < text.n) {
		const size_t n = strcspn(text.p + at, " ,-");
		read_word((struct str){ text.p + at, n }, &d);
		at += n + 1;
	}
	if (!d.has_time || d.month == 0 || d.day == 0 || d.year < 1970 || d.year > 9999)
		return false;
	if (d.hour < 0 || d.hour > 23 || d.minute < 0 || d.minute > 59 || d.second < 0 || d.second > 60)
		return false;
	*out_ms = clock_from_utc((int)d.year, d.month, (int)d.day, (int)d.hour, (int)d.minute, (int)d.second);
	return true;
}

int64_t http_retry_after_ms(struct str value, int64_t now_ms)
{
	const int64_t cap = (int64_t)LIMIT_RETRY_AFTER_MS;
	char z[64];
	int64_t seconds, at_ms;
	const struct str text = str_trim(value);
	if (text.n == 0 || text.n >= sizeof(z))
		return -1;
	if (str_to_i64(text, &seconds))
		return seconds < 0 ? -1 : seconds > cap / MS_PER_SECOND ? cap : seconds * MS_PER_SECOND;
	memcpy(z, text.p, text.n); /* strcspn wants an end */
	z[text.n] = 0;
	if (!read_http_date((struct str){ z, text.n }, &at_ms))
		return -1;
	const int64_t wait = at_ms - now_ms;
	return wait < 0 ? 0 : wait > cap ? cap : wait;
}
