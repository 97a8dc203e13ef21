/* Fuzz target: routes.conf, from bytes to targets of an alert. */
#include "notifier/route.h"

#include "tests/support/alert_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct problems p;
	struct routes r;
	arena_init(&a, 64u << 20);
	problems_init(&p);
	routes_parse(&a, (struct str){ (const char *)data, size }, "routes.conf", &r, &p);
	if (!problems_any_error(&p)) {
		const struct target **target = NULL;
		struct alert alert = alert_sample();
		size_t n = route_targets(&a, &r, &alert, &target);
		if (n > r.ntargets)
			__builtin_trap();
	}
	problems_release(&p);
	arena_release(&a);
	return 0;
}
