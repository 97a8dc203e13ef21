/* The text of a post as the trained model sees it. */
#include "detector/sight.h"

#define BRAND_SIGN "\xEE\x80\x82" /* U+E002, of the private area */
#define PARTS_MOST 64u /* of one field: further names stay */
#define SHORT_NAME 6u /* bytes of a short form: two Chinese characters */

struct parts {
	struct sight_part *part;
	size_t n;
};

static void add_piece(struct parts *out, const struct reading *r, enum post_field field, uint32_t from, uint32_t to)
{
	const struct str text = { reading_text(r, field).p + from, to - from };
	out->part[out->n++] = (struct sight_part){ .text = text, .at = { field, from, to } };
}

static void add_sign(struct parts *out, enum post_field field, uint32_t from, uint32_t to)
{
	out->part[out->n++] = (struct sight_part){ .text = STR(BRAND_SIGN), .at = { field, from, to }, .is_sign = true };
}

/* The name without its last character (of which two are left) or word: 青禾 of 青禾银行, Corvane of Corvane Air; "" = none. */
static struct str shorter(struct str name)
{
	const bool is_chinese = name.n > 0 && (unsigned char)name.p[0] >= 0x80;
	size_t n = name.n;
	if (is_chinese && n <= SHORT_NAME)
		return STR("");
	do
		n -= n > 0;
	while (n > 0 && (is_chinese ? ((unsigned char)name.p[n] & 0xC0) == 0x80 : name.p[n] != ' '));
	return str_first(name, n);
}

/* What people make of a long name; "" where none of its short forms is in the text. */
static struct str short_form(struct str text, struct str name)
{
	for (name = shorter(name); name.n > 0 && str_find(text, name) < 0; name = shorter(name))
		;
	return name;
}

static void mask_short_form(struct parts *out, const struct reading *r, enum post_field field)
{
	const struct str text = reading_text(r, field), form = short_form(text, r->name);
	const size_t most = out->n + PARTS_MOST;
	uint32_t at = 0;
	ptrdiff_t hit = form.n > 0 ? str_find(text, form) : -1;
	for (; hit >= 0 && out->n < most; hit = str_find(str_from(text, at), form)) {
		const uint32_t from = at + (uint32_t)hit;
		add_piece(out, r, field, at, from);
		at = from + (uint32_t)form.n;
		add_sign(out, field, from, at);
	}
	add_piece(out, r, field, at, (uint32_t)text.n);
}

static void mask_mentions(struct parts *out, const struct reading *r, enum post_field field)
{
	const size_t most = out->n + PARTS_MOST;
	uint32_t at = 0;
	for (size_t i = 0; i < r->nmentions && out->n < most; i++) {
		const struct place *place = &r->mention[i].at;
		if (place->field != field || place->from < at)
			continue;
		add_piece(out, r, field, at, place->from);
		add_sign(out, field, place->from, place->to);
		at = place->to;
	}
	add_piece(out, r, field, at, (uint32_t)reading_text(r, field).n);
}

/* Title and text; where nobody names the brand, what people make of its name is looked for. */
static struct parts parts_of(const struct reading *r)
{
	struct parts all = { .part = arena_raw(r->a, POST_FIELD__N * (PARTS_MOST + 4) * sizeof *all.part) };
	for (int field = 0; field < POST_FIELD__N; field++) {
		if (reading_text(r, (enum post_field)field).n == 0)
			continue;
		if (all.n > 0)
			all.part[all.n++] = (struct sight_part){ .text = STR("\n"), .at = { .field = (enum post_field)field } };
		if (r->nmentions > 0)
			mask_mentions(&all, r, (enum post_field)field);
		else
			mask_short_form(&all, r, (enum post_field)field);
	}
	return all;
}

static struct str joined(struct arena *a, const struct parts *parts)
{
	struct str *text = arena_raw(a, (parts->n + 1) * sizeof *text);
	for (size_t i = 0; i < parts->n; i++)
		text[i] = parts->part[i].text;
	return arena_join(a, text, parts->n);
}

const struct sight *sight_of(struct reading *r)
{
	if (r->sight)
		return r->sight;
	const struct parts parts = parts_of(r);
	struct sight *sight = arena_take(r->a, sizeof *sight);
	sight->text = joined(r->a, &parts);
	sight->part = parts.part;
	sight->nparts = parts.n;
	features_make(r->a, sight->text, &sight->features);
	r->sight = sight;
	return sight;
}
