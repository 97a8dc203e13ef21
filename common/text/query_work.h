/* Evaluating the touched queries of one post: the working memory and its steps. Only the query_*.c files named below include this.
 * Everything here is sized by what the post touched, never by the book, and dies with the arena.
 *
 * A spot is a place where a term stands, as a struct match of its leaf or list rule; lists of spots are sorted by field, from,
 * to. A view narrows what counts: a field (title:) or a stretch of one (sentence()). */
#ifndef EARSHOT_TEXT_QUERY_WORK_H
#define EARSHOT_TEXT_QUERY_WORK_H

#include "common/text/query_node.h"
#include "common/text/regex.h"

struct query_spots {
	const struct match *at;
	size_t n;
	bool is_unsure; /* a regular expression was stopped: there may be more */
};

struct query_view {
	unsigned fields; /* bits 1 << POST_TITLE … */
	uint32_t from, to; /* code points; only with one field */
};
#define QUERY_VIEW_ALL ((struct query_view){ (1u << POST_FIELD__N) - 1, 0, UINT32_MAX })

/* Tokens of a field: a word, or a character of a script without spaces. Places are code points of the original. */
struct query_tokens {
	uint32_t *from, *to;
	size_t n;
	bool is_made;
};

/* Sentences or paragraphs of a field: unit i is [at[i], at[i + 1]). */
struct query_units {
	uint32_t *at;
	size_t n;
	bool is_made;
};

struct query_touch {
	uint32_t key, first, n; /* key + 1; 0 = free */
	bool is_sorted;
};

#define QUERY_MAY_TOUCH 4096u

struct query_memo {
	const struct query_node *node; /* NULL = free */
	struct query_spots spots;
};

struct query_work {
	bool admits_only; /* only what says whether a post is about a brand is asked */
	struct arena *a;
	const struct rulebook *book;
	struct queries *q;
	const struct post *post;
	struct scanned *s;
	const struct query *now;
	uint64_t may_touch[QUERY_MAY_TOUCH /
			   64]; /* a bit for each key that was touched, by its low bits: most are told by it that were not */
	struct query_touch *touch;
	uint32_t ntouch; /* slots, a power of two */
	struct match *hit; /* by key */
	struct query_memo *memo;
	uint32_t nmemo, memo_slots;
	struct query_tokens tokens[POST_FIELD__N];
	struct query_units units[POST_FIELD__N][2];
	struct regex_budget budget;
};

/* query_spots.c */
void work_touch(struct query_work *w, size_t nhits); /* groups the hits of the post by key */
bool work_is_in_table(const struct query_work *w, uint32_t key);
static inline bool work_is_touched(const struct query_work *w, uint32_t key)
{
	const uint32_t bit = key % QUERY_MAY_TOUCH;
	return (w->may_touch[bit / 64] >> (bit % 64) & 1) && work_is_in_table(w, key);
}
struct query_spots work_spots(struct query_work *w, const struct query_node *node); /* of a node that has places */
const struct match *spots_in(struct query_spots spots, struct query_view view, const struct match *after); /* next one inside */
struct query_spots spots_memo(struct query_work *w, const struct query_node *node, struct query_spots spots);
bool work_may_match(const struct query_work *w, const struct query_node *regex); /* do all its needs stand somewhere? */
struct query_spots work_regex(struct query_work *w, const struct query_node *node); /* query_windows.c */
int spot_cmp(const void *a, const void *b);
/* The first byte of a normalised field that comes from code point `place` or from behind it. */
uint32_t norm_at(const struct norm *n, uint32_t place);
struct query_spots work_key(struct query_work *w, uint32_t key);

/* query_units.c */
uint32_t work_tokens_before(struct query_work *w, enum post_field field, uint32_t at); /* tokens that end at or before `at` */
uint32_t work_tokens_until(struct query_work *w, enum post_field field, uint32_t at); /* tokens that begin before `at` */
const struct query_units *work_units(struct query_work *w, enum post_field field, enum query_scope scope);
struct query_view units_view(const struct query_units *u, enum post_field field, uint32_t at); /* the unit that holds `at` */

/* query_eval.c */
enum truth work_eval(struct query_work *w, const struct query_node *node, struct query_view view);

/* query_pairs.c: NEAR and "a b"~n; *a and *b are where the first fit begins and ends */
bool work_near(struct query_work *w, const struct query_node *node, struct query_view view, const struct match **a,
	const struct match **b);
bool work_slop(struct query_work *w, const struct query_node *node, struct query_view view, const struct match **first);

/* query_places.c */
struct query_places {
	struct match at[QUERY_PLACES];
	size_t n, most;
};
void work_places(struct query_work *w, const struct query_node *node, struct query_view view, struct query_places *out);
/* The first unit of a scope in which its child is true. */
bool work_scope(
	struct query_work *w, const struct query_node *node, struct query_view view, struct query_view *unit, enum truth *truth);

#endif
