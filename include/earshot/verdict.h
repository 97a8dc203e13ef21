/* What earshot thinks of one mention, toward one brand. Label definitions: docs/decisions.md "labels". Each number can be
 * walked back: reasons[] name the rule and the place. */
#ifndef EARSHOT_VERDICT_H
#define EARSHOT_VERDICT_H

#include <earshot/match.h>

enum label { LABEL_NEGATIVE, LABEL_NEUTRAL, LABEL_POSITIVE, LABEL__N };

struct reason {
	const struct match *match;
	float effect; /* after negation, intensity and contrast: what it added to the score it served */
	bool negated;
};

struct verdict {
	double sentiment; /* -1…1 */
	enum label label;
	double confidence; /* 0…1 */
	double complaint; /* 0…1 */
	enum category category; /* CAT_NONE when it is no complaint */
	enum nature nature;
	enum urgency urgency;
	bool own; /* by one of the brand's own accounts: outside surge volume */
	struct reason *reason;
	size_t nreasons;
};

extern const char *const label_names[LABEL__N];

#endif
