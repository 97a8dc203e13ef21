/* Counters and gauges of this process (rows: <earshot/metrics.def>). Plain memory; a heartbeat publishes them. */
#ifndef EARSHOT_BASE_METRICS_H
#define EARSHOT_BASE_METRICS_H

#include "common/base/buf.h"

enum metric {
#define METRIC(name, kind, help) M_##name,
#include <earshot/metrics.def>
#undef METRIC
	M__N
};

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE };
struct metric_row {
	const char *name;
	enum metric_kind kind;
	const char *help;
};

const struct metric_row *metrics_rows(void); /* M__N of them */
void metrics_add(enum metric m, int64_t by);
void metrics_set(enum metric m, int64_t to);
int64_t metrics_get(enum metric m);
void metrics_sample_process(void); /* fills rss_bytes and cpu_microseconds_total */
void metrics_json(struct buf *out); /* {"name":value,…} */

#endif
