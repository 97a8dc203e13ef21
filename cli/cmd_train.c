/* earshot train: labelled texts in, a model out, unless it judges the protected posts worse than the model in use. */
#include "cli/commands.h"

#include "cli/command.h"
#include "cli/model_file.h"
#include "cli/model_vet.h"
#include "cli/rules_book.h"
#include "cli/train_stance.h"
#include "cli/train_texts.h"
#include "common/base/file.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>

#define TRAIN_ARENA_BYTES ((size_t)1 << 30)
#define REPORT_BYTES ((size_t)1 << 20)

/* All that one training needs. */
struct learning {
	struct session *s;
	struct arena *a; /* of what is made */
	struct train_texts texts;
	struct rules_book book; /* the rules in force; book.book NULL = cannot be read */
	struct buf report;
};

static const struct option_row rows[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis, which knows the model in use; without an answer it is that of the folders" },
	{ "out", true, "file that the model is written to (default: DATA/models/NAME.model)" },
	{ "name", true, "name of the model, which verdicts and rules/scoring.conf refer to (default: trained)" },
	{ "without", true,
		"a table of texts kept for measuring; may be repeated: no such text is learnt, and its classes are counted at "
		"the end" },
	{ "class", true, "a column of classes that exclude one another, learnt as a group of this name" },
	{ "alone", false, "learn classes from these tables only, not on top of the posts that travel with earshot" },
	{ "stance", false, "make the model for texts that name two brands instead (columns brand, rival, rival_sentiment)" },
	{ "force", false, "write the model also when it judges the protected posts worse than the model in use" },
	{ NULL, false, NULL },
};

/* ---- learning ---- */

static enum outcome read_all(struct session *s, struct train_texts *t, int argc, char **argv, struct err *e)
{
	enum outcome done = OK;
	const char *path = options_each(argc, argv, "without", 0);
	for (int i = 0; path && done == OK; path = options_each(argc, argv, "without", ++i))
		done = train_texts_read(t, path, true, e);
	for (int i = 0; i < s->options.noperands && done == OK; i++)
		done = train_texts_read(t, s->options.operand[i], false, e);
	return done;
}

/* What the tables do not teach is taken over from the model in use: but for the label, which a new mood decides itself. */
static enum outcome learn_mood(struct learning *l, struct str name, struct weights *w, struct err *e)
{
	const struct weights *in_use = l->book.book ? l->book.book->weights : NULL;
	int8_t *row = arena_take(l->a, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	if (l->texts.train.n > 0 || l->texts.ntables == 0)
		return train_fit(&l->texts.train, name, row, w, &l->report, e);
	if (!in_use)
		return err_set(e, REJECT,
			"the tables teach no mood, and no model is in use whose mood could be taken over; give tables with a "
			"label, "
			"too");
	*w = *in_use;
	w->classes = (struct classes){ 0 };
	memset(w->name, 0, sizeof w->name);
	memcpy(w->name, name.p, name.n < sizeof w->name ? name.n : sizeof w->name - 1);
	return OK;
}

static enum outcome learn_classes(struct learning *l, struct weights *w, struct err *e)
{
	if (l->texts.ntables == 0) {
		if (l->book.book && l->book.book->weights)
			classes_without(l->a, &l->book.book->weights->classes, CLASSES_LABEL, &w->classes);
		return OK;
	}
	if (!l->book.book)
		return err_set(e, REJECT,
			"the rules in force cannot be read, and classes are learnt beside rules; earshot check says why");
	struct rulebook other = *l->book.book;
	other.weights = w;
	if (!l->texts.is_alone)
		train_texts_shipped(&l->texts);
	enum outcome done = train_texts_lessons(&l->texts, &other, e);
	if (done == OK && l->texts.lessons.ngroups == 0)
		return err_set(e, REJECT, "no row of the tables names a class; is the column --class right?");
	struct classes learnt; /* the rows of `w` are read until all is learnt */
	if (done == OK)
		done = lessons_fit(&l->texts.lessons, l->a, &learnt, &l->report, e);
	if (done == OK)
		w->classes = learnt;
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
static enum outcome vet(struct learning *l, const struct weights *w, struct err *e)
{
	if (!l->book.book) {
		buf_addz(&l->report, "the rules in force cannot be read: the model was compared with nothing\n");
		return OK;
	}
	struct rulebook other = *l->book.book;
	other.weights = w;
	return model_vet_learnt(l->a, &l->s->settings, l->book.book, &other, &l->report, e);
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

static enum outcome learn(struct learning *l, struct err *e)
{
	struct weights w, back;
	struct err worse = { 0 };
	const struct options *o = &l->s->options;
	const char *name = options_value(o, "name");
	enum outcome done = learn_mood(l, str_of(name ? name : "trained"), &w, e);
	if (done == OK)
		done = learn_classes(l, &w, e);
	if (done != OK)
		return done;
	const struct str file = weights_render(l->a, &w);
	done = weights_parse(file, "the model", &back, e); /* its name, above all */
	if (done != OK)
		return done;
	tell_unlearnt(&w, &l->report);
	done = vet(l, &w, &worse);
	if (done != OK && (done != REJECT || !options_has(o, "force")))
		return err_set(e, done, "%s; nothing was written", worse.text);
	const char *path = path_of(l->s, w.name, e);
	if (!path)
		return e->outcome;
	done = file_write(path, file, 0644, e);
	if (done == OK)
		buf_addf(&l->report, "%s%s: earshot model use %s --by NAME makes it the one that judges\n",
			worse.text[0] ? "worse, and forced: " : "", path, options_value(o, "out") ? path : w.name);
	return done;
}

static int train_command(struct session *s, struct arena *a, int argc, char **argv)
{
	struct err e = { 0 };
	struct learning l = { .s = s, .a = a };
	if (s->options.noperands == 0)
		return command_usage_error(command_find("train"), "give at least one table of labels");
	if (options_has(&s->options, "stance"))
		return train_stance(s, a);
	train_texts_init(&l.texts, options_value(&s->options, "class"));
	l.texts.is_alone = options_has(&s->options, "alone");
	buf_init(&l.report, REPORT_BYTES);
	enum outcome done = read_all(s, &l.texts, argc, argv, &e);
	if (done == OK) {
		rules_book_in_force(&l.book, s);
		(void)rules_book_load(&l.book, s);
		done = learn(&l, &e);
		printf("%zu texts, %zu left out as repeated or kept for measuring\n%.*s", l.texts.train.n + l.texts.ngiven,
			l.texts.train.repeated, STR_FMT(buf_str(&l.report)));
		rules_book_release(&l.book);
	}
	buf_release(&l.report);
	train_texts_release(&l.texts);
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
