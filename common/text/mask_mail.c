/* E-mail addresses as they are typed and as they are spelt out to hide them from machines. */
#include "common/text/mask_mail.h"

#define LOCAL_MOST 64u /* RFC 5321; of a part that is spelt out */

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* All of it, however long: what is left in front of a mark could make an address with what stands before. The walk ends at the
 * at sign before, so that all walks together see each byte once. */
static size_t local_part_start(struct str text, size_t at)
{
	size_t start = at;
	while (start > 0 && (is_alnum(text.p[start - 1]) || memchr("._%+-", text.p[start - 1], 5)))
		start--;
	while (start < at && !is_alnum(text.p[start]) && text.p[start] != '_')
		start++;
	return start;
}

static bool is_top_label(struct str label)
{
	if (str_istarts(label, STR("xn--")))
		return label.n > 4;
	for (size_t i = 0; i < label.n; i++)
		if (!((label.p[i] | 0x20) >= 'a' && (label.p[i] | 0x20) <= 'z'))
			return false;
	return label.n >= 2 && label.n <= 24;
}

/* Bytes of what stands for the dot between two labels: a dot, full-width or not, and " dot " where it is spelt. */
static size_t dot_length(struct str s, bool is_spelt)
{
	static const char *const spelt[] = { " dot ", "[dot]", "(dot)", " [dot] ", " (dot) ", "点", NULL };
	if (s.n > 0 && s.p[0] == '.')
		return 1;
	if (str_starts(s, STR("．")))
		return 3;
	for (size_t i = 0; is_spelt && spelt[i]; i++)
		if (str_istarts(s, str_of(spelt[i])))
			return strlen(spelt[i]);
	return 0;
}

/* Length of the domain at the front of `s`: labels joined by dots, the last one a plausible top domain. 0 = none. */
static size_t domain_length(struct str s, bool is_spelt)
{
	size_t at = 0, good = 0;
	for (int labels = 1;; labels++) {
		size_t start = at;
		while (at < s.n && (is_alnum(s.p[at]) || (s.p[at] == '-' && at > start)))
			at++;
		if (at == start)
			return good;
		if (labels > 1 && is_top_label((struct str){ s.p + start, at - start }))
			good = at;
		const size_t dot = dot_length(str_from(s, at), is_spelt);
		if (dot == 0)
			return good;
		at += dot;
	}
}

bool mail_find(struct str text, size_t at, size_t width, struct mask_value *out)
{
	const size_t start = local_part_start(text, at), domain = domain_length(str_from(text, at + width), false);
	*out = (struct mask_value){ MASK_EMAIL, start, at + width + domain };
	return start < at && domain > 0;
}

bool mail_find_spelt(struct str text, size_t at, struct mask_value *out)
{
	static const char *const ats[] = { " at ", "(at)", "[at]", " (at) ", " [at] ", " # ", "#", "艾特", NULL };
	size_t end = at;
	while (end < text.n && end - at <= LOCAL_MOST && (is_alnum(text.p[end]) || (end > at && memchr("._%+-", text.p[end], 5))))
		end++;
	for (size_t i = 0; end > at && ats[i]; i++) {
		const struct str sign = str_of(ats[i]);
		if (!str_istarts(str_from(text, end), sign))
			continue;
		const size_t domain = domain_length(str_from(text, end + sign.n), true);
		*out = (struct mask_value){ MASK_EMAIL, at, end + sign.n + domain };
		if (domain > 0)
			return true;
	}
	return false;
}

bool mail_find_bracketed(struct str text, size_t at, struct mask_value *out)
{
	size_t left = at, right = at + 3;
	if (left == 0 || (text.p[left - 1] != '(' && text.p[left - 1] != '['))
		return false;
	left--;
	left -= left > 0 && text.p[left - 1] == ' ';
	right += right < text.n && text.p[right] == ' ';
	const size_t start = local_part_start(text, left), domain = domain_length(str_from(text, right), true);
	*out = (struct mask_value){ MASK_EMAIL, start, right + domain };
	return start < left && domain > 0;
}
