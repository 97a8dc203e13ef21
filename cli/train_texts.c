/* Tables of labelled texts on their way to the trainers. */
#include "cli/train_texts.h"

#include "common/base/file.h"
#include "detector/judge.h"
#include "detector/labels.h"
#include <earshot/limits.h>

#define TABLES_MOST 64
#define GIVEN_COUNTS 4 /* a text that somebody gives counts like so many that travel with earshot */

struct train_table {
	const char *path;
	struct labels_file file;
	bool is_measured, is_shipped;
};

void train_texts_init(struct train_texts *t, const char *class_column)
{
	*t = (struct train_texts){ .class_column = class_column };
	arena_init(&t->bytes, (size_t)LIMIT_LABELS_BYTES * 4);
	t->table = arena_list(&t->bytes, struct train_table, TABLES_MOST);
	train_init(&t->train);
	lessons_init(&t->lessons);
}

void train_texts_release(struct train_texts *t)
{
	train_release(&t->train);
	lessons_release(&t->lessons);
	arena_release(&t->bytes);
}

/* ---- the mood ---- */

static enum train_kind kind_of(struct str written)
{
	for (int k = 0; k < TRAIN_KIND__N; k++)
		if (str_eqc(written, train_kind_names[k]))
			return (enum train_kind)k;
	return TRAIN_KIND_OTHER;
}

static void read_mood(struct train_texts *t, struct labels_file f, bool is_measured)
{
	struct labels_row row;
	while (labels_next(&f, &row)) {
		const int k = labels_sentiment(row.cell[LABELS_SENTIMENT]);
		if (is_measured)
			(void)train_forbid(&t->train, row.cell[LABELS_TEXT]);
		else if (k >= 0)
			train_add(&t->train, row.cell[LABELS_TEXT], (enum label)k, kind_of(row.cell[LABELS_KIND]));
	}
}

/* Classes of verdicts: what is said toward a brand. */
static bool teaches_verdicts(const struct labels_file *f)
{
	return f->column[LABELS_NATURE] >= 0 || f->column[LABELS_BRAND] >= 0;
}

static bool teaches_classes(const struct labels_file *f)
{
	return teaches_verdicts(f) || f->column[LABELS_CLASS] >= 0;
}

enum outcome train_texts_read(struct train_texts *t, const char *path, bool is_measured, struct err *e)
{
	struct str bytes;
	struct train_table *table = &t->table[t->ntables];
	const enum outcome done = file_read(&t->bytes, path, LIMIT_LABELS_BYTES, &bytes, e);
	if (done != OK)
		return done;
	*table = (struct train_table){ .path = path, .is_measured = is_measured };
	const bool has_text = labels_open(&table->file, bytes, t->class_column);
	if (!has_text || (table->file.column[LABELS_SENTIMENT] < 0 && !is_measured && !teaches_classes(&table->file)))
		return err_set(e, REJECT,
			"%s: the first line must name the columns label (or nature) and text, with tabs between", path);
	if (is_measured || !teaches_classes(&table->file))
		read_mood(t, table->file, is_measured);
	if (!teaches_classes(&table->file))
		return OK;
	if (++t->ntables == TABLES_MOST - LESSONS_SHIPPED)
		return err_set(e, REJECT, "%s: more than %d tables of classes; join some of them", path,
			TABLES_MOST - LESSONS_SHIPPED - 1);
	return OK;
}

/* ---- classes ---- */

void train_texts_shipped(struct train_texts *t)
{
	bool is_wanted = false;
	for (size_t i = 0; i < t->ntables; i++)
		is_wanted = is_wanted || (!t->table[i].is_measured && teaches_verdicts(&t->table[i].file));
	for (size_t i = 0; i < LESSONS_SHIPPED && is_wanted; i++) {
		struct train_table *table = &t->table[t->ntables++];
		*table = (struct train_table){ .path = "models/texts", .is_shipped = true };
		(void)labels_open(&table->file, lessons_shipped(i), NULL);
		t->has_shipped = true;
	}
}

/* What a column is called as a group; the sentiment of such a table is the label toward the brand. */
static const struct {
	enum labels_column column;
	enum classes_known group;
} groups[] = {
	{ LABELS_NATURE, CLASSES_NATURE },
	{ LABELS_CATEGORY, CLASSES_CATEGORY },
	{ LABELS_URGENCY, CLASSES_URGENCY },
	{ LABELS_SENTIMENT, CLASSES_LABEL },
};

static enum outcome say_class(
	struct lessons *l, const char *group, struct str class, struct str out[CLASSES_GROUPS], struct err *e)
{
	if (class.n == 0 || str_eqc(class, "-"))
		return OK;
	const int g = lessons_group(l, str_of(group));
	if (g < 0)
		return err_set(e, REJECT, "\"%s\" cannot be learnt: its name is longer than %d bytes, or there are %d groups",
			group, CLASSES_GROUP_NAME - 1, CLASSES_GROUPS);
	out[g] = class;
	return OK;
}

static enum outcome classes_of(
	struct train_texts *t, const struct labels_row *row, bool is_of_verdicts, struct str out[CLASSES_GROUPS], struct err *e)
{
	enum outcome done = OK;
	for (size_t i = 0; i < sizeof groups / sizeof *groups && is_of_verdicts && done == OK; i++)
		done = say_class(&t->lessons, classes_known_group[groups[i].group], row->cell[groups[i].column], out, e);
	if (done == OK && t->class_column)
		done = say_class(&t->lessons, t->class_column, row->cell[LABELS_CLASS], out, e);
	return done;
}

static enum outcome add_row(struct train_texts *t, const struct rulebook *book, const struct labels_row *row,
	const struct train_table *table, struct err *e)
{
	struct arena *scratch = &t->train.text;
	struct scanned scanned;
	struct classes_input in;
	struct str class[CLASSES_GROUPS] = { 0 };
	struct post post;
	post_init(&post);
	post.text = str_cut_utf8(row->cell[LABELS_TEXT], LIMIT_TEXT_BYTES);
	if (!table->is_measured && !train_forbid(&t->train, post.text)) {
		t->train.repeated++;
		return OK;
	}
	const enum outcome done = classes_of(t, row, teaches_verdicts(&table->file), class, e);
	if (done != OK)
		return done;
	arena_reset(scratch);
	scan_post(scratch, book, &post, &scanned);
	judge_traits(scratch, book, row->cell[LABELS_BRAND], &post, &scanned, &in);
	const int copies = t->has_shipped && !table->is_shipped && !table->is_measured ? GIVEN_COUNTS : 1;
	enum outcome added = OK;
	for (int i = 0; i < copies && added == OK; i++)
		added = lessons_add(&t->lessons, &in, str_hash(post.text), class, table->is_measured, e);
	t->ngiven += !table->is_shipped && !table->is_measured;
	return added;
}

enum outcome train_texts_lessons(struct train_texts *t, const struct rulebook *book, struct err *e)
{
	struct labels_row row;
	struct err why = { 0 };
	for (size_t i = 0; i < t->ntables; i++) {
		struct labels_file f = t->table[i].file;
		enum outcome done = OK;
		while (done == OK && labels_next(&f, &row))
			done = add_row(t, book, &row, &t->table[i], &why);
		if (done != OK)
			return err_set(e, done, "%s: %s", t->table[i].path, why.text);
	}
	return OK;
}
