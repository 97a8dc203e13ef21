/* Fuzz target: stored model text of any bytes is read or refused; what is read judges and learns without a wrong number. */
#include "detector/model.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check_evidence(const struct evidence *e)
{
	require(isfinite(e->score) && e->score >= 0);
	require(isfinite(e->expected) && isfinite(e->low) && isfinite(e->high) && e->low <= e->high);
	require(e->p_value >= 0 && e->p_value <= 1);
	require(isfinite(e->ratio));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model m, again;
	struct buf text;
	model_init(&m, 60000);
	const bool good = model_read(&m, (struct str){ (const char *)data, size });
	buf_init(&text, 64u << 10);
	model_write(&text, &m);
	model_init(&again, 60000);
	require(model_read(&again, buf_str(&text)));
	(void)good; /* garbage leaves a fresh model, which has to work as well */
	for (int i = 0; i < 3; i++) {
		const struct sight s = { .at_ms = m.learned_ms + 300000 * (i + 1), .sum = { 3.0 * i, 40, 100 } };
		const struct evidence e = model_judge(&m, &s);
		check_evidence(&e);
		model_learn(&m, &s);
	}
	buf_release(&text);
	return 0;
}
