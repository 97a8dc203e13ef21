/* Training: the same labels make the same bytes, what was never labelled is never said, known texts stay out. */
#include "detector/train.h"

#include "common/base/arena.h"
#include "detector/mood.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 40

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

static struct weights trained(bool with_english, struct str *file, struct buf *report)
{
	struct train t;
	struct weights w;
	struct err e = { 0 };
	int8_t *rows = arena_take(&arena, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	train_init(&t);
	assert_true(train_forbid(&t, STR("第0次，屏幕碎了，客服不理人")));
	assert_false(train_forbid(&t, STR("第0次，屏幕碎了，客服不理人")));
	for (int i = 0; i < ROWS; i++)
		for (int k = 0; k < 2; k++) {
			const enum label label = k == 0 ? LABEL_NEGATIVE : LABEL_POSITIVE;
			char text[128];
			(void)snprintf(
				text, sizeof text, k == 0 ? "第%d次，屏幕碎了，客服不理人" : "第%d次，物流很快，客服很热心", i);
			train_add(&t, str_of(text), label, TRAIN_KIND_REVIEW);
			train_add(&t, str_of(text), label, TRAIN_KIND_REVIEW); /* counts once */
			(void)snprintf(text, sizeof text,
				k == 0 ? "visit %d, the screen broke and nobody cares"
				       : "visit %d, quick delivery and kind people",
				i);
			if (with_english)
				train_add(&t, str_of(text), label, TRAIN_KIND_REVIEW);
		}
	assert_int_equal(t.n, with_english ? 4 * ROWS - 1 : 2 * ROWS - 1);
	assert_int_equal(train_fit(&t, STR("mine"), rows, &w, report, &e), OK);
	*file = weights_render(&arena, &w);
	train_release(&t);
	return w;
}

static void the_same_labels_make_the_same_bytes(void **state)
{
	(void)state;
	struct str first, second;
	struct buf report[2];
	for (int i = 0; i < 2; i++)
		buf_init(&report[i], 64u << 10);
	srand(7);
	(void)trained(true, &first, &report[0]);
	srand(8); /* whatever happened before in the process */
	(void)rand();
	(void)trained(true, &second, &report[1]);
	assert_true(str_eq(first, second));
	assert_true(str_eq(buf_str(&report[0]), buf_str(&report[1])));
	assert_true(str_find(buf_str(&report[0]), STR("held out")) >= 0);
	for (int i = 0; i < 2; i++)
		buf_release(&report[i]);
}

static struct mood mood_by(const struct weights *w, const char *text, bool is_chinese)
{
	struct features f;
	float score[WEIGHTS_HEADS];
	features_make(&arena, str_of(text), &f);
	weights_score(w, &f, score);
	const struct mood_cues cues = mood_cues_of(str_of(text), 0);
	return mood_of(score, is_chinese, &cues);
}

static void a_label_that_never_occurred_is_never_said(void **state)
{
	(void)state;
	struct str file;
	struct buf report;
	struct mood m;
	buf_init(&report, 64u << 10);
	const struct weights w = trained(false, &file, &report);
	m = mood_by(&w, "屏幕碎了", true);
	assert_int_equal(mood_label(&m), LABEL_NEGATIVE);
	m = mood_by(&w, "客服很热心", true);
	assert_int_equal(mood_label(&m), LABEL_POSITIVE);
	m = mood_by(&w, "图书馆在二楼", true);
	assert_true(m.label_chance[LABEL_NEUTRAL] < 0.05);
	assert_true(w.head[WEIGHTS_EN_POLAR].slope == 0);
	buf_release(&report);
}

static void too_few_labels_make_no_model(void **state)
{
	(void)state;
	struct train t;
	struct weights w;
	struct buf report;
	struct err e = { 0 };
	int8_t *rows = arena_take(&arena, (size_t)FEATURES_BUCKETS * WEIGHTS_HEADS);
	train_init(&t);
	buf_init(&report, 64u << 10);
	train_add(&t, STR("屏幕碎了"), LABEL_NEGATIVE, TRAIN_KIND_OTHER);
	train_add(&t, STR("quick delivery"), LABEL_POSITIVE, TRAIN_KIND_OTHER);
	assert_int_equal(train_fit(&t, STR("mine"), rows, &w, &report, &e), REJECT);
	assert_non_null(strstr(e.text, "too few"));
	buf_release(&report);
	train_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_labels_make_the_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_label_that_never_occurred_is_never_said, setup, teardown),
		cmocka_unit_test_setup_teardown(too_few_labels_make_no_model, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
