/* The close look at one place of the original: element by element, with what may stand between two letters of a term. */
#include "common/text/scan_verify.h"

#include "common/text/pinyin.h"
#include "common/text/scan_plain.h"

#define GAP_MAX 3 /* visible characters between two letters */
#define HIDDEN_MAX 64 /* hidden ones */
#define WORD_GAP 16 /* characters between two words of a term */
#define WORD_MAX 128 /* and those of a word */
#define GLOSS_BYTES 16 /* of a pinyin reading between its brackets */

/* What may stand between two letters of a term. Hidden characters always may. */
enum gap {
	GAP_NONE, /* inside a Latin word, or beside a sign of the term */
	GAP_SPACE, /* where scripts meet: 苹果 15 */
	GAP_ANY, /* between two Chinese characters */
};

struct walk {
	const struct scan_text *text;
	const struct scan_term *term;
	size_t at;
	size_t letter_from; /* where the letter taken last begins */
	unsigned folds;
	bool has_gap;
	int nhidden, ngap; /* since the last letter */
	uint32_t pending[LETTERS_SEQUENCE_MAX]; /* of a code point that is several letters: ㎏ */
	size_t npending, pending_at;
};

/* The character that a bracket at `at` stands behind. */
static uint32_t glossed_at(const struct scan_text *text, size_t at)
{
	uint32_t cp = SCAN_END;
	for (int i = 0; i <= GAP_MAX; i++) {
		cp = scan_text_before(text, &at);
		if (scan_letter(cp) != LETTER_SPACE && scan_letter(cp) != LETTER_HIDDEN)
			break;
	}
	return cp;
}

size_t scan_verify_gloss(const struct scan_text *text, size_t at)
{
	const uint32_t glossed = glossed_at(text, at);
	(void)scan_text_next(text, &at);
	const size_t from = at;
	while (at < text->n && at - from <= GLOSS_BYTES) {
		const size_t end = at;
		const uint32_t cp = scan_text_next(text, &at);
		if (scan_letter(cp) == LETTER_CLAUSE)
			return pinyin_is_gloss_of(glossed, (struct str){ (const char *)text->p + from, end - from }) ? at : 0;
	}
	return 0;
}

/* Marks that stand on the letter before, whatever it is. */
static bool is_mark(uint32_t cp)
{
	return (cp >= 0x0300 && cp <= 0x036F) || (cp >= 0x1AB0 && cp <= 0x1AFF) || (cp >= 0x1DC0 && cp <= 0x1DFF) ||
	       (cp >= 0x20D0 && cp <= 0x20FF) || (cp >= 0xFE20 && cp <= 0xFE2F) || (letters_folds(cp) & FOLD_MARKS);
}

static bool walk_hidden(struct walk *w, uint32_t cp)
{
	w->folds |= is_mark(cp) ? FOLD_MARKS : FOLD_HIDDEN;
	return ++w->nhidden <= HIDDEN_MAX;
}

/* Something visible between two letters: may it stand there? */
static bool walk_gap(struct walk *w, enum gap gap, uint32_t class, size_t from)
{
	if (gap == GAP_NONE)
		return false;
	if (gap == GAP_ANY && class == LETTER_OPEN) {
		const size_t end = scan_verify_gloss(w->text, from);
		w->folds |= FOLD_GLOSS;
		w->at = end ? end : w->at;
		return end != 0;
	}
	if (class != LETTER_SPACE && (gap == GAP_SPACE || (class != LETTER_SYMBOL && class != LETTER_STOP)))
		return false;
	w->folds |= class == LETTER_SPACE ? FOLD_SPACED : FOLD_SYMBOL;
	w->has_gap |= gap == GAP_ANY;
	return ++w->ngap <= GAP_MAX;
}

/* The next letter of the text in *letter and its code point in *cp; false when something else comes first. */
static bool walk_next(struct walk *w, enum gap gap, uint32_t *letter, uint32_t *cp)
{
	w->nhidden = w->ngap = 0;
	while (w->pending_at == w->npending) {
		const size_t from = w->at;
		*cp = scan_text_next(w->text, &w->at);
		*letter = scan_letter(*cp);
		w->letter_from = from;
		if (*letter >= LETTERS_FIRST)
			return true;
		if (*letter == LETTER_SEQUENCE) {
			w->npending = letters_sequence(*cp, w->pending);
			w->pending_at = 0;
			w->folds |= letters_folds(*cp) | FOLD_WIDTH;
		} else if (*letter == LETTER_HIDDEN ? !walk_hidden(w, *cp) : !walk_gap(w, gap, *letter, from)) {
			return false;
		}
	}
	*letter = *cp = w->pending[w->pending_at++];
	return true;
}

static bool sounds_alike(uint32_t a, uint32_t b)
{
	uint16_t x[PINYIN_READINGS_MAX], y[PINYIN_READINGS_MAX];
	const size_t nx = pinyin_readings(a, x), ny = pinyin_readings(b, y);
	for (size_t i = 0; i < nx; i++)
		for (size_t j = 0; j < ny; j++)
			if (x[i] == y[j])
				return true;
	return false;
}

/* The folds that lead from a code point to the letter of an element; what the term itself is written with needs none. */
static unsigned folds_to(uint32_t cp, uint32_t element)
{
	if (cp == (element & ELEMENT_CODE))
		return 0;
	unsigned folds = letters_folds(cp);
	if (element & ELEMENT_MARKS)
		folds &= ~(unsigned)FOLD_MARKS;
	if (element & ELEMENT_HOMOGLYPH)
		folds &= ~(unsigned)FOLD_HOMOGLYPH;
	if (element & ELEMENT_OTHER)
		folds &= ~(unsigned)FOLD_HANT;
	return folds;
}

/* `nth` counts the letters of the term from its anchor; -1 and more: see scan_verify. */
static bool walk_letter(struct walk *w, uint32_t element, enum gap gap, int nth, int sound, struct scan_hit *hit)
{
	uint32_t letter = 0, cp = 0;
	if (!walk_next(w, gap, &letter, &cp))
		return false;
	if (letter == (element & ELEMENT_CODE)) {
		w->folds |= folds_to(cp, element);
		return nth != sound;
	}
	const bool may_sound = (w->term->may & FOLD_HOMOPHONE) && w->term->folds == 0 && hit->sound_to == 0;
	if (!may_sound || !(sound < 0 ? nth >= 2 : nth == sound) || !sounds_alike(letter, element & ELEMENT_CODE))
		return false;
	w->folds |= FOLD_HOMOPHONE | letters_folds(cp);
	hit->sound_from = w->letter_from;
	hit->sound_to = w->at;
	return true;
}

static uint32_t sign_of(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return cp - 0xFEE0;
	return cp == 0x2018 || cp == 0x2019 ? '\'' : cp;
}

static bool sign_is(uint32_t cp, uint32_t element, unsigned *folds)
{
	const uint32_t sign = sign_of(cp);
	*folds |= sign != cp ? FOLD_WIDTH : 0u;
	return sign == (element & ELEMENT_CODE);
}

static bool walk_sign(struct walk *w, uint32_t element)
{
	w->nhidden = 0;
	for (;;) {
		w->letter_from = w->at;
		const uint32_t cp = scan_text_next(w->text, &w->at);
		if (scan_letter(cp) != LETTER_HIDDEN)
			return sign_is(cp, element, &w->folds);
		if (!walk_hidden(w, cp))
			return false;
	}
}

/* To a term's own space a line break is white space as well. */
static bool is_space(uint32_t cp)
{
	return (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0x2028 || cp == 0x2029 || scan_letter(cp) == LETTER_SPACE;
}

static bool is_joint(uint32_t cp)
{
	return cp == '-' || cp == '_' || cp == 0x2010 || cp == 0x2011;
}

/* A run of white space, with what is hidden in front of it and in it. Returns how many; w->at moves behind the last one. */
static size_t walk_spaces(struct walk *w)
{
	size_t n = 0, nhidden = 0;
	bool is_plain = true;
	for (size_t at = w->at; nhidden < HIDDEN_MAX;) {
		const uint32_t cp = scan_text_next(w->text, &at);
		if (is_space(cp)) {
			is_plain = is_plain && cp == ' ' && n == 0;
			n++;
			w->at = at;
		} else if (scan_letter(cp) == LETTER_HIDDEN) {
			w->folds |= is_mark(cp) ? FOLD_MARKS : FOLD_HIDDEN;
			nhidden++;
		} else {
			break;
		}
	}
	w->folds |= n > 0 && !is_plain ? FOLD_SPACE : 0u;
	return n;
}

/* White space of the term: any white space; between Latin words also a hyphen; where scripts meet also nothing. */
static bool walk_space(struct walk *w, uint32_t before, uint32_t after)
{
	const unsigned folds = w->folds;
	if (walk_spaces(w) > 0)
		return true;
	w->folds = folds;
	if ((before ^ after) & ELEMENT_WORD) {
		w->folds |= FOLD_SPACED;
		return true;
	}
	const uint32_t cp = scan_text_next(w->text, &w->at);
	w->folds |= FOLD_SYMBOL;
	return (before & after & ELEMENT_WORD) && is_joint(cp);
}

static enum gap gap_between(uint32_t before, uint32_t element)
{
	if ((before & (ELEMENT_SIGN | ELEMENT_SPACE)) || (before & element & ELEMENT_WORD))
		return GAP_NONE;
	return (before | element) & ELEMENT_WORD ? GAP_SPACE : GAP_ANY;
}

/* White space that ends at *from, as far as it goes. */
static bool walk_spaces_back(struct walk *w, size_t *from)
{
	size_t n = 0;
	bool is_plain = true;
	for (size_t at = *from;; *from = at) {
		const uint32_t cp = scan_text_before(w->text, &at);
		if (cp == SCAN_END || (!is_space(cp) && scan_letter(cp) != LETTER_HIDDEN))
			break;
		is_plain = is_plain && cp == ' ' && n == 0;
		n += is_space(cp);
	}
	w->folds |= is_plain ? 0u : FOLD_SPACE;
	return n > 0;
}

/* What stands in front of the anchor: signs and spaces, read backwards. */
static bool walk_back(struct walk *w, size_t *from)
{
	for (size_t i = w->term->anchor; i-- > 0;) {
		const uint32_t element = w->term->element[i];
		uint32_t cp = SCAN_END;
		if (element & ELEMENT_SPACE) {
			if (!walk_spaces_back(w, from))
				return false;
			continue;
		}
		do
			cp = scan_text_before(w->text, from);
		while (*from > 0 && scan_letter(cp) == LETTER_HIDDEN);
		if (!sign_is(cp, element, &w->folds))
			return false;
	}
	return true;
}

static bool walk_term(struct walk *w, int sound, struct scan_hit *hit)
{
	const struct scan_term *t = w->term;
	int nth = 0;
	for (size_t i = t->anchor; i < t->n; i++) {
		const uint32_t element = t->element[i], before = i > t->anchor ? t->element[i - 1] : ELEMENT_SIGN;
		bool is_there;
		if (element & ELEMENT_SIGN)
			is_there = walk_sign(w, element);
		else if (element & ELEMENT_SPACE)
			is_there = walk_space(w, before, i + 1u < t->n ? t->element[i + 1] : 0);
		else
			is_there = walk_letter(w, element, gap_between(before, element), nth++, sound, hit);
		if (!is_there)
			return false;
	}
	return true;
}

/* Combining marks belong to the letter they stand on. */
static size_t behind_marks(const struct scan_text *text, size_t at, unsigned *folds)
{
	if (at >= text->n || text->p[at] < 0xCC)
		return at;
	for (int i = 0; i < HIDDEN_MAX; i++) {
		size_t next = at;
		const uint32_t cp = scan_text_next(text, &next);
		if (scan_letter(cp) != LETTER_HIDDEN || !is_mark(cp))
			break;
		*folds |= FOLD_MARKS;
		at = next;
	}
	return at;
}

static bool verify_closely(const struct scan_text *text, const struct scan_term *t, size_t at, int sound, struct scan_hit *hit)
{
	struct walk w;
	w.text = text;
	w.term = t;
	w.at = w.letter_from = at;
	w.folds = t->folds;
	w.has_gap = false;
	w.npending = w.pending_at = 0;
	hit->from = at;
	hit->sound_from = hit->sound_to = hit->characters = 0;
	if (!walk_term(&w, sound, hit) || (t->anchor && !walk_back(&w, &hit->from)))
		return false;
	hit->to = behind_marks(text, w.at, &w.folds);
	hit->folds = w.folds;
	hit->has_gap = w.has_gap;
	hit->goes_on = t->closes_with_word && scan_text_is_word_at(text, hit->to);
	if ((hit->goes_on && !t->any_open_end) || (t->opens_with_word && scan_text_is_word_before(text, hit->from)))
		return false;
	return !(hit->folds & FOLD_HOMOGLYPH) || !scan_text_is_foreign(text, hit->from, hit->to);
}

/* The beginning of the word before the one at `at`, where both are ASCII with one space between; `at` when it is not so. */
static size_t ascii_word_back(const unsigned char *p, size_t at)
{
	if (at < 2 || p[at - 1] != ' ' || !scan_is_ascii_word(p[at - 2]))
		return at;
	size_t from = at - 2;
	while (from > 0 && scan_is_ascii_word(p[from - 1]))
		from--;
	const bool is_plain = from == 0 || (p[from - 1] >= ' ' && p[from - 1] < 0x80 && at - from <= WORD_MAX);
	return is_plain ? from : at;
}

/* The beginning of the word `n` words before the one at `at`. */
static size_t words_back(const struct scan_text *text, size_t at, unsigned n)
{
	for (; n > 0; n--) {
		const size_t from = ascii_word_back(text->p, at);
		if (from < at) {
			at = from;
			continue;
		}
		for (int i = 0; i < WORD_GAP && at > 0 && !scan_text_is_word_before(text, at); i++)
			(void)scan_text_before(text, &at);
		for (int i = 0; i < WORD_MAX && at > 0 && scan_text_is_word_before(text, at); i++)
			(void)scan_text_before(text, &at);
	}
	return at;
}

static bool verify_from(const struct scan_text *text, const struct scan_term *t, size_t at, int sound, struct scan_hit *hit)
{
	const enum scan_answer answer = sound < 0 ? scan_plain(text, t, at, hit) : SCAN_LOOK_CLOSER;
	return answer == SCAN_LOOK_CLOSER ? verify_closely(text, t, at, sound, hit) : answer == SCAN_YES;
}

/* Is the word before the one at `at` plainly not the term's? */
static bool is_other_before(const unsigned char *p, const struct scan_term *t)
{
	if (!t->letter_before)
		return false;
	if (p[-1] >= 0x80)
		return scan_is_plain_border(p - 3);
	return p[-1] == ' ' &&
	       (scan_is_ascii_word(p[-2]) ? (p[-2] | 0x20) != t->letter_before : p[-2] >= 0x80 && scan_is_plain_border(p - 4));
}

bool scan_verify(const struct scan_text *text, const struct scan_term *t, size_t at, int sound, struct scan_hit *hit)
{
	if (t->words_before == 0)
		return verify_from(text, t, at, sound, hit);
	return !is_other_before(text->p + at, t) && verify_from(text, t, words_back(text, at, t->words_before), sound, hit);
}

bool scan_verify_first(const struct scan_text *text, const struct scan_term *t, size_t at)
{
	struct scan_hit hit;
	return verify_from(text, t, at, -1, &hit);
}
