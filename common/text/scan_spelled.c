/* Words whose letters stand apart: s c a m, s.c.a.m, d a t a   b r e a c h. */
#include "common/text/scan_odd.h"

#include <string.h>

#define LETTER_GAP 3 /* bytes between two letters */
#define WORD_GAP 8 /* between two words */

struct apart {
	const struct scan_text *text;
	size_t at;
	const unsigned char *gap; /* what stands between two letters: always the same */
	size_t gap_n;
};

static uint32_t folded(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20u : c;
}

/* Bytes from `at` to the next letter that stands alone; 0 when there is none within `most`. */
static size_t gap_at(const struct scan_text *t, size_t at, size_t most)
{
	size_t n = 0;
	while (n <= most && at + n < t->n && !scan_is_ascii_word(t->p[at + n]) && t->p[at + n] < 0x80 && t->p[at + n] >= ' ')
		n++;
	if (n == 0 || n > most || at + n >= t->n || !scan_is_ascii_word(t->p[at + n]))
		return 0;
	return scan_text_is_word_at(t, at + n + 1) ? 0 : n;
}

static bool apart_letter(struct apart *a, uint32_t letter, bool is_first, bool is_new_word)
{
	if (!is_first) {
		const size_t n = gap_at(a->text, a->at, is_new_word ? WORD_GAP : LETTER_GAP);
		const unsigned char *gap = a->text->p + a->at;
		if (n == 0 || (!is_new_word && a->gap && (n != a->gap_n || memcmp(gap, a->gap, n) != 0)))
			return false;
		if (!is_new_word) {
			a->gap = gap;
			a->gap_n = n;
		}
		a->at += n;
	}
	return folded(a->text->p[a->at++]) == letter;
}

/* A and I are words of their own; any other letter that stands apart in the same way belongs to a longer word. */
static bool is_other_letter(unsigned char c)
{
	return scan_is_ascii_word(c) && folded(c) != 'a' && folded(c) != 'i';
}

static bool apart_is_whole(const struct apart *a, size_t from)
{
	const struct scan_text *t = a->text;
	const size_t n = a->gap_n;
	if (a->at + n < t->n && memcmp(t->p + a->at, a->gap, n) == 0 && gap_at(t, a->at, n) == n &&
		is_other_letter(t->p[a->at + n]))
		return false;
	if (from <= n || memcmp(t->p + from - n, a->gap, n) != 0 || !is_other_letter(t->p[from - n - 1]))
		return true;
	return scan_text_is_word_before(t, from - n - 1);
}

static void apart_look(const struct scan_odd *o, const struct scan_term *t, size_t from)
{
	struct apart a = { .text = o->text, .at = from };
	bool is_new_word = false;
	for (size_t i = 0; i < t->n; i++) {
		const uint32_t element = t->element[i];
		if (element & ELEMENT_SIGN)
			return;
		if (!(element & ELEMENT_SPACE) && !apart_letter(&a, element & ELEMENT_CODE, i == 0, is_new_word))
			return;
		is_new_word = (element & ELEMENT_SPACE) != 0;
	}
	if (!a.gap || !apart_is_whole(&a, from))
		return;
	const unsigned folds = (unsigned)(a.gap[0] == ' ' ? FOLD_SPACED : FOLD_SYMBOL);
	const struct scan_hit hit = { .from = from, .to = a.at, .folds = folds };
	o->found(o->context, t, &hit);
}

size_t scan_odd_spelled(const struct scan_odd *o, size_t at)
{
	const struct scan_text *t = o->text;
	for (;;) {
		const size_t gap = gap_at(t, at + 1, WORD_GAP), next = at + 1 + gap;
		const size_t other_gap = gap ? gap_at(t, next + 1, WORD_GAP) : 0;
		if (other_gap == 0)
			return gap ? next + 1 : at + 1;
		const uint32_t letter[] = { folded(t->p[at]), folded(t->p[next]), folded(t->p[next + 1 + other_gap]) };
		const uint32_t *term = scan_book_find(o->scan, START_SPELLED, scan_odd_spelled_key(letter));
		for (bool any = term != NULL; any && o->budget->looks > 0; any = !(*term++ & SCAN_LAST), --o->budget->looks)
			apart_look(o, scan_book_term(o->scan, *term), at);
		at = next;
	}
}
