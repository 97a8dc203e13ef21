/* Learning classes: the same lessons make the same bytes, what was written is read, what was never taught is never said. */
#include "detector/lessons.h"

#include "common/text/normalise.h"
#include <earshot/rule.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 60

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

static struct classes_input input_of(const char *text, unsigned cue)
{
	struct classes_input in = { .cue = arena_list(&arena, uint16_t, 1), .ncues = 1 };
	in.cue[0] = classes_cue(1, cue);
	features_make(&arena, normalise_text(&arena, str_of(text)), &in.features);
	return in;
}

/* Three fruits and what they are, in both languages; every tenth text is kept for measuring. */
static void teach(struct lessons *l)
{
	static const char *const said[3][2] = { { "苹果很脆", "a crisp apple, number" }, { "香蕉太软", "a soft banana, number" },
		{ "柠檬好酸", "a sour lemon, number" } };
	static const char *const names[] = { "apple", "banana", "lemon" };
	struct err e = { 0 };
	lessons_init(l);
	const int fruit = lessons_group(l, STR("fruit")), urgency = lessons_group(l, STR("urgency"));
	for (int i = 0; i < ROWS; i++)
		for (int k = 0; k < 6; k++) {
			char text[64];
			struct str class[CLASSES_GROUPS] = { 0 };
			(void)snprintf(text, sizeof text, "%s %d", said[k / 2][k % 2], i);
			const struct classes_input in = input_of(text, i % 2 ? 1 : 2);
			class[fruit] = str_of(names[k / 2]);
			class[urgency] = i % 2 ? STR("high") : STR("low");
			assert_int_equal(lessons_add(l, &in, str_hash(str_of(text)), class, i % 10 == 0, &e), OK);
		}
}

static struct classes learnt(struct buf *report)
{
	struct lessons l;
	struct classes c;
	struct err e = { 0 };
	teach(&l);
	assert_int_equal(lessons_fit(&l, &arena, &c, report, &e), OK);
	lessons_release(&l);
	return c;
}

static size_t best_of(const struct classes *c, const struct classes_group *g, const struct classes_input *in, float *chance)
{
	float score[CLASSES_MOST], chances[CLASSES_MOST];
	size_t best = 0;
	classes_score(c, in, score);
	classes_chances(score + g->first, g->n, chances);
	for (size_t i = 1; i < g->n; i++)
		if (chances[i] > chances[best])
			best = i;
	*chance = chances[best];
	return best;
}

static void the_same_lessons_make_the_same_bytes(void **state)
{
	(void)state;
	struct buf report[2];
	struct str bytes[2];
	for (int i = 0; i < 2; i++) {
		buf_init(&report[i], 64u << 10);
		srand((unsigned)i + 5);
		const struct classes c = learnt(&report[i]);
		bytes[i] = classes_render(&arena, &c);
	}
	assert_true(str_eq(bytes[0], bytes[1]) && str_eq(buf_str(&report[0]), buf_str(&report[1])));
	assert_true(str_find(buf_str(&report[0]), STR("held out: accuracy 1.0000")) >= 0);
	assert_true(str_find(buf_str(&report[0]), STR("fruit: 36 texts of 3 classes, kept for measuring: accuracy 1.0000")) >= 0);
	for (int i = 0; i < 2; i++)
		buf_release(&report[i]);
}

static void what_was_learnt_is_said_of_texts_not_seen(void **state)
{
	(void)state;
	struct buf report;
	struct classes c, back;
	struct err e = { 0 };
	float chance = 0;
	buf_init(&report, 64u << 10);
	c = learnt(&report);
	assert_int_equal(classes_parse(classes_render(&arena, &c), "c", &back, &e), OK);
	assert_null(classes_known(&back, CLASSES_NATURE));
	const struct classes_group *urgency = classes_known(&back, CLASSES_URGENCY);
	assert_non_null(urgency);
	const struct classes_input zh = input_of("今天的柠檬好酸", 1), en = input_of("such a soft banana", 2);
	assert_string_equal(back.column[best_of(&back, &back.group[0], &zh, &chance)].name, "lemon");
	assert_true(chance > 0.8f);
	assert_string_equal(back.column[best_of(&back, &back.group[0], &en, &chance)].name, "banana");
	/* the cue alone tells how urgent it is; two levels were never taught */
	assert_int_equal(best_of(&back, urgency, &zh, &chance), URG_HIGH);
	assert_int_equal(best_of(&back, urgency, &en, &chance), URG_LOW);
	assert_true(chance > 0.8f);
	buf_release(&report);
}

static void classes_that_a_known_group_does_not_have_are_refused(void **state)
{
	(void)state;
	struct lessons l;
	struct err e = { 0 };
	struct str class[CLASSES_GROUPS] = { 0 };
	const struct classes_input in = input_of("一句话", 1);
	lessons_init(&l);
	const int nature = lessons_group(&l, STR("nature"));
	assert_int_equal(lessons_group(&l, STR("nature")), nature);
	assert_int_equal(lessons_group(&l, STR("a name of a group that is too long to be stored")), -1);
	class[nature] = STR("gossip");
	assert_int_equal(lessons_add(&l, &in, 1, class, false, &e), REJECT);
	assert_non_null(strstr(e.text, "gossip"));
	lessons_release(&l);
}

static void one_class_is_nothing_to_learn(void **state)
{
	(void)state;
	struct lessons l;
	struct classes c;
	struct buf report;
	struct err e = { 0 };
	struct str class[CLASSES_GROUPS] = { 0 };
	const struct classes_input in = input_of("一句话", 1);
	buf_init(&report, 64u << 10);
	lessons_init(&l);
	class[lessons_group(&l, STR("fruit"))] = STR("apple");
	for (uint64_t i = 0; i < 30; i++)
		assert_int_equal(lessons_add(&l, &in, i << 17, class, false, &e), OK);
	assert_int_equal(lessons_fit(&l, &arena, &c, &report, &e), REJECT);
	assert_non_null(strstr(e.text, "fruit"));
	lessons_release(&l);
	buf_release(&report);
}

#define MANY 20001 /* lessons from which on one fold tells enough */
#define FEW 90

/* A group of the user's own beside a large one: each is measured by its own size. */
static void a_small_group_beside_a_large_one_is_measured_whole(void **state)
{
	(void)state;
	struct lessons l;
	struct classes c;
	struct buf report;
	struct err e = { 0 };
	const struct classes_input sweet = input_of("苹果", 1), sour = input_of("柠檬", 2);
	buf_init(&report, 64u << 10);
	lessons_init(&l);
	const int large = lessons_group(&l, STR("large")), small = lessons_group(&l, STR("small"));
	for (uint64_t i = 0; i < MANY; i++) {
		struct str class[CLASSES_GROUPS] = { 0 };
		class[large] = i % 2 ? STR("sweet") : STR("sour");
		class[small] = i >= FEW ? STR("") : i % 2 ? STR("red") : STR("yellow");
		assert_int_equal(lessons_add(&l, i % 2 ? &sweet : &sour, i << 17, class, false, &e), OK);
	}
	assert_int_equal(lessons_fit(&l, &arena, &c, &report, &e), OK);
	assert_true(str_find(buf_str(&report), STR("large: 6667 texts of 2 classes, held out")) >= 0);
	assert_true(str_find(buf_str(&report), STR("small: 90 texts of 2 classes, held out")) >= 0);
	lessons_release(&l);
	buf_release(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_lessons_make_the_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_learnt_is_said_of_texts_not_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(classes_that_a_known_group_does_not_have_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(one_class_is_nothing_to_learn, setup, teardown),
		cmocka_unit_test_setup_teardown(a_small_group_beside_a_large_one_is_measured_whole, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
