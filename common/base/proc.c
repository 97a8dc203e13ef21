/* Signals as flags, child processes, and what this process weighs. */
#include "common/base/proc.h"

#include "common/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- signals ---- */

static volatile sig_atomic_t stop_wanted, reload_wanted;

static void on_stop(int signal_number)
{
	(void)signal_number;
	if (stop_wanted)
		_exit(130); /* asked twice: somebody is impatient, and state is safe at every line */
	stop_wanted = 1;
}

static void on_reload(int signal_number)
{
	(void)signal_number;
	reload_wanted = 1;
}

/* Without SA_RESTART: a poll or sleep in progress has to end, so that the loop sees the flag. */
static void handle(int signal_number, void (*handler)(int))
{
	struct sigaction act;
	memset(&act, 0, sizeof(act));
	act.sa_handler = handler;
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(signal_number, &act, NULL);
}

void proc_signals(void)
{
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_reload);
	handle(SIGPIPE, SIG_IGN);
}

bool proc_stopping(void)
{
	return stop_wanted != 0;
}

void proc_stop(void)
{
	stop_wanted = 1;
}

bool proc_take_reload(void)
{
	bool wanted = reload_wanted != 0;
	reload_wanted = 0;
	return wanted;
}

int64_t proc_rss_bytes(void)
{
	long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f)
		return 0;
	int n = fscanf(f, "%*d %lld", &pages);
	(void)fclose(f);
	return n == 1 ? (int64_t)pages * sysconf(_SC_PAGESIZE) : 0;
}

/* ---- children ---- */

static bool same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");
	return strncmp(a, b, n + 1) == 0;
}

static bool is_replaced(const char *variable, char *const *by)
{
	for (; by && *by; by++)
		if (same_name(*by, variable))
			return true;
	return false;
}

/* Our environment with `env` on top. Made before the fork: malloc() is not safe behind it. */
static char **environment_with(char *const *env)
{
	size_t n = 0, count = 0;
	while (environ[count])
		count++;
	for (char *const *v = env; v && *v; v++)
		count++;
	char **all = calloc(count + 1, sizeof(*all));
	if (!all) {
		(void)fprintf(stderr, "earshot: out of memory: environment of %zu variables\n", count);
		abort();
	}
	for (char **v = environ; *v; v++)
		if (!is_replaced(*v, env))
			all[n++] = *v;
	for (char *const *v = env; v && *v; v++)
		all[n++] = *v;
	return all;
}

struct spawn {
	char *const *argv;
	char **env;
	int stdout_fd, report_fd; /* an exec that fails writes its errno to report_fd, which a successful one closes */
	pid_t parent;
};

static _Noreturn void child_run(const struct spawn *s)
{
	sigset_t none;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != s->parent)
		_exit(143); /* the parent died before the line above: the signal will never come */
	handle(SIGPIPE, SIG_DFL); /* "ignored" would be inherited; handlers are not */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* Sockets and locks of ours are not the child's; a kernel before 5.11 refuses, and then our own O_CLOEXEC flags have to do. */
	(void)close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	if (s->stdout_fd < 0 || dup2(s->stdout_fd, STDOUT_FILENO) >= 0)
		(void)execvpe(s->argv[0], s->argv, s->env);
	int error = errno;
	ssize_t sent = write(s->report_fd, &error, sizeof(error));
	_exit(sent == (ssize_t)sizeof(error) ? 127 : 126);
}

/* The errno of the child's exec, 0 when it went well. */
static int exec_result(int report_fd)
{
	int error = 0;
	ssize_t n = 0;
	do {
		n = read(report_fd, &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(error) ? error : 0;
}

static void wait_for(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

pid_t proc_spawn(char *const argv[], char *const env[], int stdout_fd, struct err *e)
{
	int report[2];
	if (pipe2(report, O_CLOEXEC) != 0) {
		(void)err_set(e, RETRY, "%s: cannot be started: pipe: %s", argv[0], strerror(errno));
		return -1;
	}
	struct spawn s = { argv, environment_with(env), stdout_fd, report[1], getpid() };
	pid_t pid = fork();
	if (pid == 0)
		child_run(&s);
	int error = pid < 0 ? errno : 0;
	(void)close(report[1]);
	if (pid > 0)
		error = exec_result(report[0]);
	(void)close(report[0]);
	free(s.env);
	if (error == 0)
		return pid;
	if (pid > 0)
		wait_for(pid);
	(void)err_set(e, error == EAGAIN || error == ENOMEM ? RETRY : STOP,
		"%s: cannot be started: %s; is it installed and in PATH?", argv[0], strerror(error));
	return -1;
}

pid_t proc_reap(int *status)
{
	pid_t pid = waitpid(-1, status, WNOHANG);
	return pid > 0 ? pid : 0;
}

void proc_end(pid_t pid, int64_t patience_ms)
{
	if (pid <= 0)
		return; /* 0 and -1 would mean whole groups of processes */
	(void)kill(pid, SIGTERM);
	int64_t until = clock_monotonic_ms() + patience_ms;
	while (clock_monotonic_ms() < until) {
		pid_t done = waitpid(pid, NULL, WNOHANG);
		if (done == pid || (done < 0 && errno == ECHILD))
			return;
		clock_sleep_ms(5);
	}
	(void)kill(pid, SIGKILL);
	wait_for(pid);
}

const char *proc_self(void)
{
	static char path[4096];
	static const char replaced[] = " (deleted)";
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n <= 0)
		return "earshot"; /* without /proc: PATH has to do */
	path[n] = 0;
	/* An upgrade put a new binary in the place of ours: children are started from that one. */
	struct str whole = { path, (size_t)n };
	if (str_ends(whole, str_of(replaced)))
		path[(size_t)n - (sizeof(replaced) - 1)] = 0;
	return path;
}
