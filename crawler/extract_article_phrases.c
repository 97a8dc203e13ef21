/* Lines known by their first words: shares, related pages, bylines, small print, in English and Chinese. */
#include "crawler/extract_article.h"

#include <string.h>

#define LONGEST 140 /* bytes; a longer line is prose whatever it begins with */
#define LONGEST_APPEAL 300 /* the same for words that stand in no article */
#define SENTENCE 40 /* bytes; a shorter line that ends with a full stop may be a byline all the same */

static const struct phrase_row {
	struct str words;
	enum article_phrase means;
	bool is_within;
} rows[] = {
#define NOISE(begins) { { begins, sizeof(begins) - 1 }, PHRASE_NOISE, false },
#define END(begins) { { begins, sizeof(begins) - 1 }, PHRASE_END, false },
#define BYLINE(begins) { { begins, sizeof(begins) - 1 }, PHRASE_BYLINE, false },
#define COMMENTS(begins) { { begins, sizeof(begins) - 1 }, PHRASE_COMMENTS, false },
#define WITHIN(words) { { words, sizeof(words) - 1 }, PHRASE_NOISE, true },
#include "crawler/extract_article_phrases.def"
#undef NOISE
#undef WITHIN
#undef END
#undef BYLINE
#undef COMMENTS
};
#define NROWS (sizeof rows / sizeof *rows)

/* "3 Comments", "评论 (12)": nothing but the words and a number. */
static bool is_whole(struct str text, struct str words)
{
	static const char *const marks[] = { "：", "（", "）", "条", "篇" };
	struct str rest = str_from(text, words.n);
	while (rest.n > 0) {
		size_t n = strchr(" ()[]:.,0123456789", rest.p[0]) != NULL;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (str_starts(rest, str_of(marks[i])))
				n = strlen(marks[i]);
		if (n == 0)
			return false;
		rest = str_from(rest, n);
	}
	return true;
}

static struct str without_number(struct str s)
{
	while (s.n > 0 && ((s.p[0] >= '0' && s.p[0] <= '9') || s.p[0] == ' '))
		s = str_from(s, 1);
	return s;
}

/* "By following these steps you save a day.", 记者：您怎么看？ */
static bool is_sentence(struct str text)
{
	static const char *const closing[] = { ".", "?", "!", ";", "。", "？", "！", "；" };
	for (size_t i = 0; text.n > SENTENCE && i < sizeof closing / sizeof *closing; i++)
		if (str_ends(text, str_of(closing[i])))
			return true;
	return false;
}

static bool begins_so(struct str text, const struct phrase_row *row)
{
	if (!str_starts(text, row->words))
		return false;
	if (row->means == PHRASE_BYLINE)
		return !is_sentence(text);
	return row->means != PHRASE_COMMENTS || is_whole(text, row->words);
}

/* "by the end of the year": no name begins so. */
static bool is_prose(struct str text)
{
	return str_istarts(text, STR("by ")) && text.n > 3 && text.p[3] >= 'a' && text.p[3] <= 'z';
}

static struct str small_letters(struct str s, char *out)
{
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
	return (struct str){ out, s.n };
}

/* Where the words of a row may stand. */
enum phrase_place { PLACE_FRONT, PLACE_NUMBER, PLACE_WITHIN, PLACE__N };

/* The rows that begin with a byte, by their place, one behind the other: 1 + row, 0 = none. */
struct article_phrases {
	uint16_t first[PLACE__N][256], next[NROWS];
	bool is_made;
};

static enum phrase_place place_of(const struct phrase_row *row)
{
	return row->is_within ? PLACE_WITHIN : row->means == PHRASE_COMMENTS ? PLACE_NUMBER : PLACE_FRONT;
}

const struct article_phrases *article_phrases(void)
{
	static struct article_phrases p;
	for (size_t i = NROWS; i-- > 0 && !p.is_made;) {
		uint16_t *first = &p.first[place_of(&rows[i])][(unsigned char)rows[i].words.p[0]];
		p.next[i] = *first;
		*first = (uint16_t)(i + 1);
	}
	p.is_made = true;
	return &p;
}

/* The first row of the place that `small`, a text in small letters, begins with. */
static inline enum article_phrase phrase_at(const struct article_phrases *p, struct str small, enum phrase_place place)
{
	if (small.n == 0)
		return PHRASE_NONE;
	for (size_t i = p->first[place][(unsigned char)small.p[0]]; i != 0; i = p->next[i - 1])
		if (begins_so(small, &rows[i - 1]))
			return rows[i - 1].means;
	return PHRASE_NONE;
}

enum article_phrase article_phrase(const struct article_phrases *p, struct str text)
{
	char bytes[LONGEST_APPEAL];
	if (text.n > sizeof bytes)
		return PHRASE_NONE;
	const struct str small = small_letters(text, bytes);
	enum article_phrase found = PHRASE_NONE;
	if (text.n <= LONGEST) {
		found = is_prose(text) ? PHRASE_NONE : phrase_at(p, small, PLACE_FRONT);
		if (found == PHRASE_NONE)
			found = phrase_at(p, without_number(small), PLACE_NUMBER);
	}
	for (size_t at = 0; found == PHRASE_NONE && at < small.n; at++)
		found = phrase_at(p, str_from(small, at), PLACE_WITHIN);
	return found;
}
