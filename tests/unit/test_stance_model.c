/* The file of the model for two brands: read as it was written, and refused where a number is none. */
#include "detector/stance_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NETS_AT                                                                                                                  \
	(STANCE_FILE_BYTES - STANCE_LANGUAGE__N * (4 * (STANCE_NET_CORE + 1) + STANCE_NET_BYTES)) /* the scale of the first one */

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static char *file_bytes(void)
{
	struct stance_model *m = arena_new(&arena, struct stance_model);
	for (int t = 0; t < STANCE_TABLE__N; t++) {
		m->scale[t] = 0.5f;
		m->rows[t] = arena_take(&arena, STANCE_TABLE_BYTES(stance_shapes[t].bits, (size_t)stance_shapes[t].n));
	}
	for (int i = 0; i < STANCE_LANGUAGE__N; i++) {
		int8_t *word = arena_take(&arena, STANCE_NET_BYTES);
		word[0] = (int8_t)(i + 7);
		m->net[i].scale = 0.25f;
		m->net[i].word = word;
		m->net[i].core.bias[3] = -1.5f;
		m->net[i].core.label_bias[LABEL__N - 1] = (float)(i + 1);
	}
	const struct str bytes = stance_model_render(&arena, m);
	assert_int_equal(bytes.n, STANCE_FILE_BYTES);
	return memcpy(arena_raw(&arena, bytes.n), bytes.p, bytes.n);
}

static enum outcome parse(const char *bytes, size_t n, struct stance_model *m, struct err *e)
{
	return stance_model_parse((struct str){ bytes, n }, "a.model", m, e);
}

static void what_was_written_is_read(void **state)
{
	struct stance_model m;
	struct err e = { 0 };
	char *bytes = file_bytes();
	(void)state;
	assert_int_equal(parse(bytes, STANCE_FILE_BYTES, &m, &e), OK);
	for (int i = 0; i < STANCE_LANGUAGE__N; i++) {
		assert_int_equal(m.net[i].word[0], i + 7);
		assert_true(m.net[i].scale == 0.25f && m.net[i].core.bias[3] == -1.5f);
		assert_true(m.net[i].core.label_bias[LABEL__N - 1] == (float)(i + 1));
	}
	assert_memory_equal(stance_model_render(&arena, &m).p, bytes, STANCE_FILE_BYTES);
}

static void a_net_with_a_number_that_is_none_is_refused(void **state)
{
	static const float wrong[] = { NAN, INFINITY, 1e9f };
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		for (size_t at = 0; at < 2; at++) {
			struct stance_model m;
			struct err e = { 0 };
			char *bytes = file_bytes();
			memcpy(bytes + NETS_AT + 4 * at * STANCE_NET_CORE, &wrong[i], 4);
			assert_int_equal(parse(bytes, STANCE_FILE_BYTES, &m, &e), REJECT);
			assert_non_null(strstr(e.text, "net 0"));
		}
}

static void a_file_that_was_cut_is_refused(void **state)
{
	struct stance_model m;
	struct err e = { 0 };
	(void)state;
	assert_int_equal(parse(file_bytes(), STANCE_FILE_BYTES - 1, &m, &e), REJECT);
	assert_non_null(strstr(e.text, "a.model"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_written_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(a_net_with_a_number_that_is_none_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_was_cut_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests_name("stance_model", tests, NULL, NULL);
}
