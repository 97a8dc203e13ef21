/* earshot rules backfill: history counted again under the published rulebook. `rules publish --backfill` does the same at once. */
#include "cli/rules_backfill.h"

#include "cli/backfill.h"
#include "cli/rules_commands.h"
#include "common/base/clock.h"
#include "common/base/proc.h"
#include "common/rules/published.h"
#include <earshot/limits.h>

#include <stdio.h>

#define FILES_ARENA_BYTES ((size_t)LIMIT_RULEBOOK_BYTES * 2)

static const struct option_row backfill_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	PAST_OPTIONS,
	{ NULL, false, NULL },
};

enum outcome rules_backfill_run(struct stored *s, const struct rulebook *book, int64_t span_ms, struct err *e)
{
	struct past past;
	struct rulebooks_now now;
	const struct settings *settings = &s->session.settings;
	enum outcome done = rulebooks_now(s->redis, &s->session.arena, &now, e);
	if (done != OK)
		return done;
	const int64_t kept_ms = span_ms < settings->keep_mentions_ms ? span_ms : settings->keep_mentions_ms;
	struct backfill b = { .redis = s->redis, .book = book, .published_ms = now.since_ms, .since_ms = s->now_ms - kept_ms };
	proc_signals();
	int code = EXIT_NO;
	if (past_open_since(&past, &s->session, b.since_ms, &code))
		done = backfill_run(&b, &past, e);
	else
		s->code = code; /* why was said */
	past_close(&past);
	if (done == OK)
		buf_addf(&s->out,
			"back-fill: %lld posts read, %lld mentions found, %lld counted before, %lld sent to be counted\n",
			(long long)b.posts, (long long)b.found, (long long)b.known, (long long)b.appended);
	return done;
}

static enum outcome run(struct stored *s, int64_t span_ms, struct err *e)
{
	struct arena a;
	struct rulebooks_now now;
	struct rulebook_files files;
	struct problems problems;
	problems_init(&problems);
	arena_init(&a, FILES_ARENA_BYTES);
	enum outcome done = rulebooks_now(s->redis, &a, &now, e);
	if (done == OK && now.version[0] == '\0')
		done = err_set(e, REJECT, "no rulebook is published; publish one with: earshot rules publish --by NAME");
	if (done == OK)
		done = published_files(s->redis, &a, now.version, &files, e);
	struct rulebook *book = done == OK ? rulebook_compile(&files, &problems) : NULL;
	if (book != NULL)
		done = rules_backfill_run(s, book, span_ms, e);
	else if (done == OK && !command_problems(&problems))
		s->code = EXIT_CONFIG;
	rulebook_free(book);
	problems_release(&problems);
	arena_release(&a);
	return done;
}

int rules_backfill(int argc, char **argv)
{
	struct stored s;
	struct err e = { 0 };
	int64_t span_ms = 0;
	if (stored_open(&s, backfill_options, argc, argv) && stored_span_option(&s, "since", "30d", &span_ms) &&
		run(&s, span_ms, &e) != OK)
		stored_fail(&s, &e);
	return stored_close(&s);
}
