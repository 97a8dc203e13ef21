/* earshot up: everything on one machine. Starts the embedded Redis and the four roles, starts again what dies, stops all. */
#include "cli/commands.h"

#include "cli/command.h"
#include "cli/embedded.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURN_MS 200
#define RESTART_MS 200 /* first pause before a dead role is started again; doubles up to … */
#define RESTART_MAX_MS 10000
#define RESTART_KILLED_MS                                                                                                        \
	500 /* … for a role that a signal ended: an entry that kills its reader is put aside at the fourth sight */
#define STEADY_MS 30000 /* a role that lived so long starts from the first pause again */
#define STOP_MS 8000

static const struct option_row up_options[] = {
	{ "config", true, "configuration file" },
	{ "data", true, "data folder (embedded Redis, keys); wins over the file" },
	{ NULL, false, NULL },
};

static const char *const roles[] = { "crawler", "detector", "notifier", "console" };
#define NROLES (sizeof roles / sizeof *roles)

struct child {
	pid_t pid;
	int64_t started_ms, start_at_ms, pause_ms;
};

struct up {
	struct arena arena;
	struct settings settings;
	struct embedded redis;
	struct child child[NROLES];
	char *env[4]; /* of the roles */
	int lock, code;
};

static enum outcome lock_data(struct up *u, struct err *e)
{
	const char *folder = arena_cstr(&u->arena, u->settings.data);
	const enum outcome done = file_mkdirs(folder, 0700, e);
	if (done != OK)
		return done;
	const char *path = arena_printf(&u->arena, "%s/up.lock", folder).p;
	u->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (u->lock < 0)
		return err_set(e, STOP, "cannot open %s: %s", path, strerror(errno));
	if (flock(u->lock, LOCK_EX | LOCK_NB) != 0)
		return err_set(e, STOP, "another earshot up runs on %s; stop it or choose another --data", folder);
	return OK;
}

/* The roles' name on their leases is that of the data folder, which has one `up` at a time: it outlives them, and us (see
 * make_owner() in common/store/role.c). */
static void make_environment(struct up *u)
{
	const struct sha256 hash = crypto_sha256(u->settings.data);
	char name[9];
	crypto_hex(hash.byte, 4, name);
	u->env[0] = (char *)(uintptr_t)arena_printf(&u->arena, "EARSHOT_DATA=%.*s", STR_FMT(u->settings.data)).p;
	u->env[1] = (char *)(uintptr_t)arena_printf(&u->arena, "EARSHOT_UP=%s", name).p;
	u->env[2] = (char *)(uintptr_t) "EARSHOT_REDIS_URL=";
}

static pid_t start_command(struct up *u, const char *name, int stdout_fd, struct err *e)
{
	char *argv[6] = { (char *)(uintptr_t)proc_self(), (char *)(uintptr_t)name };
	if (u->settings.path[0] != '\0') {
		argv[2] = "--config";
		argv[3] = (char *)(uintptr_t)u->settings.path;
	}
	return proc_spawn(argv, u->env, stdout_fd, e);
}

/* `earshot check` first: with one wrong file among good ones some roles would work and others not. False after it said why. */
static bool files_are_right(struct up *u)
{
	struct err e = { 0 };
	int status = 0;
	const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const pid_t pid = start_command(u, "check", nowhere, &e);
	if (nowhere >= 0)
		close(nowhere);
	if (pid <= 0)
		fprintf(stderr, "earshot up: %s\n", e.text);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_OK;
}

static void start_role(struct up *u, size_t role)
{
	struct err e = { 0 };
	struct child *c = &u->child[role];
	c->started_ms = clock_monotonic_ms();
	c->pid = start_command(u, roles[role], -1, &e);
	if (c->pid > 0)
		return;
	c->start_at_ms = c->started_ms + RESTART_MAX_MS;
	log_event(LOG_ERROR, EV_child_died, "role=%s why=%s", roles[role], log_quote(str_of(e.text)));
}

/* A role that dies is started again: at once the first time, then with growing pauses. A wrong configuration (78) is said
 * by the role itself and tried again slowly: somebody may be editing the file. */
static void role_died(struct up *u, size_t role, int status)
{
	struct child *c = &u->child[role];
	const int64_t now = clock_monotonic_ms(), most = WIFSIGNALED(status) ? RESTART_KILLED_MS : RESTART_MAX_MS;
	c->pid = 0;
	if (proc_stopping())
		return;
	const bool was_steady = now - c->started_ms > STEADY_MS;
	c->pause_ms = was_steady || c->pause_ms == 0 ? RESTART_MS : c->pause_ms * 2;
	if (c->pause_ms > most || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFIG))
		c->pause_ms = most;
	c->start_at_ms = now + c->pause_ms;
	log_event(LOG_WARN, EV_child_died, "role=%s signal=%d exit=%d again_in_ms=%lld", roles[role],
		WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status) ? WEXITSTATUS(status) : -1, (long long)c->pause_ms);
}

static void redis_died(struct up *u)
{
	struct err e = { 0 };
	struct redis *r = NULL;
	u->redis.pid = 0;
	if (proc_stopping())
		return;
	log_event(LOG_WARN, EV_child_died, "role=redis-server");
	u->redis.adopted = false;
	enum outcome done = embedded_restart(&u->redis, &e);
	if (done == OK)
		done = embedded_connect(&u->redis, &r, &e);
	/* What a torn transaction left in the file must not swallow later writes (reliability F1). */
	if (done == OK)
		done = redis_rewrite_aof(r, &u->arena, &e);
	redis_free(r);
	if (done != OK) {
		log_event(LOG_ERROR, EV_redis_lost, "why=%s", log_quote(str_of(e.text)));
		u->code = EXIT_REDIS;
		proc_stop();
	}
}

static void look_after_children(struct up *u)
{
	int status = 0;
	for (pid_t pid = proc_reap(&status); pid > 0; pid = proc_reap(&status)) {
		if (pid == u->redis.pid)
			redis_died(u);
		for (size_t i = 0; i < NROLES; i++)
			if (pid == u->child[i].pid)
				role_died(u, i, status);
	}
	if (u->redis.adopted && !embedded_alive(&u->redis))
		redis_died(u);
	for (size_t i = 0; i < NROLES; i++)
		if (u->child[i].pid <= 0 && clock_monotonic_ms() >= u->child[i].start_at_ms)
			start_role(u, i);
}

static void say_where(struct up *u)
{
	printf("earshot up: data in %.*s, Redis on %s%s\n", STR_FMT(u->settings.data), u->redis.socket,
		u->redis.adopted    ? " (was running already)"
		: u->redis.repaired ? " (append-only file repaired)"
				    : "");
	if (u->settings.analyst_port > 0)
		printf("analysts:   redis-cli -p %lld --user analyst --pass \"$(cat %.*s/analyst.password)\"\n",
			(long long)u->settings.analyst_port, STR_FMT(u->settings.data));
	(void)fflush(stdout);
}

static void stop_roles(struct up *u)
{
	for (size_t i = 0; i < NROLES; i++)
		if (u->child[i].pid > 0)
			(void)kill(u->child[i].pid, SIGTERM);
	for (size_t i = 0; i < NROLES; i++)
		if (u->child[i].pid > 0)
			proc_end(u->child[i].pid, STOP_MS);
}

static void loop(struct up *u)
{
	while (!proc_stopping()) {
		look_after_children(u);
		if (proc_take_reload())
			for (size_t i = 0; i < NROLES; i++)
				if (u->child[i].pid > 0)
					(void)kill(u->child[i].pid, SIGHUP);
		clock_sleep_ms(TURN_MS);
	}
}

static enum outcome start(struct up *u, struct err *e)
{
	struct redis *r = NULL;
	const char *folder = arena_cstr(&u->arena, u->settings.data);
	enum outcome done = embedded_start(&u->redis, folder, true, u->settings.analyst_port, u->settings.max_memory, e);
	if (done == OK)
		done = embedded_connect(&u->redis, &r, e);
	if (done == OK && u->redis.repaired)
		done = redis_rewrite_aof(r, &u->arena, e);
	redis_free(r);
	u->code = done == OK ? EXIT_OK : EXIT_REDIS;
	return done;
}

static int run(struct up *u)
{
	struct err e = { 0 };
	proc_signals();
	log_init("up", (enum log_level)u->settings.log_level);
	make_environment(u);
	u->code = EXIT_NO;
	enum outcome done = lock_data(u, &e);
	if (done == OK && !files_are_right(u)) {
		u->code = EXIT_CONFIG;
	} else if (done != OK || start(u, &e) != OK) {
		fprintf(stderr, "earshot up: %s\n", e.text);
	} else {
		say_where(u);
		loop(u);
		stop_roles(u);
	}
	embedded_stop(&u->redis);
	if (u->lock >= 0)
		close(u->lock);
	return u->code;
}

int cmd_up(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, up_options, argc, argv, &code)) {
		const char *data = options_value(&s.options, "data");
		struct up u = { .settings = s.settings, .lock = -1 };
		arena_init(&u.arena, 16u << 20);
		if (data != NULL)
			u.settings.data = settings_absolute(&u.arena, str_of(data));
		if (u.settings.redis_url.n > 0)
			code = command_usage_error(command_find("up"),
				"it brings its own Redis: take url out of [redis] in %s, or run the roles one by one",
				u.settings.path);
		else
			code = run(&u);
		arena_release(&u.arena);
	}
	command_close(&s);
	return code;
}
