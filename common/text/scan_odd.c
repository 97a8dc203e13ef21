/* Latin words in disguise: what looks alike is made one for the key, and position by position for the close look.
 *
 * Digits and signs stand for sets of letters: 0 o · 1 i l · 2 z · 3 e · 4 a · 5 s · 6 b g · 7 t · 8 b · 9 g · @ a · $ s · ! i ·
 * + t · | i l. The skeleton of a word replaces each character by the first of its kind, and runs by one. */
#include "common/text/scan_odd.h"

#include <string.h>

#define ODD_MAX 64 /* bytes and letters of a word looked at */
#define LEAST_LETTERS 3 /* shorter terms are not looked for in disguise */
#define LEAST_MASKED 4
#define LEAST_REAL 2 /* letters of a word with digits for letters that are what they seem */
#define LONG_RUN 3 /* letters: coool */

static const char *const leet[26] = { ['a' - 'a'] = "4@",
	['b' - 'a'] = "68",
	['e' - 'a'] = "3",
	['g' - 'a'] = "69",
	['i' - 'a'] = "1!|",
	['l' - 'a'] = "1|",
	['o' - 'a'] = "0",
	['s' - 'a'] = "5$",
	['t' - 'a'] = "7+",
	['z' - 'a'] = "2" };

static unsigned char skeleton_of(uint32_t unit)
{
	static const char from[] = "4@31l!|05$g6897+2", to[] = "aaeiiiiossbbbbttz";
	const char *found = unit < 0x80 && unit ? strchr(from, (int)unit) : NULL;
	if (found)
		return (unsigned char)to[found - from];
	return scan_book_byte(unit);
}

static bool is_letter(uint32_t unit)
{
	return unit >= 'a' && unit <= 'z';
}

static bool is_star(uint32_t unit)
{
	return unit == '*' || unit == '#';
}

/* ---- keys ---- */

static uint32_t skeleton_key(const uint32_t *unit, size_t n)
{
	uint64_t h = 0;
	unsigned char before = 0;
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = skeleton_of(unit[i]);
		if (i == 0 || c != before)
			h = (h ^ c) * 0x100000001B3u + 1;
		before = c;
	}
	return scan_book_key(START_ODD, h, 0);
}

static uint32_t masked_key(size_t n, uint32_t first, uint32_t last)
{
	return scan_book_key(START_MASKED, n, (uint64_t)(is_star(first) ? 0 : first) << 32 | (is_star(last) ? 0 : last));
}

static void add_key(struct scan_odd_keys *out, enum start_kind kind, uint32_t key)
{
	out->kind[out->n] = kind;
	out->key[out->n++] = key;
}

/* The first letters of a term, whatever spaces are between them; a term with signs is not looked for spelled out. */
static void add_spelled_key(const struct scan_term *t, struct scan_odd_keys *out)
{
	uint32_t letter[SPELLED_LETTERS];
	size_t n = 0;
	for (size_t i = 0; i < t->n && n < SPELLED_LETTERS && !(t->element[i] & ELEMENT_SIGN); i++)
		if (t->element[i] & ELEMENT_WORD)
			letter[n++] = t->element[i] & ELEMENT_CODE;
	if (n == SPELLED_LETTERS)
		add_key(out, START_SPELLED, scan_odd_spelled_key(letter));
}

/* Of a term that is one letter again and again (bbb, www) nobody can say whether it was stretched. */
static bool is_one_kind(const uint32_t *unit, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (skeleton_of(unit[i]) != skeleton_of(unit[0]))
			return false;
	return true;
}

void scan_odd_keys(const struct scan_term *t, struct scan_odd_keys *out)
{
	uint32_t unit[ODD_MAX];
	size_t n = 0, nreal = 0;
	out->n = 0;
	while (n < t->n && n < ODD_MAX && (t->element[n] & ELEMENT_WORD)) {
		unit[n] = t->element[n] & ELEMENT_CODE;
		nreal += is_letter(unit[n++]);
	}
	if (t->anchor > 0 || nreal == 0)
		return;
	if (n >= LEAST_LETTERS && !is_one_kind(unit, n) && (t->may & (FOLD_LEET | FOLD_STRETCHED | FOLD_HOMOGLYPH)))
		add_key(out, START_ODD, skeleton_key(unit, n));
	if (n >= 2 && (t->may & (FOLD_SPACED | FOLD_SYMBOL)))
		add_spelled_key(t, out);
	if (n >= LEAST_MASKED && nreal == n && (t->may & FOLD_MASKED)) {
		add_key(out, START_MASKED, masked_key(n, unit[0], unit[n - 1]));
		add_key(out, START_MASKED, masked_key(n, unit[0], '*'));
		add_key(out, START_MASKED, masked_key(n, '*', unit[n - 1]));
	}
}

/* ---- the close look ---- */

struct spell {
	const struct scan_text *text;
	size_t at;
	unsigned folds;
	size_t nletters, nreal, nknown; /* read, being what they seem, not starred out */
	bool swapped; /* i and l changed places, as look-alikes do */
	bool any_long; /* a run of LONG_RUN or more that the term has not */
	bool first_known, last_known;
};

/* The letter or ASCII sign at s->at, behind what is hidden; SCAN_END when it is neither. */
static uint32_t spell_unit(const struct spell *s, size_t *next, uint32_t *cp, unsigned *folds)
{
	*next = s->at;
	*folds = 0;
	for (int i = 0; i < ODD_MAX; i++) {
		*cp = scan_text_next(s->text, next);
		const uint32_t letter = scan_letter(*cp);
		if (letter >= LETTERS_FIRST) {
			*folds |= *cp == letter ? 0 : letters_folds(*cp);
			return letter;
		}
		if (letter != LETTER_HIDDEN)
			return *cp < 0x80 ? *cp : SCAN_END;
		const unsigned hidden = letters_folds(*cp) & (FOLD_MARKS | FOLD_HIDDEN);
		*folds |= hidden ? hidden : (unsigned)FOLD_HIDDEN;
	}
	return SCAN_END;
}

/* Does the unit stand for the letter of the term? */
static bool spell_fits(struct spell *s, uint32_t unit, uint32_t letter, bool is_repeated)
{
	if (unit == letter) {
		s->nreal += is_letter(unit) && !is_repeated;
		return true;
	}
	if (!is_letter(letter))
		return false; /* a digit of the term is that digit */
	if ((letter == 'i' || letter == 'l') && (unit == 'i' || unit == 'l')) {
		s->swapped = true;
		return true;
	}
	if (unit >= 0x80 || !leet[letter - 'a'] || !strchr(leet[letter - 'a'], (int)unit) || unit == 0)
		return false;
	s->folds |= FOLD_LEET;
	return true;
}

/* A run of letters of one kind against the run in the text: of equal length, or stretched. */
static bool spell_run(struct spell *s, const uint32_t *element, size_t n)
{
	const unsigned char kind = skeleton_of(element[0] & ELEMENT_CODE);
	size_t m = 0;
	for (; m < ODD_MAX; m++) {
		size_t next = s->at;
		uint32_t cp = 0;
		unsigned folds = 0;
		const uint32_t unit = spell_unit(s, &next, &cp, &folds);
		if (unit == SCAN_END || skeleton_of(unit) != kind)
			break;
		if (m >= n && !is_letter(unit) && !scan_is_word(unit))
			break; /* a sign behind the last letter need not belong to the word: recall! */
		if (!spell_fits(s, unit, element[m < n ? m : n - 1] & ELEMENT_CODE, m >= n))
			return false;
		s->folds |= folds;
		s->at = next;
	}
	s->any_long |= m >= LONG_RUN && m > n;
	s->folds |= m != n ? FOLD_STRETCHED : 0u;
	s->nletters += m;
	return m > 0;
}

static bool spell_word(struct spell *s, const uint32_t *element, size_t n)
{
	for (size_t i = 0, run; i < n; i += run) {
		run = 1;
		while (i + run < n && skeleton_of(element[i + run] & ELEMENT_CODE) == skeleton_of(element[i] & ELEMENT_CODE))
			run++;
		if (!spell_run(s, element + i, run))
			return false;
	}
	return true;
}

/* Starred out: the same length, each star one letter. */
static bool spell_masked(struct spell *s, const uint32_t *element, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const uint32_t cp = scan_text_next(s->text, &s->at), unit = scan_letter(cp);
		if (cp < 0x80 && is_star(cp)) {
			s->folds |= FOLD_MASKED;
		} else if (unit == (element[i] & ELEMENT_CODE)) {
			s->folds |= cp == unit ? 0u : letters_folds(cp);
			s->first_known |= i == 0;
			s->last_known = i + 1 == n;
			s->nknown++;
		} else {
			return false;
		}
	}
	s->nletters += n;
	return true;
}

static bool spell_space(struct spell *s)
{
	const size_t from = s->at;
	for (size_t next = from;; s->at = next) {
		const uint32_t cp = scan_text_next(s->text, &next);
		if (scan_letter(cp) != LETTER_SPACE && !(scan_letter(cp) == LETTER_HIDDEN && s->at > from))
			break;
	}
	return s->at > from;
}

static bool spell_term(struct spell *s, const struct scan_term *t, bool is_masked)
{
	for (size_t i = 0, n; i < t->n; i += n) {
		n = 0;
		while (i + n < t->n && (t->element[i + n] & ELEMENT_WORD))
			n++;
		if (n > 0) {
			if (!(is_masked ? spell_masked(s, t->element + i, n) : spell_word(s, t->element + i, n)))
				return false;
			continue;
		}
		n = 1;
		if (t->element[i] & ELEMENT_SPACE ? !spell_space(s)
						  : scan_text_next(s->text, &s->at) != (t->element[i] & ELEMENT_CODE))
			return false;
	}
	return true;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* A number and its unit, 2000mm or 50lb, is no word. */
static bool is_quantity(const struct scan_text *text, size_t from, size_t to)
{
	size_t at = from;
	while (at < to && is_digit(text->p[at]))
		at++;
	if (at < from + 2)
		return false;
	while (at < to && is_letter(text->p[at] | 0x20u))
		at++;
	return at == to;
}

/* Is what was seen through believable? */
static bool spell_is_sound(const struct spell *s, bool is_masked, size_t from)
{
	if (is_masked)
		return (s->folds & FOLD_MASKED) && s->nknown >= 2 && s->nknown * 2 >= s->nletters &&
		       ((s->first_known && s->last_known) || s->nknown >= 3);
	if ((s->folds & FOLD_LEET) && (s->nreal < LEAST_REAL || is_quantity(s->text, from, s->at)))
		return false;
	if ((s->folds & FOLD_STRETCHED) && !s->any_long)
		return false;
	if (s->swapped && !(s->folds & (FOLD_LEET | FOLD_HOMOGLYPH)))
		return false;
	if ((s->folds & FOLD_HOMOGLYPH) && scan_text_is_foreign(s->text, from, s->at))
		return false;
	return s->swapped || (s->folds & (FOLD_LEET | FOLD_STRETCHED | FOLD_HOMOGLYPH));
}

static void odd_look(const struct scan_odd *o, const struct scan_term *t, size_t from, bool is_masked)
{
	struct spell s = { .text = o->text, .at = from };
	struct scan_hit hit;
	if (!spell_term(&s, t, is_masked) || !spell_is_sound(&s, is_masked, from) || scan_text_is_word_before(o->text, from))
		return;
	const bool goes_on = scan_text_is_word_at(o->text, s.at) || (is_masked && s.at < o->text->n && is_star(o->text->p[s.at]));
	if ((goes_on && !t->any_open_end) || scan_verify_first(o->text, t, from))
		return; /* seen without the disguise: the other way finds it */
	hit = (struct scan_hit){
		.from = from, .to = s.at, .folds = s.folds | (s.swapped ? (unsigned)FOLD_HOMOGLYPH : 0u), .goes_on = goes_on
	};
	o->found(o->context, t, &hit);
}

static void odd_probe(const struct scan_odd *o, enum start_kind kind, uint32_t key, size_t from)
{
	const uint32_t *term = scan_book_find(o->scan, kind, key);
	for (bool any = term != NULL; any && o->budget->looks > 0; any = !(*term++ & SCAN_LAST), --o->budget->looks)
		odd_look(o, scan_book_term(o->scan, *term), from, kind == START_MASKED);
}

/* ---- words ---- */

void scan_odd_token(const struct scan_odd *o, size_t from, size_t to)
{
	uint32_t unit[ODD_MAX];
	size_t n = 0;
	bool is_masked = false;
	struct spell s = { .text = o->text, .at = from };
	while (s.at < to && n < ODD_MAX) {
		uint32_t cp = 0;
		unsigned folds = 0;
		size_t next = 0;
		unit[n] = spell_unit(&s, &next, &cp, &folds);
		if (unit[n] == SCAN_END)
			break;
		is_masked |= is_star(unit[n]);
		s.at = next;
		n++;
	}
	if (n < LEAST_LETTERS || s.at < to)
		return;
	if (!is_masked)
		odd_probe(o, START_ODD, skeleton_key(unit, n), from);
	else if (!is_star(unit[0]) || !is_star(unit[n - 1]))
		odd_probe(o, START_MASKED, masked_key(n, unit[0], unit[n - 1]), from);
}

static bool is_sign(unsigned char c)
{
	return c == '$' || c == '@' || c == '!' || c == '|' || c == '+' || c == '*' || c == '#';
}

static bool is_part(unsigned char c)
{
	return scan_is_ascii_word(c) || is_sign(c);
}

size_t scan_odd_word(const struct scan_odd *o, size_t at)
{
	const struct scan_text *t = o->text;
	size_t from = at, to = at;
	while (from > 0 && is_part(t->p[from - 1]) && at - from <= ODD_MAX)
		from--;
	while (to < t->n && is_part(t->p[to]) && to - at <= ODD_MAX)
		to++;
	size_t inner_from = from, inner_to = to;
	while (inner_from < inner_to && is_sign(t->p[inner_from]))
		inner_from++;
	while (inner_to > inner_from && is_sign(t->p[inner_to - 1]))
		inner_to--;
	size_t nreal = 0;
	for (size_t i = inner_from; i < inner_to; i++)
		nreal += t->p[i] > '9' && scan_is_ascii_word(t->p[i]);
	if (to - from > ODD_MAX || nreal < LEAST_REAL)
		return to > at ? to : at + 1;
	scan_odd_token(o, inner_from, inner_to);
	if (inner_from > from)
		scan_odd_token(o, from, inner_to);
	if (to > inner_to)
		scan_odd_token(o, inner_from, to);
	if (inner_from > from && to > inner_to)
		scan_odd_token(o, from, to);
	return to;
}
