/* earshot integrity: does the talk about a brand look organic or coordinated, and what speaks for it. */
#include "cli/commands.h"

#include "cli/stored.h"
#include "common/base/clock.h"
#include "detector/integrity_read.h"
#include <earshot/limits.h>

#include <stdio.h>

#define TEXT_SHOWN 160 /* bytes of a sample for a person */
#define MOST_HOURS (30 * 24)
#define ARENA_BYTES                                                                                                              \
	((size_t)4 << 30) /* LIMIT_INTEGRITY_MENTIONS records of the largest kind; taken only as far as it is needed */

static const struct option_row integrity_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "hours", true, "how many hours back (default 24)" },
	{ "json", false, "one JSON object" },
	{ NULL, false, NULL },
};

static const char *const signal_about[SIGNAL__N] = {
	[SIGNAL_COPIES] = "copies of one text, not marked as reposts",
	[SIGNAL_TEMPLATES] = "one frame with other words put in",
	[SIGNAL_BURSTS] = "the same text or frame in the same minute, more than the rest of the talk explains",
	[SIGNAL_FLOODS] = "by authors who post far more than others",
	[SIGNAL_NEW] = "authors with an account of less than 30 days, where the source tells",
};
static const char *const hint_about[HINT__N] = {
	[HINT_MONEY] = "malicious complaint? offers to delete for money",
	[HINT_COPIED_COMPLAINT] = "malicious complaint? one complaint under several names",
	[HINT_SERIAL_COMPLAINT] = "malicious complaint? one author, many complaints",
	[HINT_RUMOURS] = "rumour? a notable part passes on what is not known to be true",
	[HINT_COPIED_HEARSAY] = "rumour? copied, known from others, nothing the writer saw",
};

static void write_window(struct buf *out, const struct integrity_read *read, const struct integrity *i)
{
	stored_minute(out, read->window.from_ms);
	buf_addz(out, " - ");
	stored_minute(out, read->window.to_ms);
	buf_addf(out, "  %zu posts", i->posts);
	for (int v = 0; v < VOICE__N; v++)
		buf_addf(out, "%s %s %zu", v == 0 ? ":" : ",", integrity_voice_names[v], i->voice[v]);
	buf_addc(out, '\n');
	if (read->is_sample)
		buf_addf(out, "  a sample: the newest %zu posts of the time that was asked for; there are more\n", i->posts);
	if (read->erased > 0)
		buf_addf(out, "  %zu more are erased or cannot be read\n", read->erased);
}

static void write_estimate(struct buf *out, const struct integrity *i)
{
	buf_addf(out, "%s  %.2f (0 organic ... 1 coordinated)", integrity_word_names[i->word], i->estimate);
	if (i->voice[VOICE_PERSON] + i->voice[VOICE_REPOST] < INTEGRITY_FEWEST)
		buf_addf(out, "  fewer than %d posts of people: nothing is concluded", INTEGRITY_FEWEST);
	buf_addf(out, "\n  %zu posts with signs of coordination, %zu without; all of them count\n", i->coordinated,
		i->posts - i->coordinated);
}

static void write_shares(struct buf *out, const struct integrity *i)
{
	for (int s = 0; s < SIGNAL__N; s++) {
		const struct integrity_share *share = &i->share[s];
		buf_addf(out, "  %-12s  ", integrity_signal_names[s]);
		if (share->of == 0)
			buf_addz(out, "not known          ");
		else
			buf_addf(
				out, "%5.1f%%  %5zu of %-5zu", 100.0 * (double)share->n / (double)share->of, share->n, share->of);
		buf_addf(out, "  %s\n", signal_about[s]);
	}
}

static void write_sample(struct buf *out, const struct integrity_read *read, size_t post)
{
	buf_addz(out, "      ");
	stored_text(out, read->window.post[post].text, TEXT_SHOWN);
	buf_addf(out, "\n      post %.*s\n", STR_FMT(read->window.post[post].id));
}

static void write_groups(struct buf *out, const struct integrity_read *read, const struct integrity *i)
{
	if (i->ngroups > 0)
		buf_addf(out, "largest of %zu groups\n", i->all_groups);
	for (size_t k = 0; k < i->ngroups; k++) {
		const struct integrity_group *g = &i->group[k];
		buf_addf(out, "  %-8s  %zu posts  %zu authors  %zu sources  ", g->is_template ? "template" : "copies", g->posts,
			g->authors, g->sources);
		stored_minute(out, g->from_ms);
		buf_addz(out, " - ");
		stored_minute(out, g->to_ms);
		buf_addc(out, '\n');
		if (g->burst > 0) {
			buf_addz(out, "      burst at ");
			stored_minute(out, g->burst_ms);
			buf_addf(out, ": %zu authors, expected %.2f\n", g->burst, g->burst_expected);
		}
		write_sample(out, read, g->first);
	}
}

static void write_authors(struct buf *out, const struct integrity *i)
{
	if (i->nbusiest > 0)
		buf_addf(out, "busiest of %zu authors\n", i->authors);
	for (size_t k = 0; k < i->nbusiest; k++) {
		const struct integrity_author *author = &i->busiest[k];
		buf_addz(out, "  ");
		stored_text(out, author->author, LIMIT_FIELD_BYTES);
		buf_addf(out, "  %zu posts, %zu of them complaints%s\n", author->posts, author->complaints,
			author->is_new ? ", a new account" : "");
	}
}

static void write_hints(struct buf *out, const struct integrity_read *read, const struct integrity *i)
{
	if (i->nhints > 0)
		buf_addz(out, "hints, for a person to look at\n");
	for (size_t k = 0; k < i->nhints; k++) {
		const struct integrity_hint_found *hint = &i->hint[k];
		buf_addf(out, "  %s: %zu posts\n", hint_about[hint->hint], hint->posts);
		write_sample(out, read, hint->sample);
	}
}

static void write_lines(struct buf *out, const struct integrity_read *read, const struct integrity *i)
{
	write_estimate(out, i);
	buf_addz(out, "  ");
	write_window(out, read, i);
	write_shares(out, i);
	write_groups(out, read, i);
	write_authors(out, i);
	write_hints(out, read, i);
}

static void write_json(struct buf *out, struct str brand, const struct integrity_read *read, const struct integrity *i)
{
	buf_addc(out, '{');
	buf_json_str(out, "brand", brand);
	buf_json_bool(out, "is_sample", read->is_sample);
	buf_json_int(out, "erased", (int64_t)read->erased);
	integrity_write(out, &read->window, i, true);
	buf_addz(out, "}\n");
}

static enum outcome show(struct stored *s, struct arena *a, int64_t hours, struct err *e)
{
	struct brand_row *row = NULL;
	size_t nbrands = 0;
	struct integrity_read read = { 0 };
	enum outcome done = stored_brands(s, s->session.options.operand[0], &row, &nbrands, e);
	if (done != OK)
		return done;
	const struct partition p = { .redis = s->redis, .arena = a, .brand = row->id };
	const struct integrity_span span = { s->now_ms - hours * MS_PER_HOUR, s->now_ms + (int64_t)LIMIT_FUTURE_MS,
		LIMIT_INTEGRITY_MENTIONS };
	done = integrity_read(&p, span, &read, e);
	if (done != OK)
		return done;
	struct integrity verdict;
	integrity_judge(a, &read.window, &verdict);
	if (options_has(&s->session.options, "json"))
		write_json(&s->out, row->id, &read, &verdict);
	else
		write_lines(&s->out, &read, &verdict);
	return OK;
}

static void run(struct stored *s)
{
	int64_t hours = 24;
	struct err e = { 0 };
	const char *text = options_value(&s->session.options, "hours");
	if (s->session.options.noperands != 1) {
		s->code = command_usage_error(command_find("integrity"), "%s", "name one brand");
		return;
	}
	if (text != NULL && (!str_to_i64(str_of(text), &hours) || hours < 1 || hours > MOST_HOURS)) {
		s->code = command_usage_error(
			command_find("integrity"), "--hours \"%s\" is not a number from 1 to %d", text, MOST_HOURS);
		return;
	}
	struct arena a;
	arena_init(&a, ARENA_BYTES);
	if (show(s, &a, hours, &e) != OK)
		stored_fail(s, &e);
	arena_release(&a);
}

int cmd_integrity(int argc, char **argv)
{
	struct stored s;
	if (stored_open(&s, integrity_options, argc, argv))
		run(&s);
	return stored_close(&s);
}
