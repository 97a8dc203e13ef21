/* When an alert is raised: the numbers of rules/thresholds.conf `[thresholds]`, one row each in the table of thresholds.c. */
#ifndef EARSHOT_DETECTOR_THRESHOLDS_H
#define EARSHOT_DETECTOR_THRESHOLDS_H

#include "common/base/conf.h"

struct thresholds {
	double open_score; /* evidence score at which an incident opens */
	double escalate_step; /* it speaks again when the score tops the announced peak by this factor, or the count doubles */
	double min_posts; /* fewer posts in the window never open an incident */
	double level_yellow, level_orange, level_red; /* level score 0…100 */
	int64_t calm_ms; /* quiet for so long: resolved by itself */
	int64_t cooldown_ms; /* half-life of the announced peak that a new surge, and an escalation, has to top */
	int64_t learn_ms; /* a brand's first stretch: learn, open nothing below min_posts * 4 */
};

void thresholds_default(struct thresholds *t);
/* Reads [thresholds] from every thresholds.conf in the folders (the later wins); problems go to `p`. */
void thresholds_load(struct arena *a, const char *const *folder, size_t nfolders, struct thresholds *out, struct problems *p);
extern const struct conf_option thresholds_options[];
extern const size_t thresholds_noptions;

#endif
