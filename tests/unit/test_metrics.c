/* Unit tests of counters and gauges. */
#include "common/base/metrics.h"

#include "common/base/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void counters_add_up_and_gauges_are_set(void **state)
{
	(void)state;
	metrics_add(M_fetches_total, 2);
	metrics_add(M_fetches_total, 3);
	metrics_set(M_leases, 7);
	metrics_set(M_leases, 4);
	assert_int_equal(metrics_get(M_fetches_total), 5);
	assert_int_equal(metrics_get(M_leases), 4);
}

static void every_row_has_a_name_and_a_help(void **state)
{
	(void)state;
	const struct metric_row *rows = metrics_rows();
	for (size_t m = 0; m < M__N; m++) {
		assert_true(strlen(rows[m].name) > 0 && strlen(rows[m].help) > 0);
		bool total = str_ends(str_of(rows[m].name), STR("_total"));
		assert_int_equal(rows[m].kind, total ? METRIC_COUNTER : METRIC_GAUGE);
	}
	assert_int_equal(rows[M_leases].kind, METRIC_GAUGE);
}

static void the_snapshot_is_json_with_every_value(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 1u << 16);
	metrics_sample_process();
	metrics_json(&out);
	struct json *doc = json_parse(buf_str(&out), NULL);
	assert_int_equal(json_size(doc), M__N);
	assert_int_equal(json_i64_of(doc, "leases", -1), metrics_get(M_leases));
	assert_true(json_i64_of(doc, "rss_bytes", 0) > 100000);
	json_free(doc);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_add_up_and_gauges_are_set),
		cmocka_unit_test(every_row_has_a_name_and_a_help),
		cmocka_unit_test(the_snapshot_is_json_with_every_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
