/* Fuzz target: any text as a JSON pointer of recipes is one or is refused with its place; what it finds lies in the document. Input: the
 * pointer, a NUL, the document. */
#include "crawler/pointer.h"

#include <stdlib.h>

#define VALUES_MOST 100
#define DOCUMENT_BYTES 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static bool lies_in(const struct json *root, const struct json *v)
{
	if (root == v)
		return true;
	for (const struct json *m = json_first(root); m; m = json_next(m))
		if (lies_in(m, v))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err e = { 0 };
	struct str rest = { (const char *)data, size }, text;
	size_t at = 0;
	if (!str_split(&rest, '\0', &text) || rest.n > DOCUMENT_BYTES)
		return 0;
	arena_init(&a, 64u << 20);
	const struct pointer *p = pointer_parse(&a, text, &at, &e);
	require(p != NULL || (at <= text.n && e.text[0] != '\0'));
	const struct json *root =
		json_parse_in(&a, rest.n > 0 ? rest : STR("{\"a\":[{\"b\":1},{\"b\":\"充\"}],\"*\":2,\"0\":[[3]]}"), &e);
	if (p != NULL && root != NULL) {
		const struct json *const *list = NULL;
		const size_t n = pointer_find(&a, p, root, VALUES_MOST, &list);
		require(n <= VALUES_MOST);
		for (size_t i = 0; i < n; i++)
			require(lies_in(root, list[i]));
	}
	arena_release(&a);
	return 0;
}
