/* Posts as a table: CSV and TSV in whatever encoding and with whatever separator a spreadsheet writes. */
#include "crawler/import.h"

#include "common/base/charset.h"
#include "common/base/table.h"
#include "common/text/rulebook_text.h"

#include <earshot/limits.h>
#include <string.h>

struct table_state {
	struct table table;
	int column[DRAFT__N];
	struct table_row first; /* not a heading: it is data */
	bool has_first;
};

/* ---- the text ---- */

static enum outcome decode_told(struct import *i, struct str *text, const char **encoding, struct err *e)
{
	struct charset_text decoded;
	if (!charset_decode(&i->arena, i->bytes, i->options->charset, &decoded))
		return err_set(
			e, REJECT, "\"%.*s\" is no encoding; use utf-8, gb18030, big5 or utf-16le", STR_FMT(i->options->charset));
	*text = rulebook_text_lines(&i->arena, decoded.utf8);
	*encoding = arena_cstr(&i->arena, decoded.encoding);
	return OK;
}

/* Damage in some cell is no reason to refuse a month of posts: bytes without a meaning become U+FFFD. */
static enum outcome decode(struct import *i, struct str *text, const char **encoding, struct err *e)
{
	struct rulebook_text read;
	struct charset_text decoded;
	if (i->options->charset.n > 0)
		return decode_told(i, text, encoding, e);
	if (rulebook_text_read(&i->arena, i->bytes, &read)) {
		*text = read.utf8;
		*encoding = read.encoding;
		return OK;
	}
	if (read.trouble == R_WORKBOOK)
		return err_set(e, REJECT, "%s is an Excel workbook; save it as \"CSV UTF-8\" and import that", i->options->path);
	if (read.trouble == R_ENCODING && str_findc(i->bytes, 0) >= 0)
		return err_set(e, REJECT, "%s is no text; give a table as CSV or TSV", i->options->path);
	charset_read(&i->arena, i->bytes, STR(""), &decoded);
	*text = rulebook_text_lines(&i->arena, decoded.utf8);
	*encoding = arena_cstr(&i->arena, decoded.encoding);
	return OK;
}

/* ---- the shape ---- */

/* How well the first row reads with this separator: names that mean something, then cells at all. */
static size_t score(struct import *i, struct str text, char separator, struct table_row *row)
{
	int column[DRAFT__N];
	struct table t;
	table_init(&t, &i->arena, text, separator);
	if (!table_next(&t, row))
		return 0;
	return mapping_columns(&i->arena, &i->options->mapping, row->cell, row->n, column) * 1000 + row->n;
}

static char find_separator(struct import *i, struct str text)
{
	static const char separators[] = { ',', '\t', ';', '|' };
	struct table_row row;
	char best = ',';
	size_t most = 0;
	for (size_t k = 0; k < sizeof separators; k++) {
		const size_t n = score(i, text, separators[k], &row);
		if (n > most) {
			most = n;
			best = separators[k];
		}
	}
	return best;
}

static struct str columns_told(struct import *i, const struct table_state *s, const struct table_row *heading)
{
	struct str said = STR("");
	for (int p = 0; p < DRAFT__N; p++) {
		const int c = s->column[p];
		if (c >= 0 && (size_t)c < heading->n)
			said = arena_printf(&i->arena, "%.*s%s%s=%.*s", STR_FMT(said), said.n > 0 ? ", " : "",
				draft_part_names[p], STR_FMT(str_cut_utf8(heading->cell[c], 40)));
	}
	return said;
}

static struct str names_of(struct import *i, const struct table_row *row)
{
	struct str said = STR("");
	for (size_t c = 0; c < row->n && c < 12; c++)
		said = arena_printf(
			&i->arena, "%.*s%s%.*s", STR_FMT(said), c > 0 ? ", " : "", STR_FMT(str_cut_utf8(row->cell[c], 24)));
	return said;
}

static enum outcome read_heading(struct import *i, struct table_state *s, struct err *e)
{
	if (!table_next(&s->table, &s->first))
		return err_set(e, REJECT, "%s holds no rows", i->options->path);
	const size_t known = mapping_columns(&i->arena, &i->options->mapping, s->first.cell, s->first.n, s->column);
	s->has_first = known == 0;
	if (s->column[DRAFT_TEXT] >= 0 || s->column[DRAFT_TITLE] >= 0 || s->column[DRAFT_HTML] >= 0)
		return OK;
	const struct str names = names_of(i, &s->first);
	return err_set(e, REJECT,
		"%s has no column for the text among: %.*s; say which it is with --map text=NAME (or its number)",
		i->options->path, STR_FMT(str_cut_utf8(names, 240)));
}

static enum outcome table_open(struct import *i, struct err *e)
{
	struct table_state *s = arena_new(&i->arena, struct table_state);
	struct str text = { 0 };
	const char *encoding = "";
	char separator;
	i->state = s;
	enum outcome done = import_read_all(i, LIMIT_IMPORT_BYTES, e);
	if (done == OK)
		done = decode(i, &text, &encoding, e);
	if (done != OK)
		return done;
	const bool is_told = table_told_separator(&text, &separator);
	if (!is_told)
		separator = find_separator(i, text);
	table_init(&s->table, &i->arena, text, separator);
	s->table.line += is_told;
	done = read_heading(i, s, e);
	if (done == OK)
		i->note = arena_printf(&i->arena, "%s, %s between cells; %.*s", encoding,
			separator == '\t'  ? "a tab"
			: separator == ';' ? "a semicolon"
			: separator == '|' ? "a bar"
					   : "a comma",
			STR_FMT(columns_told(i, s, &s->first)));
	return done;
}

static enum outcome import_table_next(struct import *i, struct arena *a, struct draft *out, struct err *e)
{
	struct table_state *s = i->state;
	struct table_row row = s->first;
	(void)e;
	s->table.cutter.a = a;
	if (!s->has_first && !table_next(&s->table, &row))
		return SKIP;
	s->has_first = false;
	i->line = (unsigned long)row.line;
	for (int p = 0; p < DRAFT__N; p++)
		if (s->column[p] >= 0 && (size_t)s->column[p] < row.n)
			out->part[p] = row.cell[s->column[p]];
	return OK;
}

const struct import_format import_table = { "csv", "CSV or TSV with a heading, from Excel or anything else", true, table_open,
	import_table_next, NULL };
