/* Learning classes from labelled texts, with liblinear: groups of classes that exclude one another, one against the rest, rare classes
 * with more weight. The same texts in the same order give the same bytes.
 *
 * A text may say its class in some groups and not in others. A text kept for measuring teaches nothing and is counted at the end. */
#ifndef EARSHOT_DETECTOR_LESSONS_H
#define EARSHOT_DETECTOR_LESSONS_H

#include "common/base/buf.h"
#include "common/text/classes.h"

#define LESSONS_SHIPPED 7 /* tables of posts that travel with earshot */

struct lesson_row;

struct lesson_group {
	char name[CLASSES_GROUP_NAME];
	char class[CLASSES_MOST][CLASSES_NAME];
	size_t n;
	bool is_closed; /* a group that verdicts know: other classes are not taken */
};
struct lessons {
	struct lesson_row *row;
	size_t n, room;
	struct lesson_group group[CLASSES_GROUPS];
	size_t ngroups;
};

void lessons_init(struct lessons *l);
void lessons_release(struct lessons *l);
/* The number of the group of this name, made at the first call; -1: there is no room for one more, or the name is too long. */
int lessons_group(struct lessons *l, struct str name);
/* `class` has CLASSES_GROUPS places, "" = not said. REJECT: a class that its group does not have, or one too many. */
enum outcome lessons_add(struct lessons *l, const struct classes_input *in, uint64_t text_hash, const struct str *class,
	bool is_measured, struct err *e) MUST_CHECK;
/* Trains all groups and writes their reports: held out, in three folds, and on the texts kept for measuring. `out` lives in `a`.
 * REJECT when a group has not two classes with enough texts. */
enum outcome lessons_fit(struct lessons *l, struct arena *a, struct classes *out, struct buf *report, struct err *e) MUST_CHECK;

/* One of them: columns as `earshot train` reads them. */
struct str lessons_shipped(size_t i);

#endif
