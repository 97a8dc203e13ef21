/* A backtest's counts. Used by backtest.c only. */
#ifndef EARSHOT_DETECTOR_BACKTEST_COUNT_H
#define EARSHOT_DETECTOR_BACKTEST_COUNT_H

#include "common/text/scan.h"
#include "detector/backtest.h"

/* When a post came: fetched_ms, or posted_ms where nobody fetched. */
int64_t backtest_arrival(const struct post *p);

/* A mention in one book. */
struct backtest_counted {
	enum backtest_side side;
	uint32_t brand; /* index of backtest.brand */
	const struct backtest_post *post;
	const struct scanned *scanned;
};
/* Judges it, counts its dimensions and hour, and keeps it for the trial. */
void backtest_count(struct backtest *b, struct arena *a, const struct backtest_counted *c);
/* The mentions of one book in the order of their arrival through its trial. */
void backtest_try(struct backtest *b, enum backtest_side side);

#endif
