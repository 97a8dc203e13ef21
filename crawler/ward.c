/* How all sources of one crawler are: counts, and many that fall ill at once. */
#include "crawler/ward.h"

#include <stdlib.h>

#define LEAST_WEIGHT 0.1F /* posts a day: a source that hardly ever posts still counts */

struct ward *ward_new(size_t nsources)
{
	struct ward *w = calloc(1, sizeof *w);
	if (w == NULL)
		abort();
	w->bed = calloc(nsources + 1, sizeof *w->bed);
	w->paused_ms = calloc(nsources + 1, sizeof *w->paused_ms);
	if (w->bed == NULL || w->paused_ms == NULL)
		abort();
	w->n = nsources;
	return w;
}

void ward_free(struct ward *w)
{
	if (w == NULL)
		return;
	free(w->bed);
	free(w->paused_ms);
	free(w);
}

void ward_inherit(struct ward *w, const struct ward *old)
{
	w->many_ms = old->many_ms;
	w->told_ms = old->told_ms;
	w->told = old->told;
	w->born_ms = old->born_ms;
	w->next_ms = old->next_ms; /* not before its sources are known again */
}

void ward_note(struct ward *w, size_t at, const struct source_state *s, const struct health_memory *m, enum health verdict)
{
	struct ward_bed *bed = &w->bed[at];
	const enum health is = health_of(s->health.state);
	bed->is_known = s->fetched_ms > 0 || verdict != HEALTH_NEW;
	bed->is_sick = health_is_sick(is) || health_is_sick(verdict);
	bed->is_settled = health_is_sick(is);
	bed->is_told = s->health.told > 0;
	bed->is_mute = bed->is_sick && s->status == 0;
	bed->weight = (float)m->usual / 1000 > LEAST_WEIGHT ? (float)m->usual / 1000 : LEAST_WEIGHT;
	bed->since_ms = health_is_sick(is) ? s->health.since_ms : m->doubt_ms;
}

void ward_forget(struct ward *w, size_t at)
{
	w->bed[at] = (struct ward_bed){ 0 };
}

struct ward_count ward_count(const struct ward *w, int64_t now_ms)
{
	struct ward_count out = { 0 };
	for (size_t i = 0; i < w->n; i++) {
		const struct ward_bed *b = &w->bed[i];
		if (!b->is_known || w->paused_ms[i] > now_ms)
			continue;
		const bool is_untold = b->is_settled && !b->is_told;
		const bool is_late = b->is_sick && (is_untold || now_ms - b->since_ms <= WARD_WINDOW_MS);
		out.known++;
		out.sick += b->is_sick;
		out.lately += is_late;
		out.settled += is_late && b->is_settled;
		out.mute += is_late && b->is_mute;
		out.coverage.weight += (double)b->weight;
		out.coverage.healthy_weight += b->is_sick ? 0 : (double)b->weight;
	}
	out.coverage.sources = (int64_t)out.known;
	out.coverage.healthy = (int64_t)(out.known - out.sick);
	return out;
}

/* `times`: 1, or 2 for half of it. */
static bool are_many(const struct ward_count *c, size_t times)
{
	const size_t n = times * c->lately;
	return (n >= WARD_LEAST && n * WARD_SHARE > c->known) || times * c->settled >= WARD_SETTLED;
}

bool ward_inherits(
	const struct ward *w, const struct ward_count *count, const struct many_sick *word, bool is_own, int64_t now_ms)
{
	const int64_t silent_ms = now_ms - word->at_ms;
	if (w->told > 0)
		return false;
	return is_own || silent_ms >= WARD_ORPHAN_MS || (silent_ms >= WARD_SILENT_MS && are_many(count, 2));
}

void ward_take(struct ward *w, const struct many_sick *word)
{
	w->many_ms = word->began_ms;
	w->told_ms = word->told_ms;
	w->told = word->told;
}

bool ward_waits(const struct ward *w, int64_t now_ms)
{
	return w->nwords > 0 && now_ms - w->born_ms < WARD_SILENT_MS + WARD_SILENT_MS / 2;
}

static enum ward_news remind(const struct ward *w, int64_t now_ms, const struct health_terms *terms)
{
	static const int times[] = { 1, 3, 7 };
	const int64_t pause_ms = terms->remind_ms * times[w->told < 3 ? w->told - 1 : 2];
	return w->told > 0 && now_ms - w->told_ms >= pause_ms ? WARD_MANY_STILL : WARD_NO_NEWS;
}

enum ward_news ward_step(struct ward *w, const struct ward_count *count, int64_t now_ms, const struct health_terms *terms)
{
	if (w->many_ms == 0) {
		w->many_ms = are_many(count, 1) ? now_ms : 0;
		return WARD_NO_NEWS; /* it has to last, as with single ones */
	}
	if (!are_many(count, 2)) {
		const bool was_told = w->told > 0;
		w->many_ms = w->told = 0;
		return was_told ? WARD_MANY_WELL : WARD_NO_NEWS;
	}
	if (w->told == 0)
		return now_ms - w->many_ms >= terms->tell_ms ? WARD_MANY_SICK : WARD_NO_NEWS;
	return remind(w, now_ms, terms);
}
