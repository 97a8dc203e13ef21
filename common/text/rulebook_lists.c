/* Reading one list of rules/: rows of term, weight, category or urgency or nature, note; with a heading the columns stand in
 * any order. `#name: value` lines at the top say what holds for the whole file. */
#include "common/text/rulebook_draft.h"

#include "common/text/rulebook_rows.h"
#include <earshot/limits.h>

#include <string.h>

/* What each list's columns may hold. */
struct list_shape {
	const char *stem; /* the file name up to its first dot */
	enum rule_list list;
	double least, most; /* of the weight */
	bool needs_weight; /* else 1 when it is not written */
	enum rule_column third; /* the third column without a heading; COL_NOTE = none that has to be there */
};

static const struct list_shape shapes[] = {
	{ "complaint", LIST_COMPLAINT, 0, 1, true, COL_CATEGORY },
	{ "urgency", LIST_URGENCY, 0, 1, true, COL_URGENCY },
	{ "sentiment", LIST_SENTIMENT, -1, 1, true, COL_NOTE },
	{ "negation", LIST_NEGATION, -1.5, 1.5, true, COL_NOTE },
	{ "intensity", LIST_INTENSITY, 0, 4, true, COL_NOTE },
	{ "contrast", LIST_CONTRAST, 0, 4, true, COL_NOTE },
	{ "nature", LIST_NATURE, 0, 1, true, COL_NATURE },
	{ "sensitive", LIST_SENSITIVE, 0, 1, false, COL_NOTE },
	{ "exclude", LIST_EXCLUDE, 0, 1, false, COL_NOTE },
	{ "context", LIST_CONTEXT, -1, 1, true, COL_NOTE },
};
#define NSHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* Which names a column takes; those of others are free text. */
static const struct {
	bool is_named;
	enum rule_names names;
} columns[COL__N] = {
	[COL_CATEGORY] = { true, NAMES_CATEGORY },
	[COL_URGENCY] = { true, NAMES_URGENCY },
	[COL_NATURE] = { true, NAMES_NATURE },
	[COL_CASE] = { true, NAMES_CASE },
};

/* One list while it is read. */
struct list_reader {
	struct rulebook_draft *d;
	const struct list_shape *shape;
	struct list_rows rows;
	struct list_row row;
	struct rule file_rule; /* what the lines at the top say for all rows */
	bool is_given[COL__N]; /* by a line at the top */
};

/* "complaint" of "rules/complaint.zh.tsv" */
static struct str stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str name = str_of(slash ? slash + 1 : path);
	const ptrdiff_t dot = str_findc(name, '.');
	return str_first(name, dot < 0 ? name.n : (size_t)dot);
}

bool rulebook_list_third(const char *path, enum rule_column *out)
{
	const struct str stem = stem_of(path);
	for (size_t i = 0; i < NSHAPES; i++)
		if (str_eqc(stem, shapes[i].stem)) {
			*out = shapes[i].third;
			return true;
		}
	return false;
}

static const struct list_shape *shape_of(struct rulebook_draft *d, const char *path)
{
	const struct str stem = stem_of(path);
	const char *names[NSHAPES];
	for (size_t i = 0; i < NSHAPES; i++) {
		if (str_eqc(stem, shapes[i].stem))
			return &shapes[i];
		names[i] = shapes[i].stem;
	}
	const char *near = problems_nearest(stem, names, NSHAPES);
	draft_tell(d, R_LIST, (struct draft_place){ path, 0, 0 },
		"no list is called \"%.*s\"%s%s%s; the lists are complaint, urgency, sentiment, negation, intensity, contrast, "
		"nature, sensitive, exclude and context",
		STR_FMT(stem), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

/* ---- cells of the present row ---- */

static struct str cell_text(const struct list_reader *r, enum rule_column column)
{
	return r->row.cell[column].text;
}

static struct draft_place cell_place(const struct list_reader *r, enum rule_column column)
{
	return (struct draft_place){ r->rows.sheet.path, r->row.line, r->row.cell[column].column };
}

static bool row_weight(struct list_reader *r, float *out)
{
	const struct list_shape *shape = r->shape;
	struct str written = cell_text(r, COL_WEIGHT);
	double weight = r->is_given[COL_WEIGHT] ? r->file_rule.weight : 1;
	if (written.n == 0 && shape->needs_weight && !r->is_given[COL_WEIGHT]) {
		draft_tell(r->d, R_WEIGHT_MISSING, cell_place(r, COL_TERM),
			"there is no weight behind \"%.*s\"; write a number from %g to %g behind it, with %s and not %s between "
			"them",
			STR_FMT(cell_text(r, COL_TERM)), shape->least, shape->most, sheet_separator_name(r->rows.sheet.separator),
			str_find(cell_text(r, COL_TERM), STR("，")) >= 0 ? "a full-width comma" : "spaces");
		return false;
	}
	if (written.n > 0 && !sheet_number(r->d->a, written, &weight)) {
		draft_tell(r->d, R_WEIGHT_NUMBER, cell_place(r, COL_WEIGHT),
			"the weight \"%.*s\" is not a number; write one from %g to %g", STR_FMT(written), shape->least,
			shape->most);
		return false;
	}
	if (!(weight >= shape->least && weight <= shape->most)) {
		draft_tell(r->d, R_WEIGHT_RANGE, cell_place(r, COL_WEIGHT), "the weight %.*s is out of range; %s takes %g to %g",
			STR_FMT(written), shape->stem, shape->least, shape->most);
		return false;
	}
	*out = (float)weight;
	return true;
}

static void unknown_name(struct list_reader *r, enum rule_column column, struct str written, struct draft_place place)
{
	const enum rule_names names = columns[column].names;
	const char *near = rulebook_name_near(names, written);
	draft_tell(r->d, column == COL_CASE ? R_CASE : R_NAME_UNKNOWN, place, "unknown %s \"%.*s\"; %s%s%s",
		rule_column_names[column], STR_FMT(written), near ? "did you mean \"" : "write one of ",
		near ? near : rulebook_names_all(r->d->a, names), near ? "\"?" : "");
}

static void set_name(struct rule *rule, enum rule_column column, int value)
{
	if (column == COL_CATEGORY)
		rule->category = (enum category)value;
	else if (column == COL_URGENCY)
		rule->urgency = (enum urgency)value;
	else if (column == COL_NATURE)
		rule->nature = (enum nature)value;
	else if (column == COL_CASE)
		rule->case_exact = rule->case_exact || value == 1;
}

/* The names of one row. Only the column that the list is about has to be there. */
static bool row_names(struct list_reader *r, struct rule *rule)
{
	for (int column = 0; column < COL__N; column++) {
		struct str written = cell_text(r, (enum rule_column)column);
		if (!columns[column].is_named || written.n == 0)
			continue;
		const int value = rulebook_name(r->d->a, columns[column].names, written);
		if (value < 0) {
			unknown_name(r, (enum rule_column)column, written, cell_place(r, (enum rule_column)column));
			return false;
		}
		set_name(rule, (enum rule_column)column, value);
	}
	const enum rule_column third = r->shape->third;
	if (!columns[third].is_named || cell_text(r, third).n > 0 || r->is_given[third])
		return true;
	draft_tell(r->d, R_NAME_MISSING, cell_place(r, COL_TERM),
		"there is no %s for \"%.*s\"; write one in the third column, or `#%s: …` at the top of the file; there are %s",
		rule_column_names[third], STR_FMT(cell_text(r, COL_TERM)), rule_column_names[third],
		rulebook_names_all(r->d->a, columns[third].names));
	return false;
}

/* ---- folds ---- */

static bool next_word(struct str *rest, struct str *word)
{
	static const char blanks[] = " \t,;\"\\'"; /* the last two keep +pinyin from being a formula in a spreadsheet */
	while (rest->n > 0 && strchr(blanks, rest->p[0]))
		*rest = str_from(*rest, 1);
	size_t n = 0;
	while (n < rest->n && !strchr(blanks, rest->p[n]))
		n++;
	*word = str_first(*rest, n);
	*rest = str_from(*rest, n);
	return word->n > 0;
}

/* One of `+pinyin`, `-leet`, `pinyin`, `plain`. */
static bool apply_fold(struct list_reader *r, struct str word, struct draft_place place, unsigned *folds)
{
	if (str_eqc(word, "plain")) {
		*folds = FOLDS_PLAIN;
		return true;
	}
	const bool takes_away = word.p[0] == '-';
	struct str name = takes_away || word.p[0] == '+' ? str_from(word, 1) : word;
	const int bit = rulebook_name(r->d->a, NAMES_FOLD, name);
	if (bit < 0) {
		const char *near = rulebook_name_near(NAMES_FOLD, name);
		draft_tell(r->d, R_FOLD, place, "no fold is called \"%.*s\"; %s%s%s", STR_FMT(name),
			near ? "did you mean \"" : "there are ", near ? near : rulebook_names_all(r->d->a, NAMES_FOLD),
			near ? "\"?" : "");
		return false;
	}
	if (takes_away && (FOLDS_PLAIN & 1u << bit)) {
		draft_tell(r->d, R_FOLD, place,
			"-%.*s cannot be taken away: every text is read through it; write `=Term` or case = exact for exact case",
			STR_FMT(name));
		return false;
	}
	*folds = takes_away ? *folds & ~(1u << bit) : *folds | 1u << bit;
	return true;
}

static bool apply_folds(struct list_reader *r, struct str written, struct draft_place place, unsigned *folds)
{
	struct str word;
	while (next_word(&written, &word))
		if (!apply_fold(r, word, place, folds))
			return false;
	return true;
}

/* ---- lines at the top ---- */

static bool directive_named(struct list_reader *r, enum rule_column column, struct str value, struct draft_place place)
{
	const int index = rulebook_name(r->d->a, columns[column].names, value);
	if (index < 0)
		unknown_name(r, column, value, place);
	else
		set_name(&r->file_rule, column, index);
	return index >= 0;
}

static bool directive_weight(struct list_reader *r, struct str value, struct draft_place place)
{
	double weight;
	if (!sheet_number(r->d->a, value, &weight) || !(weight >= r->shape->least && weight <= r->shape->most)) {
		draft_tell(r->d, R_WEIGHT_RANGE, place,
			"the weight \"%.*s\" is no number from %g to %g, which %s takes; write one", STR_FMT(value),
			r->shape->least, r->shape->most, r->shape->stem);
		return false;
	}
	r->file_rule.weight = (float)weight;
	return true;
}

static bool directive_brand(struct list_reader *r, struct str value, struct draft_place place)
{
	const char *names[LIMIT_BRANDS];
	for (size_t i = 0; i < r->d->nbrands; i++) {
		if (str_eq(r->d->brand[i].id, value)) {
			r->file_rule.brand = (int)i;
			return true;
		}
		names[i] = arena_cstr(r->d->a, r->d->brand[i].id);
	}
	const char *near = problems_nearest(value, names, r->d->nbrands);
	draft_tell(r->d, R_BRAND_UNKNOWN, place, "no brand has the id \"%.*s\"%s%s%s; write the id of a section [brand ID]",
		STR_FMT(value), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return false;
}

static void apply_directive(struct list_reader *r, enum rule_column column, struct str value, struct draft_place place)
{
	bool is_good = true;
	if (column == COL_FOLDS)
		is_good = apply_folds(r, value, place, &r->file_rule.folds);
	else if (column == COL_WEIGHT)
		is_good = directive_weight(r, value, place);
	else if (column == COL_BRAND)
		is_good = directive_brand(r, value, place);
	else if (columns[column].is_named)
		is_good = directive_named(r, column, value, place);
	else
		draft_tell(r->d, R_DIRECTIVE, place, "#%s: cannot hold for a whole file; give it a column",
			rule_column_names[column]);
	r->is_given[column] = is_good;
}

/* `#folds: +pinyin`; also `#变体：+拼音`. */
static bool split_directive(struct str line, struct str *name, struct str *value)
{
	const ptrdiff_t narrow = str_findc(line, ':'), wide = str_find(line, STR("："));
	const bool is_wide = wide >= 0 && (narrow < 0 || wide < narrow);
	const ptrdiff_t colon = is_wide ? wide : narrow;
	if (colon < 2 || line.p[1] == ' ')
		return false; /* `# words that …` is a comment */
	*name = (struct str){ line.p + 1, (size_t)colon - 1 };
	*value = str_trim(str_from(line, (size_t)colon + (is_wide ? STR("：").n : 1)));
	return str_findc(*name, ' ') < 0;
}

static void read_comment(struct list_reader *r)
{
	struct str name, value;
	if (!split_directive(r->row.comment, &name, &value))
		return;
	const struct draft_place place = { r->rows.sheet.path, r->row.line, 1 };
	const int column = rulebook_name(r->d->a, NAMES_COLUMN, name);
	const char *near = column < 0 ? rulebook_name_near(NAMES_COLUMN, name) : NULL;
	if (column >= 0 && r->rows.has_rows)
		draft_tell(r->d, R_DIRECTIVE, place, "#%.*s: stands behind the first term; move it to the top of the file",
			STR_FMT(name));
	else if (column >= 0)
		apply_directive(r, (enum rule_column)column, value, place);
	else if (near)
		draft_tell(r->d, R_DIRECTIVE, place,
			"#%.*s: is nothing that a file can say; did you mean \"#%s:\"? (a comment has a space behind its #)",
			STR_FMT(name), near);
}

/* ---- rows ---- */

static void read_row(struct list_reader *r)
{
	struct rule rule = r->file_rule;
	if (!row_weight(r, &rule.weight) || !row_names(r, &rule))
		return;
	if (apply_folds(r, cell_text(r, COL_FOLDS), cell_place(r, COL_FOLDS), &rule.folds))
		draft_add_written(r->d, cell_text(r, COL_TERM), rule, cell_place(r, COL_TERM));
}

void rulebook_parse_list(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct list_reader r = { .d = d, .shape = shape_of(d, path) };
	struct str text;
	if (!r.shape || !draft_text(d, bytes, path, &text))
		return;
	r.file_rule =
		(struct rule){ .list = r.shape->list, .brand = -1, .urgency = URG_NORMAL, .folds = draft_folds(r.shape->list) };
	list_rows_init(&r.rows, d, text, arena_cstr(d->a, str_of(path)), r.shape->third);
	while (list_rows_next(&r.rows, &r.row)) {
		if (r.row.comment.n > 0)
			read_comment(&r);
		else
			read_row(&r);
	}
}
