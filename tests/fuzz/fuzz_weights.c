/* Any header before rows of any kind, and any text: what is taken for a model is written as it was read, and its scores are numbers. */
#include "common/text/packed.h"
#include "common/text/weights.h"

#include <earshot/limits.h>
#include <earshot/rule.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 4096

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Two groups; some buckets have rows. */
static const struct classes *classes_of(struct arena *a)
{
	struct classes *c = arena_new(a, struct classes);
	bool *has = arena_take(a, CLASSES_BUCKETS * sizeof *has);
	*c = (struct classes){ .group = { { "nature", 0, NAT__N }, { "own", NAT__N, 2 } }, .ngroups = 2, .ncolumns = NAT__N + 2 };
	for (size_t i = 0; i < c->ncolumns; i++) {
		memcpy(c->column[i].name,
			i < NAT__N    ? nature_names[i]
			: i == NAT__N ? "a"
				      : "b",
			i < NAT__N ? strlen(nature_names[i]) : 1);
		c->column[i].scale = 1;
	}
	for (size_t i = 0; i < CLASSES_BUCKETS; i += 16)
		has[i] = true;
	classes_blocks(a, has, c);
	int8_t *row = arena_take(a, c->nrows * classes_width(c));
	memset(row, 1, c->nrows * classes_width(c));
	c->row = row;
	return c;
}

/* A file that is right but for what the input puts over its head; the byte behind that fills the rows. */
static struct str file_of(struct arena *a, const uint8_t *data, size_t *used, size_t size)
{
	struct weights right = { .name = "fuzz", .row = arena_take(a, WEIGHTS_LEAST_BYTES), .classes = *classes_of(a) };
	for (size_t k = 0; k < WEIGHTS_HEAD__N; k++) {
		memcpy(right.head[k].name, weights_head_names[k], strlen(weights_head_names[k]));
		right.head[k].slope = 1;
	}
	const struct str file = weights_render(a, &right);
	char *bytes = arena_raw(a, file.n);
	memcpy(bytes, file.p, file.n);
	const size_t class_head = WEIGHTS_LEAST_BYTES - 40, head = WEIGHTS_HEADER_BYTES;
	const size_t at = size <= 1 ? 0 : data[0] < 128 ? data[0] * 4u % head : class_head + (data[0] - 128u) * 4u;
	const size_t n = size > 2 ? data[1] % 48u : 0;
	*used = size > 2 + n ? 2 + n : size;
	for (size_t i = 2; i < *used && at + i - 2 < file.n; i++)
		bytes[at + i - 2] = (char)data[i];
	const int fill = *used < size ? data[*used] : 0;
	memset(bytes + WEIGHTS_HEADER_BYTES, fill, WEIGHTS_LEAST_BYTES - WEIGHTS_HEADER_BYTES - 40);
	if (fill % 4 != 0) /* else the checksum is wrong, too */
		packed_put_u64(bytes + 24, weights_sum((struct str){ bytes, file.n }));
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
	float score[CLASSES_MOST], chance[CLASSES_MOST];
	uint16_t cue[] = { 0, 7, CLASSES_CUES - 1 };
	const struct classes_input in = { f, cue, sizeof cue / sizeof *cue };
	classes_score(&w->classes, &in, score);
	for (size_t g = 0; g < w->classes.ngroups; g++) {
		classes_chances(score + w->classes.group[g].first, w->classes.group[g].n, chance);
		for (size_t k = 0; k < w->classes.group[g].n; k++)
			check(chance[k] >= 0 && chance[k] <= 1);
	}
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
