/* What the class heads of the trained model say of a post: chances of each nature, category, urgency and label toward the brand. */
#ifndef EARSHOT_DETECTOR_HEADS_H
#define EARSHOT_DETECTOR_HEADS_H

#include "common/text/classes.h"
#include "detector/reading.h"

struct heads {
	bool knows[CLASSES_KNOWN__N]; /* else the group was not learnt, and its chances are 0 */
	float nature[NAT__N], category[CAT__N], urgency[URG__N], label[LABEL__N];
};

/* Needs what traits_make() needs. All unknown where the rulebook's model has no classes. */
void heads_judge(struct reading *r, const struct verdict *so_far, struct heads *out);

/* The likeliest of a group; never asked of a group that is not known. */
enum nature heads_nature(const struct heads *heads, const struct verdict *so_far);
enum category heads_category(const struct heads *heads);
/* Chances of the labels toward the brand, by their own head and by what labels posts of such a nature have. */
void heads_label(const struct heads *heads, float chance[LABEL__N]);

#endif
