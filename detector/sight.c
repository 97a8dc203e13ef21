/* The text of a post as the trained model sees it. */
#include "detector/sight.h"

#include "detector/mention.h"

#define BRAND_SIGN "\xEE\x80\x82" /* U+E002, of the private area */
#define SHORT_NAME 6u /* bytes of a short form: two Chinese characters … */
#define SHORT_NAME_LATIN 4u /* … or so many letters: "a" and "the" are in every text */

struct parts {
	struct sight_part *part;
	size_t n;
};

/* Where the brand stands, by its name or by what people make of it. */
struct places {
	struct place at[READING_MENTIONS];
	size_t n;
};

static void add_piece(struct parts *out, const struct reading *r, enum post_field field, uint32_t from, uint32_t to)
{
	const struct str text = { reading_text(r, field).p + from, to - from };
	out->part[out->n++] = (struct sight_part){ .text = text, .at = { field, from, to } };
}

/* The name without its last character or word: 青禾 of 青禾银行, Corvane of Corvane Air; "" where too little is left. */
static struct str shorter(struct str name)
{
	const bool is_chinese = name.n > 0 && (unsigned char)name.p[0] >= 0x80;
	size_t n = name.n;
	do
		n -= n > 0;
	while (n > 0 && (is_chinese ? ((unsigned char)name.p[n] & 0xC0) == 0x80 : name.p[n] != ' '));
	return n < (is_chinese ? SHORT_NAME : SHORT_NAME_LATIN) ? STR("") : str_first(name, n);
}

static void take(void *into, struct place at)
{
	struct places *places = into;
	if (places->n < READING_MENTIONS)
		places->at[places->n++] = at;
}

/* Where nobody names the brand, its longest part that stands there is looked for, whole words only. */
static void places_find(const struct reading *r, struct places *out)
{
	out->n = 0;
	for (size_t i = 0; i < r->nmentions; i++)
		take(out, r->mention[i].at);
	for (struct str name = r->name; name.n > 0 && out->n == 0; name = shorter(name))
		mention_find(r, name, take, out);
}

static void mask(struct parts *out, const struct reading *r, const struct places *places, enum post_field field)
{
	uint32_t at = 0;
	for (size_t i = 0; i < places->n; i++) {
		const struct place *place = &places->at[i];
		if (place->field != field || place->from < at)
			continue;
		add_piece(out, r, field, at, place->from);
		out->part[out->n++] = (struct sight_part){ .text = STR(BRAND_SIGN), .at = *place };
		at = place->to;
	}
	add_piece(out, r, field, at, (uint32_t)reading_text(r, field).n);
}

/* Title and text. */
static struct parts parts_of(const struct reading *r)
{
	struct places places;
	places_find(r, &places);
	struct parts all = { .part = arena_raw(r->a, (2 * places.n + 2 * POST_FIELD__N) * sizeof *all.part) };
	for (int field = 0; field < POST_FIELD__N; field++) {
		if (reading_text(r, (enum post_field)field).n == 0)
			continue;
		if (all.n > 0)
			all.part[all.n++] = (struct sight_part){ .text = STR("\n"), .at = { .field = (enum post_field)field } };
		mask(&all, r, &places, (enum post_field)field);
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
