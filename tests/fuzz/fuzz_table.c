/* Fuzz target: tables of any bytes give cells inside of the text, and drafts of them give posts or reasons. What is written is read
 * back, and is no formula. */
#include "crawler/draft.h"

#include "common/base/table.h"
#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void take_row(struct arena *a, const int *column, const struct table_row *row)
{
	static const struct source_how how;
	static const struct source source = { .id = { "t", 1 }, .how = &how };
	const struct draft_terms terms = { .source = &source, .now_ms = 1795348800000, .is_table = true };
	struct draft draft = { 0 };
	struct post post;
	struct str brand;
	struct err e = { 0 };
	for (int p = 0; p < DRAFT__N; p++)
		if (column[p] >= 0 && (size_t)column[p] < row->n)
			draft.part[p] = row->cell[column[p]];
	if (draft_post(a, &terms, &draft, &post, &brand, &e) == OK)
		require(post.id.n == POST_ID_DIGITS && (post.text.n > 0 || post.title.n > 0) && post.stars <= 5);
	else
		require(e.text[0] != '\0');
}

static void write_back(struct arena *a, struct str cell)
{
	struct buf b;
	struct table_cell again;
	buf_init(&b, 4 * cell.n + 16);
	table_write_cell(&b, cell);
	struct table_cutter cutter = { a, arena_copy(a, buf_str(&b)), ',' };
	require(str_findc(cell, '\r') >= 0 || table_cut(&cutter, &again) == TABLE_LAST);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char separators[] = { ',', '\t', ';', '|' };
	static const struct mapping guess;
	int column[DRAFT__N];
	struct arena a;
	struct table t;
	struct table_row row;
	int rows = 0;
	if (size == 0)
		return 0;
	arena_init(&a, 512u << 20);
	const struct str text = { (const char *)data + 1, size - 1 };
	table_init(&t, &a, text, separators[data[0] % 4]);
	while (rows < 200 && table_next(&t, &row)) {
		require(row.n > 0 && row.line > 0);
		if (rows++ == 0)
			(void)mapping_columns(&a, &guess, row.cell, row.n, column);
		else
			take_row(&a, column, &row);
		if (utf8_valid(row.cell[0]))
			write_back(&a, row.cell[0]);
	}
	arena_release(&a);
	return 0;
}
