/* What the model for two brands sees: features of the text as it looks from one of the two, and of the text as a whole.
 *
 * From a side: runs of words or ideographs, each once as it is and once by whose it is; the beginnings of long Latin words likewise;
 * runs that have a masked name in them; how clauses open where the talk goes over to the other; the order of the names; what the
 * word lists of the rules say, by whose it is; and what stands beside the names (toward.def). As a whole: runs with the names masked as "the first" and "the second". */
#ifndef EARSHOT_DETECTOR_STANCE_VIEW_H
#define EARSHOT_DETECTOR_STANCE_VIEW_H

#include "detector/stance_model.h"
#include "detector/stance_text.h"

/* With the span of each feature. `owner`: of the tokens, as seen from that side. */
void stance_view_side(struct reading *r, const struct stance_text *t, const enum stance_owner *owner, bool of_brand,
	struct stance_features *out);
void stance_view_pair(struct reading *r, const struct stance_text *t, struct stance_features *out);

/* What the nets see, in `a`; tokens beyond STANCE_NET_TOKENS are left out. */
void stance_view_net(
	struct arena *a, const struct stance_text *t, const enum stance_owner *owner, bool of_brand, struct stance_net_text *out);

#endif
