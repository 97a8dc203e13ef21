/* Matches -> verdict toward one brand: sentiment, complaint, category, nature, urgency, each with its reasons. Pure: the
 * live path, `earshot score`, `earshot try` and the accuracy tests call this. */
#ifndef EARSHOT_DETECTOR_JUDGE_H
#define EARSHOT_DETECTOR_JUDGE_H

#include "common/text/classes.h"
#include "common/text/scan.h"
#include <earshot/verdict.h>

/* `brand` is an index into the rulebook, or -1 to judge the text as a whole. */
void judge(struct arena *a, const struct rulebook *book, int brand, const struct post *post, const struct scanned *s,
	struct verdict *out);
/* Toward a brand that no rule knows: its name is looked for as it stands in the text. */
void judge_name(struct arena *a, const struct rulebook *book, struct str name, const struct post *post, const struct scanned *s,
	struct verdict *out);
/* What the class heads of a model see of a post toward a brand of this name ("" = none): what they learn from. */
void judge_traits(struct arena *a, const struct rulebook *book, struct str name, const struct post *post, const struct scanned *s,
	struct classes_input *out);
/* Members "sentiment", "label", "confidence", "complaint", "category", "nature", "urgency", without braces … */
void verdict_write_scores(struct buf *out, const struct verdict *v);
/* … and with "own" when it is, and "reasons":[…]. */
void verdict_write(struct buf *out, const struct verdict *v);

#endif
