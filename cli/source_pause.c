/* earshot source pause, earshot source resume: live, in Redis; no file changes. */
#include "cli/source_commands.h"

#include "cli/source_view.h"
#include "common/base/clock.h"
#include "common/store/pauses.h"

#include <stdio.h>

static const struct option_row pause_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "until", true, "a span from now (2h, 7d) or a moment (2026-11-23T08:00:00Z)" },
	{ NULL, false, NULL },
};
static const struct option_row resume_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ NULL, false, NULL },
};

/* false after printing that it is no moment to come. */
static bool read_until(const char *text, int64_t now_ms, int64_t *until_ms)
{
	int64_t span_ms = 0;
	*until_ms = PAUSE_FOR_GOOD;
	if (text == NULL)
		return true;
	if (stored_span(text, &span_ms))
		*until_ms = now_ms + span_ms;
	else if (!clock_parse_iso(str_of(text), until_ms))
		*until_ms = 0;
	if (*until_ms > now_ms)
		return true;
	(void)fprintf(stderr, "earshot: --until \"%s\" is no time to come; write 2h, 7d or 2026-11-23T08:00:00Z\n", text);
	return false;
}

static void say_paused(struct buf *out, struct str id, int64_t until_ms)
{
	buf_addf(out, "%.*s is paused until ", STR_FMT(id));
	if (until_ms == PAUSE_FOR_GOOD)
		buf_addf(out, "`earshot source resume %.*s`\n", STR_FMT(id));
	else {
		stored_minute(out, until_ms);
		buf_addz(out, " UTC\n");
	}
}

static void change(struct stored *s, const struct source *source, bool is_pause)
{
	struct err e = { 0 };
	bool was = false;
	int64_t until_ms = 0;
	const struct partition p = { .redis = s->redis, .arena = &s->session.arena, .shard = source->shard };
	if (is_pause && !read_until(options_value(&s->session.options, "until"), s->now_ms, &until_ms)) {
		s->code = EXIT_USAGE;
		return;
	}
	const enum outcome done =
		is_pause ? pauses_set(&p, source->id, until_ms, &e) : pauses_lift(&p, source->id, s->now_ms, &was, &e);
	if (done != OK)
		stored_fail(s, &e);
	else if (is_pause)
		say_paused(&s->out, source->id, until_ms);
	else
		buf_addf(&s->out, was ? "%.*s is due now\n" : "%.*s was not paused\n", STR_FMT(source->id));
}

static int run(const struct option_row *rows, bool is_pause, int argc, char **argv)
{
	struct stored s;
	struct source_list sources = { 0 };
	enum source_role role = SOURCE_POLLED;
	if (stored_open(&s, rows, argc, argv)) {
		const struct source *found = NULL;
		if (s.session.options.noperands != 1)
			s.code = command_usage_error(command_find(argv[0]), "which source? Give its id");
		else if (!source_view_load(&s.session, &sources))
			s.code = EXIT_CONFIG;
		else
			found = source_view_find(&sources, s.session.options.operand[0], &role);
		if (s.code == EXIT_OK && found == NULL)
			s.code = EXIT_NO;
		if (found != NULL && role == SOURCE_POLLED)
			change(&s, found, is_pause);
		if (found != NULL && role != SOURCE_POLLED) {
			(void)fprintf(stderr, "earshot: nobody polls %.*s: %s\n", STR_FMT(found->id),
				role == SOURCE_OFF ? "it says enabled = no"
						   : "its posts are brought; write enabled = no to refuse them");
			s.code = EXIT_NO;
		}
		sources_release(&sources);
	}
	return stored_close(&s);
}

int source_pause(int argc, char **argv)
{
	return run(pause_options, true, argc, argv);
}

int source_resume(int argc, char **argv)
{
	return run(resume_options, false, argc, argv);
}
