/* Counting features for a table of weights: the commoner of two keeps the row, and more than there is room for is refused. */
#include "detector/learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM_BITS 3 /* eight places, six of which may be taken */
#define ROOM 6u
#define TABLE_BITS 2

static void count(struct learn_counts *c, uint32_t hash, uint32_t text)
{
	struct stance_feature feature[] = { { hash, 1 }, { hash, 1 } };
	learn_count(c, &(struct stance_features){ .feature = feature, .n = 2, .room = 2 }, text);
}

static void more_features_than_there_is_room_for_are_refused(void **state)
{
	struct learn_counts *c = learn_counts_new(ROOM_BITS);
	struct err e = { 0 };
	(void)state;
	for (uint32_t i = 0; i < ROOM; i++)
		count(c, i + 1, i + 1);
	count(c, ROOM, ROOM + 1); /* known: it needs no place of its own */
	assert_int_equal(learn_counts_check(c, &e), OK);
	count(c, ROOM + 1, ROOM + 2);
	count(c, ROOM + 2, ROOM + 3);
	assert_int_equal(learn_counts_check(c, &e), REJECT);
	assert_non_null(strstr(e.text, "text 8: 6 different features"));
	learn_counts_free(c);
}

static void the_feature_of_most_texts_has_the_row(void **state)
{
	struct learn_counts *c = learn_counts_new(ROOM_BITS);
	const uint32_t rare = 0x40000001, common = 0x40000002, once = 0xC0000001;
	(void)state;
	count(c, rare, 1);
	count(c, common, 2);
	count(c, rare, 3);
	count(c, common, 4);
	count(c, common, 5);
	count(c, once, 6); /* twice in one text */
	uint32_t *owner = learn_owners(c, TABLE_BITS, 2);
	assert_int_equal(owner[1], common);
	assert_int_equal(owner[3], 0);
	struct stance_feature feature[] = { { rare, 1 }, { common, 1 }, { once, 1 } };
	struct stance_features f = { .feature = feature, .n = 3, .room = 3 };
	learn_drop(&f, owner, TABLE_BITS);
	assert_true(f.n == 1 && f.feature[0].hash == common);
	free(owner);
	learn_counts_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_features_than_there_is_room_for_are_refused),
		cmocka_unit_test(the_feature_of_most_texts_has_the_row),
	};
	return cmocka_run_group_tests_name("learn", tests, NULL, NULL);
}
