/* The values behind the rows of metrics.def. */
#include "common/base/metrics.h"

#include "common/base/clock.h"
#include "common/base/proc.h"

static const struct metric_row rows[M__N] = {
#define COUNTER METRIC_COUNTER
#define GAUGE METRIC_GAUGE
#define METRIC(metric, sort, text) [M_##metric] = { .name = #metric, .kind = sort, .help = text },
#include <earshot/metrics.def>
#undef METRIC
#undef GAUGE
#undef COUNTER
};

static int64_t values[M__N];

const struct metric_row *metrics_rows(void)
{
	return rows;
}

void metrics_add(enum metric m, int64_t by)
{
	values[m] += by;
}

void metrics_set(enum metric m, int64_t to)
{
	values[m] = to;
}

int64_t metrics_get(enum metric m)
{
	return values[m];
}

void metrics_sample_process(void)
{
	metrics_set(M_rss_bytes, proc_rss_bytes());
	metrics_set(M_cpu_microseconds_total, clock_cpu_us());
}

void metrics_json(struct buf *out)
{
	buf_addc(out, '{');
	for (size_t m = 0; m < M__N; m++)
		buf_json_int(out, rows[m].name, values[m]);
	buf_addc(out, '}');
}
