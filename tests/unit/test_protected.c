/* The protected posts: read from a table, judged as in life, and compared in each language for itself. */
#include "detector/protected.h"

#include "common/text/weights.h"
#include "detector/labels.h"
#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;
static struct buf report;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	buf_init(&report, 64u << 10);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&report);
	rulebox_close(&box);
	return 0;
}

static struct protected_set set_of(const char *table)
{
	struct protected_set set;
	struct err e = { 0 };
	if (protected_parse(&box.arena, str_of(table), "p.tsv", &set, &e) != OK)
		fail_msg("%s", e.text);
	return set;
}

static void assert_refused(const char *table, const char *why)
{
	struct protected_set set;
	struct err e = { 0 };
	assert_int_equal(protected_parse(&box.arena, str_of(table), "p.tsv", &set, &e), REJECT);
	if (!strstr(e.text, why))
		fail_msg("expected \"%s\", it said: %s", why, e.text);
}

static void columns_are_found_by_their_names(void **state)
{
	(void)state;
	struct labels_file f;
	struct labels_row row;
	assert_true(labels_open(
		&f, STR("\xEF\xBB\xBFid\tsentiment\tbrand\ttext\r\n1\tnegative\t云雀\t坏了\r\n\r\n2\t1\t\tgood\r\n"), NULL));
	assert_true(labels_next(&f, &row));
	assert_true(str_eqc(row.cell[LABELS_BRAND], "云雀") && str_eqc(row.cell[LABELS_TEXT], "坏了"));
	assert_int_equal(labels_sentiment(row.cell[LABELS_SENTIMENT]), LABEL_NEGATIVE);
	assert_true(labels_next(&f, &row)); /* an empty line is no row */
	assert_int_equal(labels_sentiment(row.cell[LABELS_SENTIMENT]), LABEL_POSITIVE);
	assert_false(labels_next(&f, &row));
	assert_int_equal(labels_sentiment(STR("angry")), -1);
	assert_false(labels_open(&f, STR(""), NULL));
}

static void a_set_that_protects_nothing_is_refused(void **state)
{
	(void)state;
	assert_refused("", "first line");
	assert_refused("text\nbad\n", "first line");
	assert_refused("label\ttext\n", "has no posts");
	assert_refused("label\ttext\nangry\tthis is bad\n", "\"angry\" is no label");
}

static void the_shipped_set_has_both_languages_and_all_labels(void **state)
{
	(void)state;
	struct protected_set set;
	struct err e = { 0 };
	size_t n[2][LABEL__N] = { 0 };
	assert_int_equal(protected_parse(&box.arena, protected_shipped(), "models/protected.tsv", &set, &e), OK);
	for (size_t i = 0; i < set.n; i++)
		n[set.post[i].is_chinese][set.post[i].label]++;
	assert_true(set.n >= 80);
	for (int k = 0; k < LABEL__N; k++)
		assert_true(n[0][k] >= 10 && n[1][k] >= 10);
}

static const char four[] = "label\ttext\nnegative\t客服态度很差\npositive\t客服态度很好\nnegative\tThe support is bad\n"
			   "neutral\tThe support is new\n";

static void fewer_right_in_one_language_is_worse(void **state)
{
	(void)state;
	const struct protected_set set = set_of(four);
	const enum label all[] = { LABEL_NEGATIVE, LABEL_POSITIVE, LABEL_NEGATIVE, LABEL_NEUTRAL };
	const enum label less[] = { LABEL_NEUTRAL, LABEL_POSITIVE, LABEL_NEGATIVE, LABEL_NEUTRAL };
	const enum label traded[] = { LABEL_NEGATIVE, LABEL_POSITIVE, LABEL_NEUTRAL, LABEL_NEUTRAL };
	assert_false(protected_is_worse(&set, all, all, &report));
	assert_false(protected_is_worse(&set, less, all, &report));
	assert_true(protected_is_worse(&set, all, less, &report));
	assert_true(protected_is_worse(&set, less, traded, &report)); /* better Chinese does not pay for worse English */
}

static void figures_and_flips_are_said(void **state)
{
	(void)state;
	const struct protected_set set = set_of("label\ttext\nnegative\t客服\x1B[31m态度很差\nnegative\tbad one\n");
	const enum label before[] = { LABEL_NEGATIVE, LABEL_NEGATIVE }, after[] = { LABEL_POSITIVE, LABEL_NEGATIVE };
	assert_true(protected_is_worse(&set, before, after, &report));
	const char *said = arena_cstr(&box.arena, buf_str(&report));
	assert_non_null(strstr(said, "zh: 0 of 1 right, 1 with the model in use"));
	assert_non_null(strstr(said, "en: 1 of 1 right"));
	assert_non_null(strstr(said, "now positive instead of negative: 客服 [31m态度很差")); /* no escape reaches a terminal */
	assert_null(strstr(said, "bad one"));
}

static void posts_are_judged_with_words_and_model_together(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.zh.tsv", STR("很差\t-1\n很好\t1\n"));
	rulebox_file(&box, "sentiment.en.tsv", STR("bad\t-1\n"));
	assert_non_null(rulebox_load(&box));
	const struct protected_set set = set_of(four);
	const enum label *label = protected_judge(&box.arena, &set, box.book);
	for (size_t i = 0; i < set.n; i++)
		assert_int_equal(label[i], set.post[i].label);
}

/* What has no label for a language must not judge it: words do. */
static void a_language_the_model_has_not_learnt_is_left_to_the_words(void **state)
{
	(void)state;
	rulebox_file(&box, "sentiment.en.tsv", STR("bad\t-1\n"));
	assert_non_null(rulebox_load(&box));
	struct weights w = *weights_shipped(weights_shipped_name());
	struct rulebook with = *box.book;
	const struct protected_set set =
		set_of("label\ttext\nnegative\tThe support of this shop is bad, and it was bad before.\n");
	for (int k = WEIGHTS_EN_NEGATIVE; k <= WEIGHTS_EN_POLAR; k++)
		w.head[k].slope = w.head[k].offset = 0;
	with.weights = &w;
	assert_int_equal(*protected_judge(&box.arena, &set, &with), LABEL_NEGATIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(columns_are_found_by_their_names, setup, teardown),
		cmocka_unit_test_setup_teardown(a_set_that_protects_nothing_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(the_shipped_set_has_both_languages_and_all_labels, setup, teardown),
		cmocka_unit_test_setup_teardown(fewer_right_in_one_language_is_worse, setup, teardown),
		cmocka_unit_test_setup_teardown(figures_and_flips_are_said, setup, teardown),
		cmocka_unit_test_setup_teardown(posts_are_judged_with_words_and_model_together, setup, teardown),
		cmocka_unit_test_setup_teardown(a_language_the_model_has_not_learnt_is_left_to_the_words, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
