/* How a source is: what one poll says, and what polls that agree make of it. */
#include "crawler/health.h"

#include "common/base/clock.h"
#include "crawler/polling.h"

#include <math.h>

#define MILLI 1000.0
#define LEARN_MS (8 * MS_PER_DAY) /* a weekend is in it */
#define LEAST_MS MS_PER_HOUR
#define LEAST_EVENTS 5.0
#define PRIOR_EVENTS 0.5
#define RECORD_MS (60.0 * MS_PER_DAY)
#define RECORD_MARGIN 1.5
#define RECORD_MOST 8.0
#define MEAN_OF 8 /* pages that a mean forgets with */
#define LIFT 32 /* pages after which the emptiest one is half forgotten */
#define READS_LEAST 5 /* pages before one can be unusual */
#define ENTRIES_LEAST 4.0 /* posts on a page, usually, before fewer are a sign */
#define DRIFT_POSTS 3 /* on a page, before their fields say anything */
#define SHARE_HIGH 0.8
#define SHARE_LOW 0.2
#define SHARE_LOW_OTHER 0.5 /* another reader took the page */
#define ACCEPT_MS (14 * MS_PER_DAY) /* then the page is as it is: its new looks are the usual ones */
#define SLOWER 2 /* times the interval of a sick source */
#define SLOWEST_MS MS_PER_HOUR /* … which is not raised beyond this */

const char *const health_names[HEALTH__N] = {
	[HEALTH_NEW] = "new",
	[HEALTH_WELL] = "healthy",
	[HEALTH_SILENT] = "silent",
	[HEALTH_CANARY] = "canary",
	[HEALTH_DRIFT] = "drift",
	[HEALTH_LIMITED] = "limited",
	[HEALTH_CHALLENGED] = "challenged",
	[HEALTH_FAILING] = "failing",
	[HEALTH_GONE] = "gone",
};

/* Polls in a row that settle a state; `slowed`: nothing else does so already. */
static const struct {
	int polls;
	bool slowed;
} policy[HEALTH__N] = {
	[HEALTH_NEW] = { 1, false },
	[HEALTH_WELL] = { 2, false },
	[HEALTH_SILENT] = { 2, true },
	[HEALTH_CANARY] = { 2, true },
	[HEALTH_DRIFT] = { 2, true },
	[HEALTH_LIMITED] = { 3, false },
	[HEALTH_CHALLENGED] = { 2, false },
	[HEALTH_FAILING] = { 3, false },
	[HEALTH_GONE] = { 2, false },
};

enum health health_of(struct str word)
{
	for (enum health h = HEALTH_NEW; h < HEALTH__N; h++)
		if (str_eqc(word, health_names[h]))
			return h;
	return HEALTH_NEW;
}

bool health_is_sick(enum health h)
{
	return h != HEALTH_NEW && h != HEALTH_WELL;
}

/* ---- silence ---- */

static double events_of(const struct health_memory *m, int64_t posts)
{
	return (double)posts / MILLI / fmax(1, (double)m->clump / MILLI);
}

/* Events that have to be owed before it is said: see health.h. */
static double bound_of(const struct health_memory *m)
{
	const double known = PRIOR_EVENTS + events_of(m, m->known);
	const double chance = 1 / HEALTH_CHANCE / fmax(1, events_of(m, m->usual));
	const double bound = known * (pow(chance, -1 / known) - 1);
	return fmax(bound, fmin(RECORD_MARGIN * events_of(m, m->record), RECORD_MOST * bound));
}

bool health_is_silent(const struct health_memory *m, int64_t now_ms, struct health_finding *out)
{
	const double owed = events_of(m, m->owed), known = PRIOR_EVENTS + events_of(m, m->known);
	out->owed = (double)m->owed / MILLI;
	out->usual = (double)m->usual / MILLI;
	out->quiet_ms = m->news_ms > 0 ? now_ms - m->news_ms : 0;
	out->chance = pow(1 + owed / known, -known);
	if (m->news_ms <= 0 || now_ms - m->first_ms < LEARN_MS || out->quiet_ms < LEAST_MS || known < LEAST_EVENTS)
		return false;
	return owed >= bound_of(m);
}

/* Of a stretch of time by the rate that held when it last brought something; the hours are those known now. */
static double owed_in(const struct health_memory *m, const struct source_arrivals *arrivals, int64_t from_ms, int64_t to_ms)
{
	const double day = polling_expected(arrivals, from_ms, from_ms + MS_PER_DAY);
	return day > 0 ? (double)m->usual * polling_expected(arrivals, from_ms, to_ms) / day : 0;
}

static void note_news(struct health_memory *m, const struct source_arrivals *arrivals, const struct health_sight *s)
{
	const bool is_first = m->news_ms <= 0;
	const double forgotten = exp(-(double)(s->now_ms - m->news_ms) / RECORD_MS);
	const double posts = (double)s->nnew * MILLI;
	if (!is_first) {
		m->record = llround(fmax((double)m->record * forgotten, (double)m->owed));
		m->clump = m->clump == 0 ? (int64_t)posts : m->clump + ((int64_t)posts - m->clump) / MEAN_OF;
	}
	m->owed = 0;
	m->news_ms = s->now_ms;
	m->known = arrivals->posts;
	m->usual = llround(polling_expected(arrivals, s->now_ms, s->now_ms + MS_PER_DAY) * MILLI);
}

/* The clock stands while the source does not answer: a site that is down owes nothing. */
void health_clock(struct health_memory *m, const struct source_arrivals *arrivals, const struct health_sight *s)
{
	if (!s->is_fine) {
		m->polled_ms = 0;
		return;
	}
	if (m->first_ms <= 0)
		m->first_ms = s->now_ms;
	if (m->polled_ms > 0 && s->now_ms > m->polled_ms)
		m->owed += llround(owed_in(m, arrivals, m->polled_ms, s->now_ms));
	m->polled_ms = s->now_ms;
	if (s->nnew > 0 && !s->is_further)
		note_news(m, arrivals, s);
}

/* ---- pages ---- */

struct field {
	size_t n;
	int64_t *usual;
};

/* Those whose loss costs most come first. */
static void fields_of(const struct health_page *p, struct health_memory *m, struct field out[3])
{
	out[0] = (struct field){ p->texts, &m->texts };
	out[1] = (struct field){ p->dates, &m->dates };
	out[2] = (struct field){ p->authors, &m->authors };
}

static bool has_drifted(const struct health_page *p, struct health_memory *m, struct health_finding *out)
{
	struct field field[3];
	const bool is_other = !str_eq(p->reader, m->reader);
	if (p->n < DRIFT_POSTS)
		return false;
	fields_of(p, m, field);
	for (int i = 0; i < 3; i++) {
		const double now = (double)field[i].n / (double)p->n, usual = (double)*field[i].usual / MILLI;
		if (usual < SHARE_HIGH || now > (is_other ? SHARE_LOW_OTHER : SHARE_LOW))
			continue;
		out->field = i;
		out->now = now;
		out->usual = usual;
		out->reader = is_other ? p->reader : STR("");
		out->was_reader = is_other ? m->reader : STR("");
		return true;
	}
	return false;
}

static bool is_empty(const struct health_page *p, const struct health_memory *m, struct health_finding *out)
{
	const double now = (double)p->n, usual = (double)m->entries / MILLI, least = (double)m->least / MILLI;
	if (usual < ENTRIES_LEAST || 2 * now >= least)
		return false;
	out->now = now;
	out->usual = usual;
	return true;
}

static void learn_page(const struct health_page *p, struct health_memory *m)
{
	struct field field[3];
	const int64_t n = (int64_t)p->n * 1000, weight = m->reads + 1 < MEAN_OF ? m->reads + 1 : MEAN_OF;
	fields_of(p, m, field);
	m->entries += (n - m->entries) / weight;
	m->least = m->reads == 0 || n < m->least ? n : m->least + (m->entries - m->least) / LIFT;
	for (int i = 0; i < 3 && p->n > 0; i++)
		*field[i].usual += ((int64_t)field[i].n * 1000 / (int64_t)p->n - *field[i].usual) / weight;
	m->reads++;
	m->reader = p->reader;
}

static void forget_pages(struct health_memory *m)
{
	m->reads = m->entries = m->least = m->texts = m->dates = m->authors = 0;
	m->page = HEALTH_WELL;
	m->reader = STR("");
}

static void judge_page(const struct health_page *p, struct health_memory *m, struct health_finding *out)
{
	m->page = HEALTH_WELL;
	if (m->reads >= READS_LEAST && is_empty(p, m, out))
		m->page = HEALTH_CANARY;
	else if (m->reads >= READS_LEAST && has_drifted(p, m, out))
		m->page = HEALTH_DRIFT;
	if (m->page == HEALTH_WELL)
		learn_page(p, m);
	m->page_field = out->field;
	m->page_now = llround(out->now * MILLI);
	m->page_usual = llround(out->usual * MILLI);
}

/* The page has not changed since it was found wanting. */
static void recall_page(const struct health_memory *m, struct health_finding *out)
{
	out->field = m->page_field >= 0 && m->page_field < 3 ? (int)m->page_field : 0;
	out->now = (double)m->page_now / MILLI;
	out->usual = (double)m->page_usual / MILLI;
}

/* ---- one poll ---- */

static enum health by_standing(const struct health_sight *s)
{
	switch (s->standing) {
	case STANDING_LIMITED:
		return HEALTH_LIMITED;
	case STANDING_CHALLENGED:
		return HEALTH_CHALLENGED;
	case STANDING_GONE:
	case STANDING_RETIRED:
		return HEALTH_GONE;
	default:
		return s->is_unread ? HEALTH_CANARY : HEALTH_FAILING;
	}
}

static enum health judge(struct health_memory *m, const struct health_sight *s, struct health_finding *out)
{
	*out = (struct health_finding){ .failures = s->failures, .error = s->error, .is_unread = s->is_unread };
	if (!s->is_fine)
		return by_standing(s);
	if (s->page != NULL)
		judge_page(s->page, m, out);
	else
		recall_page(m, out);
	if (health_is_sick(m->page))
		return m->page;
	return health_is_silent(m, s->now_ms, out) ? HEALTH_SILENT : HEALTH_WELL;
}

/* ---- many polls ---- */

/* How many polls settle it: news ends a silence at once, and 410 leaves no doubt. */
static int64_t polls_of(enum health is, enum health verdict, const struct health_sight *s)
{
	const bool is_sure =
		s->standing == STANDING_RETIRED || (verdict == HEALTH_WELL && (is == HEALTH_NEW || is == HEALTH_SILENT));
	return is_sure ? 1 : policy[verdict].polls;
}

/* Trouble of any kind goes on when it changes its kind. */
static bool is_same_doubt(const struct health_memory *m, enum health is, enum health verdict)
{
	return m->doubts > 0 &&
	       (m->doubt == verdict || (!health_is_sick(is) && health_is_sick(m->doubt) && health_is_sick(verdict)));
}

/* True when the verdict holds from now on. */
static bool settle(struct health_memory *m, enum health is, enum health verdict, const struct health_sight *s)
{
	if (verdict == is) {
		m->doubts = 0;
		m->doubt = is;
		return false;
	}
	if (!is_same_doubt(m, is, verdict)) {
		m->doubts = 0;
		m->doubt_ms = s->now_ms;
	}
	m->doubt = verdict;
	m->doubts++;
	return m->doubts >= polls_of(is, verdict, s);
}

static enum health_news news_of(const struct source_health *h, enum health was, int64_t now_ms, const struct health_terms *t)
{
	static const int times[] = { 1, 3, 7 };
	const enum health is = health_of(h->state);
	if (!health_is_sick(is))
		return health_is_sick(was) && h->told > 0 ? HEALTH_RECOVERED : HEALTH_NO_NEWS;
	if (h->told == 0)
		return now_ms - h->since_ms >= t->tell_ms ? HEALTH_FELL_ILL : HEALTH_NO_NEWS;
	const int64_t pause_ms = t->remind_ms * times[h->told < 3 ? h->told - 1 : 2];
	return now_ms - h->told_ms >= pause_ms ? HEALTH_STILL_ILL : HEALTH_NO_NEWS;
}

/* The state changes: sickness of another kind goes on since it began. */
static void turn(struct source_health *h, const struct health_memory *m, enum health was, enum health is)
{
	if (!health_is_sick(was) || !health_is_sick(is))
		h->since_ms = m->doubt_ms;
	if (!health_is_sick(was) && health_is_sick(is))
		h->told = h->told_ms = 0;
	h->state = str_of(health_names[is]);
}

/* The sentence of a sick state is renewed as long as polls agree with it. A page that looks so for long is as it is. */
static void explain(struct arena *a, struct source_health *h, struct health_memory *m, struct health_outcome *out, int64_t now_ms)
{
	if (!health_is_sick(out->is))
		h->why = STR("");
	else if (out->verdict == out->is)
		h->why = health_reason(a, &out->finding, HEALTH_EN);
	if (health_is_sick(out->is) && health_is_sick(m->page) && now_ms - h->since_ms > ACCEPT_MS)
		forget_pages(m);
}

struct health_outcome health_step(struct arena *a, struct source_health *h, const struct source_arrivals *arrivals,
	const struct health_sight *sight, const struct health_terms *terms)
{
	struct health_memory m;
	struct health_outcome out = { .was = health_of(h->state), .since_ms = h->since_ms };
	health_memory_parse(h->memory, &m);
	health_clock(&m, arrivals, sight);
	out.verdict = judge(&m, sight, &out.finding);
	out.finding.verdict = out.verdict;
	if (settle(&m, out.was, out.verdict, sight)) {
		turn(h, &m, out.was, out.verdict);
		m.doubts = 0;
	}
	out.is = health_of(h->state);
	if (health_is_sick(out.is))
		out.since_ms = h->since_ms;
	explain(a, h, &m, &out, sight->now_ms);
	h->memory = health_memory_write(a, &m);
	out.memory = m;
	out.news = news_of(h, out.was, sight->now_ms, terms);
	if (health_is_sick(out.is) && !health_is_sick(out.verdict))
		out.news = HEALTH_NO_NEWS; /* it may be over */
	return out;
}

void health_told(struct source_health *h, enum health_news news, int64_t now_ms)
{
	h->told = news == HEALTH_RECOVERED ? 0 : h->told + 1;
	h->told_ms = news == HEALTH_RECOVERED ? 0 : now_ms;
}

int64_t health_wait_ms(const struct source_health *h, int64_t wait_ms)
{
	if (!policy[health_of(h->state)].slowed || wait_ms >= SLOWEST_MS)
		return wait_ms;
	return wait_ms * SLOWER < SLOWEST_MS ? wait_ms * SLOWER : SLOWEST_MS;
}
