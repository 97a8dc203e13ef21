/* Trains the model for texts that name two brands, with the word lists of the rules in force. */
#include "cli/train_stance.h"

#include "cli/rules_book.h"
#include "common/base/file.h"
#include "detector/labels.h"
#include "detector/stance_train.h"
#include <earshot/limits.h>

#include <stdio.h>

#define REPORT_BYTES ((size_t)1 << 16)

struct taken {
	size_t pairs, singles, passed; /* passed over: no label, or a name that does not stand in the text */
};

static void take_row(struct stance_train *t, const struct labels_row *row, struct taken *taken)
{
	const struct str *cell = row->cell;
	const int label = labels_sentiment(cell[LABELS_SENTIMENT]), other = labels_sentiment(cell[LABELS_RIVAL_SENTIMENT]);
	if (label < 0) {
		taken->passed++;
	} else if (cell[LABELS_RIVAL].n == 0) {
		stance_train_add_single(t, cell[LABELS_TEXT], cell[LABELS_BRAND], (enum label)label);
		taken->singles++;
	} else {
		const struct str name[2] = { cell[LABELS_BRAND], cell[LABELS_RIVAL] };
		const enum label labels[2] = { (enum label)label, (enum label)other };
		const bool is_pair = other >= 0 && stance_train_add_pair(t, cell[LABELS_TEXT], name, labels);
		*(is_pair ? &taken->pairs : &taken->passed) += 1;
	}
}

static enum outcome check_room(const struct taken *taken, const char *path, struct err *e)
{
	if (taken->pairs + taken->singles <= LIMIT_STANCE_TEXTS)
		return OK;
	return err_set(e, REJECT, "%s: with this table there are more than %u texts to learn from; give fewer", path,
		LIMIT_STANCE_TEXTS);
}

static enum outcome read_tables(struct session *s, struct arena *a, struct stance_train *t, struct taken *taken, struct err *e)
{
	struct str bytes;
	struct labels_file f;
	struct labels_row row;
	enum outcome done = OK;
	for (int i = 0; i < s->options.noperands && done == OK; i++) {
		const char *path = s->options.operand[i];
		done = file_read(a, path, LIMIT_LABELS_BYTES, &bytes, e);
		if (done == OK && !labels_open(&f, bytes, ""))
			done = err_set(e, REJECT, "%s: the first line must name the column text, with tabs between", path);
		while (done == OK && labels_next(&f, &row)) {
			take_row(t, &row, taken);
			done = check_room(taken, path, e);
		}
	}
	return done;
}

static enum outcome fit(struct arena *a, struct stance_train *t, const char *out, struct buf *report, struct err *e)
{
	struct stance_model m;
	const enum outcome done = stance_train_fit(t, a, &m, report, e);
	return done == OK ? file_write(out, stance_model_render(a, &m), 0644, e) : done;
}

int train_stance(struct session *s, struct arena *a)
{
	const char *out = options_value(&s->options, "out");
	struct rules_book book = { 0 };
	struct stance_train t;
	struct taken taken = { 0 };
	struct buf report;
	struct err e = { 0 };
	if (!out)
		return command_usage_error(command_find("train"), "--stance needs --out FILE");
	rules_book_in_force(&book, s);
	if (!rules_book_load(&book, s))
		return EXIT_CONFIG;
	stance_train_init(&t, book.book);
	buf_init(&report, REPORT_BYTES);
	enum outcome done = read_tables(s, a, &t, &taken, &e);
	if (done == OK)
		done = fit(a, &t, out, &report, &e);
	printf("%zu texts about two brands, %zu about one (%zu of them teach the sides, %u times two are put together), %zu "
	       "passed over\n%.*s",
		taken.pairs, taken.singles, t.nsides, t.compose.n, taken.passed, STR_FMT(buf_str(&report)));
	buf_release(&report);
	stance_train_release(&t);
	rules_book_release(&book);
	return done == OK ? EXIT_OK : command_fail(&e);
}
