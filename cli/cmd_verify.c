/* earshot verify: counters are a cache of the mention records; this recounts them and says where they differ. */
#include "cli/commands.h"

#include "cli/command.h"
#include "common/base/clock.h"
#include "common/store/procs.h"
#include "detector/recount_stories.h"

#include <stdio.h>

static const struct option_row verify_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "brand", true, "only this brand" },
	{ "fix", false, "set wrong counters right" },
	{ NULL, false, NULL },
};

struct verify {
	struct session *session;
	struct redis *redis;
	struct recount total;
	struct buf report;
};

static enum outcome verify_brand(struct verify *v, struct str brand, struct err *e)
{
	const struct partition p = { .redis = v->redis, .arena = &v->session->arena, .brand = brand };
	const int64_t now = clock_now_ms(), kept = now - v->session->settings.keep_minutes_ms;
	int64_t oldest = -1;
	struct recount found = { 0 };
	enum outcome done = posts_oldest(&p, &oldest, e);
	if (done != OK || oldest < 0)
		return done;
	struct recount_stories stories;
	const struct recount_job job = {
		.redis = v->redis,
		.brand = brand,
		.from_ms = oldest > kept ? oldest : kept,
		.to_ms = now + MS_PER_MINUTE,
		.fix = options_has(&v->session->options, "fix"),
		.report = &v->report,
		.stories = &stories.records,
	};
	done = recount_stories_begin(&stories, &job, e);
	if (done == OK)
		done = recount_brand(&job, &found, e);
	if (done == OK)
		done = recount_stories_end(&stories, &job, &found, e);
	recount_stories_release(&stories);
	printf("%-32.*s %10lld mentions %10lld cells %8lld stories %6lld wrong%s\n", STR_FMT(brand), (long long)found.mentions,
		(long long)found.cells, (long long)found.stories, (long long)found.wrong,
		found.repaired > 0 ? ", set right" : "");
	v->total.mentions += found.mentions;
	v->total.wrong += found.wrong;
	v->total.repaired += found.repaired;
	return done;
}

static enum outcome verify_all(struct verify *v, struct err *e)
{
	const char *only = options_value(&v->session->options, "brand");
	struct brand_row *row = NULL;
	size_t n = 0;
	if (only != NULL)
		return verify_brand(v, str_of(only), e);
	struct arena names;
	arena_init(&names, 4u << 20);
	enum outcome done = procs_brands(v->redis, &names, &row, &n, e);
	struct str *id = arena_list(&names, struct str, n + 1);
	for (size_t i = 0; i < n && done == OK; i++)
		id[i] = arena_copy(&names, row[i].id); /* the reply goes with the first recount */
	for (size_t i = 0; i < n && done == OK; i++)
		done = verify_brand(v, id[i], e);
	arena_release(&names);
	return done;
}

int cmd_verify(int argc, char **argv)
{
	struct session s = { 0 };
	struct verify v = { .session = &s };
	struct err e = { 0 };
	int code = EXIT_USAGE;
	buf_init(&v.report, 4u << 20);
	if (command_open(&s, verify_options, argc, argv, &code)) {
		code = EXIT_REDIS;
		v.redis = command_redis(&s.arena, &s.options, &s.settings);
		if (v.redis != NULL && verify_all(&v, &e) != OK)
			code = command_fail(&e);
		else if (v.redis != NULL)
			code = v.total.wrong > v.total.repaired ? EXIT_NO : EXIT_OK;
		if (v.report.n > 0)
			(void)!fwrite(v.report.p, 1, v.report.n, stdout);
		redis_free(v.redis);
	}
	buf_release(&v.report);
	command_close(&s);
	return code;
}
