/* The embedded Redis: start, repair, adopt, stop. */
#include "cli/embedded.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/proc.h"
#include "common/store/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 600000 /* loading gigabytes takes minutes; a server that dies meanwhile ends the wait at once */
#define STOP_MS 10000
#define CLEAN_MARK "redis.clean" /* present = the last stop was clean; taken away while the server runs */

static const char *in_folder(struct embedded *m, const char *name)
{
	return arena_printf(&m->arena, "%s/%s", m->folder, name).p;
}

static struct str password_of(struct embedded *m, const char *role)
{
	struct str password = { 0 };
	const char *path = in_folder(m, arena_printf(&m->arena, "%s.password", role).p);
	if (!m->has_roles || file_read(&m->arena, path, 4096, &password, NULL) != OK)
		return STR("");
	return str_trim(password);
}

/* One random password a role, made once, readable by the owner of the data folder alone. */
static enum outcome make_passwords(struct embedded *m, struct err *e)
{
	for (int role = 0; role < ROLE__N; role++) {
		const char *path = in_folder(m, arena_printf(&m->arena, "%s.password", keys_role_names[role]).p);
		unsigned char random[24];
		char hex[49];
		if (file_exists(path))
			continue;
		crypto_random(random, sizeof random);
		crypto_hex(random, sizeof random, hex);
		const enum outcome done = file_write(path, str_of(hex), 0600, e);
		if (done != OK)
			return done;
	}
	return OK;
}

static enum outcome write_acl(struct embedded *m, struct err *e)
{
	struct buf acl;
	buf_init(&acl, 1u << 20);
	buf_addz(&acl, KEYS_ACL_DEFAULT);
	for (int role = 0; role < ROLE__N; role++) {
		const struct sha256 hash = crypto_sha256(password_of(m, keys_role_names[role]));
		char hex[65];
		crypto_hex(hash.byte, sizeof hash.byte, hex);
		buf_addf(&acl, "user %s on #%s ", keys_role_names[role], hex);
		keys_acl_rules(&acl, (enum keys_role)role);
		buf_addc(&acl, '\n');
	}
	const enum outcome done = file_write(in_folder(m, "users.acl"), buf_str(&acl), 0600, e);
	buf_release(&acl);
	return done;
}

/* redis-check-aof asks before it cuts a torn tail off and wants a `y`. */
static enum outcome run_check(struct embedded *m, const char *manifest, struct err *e)
{
	int pipe_end[2];
	if (pipe(pipe_end) != 0)
		return err_set(e, RETRY, "cannot make a pipe for redis-check-aof");
	const pid_t pid = fork();
	if (pid == 0) {
		const int log = open(in_folder(m, "redis-check.log"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		(void)dup2(pipe_end[0], STDIN_FILENO);
		(void)dup2(log, STDOUT_FILENO);
		(void)dup2(log, STDERR_FILENO);
		close(pipe_end[0]);
		close(pipe_end[1]);
		(void)execlp("redis-check-aof", "redis-check-aof", "--fix", manifest, (char *)NULL);
		_exit(127);
	}
	close(pipe_end[0]);
	(void)!write(pipe_end[1], "y\n", 2);
	close(pipe_end[1]);
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(
			e, STOP, "redis-check-aof --fix %s did not succeed; see %s", manifest, in_folder(m, "redis-check.log"));
	return OK;
}

static enum outcome repair(struct embedded *m, struct err *e)
{
	const char *manifest = in_folder(m, "redis/appendonlydir/appendonly.aof.manifest");
	const char *mark = in_folder(m, CLEAN_MARK);
	const bool was_clean = file_exists(mark);
	(void)unlink(mark);
	m->repaired = false;
	if (was_clean || !file_exists(manifest))
		return OK;
	const enum outcome done = run_check(m, manifest, e);
	if (done == OK) {
		m->repaired = true;
		log_event(LOG_WARN, EV_redis_repaired, "why=%s", log_quote(STR("the last stop was not clean")));
	}
	return done;
}

static enum outcome spawn(struct embedded *m, struct err *e)
{
	char port[24], memory[32];
	(void)snprintf(port, sizeof port, "%lld", (long long)m->port);
	(void)snprintf(memory, sizeof memory, "%lld", (long long)m->max_memory);
	char *argv[40] = { "redis-server", "--port", port, "--bind", "127.0.0.1", "--unixsocket", (char *)(uintptr_t)m->socket,
		"--unixsocketperm", "700", "--dir", (char *)(uintptr_t)in_folder(m, "redis"), "--appendonly", "yes",
		"--appendfsync", "everysec", "--save", "", "--maxmemory", memory, "--maxmemory-policy", "noeviction",
		"--daemonize", "no", "--logfile", (char *)(uintptr_t)in_folder(m, "redis.log") };
	size_t n = 0;
	while (argv[n] != NULL)
		n++;
	if (m->has_roles) {
		argv[n++] = "--aclfile";
		argv[n++] = (char *)(uintptr_t)in_folder(m, "users.acl");
	} else {
		/* A private run lives for minutes: a rewrite of its file would only disturb what is measured. */
		argv[n++] = "--auto-aof-rewrite-percentage";
		argv[n++] = "0";
	}
	m->pid = proc_spawn(argv, NULL, -1, e);
	return m->pid > 0 ? OK : STOP;
}

static enum outcome connect_admin(struct embedded *m, struct redis **out, struct err *e)
{
	*out = redis_new(m->url, m->has_roles ? "admin" : NULL, password_of(m, "admin"), e);
	return *out != NULL ? redis_connect(*out, e) : STOP;
}

bool embedded_alive(const struct embedded *m)
{
	const pid_t pid = m->adopted ? m->stranger : m->pid;
	return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}

/* Loading a large append-only file takes its time: RETRY until it answers or is gone. */
static enum outcome wait_ready(struct embedded *m, struct err *e)
{
	const int64_t until = clock_monotonic_ms() + START_MS;
	enum outcome done = RETRY;
	while (done == RETRY && clock_monotonic_ms() < until && !proc_stopping()) {
		struct redis *r = NULL;
		int status = 0;
		done = connect_admin(m, &r, e);
		redis_free(r);
		if (done != OK && m->pid > 0 && waitpid(m->pid, &status, WNOHANG) == m->pid) {
			m->pid = 0;
			return err_set(e, STOP, "redis-server ended at its start; see %s", in_folder(m, "redis.log"));
		}
		if (done == RETRY && m->adopted && !embedded_alive(m))
			return done;
		if (done == RETRY)
			clock_sleep_ms(30);
	}
	return done;
}

/* Who listens on the socket; 0 when nobody does. */
static pid_t listener(const struct embedded *m)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct ucred who = { 0 };
	socklen_t n = sizeof who;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s", m->socket);
	const bool found = fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
			   getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0;
	if (fd >= 0)
		close(fd);
	return found ? who.pid : 0;
}

/* A server that outlived its `earshot up` may still be loading, or be on its way out. While it lives no second one may be
 * started over its file, whatever it answers. SKIP: there is none (any more). */
static enum outcome adopt(struct embedded *m, struct err *e)
{
	m->stranger = file_exists(m->socket) ? listener(m) : 0;
	m->adopted = m->stranger > 0;
	if (!m->adopted)
		return SKIP;
	const enum outcome done = wait_ready(m, e);
	if (done == OK)
		return OK;
	const bool alive = embedded_alive(m);
	m->adopted = false; /* not ours to end */
	return alive ? done : SKIP;
}

/* True when it ended by itself: what had to be killed may have left a torn file. */
static bool end_child(const struct embedded *m)
{
	const int64_t until = clock_monotonic_ms() + STOP_MS;
	int status = 0;
	(void)kill(m->pid, SIGTERM);
	while (clock_monotonic_ms() < until) {
		const pid_t ended = waitpid(m->pid, &status, WNOHANG);
		if (ended == m->pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		if (ended < 0 && errno == ECHILD)
			return false;
		clock_sleep_ms(5);
	}
	proc_end(m->pid, 0);
	return false;
}

/* It is nobody's child any more, so that there is nothing to wait for but its end. */
static bool end_stranger(const struct embedded *m)
{
	const int64_t until = clock_monotonic_ms() + STOP_MS;
	(void)kill(m->stranger, SIGTERM);
	while (embedded_alive(m) && clock_monotonic_ms() < until)
		clock_sleep_ms(10);
	return !embedded_alive(m);
}

enum outcome embedded_restart(struct embedded *m, struct err *e)
{
	enum outcome done = repair(m, e);
	(void)unlink(m->socket);
	if (done == OK)
		done = spawn(m, e);
	return done == OK ? wait_ready(m, e) : done;
}

static enum outcome prepare(struct embedded *m, struct err *e)
{
	enum outcome done = file_mkdirs(in_folder(m, "redis"), 0700, e);
	if (strlen(m->socket) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return err_set(e, STOP, "%s is too long for a unix socket; choose a data folder with a shorter path", m->socket);
	if (done == OK && m->has_roles)
		done = make_passwords(m, e);
	if (done == OK && m->has_roles)
		done = write_acl(m, e);
	return done;
}

enum outcome embedded_start(
	struct embedded *m, const char *folder, bool has_roles, int64_t port, int64_t max_memory, struct err *e)
{
	*m = (struct embedded){ .port = port, .max_memory = max_memory, .has_roles = has_roles };
	arena_init(&m->arena, 4u << 20);
	m->folder = arena_cstr(&m->arena, str_of(folder));
	m->socket = in_folder(m, "redis.sock");
	m->url = arena_printf(&m->arena, "unix://%s", m->socket).p;
	enum outcome done = prepare(m, e);
	if (done == OK)
		done = adopt(m, e);
	return done == SKIP ? embedded_restart(m, e) : done;
}

enum outcome embedded_start_private(struct embedded *m, struct err *e)
{
	char folder[] = "/tmp/earshot-XXXXXX";
	if (mkdtemp(folder) == NULL)
		return err_set(e, STOP, "cannot make a folder under /tmp");
	const enum outcome done = embedded_start(m, folder, false, 0, 0, e);
	m->is_temporary = true;
	return done;
}

enum outcome embedded_connect(struct embedded *m, struct redis **out, struct err *e)
{
	enum outcome done = connect_admin(m, out, e);
	if (done == OK)
		done = redis_functions(*out, true, e);
	if (done != OK) {
		redis_free(*out);
		*out = NULL;
	}
	return done;
}

/* Removes a folder of one level of folders, which is all a private server makes. */
static void remove_folder(const char *path, int depth)
{
	DIR *dir = opendir(path);
	if (dir == NULL)
		return;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		char name[1024];
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR && depth < 4)
			remove_folder(name, depth + 1);
		else
			(void)unlink(name);
	}
	closedir(dir);
	(void)rmdir(path);
}

void embedded_stop(struct embedded *m)
{
	bool is_clean = false;
	if (m->adopted)
		is_clean = end_stranger(m);
	else if (m->pid > 0)
		is_clean = end_child(m);
	if (is_clean && !m->is_temporary && file_write(in_folder(m, CLEAN_MARK), STR("1\n"), 0600, NULL) != OK)
		log_event(LOG_WARN, EV_redis_repaired, "why=%s",
			log_quote(STR("no mark of a clean stop: the next start checks the file")));
	if (m->is_temporary)
		remove_folder(m->folder, 0);
	arena_release(&m->arena);
	*m = (struct embedded){ 0 };
}
