/* Writing lists for Excel: one shape for all, cells quoted, formulas and dates kept as text. */
#include "common/text/rulebook_write.h"

#include "common/base/table.h"
#include "common/text/rulebook_rows.h"

#include <ctype.h>
#include <string.h>

struct writer {
	struct arena *a;
	const struct rulebook_file *list;
	struct problems *p;
	enum rule_column third;
	bool is_used[COL__N];
	struct buf *out;
};

/* ---- what Excel would change ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 12315 stays what it is; 007, 1.10, 3-15, 1E5, 50% and numbers of more than 15 digits do not. */
static bool is_safe_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0 && s.n <= 15 && (s.p[0] != '0' || s.n == 1);
}

/* Starts with a digit and goes on with nothing but what numbers, dates and times are made of. */
static bool looks_numeric(struct str s)
{
	static const char *const marks[] = { "年", "月", "日", "时", "分" };
	if (s.n == 0 || !(is_digit(s.p[0]) || s.p[0] == '.'))
		return false;
	for (size_t i = 0; i < s.n;) {
		size_t step = is_digit(s.p[i]) || strchr(".,-/:eE%+ ()", s.p[i]) ? 1 : 0;
		for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]) && step == 0; k++)
			step = str_starts(str_from(s, i), str_of(marks[k])) ? strlen(marks[k]) : 0;
		if (step == 0)
			return false;
		i += step;
	}
	return !is_safe_number(s);
}

/* "May 1", "1 jan", "Dec-24" */
static bool looks_like_month(struct str s)
{
	static const char months[] = "jan feb mar apr may jun jul aug sep oct nov dec";
	char word[4] = "";
	size_t letters = 0, digits = 0;
	if (s.n == 0 || !isalnum((unsigned char)s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		if (!isalpha((unsigned char)s.p[i]))
			continue;
		if (letters < 3)
			word[letters] = (char)tolower((unsigned char)s.p[i]);
		letters++;
	}
	return letters >= 3 && letters <= 9 && digits > 0 && digits + letters + 3 >= s.n && strstr(months, word) != NULL;
}

static bool is_changed_by_excel(struct str s)
{
	if (s.n == 0)
		return false;
	const bool is_formula = strchr("=+-@", s.p[0]) != NULL && s.n > 1;
	const bool is_truth = str_ieq(s, STR("true")) || str_ieq(s, STR("false"));
	return is_formula || is_truth || looks_numeric(s) || looks_like_month(s);
}

/* ---- cells ---- */

/* A backslash in front keeps a cell what it is; the reader takes it away (of notes nobody reads it). */
static void write_text(struct writer *w, struct str text)
{
	table_write_quoted(w->out, is_changed_by_excel(text) ? arena_printf(w->a, "\\%.*s", STR_FMT(text)) : text);
}

static bool is_exact(struct str term)
{
	return term.n > 1 && term.p[0] == '=';
}

/* The term is the first cell, so # would begin a comment. Behind the = of exact case every sign is itself. */
static void write_term(struct writer *w, struct str term)
{
	const bool is_literal = is_exact(term);
	if (is_literal)
		term = str_trim(str_from(term, 1));
	const bool is_sign = term.n > 0 && strchr(is_literal ? "#=*\\'\"" : "#", term.p[0]) != NULL;
	if (is_sign)
		table_write_quoted(w->out, arena_printf(w->a, "\\%.*s", STR_FMT(term)));
	else
		write_text(w, term);
}

static void write_cell(struct writer *w, const struct list_row *row, enum rule_column column)
{
	const struct str term = row->cell[COL_TERM].text, text = row->cell[column].text;
	if (column == COL_TERM)
		write_term(w, term);
	else if (column == COL_CASE && is_exact(term))
		buf_addz(w->out, "exact");
	else if (column == COL_WEIGHT)
		table_write_quoted(w->out, text);
	else
		write_text(w, text);
}

/* ---- rows ---- */

static void write_heading(struct writer *w)
{
	const char *separator = "";
	for (int column = 0; column < COL__N; column++) {
		if (!w->is_used[column])
			continue;
		buf_addf(w->out, "%s%s", separator, rule_column_names[column]);
		separator = ",";
	}
	buf_addz(w->out, "\r\n");
}

static void write_row(struct writer *w, const struct list_row *row)
{
	bool is_first = true;
	for (int column = 0; column < COL__N; column++) {
		if (!w->is_used[column])
			continue;
		if (!is_first)
			buf_addc(w->out, ',');
		is_first = false;
		write_cell(w, row, (enum rule_column)column);
	}
	buf_addz(w->out, "\r\n");
}

/* Which columns hold anything: one that is empty in every row is left out. */
static void note_columns(struct writer *w, const struct list_row *row)
{
	for (int column = 0; column < COL__N; column++)
		w->is_used[column] = w->is_used[column] || row->cell[column].text.n > 0;
	w->is_used[COL_TERM] = true;
	w->is_used[COL_CASE] = w->is_used[COL_CASE] || is_exact(row->cell[COL_TERM].text);
}

static void write_comment(struct writer *w, const struct list_row *row)
{
	table_write_quoted(w->out, row->comment);
	buf_addz(w->out, "\r\n");
}

/* Once to see which columns hold anything, once to write; the heading comes before the first row. */
static bool walk_rows(struct writer *w, struct rulebook_draft *d, bool is_writing)
{
	struct str text;
	struct list_rows rows;
	struct list_row row;
	bool has_heading = false;
	if (!draft_text(d, w->list->bytes, w->list->path, &text))
		return false;
	list_rows_init(&rows, d, text, w->list->path, w->third);
	while (list_rows_next(&rows, &row)) {
		if (!is_writing) {
			note_columns(w, &row);
		} else if (row.comment.n > 0) {
			write_comment(w, &row);
		} else {
			if (!has_heading)
				write_heading(w);
			has_heading = true;
			write_row(w, &row);
		}
	}
	return !rows.is_lost;
}

static bool walk(struct writer *w, bool is_writing)
{
	struct rulebook_draft d;
	draft_init(&d, w->a, w->p);
	const bool is_read = walk_rows(w, &d, is_writing);
	draft_release(&d);
	return is_read;
}

bool rulebook_write_list(const struct rulebook_file *list, struct buf *out, struct problems *p)
{
	struct arena a;
	struct writer w = { .a = &a, .list = list, .p = p, .out = out };
	if (!rulebook_list_third(list->path, &w.third))
		return false;
	arena_init(&a, RULEBOOK_ARENA_BYTES);
	buf_addz(out, "\xEF\xBB\xBF");
	const bool is_read = walk(&w, false);
	const bool is_written = is_read && walk(&w, true);
	arena_release(&a);
	return is_written && !out->overflow;
}
