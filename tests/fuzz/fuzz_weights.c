/* Any header before rows of any kind, and any text: what is taken for a model is written as it was read, and its scores are numbers. */
#include "common/text/weights.h"

#include <earshot/limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 4096

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* A file that is right but for what the input puts over its head; the byte behind that fills the rows. */
static struct str file_of(struct arena *a, const uint8_t *data, size_t *used, size_t size)
{
	struct weights right = { .name = "fuzz", .row = arena_take(a, WEIGHTS_FILE_BYTES) };
	for (size_t k = 0; k < WEIGHTS_HEAD__N; k++) {
		memcpy(right.head[k].name, weights_head_names[k], strlen(weights_head_names[k]));
		right.head[k].slope = 1;
	}
	const struct str file = weights_render(a, &right);
	char *bytes = arena_raw(a, file.n);
	memcpy(bytes, file.p, file.n);
	const size_t at = size > 1 ? data[0] * 2u % WEIGHTS_HEADER_BYTES : 0;
	const size_t n = size > 2 ? data[1] % 48u : 0;
	*used = size > 2 + n ? 2 + n : size;
	for (size_t i = 2; i < *used && at + i - 2 < WEIGHTS_HEADER_BYTES; i++)
		bytes[at + i - 2] = (char)data[i];
	const int fill = *used < size ? data[*used] : 0;
	memset(bytes + WEIGHTS_HEADER_BYTES, fill, file.n - WEIGHTS_HEADER_BYTES);
	return (struct str){ bytes, file.n };
}

static void score(struct arena *a, const struct weights *w, struct str text)
{
	struct features f;
	float out[WEIGHTS_HEADS];
	features_make(a, text, &f);
	check(f.n <= LIMIT_FEATURES);
	for (size_t i = 0; i < f.n; i++)
		check(f.bucket[i] < FEATURES_BUCKETS);
	weights_score(w, &f, out);
	for (int k = 0; k < WEIGHTS_HEADS; k++)
		check(!isnan(out[k]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena a;
	struct weights w;
	struct err e = { 0 };
	size_t used = 0;
	if (a.max_bytes == 0)
		arena_init(&a, 256u << 20);
	arena_reset(&a);
	const struct str file = file_of(&a, data, &used, size);
	if (weights_parse(file, "fuzz.model", &w, &e) != OK) {
		check(e.text[0] != '\0');
		return 0;
	}
	const struct str again = weights_render(&a, &w);
	check(again.n == file.n);
	score(&a, &w, str_first((struct str){ (const char *)data + used, size - used }, TEXT_BYTES));
	return 0;
}
