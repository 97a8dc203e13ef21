/* The protected set: posts whose labels are certain, which no new model may judge worse than the one in use. Judged as in life,
 * words and model together. A model is worse when it gets fewer of them right in either language, so that Chinese is never paid for
 * with English; labels that flip both ways are all shown. Pure but for its scratch memory. */
#ifndef EARSHOT_DETECTOR_PROTECTED_H
#define EARSHOT_DETECTOR_PROTECTED_H

#include "common/base/buf.h"
#include "common/text/rulebook.h"
#include <earshot/verdict.h>

struct protected_post {
	struct str text, brand; /* a name to judge toward; "" = the text as a whole */
	enum label label;
	bool is_chinese;
};
struct protected_set {
	const struct protected_post *post;
	size_t n;
};

/* A table (labels.h); the set borrows from `bytes` and lives in `a`. REJECT when it has no posts, a label that is none, or too
 * many posts. */
enum outcome protected_parse(
	struct arena *a, struct str bytes, const char *path, struct protected_set *out, struct err *e) MUST_CHECK;
/* The set that travels inside the binary, models/protected.tsv. */
struct str protected_shipped(void);
/* The label of each post under this book, in `a`. */
enum label *protected_judge(struct arena *a, const struct protected_set *set, const struct rulebook *book);
/* Is `after` worse than `before`? Figures, and the posts that flipped from right to wrong, go to `report`. */
bool protected_is_worse(const struct protected_set *set, const enum label *before, const enum label *after, struct buf *report);

#endif
