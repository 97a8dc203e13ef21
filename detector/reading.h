/* One text on its way to a verdict: cut into clauses, each with the weight it has for the brand in question. Made by
 * reading_make(), read by sentiment.c, complaint.c and nature.c; lives in the arena of the batch. */
#ifndef EARSHOT_DETECTOR_READING_H
#define EARSHOT_DETECTOR_READING_H

#include "common/text/scan.h"
#include <earshot/verdict.h>

#define READING_CLAUSES 1024u /* the rest of a longer text is one clause */
#define TOPIC_BELOW 0.1f /* a complaint word below this weight only says what the text is about */
#define READING_MENTIONS 256u /* further ones are not looked at */

/* Bytes of a normalised field. */
struct place {
	enum post_field field;
	uint32_t from, to;
};

/* Where the brand is named. */
struct mention {
	struct place at;
	bool is_compared; /* "than X", "比X": another one is compared with it */
};

/* Where a text that names two brands names either, in so many words or as "the latter". */
struct named {
	struct place at;
	bool is_brand; /* else another one */
};

struct clause {
	struct place at;
	int sentence; /* clauses of one sentence have one number */
	bool is_question; /* its sentence ends with a question mark */
	float brand; /* -1…1: how much of it is said about the brand; negative = about what it is compared with */
	float rival; /* likewise, about another brand */
	float contrast; /* factor: what follows "but" weighs more, what "although" introduces less */
};

/* How one side stands in a text that names two. */
struct standing {
	bool is_cleared; /* of blame */
	bool is_scenery; /* "booked through X": all that is said is that it was used */
	float said; /* by what stands beside its names, without a word of praise or blame */
	double words; /* by that and the words of its clauses: filled by sentiment_judge() */
};

struct reading {
	struct arena *a;
	const struct rulebook *book;
	const struct post *post;
	const struct scanned *s;
	bool is_toward; /* a brand is asked about; else the mood of the text as a whole */
	int brand; /* -1: the text as a whole, or a name that no rule knows */
	struct str name; /* of a brand that no rule knows, or of one that the text does not name, normalised; "" = none */
	struct str rival; /* of the other brand, likewise, where it is known; "" = it is looked for */
	struct named *named; /* by place */
	size_t nnamed;
	struct mention *mention; /* at most READING_MENTIONS */
	size_t nmentions;
	struct clause *clause; /* by field, then place */
	size_t nclauses;
	bool has_rival; /* another brand is named … */
	double rival_chance; /* … or so it seems: 1 where the name is known */
	float stance[LABEL__N]; /* then: chances of the label toward the brand, by stance_judge() */
	bool is_opposed; /* the brand and another one are set against each other */
	bool is_joined; /* … named in one breath: "A and B", "neither A nor B" */
	struct standing of_brand, of_rival;
	const struct sight *sight; /* made by sight_of(); NULL before */
	struct reason *reason; /* room for every match, twice */
	size_t nreasons;
};

void reading_mention(struct reading *r, struct place at); /* before reading_make */
void reading_make(struct reading *r);
/* The clause a match begins in; NULL only when there is none (an empty text). */
const struct clause *reading_clause(const struct reading *r, const struct match *m);
const struct clause *reading_clause_at(const struct reading *r, enum post_field field, uint32_t at);
void reading_explain(struct reading *r, const struct match *m, float effect, bool negated);
struct str reading_text(const struct reading *r, enum post_field field);
/* How many steps lie between two bytes of a field: a Chinese character or a Latin word each. */
int reading_distance(const struct reading *r, enum post_field field, uint32_t from, uint32_t to);

/* What the words around a match do to it. */
struct modifiers {
	float factor; /* negation x intensity */
	bool negated; /* the factor turned it round or took it away */
};
struct modifiers reading_modifiers(const struct reading *r, size_t match);

#endif
