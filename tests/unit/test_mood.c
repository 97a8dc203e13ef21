/* Head scores and words to the mood of a text. */
#include "detector/mood.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void chances_come_to_one_whatever_a_model_says(void **state)
{
	(void)state;
	static const float said[] = { 0, 1, -30, 1e6f, -1e30f };
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		float score[WEIGHTS_HEADS];
		for (int k = 0; k < WEIGHTS_HEADS; k++)
			score[k] = k % 2 == 0 ? said[i] : -said[i];
		for (int zh = 0; zh < 2; zh++) {
			const struct mood m = mood_of(score, zh == 1, &(struct mood_cues){ .words = -1e9 });
			assert_true(fabs(m.label_chance[0] + m.label_chance[1] + m.label_chance[2] - 1) < 1e-9);
			assert_true(fabs(mood_sentiment(&m)) <= 1);
		}
	}
}

static void words_move_what_the_model_says(void **state)
{
	(void)state;
	const float score[WEIGHTS_HEADS] = { 0 };
	for (int zh = 0; zh < 2; zh++) {
		const struct mood praise = mood_of(score, zh == 1, &(struct mood_cues){ .words = 1 });
		const struct mood blame = mood_of(score, zh == 1, &(struct mood_cues){ .words = -1 });
		assert_true(mood_sentiment(&praise) > 0 && mood_sentiment(&blame) < 0);
		assert_true(mood_sentiment(&praise) - mood_sentiment(&blame) > 0.3);
	}
}

static void unfamiliar_english_is_neutral_sooner(void **state)
{
	(void)state;
	float score[WEIGHTS_HEADS] = {
		[WEIGHTS_EN_NEGATIVE] = 0.5f, [WEIGHTS_EN_NEUTRAL] = -1, [WEIGHTS_EN_POSITIVE] = -2, [WEIGHTS_EN_POLAR] = -1.5f
	};
	const struct mood_cues none = { 0 };
	const struct mood unfamiliar = mood_of(score, false, &none);
	score[WEIGHTS_EN_SERVICE] = 20;
	const struct mood familiar = mood_of(score, false, &none);
	assert_true(unfamiliar.label_chance[LABEL_NEUTRAL] > familiar.label_chance[LABEL_NEUTRAL]);
}

static void questions_and_addresses_are_seen(void **state)
{
	(void)state;
	assert_true(mood_cues_of(STR("几点开门?"), 0).asks);
	assert_true(mood_cues_of(STR("open at noon? https://a.example"), 0).has_address);
	assert_false(mood_cues_of(STR(""), 0).asks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chances_come_to_one_whatever_a_model_says),
		cmocka_unit_test(words_move_what_the_model_says),
		cmocka_unit_test(unfamiliar_english_is_neutral_sooner),
		cmocka_unit_test(questions_and_addresses_are_seen),
	};
	return cmocka_run_group_tests_name("mood", tests, NULL, NULL);
}
