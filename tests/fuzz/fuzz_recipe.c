/* Fuzz target: any text as a recipe gives a recipe or problems with true places; what loads reads any page without harm. */
#include "crawler/recipe_write.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "common/base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void read_page(struct arena *a, const struct recipe *r, struct str bytes)
{
	const struct page page = { .bytes = bytes, .url = STR("https://b.example/l?page=1"), .fetched_ms = 1780300800000 };
	struct recipe_result found;
	struct err e = { 0 };
	struct buf out;
	const enum outcome done = recipe_read(a, r, &page, &found, &e);
	require(done == OK ? found.n <= LIMIT_RECIPE_ITEMS : found.n == 0 && e.text[0] != '\0');
	buf_init(&out, 256u << 20);
	recipe_write(&out, &page, &found, STR(""));
	require(utf8_valid(buf_str(&out)));
	struct json *doc = json_parse(buf_str(&out), &e);
	require(doc != NULL);
	json_free(doc);
	buf_release(&out);
}

/* The recipe up to a NUL, the page behind it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct problems p;
	const uint8_t *nul = memchr(data, 0, size);
	const size_t n = nul != NULL ? (size_t)(nul - data) : size;
	const struct str page = str_from((struct str){ (const char *)data, size }, n + 1);
	arena_init(&a, LIMIT_ARENA_BYTES);
	problems_init(&p);
	struct recipe *r = recipe_parse(&a, (struct str){ (const char *)data, n }, "fuzz.recipe", &p);
	require(r != NULL || p.errors > 0);
	for (size_t i = 0; i < p.n; i++)
		require(p.list[i].line > 0 && p.list[i].column > 0 && p.list[i].code != NULL);
	if (r != NULL)
		read_page(&a, r, page);
	recipe_free(r);
	problems_release(&p);
	arena_release(&a);
	return 0;
}
