/* The net for two brands: it learns whose words are whose, says the same from its bytes, and makes the same bytes of the same samples. */
#include "detector/stance_net_train.h"

#include "detector/learn.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXTS 600
#define TOKENS 12
#define TRAINED 500 /* the others are asked */
#define BLAME (STANCE_NET_WORDS + 1u) /* first of the words that blame … */
#define PRAISE (STANCE_NET_WORDS + 101u) /* … and that praise: ten each */
#define FILLER (STANCE_NET_WORDS + 201u) /* a hundred that say nothing */
#define NEVER (STANCE_NET_WORDS + 900u)

static struct stance_net_token tokens[TEXTS][TOKENS];
static struct stance_net_sample samples[TEXTS];

/* One word that judges, said of the own brand or of the other one, among words that do not: only what is said of the own one counts. */
static void make_samples(void)
{
	static const enum label labels[] = { LABEL_NEGATIVE, LABEL_POSITIVE };
	uint64_t random = 12345;
	for (int i = 0; i < TEXTS; i++) {
		const bool is_own = i % 2, praises = i / 2 % 2;
		for (int k = 0; k < TOKENS; k++) {
			const bool is_first_half = k < TOKENS / 2;
			tokens[i][k] = (struct stance_net_token){
				.word = (uint16_t)(FILLER + learn_random(&random) % 100),
				.owner = is_first_half ? 0 : 1,
				.pool = is_first_half ? STANCE_POOL_OWN : STANCE_POOL_OTHERS,
			};
		}
		const int at = (int)(learn_random(&random) % (TOKENS / 2)) + (is_own ? 0 : TOKENS / 2);
		tokens[i][at].word = (uint16_t)((praises ? PRAISE : BLAME) + learn_random(&random) % 10);
		samples[i] = (struct stance_net_sample){ { tokens[i], TOKENS }, is_own ? labels[praises] : LABEL_NEUTRAL, 1 };
	}
}

static int setup(void **state)
{
	(void)state;
	make_samples();
	return 0;
}

static struct stance_net stored(struct stance_net_learner *l, int8_t **word)
{
	struct stance_net net;
	*word = learn_own(malloc(STANCE_NET_BYTES));
	stance_net_store(l, *word, &net);
	return net;
}

static int likeliest(const double odds[LABEL__N])
{
	int best = 0;
	for (int k = 1; k < LABEL__N; k++)
		best = odds[k] > odds[best] ? k : best;
	return best;
}

static void it_learns_whose_words_are_whose(void **state)
{
	struct stance_net_learner *l = stance_net_learn(samples, TRAINED);
	int8_t *word;
	const struct stance_net net = stored(l, &word);
	size_t right = 0;
	(void)state;
	for (int i = TRAINED; i < TEXTS; i++) {
		double exact[LABEL__N], rounded[LABEL__N], all = 0;
		stance_net_learner_judge(l, &samples[i].text, exact);
		stance_net_judge(&net, &samples[i].text, rounded);
		for (int k = 0; k < LABEL__N; k++) {
			all += exp(rounded[k]);
			assert_true(fabs(exp(exact[k]) - exp(rounded[k])) < 0.05);
		}
		assert_true(fabs(all - 1) < 1e-6);
		right += likeliest(rounded) == (int)samples[i].label;
	}
	assert_true(right >= (TEXTS - TRAINED) * 9 / 10);
	for (int d = 0; d < STANCE_NET_WIDTH; d++)
		assert_int_equal(word[NEVER * STANCE_NET_WIDTH + (size_t)d], 0);
	free(word);
	stance_net_learner_free(l);
}

static void the_same_samples_make_the_same_bytes(void **state)
{
	struct stance_net net[2];
	int8_t *word[2];
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct stance_net_learner *l = stance_net_learn(samples, 50);
		net[i] = stored(l, &word[i]);
		stance_net_learner_free(l);
	}
	assert_memory_equal(&net[0].core, &net[1].core, sizeof net[0].core);
	assert_memory_equal(word[0], word[1], STANCE_NET_BYTES);
	assert_true(net[0].scale > 0 && net[0].scale == net[1].scale);
	free(word[0]);
	free(word[1]);
}

static void a_text_without_tokens_has_an_answer(void **state)
{
	struct stance_net_learner *l = stance_net_learn(samples, 0);
	const struct stance_net_text none = { tokens[0], 0 };
	double odds[LABEL__N];
	(void)state;
	stance_net_learner_judge(l, &none, odds);
	for (int k = 0; k < LABEL__N; k++)
		assert_true(isfinite(odds[k]));
	stance_net_learner_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_learns_whose_words_are_whose),
		cmocka_unit_test(the_same_samples_make_the_same_bytes),
		cmocka_unit_test(a_text_without_tokens_has_an_answer),
	};
	return cmocka_run_group_tests_name("stance_net", tests, setup, NULL);
}
