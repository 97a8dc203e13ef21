/* Word groups of any bytes: every group lies inside the text, and counting agrees with walking. */
#include "detector/grams.h"

#include <stdlib.h>

struct seen {
	size_t n, bytes;
};

static void check(void *context, const struct gram_place *p)
{
	struct seen *s = context;
	if (p->bytes == 0 || p->from + p->bytes > s->bytes || p->length == 0 || p->length > (p->is_han ? GRAM_HAN : GRAM_WORDS))
		abort();
	s->n++;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const struct str text = { (const char *)data, size < 2048 ? size : 2048 };
	struct seen s = { .bytes = text.n };
	struct grams g;
	grams_each(text, check, &s);
	grams_init(&g);
	grams_count(&g, text, 0, true);
	grams_count(&g, text, 1, false);
	if (g.n > s.n)
		abort();
	for (size_t i = 0; i < g.cap; i++)
		if (g.gram[i].hash != 0 && (g.gram[i].bad != 1 || g.gram[i].rest != 1))
			abort();
	grams_release(&g);
	return 0;
}
