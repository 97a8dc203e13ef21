/* Ways to write a Chinese term: in pinyin, whole or one character of it, by its initials, with a character taken apart, or
 * with an emoji for one. */
#include "common/text/variants.h"

#include "common/base/utf8.h"
#include "common/text/pinyin.h"
#include "common/text/split.h"
#include <earshot/match.h>

#include <string.h>

#define LEAST 2 /* characters of a term that has variants */
#define MOST 8
#define READINGS_TOGETHER 8 /* spellings of a whole term when several characters have several readings */
#define SPELLED_BYTES (MOST * 8)

struct making {
	struct arena *a;
	struct str term;
	uint32_t cp[MOST];
	size_t at[MOST + 1]; /* bytes */
	size_t n;
	uint16_t sound[MOST][PINYIN_READINGS_MAX];
	size_t nsounds[MOST];
	struct variants *out;
};

static void make(struct making *m, struct str text, unsigned fold)
{
	struct variants *v = m->out;
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->variant[i].text, text))
			return;
	if (v->n < VARIANTS_MAX)
		v->variant[v->n++] = (struct variant){ arena_copy(m->a, text), fold };
}

static bool making_read(struct making *m)
{
	m->n = 0;
	for (size_t at = 0; at < m->term.n; m->n++) {
		if (m->n == MOST)
			return false;
		m->at[m->n] = at;
		m->cp[m->n] = utf8_next(m->term, &at);
		m->at[m->n + 1] = at;
		if (!utf8_is_han(m->cp[m->n]))
			return false;
		m->nsounds[m->n] = pinyin_readings(m->cp[m->n], m->sound[m->n]);
	}
	return m->n >= LEAST;
}

/* The term with its character `i` replaced. */
static void make_replaced(struct making *m, size_t i, struct str by, unsigned fold)
{
	make(m,
		arena_printf(m->a, "%.*s%.*s%.*s", STR_FMT(str_first(m->term, m->at[i])), STR_FMT(by),
			STR_FMT(str_from(m->term, m->at[i + 1]))),
		fold);
}

static void make_one_pinyin(struct making *m)
{
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < m->nsounds[i]; k++)
			make_replaced(m, i, str_of(pinyin_name(m->sound[i][k])), FOLD_PINYIN);
}

/* The `way`-th choice of readings, counted like the digits of a number; false when there is none. */
static bool pick_readings(const struct making *m, size_t way, const char *name[MOST])
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->nsounds[i] == 0)
			return false;
		name[i] = pinyin_name(m->sound[i][way % m->nsounds[i]]);
		way /= m->nsounds[i];
	}
	return way == 0;
}

static void make_all_pinyin(struct making *m, unsigned folds)
{
	const char *name[MOST];
	for (size_t way = 0; way < READINGS_TOGETHER && pick_readings(m, way, name); way++) {
		char joined[SPELLED_BYTES] = "", apart[SPELLED_BYTES] = "", initials[MOST + 1] = "";
		size_t nj = 0, na = 0;
		for (size_t i = 0; i < m->n; i++) {
			const size_t n = strlen(name[i]);
			if (n == 0 || na + n + 2 > sizeof(apart))
				return;
			memcpy(joined + nj, name[i], n);
			nj += n;
			if (i > 0)
				apart[na++] = ' ';
			memcpy(apart + na, name[i], n);
			na += n;
			initials[i] = name[i][0];
		}
		if (folds & FOLD_PINYIN) {
			make(m, (struct str){ joined, nj }, FOLD_PINYIN);
			make(m, (struct str){ apart, na }, FOLD_PINYIN);
		}
		if (folds & FOLD_INITIALS)
			make(m, (struct str){ initials, m->n }, FOLD_INITIALS);
	}
}

static void make_split(struct making *m)
{
	struct str way[SPLIT_WAYS_MAX];
	for (size_t i = 0; i < m->n; i++) {
		const size_t n = split_of(m->cp[i], way);
		for (size_t k = 0; k < n; k++)
			make_replaced(m, i, way[k], FOLD_SPLIT);
	}
}

static void make_emoji(struct making *m)
{
	struct str emoji[SPLIT_EMOJI_MAX];
	for (size_t i = 0; i < m->n; i++) {
		const size_t n = split_emoji(m->cp[i], emoji);
		for (size_t k = 0; k < n; k++)
			make_replaced(m, i, emoji[k], FOLD_EMOJI);
	}
}

void variants_make(struct arena *a, struct str folded, unsigned folds, struct variants *out)
{
	struct making m = { .a = a, .term = folded, .out = out };
	*out = (struct variants){ NULL, 0 };
	if (!making_read(&m))
		return;
	out->variant = arena_list(a, struct variant, VARIANTS_MAX);
	if (folds & FOLD_PINYIN)
		make_one_pinyin(&m);
	make_all_pinyin(&m, folds);
	if (folds & FOLD_SPLIT)
		make_split(&m);
	if (folds & FOLD_EMOJI)
		make_emoji(&m);
}
