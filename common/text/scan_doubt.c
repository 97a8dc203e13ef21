/* Doubts about a hit that was seen through something visible: does it cut a word in two, is there Chinese around? */
#include "common/text/scan_pass.h"

#include "common/text/words.h"

#define BESIDE 4 /* characters between the initials of a Chinese word and Chinese */
#define AROUND 40 /* characters in which pinyin wants to see Chinese */

static bool is_border(const struct scan_text *text, size_t at)
{
	struct words *words = words_shared();
	return !words || words_border(words, (struct str){ (const char *)text->p, text->n }, at);
}

/* Is there a border behind the hit? The dictionary takes a verb and its particle for one word (骗了); that is no longer word. */
static bool is_border_behind(const struct scan_text *text, size_t at)
{
	static const uint32_t particle[] = { 0x4E86, 0x8FC7, 0x7740, 0x5417, 0x5462, 0x5427, 0x554A }; /* 了过着吗呢吧啊 */
	const uint32_t cp = scan_text_next(text, &(size_t){ at });
	for (size_t i = 0; i < sizeof(particle) / sizeof(particle[0]); i++)
		if (cp == particle[i])
			return true;
	return is_border(text, at);
}

/* Is there a Chinese character within `reach` characters of the hit? */
static bool has_han(const struct scan_text *text, const struct scan_hit *hit, int reach)
{
	size_t back = hit->from, at = hit->to;
	for (int i = 0; i < reach && at < text->n; i++)
		if (utf8_is_han(scan_text_next(text, &at)))
			return true;
	for (int i = 0; i < reach && back > 0; i++)
		if (utf8_is_han(scan_text_before(text, &back)))
			return true;
	return false;
}

static bool is_all_latin(const struct scan_term *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (!(t->element[i] & (ELEMENT_WORD | ELEMENT_SPACE)))
			return false;
	return true;
}

bool scan_doubt_stands(const struct scan_text *text, const struct scan_term *t, const struct scan_hit *hit)
{
	if ((t->folds & FOLD_INITIALS) && ((hit->folds & FOLD_CASE) || !has_han(text, hit, BESIDE)))
		return false;
	if ((t->folds & FOLD_PINYIN) && is_all_latin(t) && !has_han(text, hit, AROUND))
		return false;
	if (!hit->has_gap && !(hit->folds & (FOLD_HOMOPHONE | FOLD_SPLIT | FOLD_EMOJI)))
		return true;
	if (!is_border(text, hit->from) || !is_border_behind(text, hit->to))
		return false;
	return hit->sound_to == 0 || (is_border(text, hit->sound_from) && is_border_behind(text, hit->sound_to));
}
