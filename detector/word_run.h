/* The run of words on which most of an answer lies: each feature's part is shared out among the words it stands on, and the run with the
 * most of it, by the root of its length, is the reason. */
#ifndef EARSHOT_DETECTOR_WORD_RUN_H
#define EARSHOT_DETECTOR_WORD_RUN_H

#include "detector/reading.h"

enum word_kind { WORD_WALL, WORD_LATIN, WORD_IDEOGRAPH }; /* no run goes across a wall */

struct word_unit {
	struct place at;
	enum word_kind kind;
	float effect; /* log odds */
};

struct word_units {
	struct word_unit *unit;
	size_t n;
};

struct word_run {
	struct place at;
	float effect; /* 0: nothing speaks for the answer */
};

enum word_kind word_kind_of(uint32_t cp);
/* The effect of a feature that lies on the units from `first` to `last`. */
void word_run_share(struct word_units *u, size_t first, size_t last, float effect);
/* The strongest run; its units count for nothing from then on, so that the next call finds another one. */
struct word_run word_run_take(struct word_units *u);

#endif
