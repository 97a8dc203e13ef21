/* The quick look at one place of the original: plain Chinese and plain English, compared eight bytes at a time. */
#include "common/text/scan_plain.h"

#include <endian.h>
#include <string.h>

static inline uint64_t eight(const unsigned char *p)
{
	uint64_t x;
	memcpy(&x, p, sizeof(x));
	return le64toh(x);
}

/* A character of three bytes that is no mark on the one before, among those that often stand behind a word: ideographs, CJK and
 * full-width punctuation, dashes and quotes. */
static bool is_no_mark(const unsigned char *p)
{
	if (p[0] == 0xE3)
		return p[1] == 0x80 && p[2] < 0xAA;
	if (p[0] == 0xE2)
		return p[1] == 0x80;
	return scan_is_ideograph(p) || (p[0] == 0xEF && p[1] == 0xBC);
}

/* Letter by letter: Traditional forms fold. */
static enum scan_answer plain_letters(const struct scan_text *text, const struct scan_term *t, size_t at, unsigned *folds)
{
	const unsigned char *p = text->p + at;
	for (unsigned i = 0; i < t->n; i++, p += 3) {
		if (!scan_is_ideograph(p))
			return SCAN_LOOK_CLOSER;
		const uint32_t cp = scan_code_of_three(p);
		if (cp == t->element[i])
			continue;
		if (letters_bmp[cp] != t->element[i])
			return t->may & FOLD_HOMOPHONE ? SCAN_LOOK_CLOSER : SCAN_NO;
		*folds |= letters_folds(cp);
	}
	return SCAN_YES;
}

/* The first byte that is not the term's plain one, but for the case of a letter; t->nplain when there is none. */
static size_t first_other(const unsigned char *p, const struct scan_term *t, bool *any_upper)
{
	const unsigned char *plain = scan_term_plain(t);
	for (size_t at = 0; at < t->nplain;) {
		const size_t left = t->nplain - at;
		const uint64_t differs = (eight(p + at) ^ eight(plain + at)) << (left < 8 ? 64 - 8 * left : 0);
		if (differs == 0) {
			at += 8;
			continue;
		}
		at += (size_t)__builtin_ctzll(differs) / 8 - (left < 8 ? 8 - left : 0);
		if (p[at] < 'A' || p[at] > 'Z' || (p[at] | 0x20) != plain[at])
			return at;
		*any_upper = true;
		at++;
	}
	return t->nplain;
}

/* An ideograph where the term has the character at `plain`. */
static enum scan_answer other_ideograph(const unsigned char *p, const unsigned char *plain, const struct scan_term *t)
{
	if (plain[0] < 0x80)
		return plain[0] == ' ' && !t->is_latin ? SCAN_LOOK_CLOSER : SCAN_NO;
	return (t->may & FOLD_HOMOPHONE) || scan_letter_of_three(p) == scan_letter_of_three(plain) ? SCAN_LOOK_CLOSER : SCAN_NO;
}

/* An ASCII sign or a space there. `before` is the byte of the term in front of it. */
static enum scan_answer other_sign(
	const unsigned char *p, const unsigned char *plain, unsigned char before, const struct scan_term *t)
{
	if (plain[0] == ' ')
		return t->is_latin && *p != '-' && *p != '_' ? SCAN_NO : SCAN_LOOK_CLOSER;
	if (plain[0] < 0x80 && !scan_is_ascii_word(plain[0]))
		return SCAN_NO;
	if (plain[0] < 0x80 && before < 0x80)
		return *p == ' ' && before == ' ' ? SCAN_LOOK_CLOSER : SCAN_NO;
	if (scan_letter(*p) == LETTER_OPEN) /* of a gloss */
		return SCAN_LOOK_CLOSER;
	if (scan_is_ascii_word(p[1])) /* the sign may be a gap: then that is the letter behind it */
		return scan_is_ascii_word(plain[0]) ? SCAN_LOOK_CLOSER : SCAN_NO;
	return scan_is_ideograph(p + 1) ? other_ideograph(p + 1, plain, t) : SCAN_LOOK_CLOSER;
}

/* The text and the plain term part at byte `at`: what is plainly something else is refused here, whatever folds or may be a gap is
 * left to the close look. */
static enum scan_answer answer_other(const unsigned char *text, const struct scan_term *t, size_t at)
{
	const unsigned char *plain = scan_term_plain(t);
	while (at > 0 && (plain[at] & 0xC0) == 0x80)
		at--;
	const unsigned char *p = text + at;
	if (at == 0 || *p < ' ' || *p == 0x7F)
		return SCAN_LOOK_CLOSER;
	if (scan_is_ascii_word(*p))
		return plain[at] == ' ' && !t->is_latin ? SCAN_LOOK_CLOSER : SCAN_NO;
	if (*p < 0x80)
		return other_sign(p, plain + at, plain[at - 1], t);
	if (scan_is_ideograph(p))
		return other_ideograph(p, plain + at, t);
	const bool is_wide = *p == 0xEF && scan_is_plain_border(p); /* ，！？：；, which end a clause */
	return is_wide && (plain[at] >= 0x80 || scan_is_ascii_word(plain[at])) ? SCAN_NO : SCAN_LOOK_CLOSER;
}

/* A control character that folding takes away: the word goes on behind it. */
static bool is_hidden(unsigned char c)
{
	return (c < ' ' && c != '\t' && c != '\n') || c == 0x7F;
}

/* May more of the last letter, or of the last word, stand behind the term? */
static bool may_go_on(const struct scan_text *text, const unsigned char *p, const struct scan_term *t)
{
	if (!t->closes_with_word)
		return *p >= 0x80 && !is_no_mark(p);
	return (*p >= 0x80 && !scan_is_plain_border(p)) || (is_hidden(*p) && p < text->p + text->n);
}

/* May the first word begin before the term? */
static bool may_begin_before(const struct scan_text *text, const unsigned char *p)
{
	return scan_is_ascii_word(p[-1]) || (p[-1] >= 0x80 && !scan_is_plain_border(p - 3)) || (is_hidden(p[-1]) && p > text->p);
}

/* Nearly all places are plain Chinese; whatever else comes is left to the close look. */
static enum scan_answer plain_han(const struct scan_text *text, const struct scan_term *t, size_t at, struct scan_hit *hit)
{
	bool any_upper = false;
	unsigned folds = t->folds;
	const size_t other = first_other(text->p + at, t, &any_upper), to = at + t->nplain;
	enum scan_answer answer = SCAN_YES;
	if (other < t->nplain)
		answer = scan_is_ideograph(text->p + at + other / 3 * 3) ? plain_letters(text, t, at, &folds)
									 : answer_other(text->p + at, t, other);
	if (answer != SCAN_YES)
		return answer;
	if (to > text->n)
		return SCAN_NO; /* torn by the end of the text */
	if (may_go_on(text, text->p + to, t))
		return SCAN_LOOK_CLOSER;
	*hit = (struct scan_hit){ .from = at, .to = to, .folds = folds, .characters = t->n };
	return SCAN_YES;
}

/* The same for English, for both in one term, and for signs. */
static enum scan_answer plain_latin(const struct scan_text *text, const struct scan_term *t, size_t at, struct scan_hit *hit)
{
	const unsigned char *p = text->p + at - t->anchor; /* signs and spaces stand before the anchor: a byte each */
	bool any_upper = false;
	if (at < t->anchor)
		return SCAN_NO;
	const size_t other = first_other(p, t, &any_upper);
	if (other < t->anchor)
		return SCAN_LOOK_CLOSER;
	if (other < t->nplain)
		return answer_other(p, t, other);
	const unsigned char *end = p + t->nplain;
	if (end > text->p + text->n)
		return SCAN_NO;
	if (may_go_on(text, end, t) || (t->opens_with_word && may_begin_before(text, p)))
		return SCAN_LOOK_CLOSER;
	const bool goes_on = t->closes_with_word && scan_is_ascii_word(*end);
	if (goes_on && !t->any_open_end)
		return SCAN_NO;
	*hit = (struct scan_hit){ .from = at - t->anchor,
		.to = at - t->anchor + t->nplain,
		.folds = t->folds | (any_upper ? (unsigned)FOLD_CASE : 0u),
		.goes_on = goes_on,
		.characters = t->n };
	return SCAN_YES;
}

enum scan_answer scan_plain(const struct scan_text *text, const struct scan_term *t, size_t at, struct scan_hit *hit)
{
	if (t->nplain == 0)
		return SCAN_LOOK_CLOSER;
	return t->is_han ? plain_han(text, t, at, hit) : plain_latin(text, t, at, hit);
}
