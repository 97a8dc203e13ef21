/* Doubts about a hit that was seen through something visible: does it cut a word in two, is there Chinese around? */
#include "common/text/scan_pass.h"

#include "common/text/words.h"

#define BESIDE 4 /* characters between the initials of a Chinese word and Chinese */
#define SHORT_RUN 3 /* letters between two gaps */
#define JOINED_MAX 32 /* letters of a term that are looked up in the dictionary as one */
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

/* ---- gaps that may be mere punctuation ---- */

struct gap {
	size_t from, to;
	size_t nletters; /* of the hit, in front of it */
	uint32_t class; /* of its first sign */
};

/* What people also write between two sentences or items. Any other sign in the middle of a word is there on purpose. */
static bool is_soft(uint32_t cp)
{
	static const uint32_t soft[] = { 0x3001, '~', 0xFF5E, 0x301C, 0x2026, '@' }; /* 、~～〜…@ */
	const uint32_t class = scan_letter(cp);
	for (size_t i = 0; i < sizeof(soft) / sizeof(soft[0]); i++)
		if (cp == soft[i])
			return true;
	return class == LETTER_STOP || class == LETTER_SPACE;
}

static bool is_letter(uint32_t cp)
{
	const uint32_t letter = scan_letter(cp);
	return letter >= LETTERS_FIRST || letter == LETTER_SEQUENCE;
}

/* Letters side by side in front of a gap, counted up to a few. */
static int run_before(const struct scan_text *text, size_t at)
{
	int n = 0;
	while (n <= SHORT_RUN && is_letter(scan_text_before(text, &at)))
		n++;
	return n;
}

static int run_behind(const struct scan_text *text, size_t at)
{
	int n = 0;
	while (n <= SHORT_RUN && is_letter(scan_text_next(text, &at)))
		n++;
	return n;
}

/* Does the term, written as one, go from word to word behind its first `nletters` letters? Then a gap there need not be a
 * disguise: 不好。用一次, 较晚。到酒店. Between longer words a space is no doubt: 欺骗 消费者. */
static bool is_between_words(const struct scan_term *t, size_t nletters, bool is_space)
{
	char joined[4 * JOINED_MAX];
	struct words *words = words_shared();
	size_t used = 0, at = 0, n = 0;
	for (size_t i = t->anchor; i < t->n && n < JOINED_MAX; i++) {
		if (t->element[i] & (ELEMENT_SIGN | ELEMENT_SPACE))
			continue;
		used += (size_t)utf8_put(joined + used, t->element[i] & ELEMENT_CODE);
		n++;
		at = n == nletters ? used : at;
	}
	if (!words || at == 0 || n == JOINED_MAX || (is_space && nletters > 1 && n - nletters > 1))
		return false;
	return words_border(words, (struct str){ joined, used }, at);
}

/* Was this soft gap put into a word? Words are spelled out with one letter alone between two gaps, 退。款。, and sentences are
 * longer than a few letters. */
static bool is_gap_meant(const struct scan_text *text, const struct scan_term *t, const struct gap *gap)
{
	const int before = run_before(text, gap->from), behind = run_behind(text, gap->to);
	if (before == 1 || behind == 1)
		return true;
	if (gap->class == LETTER_STOP && before > SHORT_RUN && behind > SHORT_RUN)
		return false;
	return !is_between_words(t, gap->nletters, gap->class == LETTER_SPACE);
}

/* Are all soft gaps of the hit? */
static bool are_gaps_meant(const struct scan_text *text, const struct scan_term *t, const struct scan_hit *hit)
{
	size_t nletters = 0;
	for (size_t at = hit->from, next = at; at < hit->to; at = next) {
		uint32_t several[LETTERS_SEQUENCE_MAX];
		const uint32_t cp = scan_text_next(text, &next), letter = scan_letter(cp);
		if (letter == LETTER_OPEN)
			next = scan_verify_gloss(text, at) ? scan_verify_gloss(text, at) : next;
		nletters += letter >= LETTERS_FIRST ? 1 : letter == LETTER_SEQUENCE ? letters_sequence(cp, several) : 0;
		struct gap gap = { at, next, nletters, letter };
		if (!is_soft(cp))
			continue;
		while (gap.to < hit->to && is_soft(scan_text_next(text, &next)))
			gap.to = next;
		next = gap.to;
		if (scan_letter(scan_text_next(text, &(size_t){ gap.to })) == LETTER_OPEN)
			continue; /* in front of a gloss */
		if (!is_gap_meant(text, t, &gap))
			return false;
	}
	return true;
}

bool scan_doubt_is_dear(const struct scan_hit *hit)
{
	return hit->has_gap || (hit->folds & (FOLD_HOMOPHONE | FOLD_SPLIT | FOLD_EMOJI));
}

bool scan_doubt_stands(const struct scan_text *text, const struct scan_term *t, const struct scan_hit *hit)
{
	if ((t->folds & FOLD_INITIALS) && ((hit->folds & FOLD_CASE) || !has_han(text, hit, BESIDE)))
		return false;
	if ((t->folds & FOLD_PINYIN) && is_all_latin(t) && !has_han(text, hit, AROUND))
		return false;
	if (!scan_doubt_is_dear(hit))
		return true;
	if (!is_border(text, hit->from) || !is_border_behind(text, hit->to))
		return false;
	if (hit->has_gap && !are_gaps_meant(text, t, hit))
		return false;
	return hit->sound_to == 0 || (is_border(text, hit->sound_from) && is_border_behind(text, hit->sound_to));
}
