/* Most posts are about no brand. What a post has to hold to be about one (an alias, or a term without which no brand query can be
 * true) is compiled a second time, alone: a text that holds none of it needs no look at all the other words of the rules.
 *
 * The first look never says no where scan_matches() and admission_find() would find a brand: the same matcher reads the same text,
 * with a part of the terms and the same budgets. */
#ifndef EARSHOT_TEXT_FIRST_LOOK_H
#define EARSHOT_TEXT_FIRST_LOOK_H

#include "common/text/rulebook.h"

/* Of the first `n` rules of the book, which the scanner sees, those that count, in the book's arena. NULL when any post may be about
 * a brand: a brand query asks for fields alone. */
struct scan *first_look_new(struct rulebook *book, const struct str *folded_terms, size_t n);

/* Which brands a post is about: of the `n` rules those that say so (aliases, contexts and exclusions of brands, and what the queries of
 * these lists are made of), numbered as in the book, whose rules it borrows; for scan_admission(). NULL when one of these queries asks for another list: its longest
 * terms decide which others count. */
struct scan *first_look_admission(const struct rulebook *book, const struct str *folded_terms, size_t n);

/* false: the post is about no brand, surely. */
bool first_look_may_admit(struct arena *a, const struct rulebook *book, const struct post *post);

#endif
