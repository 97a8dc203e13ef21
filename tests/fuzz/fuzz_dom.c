/* Fuzz: bytes through the encoding finder and the page reader. The first byte chooses the builder; the list of nodes must be
 * sound whatever comes. */
#include "common/base/charset.h"
#include "common/base/dom.h"

#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void check_node(const struct dom *d, uint32_t i)
{
	const struct dom_node *node = &d->node[i];

	expect(node->end > i && node->end <= d->node[node->parent].end);
	expect(node->parent < i && node->previous < i && node->depth == d->node[node->parent].depth + 1);
	expect(node->previous == 0 || (d->node[node->previous].parent == node->parent && d->node[node->previous].end == i));
	expect((size_t)node->attribute + node->nattributes <= d->nattributes);
	expect(node->tag != TAG_TEXT || (node->end == i + 1 && node->text.n > 0));
	expect(utf8_valid(node->name) && utf8_valid(node->text));
	for (uint32_t k = 0; k < node->nattributes; k++)
		expect(utf8_valid(d->attribute[node->attribute + k].name) && utf8_valid(d->attribute[node->attribute + k].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str bytes = { (const char *)data + 1, size > 0 ? size - 1 : 0 };
	struct charset_text text;
	struct dom d;
	struct err e;

	if (size == 0)
		return 0;
	if (!arena.first)
		arena_init(&arena, 256u << 20);
	charset_read(&arena, bytes, STR(""), &text);
	if (dom_read(&arena, text.utf8, (enum dom_builder)(data[0] % 3), &d, &e) != OK)
		abort();
	for (uint32_t i = 1; i < d.n; i++)
		check_node(&d, i);
	expect(utf8_valid(dom_text(&arena, &d, 0)));
	arena_reset(&arena);
	return 0;
}
