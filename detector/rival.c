/* Finds the names of other brands: aliases the rulebook knows, Latin words that only a name would write with a capital, and
 * Chinese words that no dictionary has or that stand where only a name stands. */
#include "detector/rival.h"

#include "common/base/utf8.h"
#include "common/text/sense.h"
#include "common/text/words.h"
#include "detector/stranger.h"

#define HAN_BYTES 3u
#define NAME_LEAST 2u /* characters of an unknown Chinese name */
#define NAME_MOST 4u
#define RUN_BYTES 900u /* of a long text the beginning is searched: asking the dictionary is dear */

enum word_kind { CAPITAL, VERB, SINGLE, TAKER, FRAME, PARTNER, FIRM, NOUN };

static const struct {
	enum word_kind kind;
	const char *words;
} lines[] = {
#define WORDS(kind, words) { kind, words },
#include "detector/rival.def"
#undef WORDS
};

typedef bool word_fits(struct str text, struct str word);

static bool fits_any(enum word_kind kind, struct str text, word_fits *fits)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct str rest = str_of(lines[i].words), word;
		while (lines[i].kind == kind && str_split(&rest, ' ', &word))
			if (fits(text, word))
				return true;
	}
	return false;
}

/* ---- what is a name already ---- */

static bool touches(struct place a, struct place b)
{
	return a.field == b.field && a.from <= b.to + 1 && b.from <= a.to + 1;
}

static bool overlaps(struct place a, struct place b)
{
	return a.field == b.field && a.from < b.to && b.from < a.to;
}

/* Part of the brand's own name ("Bank" in "Halden Bank"), or a word of another list. */
static bool is_spoken_for(const struct reading *r, struct place at, bool is_latin)
{
	for (size_t i = 0; i < r->nmentions; i++)
		if (is_latin ? touches(at, r->mention[i].at) : overlaps(at, r->mention[i].at))
			return true;
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (overlaps(at, (struct place){ m->field, m->norm_from, m->norm_to }))
			return true;
	}
	return false;
}

static void known_find(const struct reading *r, rival_add *add, void *into)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list == LIST_BRAND && m->rule->brand != r->brand)
			add(into, (struct place){ m->field, m->norm_from, m->norm_to });
	}
}

/* ---- Latin ---- */

static bool is_latin_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '-';
}

static struct str latin_word(struct str text, size_t at)
{
	size_t to = at;
	while (to < text.n && is_latin_byte(text.p[to]))
		to++;
	return (struct str){ text.p + at, to - at };
}

static struct str without_genitive(struct str word)
{
	return str_ends(word, STR("'s")) ? str_first(word, word.n - 2) : word;
}

static bool opens_sentence(struct str text, size_t at)
{
	while (at > 0 && (text.p[at - 1] == ' ' || text.p[at - 1] == '"' || text.p[at - 1] == '('))
		at--;
	return at == 0 || text.p[at - 1] == '.' || text.p[at - 1] == '!' || text.p[at - 1] == '?' || text.p[at - 1] == ':';
}

static bool looks_like_verb(struct str word)
{
	return fits_any(VERB, word, str_eq) || (word.n > 3 && (str_ends(word, STR("ed")) || str_ends(word, STR("s"))));
}

static bool is_shouted(const struct norm *n, struct place at)
{
	for (size_t i = at.from; i < at.to; i++)
		if (n->text.p[i] >= 'a' && n->text.p[i] <= 'z' && !(n->folds[i] & FOLD_CASE))
			return false;
	return true;
}

/* Any word may open a sentence with a capital: there a name is believed by the verb behind it. */
static bool is_latin_name(const struct norm *n, struct place at, struct str word)
{
	const struct str bare = without_genitive(word);
	if (bare.n < 3 || is_shouted(n, at) || fits_any(CAPITAL, bare, str_eq))
		return false;
	if (!opens_sentence(n->text, at.from) || bare.n < word.n)
		return true;
	if (str_ends(bare, STR("ing")) || str_ends(bare, STR("ly")) || str_ends(bare, STR("ed")))
		return false;
	const size_t next = at.to + 1;
	return at.to < n->text.n && n->text.p[at.to] == ' ' && looks_like_verb(latin_word(n->text, next));
}

static void latin_find(const struct reading *r, enum post_field field, rival_add *add, void *into)
{
	const struct norm *n = &r->s->field[field];
	const enum casing casing = n->any_folds & FOLD_CASE ? sense_casing(n) : CASING_SHOUTED;
	if (casing == CASING_SHOUTED || casing == CASING_TITLE)
		return;
	for (size_t at = 0; at < n->text.n; at++) {
		if (!(n->text.p[at] >= 'a' && n->text.p[at] <= 'z')) {
			continue;
		}
		const struct str word = latin_word(n->text, at);
		const bool is_fresh =
			at == 0 || (n->text.p[at - 1] != '@' && n->text.p[at - 1] != '#' && n->text.p[at - 1] != '/');
		const struct place place = { field, (uint32_t)at, (uint32_t)(at + without_genitive(word).n) };
		if (is_fresh && (n->folds[at] & FOLD_CASE) &&
			is_latin_name(n, (struct place){ field, (uint32_t)at, (uint32_t)(at + word.n) }, word) &&
			!is_spoken_for(r, place, true))
			add(into, place);
		at += word.n;
	}
}

/* ---- Chinese ---- */

static bool is_inside(struct str character, struct str line)
{
	return str_find(line, character) >= 0;
}

static bool is_common(struct str character)
{
	return fits_any(SINGLE, character, is_inside);
}

static bool is_han_at(struct str text, size_t at)
{
	return utf8_is_plain_three(text, at) && utf8_is_han(utf8_next(text, &at));
}

/* Characters from `at` on that the dictionary leaves alone and that are no everyday words: an unknown name. */
static size_t odd_run(struct words *words, struct str text, size_t at)
{
	size_t to = at;
	while (to < text.n && is_han_at(text, to) && words_border(words, text, to) && words_border(words, text, to + HAN_BYTES) &&
		!is_common((struct str){ text.p + to, HAN_BYTES }))
		to += HAN_BYTES;
	return to - at;
}

static bool is_plain_noun(struct str word)
{
	return fits_any(NOUN, word, str_eq);
}

/* The word of the dictionary that begins at `at`, when it is as long as a name. */
static size_t dictionary_word(struct words *words, struct str text, size_t at)
{
	if (at >= text.n || !is_han_at(text, at) || !words_border(words, text, at))
		return 0;
	for (size_t n = 1; n < NAME_MOST; n++) {
		const size_t to = at + n * HAN_BYTES;
		if (to > text.n || !is_han_at(text, to - HAN_BYTES))
			return 0;
		if (words_border(words, text, to))
			return n < NAME_LEAST || is_plain_noun((struct str){ text.p + at, n * HAN_BYTES }) ? 0 : n * HAN_BYTES;
	}
	return 0;
}

static bool opens_clause(struct str text, size_t at)
{
	const struct str left = str_first(text, at);
	return at == 0 || (unsigned char)text.p[at - 1] < 0x80 || str_ends(left, STR("。")) || str_ends(left, STR("、")) ||
	       str_ends(left, STR("—"));
}

/* Where a name may stand: first in its clause, or behind a word that takes somebody (被, 用, 换成). */
static bool is_place_of_name(struct str text, size_t at)
{
	const struct str left = str_first(text, at);
	return opens_clause(text, at) || fits_any(TAKER, left, str_ends) || fits_any(FRAME, left, str_ends);
}

/* 换成X, or a clause that begins with X客服. */
static size_t framed_word(struct words *words, struct str text, size_t at)
{
	const bool is_behind = fits_any(FRAME, str_first(text, at), str_ends);
	if (!is_behind && !opens_clause(text, at))
		return 0;
	const size_t n = dictionary_word(words, text, at);
	return n > 0 && (is_behind || fits_any(PARTNER, str_from(text, at + n), str_starts)) ? n : 0;
}

/* A word and a character that the dictionary leaves alone, in either order: 百味禾, 巢小舍. */
static size_t mixed_run(struct words *words, struct str text, size_t at)
{
	const size_t odd = odd_run(words, text, at);
	const size_t word = dictionary_word(words, text, at + odd);
	const size_t tail = odd == 0 && word > 0 ? odd_run(words, text, at + word) : 0;
	const size_t n = odd + word + tail;
	const bool is_mixed = (odd == HAN_BYTES && word > 0) || tail == HAN_BYTES;
	return is_mixed && n == (NAME_MOST - 1) * HAN_BYTES ? n : 0;
}

/* 屿城银行: what a firm does ends its name. */
static size_t firm_name(struct words *words, struct str text, size_t at)
{
	for (size_t n = NAME_LEAST * HAN_BYTES; n <= NAME_MOST * HAN_BYTES; n += HAN_BYTES) {
		if (at + n > text.n || !is_han_at(text, at + n - HAN_BYTES) || is_common((struct str){ text.p + at, HAN_BYTES }))
			return 0;
		if (!fits_any(FIRM, str_from(text, at + n), str_starts) || !words_border(words, text, at + n))
			continue;
		return is_plain_noun((struct str){ text.p + at, n }) ? 0 : n;
	}
	return 0;
}

/* The bytes of the name at this place, 0 = none. */
static size_t han_name(struct words *words, struct str text, size_t at)
{
	const size_t n = odd_run(words, text, at);
	if (is_place_of_name(text, at)) {
		const size_t firm = firm_name(words, text, at), mixed = firm ? firm : mixed_run(words, text, at);
		if (mixed > 0)
			return mixed;
	}
	if (n == 0)
		return framed_word(words, text, at);
	const bool is_long = n >= NAME_LEAST * HAN_BYTES && n <= NAME_MOST * HAN_BYTES;
	return is_long && is_place_of_name(text, at) && !is_plain_noun((struct str){ text.p + at, n }) ? n : 0;
}

static void han_find(const struct reading *r, enum post_field field, rival_add *add, void *into)
{
	struct words *words = words_shared();
	const struct str text = str_first(reading_text(r, field), RUN_BYTES);
	for (size_t at = 0; words && at + HAN_BYTES <= text.n;) {
		if (!is_han_at(text, at)) {
			at++;
			continue;
		}
		const size_t n = han_name(words, text, at);
		const struct place place = { field, (uint32_t)at, (uint32_t)(at + n) };
		const bool is_name = n > 0 && !is_spoken_for(r, place, false);
		if (is_name)
			add(into, place);
		at += is_name ? n : HAN_BYTES;
	}
}

void rivals_find(const struct reading *r, rival_add *add, void *into)
{
	known_find(r, add, into);
	if (r->brand >= 0)
		return; /* the dictionary is asked hundreds of times a text: too dear for the live path, which knows its brands */
	for (int field = 0; field < POST_FIELD__N; field++) {
		latin_find(r, (enum post_field)field, add, into);
		han_find(r, (enum post_field)field, add, into);
	}
	strangers_find(r, add, into);
}
