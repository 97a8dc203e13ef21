/* What reading one foreign document may cost: units of work, and CPU time of this thread. */
#include "common/base/fuel.h"

#include <stddef.h>
#include <time.h>

static int64_t cpu_us(void)
{
	struct timespec now = { 0 };
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void fuel_init(struct fuel *f, int64_t units, int64_t cpu_ms)
{
	*f = (struct fuel){ .units = units > 0 ? units : INT64_MAX,
		.until_us = cpu_ms > 0 ? cpu_us() + cpu_ms * 1000 : 0,
		.to_look = FUEL_LOOK };
}

bool fuel_spend(struct fuel *f, int64_t units)
{
	if (f == NULL)
		return true;
	f->units -= units;
	f->to_look -= units;
	if (f->units < 0)
		f->is_out = true;
	if (f->to_look > 0 || f->is_out)
		return !f->is_out;
	f->to_look = FUEL_LOOK;
	return !fuel_is_out(f);
}

bool fuel_is_out(struct fuel *f)
{
	if (f == NULL)
		return false;
	if (f->until_us > 0 && cpu_us() > f->until_us)
		f->is_out = true;
	return f->is_out;
}
