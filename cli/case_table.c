/* Case adapters for tables: what becomes of a stranger's text in an exported cell. */
#include "cli/case.h"

#include "common/base/table.h"

bool case_csv(struct arena *a, const struct json *line, struct buf *out)
{
	struct buf written;
	struct table_cell cell;
	const struct str text = json_str_of(line, "cell");
	buf_init(&written, 2 * text.n + 16);
	table_write_cell(&written, text);
	struct table_cutter cutter = { a, arena_copy(a, buf_str(&written)), ',' };
	buf_release(&written);
	const enum table_cut cut = table_cut(&cutter, &cell);
	buf_addc(out, '{');
	buf_json_str(out, "cell", cell.text);
	buf_addc(out, '}');
	return cut == TABLE_LAST;
}
