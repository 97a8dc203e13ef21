/* Features are a pure function of the text; a model file of foreign bytes is checked number by number. */
#include "common/text/weights.h"

#include "common/text/normalise.h"
#include "common/text/packed.h"
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
	assert_true(features_of("差差差差").n == 3);
	assert_int_equal(features_of("").n, 0);
	assert_true(features_of("not good").n > features_of("nut good").n);
}

/* The file of the shipped model, to be damaged. */
static struct str file_of_shipped(void)
{
	const struct weights *w = weights_shipped(STR("earshot-2"));
	assert_non_null(w);
	return weights_render(&arena, w);
}

static void assert_refused(struct str file, size_t n, const char *why)
{
	struct weights w;
	struct err e = { 0 };
	assert_int_equal(weights_parse(str_first(file, n), "m.model", &w, &e), REJECT);
	assert_non_null(strstr(e.text, "m.model"));
	if (!strstr(e.text, why))
		fail_msg("expected \"%s\", it said: %s", why, e.text);
	arena_reset(&arena);
}

/* With bytes put over it; `is_summed`: as if somebody had made it so on purpose. */
static struct str damaged(size_t at, const void *bytes, size_t n, bool is_summed)
{
	const struct str file = file_of_shipped();
	char *p = (char *)(uintptr_t)file.p;
	memcpy(p + at, bytes, n);
	if (is_summed)
		packed_put_u64(p + 24, weights_sum(file));
	return file;
}

static void what_was_rendered_is_read_again(void **state)
{
	(void)state;
	struct weights w;
	struct err e = { 0 };
	const struct str file = file_of_shipped();
	assert_int_equal(weights_parse(file, "m.model", &w, &e), OK);
	assert_string_equal(w.name, "earshot-2");
	assert_string_equal(w.head[WEIGHTS_ZH_POSITIVE].name, "zh.positive");
	assert_true(str_eq(weights_render(&arena, &w), file));
	assert_true(classes_known(&w.classes, CLASSES_NATURE) != NULL && classes_known(&w.classes, CLASSES_URGENCY) != NULL);
	assert_null(weights_shipped(STR("earshot-0")));
}

static void a_flipped_byte_is_refused_wherever_it_is(void **state)
{
	(void)state;
	const size_t size = file_of_shipped().n;
	const size_t at[] = { 0, 8, 12, 16, 20, 24, 31, 32, 48, WEIGHTS_HEADER_BYTES + 77, WEIGHTS_LEAST_BYTES - 1,
		WEIGHTS_LEAST_BYTES + 3, size / 8 * 8 - 5, size - 1 };
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		const struct str file = file_of_shipped();
		((char *)(uintptr_t)file.p)[at[i]] ^= 0x40;
		assert_refused(file, file.n, "m.model");
	}
	assert_refused(file_of_shipped(), size - 1, "copy it again");
	assert_refused(file_of_shipped(), 10, "no model");
}

static void wrong_numbers_are_refused_though_the_sum_is_right(void **state)
{
	(void)state;
	const float nan = NAN, huge = 1e30f;
	const uint32_t many = 200000;
	const size_t head = WEIGHTS_SUMMED_FROM + WEIGHTS_NAME_BYTES, classes = WEIGHTS_LEAST_BYTES;
	const size_t size = file_of_shipped().n;
	assert_refused(damaged(head, "\xFF", 1, true), size, "no name");
	assert_refused(damaged(head + WEIGHTS_NAME_BYTES, &nan, sizeof nan, true), size, "no number");
	assert_refused(damaged(head + WEIGHTS_NAME_BYTES + 4, &huge, sizeof huge, true), size, "no number");
	assert_refused(damaged(classes, "\x09", 1, true), size, "class part"); /* groups */
	assert_refused(damaged(classes + 4, "\x02", 1, true), size, "class part"); /* classes */
	assert_refused(damaged(classes + 8, &many, sizeof many, true), size, "class part"); /* rows */
	assert_refused(damaged(classes + 16, "", 1, true), size, "class part"); /* bytes behind the end of a name */
	assert_refused(damaged(classes + 16 + CLASSES_GROUP_NAME, "\x07", 1, true), size, "class part");
}

static float head_of(const char *text, enum weights_head head)
{
	float score[WEIGHTS_HEADS];
	const struct features f = features_of(text);
	weights_score(weights_shipped(STR("earshot-2")), &f, score);
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
		cmocka_unit_test(a_flipped_byte_is_refused_wherever_it_is),
		cmocka_unit_test(wrong_numbers_are_refused_though_the_sum_is_right),
		cmocka_unit_test(the_shipped_model_tells_good_from_bad),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
