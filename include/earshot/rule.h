/* Rules: the terms that operators keep, and what each is for. A rulebook is all rules at one version, compiled and
 * immutable; it is built aside and swapped whole (common/text/rulebook.h). */
#ifndef EARSHOT_RULE_H
#define EARSHOT_RULE_H

#include "common/base/str.h"

/* The lists a term may be on; one file stem of rules/ each. */
enum rule_list {
	LIST_BRAND, /* an alias of a brand: admits the post */
	LIST_CONTEXT, /* words that must be near an ambiguous alias */
	LIST_EXCLUDE, /* words that un-mean an alias (小米粥) */
	LIST_COMPLAINT, /* complaint word with category and weight 0…1 */
	LIST_URGENCY, /* urgency word: low normal high critical */
	LIST_SENTIMENT, /* weight -1…1 */
	LIST_NEGATION, /* turns what follows (or, for some English ones, precedes) */
	LIST_INTENSITY, /* weight = factor: 很 1.5, 有点 0.6 */
	LIST_CONTRAST, /* 但是, but: what follows weighs more */
	LIST_NATURE, /* words that show the nature: question, praise, rumour, advertisement … */
	LIST__N
};

enum category {
	CAT_NONE,
	CAT_QUALITY,
	CAT_SERVICE,
	CAT_LOGISTICS,
	CAT_REFUND,
	CAT_PRICE,
	CAT_SAFETY,
	CAT_PRIVACY,
	CAT_FRAUD,
	CAT_OUTAGE,
	CAT_BILLING,
	CAT_FOOD,
	CAT_HEALTH,
	CAT_OTHER,
	CAT__N
};
enum urgency { URG_LOW, URG_NORMAL, URG_HIGH, URG_CRITICAL, URG__N };
enum nature {
	NAT_OTHER,
	NAT_COMPLAINT,
	NAT_QUESTION,
	NAT_PRAISE,
	NAT_SUGGESTION,
	NAT_RUMOUR,
	NAT_NEWS,
	NAT_ADVERTISEMENT,
	NAT__N
};

struct rule {
	enum rule_list list;
	struct str term; /* as written in the file */
	const char *file; /* "rules/complaint.zh.tsv" */
	int line;
	float weight;
	enum category category;
	enum urgency urgency;
	enum nature nature;
	int brand; /* index into rulebook.brand, -1 when the rule is for all */
	bool case_exact;
	bool is_latin; /* begins and ends with a word character: needs word boundaries */
};

struct brand {
	struct str id; /* [a-z0-9-]{1,32}, immutable */
	struct str name; /* display */
	struct str name_en; /* display in English; "" = name */
	struct str *own_account; /* names of the brand's own accounts, folded */
	size_t nown;
	bool needs_context; /* its aliases count only with a LIST_CONTEXT word of the brand in the post */
};

extern const char *const rule_list_names[LIST__N];
extern const char *const category_names[CAT__N]; /* "", "quality", … */
extern const char *const urgency_names[URG__N];
extern const char *const nature_names[NAT__N];

#endif
