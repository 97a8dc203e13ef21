/* Brands from a spreadsheet: each row becomes the section that brands.conf would have. */
#include "common/text/rulebook_draft.h"

#include "common/text/normalise.h"
#include "common/text/rulebook_sheet.h"

#include <string.h>

/* The columns and what else they may be called; all but the first are options of brands.conf. */
static const struct {
	const char *option, *chinese, *also;
} columns[] = {
	{ "id", "编号", "品牌id" },
	{ "name", "名称", "品牌" },
	{ "name_en", "英文名", "英文名称" },
	{ "aliases", "别名", "关键词" },
	{ "context", "语境", "语境词" },
	{ "against", "反语境", "反例" },
	{ "exclude", "排除", "排除词" },
	{ "own_accounts", "官方账号", "官方帐号" },
	{ "competitors", "竞品", "竞争对手" },
	{ "query", "查询", "检索式" },
	{ "needs_context", "需要语境", "需语境" },
};
#define NCOLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Index into columns of each cell, -1 = not used. */
struct brand_heading {
	int column[SHEET_CELLS];
	bool has_id, is_lost; /* lost: a column is wrong, so what the rows mean is a guess */
};

static int column_index(struct arena *a, struct str written)
{
	struct str folded = str_trim(normalise_text(a, written));
	for (size_t i = 0; i < NCOLUMNS; i++)
		if (str_eqc(folded, columns[i].option) || str_eqc(folded, columns[i].chinese) || str_eqc(folded, columns[i].also))
			return (int)i;
	return -1;
}

static void unknown_column(struct rulebook_draft *d, struct str written, struct draft_place place)
{
	const char *names[NCOLUMNS];
	for (size_t i = 0; i < NCOLUMNS; i++)
		names[i] = columns[i].option;
	const char *near = problems_nearest(written, names, NCOLUMNS);
	draft_tell(d, R_COLUMN, place, "no column of brands is called \"%.*s\"; %s%s%s", STR_FMT(written),
		near ? "did you mean \"" : "the first row names them: id, name, aliases, context …", near ? near : "",
		near ? "\"?" : "");
}

static bool read_heading(struct rulebook_draft *d, const struct sheet *s, const struct sheet_row *row, struct brand_heading *out)
{
	*out = (struct brand_heading){ 0 };
	for (size_t i = 0; i < row->n; i++) {
		out->column[i] = column_index(d->a, row->cell[i].text);
		out->has_id = out->has_id || out->column[i] == 0;
		if (out->column[i] >= 0 || row->cell[i].text.n == 0)
			continue;
		unknown_column(d, row->cell[i].text, (struct draft_place){ s->path, row->number, row->cell[i].column });
		out->is_lost = true;
	}
	for (size_t i = row->n; i < SHEET_CELLS; i++)
		out->column[i] = -1;
	if (!out->has_id)
		draft_tell(d, R_COLUMN, (struct draft_place){ s->path, row->number, 1 },
			"the first row names no column id; write id, name, aliases … (or 编号, 名称, 别名 …) there");
	return out->has_id && !out->is_lost;
}

static size_t separator_at(struct str s, size_t at)
{
	static const char *const separators[] = { ";", "；", "、", "，" };
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		if (str_starts(str_from(s, at), str_of(separators[i])))
			return strlen(separators[i]);
	return 0;
}

/* The separators of a cell become the comma of brands.conf. */
static struct str as_list(struct arena *a, struct str cell)
{
	char *to = arena_take(a, cell.n + 1);
	size_t n = 0;
	for (size_t at = 0; at < cell.n;) {
		const size_t separator = separator_at(cell, at);
		to[n++] = separator ? ',' : cell.p[at];
		at += separator ? separator : 1;
	}
	return (struct str){ to, n };
}

static void read_brand(
	struct rulebook_draft *d, const struct sheet *s, const struct sheet_row *row, const struct brand_heading *h)
{
	struct conf_entry entry[SHEET_CELLS];
	struct conf_section section = { STR("brand"), STR(""), s->path, row->number, entry, 0 };
	for (size_t i = 0; i < row->n; i++) {
		const struct sheet_cell *cell = &row->cell[i];
		if (h->column[i] < 0 || cell->text.n == 0)
			continue;
		const char *option = columns[h->column[i]].option;
		if (h->column[i] == 0) {
			section.name = arena_copy(d->a, cell->text);
			continue;
		}
		const bool is_text = strcmp(option, "query") == 0 || str_starts(str_of(option), STR("name"));
		entry[section.n++] = (struct conf_entry){
			.key = str_of(option),
			.value = is_text ? arena_copy(d->a, cell->text) : as_list(d->a, cell->text),
			.line = row->number,
			.column = cell->column,
			.key_line = row->number,
			.key_column = cell->column,
		};
	}
	rulebook_add_section(d, &section);
}

void rulebook_parse_brand_sheet(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct sheet sheet;
	struct sheet_row row;
	struct brand_heading heading = { .has_id = false };
	struct str text;
	if (!draft_text(d, bytes, path, &text))
		return;
	sheet_init(&sheet, d, text, arena_cstr(d->a, str_of(path)));
	while (sheet_next(&sheet, &row)) {
		if (sheet_is_comment(&row))
			continue;
		if (heading.has_id)
			read_brand(d, &sheet, &row, &heading);
		else if (!read_heading(d, &sheet, &row, &heading))
			return;
	}
}
