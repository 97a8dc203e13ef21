/* Fuzz target: what an operator writes behind --map, asked of a table's heading and of JSON objects. Input: items, one a line; a NUL;
 * names of columns, one a line; a NUL; a JSON object. */
#include "crawler/mapping.h"

#include "common/base/utf8.h"

#include <stdlib.h>

#define ITEMS_MOST 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static size_t split_lines(struct str text, struct str *item)
{
	size_t n = 0;
	while (n < ITEMS_MOST && text.n > 0 && str_split(&text, '\n', &item[n]))
		n++;
	return n;
}

static void ask(struct arena *a, const struct mapping *m, struct str heading, struct str object)
{
	struct str cell[ITEMS_MOST];
	struct draft draft = { 0 };
	struct err e;
	int column[DRAFT__N];
	const size_t n = split_lines(heading, cell);
	require(mapping_columns(a, m, cell, n, column) <= n);
	for (int p = 0; p < DRAFT__N; p++)
		require(column[p] >= -1);
	const struct json *root = json_parse_in(a, object, &e);
	if (json_kind(root) != JSON_OBJECT)
		return;
	mapping_object(a, m, root, &draft);
	for (int p = 0; p < DRAFT__N; p++)
		require(utf8_valid(draft.part[p]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err e = { 0 };
	struct str rest = { (const char *)data, size }, items, heading, item[ITEMS_MOST];
	static struct mapping m;
	static const struct mapping guess;
	if (!str_split(&rest, '\0', &items) || !str_split(&rest, '\0', &heading))
		return 0;
	arena_init(&a, 64u << 20);
	const struct conf_list list = { item, split_lines(items, item) };
	ask(&a, &guess, heading, rest);
	if (mapping_parse(&a, &list, &m, &e) == OK)
		ask(&a, &m, heading, rest);
	else
		require(e.outcome == REJECT && e.text[0] != '\0');
	arena_release(&a);
	return 0;
}
