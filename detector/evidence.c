/* Evidence: how far the sums of a sight are from the baseline, with the probability, the interval and the onset. */
#include "detector/evidence.h"

#include "detector/baseline.h"
#include "detector/tail.h"

#include <math.h>

#define SCORE_UNIT 4.0 /* a z of the 1 h window of a well-behaved series counts as it is: its least tail */
#define CANDIDATE 1.5 /* from this score on the exact tail is worth its price */

size_t model_size(void)
{
	return sizeof(struct model);
}

/* Count that lies `z` standard deviations from the mean. */
static double count_at(const struct outlook *o, double z)
{
	const double root = fmax(0, baseline_root(o->mean) + z * o->noise) / 2;
	return fmax(0, root * root - 0.375);
}

/* Mean of the counts themselves: a mean of square roots sits below it by a quarter of the noise. */
static double expected_count(const struct outlook *o)
{
	return o->mean + (o->noise * o->noise - 1) / 4;
}

/* Had the excess come at the rate of the hottest shorter window, when did it begin? */
static int64_t onset(const struct model *m, const struct sight *s, int window)
{
	const double excess = s->sum[window] - baseline_outlook(m, window, s->at_ms).mean;
	double rate = excess / (double)baseline_window_ms(m, window);
	for (int w = 0; w < window; w++) {
		const double here = s->sum[w] - baseline_outlook(m, w, s->at_ms).mean;
		rate = fmax(rate, here / (double)baseline_window_ms(m, w));
	}
	const double length = rate > 0 ? excess / rate : 0;
	return s->at_ms - (int64_t)fmax((double)baseline_window_ms(m, 0), length);
}

static struct evidence describe(const struct model *m, const struct sight *s, int window, double score)
{
	const struct outlook o = baseline_outlook(m, window, s->at_ms);
	const double z = baseline_z(m, s, window);
	const double observed = s->sum[window], expected = expected_count(&o);
	/* y = 2 sqrt(n): a deviation of `noise` in y is noise * sqrt(n) in n */
	const double variance = o.noise * o.noise * fmax(o.mean, 0.25);
	return (struct evidence){
		.observed = observed,
		.expected = expected,
		.low = count_at(&o, -1.96),
		.high = count_at(&o, 1.96),
		.score = score,
		.p_value = score >= CANDIDATE ? tail_probability(observed, expected, variance) : 0.5 * erfc(z / sqrt(2)),
		.ratio = observed / fmax(expected, 0.25),
		.window_ms = baseline_window_ms(m, window),
		.since_ms = onset(m, s, window),
		.missing = s->missing,
	};
}

struct evidence model_judge(const struct model *m, const struct sight *s)
{
	if (m->first_ms == 0 || s->at_ms <= m->first_ms)
		return (struct evidence){ .observed = s->sum[1],
			.expected = s->sum[1],
			.low = s->sum[1],
			.high = s->sum[1],
			.p_value = 1,
			.ratio = 1,
			.window_ms = baseline_window_ms(m, 1),
			.since_ms = s->at_ms,
			.missing = s->missing };
	int best = 1;
	double score = 0;
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		const double here = SCORE_UNIT * baseline_z(m, s, w) / baseline_tail(m, w, s->at_ms);
		if (here > score) {
			score = here;
			best = w;
		}
	}
	return describe(m, s, best, score);
}
