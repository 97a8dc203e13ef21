/* Finding and blotting out personal data in two walks: from digit and at sign to the values around them, and from words that
 * announce a value to what stands behind them. */
#include "common/text/mask.h"

#include "common/base/utf8.h"
#include "common/text/mask_cue.h"
#include "common/text/mask_form.h"
#include "common/text/mask_house.h"
#include "common/text/mask_mail.h"
#include "common/text/mask_number.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_SHORTEST 4u /* bytes: no walk finds more values than the text has bytes by this */
#define WALKS 2u

const char *const mask_kind_names[MASK_KIND__N] = {
	[MASK_MOBILE] = "CN_MOBILE",
	[MASK_ID_CARD] = "CN_ID",
	[MASK_BANK_CARD] = "BANK_CARD",
	[MASK_EMAIL] = "EMAIL",
	[MASK_LANDLINE] = "CN_LANDLINE",
	[MASK_PLATE] = "CN_PLATE",
	[MASK_PASSPORT] = "CN_PASSPORT",
	[MASK_WECHAT] = "WECHAT",
	[MASK_QQ] = "QQ",
	[MASK_ADDRESS] = "ADDRESS",
	[MASK_NAME] = "NAME",
	[MASK_SSN] = "US_SSN",
	[MASK_US_PHONE] = "US_PHONE",
	[MASK_IPV4] = "IPV4",
	[MASK_IPV6] = "IPV6",
};

struct finder {
	struct str text;
	size_t at; /* byte */
	uint32_t index; /* code point at `at` */
	struct mask_span *span;
	size_t first; /* spans before this one are another walk's */
	size_t n, max;
};

/* ---- the gate ---- */

static bool has_full_width(struct str text)
{
	if (text.n == 0)
		return false;
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

/* ---- what was found ---- */

static void finder_emit(struct finder *f, struct mask_span span)
{
	/* A number inside an address goes; of two addresses run together (a@b.cn@c.cn) nothing may stay behind. */
	while (f->n > f->first && f->span[f->n - 1].to > span.from) {
		const struct mask_span *last = &f->span[--f->n];
		if (last->to - last->from > span.to - span.from)
			span.kind = last->kind;
		if (last->from < span.from)
			span.from = last->from;
		if (last->to > span.to)
			span.to = last->to;
	}
	if (f->n < f->max)
		f->span[f->n++] = span;
}

/* A value around the place of the walk, from bytes to code points. */
static struct mask_span finder_span(const struct finder *f, const struct mask_value *v)
{
	const uint32_t lead = (uint32_t)utf8_count((struct str){ f->text.p + v->from, v->from < f->at ? f->at - v->from : 0 });
	const uint32_t from = v->from < f->at ? f->index - lead : f->index;
	return (struct mask_span){ v->kind, from,
		f->index + (uint32_t)utf8_count((struct str){ f->text.p + f->at, v->to - f->at }) };
}

static void finder_move(struct finder *f, uint32_t to)
{
	while (f->index < to) {
		(void)utf8_next(f->text, &f->at);
		f->index++;
	}
}

/* ---- the walk ---- */

/* A number that the words in front call one of an order is no card and no mobile number. */
static bool is_number(const struct finder *f, struct mask_span *span)
{
	struct number_window w;
	number_window_read(&w, f->text, f->at, f->index);
	return number_judge(&w, span) && (span->kind == MASK_ID_CARD || !value_is_labelled(f->text, f->at, LABEL_ORDER));
}

/* At a digit that begins a group: a value, or on to the end of the group. */
static void find_number(struct finder *f)
{
	struct mask_span span;
	struct mask_value value;
	bool is_found = is_number(f, &span);
	if (!is_found && (form_find(f->text, f->at, &value) || house_find(f->text, f->at, &value))) {
		span = finder_span(f, &value);
		is_found = true;
	}
	if (is_found) {
		finder_emit(f, span);
		finder_move(f, span.to);
		return;
	}
	while (f->at < f->text.n && number_digit(value_at(f->text, f->at)) >= 0)
		finder_move(f, f->index + 1);
}

/* At an at sign of `width` bytes; true when it was an address (the finder then stands behind it). */
static bool find_email(struct finder *f, size_t width)
{
	struct mask_value value;
	if (!mail_find(f->text, f->at, width, &value))
		return false;
	const struct mask_span span = finder_span(f, &value);
	finder_emit(f, span);
	finder_move(f, span.to);
	return true;
}

static void find_signs(struct finder *f)
{
	while (f->at < f->text.n) {
		if ((unsigned char)f->text.p[f->at] < 0x80 && !is_sign(f->text.p[f->at])) {
			f->at++;
			f->index++;
			continue;
		}
		if (utf8_is_plain_three(f->text, f->at)) { /* no full-width sign either */
			f->at += 3;
			f->index++;
			continue;
		}
		size_t at = f->at;
		const uint32_t cp = utf8_next(f->text, &at);
		if (number_digit(cp) >= 0) {
			find_number(f);
			continue;
		}
		if ((cp == '@' || cp == 0xFF20) && find_email(f, at - f->at))
			continue;
		f->at = at;
		f->index++;
	}
}

static void find_cued(struct finder *f)
{
	size_t counted = 0;
	uint32_t index = 0;
	struct mask_value value;
	for (size_t at = cue_next(f->text, 0); at < f->text.n; at = cue_next(f->text, at + 1)) {
		if (!cue_find(f->text, at, &value))
			continue;
		if (value.from < counted)
			counted = index = 0; /* an address spelt out begins before its sign */
		index += (uint32_t)utf8_count((struct str){ f->text.p + counted, value.from - counted });
		counted = value.from;
		const uint32_t n = (uint32_t)utf8_count((struct str){ f->text.p + value.from, value.to - value.from });
		finder_emit(f, (struct mask_span){ value.kind, index, index + n });
	}
}

static int span_order(const void *a, const void *b)
{
	const struct mask_span *x = a, *y = b;
	return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->to > y->to) - (x->to < y->to);
}

/* Both walks found in order; together they may overlap. */
static size_t spans_merge(struct finder *f)
{
	struct finder merged = { .span = f->span, .max = f->n };
	qsort(f->span, f->n, sizeof *f->span, span_order);
	for (size_t i = 0; i < f->n; i++)
		finder_emit(&merged, f->span[i]);
	return merged.n;
}

size_t mask_find(struct str text, struct mask_span *span, size_t max)
{
	struct finder f = { .text = text, .span = span, .max = max };
	if (max == 0)
		return 0;
	find_cued(&f);
	const bool has_cued = f.n > 0;
	f.first = f.n;
	if (is_worth_looking(text))
		find_signs(&f);
	return has_cued ? spans_merge(&f) : f.n;
}

/* Does mask_find have to be asked at all? */
static bool may_hold(struct str text)
{
	return is_worth_looking(text) || cue_next(text, 0) < text.n;
}

struct str mask_text(struct arena *a, struct str text, size_t *n)
{
	if (!may_hold(text))
		return text;
	size_t max = text.n / VALUE_SHORTEST * WALKS + 1;
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
