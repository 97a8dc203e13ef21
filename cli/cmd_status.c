/* earshot status: which roles are alive, who owns what, what waits, which sources are in trouble. Exit 1 when something is down. */
#include "cli/commands.h"

#include "cli/stored.h"
#include "common/base/clock.h"
#include "common/store/coverage.h"
#include "common/store/lease.h"
#include "common/store/outbox.h"
#include "common/store/posts.h"
#include "common/store/rulebooks.h"
#include "common/store/sources.h"
#include "crawler/health.h"
#include "crawler/standing.h"
#include <earshot/limits.h>
#include <earshot/notice.h>

#include <stdio.h>

#define LATE_MS (3 * LIMIT_HEARTBEAT_MS)

static const struct option_row status_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ NULL, false, NULL },
};

static const char *const needed_roles[] = { "crawler", "detector", "notifier" };

static void complain(struct stored *s, const char *what, const char *which)
{
	buf_addf(&s->out, "  DOWN: %s%s\n", what, which);
	s->code = EXIT_NO;
}

/* ---- processes ---- */

static bool is_alive(const struct proc_beat *b, int64_t now_ms)
{
	return now_ms - b->beat_ms <= LATE_MS;
}

static void write_process(struct stored *s, const struct proc_beat *b)
{
	buf_addf(&s->out, "  %-10.*s pid %-8lld %.*s, last beat ", STR_FMT(b->role), (long long)b->pid, STR_FMT(b->host));
	stored_age(&s->out, s->now_ms - b->beat_ms);
	buf_addz(&s->out, " ago, up ");
	stored_age(&s->out, s->now_ms - b->started_ms);
	if (b->rulebook.n > 0)
		buf_addf(&s->out, ", rulebook %.*s", STR_FMT(b->rulebook));
	buf_addf(&s->out, "%s\n", is_alive(b, s->now_ms) ? "" : "  LATE");
}

static enum outcome show_processes(struct stored *s, struct err *e)
{
	struct proc_beat *list = NULL;
	size_t n = 0;
	enum outcome done = procs_list(s->redis, &s->session.arena, &list, &n, e);
	if (done != OK)
		return done;
	buf_addz(&s->out, "processes\n");
	for (size_t i = 0; i < n; i++)
		write_process(s, &list[i]);
	for (size_t role = 0; role < sizeof(needed_roles) / sizeof(needed_roles[0]); role++) {
		bool found = false;
		for (size_t i = 0; i < n; i++)
			found |= str_eqc(list[i].role, needed_roles[role]) && is_alive(&list[i], s->now_ms);
		if (!found)
			complain(s, "no living ", needed_roles[role]);
	}
	return OK;
}

/* ---- rulebook ---- */

static void write_published(struct stored *s, const struct rulebooks_now *now, const struct rulebooks_record *record)
{
	if (now->version[0] == '\0') {
		buf_addz(&s->out, "  nothing published: each worker follows its own folders\n");
	} else {
		buf_addf(&s->out, "  %s published ", now->version);
		stored_age(&s->out, s->now_ms - now->since_ms);
		buf_addz(&s->out, " ago by ");
		stored_text(&s->out, record->by, LIMIT_PERSON_BYTES);
		if (record->approver.n > 0) {
			buf_addz(&s->out, ", approved by ");
			stored_text(&s->out, record->approver, LIMIT_PERSON_BYTES);
		}
		if (record->note.n > 0) {
			buf_addz(&s->out, ": ");
			stored_text(&s->out, record->note, LIMIT_NOTE_BYTES);
		}
		buf_addc(&s->out, '\n');
	}
	if (now->proposed[0] != '\0')
		buf_addf(&s->out, "  %s waits for an approval\n", now->proposed);
}

/* Processes that do not follow: a refused rulebook, or folders that differ from machine to machine. */
static void write_agreement(struct stored *s, const struct rulebooks_now *now, const struct proc_beat *list, size_t n)
{
	struct str common = str_of(now->version);
	size_t following = 0, others = 0;
	for (size_t i = 0; i < n; i++) {
		if (list[i].rulebook.n == 0 || !is_alive(&list[i], s->now_ms))
			continue;
		common = common.n > 0 ? common : list[i].rulebook;
		if (str_eq(list[i].rulebook, common))
			following++;
		else
			others++;
	}
	if (others == 0)
		buf_addf(&s->out, "  all %zu processes that use rules agree\n", following);
	else
		complain(s, "processes have another rulebook than ", arena_cstr(&s->session.arena, common));
}

static enum outcome show_rulebook(struct stored *s, struct err *e)
{
	struct arena *a = &s->session.arena;
	struct rulebooks_now now;
	struct rulebooks_record record = { 0 };
	struct proc_beat *list = NULL;
	size_t n = 0;
	enum outcome done = rulebooks_now(s->redis, a, &now, e);
	if (done == OK && now.version[0] != '\0')
		done = rulebooks_record(s->redis, a, now.version, &record, e);
	if (done == OK)
		done = procs_list(s->redis, a, &list, &n, e);
	if (done != OK)
		return done;
	buf_addz(&s->out, "rulebook\n");
	write_published(s, &now, &record);
	write_agreement(s, &now, list, n);
	return OK;
}

/* ---- brands ---- */

static enum outcome show_owner(struct stored *s, enum lease_role role, struct str brand, struct err *e)
{
	const struct lease l = { .role = role, .partition = brand };
	struct lease_state state = { 0 };
	const char *name = role == LEASE_DETECTOR ? "detector" : "notifier";
	enum outcome done = lease_read(s->redis, &s->session.arena, &l, &state, e);
	if (done != OK)
		return done;
	if (state.until_ms > s->now_ms)
		buf_addf(&s->out, "    %s: %.*s\n", name, STR_FMT(state.owner));
	else
		complain(s, "nobody owns this brand as ", name);
	return OK;
}

static enum outcome show_brand(struct stored *s, struct str brand, struct err *e)
{
	const struct partition p = stored_partition(s, brand);
	int64_t mentions = 0, waiting = 0;
	struct outbox_counts alerts = { 0 };
	enum outcome done = posts_total(&p, &mentions, &waiting, e);
	if (done == OK)
		done = outbox_counts(&p, &alerts, e);
	if (done != OK)
		return done;
	buf_addf(&s->out,
		"  %-20.*s %lld mentions, %lld entries in the stream; alerts: %lld to plan, %lld to deliver, %lld given up\n",
		STR_FMT(brand), (long long)mentions, (long long)waiting, (long long)alerts.unplanned, (long long)alerts.waiting,
		(long long)alerts.dead);
	done = show_owner(s, LEASE_DETECTOR, brand, e);
	return done == OK ? show_owner(s, LEASE_NOTIFIER, brand, e) : done;
}

/* Told when there is something to say: until the first notice nobody needs them. */
static enum outcome show_operators(struct stored *s, struct err *e)
{
	const struct partition p = stored_partition(s, STR(NOTICE_PARTITION));
	struct outbox_counts notices = { 0 };
	const enum outcome done = outbox_counts(&p, &notices, e);
	if (done == OK && notices.unplanned + notices.waiting + notices.dead > 0)
		buf_addf(&s->out, "  notices to the operators: %lld to plan, %lld to deliver, %lld given up\n",
			(long long)notices.unplanned, (long long)notices.waiting, (long long)notices.dead);
	return done;
}

static enum outcome show_brands(struct stored *s, struct err *e)
{
	struct brand_row *row = NULL;
	size_t n = 0;
	enum outcome done = stored_brands(s, NULL, &row, &n, e);
	buf_addz(&s->out, "brands\n");
	for (size_t i = 0; i < n && done == OK; i++) {
		done = show_brand(s, row[i].id, e);
		redis_done(s->redis);
	}
	return done == OK ? show_operators(s, e) : done;
}

/* ---- sources ---- */

static enum outcome show_source(struct stored *s, const struct partition *p, struct str id, struct err *e)
{
	struct source_state state = { 0 };
	enum outcome done = sources_state(p, id, &state, e);
	if (done == OK && state.moves >= STANDING_MOVES) {
		buf_addf(&s->out, "  %-24.*s moved for good; its url is now ", STR_FMT(id));
		stored_text(&s->out, state.moved, 200);
		buf_addc(&s->out, '\n');
	}
	const enum health health = health_of(state.health.state);
	if (done == OK && health_is_sick(health) && state.failures == 0) {
		buf_addf(&s->out, "  %-24.*s %s: ", STR_FMT(id), health_names[health]);
		stored_text(&s->out, state.health.why, 300);
		buf_addc(&s->out, '\n');
	}
	if (done != OK || state.failures == 0)
		return done;
	buf_addf(&s->out, "  %-24.*s %s: failed %lld times in a row, status %lld: ", STR_FMT(id),
		standing_name(standing_of(&state)), (long long)state.failures, (long long)state.status);
	stored_text(&s->out, state.error, 200);
	buf_addc(&s->out, '\n');
	return OK;
}

static enum outcome show_coverage(struct stored *s, struct err *e)
{
	struct coverage c;
	const enum outcome done = coverage_read(s->redis, &s->session.arena, s->now_ms, &c, e);
	if (done == OK)
		buf_addf(&s->out,
			"  coverage %.1f %%: %lld of %lld are healthy, weighted by the posts that are expected of them\n",
			100 * coverage_share(&c), (long long)c.healthy, (long long)c.sources);
	return done == SKIP ? OK : done;
}

/* Sources in trouble are told, but make nothing "down": the web is like that. */
static enum outcome show_sources(struct stored *s, struct err *e)
{
	size_t total = 0;
	enum outcome done = OK;
	buf_addz(&s->out, "sources\n");
	for (uint32_t shard = 0; shard < EARSHOT_SHARDS && done == OK; shard++) {
		struct str *id = NULL;
		size_t n = 0;
		const struct partition p = { .redis = s->redis, .arena = &s->session.arena, .shard = shard };
		done = sources_list(&p, &id, &n, e);
		for (size_t i = 0; i < n && done == OK; i++)
			done = show_source(s, &p, id[i], e);
		total += n;
		redis_done(s->redis);
	}
	buf_addf(&s->out, "  %zu in all\n", total);
	return done == OK ? show_coverage(s, e) : done;
}

int cmd_status(int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	if (stored_open(&s, status_options, argc, argv)) {
		enum outcome done = show_processes(&s, &e);
		if (done == OK)
			done = show_rulebook(&s, &e);
		if (done == OK)
			done = show_brands(&s, &e);
		if (done == OK)
			done = show_sources(&s, &e);
		if (done != OK)
			stored_fail(&s, &e);
	}
	return stored_close(&s);
}
