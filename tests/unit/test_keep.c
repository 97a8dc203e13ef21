/* The crawler's hand on the archive: what a full disk costs is counted. */
#include "crawler/keep.h"

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/post.h"
#include "common/text/rulebook.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1795348800000LL /* 2026-11-22T12:00:00Z */

static void post(struct keep *k, struct arena *a, const char *id)
{
	static const struct rulebook no_rules;
	static const struct source_how how;
	static const struct source source = { .how = &how };
	const struct admit_terms terms = { .book = &no_rules, .source = &source, .now_ms = NOW };
	struct admitted admitted = { .fingerprint = 1 };
	post_init(&admitted.post);
	admitted.post.id = str_of(id);
	admitted.post.text = STR("退款");
	admitted.post.posted_ms = admitted.post.fetched_ms = NOW;
	keep_post(k, a, &terms, &admitted, 0);
}

static void disk_is_full(bool is_full)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = is_full ? 0 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* HUP and the end let go of the block in memory. */
static void posts_that_wait_for_a_full_disk_at_the_end_are_counted(void **state)
{
	char folder[] = "/tmp/earshot-keep-XXXXXX";
	struct settings settings = { .archive = true, .archive_keep_ms = MS_PER_DAY, .archive_bytes = 1 << 30 };
	struct keep k;
	struct arena a;
	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)signal(SIGXFSZ, SIG_IGN);
	settings.archive_folder = str_of(folder);
	arena_init(&a, 1u << 20);
	keep_init(&k, &settings);
	post(&k, &a, "1");
	keep_turn(&k, NOW + 2000);
	const int64_t lost = metrics_get(M_archive_errors_total);
	disk_is_full(true);
	post(&k, &a, "2");
	post(&k, &a, "3");
	keep_turn(&k, NOW + 4000);
	assert_int_equal(metrics_get(M_archive_errors_total), lost); /* they wait */
	keep_release(&k, NOW + 6000);
	disk_is_full(false);
	assert_int_equal(metrics_get(M_archive_errors_total), lost + 2);
	const struct archive_options nothing = { folder, MS_PER_DAY, 0, 0 };
	struct archive *cleaner = archive_new(&nothing);
	assert_int_equal(archive_turn(cleaner, NOW, NULL), OK);
	archive_free(cleaner);
	assert_int_equal(rmdir(folder), 0);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_that_wait_for_a_full_disk_at_the_end_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
