/* Lines known by their first words: shares, related pages, bylines, small print, in English and Chinese. */
#include "crawler/extract_article.h"

#include <string.h>

#define LONGEST 120 /* bytes without white space; a longer line is prose whatever it begins with */

static const struct phrase_row {
	struct str begins;
	enum article_phrase means;
} rows[] = {
#define NOISE(begins) { { begins, sizeof(begins) - 1 }, PHRASE_NOISE },
#define END(begins) { { begins, sizeof(begins) - 1 }, PHRASE_END },
#define BYLINE(begins) { { begins, sizeof(begins) - 1 }, PHRASE_BYLINE },
#define COMMENTS(begins) { { begins, sizeof(begins) - 1 }, PHRASE_COMMENTS },
#include "crawler/extract_article_phrases.def"
#undef NOISE
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

enum article_phrase article_phrase(const struct article_line *line)
{
	if (line->size > LONGEST)
		return PHRASE_NONE;
	const struct str numberless = without_number(line->text);
	for (size_t i = 0; i < NROWS; i++) {
		const struct str begins = rows[i].begins;
		const struct str text = rows[i].means == PHRASE_COMMENTS ? numberless : line->text;
		if (text.n < begins.n || (text.p[0] | 0x20) != (begins.p[0] | 0x20) || !str_istarts(text, begins))
			continue;
		if (rows[i].means != PHRASE_COMMENTS || is_whole(text, begins))
			return rows[i].means;
	}
	return PHRASE_NONE;
}
