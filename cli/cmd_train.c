/* earshot train: labelled texts in, a model out. */
#include "cli/commands.h"

#include "cli/command.h"
#include "common/base/file.h"
#include "detector/train.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>

#define TRAIN_ARENA_BYTES ((size_t)1 << 30)

static const struct option_row rows[] = {
	{ "out", true, "file that the model is written to" },
	{ "name", true, "name of the model, which rules/scoring.conf refers to (default: trained)" },
	{ "without", true, "a file of texts kept for measuring; may be repeated: rows with such a text are left out" },
	{ NULL, false, NULL },
};

/* What a label column may say, in the words of the sets that there are. */
static const struct {
	const char *written;
	enum label label;
} labels[] = {
	{ "0", LABEL_NEGATIVE },
	{ "1", LABEL_POSITIVE },
	{ "negative", LABEL_NEGATIVE },
	{ "neutral", LABEL_NEUTRAL },
	{ "positive", LABEL_POSITIVE },
};

static int label_of(struct str written)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (str_eqc(written, labels[i].written))
			return (int)labels[i].label;
	return -1;
}

/* A table with a first line of column names, of which two are used. */
struct labels_file {
	struct str rest;
	int label, text; /* which column; -1 = there is none */
};

static void read_heading(struct labels_file *f)
{
	struct str line, name;
	f->label = f->text = -1;
	(void)str_split(&f->rest, '\n', &line);
	for (int i = 0; str_split(&line, '\t', &name); i++) {
		if (str_eqc(name, "label") || str_eqc(name, "sentiment"))
			f->label = i;
		if (str_eqc(name, "text"))
			f->text = i;
	}
}

static bool next_row(struct labels_file *f, struct str *label, struct str *text)
{
	struct str line, cell;
	if (!str_split(&f->rest, '\n', &line))
		return false;
	*label = *text = STR("");
	for (int i = 0; str_split(&line, '\t', &cell); i++) {
		if (i == f->label)
			*label = cell;
		if (i == f->text)
			*text = cell;
	}
	return true;
}

static enum outcome read_file(struct arena *a, struct train *t, const char *path, bool is_forbidden, struct err *e)
{
	struct labels_file f;
	struct str label, text;
	const enum outcome done = file_read(a, path, LIMIT_LABELS_BYTES, &f.rest, e);
	if (done != OK)
		return done;
	read_heading(&f);
	if (f.text < 0 || (f.label < 0 && !is_forbidden))
		return err_set(e, REJECT, "%s: the first line must name the columns label and text, with tabs between", path);
	while (next_row(&f, &label, &text)) {
		const int k = label_of(label);
		if (text.n == 0)
			continue;
		if (is_forbidden)
			train_forbid(t, text);
		else if (k >= 0)
			train_add(t, text, (enum label)k);
	}
	return OK;
}

static enum outcome read_all(struct session *s, struct train *t, int argc, char **argv, struct err *e)
{
	enum outcome done = OK;
	const char *path = options_each(argc, argv, "without", 0);
	for (int i = 0; path && done == OK; path = options_each(argc, argv, "without", ++i))
		done = read_file(&s->arena, t, path, true, e);
	for (int i = 0; i < s->options.noperands && done == OK; i++)
		done = read_file(&s->arena, t, s->options.operand[i], false, e);
	return done;
}

static enum outcome fit_and_write(struct session *s, struct train *t, struct err *e)
{
	struct weights w;
	struct buf report;
	const char *name = options_value(&s->options, "name");
	int8_t *bytes = arena_take(&s->arena, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	buf_init(&report, 64u << 10);
	enum outcome done = train_fit(t, str_of(name ? name : "trained"), bytes, &w, &report, e);
	if (done == OK)
		done = file_write(options_value(&s->options, "out"), weights_render(&s->arena, &w), 0644, e);
	printf("%zu texts, %zu left out as repeated or kept for measuring\n%.*s", t->n, t->repeated, STR_FMT(buf_str(&report)));
	buf_release(&report);
	return done;
}

static int train_command(struct session *s, int argc, char **argv)
{
	struct err e = { 0 };
	struct train t;
	if (s->options.noperands == 0 || !options_value(&s->options, "out"))
		return command_usage_error(command_find("train"), "give --out FILE and at least one table of labels");
	train_init(&t);
	enum outcome done = read_all(s, &t, argc, argv, &e);
	if (done == OK)
		done = fit_and_write(s, &t, &e);
	train_release(&t);
	return done == OK ? EXIT_OK : command_fail(&e);
}

int cmd_train(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, rows, argc, argv, &code)) {
		arena_release(&s.arena);
		arena_init(&s.arena, TRAIN_ARENA_BYTES);
		code = train_command(&s, argc, argv);
	}
	command_close(&s);
	return code;
}
