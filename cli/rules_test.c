/* earshot rules test: what other rules would have found in the posts of the past, before they go live. */
#include "cli/rules_commands.h"

#include "cli/past.h"
#include "cli/rules_book.h"
#include "cli/rules_report.h"
#include "common/base/clock.h"

#include <earshot/limits.h>

#include <stdio.h>

#define REPORT_BYTES ((size_t)256 << 20)
#define SAMPLES_MOST 50

static const struct option_row test_options[] = {
	{ "against", true, "a folder or published version to compare with; may be repeated (default: the rules in force)" },
	{ "alone", false, "nothing to compare with: what the new rules find" },
	PAST_OPTIONS,
	{ "samples", true, "posts shown of each brand and rule, gained and lost (default 5, at most 50)" },
	{ "json", false, "one JSON object" },
	{ "html", true, "write a page for people to this file" },
	{ "max-gain", true, "exit 1 when a brand gains more than so many percent of its mentions: 50%" },
	{ "max-alerts", true, "exit 1 when more than so many alerts are new" },
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

struct test {
	struct session session;
	struct rules_book side[BOOK__N];
	struct past past;
	struct backtest backtest;
	size_t samples;
	double max_gain; /* percent; < 0: no gate */
	int64_t max_alerts; /* < 0: no gate */
};

static const struct command_row *row(void)
{
	return command_find("rules test");
}

/* ---- what was asked for ---- */

static bool take_numbers(struct test *t)
{
	const struct options *o = &t->session.options;
	const char *samples = options_value(o, "samples"), *gain = options_value(o, "max-gain"),
		   *alerts = options_value(o, "max-alerts");
	int64_t n = 5;
	t->max_gain = -1;
	t->max_alerts = -1;
	if (samples != NULL && (!str_to_i64(str_of(samples), &n) || n < 0 || n > SAMPLES_MOST)) {
		(void)command_usage_error(row(), "--samples \"%s\" is not a number from 0 to %d", samples, SAMPLES_MOST);
		return false;
	}
	t->samples = (size_t)n;
	struct str percent = str_of(gain);
	if (str_ends(percent, STR("%")))
		percent.n--;
	if (gain != NULL && (!str_to_double(percent, &t->max_gain) || t->max_gain < 0)) {
		(void)command_usage_error(row(), "--max-gain \"%s\" is not a share: write 50%%", gain);
		return false;
	}
	if (alerts != NULL && (!str_to_i64(str_of(alerts), &t->max_alerts) || t->max_alerts < 0)) {
		(void)command_usage_error(row(), "--max-alerts \"%s\" is not a number from 0 on", alerts);
		return false;
	}
	return true;
}

static bool is_given(const struct rules_book *b)
{
	return b->nfolders > 0 || b->version[0] != '\0';
}

static bool take_folders(struct test *t, int argc, char **argv)
{
	struct rules_book *old = &t->side[BOOK_OLD], *new = &t->side[BOOK_NEW];
	struct arena *a = &t->session.arena;
	const struct options *o = &t->session.options;
	bool fits = true;
	for (int i = 0; i < o->noperands; i++)
		fits = rules_book_add(new, a, o->operand[i]) && fits;
	for (int i = 0; options_each(argc, argv, "against", i) != NULL; i++)
		fits = rules_book_add(old, a, options_each(argc, argv, "against", i)) && fits;
	if (!is_given(new) || !fits) {
		(void)command_usage_error(row(),
			"give the folders of the new rules (at most %d), as: earshot rules test rules my-new-rules",
			RULES_FOLDERS_MOST);
		return false;
	}
	if (!is_given(old) && !options_has(o, "alone"))
		rules_book_in_force(old, &t->session);
	old->keeps_model = new->keeps_model = true;
	return true;
}

/* ---- the answer ---- */

static enum outcome write_page(const struct test *t, const struct rules_report *r, struct err *e)
{
	const char *path = options_value(&t->session.options, "html");
	struct buf out;
	if (path == NULL)
		return OK;
	buf_init(&out, REPORT_BYTES);
	rules_page(&out, r);
	const enum outcome done =
		out.overflow
			? err_set(e, REJECT, "the page would be larger than %zu MiB; ask for fewer --samples", REPORT_BYTES >> 20)
			: file_write(path, buf_str(&out), 0644, e);
	buf_release(&out);
	return done;
}

static bool passes_gates(const struct test *t, const struct rules_report *r)
{
	bool passes = true;
	for (size_t i = 0; i < r->b->nbrands && t->max_gain >= 0; i++) {
		const struct backtest_brand *b = &r->b->brand[i];
		const int64_t before = b->kept + b->lost;
		double percent;
		const bool known = rules_percent(before, before + b->gained, &percent);
		if ((known && percent <= t->max_gain) || b->gained == 0)
			continue;
		passes = false;
		fprintf(stderr, "earshot: no: %.*s gains %lld mentions on %lld, more than --max-gain %g%%\n",
			STR_FMT(rules_report_brand(&b->pair)->name), (long long)b->gained, (long long)before, t->max_gain);
	}
	if (t->max_alerts >= 0 && r->totals.incidents_gained > t->max_alerts) {
		passes = false;
		fprintf(stderr, "earshot: no: %lld alerts more, --max-alerts is %lld\n", (long long)r->totals.incidents_gained,
			(long long)t->max_alerts);
	}
	return passes;
}

static int tell(struct test *t)
{
	struct arena a;
	struct buf out;
	struct err e = { 0 };
	struct rules_report report = { 0 };
	arena_init(&a, REPORT_BYTES);
	buf_init(&out, REPORT_BYTES);
	report.old_name = rules_book_name(&t->side[BOOK_OLD], &a);
	report.new_name = rules_book_name(&t->side[BOOK_NEW], &a);
	rules_report_make(&a, &t->backtest, &report);
	if (options_has(&t->session.options, "json"))
		rules_report_json(&out, &report);
	else
		rules_report_text(&out, &report);
	if (out.n > 0)
		(void)fwrite(out.p, 1, out.n, stdout); /* checked with the flush */
	int code = passes_gates(t, &report) ? EXIT_OK : EXIT_NO;
	if (write_page(t, &report, &e) != OK)
		code = command_fail(&e);
	if (fflush(stdout) != 0 || ferror(stdout))
		code = command_fail(
			&(struct err){ REJECT, "standard output cannot be written; is the disk full or the reader gone?" });
	buf_release(&out);
	arena_release(&a);
	return code;
}

static int run(struct test *t)
{
	struct err e = { 0 };
	const struct backtest_options options = {
		.thresholds = { &t->side[BOOK_OLD].thresholds, &t->side[BOOK_NEW].thresholds },
		.samples = t->samples,
		.now_ns = clock_monotonic_ns,
	};
	backtest_init(&t->backtest, t->side[BOOK_OLD].book, t->side[BOOK_NEW].book, &options);
	enum outcome done = backtest_run(&t->backtest, &t->past.source, &e);
	if (done == OK && t->backtest.posts == 0)
		done = err_set(&e, REJECT, "there is no post to try the rules on; look at --posts, --archive and --since");
	const int code = done == OK ? tell(t) : command_fail(&e);
	backtest_release(&t->backtest);
	return code;
}

static int prepare_and_run(struct test *t, int argc, char **argv)
{
	int code = EXIT_USAGE;
	if (!take_numbers(t) || !take_folders(t, argc, argv))
		return EXIT_USAGE;
	for (int side = 0; side < BOOK__N; side++)
		if (is_given(&t->side[side]) && !rules_book_load(&t->side[side], &t->session))
			return EXIT_CONFIG;
	if (past_open(&t->past, &t->session, row(), &code))
		code = run(t);
	past_close(&t->past);
	return code;
}

int rules_test(int argc, char **argv)
{
	struct test t = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&t.session, test_options, argc, argv, &code))
		code = prepare_and_run(&t, argc, argv);
	for (int side = 0; side < BOOK__N; side++)
		rules_book_release(&t.side[side]);
	command_close(&t.session);
	return code;
}
