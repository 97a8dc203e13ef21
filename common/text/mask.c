/* Finding and blotting out personal data that proves itself by its form: mobile numbers, identity cards, bank cards, e-mail
 * addresses. Numbers are read as groups of digits joined by single separators, so that 138-0013-8000, +86 138 0013 8000
 * and full-width digits are one thing. */
#include "common/text/mask.h"

#include "common/base/utf8.h"
#include "common/text/mask_number.h"

#include <string.h>

#define EMAIL_SHORTEST 6u /* a@b.cn: no text holds more values than its bytes by this */

const char *const mask_kind_names[MASK_KIND__N] = {
	[MASK_MOBILE] = "CN_MOBILE",
	[MASK_ID_CARD] = "CN_ID",
	[MASK_BANK_CARD] = "BANK_CARD",
	[MASK_EMAIL] = "EMAIL",
};

struct finder {
	struct str text;
	size_t at; /* byte */
	uint32_t index; /* code point at `at` */
	struct mask_span *span;
	size_t n, max;
};

/* ---- the gate ---- */

static bool has_full_width(struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	while (p < end) {
		p = memchr(p, 0xEF, (size_t)(end - p));
		if (!p || end - p < 3)
			return false;
		unsigned char second = (unsigned char)p[1], third = (unsigned char)p[2];
		if (second == 0xBC && ((third >= 0x90 && third <= 0x99) || third == 0xA0))
			return true;
		p++;
	}
	return false;
}

#define BLOCK 32u /* a fixed count, so that compilers make vectors of the inner loop */

static inline unsigned is_sign(char byte)
{
	unsigned char c = (unsigned char)byte;
	return (unsigned)((unsigned char)(c - '0') < 10) | (unsigned)(c == '@');
}

/* Most posts hold neither a digit nor an @: they cost one look at each byte. */
static bool is_worth_looking(struct str text)
{
	size_t at = 0;
	for (; at + BLOCK <= text.n; at += BLOCK) {
		unsigned char hits = 0;
		for (size_t i = 0; i < BLOCK; i++)
			hits |= (unsigned char)is_sign(text.p[at + i]);
		if (hits)
			return true;
	}
	for (; at < text.n; at++)
		if (is_sign(text.p[at]))
			return true;
	return has_full_width(text);
}

/* ---- e-mail ---- */

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

/* Length of the domain at the front of `s`: labels joined by dots, the last one a plausible top domain. 0 = none. */
static size_t domain_length(struct str s)
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
		if (at >= s.n || s.p[at] != '.')
			return good;
		at++;
	}
}

static void finder_emit(struct finder *f, struct mask_span span)
{
	/* A number inside an address goes; of two addresses run together (a@b.cn@c.cn) nothing may stay behind. */
	while (f->n > 0 && f->span[f->n - 1].to > span.from) {
		f->n--;
		if (f->span[f->n].from < span.from)
			span.from = f->span[f->n].from;
	}
	if (f->n < f->max)
		f->span[f->n++] = span;
}

/* At an at sign of `width` bytes; true when it was an address (the finder then stands behind it). */
static bool find_email(struct finder *f, size_t width)
{
	size_t start = local_part_start(f->text, f->at);
	size_t domain = domain_length(str_from(f->text, f->at + width));
	if (start == f->at || domain == 0)
		return false;
	uint32_t to = f->index + 1 + (uint32_t)domain;
	finder_emit(f, (struct mask_span){ MASK_EMAIL, f->index - (uint32_t)(f->at - start), to });
	f->at += width + domain;
	f->index = to;
	return true;
}

/* ---- the walk ---- */

/* At a digit that begins a group: a value, or on to the end of the group. */
static void find_number(struct finder *f)
{
	struct number_window w;
	struct mask_span span;
	number_window_read(&w, f->text, f->at, f->index);
	if (number_judge(&w, &span)) {
		finder_emit(f, span);
		while (f->index < span.to) {
			(void)utf8_next(f->text, &f->at);
			f->index++;
		}
		return;
	}
	f->at = w.group[0].end_byte;
	f->index = w.group[0].to;
}

size_t mask_find(struct str text, struct mask_span *span, size_t max)
{
	struct finder f = { .text = text, .span = span, .max = max };
	if (max == 0 || !is_worth_looking(text))
		return 0;
	while (f.at < text.n) {
		if ((unsigned char)text.p[f.at] < 0x80 && !is_sign(text.p[f.at])) {
			f.at++;
			f.index++;
			continue;
		}
		if (utf8_is_plain_three(text, f.at)) { /* no full-width sign either */
			f.at += 3;
			f.index++;
			continue;
		}
		size_t at = f.at;
		uint32_t cp = utf8_next(text, &at);
		if (number_digit(cp) >= 0) {
			find_number(&f);
			continue;
		}
		if ((cp == '@' || cp == 0xFF20) && find_email(&f, at - f.at))
			continue;
		f.at = at;
		f.index++;
	}
	return f.n;
}

struct str mask_text(struct arena *a, struct str text, size_t *n)
{
	if (!is_worth_looking(text))
		return text;
	size_t max = text.n / EMAIL_SHORTEST + 1;
	struct mask_span *span = arena_list(a, struct mask_span, max);
	size_t found = mask_find(text, span, max), out = 0, next = 0;
	*n += found;
	if (found == 0)
		return text;
	char *masked = arena_take(a, text.n * 3 + 1); /* one byte may become the three of the mark */
	uint32_t index = 0;
	for (size_t at = 0; at < text.n; index++) {
		size_t before = at;
		(void)utf8_next(text, &at);
		while (next < found && span[next].to <= index)
			next++;
		if (next < found && span[next].from <= index) {
			out += (size_t)utf8_put(masked + out, MASK_MARK);
			continue;
		}
		memcpy(masked + out, text.p + before, at - before);
		out += at - before;
	}
	return (struct str){ masked, out };
}
