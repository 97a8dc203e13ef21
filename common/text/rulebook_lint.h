/* Lint of rules: what rulebook_compile() lets through and a person should look at twice. Warnings only; the kinds are the R3…
 * rows of rulebook_problems.def. */
#ifndef EARSHOT_TEXT_RULEBOOK_LINT_H
#define EARSHOT_TEXT_RULEBOOK_LINT_H

#include "common/text/rulebook.h"

/* Only what loading does not tell itself: call it beside rulebook_compile(). Of several folders only the last is looked at, beside the
 * others: the shipped rules are not the operator's to tidy. */
void rulebook_lint(const struct rulebook_files *files, struct problems *p);

#endif
