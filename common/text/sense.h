/* Which sense of an everyday word is meant: the brand (小米 the firm) or the word (小米 the grain). Evidence is added up in
 * weights that behave like log-odds: above zero the brand is meant.
 *
 *   prior       what holds without any evidence; of the brand (`prior = …`)
 *   own         the brand's `context` and `against` words: full weight in the same clause, less the farther away
 *   general     context.LANG.tsv: words that show that some firm or product is meant (客服, cashier), or everyday life (煮, peel)
 *   company     another brand of the book beside it
 *   grammar     capitals, articles, prepositions, endings, measure words, model numbers: sense_latin.c, sense_han.c
 *
 * A word of the brand's own list replaces the general one. Each piece of evidence is kept, so that `earshot try` can show it.
 * Pure; looks at no more than SENSE_WINDOW context words on either side. */
#ifndef EARSHOT_TEXT_SENSE_H
#define EARSHOT_TEXT_SENSE_H

#include "common/text/scan.h"

#define SENSE_CUES 24 /* kept of one place; further ones still count */
#define SENSE_WINDOW 64 /* context words looked at on either side of a place */

struct cue {
	const char *name; /* "context", "against", "general", "company", or the name of a grammar cue */
	const struct match *match; /* the word that speaks; NULL for grammar */
	float weight; /* as it entered the score */
};

struct sense {
	float score; /* above 0: the brand is meant */
	unsigned n;
	struct cue cue[SENSE_CUES];
};

/* How a field is written, which decides what a capital letter tells. */
enum casing {
	CASING_UNKNOWN, /* not looked at yet */
	CASING_CAREFUL, /* sentences begin with capitals: a capital inside one is a name, a small letter is none */
	CASING_LOWER, /* hardly any capitals: they tell nothing */
	CASING_TITLE, /* nearly every word has one */
	CASING_SHOUTED,
};

/* One post while its places are looked at. */
struct sense_post {
	const struct rulebook *book;
	const struct scanned *s;
	enum casing casing[POST_FIELD__N];
};

bool sense_is_asked(const struct rulebook *book, const struct match *alias); /* is this alias an everyday word as well? */
void sense_eval(struct sense_post *post, const struct match *alias, struct sense *out);

/* ---- between sense.c and its grammars ---- */

void sense_add(struct sense *s, const char *name, const struct match *match, float weight);
enum casing sense_casing(const struct norm *field);
void sense_latin(const struct norm *field, enum casing casing, const struct match *alias, struct sense *out);
void sense_han(const struct norm *field, const struct match *alias, struct sense *out);

#endif
