/* Sources of brands in alert are asked more often: which ones, from when to when. */
#include "crawler/boost.h"

#include <earshot/limits.h>

#include "common/base/log.h"
#include "common/store/found.h"
#include "common/store/incidents_open.h"
#include "crawler/fetch.h"
#include "crawler/polling.h"

#include <stdlib.h>
#include <string.h>

struct alerted {
	char brand[LIMIT_BRAND_ID + 1]; /* "" = the place is free */
	int64_t since_ms;
	bool is_asked[EARSHOT_SHARDS]; /* its sources there are known */
};

/* A look has two steps: the brands' current incidents, then how those are. */
struct current {
	char brand[LIMIT_BRAND_ID + 1], incident[INCIDENT_ID_BYTES];
};

struct boost {
	struct alerted *alert; /* LIMIT_BOOST_BRANDS places; NULL until a brand is in alert */
	unsigned char *of; /* of each source: place of the alert + 1; 0 = none */
	uint32_t *waiting; /* sources whose due times are to come forward */
	size_t nsources, nwaiting;
	int64_t next_ms; /* of the next look */
	struct current *current; /* of the last look */
	size_t ncurrent;
	bool has_ids; /* the first step is done, the second follows in the next turn */
	bool is_asking; /* answers are on their way */
};

struct boost *boost_new(size_t nsources)
{
	struct boost *b = calloc(1, sizeof *b);
	if (b == NULL)
		abort();
	b->nsources = nsources;
	return b;
}

void boost_free(struct boost *b)
{
	if (b == NULL)
		return;
	free(b->alert);
	free(b->of);
	free(b->waiting);
	free(b->current);
	free(b);
}

/* ---- which brands ---- */

static bool is_free(const struct alerted *a)
{
	return a->brand[0] == '\0';
}

static void copy_text(char *to, size_t size, struct str from)
{
	const size_t n = from.n < size ? from.n : size - 1;
	if (n > 0)
		memcpy(to, from.p, n);
	to[n] = '\0';
}

/* Most crawlers never see an alert: the memory is taken when there is one. */
static void make_room(struct boost *b)
{
	if (b->alert != NULL)
		return;
	b->alert = calloc(LIMIT_BOOST_BRANDS, sizeof *b->alert);
	b->of = calloc(b->nsources + 1, sizeof *b->of);
	b->waiting = calloc(b->nsources + 1, sizeof *b->waiting);
	if (b->alert == NULL || b->of == NULL || b->waiting == NULL)
		abort();
}

static struct alerted *find(const struct boost *b, struct str brand)
{
	for (size_t i = 0; b->alert != NULL && i < LIMIT_BOOST_BRANDS; i++)
		if (!is_free(&b->alert[i]) && str_eqc(brand, b->alert[i].brand))
			return &b->alert[i];
	return NULL;
}

/* Its sources may be those of another brand in alert as well: all of them are asked for again. */
static void end_alert(struct boost *b, struct alerted *a)
{
	const unsigned char place = (unsigned char)(a - b->alert + 1);
	log_event(LOG_INFO, EV_boost_over, "brand=%s", a->brand);
	for (size_t i = 0; i < b->nsources; i++)
		if (b->of[i] == place)
			b->of[i] = 0;
	*a = (struct alerted){ 0 };
	for (size_t i = 0; i < LIMIT_BOOST_BRANDS; i++)
		memset(b->alert[i].is_asked, 0, sizeof b->alert[i].is_asked);
}

static void begin_alert(struct boost *b, const struct boost_alert *from)
{
	make_room(b);
	size_t at = 0;
	while (at < LIMIT_BOOST_BRANDS && !is_free(&b->alert[at]))
		at++;
	if (at == LIMIT_BOOST_BRANDS)
		return;
	b->alert[at] = (struct alerted){ .since_ms = from->since_ms };
	copy_text(b->alert[at].brand, sizeof b->alert[at].brand, from->brand);
	log_event(LOG_INFO, EV_boost_begun, "brand=%s", b->alert[at].brand);
}

static const struct boost_alert *find_told(const struct boost_alert *alert, size_t n, const char *brand)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc(alert[i].brand, brand))
			return &alert[i];
	return NULL;
}

void boost_follow(struct boost *b, const struct boost_alert *alert, size_t n)
{
	for (size_t i = 0; b->alert != NULL && i < LIMIT_BOOST_BRANDS; i++)
		if (!is_free(&b->alert[i]) && find_told(alert, n, b->alert[i].brand) == NULL)
			end_alert(b, &b->alert[i]);
	for (size_t i = 0; i < n; i++) {
		struct alerted *known = find(b, alert[i].brand);
		if (known != NULL)
			known->since_ms = alert[i].since_ms; /* another incident may have followed at once */
		else
			begin_alert(b, &alert[i]);
	}
}

/* ---- asking ---- */

static struct partition brand_of(const struct crawl *c, struct arena *a, struct str brand)
{
	return (struct partition){ .redis = c->redis, .arena = a, .brand = brand };
}

void boost_queue(struct crawl *c, struct arena *a, int64_t now_ms)
{
	struct boost *b = c->boost;
	b->is_asking = b->has_ids || now_ms >= b->next_ms;
	if (b->has_ids) {
		for (size_t i = 0; i < b->ncurrent; i++) {
			const struct partition p = brand_of(c, a, str_of(b->current[i].brand));
			incidents_open_since_queue(&p, str_of(b->current[i].incident));
		}
	} else if (b->is_asking) {
		for (size_t i = 0; i < c->book->nbrands; i++) {
			const struct partition p = brand_of(c, a, c->book->brand[i].id);
			incidents_open_id_queue(&p);
		}
	}
}

static void keep_current(struct boost *b, struct str brand, struct str incident)
{
	struct current *now = &b->current[b->ncurrent++];
	copy_text(now->brand, sizeof now->brand, brand);
	copy_text(now->incident, sizeof now->incident, incident);
}

static enum outcome take_ids(struct crawl *c, struct arena *a, struct err *e)
{
	struct boost *b = c->boost;
	enum outcome done = OK;
	free(b->current);
	b->current = calloc(c->book->nbrands + 1, sizeof *b->current);
	b->ncurrent = 0;
	if (b->current == NULL)
		abort();
	for (size_t i = 0; i < c->book->nbrands && done == OK; i++) {
		const struct partition p = brand_of(c, a, c->book->brand[i].id);
		struct str incident = STR("");
		done = incidents_open_id_take(&p, &incident, e);
		if (incident.n > 0)
			keep_current(b, p.brand, incident);
	}
	return done;
}

static enum outcome take_states(struct crawl *c, struct arena *a, struct err *e)
{
	struct boost *b = c->boost;
	struct boost_alert *open = arena_list(a, struct boost_alert, b->ncurrent + 1);
	enum outcome done = OK;
	size_t n = 0;
	for (size_t i = 0; i < b->ncurrent && done == OK; i++) {
		int64_t since_ms = 0;
		done = incidents_open_since_take(c->redis, &since_ms, e);
		if (since_ms > 0)
			open[n++] = (struct boost_alert){ str_of(b->current[i].brand), since_ms };
	}
	if (done == OK)
		boost_follow(b, open, n);
	return done;
}

/* A look that Redis did not answer is begun anew in a while; until then everything is as it was. */
enum outcome boost_take(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	struct boost *b = c->boost;
	if (!b->is_asking)
		return OK;
	const bool is_first = !b->has_ids;
	const enum outcome done = is_first ? take_ids(c, a, e) : take_states(c, a, e);
	if (done == OK && is_first && b->ncurrent == 0)
		boost_follow(b, NULL, 0);
	b->has_ids = done == OK && is_first && b->ncurrent > 0;
	b->next_ms = now_ms + LIMIT_BOOST_LOOK_MS;
	b->is_asking = false;
	return done;
}

/* ---- whose sources ---- */

static void boost_source(struct boost *b, const struct alerted *a, size_t source)
{
	if (b->of[source] != 0)
		return;
	b->of[source] = (unsigned char)(a - b->alert + 1);
	if (b->nwaiting < b->nsources)
		b->waiting[b->nwaiting++] = (uint32_t)source;
}

void boost_found(struct boost *b, size_t source, const struct str *brand, size_t n)
{
	for (size_t i = 0; b->alert != NULL && b->of[source] == 0 && i < n; i++) {
		const struct alerted *a = find(b, brand[i]);
		if (a != NULL)
			b->of[source] = (unsigned char)(a - b->alert + 1); /* its visit plans what is next */
	}
}

void boost_mark(const struct boost *b, size_t source, struct source_state *state)
{
	const unsigned char place = b->of != NULL ? b->of[source] : 0;
	state->boost = place > 0 ? str_of(b->alert[place - 1].brand) : STR("");
	state->boost_ms = place > 0 ? b->alert[place - 1].since_ms : 0;
}

static void take_own(struct crawl *c, const struct alerted *a, uint32_t shard)
{
	size_t n = 0;
	const uint32_t *which = frontier_shard(&c->frontier, shard, &n);
	for (size_t i = 0; i < n; i++) {
		const struct conf_list *brands = &c->sources->source[which[i]].how->brands;
		for (size_t k = 0; k < brands->n; k++)
			if (str_eqc(brands->item[k], a->brand))
				boost_source(c->boost, a, which[i]);
	}
}

/* An alert whose sources in a shard are asked for. */
struct question {
	struct alerted *alert;
	uint32_t shard;
};

/* Every alert in every shard that is ours, once; a shard that went to somebody else is asked anew when it comes back. */
static size_t queue_found(struct crawl *c, struct arena *a, int64_t now_ms, struct question *out)
{
	size_t n = 0;
	for (size_t k = 0; k < LIMIT_BOOST_BRANDS; k++)
		for (size_t i = 0; !is_free(&c->boost->alert[k]) && i < c->nshards && n < LIMIT_BOOST_SOURCES; i++) {
			struct question q = { &c->boost->alert[k], c->shard[i] };
			const bool is_ours = c->frontier.is_open[q.shard];
			if (is_ours && !q.alert->is_asked[q.shard]) {
				const struct partition p = crawl_partition(c, a, q.shard);
				found_list_queue(&p, str_of(q.alert->brand), now_ms);
				out[n++] = q;
			}
			q.alert->is_asked[q.shard] = is_ours;
		}
	return n;
}

static enum outcome take_found(struct crawl *c, struct arena *a, const struct question *q, struct err *e)
{
	const struct partition p = crawl_partition(c, a, q->shard);
	struct str *id = NULL;
	size_t n = 0;
	const enum outcome done = found_list_take(&p, &id, &n, e);
	for (size_t i = 0; i < n; i++) {
		const struct source *s = sources_find(c->sources, id[i]);
		if (s != NULL && s->shard == q->shard)
			boost_source(c->boost, q->alert, (size_t)(s - c->sources->source));
	}
	take_own(c, q->alert, q->shard);
	return done;
}

/* One trip for all that are new. */
static enum outcome ask_found(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	struct question *asked = arena_list(a, struct question, LIMIT_BOOST_SOURCES);
	enum outcome done = OK;
	const size_t n = queue_found(c, a, now_ms, asked);
	for (size_t i = 0; i < n; i++) {
		if (done == OK)
			done = take_found(c, a, &asked[i], e);
		if (done != OK)
			asked[i].alert->is_asked[asked[i].shard] = false;
	}
	redis_drain(c->redis);
	redis_done(c->redis);
	return done;
}

/* ---- their due times ---- */

/* What else decided is not ours to shorten, and a visit that is in the middle of its pages goes on soon anyway. */
static bool is_by_rate(const struct source_state *s)
{
	static const enum polling_why loose[] = { POLLING_RATE, POLLING_CEILING, POLLING_WEBSUB };
	for (size_t i = 0; i < sizeof loose / sizeof *loose; i++)
		if (str_eqc(s->why, polling_why_names[loose[i]]))
			return s->failures == 0 && s->page.n == 0 && s->fetched_ms > 0;
	return false;
}

bool boost_plan(const struct source *s, struct source_state *state, int64_t now_ms)
{
	const int64_t planned_ms = state->next_ms;
	if (!is_by_rate(state))
		return false;
	const int64_t next_ms = fetch_next_ms(s, state, 0, state->fetched_ms);
	state->next_ms = next_ms > now_ms ? next_ms : now_ms;
	return state->next_ms < planned_ms;
}

/* One that is under way plans by itself, and of a shard that went its next owner sees to it. */
static bool is_ours(const struct crawl *c, uint32_t source)
{
	return c->boost->of[source] != 0 && c->fetch[source] == NULL && c->frontier.is_open[c->sources->source[source].shard];
}

static enum outcome read_states(
	struct crawl *c, struct arena *a, const uint32_t *which, size_t n, struct source_state *out, struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < n; i++) {
		const struct partition p = crawl_partition(c, a, c->sources->source[which[i]].shard);
		sources_state_queue(&p, c->sources->source[which[i]].id);
	}
	for (size_t i = 0; i < n && done == OK; i++)
		done = sources_state_take(c->redis, a, &out[i], e);
	redis_done(c->redis);
	return done;
}

static enum outcome hasten(struct crawl *c, struct arena *a, const uint32_t *which, size_t n, int64_t now_ms, struct err *e)
{
	struct source_state *state = arena_list(a, struct source_state, n);
	uint32_t *sooner = arena_list(a, uint32_t, n);
	size_t nsooner = 0;
	enum outcome done = read_states(c, a, which, n, state, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		const struct source *s = &c->sources->source[which[i]];
		const struct partition p = crawl_partition(c, a, s->shard);
		boost_mark(c->boost, which[i], &state[i]);
		if (!is_ours(c, which[i]) || !boost_plan(s, &state[i], now_ms))
			continue;
		found_hasten_queue(&p, s->id, &state[i], now_ms);
		sooner[nsooner++] = which[i];
	}
	for (size_t i = 0; i < nsooner && done == OK; i++) {
		int64_t due_ms = 0;
		done = crawl_unless_fenced(c, c->sources->source[sooner[i]].shard, found_hasten_take(c->redis, &due_ms, e), e);
		if (done == OK && due_ms > 0 && due_ms < c->frontier.due_ms[sooner[i]])
			frontier_due(&c->frontier, sooner[i], due_ms);
	}
	redis_drain(c->redis);
	redis_done(c->redis);
	return done;
}

enum outcome boost_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	struct boost *b = c->boost;
	if (b->alert == NULL)
		return OK;
	redis_drain(c->redis);
	enum outcome done = ask_found(c, a, now_ms, e);
	if (done != OK || b->nwaiting == 0)
		return done;
	const size_t n = b->nwaiting < LIMIT_BOOST_SOURCES ? b->nwaiting : LIMIT_BOOST_SOURCES;
	done = hasten(c, a, b->waiting + b->nwaiting - n, n, now_ms, e);
	b->nwaiting -= done != RETRY ? n : 0; /* with Redis away it is done again; else their next visit sees to it */
	return done;
}
