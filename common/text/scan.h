/* All terms of all rules in one pass over the original text: no normalised copy is made to find them.
 *
 * A match tells where it stands in the original and what had to be seen through (enum fold); a rule takes it only when it
 * allows all of that. Hidden characters, case, width, Traditional forms and diacritics never stop a match; symbols, spaces
 * and glosses between Chinese characters, and disguises of Latin words (scan_odd.h), only where a rule allows them. A comma, a
 * line break or a masked place is never seen through. Latin terms match whole words only. */
#ifndef EARSHOT_TEXT_SCAN_H
#define EARSHOT_TEXT_SCAN_H

#include "common/text/normalise.h"
#include "common/text/rulebook.h"

/* The text of a post as the rules see it, made once a post. */
struct scanned {
	struct norm field[POST_FIELD__N]; /* the normalised fields: made by scan_post(), or by scanned_norm() for who asks */
	bool has_norm[POST_FIELD__N], has_places;
	struct str original[POST_FIELD__N]; /* borrowed from the post */
	struct match *match; /* by field, then place, then longer first */
	size_t n, dropped; /* dropped: beyond LIMIT_MATCHES, or not looked for beyond LIMIT_LOOKS and LIMIT_DOUBTS */
	struct match *leaf; /* hits of LIST_LEAF rules, for query_eval(): as found, nothing settled */
	size_t nleaves;
};

/* Compiles terms (already normalised) of `rules`, which stay the caller's and must outlive it. Immutable afterwards: any number
 * of texts may be read with it. An empty term is found nowhere. */
struct scan *scan_new(const struct rule *rules, const struct str *folded_terms, size_t n, struct err *e);
void scan_free(struct scan *s);

/* Does any of the terms stand in the text? true also when that was too dear to find out. */
bool scan_touches(struct arena *a, const struct scan *scan, struct str original);

/* The matches of a post, settled: a match of a list that lies inside a longer match of the same list and brand is dropped
 * (不高兴 beats 高兴); an exclusion of a brand beats the aliases it covers, one of all rules the complaint, urgency and sensitive
 * words it covers. The
 * normalised text is not made, and norm_from and norm_to of the matches are 0: enough for admission and for queries. */
void scan_matches(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out);
/* The same for who only asks which brands it is about: of terms and queries those alone that say so; judging is the detector's. */
void scan_admission(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out);
/* The normalised field, made at the first call. */
const struct norm *scanned_norm(struct arena *a, struct scanned *s, enum post_field field);
/* The order in which they stand there, for qsort(). */
int scan_match_order(const void *a, const void *b);
/* Makes the normalised fields and gives the matches their places in them, once: what judge() needs of a post that is a mention,
 * and what the sense of an everyday word is weighed on. */
void scanned_places(struct arena *a, struct scanned *s);
/* scan_matches(), and the normalised fields with the places of the matches in them. */
void scan_post(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out);

#endif
