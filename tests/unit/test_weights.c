/* Features are a pure function of the text; a model file of foreign bytes is checked number by number. */
#include "common/text/weights.h"

#include "common/text/normalise.h"
#include <earshot/limits.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct features features_of(const char *text)
{
	struct features f;
	features_make(&arena, normalise_text(&arena, str_of(text)), &f);
	return f;
}

static bool same(const char *a, const char *b)
{
	const struct features x = features_of(a), y = features_of(b);
	return x.n == y.n && memcmp(x.bucket, y.bucket, x.n * sizeof *x.bucket) == 0;
}

static void width_case_and_script_change_no_feature(void **state)
{
	(void)state;
	assert_true(same("品質很差", "品质很差"));
	assert_true(same("ＧＯＯＤ service", "good service"));
	assert_false(same("品质很差", "品质很好"));
	assert_false(same("good service", "bad service"));
}

static void names_and_addresses_are_one_sign(void **state)
{
	(void)state;
	assert_true(same("@alice it broke", "@bob_77 it broke"));
	assert_true(same("看 https://a.example/x", "看 http://b.example/y?z=1"));
	assert_false(same("@alice it broke", "alice it broke"));
}

static void a_feature_counts_once_and_negation_adds_one(void **state)
{
	(void)state;
	assert_true(features_of("差差差差").n == 4);
	assert_int_equal(features_of("").n, 0);
	assert_true(features_of("not good").n > features_of("nut good").n);
}

/* The file of the shipped model, to be damaged. */
static char *file_bytes(void)
{
	const struct weights *w = weights_shipped(STR("earshot-1"));
	assert_non_null(w);
	return (char *)(uintptr_t)weights_render(&arena, w).p;
}

static void assert_refused(const char *bytes, size_t n)
{
	struct weights w;
	struct err e = { 0 };
	assert_int_equal(weights_parse((struct str){ bytes, n }, "m.model", &w, &e), REJECT);
	assert_non_null(strstr(e.text, "m.model"));
	arena_reset(&arena);
}

static void what_was_rendered_is_read_again(void **state)
{
	(void)state;
	struct weights w;
	struct err e = { 0 };
	assert_int_equal(weights_parse((struct str){ file_bytes(), WEIGHTS_FILE_BYTES }, "m.model", &w, &e), OK);
	assert_string_equal(w.name, "earshot-1");
	assert_string_equal(w.head[WEIGHTS_ZH_POSITIVE].name, "zh.positive");
	assert_null(weights_shipped(STR("earshot-0")));
}

static void damaged_files_are_refused(void **state)
{
	(void)state;
	const float nan = NAN, huge = 1e30f;
	const size_t head = 24 + WEIGHTS_NAME_BYTES;
	char *b = file_bytes();
	assert_refused(b, WEIGHTS_FILE_BYTES - 1);
	assert_refused(file_bytes(), 10);
	const size_t byte[] = { 0, 8, 12, 16, 20, 24, head, head + 3 };
	for (size_t i = 0; i < sizeof byte / sizeof *byte; i++) {
		b = file_bytes();
		b[byte[i]] = (char)0xFF;
		assert_refused(b, WEIGHTS_FILE_BYTES);
	}
	b = file_bytes();
	memcpy(b + head + WEIGHTS_NAME_BYTES, &nan, sizeof nan);
	assert_refused(b, WEIGHTS_FILE_BYTES);
	b = file_bytes();
	memcpy(b + head + WEIGHTS_NAME_BYTES + 4, &huge, sizeof huge);
	assert_refused(b, WEIGHTS_FILE_BYTES);
}

static float head_of(const char *text, enum weights_head head)
{
	float score[WEIGHTS_HEADS];
	const struct features f = features_of(text);
	weights_score(weights_shipped(STR("earshot-1")), &f, score);
	for (int k = 0; k < WEIGHTS_HEADS; k++)
		assert_true(isfinite(score[k]));
	return score[head];
}

static void the_shipped_model_tells_good_from_bad(void **state)
{
	(void)state;
	assert_true(head_of("房间干净，服务热情，下次还会来", WEIGHTS_ZH_POSITIVE) > 1);
	assert_true(head_of("用了两天就坏了，客服一直推脱，太失望了", WEIGHTS_ZH_POSITIVE) < -1);
	assert_true(head_of("your crew was wonderful, thank you so much", WEIGHTS_EN_POSITIVE) > 0);
	assert_true(head_of("three hours on hold and still no refund, worst service", WEIGHTS_EN_NEGATIVE) > 1);
	(void)head_of("", WEIGHTS_ZH_POSITIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_case_and_script_change_no_feature),
		cmocka_unit_test(names_and_addresses_are_one_sign),
		cmocka_unit_test(a_feature_counts_once_and_negation_adds_one),
		cmocka_unit_test(what_was_rendered_is_read_again),
		cmocka_unit_test(damaged_files_are_refused),
		cmocka_unit_test(the_shipped_model_tells_good_from_bad),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
