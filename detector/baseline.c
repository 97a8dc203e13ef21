/* Baselines: moving means with a lag of one window, so that a rise does not eat its own yardstick, clipped, so that one
 * storm does not move it far; plus the half-hour-of-day profile. O(1) a sight. */
#include "detector/baseline.h"

#include "common/base/clock.h"

#include <math.h>
#include <string.h>

#define SHORTEST_STEP_MS (5 * MS_PER_MINUTE)
#define YOUNG_RATE 1.0 /* posts a step: what a brand we know nothing of may well have all day */
#define DOUBT_MOST 1.0 /* of the level, however often rules change: never silence */
#define SPARSE_HOUR 1.0 /* posts an hour: with fewer the profile of the day is chance */
#define DOUBT_STEPS 6 /* a level whose doubt is 1 weighs as much as so many steps of what is seen */
#define DOUBT_LEAST 0.02 /* of the level: less is no doubt */
#define SLOT_MS (MS_PER_DAY / MODEL_SLOTS)

const int evidence_window_minutes[EVIDENCE_WINDOWS] = { 5, 60, 180 };
static const int depth[EVIDENCE_WINDOWS] = MODEL_DEPTHS;
static const int lagged_at[EVIDENCE_WINDOWS] = { 0, 1, 13 };

/* Chosen on real tweet volumes and crisis arrival curves together, in the middle of a wide plateau (docs/decisions.md); rates are
 * half-lives in days, so that they mean the same for 1-minute ticks and for hourly files. */
static const struct {
	double mean_days, variance_days, profile_days; /* half-lives */
	double clip; /* a sight moves the baseline by at most so many standard deviations */
	double relative; /* standard deviation of the rate itself, on top of counting noise: no brand is a Poisson stream */
	double young[EVIDENCE_WINDOWS]; /* the same for a series whose day is not known yet: its first morning is no storm */
	double young_days; /* half-life of that doubt */
	double variance_least;
	double tail_share; /* the tail is the z exceeded so often */
	double tail_rate; /* how fast it moves, a step of the 1 h window */
	double tail_least[EVIDENCE_WINDOWS];
	double tail_young[EVIDENCE_WINDOWS]; /* the same for a new series: a sudden wave is all it can be judged by */
} tuning = {
	.mean_days = 6,
	.variance_days = 4,
	.profile_days = 1.4,
	.clip = 3,
	.relative = 0.32,
	.young = { 0.3, 2, 2 },
	.young_days = 0.6,
	.variance_least = 1.1,
	.tail_share = 0.002,
	.tail_rate = 0.011,
	.tail_least = { 8, 4, 3.3 },
	.tail_young = { 6.5, 4, 3.3 },
};

double baseline_root(double sum)
{
	return 2 * sqrt(sum + 0.375);
}

int64_t baseline_window_ms(const struct model *m, int window)
{
	return depth[window] * m->step_ms;
}

bool baseline_covers(const struct model *m, int window, int64_t at_ms)
{
	if (m->first_ms == 0)
		return false;
	return window == 0 || at_ms - m->first_ms >= baseline_window_ms(m, window);
}

static int slot_of(int64_t at_ms)
{
	const int64_t in_day = ((at_ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
	return (int)(in_day / SLOT_MS);
}

/* Mean rate of the half hours a window covers, over the mean rate of the day. */
static double profile(const struct model *m, int window, int64_t at_ms)
{
	const int64_t length = baseline_window_ms(m, window);
	if (length >= MS_PER_DAY)
		return 1;
	const int parts = length > SLOT_MS ? (int)(length / SLOT_MS) : 1;
	const int64_t part_ms = length / parts;
	double sum = 0;
	for (int i = 0; i < parts; i++)
		sum += (double)m->slot[slot_of(at_ms - part_ms / 2 - i * part_ms)];
	const double rate = sum / parts;
	return rate > 0.05 ? rate : 0.05;
}

/* 1 for a series first seen now, halving with every `young_days`. */
static double youth(const struct model *m, int64_t at_ms)
{
	const double days = (double)(at_ms - m->first_ms) / (double)MS_PER_DAY;
	return exp2(-days / tuning.young_days);
}

double baseline_tail(const struct model *m, int window, int64_t at_ms)
{
	const double grown = tuning.tail_least[window], young = tuning.tail_young[window];
	return fmax((double)m->tail[window], grown + (young - grown) * youth(m, at_ms));
}

/* Part of a window that lies behind `from_ms`. */
static double part_since(const struct model *m, int window, int64_t at_ms, int64_t from_ms)
{
	const double length = (double)baseline_window_ms(m, window);
	return fmax(0, fmin(1, (double)(at_ms - from_ms) / length));
}

/* Mean level over a window, over the level behind all shifts: 1 unless the window reaches back over one. */
static double shifted(const struct model *m, int window, int64_t at_ms)
{
	double sum = 0, level = 1, covered = 0;
	for (int i = m->nshifts - 1; i >= 0; i--) {
		const double part = part_since(m, window, at_ms, m->shift[i].at_ms);
		sum += (part - covered) * level;
		covered = part;
		level /= (double)m->shift[i].factor;
	}
	return m->nshifts > 0 ? sum + (1 - covered) * level : 1;
}

/* What is left of the doubt about the level since the last shifts. */
static double doubt_at(const struct model *m, int64_t at_ms)
{
	if (!(m->doubt > 0) || at_ms <= m->doubt_ms)
		return 0;
	return (double)m->doubt * exp2(-(double)(at_ms - m->doubt_ms) / (double)MS_PER_DAY / tuning.young_days);
}

static double doubt_variance(const struct model *m, int window, int64_t at_ms, double mean, double full)
{
	const double doubt = doubt_at(m, at_ms);
	if (!(doubt > 0))
		return 0;
	const double part = part_since(m, window, at_ms, m->doubt_ms), behind = part * full;
	return doubt * doubt * (behind * behind / fmax(mean, 0.25) + part * YOUNG_RATE * depth[window]);
}

struct outlook baseline_outlook(const struct model *m, int window, int64_t at_ms)
{
	const double root = (double)m->root[window];
	const double full = root * root * profile(m, window, at_ms), mean = full * shifted(m, window, at_ms);
	const double variance = fmax((double)m->variance[window], tuning.variance_least);
	const double doubt = tuning.young[window] * tuning.young[window] * youth(m, at_ms);
	const double relative = tuning.relative * tuning.relative * mean;
	return (struct outlook){ .mean = mean,
		.noise = sqrt(variance + relative + doubt * (mean + YOUNG_RATE * depth[window]) +
			      doubt_variance(m, window, at_ms, mean, full)) };
}

double baseline_z(const struct model *m, const struct sight *s, int window)
{
	if (!baseline_covers(m, window, s->at_ms))
		return 0;
	const struct outlook o = baseline_outlook(m, window, s->at_ms);
	return (baseline_root(s->sum[window]) - baseline_root(o.mean)) / o.noise;
}

void model_init(struct model *m, int64_t bucket_ms)
{
	*m = (struct model){ .step_ms = bucket_ms > SHORTEST_STEP_MS ? bucket_ms : SHORTEST_STEP_MS };
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		m->variance[w] = 1;
		m->tail[w] = (float)tuning.tail_young[w];
	}
	for (int i = 0; i < MODEL_SLOTS; i++)
		m->slot[i] = 1;
}

/* Room for one more shift: the two oldest become one. */
static void add_shift(struct model *m, int64_t at_ms, double factor)
{
	if (m->nshifts == MODEL_SHIFTS) {
		m->shift[1].factor *= m->shift[0].factor;
		memmove(m->shift, m->shift + 1, sizeof m->shift - sizeof *m->shift);
		m->nshifts--;
	}
	m->shift[m->nshifts++] = (struct shift){ at_ms, (float)factor };
}

/* A series of hardly any posts has no day of its own: what stands in its profile is their chance. */
static void forget_sparse_day(struct model *m)
{
	double sum = 0;
	if ((double)m->root[1] * (double)m->root[1] >= SPARSE_HOUR)
		return;
	for (int i = 0; i < MODEL_SLOTS; i++)
		sum += (double)m->slot[i];
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		m->root[w] *= (float)sqrt(sum / MODEL_SLOTS);
	for (int i = 0; i < MODEL_SLOTS; i++)
		m->slot[i] = 1;
}

void model_rebase(struct model *m, const struct rebase *r)
{
	if (!(r->factor > 0) || !isfinite(r->factor) || !(r->doubt >= 0) || !(r->doubt < 100) || m->first_ms == 0)
		return;
	if (r->factor != 1 || r->doubt > 0)
		forget_sparse_day(m);
	const double level = (double)m->root[0] * (double)m->root[0];
	const double least = fmax(0, r->per_day) * (double)m->step_ms / (double)MS_PER_DAY;
	const double factor = fmax(r->factor, least / fmax(level, least / 1000));
	const double before = doubt_at(m, r->at_ms);
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		m->root[w] = (float)sqrt(fmax((double)m->root[w] * (double)m->root[w], least * depth[w] / factor) * factor);
	/* Posts written in the last minutes are found by the new rules already: a rise is expected a little early. */
	if (factor != 1)
		add_shift(m, factor > 1 ? r->at_ms - SHORTEST_STEP_MS : r->at_ms, factor);
	if (!(r->doubt > 0))
		return;
	m->doubt = (float)fmin(DOUBT_MOST, sqrt(before * before + r->doubt * r->doubt));
	m->doubt_ms = r->at_ms - SHORTEST_STEP_MS;
	m->doubt_step = m->steps;
}

/* Shifts that no window reaches back to any more, and doubt that is no more than noise. */
static void forget_shifts(struct model *m, int64_t now_ms)
{
	const int64_t reach_ms = 2 * baseline_window_ms(m, EVIDENCE_WINDOWS - 1) + m->step_ms;
	while (m->nshifts > 0 && now_ms - m->shift[0].at_ms > reach_ms) {
		memmove(m->shift, m->shift + 1, sizeof m->shift - sizeof *m->shift);
		m->shift[--m->nshifts] = (struct shift){ 0 };
	}
	if (m->doubt > 0 && doubt_at(m, now_ms) < DOUBT_LEAST && now_ms > m->doubt_ms)
		m->doubt = 0;
}

/* A window not learnt yet goes by the rate of the shortest one. */
static void borrow(struct model *m, int window)
{
	m->root[window] = m->root[0] * sqrtf((float)depth[window]);
}

/* The first rate is the highest the windows show: a feed that lists its last twenty entries fills the long windows only in
 * part, and a rate that starts too low would make a surge of the usual. */
static void begin(struct model *m, const struct sight *s)
{
	double rate = fmax(0, s->sum[0] - 2 * sqrt(s->sum[0]));
	for (int w = 1; w < EVIDENCE_WINDOWS; w++)
		rate = fmax(rate, s->sum[w] / depth[w]);
	m->first_ms = m->learned_ms = m->stepped_ms = s->at_ms;
	m->root[0] = (float)sqrt(rate);
	for (int w = 1; w < EVIDENCE_WINDOWS; w++)
		borrow(m, w);
}

/* Follows the z that is exceeded `tail_share` of the time: up in large strides, down in small ones. */
static void learn_tail(struct model *m, const struct sight *s)
{
	const double steps = fmin(1, (double)(s->at_ms - m->learned_ms) / (double)m->step_ms);
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		const double stride = tuning.tail_rate * steps * sqrt((double)depth[1] / depth[w]);
		const bool over = baseline_z(m, s, w) > baseline_tail(m, w, s->at_ms);
		const double by = over ? stride * (1 - tuning.tail_share) : -stride * tuning.tail_share;
		m->tail[w] = (float)fmax(tuning.tail_young[w], baseline_tail(m, w, s->at_ms) * (1 + by));
	}
}

static double rate_of(const struct model *m, double half_life_days, double least)
{
	return fmax(1 - exp2(-(double)m->step_ms / (double)MS_PER_DAY / half_life_days), least);
}

static void learn_profile(struct model *m, double sum, double mean, int64_t middle_ms)
{
	const double factor = fmin(4, sum / fmax(mean, 0.5));
	const double rate = rate_of(m, tuning.profile_days / MODEL_SLOTS, 0);
	float *slot = &m->slot[slot_of(middle_ms)];
	*slot += (float)(rate * (factor - (double)*slot));
}

/* A level in doubt is learnt as if it had been seen for as many steps as the doubt is small. */
static double rate_in_doubt(const struct model *m, int window)
{
	if (!(m->doubt > 0))
		return 0;
	const int since = m->steps - m->doubt_step - depth[window];
	return since < 0 ? 0 : 1 / (since + DOUBT_STEPS / ((double)m->doubt * (double)m->doubt));
}

/* Learns one window from the sum that was seen one window ago. */
static void learn_window(struct model *m, int window, double sum, int64_t at_ms)
{
	const struct outlook o = baseline_outlook(m, window, at_ms);
	const double limit = tuning.clip * o.noise;
	const double off = fmax(-limit, fmin(limit, baseline_root(sum) - baseline_root(o.mean)));
	const int known = m->steps - depth[window];
	const double rate = rate_of(m, tuning.mean_days, fmax(1.0 / (known + 12), rate_in_doubt(m, window)));
	const double level = shifted(m, window, at_ms);
	const double share = profile(m, window, at_ms) * level;
	const double root = (double)m->root[window];
	const double seen = (baseline_root(o.mean) + off) / 2;
	m->variance[window] +=
		(float)(rate_of(m, tuning.variance_days, 1.0 / (known + 36)) * (off * off - (double)m->variance[window]));
	m->root[window] = (float)fmax(0, root + rate * off / 2 / sqrt(share));
	if (window == 1)
		learn_profile(m, fmax(0, seen * seen - 0.375), root * root * level, at_ms - baseline_window_ms(m, window) / 2);
}

static void step(struct model *m, const struct sight *s)
{
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		float *waiting = &m->lagged[lagged_at[w] + m->steps % depth[w]];
		const int64_t then_ms = s->at_ms - baseline_window_ms(m, w);
		if (m->steps < depth[w] || !baseline_covers(m, w, then_ms))
			borrow(m, w);
		else
			learn_window(m, w, (double)*waiting, then_ms);
		*waiting = (float)s->sum[w];
	}
	m->stepped_ms = s->at_ms;
	m->steps++;
	forget_shifts(m, s->at_ms);
}

void model_learn(struct model *m, const struct sight *s)
{
	if (s->missing || s->at_ms <= m->learned_ms) {
		m->learned_ms = s->at_ms > m->learned_ms && m->first_ms != 0 ? s->at_ms : m->learned_ms;
		return;
	}
	if (m->first_ms == 0) {
		if (s->sum[EVIDENCE_WINDOWS - 1] > 0)
			begin(m, s);
		return;
	}
	learn_tail(m, s);
	m->learned_ms = s->at_ms;
	if (s->at_ms - m->stepped_ms >= m->step_ms)
		step(m, s);
}
