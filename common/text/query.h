/* Boolean queries: `(退款 OR refund) AND NOT 广告`. docs/rules.md has the grammar.
 *
 * A query is written in a .query file, in brands.conf or by hand (`earshot search`). Its terms become LIST_LEAF rules of the
 * book and are found in the one pass of scan_post() like every other literal. Each query has a set of terms of which one must
 * be seen before the query can be true; only queries whose set was touched by a post are evaluated, so that ten thousand
 * untouched queries cost nothing.
 *
 * Truth has three values. What a post does not tell (-1, "") makes a comparison "cannot tell", and NOT of that is "cannot
 * tell" too; a query is true only when it is surely true.
 *
 * A true query adds matches of its rule (match->rule->query is set) to scanned.match at the places of the terms that decided:
 * up to QUERY_PLACES of them for a brand, watch, sensitive or exclude query, exactly one for the lists whose words add up
 * (complaint, urgency, nature). A query of fields alone has no place: its match is empty (from == to == 0). */
#ifndef EARSHOT_TEXT_QUERY_H
#define EARSHOT_TEXT_QUERY_H

#include "common/text/scan.h"

#define QUERY_PLACES 8

struct queries; /* all queries of a book and the index that leads to them; owned by the book */

/* What scan_post() calls when literals were found and settled. */
/* admits_only: of the lists that say whether a post is about a brand. */
void queries_eval(struct arena *a, const struct rulebook *book, const struct post *post, bool admits_only, struct scanned *s);

/* A regular expression that went over its budget QUERY_STRIKES times is not run any more for the life of this book. Each is told
 * once: call until false after a batch, and log what came. */
struct query_trouble {
	const struct rule *rule; /* the query it stands in: file, line, name */
	const char *why; /* one sentence with a remedy */
};
bool queries_trouble(const struct rulebook *book, struct query_trouble *out);

/* How often regular expressions were run since the book was compiled: with the number of posts what one costs, on any machine. */
uint64_t queries_looks(const struct rulebook *book);

/* A book of one query, for `earshot search` and the backtest: scan_post() with it gives a match with rule->query when the post
 * is found. `lists` (may be NULL) is where @lists, @brand.ID and macros come from. NULL with the problems when it is wrong;
 * their file is "query". */
struct rulebook *rulebook_of_query(struct str text, const struct rulebook *lists, struct problems *p);
/* Is any query of this list true of the post? */
bool scanned_has_query(const struct scanned *s, enum rule_list list);

/* Do two queries, of one book or of two, say the same? Macros are written out, the order of what AND and OR join plays no part. */
bool query_says_same(const struct query *a, const struct query *b);

/* Frees what is not in the book's arena (compiled regular expressions). */
void queries_release(struct queries *q);

#endif
