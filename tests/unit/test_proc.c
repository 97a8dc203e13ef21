/* Unit tests of signals and children. */
#include "common/base/proc.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t spawn_shell(const char *script, char *const env[], int stdout_fd, struct err *e)
{
	char *text = strdup(script);
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, text, NULL };
	pid_t pid = proc_spawn(argv, env, stdout_fd, e);
	free(text);
	return pid;
}

static int wait_status(pid_t pid)
{
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void a_child_gets_its_environment_and_output(void **state)
{
	(void)state;
	int ends[2];
	char seen[100] = "";
	struct err e = { 0 };
	char *env[] = { (char[]){ "EARSHOT_A=退款" }, (char[]){ "EARSHOT_B=new" }, NULL };
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(setenv("EARSHOT_B", "old", 1), 0);
	pid_t pid = spawn_shell("echo \"$EARSHOT_A $EARSHOT_B ${PATH:+path}\"; exit 7", env, ends[1], &e);
	assert_true(pid > 0);
	(void)close(ends[1]);
	assert_true(read(ends[0], seen, sizeof(seen) - 1) > 0);
	assert_string_equal(seen, "退款 new path\n");
	assert_int_equal(WEXITSTATUS(wait_status(pid)), 7);
	(void)close(ends[0]);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	struct err e = { 0 };
	char *argv[] = { (char[]){ "earshot-no-such-program" }, NULL };
	assert_int_equal(proc_spawn(argv, NULL, -1, &e), -1);
	assert_int_equal(e.outcome, STOP);
	assert_non_null(strstr(e.text, "earshot-no-such-program: cannot be started: No such file"));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void our_files_are_not_the_childs(void **state)
{
	(void)state;
	struct err e = { 0 };
	char script[100];
	int fd = open("/dev/null", O_RDONLY); /* a careless one, without O_CLOEXEC */
	assert_true(fd >= 3);
	(void)snprintf(script, sizeof(script), "test ! -e /proc/self/fd/%d", fd);
	assert_int_equal(wait_status(spawn_shell(script, NULL, -1, &e)), 0);
	(void)close(fd);
}

static void reaping_does_not_wait(void **state)
{
	(void)state;
	int status = 0;
	pid_t pid = spawn_shell("exec sleep 30", NULL, -1, NULL);
	assert_int_equal(proc_reap(&status), 0);
	(void)kill(pid, SIGKILL);
	pid_t found = 0;
	for (int i = 0; i < 1000 && found == 0; i++) {
		clock_sleep_ms(1);
		found = proc_reap(&status);
	}
	assert_int_equal(found, pid);
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void a_child_is_asked_and_then_forced(void **state)
{
	(void)state;
	int ends[2];
	char byte = 0;
	pid_t polite = spawn_shell("exec sleep 30", NULL, -1, NULL);
	proc_end(polite, 5000);
	assert_int_equal(waitpid(polite, NULL, WNOHANG), -1);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t unmoved = spawn_shell("trap '' TERM; echo ready; exec 1>/dev/null; sleep 30", NULL, ends[1], NULL);
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	proc_end(unmoved, 50);
	assert_int_equal(waitpid(unmoved, NULL, WNOHANG), -1);
	(void)close(ends[0]);
	proc_end(0, 10); /* must not end the whole group */
	proc_end(-1, 10);
}

static void signals_become_flags(void **state)
{
	(void)state;
	proc_signals();
	assert_false(proc_take_reload());
	(void)raise(SIGHUP);
	(void)raise(SIGPIPE);
	assert_true(proc_take_reload());
	assert_false(proc_take_reload());
	assert_false(proc_stopping());
	(void)raise(SIGTERM);
	assert_true(proc_stopping());
}

/* Runs behind the test above: the flag is set, so that a second signal ends a process. */
static void a_second_signal_ends_the_process(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		(void)raise(SIGINT);
		_exit(0);
	}
	int status = wait_status(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 130);
}

static void the_process_knows_itself(void **state)
{
	(void)state;
	assert_non_null(strstr(proc_self(), "test_proc"));
	assert_true(proc_rss_bytes() > 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_gets_its_environment_and_output),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error),
		cmocka_unit_test(our_files_are_not_the_childs),
		cmocka_unit_test(reaping_does_not_wait),
		cmocka_unit_test(a_child_is_asked_and_then_forced),
		cmocka_unit_test(signals_become_flags),
		cmocka_unit_test(a_second_signal_ends_the_process),
		cmocka_unit_test(the_process_knows_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
