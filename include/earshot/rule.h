/* Rules: the terms that operators keep, and what each is for. A rulebook is all rules at one version, compiled and
 * immutable; it is built aside and swapped whole (common/text/rulebook.h). */
#ifndef EARSHOT_RULE_H
#define EARSHOT_RULE_H

#include "common/base/str.h"

/* The lists a term may be on; one file stem of rules/ each. */
enum rule_list {
	LIST_BRAND, /* an alias of a brand: admits the post */
	LIST_CONTEXT, /* words that speak for (weight > 0) or against (weight < 0) an ambiguous alias */
	LIST_EXCLUDE, /* longer words in which a term does not mean it: of a brand (小米粥), or of all rules (I recall) */
	LIST_COMPLAINT, /* complaint word with category and weight 0…1 */
	LIST_URGENCY, /* urgency word: low normal high critical */
	LIST_SENTIMENT, /* weight -1…1 */
	LIST_NEGATION, /* turns what follows (or, for some English ones, precedes) */
	LIST_INTENSITY, /* weight = factor: 很 1.5, 有点 0.6 */
	LIST_CONTRAST, /* 但是, but: what follows weighs more */
	LIST_NATURE, /* words that show the nature: question, praise, rumour, advertisement … */
	LIST_SENSITIVE, /* words that a PR team wants to see whatever the mood */
	LIST_WATCH, /* named queries that are only reported */
	LIST_LEAF, /* a term inside a query: seen by query_eval() alone, never reported by itself */
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

struct query; /* a compiled boolean query, common/text/query.h */

struct rule {
	enum rule_list list;
	struct str term; /* as written in the file; of a query rule its name */
	const struct query *query; /* NULL: a plain term */
	unsigned folds; /* enum fold bits (match.h) through which the term may be seen */
	const char *file; /* "rules/complaint.zh.tsv" */
	int line;
	float weight;
	enum category category;
	enum urgency urgency;
	enum nature nature;
	int brand; /* index into rulebook.brand, -1 when the rule is for all */
	struct str alias; /* LIST_CONTEXT: the one alias (folded) it speaks of; "" = all of the brand */
	bool is_ambiguous; /* LIST_BRAND: also an everyday word, counts only when the context speaks for it */
	bool open_end; /* a prefix: the word may go on behind it (wildcards of queries) */
	bool case_exact;
	bool is_latin; /* begins and ends with a word character: needs word boundaries */
};

struct brand {
	struct str id; /* [a-z0-9-]{1,32}, immutable */
	struct str name; /* display */
	struct str name_en; /* display in English; "" = name */
	struct str *own_account; /* names of the brand's own accounts, folded */
	size_t nown;
	bool needs_context; /* all its aliases are ambiguous */
	float prior; /* score of an ambiguous alias without any evidence; below 0: only evidence admits (common/text/sense.h) */
	struct str *competitor; /* ids or names of brands; @competitors in a query of this brand */
	size_t ncompetitors;
};

extern const char *const rule_list_names[LIST__N];
extern const char *const category_names[CAT__N]; /* "", "quality", … */
extern const char *const urgency_names[URG__N];
extern const char *const nature_names[NAT__N];

#endif
