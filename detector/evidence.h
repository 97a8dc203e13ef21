/* How far a series is from its baseline: a pure function of the series' model and the sums now. O(1) a tick, under 1 KB a
 * series. Method: reference "z of square-root sums over 5 min / 1 h / 3 h" with lagged, clipped EWMA baselines and a
 * half-hour-of-day profile; the likelihood of the residual for sudden waves; a tail probability only for candidates.
 * Evidence windows end at the tick; the baseline learns the same as-seen sums (design 4.11). */
#ifndef EARSHOT_DETECTOR_EVIDENCE_H
#define EARSHOT_DETECTOR_EVIDENCE_H

#include "common/base/buf.h"
#include <earshot/incident.h>

#define EVIDENCE_WINDOWS 3 /* 5 min, 1 h, 3 h */
extern const int evidence_window_minutes[EVIDENCE_WINDOWS];

/* What is seen at a tick: sums of the windows that end at it. */
struct sight {
	int64_t at_ms;
	double sum[EVIDENCE_WINDOWS];
	bool missing; /* part of it was not watched: neither learnt nor judged calm */
};

struct model; /* baseline state of one series; fixed size, copyable as bytes inside one version */

size_t model_size(void);
void model_init(struct model *m, int64_t bucket_ms);
/* Text form for Redis; reading an unknown version or garbage starts afresh (false). */
void model_write(struct buf *out, const struct model *m);
bool model_read(struct model *m, struct str text);
/* Judges first, learns after: returns the evidence of this sight against what was known before it. */
struct evidence model_judge(const struct model *m, const struct sight *s);
void model_learn(struct model *m, const struct sight *s);

/* A publish of rules or sources moves the level by something else than the world (design 4.9). */
struct rebase {
	int64_t at_ms; /* from when on */
	double factor; /* level behind over level before */
	double doubt; /* relative standard deviation of that factor; 0 = exact */
	double per_day; /* posts a day behind it at the least: where the old rules found too few to multiply; 0 = not known */
};
/* Windows before at_ms are expected at the old level, those behind it at the new one, those that span it in between. Learning
 * goes on; the more doubt, the faster, and the wider the expectation meanwhile. Nonsense is refused. */
void model_rebase(struct model *m, const struct rebase *r);

#endif
