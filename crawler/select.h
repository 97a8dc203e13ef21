/* CSS selectors over struct dom: how engine rules and recipes say where things stand on a page.
 *
 *   tag  *  #id  .class  [a]  [a=v] [a^=v] [a$=v] [a*=v] [a~=v] (v may be quoted; ` i` before ] folds ASCII case)
 *   :first-child :last-child :first-of-type :last-of-type :nth-child(3) :nth-of-type(3) :not(ONE TEST) :scope
 *   descendant `a b`, child `a > b`, next sibling `a + b`, any of `a, b`
 *
 * Class and id are compared as written, as browsers do. A selector that begins with > starts at the scope. There is nothing in
 * it that makes a match try more than one way: a page costs nodes × steps × depth at most.
 * In conf files a # behind a space starts a comment: write div#posts instead of #posts. */
#ifndef EARSHOT_CRAWLER_SELECT_H
#define EARSHOT_CRAWLER_SELECT_H

#include "common/base/arena.h"
#include "common/base/dom.h"

struct select;

/* Compiles; everything lives in `a`. NULL when it is none: `e` says what and how to put it right, *at (may be NULL) is the byte
 * where. */
const struct select *select_parse(struct arena *a, struct str text, size_t *at, struct err *e);

/* `scope` is what :scope and a leading > mean, node 0 = the page; ancestors outside the scope count as they do in browsers. */
bool select_matches(const struct select *s, const struct dom *d, uint32_t scope, uint32_t node);

/* A page that is asked many selectors, for those who give it a budget. */
struct select_page {
	const struct dom *dom;
	const uint64_t
		*sketch; /* select_sketch() of each node, so that most are known not to match at a look; NULL = none made */
	size_t *climbed; /* added to: how many ancestors were asked, or long lists of classes looked through */
};
bool select_matches_on(const struct select *s, const struct select_page *page, uint32_t scope, uint32_t node);
/* What the elements of a page bear, as bits: some of their name, id, classes and names of attributes; of node 0, all of these. */
const uint64_t *select_sketch(struct arena *a, const struct dom *d);
/* The first match below `scope` (scope itself not looked at) in document order; 0 = none. */
uint32_t select_first(const struct select *s, const struct dom *d, uint32_t scope);
/* The first match below `scope` that stands behind `after`. for (n = select_first(s, d, w); n != 0; n = select_next(s, d, w, n)) */
uint32_t select_next(const struct select *s, const struct dom *d, uint32_t scope, uint32_t after);

/* What every match of one alternative bears, for tables that ask many selectors in one walk: "#id", ".class", "[attribute" or
 * the tag's name ("" = nothing in particular). */
size_t select_nalternatives(const struct select *s);
struct str select_key(const struct select *s, size_t alternative);
/* For the key "[class" or "[id" of a test like [id^=post_] or [class*=m-card]: a run of letters ("post", "m") that stands in the
 * values of its matches with no letter beside it; "" = nothing sure. One liberty: a run that the test begins with is taken to begin
 * there in the value too, so [class*=card-list] is not looked for in "mycard-list". */
struct str select_key_part(const struct select *s, size_t alternative);

#endif
