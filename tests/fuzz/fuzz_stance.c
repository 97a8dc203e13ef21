/* Any header before rows of any kind: what is taken for a stance model is written as it was read, and its scores are numbers. */
#include "detector/stance_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena a;
	struct stance_model m, right = { .scale = { 1, 1, 1 }, .net = { { .scale = 1 }, { .scale = 1 } } };
	struct stance_feature feature = { 0, 1 };
	struct stance_features f = { .feature = &feature, .n = 1, .room = 1 };
	struct err e = { 0 };
	if (a.max_bytes == 0)
		arena_init(&a, 64u << 20);
	arena_reset(&a);
	for (int t = 0; t < STANCE_TABLE__N; t++)
		right.rows[t] = arena_take(&a, STANCE_FILE_BYTES);
	for (int i = 0; i < STANCE_LANGUAGE__N; i++)
		right.net[i].word = arena_take(&a, STANCE_NET_BYTES);
	struct str file = stance_model_render(&a, &right);
	char *bytes = arena_raw(&a, file.n);
	memcpy(bytes, file.p, file.n);
	const size_t at = size > 0 ? data[0] % STANCE_HEADER_BYTES : 0;
	for (size_t i = 1; i < size && at + i - 1 < file.n; i++)
		bytes[at + i - 1] = (char)data[i];
	if (stance_model_parse((struct str){ bytes, file.n }, "fuzz.model", &m, &e) != OK) {
		check(e.text[0] != '\0');
		return 0;
	}
	const struct str again = stance_model_render(&a, &m);
	check(again.n == file.n && memcmp(again.p, bytes, file.n) == 0);
	for (int t = 0; t < STANCE_TABLE__N; t++) {
		double out[STANCE_PAIRS] = { 0 };
		memcpy(&feature.hash, data, size < 4 ? size : 4);
		stance_model_score(&m, (enum stance_table)t, &f, out);
		for (int k = 0; k < stance_shapes[t].n; k++)
			check(isfinite(out[k]));
	}
	return 0;
}
