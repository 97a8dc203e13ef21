/* All literals of all rules in one Vectorscan pass over the normalised text. */
#ifndef EARSHOT_TEXT_SCAN_H
#define EARSHOT_TEXT_SCAN_H

#include "common/text/normalise.h"
#include "common/text/rulebook.h"

/* The text of a post as the rules see it, made once a post. */
struct scanned {
	struct norm field[POST_FIELD__N];
	struct match *match; /* by field, then norm_from, then longer first */
	size_t n, dropped; /* dropped: beyond LIMIT_MATCHES */
	struct match *leaf; /* hits of LIST_LEAF rules, for query_eval(): as found, nothing settled */
	size_t nleaves;
};

/* Compiles terms (already normalised) of `rules`; NULL with `e` when Vectorscan refuses. */
struct scan *scan_new(const struct rule *rules, const struct str *folded_terms, size_t n, struct err *e);
void scan_free(struct scan *s);
/* Latin terms match whole words only; a match of a list that lies inside a longer match of the same list (and brand) is
 * dropped (不高兴 beats 高兴); an exclusion beats the alias it covers. */
void scan_post(struct arena *a, const struct rulebook *book, const struct post *post, struct scanned *out);

#endif
