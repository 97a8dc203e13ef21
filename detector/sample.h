/* Sample posts of a backtest: a few of many, drawn evenly over the time looked at and the same in every run (those whose hashed
 * ids are the smallest). A sample keeps the place with some text around it, not the post. */
#ifndef EARSHOT_DETECTOR_SAMPLE_H
#define EARSHOT_DETECTOR_SAMPLE_H

#include "common/base/arena.h"
#include <earshot/match.h>

#define SAMPLE_AROUND 48 /* code points kept on each side of the place */
#define SAMPLE_HIT 80 /* code points of the place itself */

struct sample {
	uint64_t order;
	struct str id, url, lang, source;
	int64_t at_ms; /* the moment the post counts to */
	enum post_field field;
	struct str before, hit, after; /* original text; `hit` is "" when the post is about the brand whatever its words */
	bool cut_before, cut_after; /* there is more text on that side */
	const struct rule *rule; /* what hit there, NULL when nothing did */
	const struct rule *cause; /* a lost one: the rule that took it away, NULL when its own term is gone */
	unsigned folds; /* what had to be seen through */
};
struct samples {
	struct sample *item; /* sorted by `order` */
	size_t n;
};

/* `place` and `cause` may be NULL. Keeps at most `max`; what is kept is copied into `a`. */
struct sample_offer {
	const struct post *post;
	const struct match *place;
	const struct rule *cause;
	size_t max;
};
void samples_offer(struct samples *s, struct arena *a, const struct sample_offer *o);

#endif
