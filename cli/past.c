/* Posts of the past as a source for backtests: lines of a JSONL file, or the archive. */
#include "cli/past.h"

#include <earshot/limits.h>

#include "cli/stored.h"
#include "common/base/clock.h"
#include "common/base/post.h"
#include "crawler/admit.h"

#include <errno.h>
#include <string.h>

/* ---- lines ---- */

static enum outcome read_line(struct past *p, struct arena *a, struct str line, struct backtest_post *out, struct err *e)
{
	const struct json *doc = json_parse_in(a, line, e);
	if (doc == NULL)
		return REJECT;
	struct post *post = &out->post;
	const enum outcome done = post_read_line(a, doc, post, &p->brand, e);
	if (done != OK)
		return done;
	if (post->posted_ms < 0)
		return err_set(e, REJECT, "a backtest needs \"posted\": 2015-02-17T07:36:05Z or epoch seconds");
	if (post->posted_ms < p->since_ms)
		return SKIP;
	/* What the live path sees is masked; the author's name is only compared with own accounts. */
	const struct str author = post->author;
	admit_clean(a, post, STR("earshot replay"), post->source);
	post->author = author;
	if (post->family.n == 0)
		post->family = STR("social");
	post->fetched_ms = post->posted_ms > p->clock_ms ? post->posted_ms : p->clock_ms;
	p->clock_ms = post->fetched_ms - post->fetched_ms % MS_PER_MINUTE;
	if (p->brand.n > 0)
		out->brands = (struct conf_list){ &p->brand, 1 };
	return OK;
}

/* A line that cannot be read is counted and said, and the run goes on. */
static enum outcome next_line(struct backtest_source *source, struct arena *a, struct backtest_post *out, struct err *e)
{
	struct past *p = (struct past *)source;
	struct str line;
	while (lines_next(&p->lines, &line)) {
		struct err why = { .text = "the line is longer than 1 MiB" };
		if (str_trim(line).n == 0)
			continue;
		arena_reset(a);
		*out = (struct backtest_post){ 0 };
		const enum outcome done = p->lines.too_long ? REJECT : read_line(p, a, line, out, &why);
		if (done == OK) {
			p->read++;
			return OK;
		}
		if (done == SKIP)
			continue;
		p->refused++;
		fprintf(stderr, "%s:%lu: %s\n", p->path, p->lines.number, why.text);
	}
	if (ferror(p->in))
		return err_set(e, REJECT, "%s cannot be read: %s", p->path, strerror(errno));
	return SKIP;
}

static bool open_lines(struct past *p)
{
	p->in = strcmp(p->path, "-") == 0 ? stdin : fopen(p->path, "re");
	if (p->in == NULL) {
		fprintf(stderr, "earshot: %s cannot be read: %s; give a JSONL file of posts, or - for standard input\n", p->path,
			strerror(errno));
		return false;
	}
	lines_init(&p->lines, p->in, LIMIT_JSONL_BYTES);
	p->source.next = next_line;
	return true;
}

/* ---- the archive ---- */

static enum outcome next_archived(struct backtest_source *source, struct arena *a, struct backtest_post *out, struct err *e)
{
	struct past *p = (struct past *)source;
	struct archive_entry entry;
	(void)e; /* damage is told at the end: the rest of the archive is as good as ever */
	if (!archive_next(p->archive, &entry))
		return SKIP;
	p->read++;
	*out = (struct backtest_post){
		.post = entry.post,
		.brands = admit_list(a, entry.about),
		.own = admit_list(a, entry.own),
		.backfill = entry.backfill,
	};
	return OK;
}

static bool open_archive(struct past *p, const char *folder)
{
	struct err e = { 0 };
	const struct archive_span span = { .since_ms = p->since_ms, .until_ms = INT64_MAX };
	p->source.next = next_archived;
	if (archive_reader_open(folder, &span, &p->archive, &e) == OK)
		return true;
	fprintf(stderr, "earshot: %s; or give a JSONL file of posts with --posts FILE\n", e.text);
	return false;
}

static void close_archive(struct past *p)
{
	struct arena a;
	arena_init(&a, 1u << 20);
	const struct str damage = archive_damage(&a, archive_reader_tally(p->archive));
	if (damage.n > 0)
		fprintf(stderr, "earshot: %.*s\n", STR_FMT(damage));
	archive_reader_close(p->archive);
	arena_release(&a);
}

/* ---- either ---- */

static bool take_since(struct past *p, const struct session *s, const char *fallback, const struct command_row *command)
{
	const char *text = options_value(&s->options, "since");
	text = text != NULL ? text : fallback;
	if (text == NULL)
		return true;
	if (stored_moment(text, clock_now_ms(), &p->since_ms))
		return true;
	(void)command_usage_error(
		command, "--since \"%s\" is no time; write how long ago (12h, 7d, 4w) or from when (2026-11-22T10:00:00Z)", text);
	return false;
}

static bool open_either(struct past *p, struct session *s)
{
	if (p->path != NULL)
		return open_lines(p);
	return open_archive(p, command_archive(s));
}

bool past_open(struct past *p, struct session *s, const struct command_row *command, int *exit_code)
{
	*p = (struct past){ .path = options_value(&s->options, "posts") };
	*exit_code = EXIT_USAGE;
	if (!take_since(p, s, p->path != NULL ? NULL : "30d", command))
		return false;
	*exit_code = EXIT_NO;
	return open_either(p, s);
}

bool past_open_since(struct past *p, struct session *s, int64_t since_ms, int *exit_code)
{
	*p = (struct past){ .path = options_value(&s->options, "posts"), .since_ms = since_ms };
	*exit_code = EXIT_NO;
	return open_either(p, s);
}

void past_close(struct past *p)
{
	if (p->archive != NULL)
		close_archive(p);
	if (p->in == NULL)
		return;
	lines_release(&p->lines);
	if (p->in != stdin)
		(void)fclose(p->in); /* only read from */
}
