/* Fuzz target: whatever the JSON reader takes, it must write back as JSON that says the same. */
#include "common/base/json.h"
#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* Visits every value with every reader. */
static void read_all(struct arena *a, const struct json *v)
{
	int64_t number = 0;
	(void)json_i64(v, &number);
	(void)json_double(v, 0);
	(void)json_bool(v, false);
	require(utf8_valid(json_str(v)) && utf8_valid(json_key(v)));
	for (const struct json *m = json_first(v); m; m = json_next(m)) {
		if (json_kind(v) == JSON_OBJECT)
			(void)json_text_of(a, v, json_key(m).p);
		read_all(a, m);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e;
	struct arena a;
	struct buf once, twice;
	if (size > 4096)
		return 0; /* looking every key up is quadratic, which is the target's affair and not the reader's */
	struct json *doc = json_parse((struct str){ (const char *)data, size }, &e);
	if (!doc)
		return 0;
	arena_init(&a, 256u << 20);
	buf_init(&once, 1u << 20);
	buf_init(&twice, 1u << 20);
	read_all(&a, doc);
	json_write(&once, doc);
	json_free(doc);
	doc = json_parse(buf_str(&once), &e);
	require(doc != NULL);
	json_write(&twice, doc);
	require(str_eq(buf_str(&once), buf_str(&twice)));
	json_free(doc);
	buf_release(&once);
	buf_release(&twice);
	arena_release(&a);
	return 0;
}
