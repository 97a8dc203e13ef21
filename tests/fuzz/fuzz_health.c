/* Fuzzes the memory of a source's health, which comes from Redis: any bytes are read, what is written of them is read as the same, and a poll
 * judged by them ends in a state. */
#include "crawler/health.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct health_memory first, again;
	const struct source_arrivals arrivals = { .posts = 5000, .span_ms = 86400000 };
	const struct health_terms terms = { 600000, 86400000 };
	arena_init(&a, (size_t)16 << 20);
	health_memory_parse((struct str){ (const char *)data, size }, &first);
	const struct str text = health_memory_write(&a, &first);
	health_memory_parse(text, &again);
	if (!str_eq(health_memory_write(&a, &again), text))
		abort();
	const struct health_page page = { 4, 4, 3, 1, STR("rss20") };
	const struct health_sight sight = {
		.now_ms = 1795348800000, .standing = STANDING_OK, .is_fine = true, .nnew = size % 2, .page = &page
	};
	struct source_health h = { .state = STR("healthy"), .memory = text };
	const struct health_outcome o = health_step(&a, &h, &arrivals, &sight, &terms);
	if (o.is >= HEALTH__N || (o.news != HEALTH_NO_NEWS && o.news != HEALTH_FELL_ILL && o.news != HEALTH_RECOVERED))
		abort();
	const struct source_state state = { .health = h };
	(void)health_describe(&a, &state, 1795348800000);
	arena_release(&a);
	return 0;
}
