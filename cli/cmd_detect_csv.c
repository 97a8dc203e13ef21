/* `earshot detect-csv FILE`: a series of counts through the functions of the live detector; one line a row, with a score
 * where an incident opens or escalates. */
#include "cli/command.h"
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/csv_series.h"
#include "common/base/file.h"
#include "detector/incident.h"
#include "detector/model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ROWS_AHEAD 13 /* rows looked at to learn the bucket width: twelve gaps */

static const struct option_row options[] = {
	{ "rules", true, "folder with a thresholds.conf; without it the shipped defaults hold" },
	{ "open-score", true, "score at which an incident opens, in place of the one in force" },
	{ NULL, false, NULL },
};

struct run {
	struct lines lines;
	struct arena arena; /* of one line */
	struct csv_series series;
	struct model model;
	struct incident incident;
	struct thresholds thresholds;
	int64_t known_since_ms;
	double posts; /* since the onset of what is open */
	bool flushes; /* a pipe that is still being written wants its answers at once */
};

static bool is_open(const struct incident *i)
{
	return i->state != INC_NONE && i->closed_ms == 0;
}

/* One bucket, as a live tick would take it. Returns the score to print. */
static double tick(struct run *r, const struct sight *s, double value)
{
	const struct evidence evidence = model_judge(&r->model, s);
	if (r->known_since_ms == 0 && value > 0)
		r->known_since_ms = s->at_ms;
	r->posts = is_open(&r->incident) ? r->posts + value : evidence.observed;
	const struct situation situation = {
		.brand = STR("csv"),
		.series = "all",
		.evidence = evidence,
		.posts = r->posts,
		.category = "",
		.now_ms = s->at_ms,
		.known_since_ms = r->known_since_ms > 0 ? r->known_since_ms : s->at_ms,
	};
	const struct step step = incident_tick(&r->incident, &situation, &r->thresholds);
	r->incident = step.next;
	model_learn(&r->model, s);
	const bool speaks = step.moved && (step.event == EVT_SURGE || step.event == EVT_ESCALATE);
	return speaks ? evidence.score : 0;
}

static void print_row(struct run *r, const struct csv_row *row)
{
	struct sight sight;
	const enum outcome taken = csv_series_add(&r->series, row, &sight);
	const double score = taken == OK ? tick(r, &sight, row->value) : 0;
	if (score > 0)
		printf("%.*s,%.3f\n", STR_FMT(row->stamp), score);
	else
		printf("%.*s,0\n", STR_FMT(row->stamp));
	if (r->flushes)
		(void)fflush(stdout); /* looked at once, at the end */
}

/* The next data row; empty lines are passed over. SKIP at the end. */
static enum outcome next_row(struct run *r, struct csv_row *row, struct err *e)
{
	struct str line;
	const char *why;
	while (lines_next(&r->lines, &line)) {
		arena_reset(&r->arena);
		if (r->lines.too_long)
			return err_set(e, REJECT, "line %lu is longer than %u bytes; a row is `timestamp,value`", r->lines.number,
				LIMIT_FIELD_BYTES);
		if (r->lines.number == 1 && str_starts(line, STR("\xEF\xBB\xBF")))
			line = str_from(line, 3);
		line = str_trim(line);
		if (line.n == 0 || (r->lines.number == 1 && csv_row_is_header(&r->arena, line)))
			continue;
		if (!csv_row_parse(&r->arena, line, row, &why))
			return err_set(e, REJECT, "line %lu %s", r->lines.number, why);
		return OK;
	}
	return SKIP;
}

static void start(struct run *r, const struct csv_row *row, size_t n)
{
	int64_t at_ms[ROWS_AHEAD];
	for (size_t i = 0; i < n; i++)
		at_ms[i] = row[i].at_ms;
	csv_series_init(&r->series, csv_series_bucket(at_ms, n));
	model_init(&r->model, r->series.bucket_ms);
}

static enum outcome run_all(struct run *r, struct err *e)
{
	struct csv_row ahead[ROWS_AHEAD];
	char stamp[ROWS_AHEAD][64];
	size_t n = 0;
	enum outcome got = OK;
	while (n < ROWS_AHEAD && got == OK) {
		got = next_row(r, &ahead[n], e);
		if (got != OK)
			break;
		/* the line's memory is used again for the next one */
		const struct str kept = str_first(ahead[n].stamp, sizeof stamp[n]);
		memcpy(stamp[n], kept.p, kept.n);
		ahead[n].stamp = (struct str){ stamp[n], kept.n };
		n++;
	}
	start(r, ahead, n);
	for (size_t i = 0; i < n; i++)
		print_row(r, &ahead[i]);
	struct csv_row row;
	while (got == OK) {
		got = next_row(r, &row, e);
		if (got == OK)
			print_row(r, &row);
	}
	return got == SKIP ? OK : got;
}

static enum outcome run_file(struct run *r, const char *path, struct err *e)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(path, "r");
	if (in == NULL)
		return err_set(e, REJECT,
			"%s cannot be opened: %s; name a CSV file of `timestamp,value` rows, or - for standard input", path,
			strerror(errno));
	r->flushes = is_stdin;
	lines_init(&r->lines, in, LIMIT_FIELD_BYTES);
	arena_init(&r->arena, 16 * LIMIT_FIELD_BYTES);
	struct err row_error;
	enum outcome done = run_all(r, &row_error);
	if (done != OK)
		done = err_set(e, done, "%s: %s", path, row_error.text);
	if (done == OK && ferror(in))
		done = err_set(e, REJECT, "%s cannot be read: %s", path, strerror(errno));
	lines_release(&r->lines);
	arena_release(&r->arena);
	if (!is_stdin)
		(void)fclose(in); /* only read from */
	return done;
}

static bool load_rules(const char *folder, struct thresholds *t)
{
	struct arena a;
	struct problems p;
	arena_init(&a, LIMIT_CONF_BYTES * 4);
	problems_init(&p);
	thresholds_load(&a, &folder, 1, t, &p);
	const bool good = command_problems(&p);
	problems_release(&p);
	arena_release(&a);
	return good;
}

static int load_thresholds(const struct command_row *command, const struct options *o, struct thresholds *t)
{
	const char *folder = options_value(o, "rules"), *open_score = options_value(o, "open-score");
	thresholds_default(t);
	if (folder != NULL && !load_rules(folder, t))
		return EXIT_CONFIG;
	if (open_score != NULL && (!str_to_double(str_of(open_score), &t->open_score) || t->open_score <= 0))
		return command_usage_error(command, "--open-score \"%s\" is not a number above 0", open_score);
	return EXIT_OK;
}

static int run_with(const struct command_row *command, const struct options *o)
{
	static struct run run; /* the ring is too large for a stack */
	struct err e;
	if (o->noperands != 1)
		return command_usage_error(command, "one FILE is needed, or - for standard input");
	run = (struct run){ 0 };
	const int code = load_thresholds(command, o, &run.thresholds);
	if (code != EXIT_OK)
		return code;
	const enum outcome done = run_file(&run, o->operand[0], &e);
	if (fflush(stdout) != 0 || ferror(stdout))
		return command_fail(
			&(struct err){ REJECT, "standard output cannot be written; is the disk full or the reader gone?" });
	return done == OK ? EXIT_OK : command_fail(&e);
}

int cmd_detect_csv(int argc, char **argv)
{
	struct options o;
	int code = EXIT_OK;
	const struct command_row *command = command_find("detect-csv");
	if (options_parse(&o, command, options, argc, argv, &code))
		code = run_with(command, &o);
	options_release(&o);
	return code;
}
