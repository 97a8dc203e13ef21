/* Look-ups in the tables of characters taken apart, and of emoji written for characters. */
#include "common/text/split.h"

struct split_row {
	uint32_t cp;
	uint16_t first, n; /* rows of the table of texts */
};

#include "gen/split_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct split_row *row_of(const struct split_row *rows, size_t n, uint32_t cp)
{
	size_t low = 0, high = n;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (cp < rows[middle].cp)
			high = middle;
		else if (cp > rows[middle].cp)
			low = middle + 1;
		else
			return &rows[middle];
	}
	return NULL;
}

static size_t texts_of(const struct split_row *row, struct str *out)
{
	if (!row)
		return 0;
	for (size_t i = 0; i < row->n; i++)
		out[i] = str_of(split_texts[row->first + i]);
	return row->n;
}

size_t split_of(uint32_t cp, struct str out[SPLIT_WAYS_MAX])
{
	return texts_of(row_of(split_rows, COUNT(split_rows), cp), out);
}

size_t split_emoji(uint32_t cp, struct str out[SPLIT_EMOJI_MAX])
{
	return texts_of(row_of(split_emoji_rows, COUNT(split_emoji_rows), cp), out);
}
