/* earshot train: labelled texts in, a model out, unless it judges the protected posts worse than the model in use. */
#include "cli/commands.h"

#include "cli/command.h"
#include "cli/model_file.h"
#include "cli/model_vet.h"
#include "cli/rules_book.h"
#include "common/base/file.h"
#include "detector/labels.h"
#include "detector/train.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>

#define TRAIN_ARENA_BYTES ((size_t)1 << 30)
#define REPORT_BYTES ((size_t)1 << 20)

static const struct option_row rows[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis, which knows the model in use; without an answer it is that of the folders" },
	{ "out", true, "file that the model is written to (default: DATA/models/NAME.model)" },
	{ "name", true, "name of the model, which verdicts and rules/scoring.conf refer to (default: trained)" },
	{ "without", true, "a file of texts kept for measuring; may be repeated: rows with such a text are left out" },
	{ "force", false, "write the model also when it judges the protected posts worse than the model in use" },
	{ NULL, false, NULL },
};

/* ---- reading ---- */

static enum train_kind kind_of(struct str written)
{
	for (int k = 0; k < TRAIN_KIND__N; k++)
		if (str_eqc(written, train_kind_names[k]))
			return (enum train_kind)k;
	return TRAIN_KIND_OTHER;
}

static enum outcome read_file(struct arena *a, struct train *t, const char *path, bool is_forbidden, struct err *e)
{
	struct str bytes;
	struct labels_file f;
	struct labels_row row;
	const enum outcome done = file_read(a, path, LIMIT_LABELS_BYTES, &bytes, e);
	if (done != OK)
		return done;
	if (!labels_open(&f, bytes) || (f.column[LABELS_SENTIMENT] < 0 && !is_forbidden))
		return err_set(e, REJECT, "%s: the first line must name the columns label and text, with tabs between", path);
	while (labels_next(&f, &row)) {
		const int k = labels_sentiment(row.cell[LABELS_SENTIMENT]);
		if (is_forbidden)
			train_forbid(t, row.cell[LABELS_TEXT]);
		else if (k >= 0)
			train_add(t, row.cell[LABELS_TEXT], (enum label)k, kind_of(row.cell[LABELS_KIND]));
	}
	return OK;
}

static enum outcome read_all(struct session *s, struct arena *a, struct train *t, int argc, char **argv, struct err *e)
{
	enum outcome done = OK;
	const char *path = options_each(argc, argv, "without", 0);
	for (int i = 0; path && done == OK; path = options_each(argc, argv, "without", ++i))
		done = read_file(a, t, path, true, e);
	for (int i = 0; i < s->options.noperands && done == OK; i++)
		done = read_file(a, t, s->options.operand[i], false, e);
	return done;
}

/* ---- writing ---- */

/* A language without a head would be judged by nobody: that must be said before somebody wonders. */
static void tell_unlearnt(const struct weights *w, struct buf *report)
{
	if (w->head[WEIGHTS_ZH_POSITIVE].slope == 0)
		buf_addz(report, "no Chinese learnt: the labels have too few posts of both sides\n");
	if (w->head[WEIGHTS_EN_POLAR].slope == 0)
		buf_addz(report, "no English learnt: the labels have too few posts of both sides\n");
}

/* REJECT: worse than the model in use. Where no rules can be read there is no model in use, and nothing to be worse than; it is
 * compared again before it goes live. */
static enum outcome vet(struct session *s, struct arena *a, const struct weights *w, struct buf *report, struct err *e)
{
	struct rules_book book = { 0 };
	rules_book_in_force(&book, s);
	if (!rules_book_load(&book, s)) {
		buf_addz(report, "the rules in force cannot be read: the model was compared with nothing\n");
		return OK;
	}
	struct rulebook other = *book.book;
	other.weights = w;
	const enum outcome done = model_vet(a, &s->settings, book.book, &other, report, e);
	rules_book_release(&book);
	return done;
}

static const char *path_of(struct session *s, const char *name, struct err *e)
{
	const char *out = options_value(&s->options, "out");
	if (out)
		return out;
	const struct str folder = model_file_folder(&s->arena, &s->settings);
	if (file_mkdirs(arena_cstr(&s->arena, folder), 0755, e) != OK)
		return NULL;
	return arena_printf(&s->arena, "%.*s/%s.model", STR_FMT(folder), name).p;
}

static enum outcome fit(struct session *s, struct arena *a, struct train *t, struct buf *report, struct err *e)
{
	struct weights w, back;
	struct err worse = { 0 };
	const char *name = options_value(&s->options, "name");
	int8_t *bytes = arena_take(a, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	enum outcome done = train_fit(t, str_of(name ? name : "trained"), bytes, &w, report, e);
	if (done != OK)
		return done;
	const struct str file = weights_render(a, &w);
	done = weights_parse(file, "the model", &back, e); /* its name, above all */
	if (done != OK)
		return done;
	tell_unlearnt(&w, report);
	done = vet(s, a, &w, report, &worse);
	if (done != OK && (done != REJECT || !options_has(&s->options, "force")))
		return err_set(e, done, "%s; nothing was written", worse.text);
	const char *path = path_of(s, w.name, e);
	if (!path)
		return e->outcome;
	done = file_write(path, file, 0644, e);
	if (done == OK)
		buf_addf(report, "%s%s: earshot model use %s --by NAME makes it the one that judges\n",
			worse.text[0] ? "worse, and forced: " : "", path, options_value(&s->options, "out") ? path : w.name);
	return done;
}

static int train_command(struct session *s, struct arena *a, int argc, char **argv)
{
	struct err e = { 0 };
	struct train t;
	struct buf report;
	if (s->options.noperands == 0)
		return command_usage_error(command_find("train"), "give at least one table of labels");
	train_init(&t);
	buf_init(&report, REPORT_BYTES);
	enum outcome done = read_all(s, a, &t, argc, argv, &e);
	if (done == OK) {
		done = fit(s, a, &t, &report, &e);
		printf("%zu texts, %zu left out as repeated or kept for measuring\n%.*s", t.n, t.repeated,
			STR_FMT(buf_str(&report)));
	}
	buf_release(&report);
	train_release(&t);
	return done == OK ? EXIT_OK : command_fail(&e);
}

int cmd_train(int argc, char **argv)
{
	struct session s = { 0 };
	struct arena a;
	int code = EXIT_USAGE;
	arena_init(&a, TRAIN_ARENA_BYTES);
	if (command_open(&s, rows, argc, argv, &code))
		code = train_command(&s, &a, argc, argv);
	arena_release(&a);
	command_close(&s);
	return code;
}
