/* What `earshot rules test` tells, in the order in which it is told: made once of a backtest, written as text
 * (rules_report_text.c), JSON (rules_report_json.c) or a page (rules_page.c). */
#ifndef EARSHOT_CLI_RULES_REPORT_H
#define EARSHOT_CLI_RULES_REPORT_H

#include "detector/backtest.h"

struct rules_report {
	const struct backtest *b; /* borrowed */
	struct str old_name, new_name; /* the folders, as a person gave them */
	struct backtest_totals totals;
	struct backtest_incident *incident;
	size_t nincidents;
	const struct backtest_rule **changed; /* rules that find more or less, or are added, removed or changed: most first */
	size_t nchanged;
	const struct backtest_rule **dearest; /* of the new book, by what they cost; only with costs measured */
	size_t ndearest;
	struct str headline; /* one sentence */
};

/* Lives in `a`. */
void rules_report_make(struct arena *a, const struct backtest *b, struct rules_report *out);

/* What is shown of a rule: the pair's new side, or the old one of a rule that is gone. */
const struct rule *rules_report_rule(const struct backtest_rule *r);
const struct brand *rules_report_brand(const struct brand_pair *p);
/* "云雀" of a rule's brand, "" of a rule for all. */
struct str rules_report_brand_of(const struct backtest *b, const struct backtest_rule *r);
/* "added", "removed", "weight 0.5 → 0.7, category price → refund", "" when nothing is changed in the rule itself. */
void rules_change_words(struct buf *out, const struct rule_pair *p);
/* (new - old) / old in percent; false when there is no old one. */
bool rules_percent(int64_t old, int64_t new, double *percent);

void rules_report_text(struct buf *out, const struct rules_report *r);
void rules_report_json(struct buf *out, const struct rules_report *r); /* one object and a newline */
void rules_page(struct buf *out, const struct rules_report *r); /* a whole HTML document */

#endif
