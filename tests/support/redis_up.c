/* A redis-server of a test's own: start, crash, stop. */
#include "tests/support/redis_up.h"

#include "common/base/clock.h"
#include "common/base/proc.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 5000

static pid_t server;
static char folder[64];

static bool answers(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	char reply[8] = "";
	bool up = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 && write(fd, "PING\r\n", 6) == 6 &&
		  read(fd, reply, sizeof(reply) - 1) > 0;
	(void)close(fd);
	return up && strncmp(reply, "+PONG", 5) == 0;
}

static bool server_start(void)
{
	char path[96], log[96];
	(void)snprintf(path, sizeof(path), "%s/redis.sock", folder);
	(void)snprintf(log, sizeof(log), "%s/redis.log", folder);
	char *argv[] = { "redis-server", "--port", "0", "--unixsocket", path, "--dir", folder, "--appendonly", "yes", "--save",
		"", "--appendfsync", "everysec", "--logfile", log, "--auto-aof-rewrite-percentage", "0", NULL };
	struct err e = { 0 };
	server = proc_spawn(argv, NULL, -1, &e);
	if (server <= 0) {
		(void)fprintf(stderr, "no redis-server for this test: %s\n", e.text);
		server = 0;
		return false;
	}
	for (int64_t end = clock_monotonic_ms() + WAIT_MS; clock_monotonic_ms() < end;) {
		if (answers(path))
			return true;
		int status = 0;
		if (waitpid(server, &status, WNOHANG) == server) {
			server = 0;
			break;
		}
		clock_sleep_ms(10);
	}
	(void)fprintf(stderr, "no redis-server for this test: it does not answer on %s\n", path);
	return false;
}

bool redis_up(char url[256])
{
	static bool registered;
	if (!registered)
		(void)atexit(redis_down);
	registered = true;
	redis_down();
	(void)snprintf(folder, sizeof(folder), "/tmp/earshot-redis-XXXXXX");
	if (!mkdtemp(folder)) {
		perror(folder);
		return false;
	}
	(void)snprintf(url, 256, "unix://%s/redis.sock", folder);
	return server_start();
}

bool redis_crash(void)
{
	if (server <= 0)
		return false;
	(void)kill(server, SIGKILL);
	int status = 0;
	(void)waitpid(server, &status, 0);
	return server_start();
}

static void folder_remove(void)
{
	char *argv[] = { "rm", "-rf", folder, NULL };
	struct err e = { 0 };
	pid_t pid = proc_spawn(argv, NULL, -1, &e);
	int status = 0;
	if (pid > 0)
		(void)waitpid(pid, &status, 0);
	folder[0] = 0;
}

void redis_down(void)
{
	if (server > 0)
		proc_end(server, 2000);
	server = 0;
	if (folder[0])
		folder_remove();
}
