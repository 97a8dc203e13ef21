/* What the long-running roles share: connection, heartbeat, leases, in that order, once a turn. */
#include "common/store/role.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/base/proc.h"
#include "common/store/procs.h"
#include "common/store/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* `earshot up` gives its roles a name that outlives them: one that is started again has the leases of the dead one at once. */
static struct str make_owner(const char *name, char out[128])
{
	char host[64] = "host";
	const char *up = getenv("EARSHOT_UP");
	(void)gethostname(host, sizeof host - 1);
	const int n = up != NULL && *up != '\0' ? snprintf(out, 128, "%s:%s:up%.20s", name, host, up)
						: snprintf(out, 128, "%s:%s:%ld", name, host, (long)getpid());
	return (struct str){ out, n < 0 ? 0 : (size_t)n };
}

enum outcome role_init(struct role *r, const char *name, const struct settings *s, struct err *e)
{
	static char owner[128];
	*r = (struct role){ .name = name, .settings = s, .owner = make_owner(name, owner), .started_ms = clock_now_ms() };
	arena_init(&r->arena, LIMIT_ARENA_BYTES);
	log_init(name, (enum log_level)s->log_level);
	proc_signals();
	struct settings own = *s;
	settings_identity(&r->arena, &own, name);
	const char *user = own.redis_user.n > 0 ? arena_cstr(&r->arena, own.redis_user) : NULL;
	r->redis = redis_new(settings_redis_url(&r->arena, s), user, own.redis_password, e);
	if (r->redis == NULL)
		return STOP;
	redis_set_keep(r->redis, (struct redis_keep){ s->keep_minutes_ms, s->keep_hours_ms, s->keep_mentions_ms });
	log_event(LOG_INFO, EV_started, "owner=%s version=%s", owner, EARSHOT_VERSION);
	return OK;
}

void role_trouble(struct role *r, enum outcome outcome, const struct err *e)
{
	if (outcome == RETRY) {
		r->is_proven = false;
		r->next_beat_ms = 0; /* which is written, and so shows whether Redis takes it again */
	}
	if (outcome == RETRY && !r->was_lost) {
		r->was_lost = true;
		metrics_add(M_redis_lost_total, 1);
		log_event(LOG_WARN, EV_redis_lost, "why=%s", log_quote(str_of(e->text)));
	} else if (outcome == REJECT) {
		log_event(LOG_WARN, EV_fenced, "why=%s", log_quote(str_of(e->text)));
		r->next_lease_ms = 0; /* look at once who owns what */
	} else if (outcome == STOP) {
		log_event(LOG_ERROR, EV_stopped, "why=%s", log_quote(str_of(e->text)));
		r->exit_code = EXIT_REDIS;
		proc_stop();
	}
}

/* A new connection: the function library first, because everything else calls it. */
static bool connect_now(struct role *r)
{
	struct err e = { 0 };
	const bool was_connected = redis_connected(r->redis);
	enum outcome done = redis_connect(r->redis, &e);
	if (done == OK && !was_connected)
		done = redis_functions(r->redis, false, &e);
	if (done != OK) {
		role_trouble(r, done, &e);
		r->retry_at_ms = clock_monotonic_ms() + redis_backoff_ms(r->redis);
		return false;
	}
	if (redis_take_new_run(r->redis)) {
		r->new_run = true;
		log_event(LOG_WARN, EV_redis_new_run, "run_id=%s", redis_run_id(r->redis));
	}
	return true;
}

/* Only when something was written, and the turn after it went well: a Redis that is full answers what is read. */
static void note_turn(struct role *r)
{
	if (!r->was_lost || !r->ready || !r->is_proven)
		return;
	r->was_lost = false;
	log_event(LOG_INFO, EV_redis_back, "run_id=%s", redis_run_id(r->redis));
}

static enum outcome beat(struct role *r, struct err *e)
{
	struct buf metrics;
	buf_init(&metrics, 64u << 10);
	metrics_sample_process();
	metrics_json(&metrics);
	char host[64] = "host";
	(void)gethostname(host, sizeof host - 1);
	const struct proc_beat b = {
		.role = str_of(r->name),
		.id = r->owner,
		.host = str_of(host),
		.version = str_of(EARSHOT_VERSION),
		.rulebook = str_of(r->rulebook),
		.metrics_json = buf_str(&metrics),
		.pid = getpid(),
		.started_ms = r->started_ms,
		.beat_ms = clock_now_ms(),
		.erasures = r->erasures,
	};
	const enum outcome done = procs_beat(r->redis, &r->arena, &b, e);
	buf_release(&metrics);
	return done;
}

static void log_lease(const struct lease *l, bool was_held)
{
	if (l->held && !was_held)
		log_event(LOG_INFO, EV_lease_taken, "partition=%.*s", STR_FMT(l->partition));
	else if (!l->held && was_held)
		log_event(LOG_WARN, EV_lease_lost, "partition=%.*s", STR_FMT(l->partition));
}

static enum outcome ask_for_share(struct role *r, size_t *want, struct err *e)
{
	size_t workers = 1;
	const enum outcome done = share_workers(r->redis, &r->arena, r->name, r->owner, &workers, e);
	*want = share_want(r->nleases, workers);
	if (done == OK)
		share_ask(r->lease, r->nleases, *want);
	return done;
}

static enum outcome keep_leases(struct role *r, struct err *e)
{
	if (r->nleases == 0)
		return OK;
	bool *was_held = arena_list(&r->arena, bool, r->nleases), *was_taken = arena_list(&r->arena, bool, r->nleases);
	for (size_t i = 0; i < r->nleases; i++) {
		was_held[i] = r->lease[i].held;
		was_taken[i] = r->lease[i].just_taken;
	}
	size_t want = r->nleases;
	enum outcome done = r->is_shared ? ask_for_share(r, &want, e) : OK;
	if (done == OK)
		done = lease_renew(r->redis, &r->arena, r->lease, r->nleases, r->owner, e);
	if (done != OK)
		return done;
	if (r->is_shared) {
		share_leave(r->lease, r->nleases, want);
		r->is_settled = share_settle(r->redis, &r->arena, r->lease, r->nleases, want);
	}
	int64_t held = 0;
	for (size_t i = 0; i < r->nleases; i++) {
		log_lease(&r->lease[i], was_held[i]);
		r->lease[i].just_taken |= was_taken[i] && r->lease[i].held; /* until the role has seen to it */
		held += r->lease[i].held;
	}
	metrics_set(M_leases, held);
	return OK;
}

static bool housekeeping(struct role *r, int64_t now)
{
	struct err e = { 0 };
	enum outcome done = OK;
	if (now >= r->next_lease_ms) {
		done = keep_leases(r, &e);
		r->next_lease_ms = now + (r->is_shared && !r->is_settled ? LIMIT_SHARE_MS : LIMIT_LEASE_LOOK_MS);
	}
	if (done == OK && now >= r->next_beat_ms) {
		done = beat(r, &e);
		r->next_beat_ms = now + LIMIT_HEARTBEAT_MS;
		r->is_proven = r->is_proven || done == OK;
	}
	if (done != OK)
		role_trouble(r, done, &e);
	return done == OK;
}

bool role_turn(struct role *r)
{
	arena_reset(&r->arena);
	redis_done(r->redis);
	note_turn(r);
	r->reload = proc_take_reload();
	if (proc_stopping())
		return false;
	const int64_t now = clock_monotonic_ms();
	if (!redis_connected(r->redis) && now < r->retry_at_ms) {
		r->ready = false;
		return true;
	}
	if (!redis_connected(r->redis))
		r->next_lease_ms = r->next_beat_ms = 0;
	r->ready = connect_now(r) && housekeeping(r, now);
	return !proc_stopping();
}

void role_rulebook(struct role *r, const char *version)
{
	(void)snprintf(r->rulebook, sizeof r->rulebook, "%s", version);
	r->next_beat_ms = 0;
}

void role_erasures(struct role *r, int64_t serial)
{
	r->erasures = serial;
	r->next_beat_ms = 0;
}

void role_release(struct role *r)
{
	arena_reset(&r->arena);
	if (r->redis != NULL && redis_connected(r->redis))
		lease_release(r->redis, &r->arena, r->lease, r->nleases);
	if (r->redis != NULL && redis_connected(r->redis))
		procs_leave(r->redis, &r->arena, r->name, r->owner);
	redis_free(r->redis);
	arena_release(&r->arena);
	log_event(LOG_INFO, EV_stopped, "role=%s", r->name);
}
