/* What earshot thinks of one mention, toward one brand. Label definitions: docs/decisions.md "labels". Each number can be
 * walked back: reasons[] name the rule and the place, attribution[] the words that the trained model went by. */
#ifndef EARSHOT_VERDICT_H
#define EARSHOT_VERDICT_H

#include <earshot/match.h>

enum label { LABEL_NEGATIVE, LABEL_NEUTRAL, LABEL_POSITIVE, LABEL__N };

struct reason {
	const struct match *match;
	float effect; /* after negation, intensity and contrast: what it added to the score it served */
	bool negated;
};

/* What the model learnt to take for a sign: a run of up to four ideographs or three words. */
struct attribution {
	const char *question; /* static: "label", "nature", "category", "urgency" */
	enum post_field field;
	uint32_t from, to; /* code points of the original */
	struct str words; /* normalised */
	float effect; /* log odds for the answer that was given, against the likeliest other one; of a negative label below 0 */
};
#define VERDICT_ATTRIBUTIONS 5 /* two for the label, one for each other question */

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
	struct attribution attribution[VERDICT_ATTRIBUTIONS];
	size_t nattributions;
};

extern const char *const label_names[LABEL__N];

#endif
