/* Health at the edge: notices to the operators, and the coverage beside the counts. */
#include "crawler/health_tell.h"

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/store/notices.h"
#include "common/store/pauses.h"
#include "common/store/sources_health.h"
#include "crawler/fetch.h"
#include "crawler/ward.h"

#include <string.h>

#define LOOK_MS 5000
#define SHARDS_A_TURN 4

static struct health_terms terms_of(const struct crawl *c)
{
	return (struct health_terms){ .tell_ms = c->settings->health_tell_ms, .remind_ms = c->settings->health_remind_ms };
}

/* ---- what a visit saw ---- */

/* Of the source's own page; reader "" when none was read, and of a mailbox, which has no page. */
static struct health_page page_of(const struct visit *v)
{
	struct health_page page = { .n = v->in.n };
	if (!v->has_posts || v->outcome != OK || !v->f->is_own || v->f->source->how->kind == SOURCE_IMAP)
		return page;
	page.reader = v->in.what;
	for (size_t i = 0; i < v->in.n; i++) {
		const struct post *p = &v->in.post[i].post;
		page.texts += p->text.n > 0;
		page.dates += p->posted_ms >= 0;
		page.authors += p->author.n > 0;
	}
	return page;
}

/* It came as always, and says nothing that can be read. */
static bool is_unread(const struct visit *v)
{
	return v->outcome != OK && v->r->outcome == OK && v->r->status == 200 && v->challenge == NULL && v->wait_ms == 0;
}

/* ---- notices ---- */

static enum outcome send(struct crawl *c, struct arena *a, const struct notice *n, struct err *e)
{
	const enum outcome done = notices_append(c->redis, a, n, e);
	if (done == OK)
		metrics_add(M_notices_total, 1);
	return done;
}

static enum notice_kind kind_of(enum health_news news)
{
	return news == HEALTH_FELL_ILL ? NOTICE_SICK : news == HEALTH_STILL_ILL ? NOTICE_REMINDER : NOTICE_WELL;
}

/* "forum-a is silent for 3 d 2 h: …. It is asked less often, and not dropped; earshot source explain forum-a" */
static struct str sentence(
	struct arena *a, const struct source *s, const struct health_outcome *o, int64_t now_ms, enum health_lang lang)
{
	const struct str span = health_span(a, now_ms - o->since_ms, lang), reason = health_reason(a, &o->finding, lang);
	const char *state = health_word(o->is, lang);
	const bool is_zh = lang == HEALTH_ZH;
	if (o->news == HEALTH_RECOVERED)
		return arena_printf(a,
			is_zh ? "来源 %.*s 已恢复正常（此前：%s，持续 %.*s）。"
			      : "Source %.*s is well again (it was: %s, for %.*s).",
			STR_FMT(s->id), health_word(o->was, lang), STR_FMT(span));
	const char *more = is_zh ? "采集间隔已拉长，但不会停止。详情：earshot source explain"
				 : "It is asked less often, and not dropped. More: earshot source explain";
	return arena_printf(a,
		is_zh ? "来源 %.*s 异常：%s，已持续 %.*s。%.*s%s%s %.*s" : "Source %.*s is sick: %s, for %.*s. %.*s%s%s %.*s",
		STR_FMT(s->id), state, STR_FMT(span), STR_FMT(reason),
		reason.n == 0 ? ""
		: is_zh       ? "。"
			      : ". ",
		more, STR_FMT(s->id));
}

static enum outcome tell_one(
	const struct visit *v, const struct source *s, const struct health_outcome *o, int64_t told, struct err *e)
{
	struct arena *a = v->a;
	const struct notice n = {
		.id = arena_printf(a, "source-%.*s-%lld:%lld%s", STR_FMT(s->id), (long long)o->since_ms, (long long)told,
			o->news == HEALTH_RECOVERED ? "w" : ""),
		.kind = kind_of(o->news),
		.source = s->id,
		.state = str_of(health_names[o->is]),
		.at_ms = v->now_ms,
		.since_ms = o->since_ms,
		.zh = sentence(a, s, o, v->now_ms, HEALTH_ZH),
		.en = sentence(a, s, o, v->now_ms, HEALTH_EN),
	};
	return send(v->c, a, &n, e);
}

/* ---- many at once ---- */

static struct str many_sentence(struct arena *a, const struct ward_count *count, enum ward_news news, enum health_lang lang)
{
	const bool is_zh = lang == HEALTH_ZH, is_ours = 5 * count->mute >= 4 * count->lately && count->lately > 0;
	if (news == WARD_MANY_WELL)
		return arena_printf(a,
			is_zh ? "大面积异常已结束：%zu 个来源中 %zu 个仍异常。"
			      : "It is over: of %zu sources %zu are still sick.",
			count->known, count->sick);
	const char *ours = is_zh ? "几乎都没有任何应答，很可能是本机网络或 DNS 故障。"
				 : "Nearly all of them give no answer at all: look at earshot's own network and DNS first.";
	return arena_printf(a,
		is_zh ? "%zu 个来源中有 %zu 个同时异常，合并为一条通知。%s详情：earshot source list --sick"
		      : "Of %zu sources %zu are sick at once; this is the one notice for all of them. %s More: earshot source "
			"list --sick",
		count->known, count->sick, is_ours ? ours : "");
}

struct many {
	const struct ward_count *count;
	enum ward_news news;
	int64_t began_ms, now_ms;
};

static enum outcome tell_many(struct crawl *c, struct arena *a, const struct many *m, struct err *e)
{
	const bool is_over = m->news == WARD_MANY_WELL;
	const struct notice n = {
		.id = arena_printf(a, "sources-%.*s-%lld:%lld%s", STR_FMT(c->owner), (long long)m->began_ms,
			(long long)c->ward->told, is_over ? "w" : ""),
		.kind = m->news == WARD_MANY_SICK ? NOTICE_MANY_SICK
			: is_over                 ? NOTICE_MANY_WELL
						  : NOTICE_REMINDER,
		.at_ms = m->now_ms,
		.since_ms = m->began_ms,
		.zh = many_sentence(a, m->count, m->news, HEALTH_ZH),
		.en = many_sentence(a, m->count, m->news, HEALTH_EN),
	};
	return send(c, a, &n, e);
}

/* What crawlers, this one among them, told before. */
struct words {
	struct many_sick *word;
	size_t n;
};

/* A word of another crawler is ours once it is under our name; whoever takes the other one away goes on with it. */
static enum outcome inherit(struct crawl *c, struct arena *a, const struct many_sick *word, int64_t now_ms, struct err *e)
{
	struct many_sick own = *word;
	bool was_there = true;
	own.crawler = c->owner;
	own.at_ms = now_ms;
	enum outcome done = many_sick_write(c->redis, a, &own, e);
	if (done == OK && !str_eq(word->crawler, c->owner))
		done = many_sick_remove(c->redis, a, word->crawler, &was_there, e);
	if (done == OK && was_there)
		ward_take(c->ward, word);
	else if (done == OK)
		done = many_sick_remove(c->redis, a, c->owner, &was_there, e);
	return done;
}

static enum outcome look_at_words(struct crawl *c, struct arena *a, const struct words *words, int64_t now_ms, struct err *e)
{
	const struct ward_count count = ward_count(c->ward, now_ms);
	enum outcome done = OK;
	for (size_t i = 0; i < words->n && done == OK; i++) {
		const struct many_sick *word = &words->word[i];
		if (ward_inherits(c->ward, &count, word, str_eq(word->crawler, c->owner), now_ms))
			done = inherit(c, a, word, now_ms, e);
	}
	return done;
}

/* Said again at every look while it lasts, so that it can be seen whether its crawler lives. */
static enum outcome keep_word(struct crawl *c, struct arena *a, bool was_told, int64_t now_ms, struct err *e)
{
	const struct ward *w = c->ward;
	const struct many_sick word = { c->owner, w->many_ms, w->told_ms, w->told, now_ms };
	bool was_there = false;
	if (w->told > 0)
		return many_sick_write(c->redis, a, &word, e);
	return was_told ? many_sick_remove(c->redis, a, c->owner, &was_there, e) : OK;
}

/* Counts all, and tells what is due of many. */
static enum outcome look_at_many(struct crawl *c, struct arena *a, int64_t now_ms, struct ward_count *count, struct err *e)
{
	struct ward *w = c->ward;
	const struct health_terms terms = terms_of(c);
	const int64_t began_ms = w->many_ms;
	*count = ward_count(w, now_ms);
	const enum ward_news news = ward_step(w, count, now_ms, &terms);
	if (news == WARD_NO_NEWS || (news == WARD_MANY_SICK && ward_waits(w, now_ms)))
		return OK;
	const enum outcome done = tell_many(c, a, &(struct many){ count, news, began_ms, now_ms }, e);
	if (done != OK)
		return done;
	w->told = news == WARD_MANY_WELL ? 0 : w->told + 1;
	w->told_ms = now_ms;
	log_event(news == WARD_MANY_WELL ? LOG_INFO : LOG_WARN, news == WARD_MANY_WELL ? EV_sources_well : EV_sources_sick,
		"sick=%zu of=%zu unanswered=%zu", count->sick, count->known, count->mute);
	return OK;
}

/* ---- one source ---- */

static void log_step(const struct source *s, const struct source_state *state, const struct health_outcome *o)
{
	const bool was_sick = health_is_sick(o->was), is_sick = health_is_sick(o->is);
	if (is_sick && o->is != o->was)
		log_event(LOG_WARN, EV_source_sick, "source=%.*s health=%s was=%s why=%s", STR_FMT(s->id), health_names[o->is],
			health_names[o->was], log_quote(state->health.why));
	else if (was_sick && !is_sick)
		log_event(LOG_INFO, EV_source_well, "source=%.*s was=%s", STR_FMT(s->id), health_names[o->was]);
}

/* Single sickness waits while many are ill at once: their notice says it all. */
static enum outcome tell(const struct visit *v, const struct health_outcome *o, struct err *e)
{
	struct source_health *health = &v->f->state.health;
	struct ward_count count;
	enum outcome done = OK;
	if (o->news == HEALTH_NO_NEWS)
		return OK;
	if (o->news == HEALTH_FELL_ILL && v->c->ward->many_ms == 0)
		done = look_at_many(v->c, v->a, v->now_ms, &count, e);
	if (done != OK || (o->news == HEALTH_FELL_ILL && v->c->ward->many_ms > 0))
		return done;
	done = tell_one(v, v->f->source, o, health->told, e);
	if (done == OK)
		health_told(health, o->news, v->now_ms);
	return done;
}

enum outcome health_visit(const struct visit *v, struct err *e)
{
	struct source_state *state = &v->f->state;
	const struct health_terms terms = terms_of(v->c);
	const struct health_page page = page_of(v);
	const bool is_refused = v->f->not_before_ms > 0; /* by robots.txt: nobody asked it, so its standing is that of before */
	const struct health_sight sight = {
		.now_ms = v->now_ms,
		.standing = is_refused ? STANDING_BROKEN : standing_of(state),
		.is_fine = v->outcome == OK,
		.is_unread = is_unread(v),
		.is_further = v->f->unconditional || (state->polls == 1 && state->pages > 0),
		.nnew = v->nnew,
		.page = page.reader.n > 0 ? &page : NULL,
		.failures = state->failures,
		.error = state->error,
	};
	const struct health_outcome o = health_step(v->a, &state->health, &state->arrivals, &sight, &terms);
	ward_note(v->c->ward, v->f->at, state, &o.memory, o.verdict);
	log_step(v->f->source, state, &o);
	const enum outcome done = tell(v, &o, e);
	ward_note(v->c->ward, v->f->at, state, &o.memory, o.verdict);
	return done;
}

/* ---- all of them ---- */

/* Sources of a shard that became ours: what was known of them, in one round trip. */
static enum outcome load_shard(struct crawl *c, struct arena *a, uint32_t shard, struct err *e)
{
	size_t n = 0;
	const uint32_t *which = frontier_shard(&c->frontier, shard, &n);
	const struct partition p = crawl_partition(c, a, shard);
	for (size_t i = 0; i < n; i++)
		sources_health_queue(&p, c->sources->source[which[i]].id);
	enum outcome done = redis_flush(c->redis, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		struct source_state state;
		struct health_memory m;
		done = sources_health_take(&p, &state, e);
		if (done != OK)
			break;
		health_memory_parse(state.health.memory, &m);
		ward_note(c->ward, which[i], &state, &m, health_of(state.health.state));
	}
	redis_drain(c->redis);
	redis_done(c->redis);
	c->ward->loaded[shard] = done == OK;
	return done;
}

static void forget_shard(struct crawl *c, uint32_t shard)
{
	size_t n = 0;
	const uint32_t *which = frontier_shard(&c->frontier, shard, &n);
	for (size_t i = 0; i < n; i++)
		ward_forget(c->ward, which[i]);
	c->ward->loaded[shard] = false;
}

/* A few shards a turn: all sources of a large crawler at once would not fit its memory. *missing: shards that wait. */
static enum outcome follow_leases(struct crawl *c, struct arena *a, size_t *missing, struct err *e)
{
	enum outcome done = OK;
	size_t nloaded = 0;
	*missing = 0;
	for (size_t i = 0; i < c->nshards && done == OK; i++) {
		const uint32_t shard = c->shard[i];
		const bool is_ours = c->frontier.is_open[shard], wants = is_ours && !c->ward->loaded[shard];
		if (wants && nloaded++ < SHARDS_A_TURN)
			done = load_shard(c, a, shard, e);
		else if (wants)
			++*missing;
		else if (!is_ours && c->ward->loaded[shard])
			forget_shard(c, shard);
	}
	return done;
}

/* Nobody expects anything of a source that people have paused. What was told of many at once is asked in the same trip. */
static enum outcome look_at_pauses(struct crawl *c, struct arena *a, struct words *words, struct err *e)
{
	size_t asked = 0;
	*words = (struct words){ 0 };
	for (size_t i = 0; i < c->nshards; i++) {
		const struct partition p = crawl_partition(c, a, c->shard[i]);
		if (c->ward->loaded[c->shard[i]])
			pauses_queue(&p);
		asked += c->ward->loaded[c->shard[i]];
	}
	many_sick_queue(c->redis, a);
	enum outcome done = redis_flush(c->redis, e);
	memset(c->ward->paused_ms, 0, c->ward->n * sizeof *c->ward->paused_ms);
	for (; asked > 0 && done == OK; asked--) {
		struct pause *pause = NULL;
		size_t n = 0;
		done = pauses_take(c->redis, a, &pause, &n, e);
		for (size_t k = 0; k < n && done == OK; k++) {
			const struct source *s = sources_find(c->sources, pause[k].id);
			if (s != NULL)
				c->ward->paused_ms[s - c->sources->source] = pause[k].until_ms;
		}
	}
	if (done == OK)
		done = many_sick_take(c->redis, a, &words->word, &words->n, e);
	redis_drain(c->redis);
	redis_done(c->redis);
	return done;
}

/* Many at once, and what was told of them before. */
static enum outcome step_many(
	struct crawl *c, struct arena *a, const struct words *words, int64_t now_ms, struct ward_count *count, struct err *e)
{
	struct ward *w = c->ward;
	w->nwords = words->n;
	w->born_ms = w->born_ms > 0 ? w->born_ms : now_ms;
	enum outcome done = look_at_words(c, a, words, now_ms, e);
	const bool was_told = w->told > 0;
	if (done == OK)
		done = look_at_many(c, a, now_ms, count, e);
	return done == OK ? keep_word(c, a, was_told, now_ms, e) : done;
}

enum outcome health_turn(struct crawl *c, struct arena *a, int64_t now_ms, struct err *e)
{
	struct ward_count count = { 0 };
	struct words words;
	size_t missing = 0;
	enum outcome done = follow_leases(c, a, &missing, e);
	if (done != OK || missing > 0 || now_ms < c->ward->next_ms)
		return done;
	c->ward->next_ms = now_ms + LOOK_MS;
	done = look_at_pauses(c, a, &words, e);
	if (done == OK)
		done = step_many(c, a, &words, now_ms, &count, e);
	if (done != OK || count.known == 0)
		return done;
	metrics_set(M_sources_watched, (int64_t)count.known);
	metrics_set(M_sources_sick, (int64_t)count.sick);
	metrics_set(M_coverage_permille, (int64_t)(1000 * coverage_share(&count.coverage) + 0.5));
	return coverage_tell(c->redis, a, c->owner, &count.coverage, now_ms, e);
}
