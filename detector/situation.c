/* What a tick sees, made into the situation that the state table is asked about. */
#include "detector/situation.h"

#include "common/base/clock.h"

#define WINDOW_MINUTES 180 /* the longest evidence window */

const char *const watched_names[WATCH__N] = {
	[WATCH_ALL] = "all",
	[WATCH_NEGATIVE] = "negative",
	[WATCH_COMPLAINT] = "complaint",
};

const char *const history_names[WATCH__N] = {
	[WATCH_ALL] = "history",
	[WATCH_NEGATIVE] = "history:negative",
	[WATCH_COMPLAINT] = "history:complaint",
};

static double sum_last(const struct series *s, size_t minutes)
{
	double sum = 0;
	for (size_t i = s->n > minutes ? s->n - minutes : 0; i < s->n; i++)
		sum += s->value[i];
	return sum;
}

struct sight situation_sight(const struct series *s, int64_t at_ms, bool is_missing)
{
	struct sight sight = { .at_ms = at_ms, .missing = is_missing };
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		sight.sum[w] = sum_last(s, (size_t)evidence_window_minutes[w]);
	return sight;
}

double situation_sum_since(const struct series *s, int64_t since_ms)
{
	double sum = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->from_ms + (int64_t)(i + 1) * MS_PER_MINUTE > since_ms)
			sum += s->value[i];
	return sum;
}

size_t situation_minutes(const struct incident *i, int64_t tick_ms)
{
	int64_t need = WINDOW_MINUTES;
	if (i->state != INC_NONE && i->onset_ms > 0) {
		const int64_t since = (tick_ms - i->onset_ms) / MS_PER_MINUTE + 1;
		need = since > need ? since : need;
	}
	return (size_t)(need > SITUATION_SINCE_MINUTES ? SITUATION_SINCE_MINUTES : need);
}

void situation_judge(const struct model *const model[WATCH__N], const struct sight sight[WATCH__N], struct situation *s)
{
	for (int w = 0; w < WATCH__N; w++) {
		const struct evidence found = model_judge(model[w], &sight[w]);
		if (w > 0 && found.score <= s->evidence.score)
			continue;
		s->evidence = found;
		s->series = watched_names[w];
	}
}

static bool is_open(const struct incident *i)
{
	return i->state != INC_NONE && i->closed_ms <= 0;
}

bool situation_may_move(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	return is_open(i) || s->evidence.score >= t->open_score;
}

int64_t situation_since(const struct incident *i, const struct situation *s)
{
	return is_open(i) ? i->onset_ms : s->evidence.since_ms;
}

static bool is_grave(int category)
{
	return category == CAT_SAFETY || category == CAT_HEALTH || category == CAT_FOOD || category == CAT_FRAUD ||
	       category == CAT_PRIVACY;
}

void situation_category(const double count[CAT__N], struct situation *s)
{
	double best = 0, total = 0, grave = 0;
	for (int c = 1; c < CAT__N; c++) {
		total += count[c];
		grave += is_grave(c) ? count[c] : 0;
		if (count[c] > best) {
			best = count[c];
			s->category = category_names[c];
		}
	}
	s->severe = total > 0 ? grave / total : 0;
}

void situation_warm_up(struct model *m, const struct series *s)
{
	for (size_t n = SITUATION_WARM_UP_MINUTES; n < s->n; n += SITUATION_WARM_UP_MINUTES) {
		const struct series so_far = { s->from_ms, s->value, n, NULL };
		const struct sight sight = situation_sight(&so_far, s->from_ms + (int64_t)n * MS_PER_MINUTE, false);
		model_learn(m, &sight);
	}
}
