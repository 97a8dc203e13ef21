/* Which run of words spoke most. */
#include "detector/word_run.h"

#include "common/base/utf8.h"

#include <math.h>

#define WORDS_MOST 3 /* of one run … */
#define IDEOGRAPHS_MOST 4 /* … if not of these */
#define EMOJI_FROM 0x1F000u

enum word_kind word_kind_of(uint32_t cp)
{
	if (utf8_is_han(cp) || cp >= EMOJI_FROM)
		return WORD_IDEOGRAPH;
	return utf8_is_word(cp) || cp == '\'' ? WORD_LATIN : WORD_WALL;
}

void word_run_share(struct word_units *u, size_t first, size_t last, float effect)
{
	const float part = effect / (float)(last - first + 1);
	for (size_t i = first; i <= last; i++)
		u->unit[i].effect += part;
}

/* A Chinese word has two characters: a single one is no shorter. */
static float length_of(const struct word_unit *unit, size_t from, size_t to)
{
	return (float)(to - from == 1 && unit[from].kind == WORD_IDEOGRAPH ? 2 : to - from);
}

struct stretch {
	size_t from, to;
	float effect, worth;
};

/* The best that begins at `from`. */
static struct stretch best_from(const struct word_units *u, size_t from)
{
	const struct word_unit *unit = u->unit;
	struct stretch best = { 0 };
	const size_t most = from + (unit[from].kind == WORD_LATIN ? WORDS_MOST : IDEOGRAPHS_MOST);
	float effect = 0;
	for (size_t to = from; to < u->n && to < most && unit[to].kind != WORD_WALL; to++) {
		if (unit[to].at.field != unit[from].at.field)
			break;
		effect += unit[to].effect;
		/* by the root of its length: else every run would be as long as it may */
		const float worth = effect / sqrtf(length_of(unit, from, to + 1));
		if (worth > best.worth)
			best = (struct stretch){ from, to + 1, effect, worth };
	}
	return best;
}

struct word_run word_run_take(struct word_units *u)
{
	struct stretch best = { 0 };
	for (size_t from = 0; from < u->n; from++) {
		const struct stretch s = best_from(u, from);
		best = s.worth > best.worth ? s : best;
	}
	if (best.to == 0)
		return (struct word_run){ .effect = 0 };
	const struct place *first = &u->unit[best.from].at, *last = &u->unit[best.to - 1].at;
	for (size_t i = best.from; i < best.to; i++)
		u->unit[i].effect = 0;
	return (struct word_run){ { first->field, first->from, last->to }, best.effect };
}
