/* Where a rule hit: half-open ranges of code points in a named field of the ORIGINAL text. */
#ifndef EARSHOT_MATCH_H
#define EARSHOT_MATCH_H

#include <earshot/post.h>
#include <earshot/rule.h>

/* What had to be seen through for a match to be found; a match tells which folds it needed. The first six are what the
 * normaliser does to every text; the others are disguises that only the matcher sees through. */
enum fold {
	FOLD_CASE = 1u << 0, /* A → a */
	FOLD_WIDTH = 1u << 1, /* full width → half width and other NFKC compatibility forms: ⓢ 𝐬 ⼦ */
	FOLD_HANT = 1u << 2, /* Traditional → Simplified */
	FOLD_HIDDEN = 1u << 3, /* zero-width, soft hyphen, bidi, variation selectors dropped */
	FOLD_MARKS = 1u << 4, /* combining marks: composed, reordered, and (matcher) dropped: é → e, s̶ → s */
	FOLD_SPACE = 1u << 5, /* runs of white space made one */
	/* disguises that every list of literal terms sees through unless it says otherwise */
	FOLD_SYMBOL = 1u << 6, /* symbols, emoji or punctuation put between: 退*款, 微💔信, s.c.a.m */
	FOLD_SPACED = 1u << 7, /* spaces put between: 骗 子, s c a m */
	FOLD_GLOSS = 1u << 8, /* a pinyin gloss behind a character: 服務(wù) */
	FOLD_HOMOGLYPH = 1u << 9, /* a letter of another script that looks the same: ѕсаm */
	FOLD_LEET = 1u << 10, /* digits and signs for letters: 5c4m, fr@ud */
	FOLD_STRETCHED = 1u << 11, /* letters repeated: scaaam */
	FOLD_MASKED = 1u << 12, /* letters starred out: r*f*nd */
	FOLD_REVERSED = 1u << 13, /* written backwards behind a right-to-left override */
	/* substitutes that a list has to ask for: they cost precision */
	FOLD_SPLIT = 1u << 14, /* a character taken apart: 马扁 for 骗 */
	FOLD_PINYIN = 1u << 15, /* one or all characters as pinyin: tui款, tuikuan */
	FOLD_HOMOPHONE = 1u << 16, /* one character replaced by one that sounds the same: 推款 */
	FOLD_INITIALS = 1u << 17, /* the initials of the pinyin: tk */
	FOLD_EMOJI = 1u << 18, /* an emoji for a character: 退💰 */
};
#define FOLD__N 19
#define FOLDS_PLAIN (FOLD_CASE | FOLD_WIDTH | FOLD_HANT | FOLD_HIDDEN | FOLD_MARKS | FOLD_SPACE)
#define FOLDS_DISGUISES                                                                                                          \
	(FOLD_SYMBOL | FOLD_SPACED | FOLD_GLOSS | FOLD_HOMOGLYPH | FOLD_LEET | FOLD_STRETCHED | FOLD_MASKED | FOLD_REVERSED)
#define FOLDS_SUBSTITUTES (FOLD_SPLIT | FOLD_PINYIN | FOLD_HOMOPHONE | FOLD_INITIALS | FOLD_EMOJI)
#define FOLDS_DEFAULT (FOLDS_PLAIN | FOLDS_DISGUISES)

extern const char *const fold_names[FOLD__N]; /* by bit: "case", "width", … as in lists, messages and JSON */

struct match {
	const struct rule *rule;
	enum post_field field;
	uint32_t from, to; /* code points of the original */
	uint32_t norm_from,
		norm_to; /* the same range in bytes of the normalised field, for those who look at the neighbourhood */
	unsigned folds; /* enum fold bits between from and to */
};

#endif
