/* Finds a literal name in the normalised fields of a post. */
#include "detector/mention.h"

#include "common/base/utf8.h"

static bool is_whole_word(struct str text, size_t from, size_t to)
{
	size_t before = from, after = to, first = from, last = to;
	while (before > 0 && ((unsigned char)text.p[--before] & 0xC0) == 0x80)
		;
	while (last > from && ((unsigned char)text.p[--last] & 0xC0) == 0x80)
		;
	if (from > 0 && utf8_is_word(utf8_next(text, &first)) && utf8_is_word(utf8_next(text, &before)))
		return false;
	return !(to < text.n && utf8_is_word(utf8_next(text, &last)) && utf8_is_word(utf8_next(text, &after)));
}

struct str mention_folded(struct arena *a, struct str name)
{
	return str_trim(normalise_text(a, name));
}

void mention_find(const struct reading *r, struct str name, mention_add *add, void *into)
{
	for (int field = 0; field < POST_FIELD__N && name.n > 0; field++) {
		const struct str text = reading_text(r, (enum post_field)field);
		ptrdiff_t hit = str_find(text, name);
		for (size_t at = 0; hit >= 0; hit = str_find(str_from(text, at), name)) {
			const size_t from = at + (size_t)hit;
			at = from + name.n;
			if (is_whole_word(text, from, at))
				add(into, (struct place){ (enum post_field)field, (uint32_t)from, (uint32_t)at });
		}
	}
}

static void take(void *into, struct place at)
{
	reading_mention(into, at);
}

struct reading mention_reading(
	struct arena *a, const struct rulebook *book, const struct post *post, const struct scanned *s, struct str name)
{
	struct reading r = { .a = a, .book = book, .post = post, .s = s, .brand = -1, .is_toward = name.n > 0 };
	r.name = mention_folded(a, name);
	mention_find(&r, r.name, take, &r);
	return r;
}
