/* Keywords for the bench of the matcher, derived from rules and texts: the same in every run and on every machine. */
#ifndef EARSHOT_CLI_BENCH_KEYWORDS_H
#define EARSHOT_CLI_BENCH_KEYWORDS_H

#include "cli/bench_texts.h"
#include "common/text/rulebook.h"

/* `n` distinct keywords: 40 % negative words of the rules (and, where they are too few, phrases of the texts), 40 % Chinese
 * phrases of 3 or 4 characters of the texts that are about as rare as names, 20 % English words of that kind. Fewer when the texts
 * do not hold that many. */
size_t bench_keywords(struct arena *a, const struct bench_texts *texts, const struct rulebook *book, size_t n, struct str *out);

#endif
