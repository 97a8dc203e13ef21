/* Regular expressions that cannot hurt: the only file with PCRE2.
 *
 * At load an expression is vetted: its shape must bound the ways one start of a match can go (regex_shape.h), it is compiled
 * with PCRE2's JIT, and it is tried on strings made of its own parts. At run time it looks only at windows of a text, in
 * slices of a few starts, and the CPU time is looked at between two slices (of the first, short ones of a post it is reckoned by
 * their shape instead, which costs nothing); inside a slice PCRE2's match, depth and heap limits hold. An expression that goes over its own budget LIMIT_REGEX_STRIKES times is not run any more.
 *
 * `/…/i` is matched without regard to case against the folded text (Simplified, half width), and its own characters are folded the
 * same way; `/…/` against the text as written. \w \d \s \b are ASCII: \b stands between 手机 and iPhone.
 *
 * Working memory (JIT stack, match data, strikes) lives in the expression: one book serves one thread, as with struct scan. */
#ifndef EARSHOT_TEXT_REGEX_H
#define EARSHOT_TEXT_REGEX_H

#include "common/text/regex_shape.h"

struct regex;

struct regex_span {
	uint32_t from, to; /* bytes of the subject */
};

/* What all expressions of one post may take together. */
struct regex_budget {
	int64_t left_us; /* CPU time */
	int64_t cpu_us; /* the thread's clock when it was last looked at; 0 at first */
	double untimed; /* steps (ways x starts) that were taken without a look at the clock; 0 at first */
};

bool regex_budget_is_left(const struct regex_budget *budget);

/* NULL with one sentence in *why (in `a`) when it is refused. Free with regex_free. */
struct regex *regex_new(struct arena *a, struct str pattern, bool is_folded, const char **why);
void regex_free(struct regex *re);
bool regex_is_folded(const struct regex *re);
/* What every match holds (regex_shape.h); 0: nothing is required. */
size_t regex_needs(const struct regex *re, const struct regex_need **out);

/* Bytes of the subject: a match begins from `from` to `last` and ends at `to` at the latest. */
struct regex_window {
	uint32_t from, last, to;
};
static inline struct regex_window regex_window_whole(size_t n)
{
	return (struct regex_window){ 0, (uint32_t)n, (uint32_t)n };
}

/* Room for `most` matches, of which n are filled. */
struct regex_found {
	struct regex_span *at;
	size_t n, most;
};

/* Adds the matches in the window, left to right, none inside another, while there is room. False when it was stopped (limit, budget,
 * quarantine): then there may be more. */
bool regex_find(
	struct regex *re, struct str subject, struct regex_window window, struct regex_budget *budget, struct regex_found *found);
/* What the first match in `subject` captured in its first group, or, without one, all it matched. False: no match, or stopped. Of a
 * subject longer than LIMIT_REGEX_SUBJECT the rest is not looked at. */
bool regex_capture(struct regex *re, struct str subject, struct regex_budget *budget, struct regex_span *out);
/* Call once a post in which it ran: counts a strike when it was over its budget; true when that was the last one. */
bool regex_settle(struct regex *re);
bool regex_is_quarantined(const struct regex *re);

#endif
