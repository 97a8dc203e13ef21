/* Unit tests of stories: copies of one text. */
#include "detector/stories.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define SMOKE_ZH "昨天在门店买的电饭锅第一次通电就冒烟，客服让我自己寄回检测，运费还要我出"
#define SMOKE_EN "The kettle I bought yesterday started smoking on first use, and support wants me to pay for the return"

static const char *join(struct stories *s, const char *id, const char *text, int64_t at_ms)
{
	const struct stories_post post = { str_of(id), str_of(text), at_ms };
	const struct story *story = stories_join(s, &post);
	return story != NULL ? story->id : "none";
}

static void a_copy_joins_the_story_of_the_first_post(void **state)
{
	struct stories *s = stories_new(1000);
	(void)state;
	assert_string_equal(join(s, "1", SMOKE_ZH, 1000), "1");
	assert_string_equal(join(s, "2", SMOKE_EN, 2000), "2");
	assert_string_equal(join(s, "3", "转发微博：" SMOKE_ZH "😡", 3000), "1");
	assert_string_equal(join(s, "4", "RT @someone: " SMOKE_EN, 4000), "2");
	assert_string_equal(join(s, "5", "这个电饭锅煮饭很香，内胆也好清洗，客服回复很快，推荐给大家", 5000), "5");
	stories_free(s);
}

static void a_story_tells_whether_it_has_copies(void **state)
{
	struct stories *s = stories_new(1000);
	const struct stories_post first = { STR("1"), STR(SMOKE_ZH), 5000 };
	const struct stories_post copy = { STR("2"), STR(SMOKE_ZH), 9000 };
	(void)state;
	assert_false(stories_join(s, &first)->has_copies);
	assert_false(stories_join(s, &first)->has_copies); /* seen again it is no copy */
	const struct story *story = stories_join(s, &copy);
	assert_string_equal(story->id, "1");
	assert_true(story->has_copies);
	assert_int_equal(story->first_ms, 5000);
	assert_int_equal(story->last_ms, 9000);
	stories_free(s);
}

static void short_texts_are_alike_by_chance(void **state)
{
	struct stories *s = stories_new(1000);
	(void)state;
	assert_string_equal(join(s, "1", "很好", 1), "none");
	assert_string_equal(join(s, "2", "so good!", 2), "none");
	assert_string_equal(join(s, "3", "", 3), "none");
	stories_free(s);
}

static void a_chain_of_edits_does_not_lead_to_another_text(void **state)
{
	struct stories *s = stories_new(1000);
	const char *const end = "然后店长出来道歉并当场换了一台新的电饭锅给我，还送了一个保温杯";
	(void)state;
	assert_string_equal(join(s, "1", SMOKE_ZH, 1), "1");
	assert_string_equal(join(s, "2", SMOKE_ZH "，然后店长出来道歉并当场换了一台新的", 2), "1");
	assert_string_equal(join(s, "3", end, 3), "3"); /* like the end of 2, but not like 1 */
	stories_free(s);
}

static void an_edit_adds_its_text_to_its_own_story(void **state)
{
	struct stories *s = stories_new(1000);
	(void)state;
	assert_string_equal(join(s, "1", SMOKE_ZH, 1), "1");
	assert_string_equal(join(s, "1", SMOKE_EN, 2), "1");
	assert_string_equal(join(s, "2", "via: " SMOKE_EN, 3), "1");
	stories_free(s);
}

static void a_copy_that_is_edited_stays_in_its_story(void **state)
{
	struct stories *s = stories_new(1000);
	(void)state;
	assert_string_equal(join(s, "1", SMOKE_ZH, 1), "1");
	assert_string_equal(join(s, "2", SMOKE_EN, 2), "2");
	assert_string_equal(join(s, "3", SMOKE_ZH, 3), "1");
	assert_string_equal(join(s, "3", SMOKE_EN, 4), "1"); /* now it says what another story says */
	assert_string_equal(join(s, "4", SMOKE_EN, 5), "2"); /* which has its name still */
	stories_free(s);
}

static void what_was_decided_before_is_restored_in_any_order(void **state)
{
	struct stories *s = stories_new(1000);
	const struct stories_post copy = { STR("2"), STR("转发：" SMOKE_ZH), 2000 }, first = { STR("1"), STR(SMOKE_ZH), 1000 };
	const struct stories_post apart = { STR("3"), STR(SMOKE_EN), 3000 };
	(void)state;
	stories_restore(s, &apart, STR("gone"));
	stories_restore(s, &copy, STR("1"));
	stories_restore(s, &first, STR("1"));
	assert_string_equal(join(s, "1", SMOKE_ZH, 1000), "1");
	assert_string_equal(join(s, "2", SMOKE_EN "!", 2000), "1"); /* an edit since */
	assert_string_equal(join(s, "4", SMOKE_ZH, 4000), "1");
	assert_string_equal(join(s, "3", SMOKE_EN, 3000), "gone"); /* a story whose first post is not remembered keeps its name */
	assert_string_equal(join(s, "5", SMOKE_EN, 5000), "gone");
	const struct stories_post again = { STR("1"), STR(SMOKE_ZH), 1000 };
	assert_true(stories_join(s, &again)->has_copies);
	stories_free(s);
}

static void behind_its_newest_copy_a_story_is_over(void **state)
{
	struct stories *s = stories_new(1000);
	(void)state;
	assert_string_equal(join(s, "1", SMOKE_EN, 0), "1");
	assert_string_equal(join(s, "2", SMOKE_EN, LIMIT_STORY_WINDOW_MS), "1");
	assert_string_equal(join(s, "3", SMOKE_EN, 2 * LIMIT_STORY_WINDOW_MS), "1");
	assert_string_equal(join(s, "4", SMOKE_EN, 3 * LIMIT_STORY_WINDOW_MS + 1), "4");
	stories_free(s);
}

/* Texts that have nothing in common: letters are drawn from 20,000 ideographs. */
static void draw(uint32_t number, char *text)
{
	uint32_t random = number * 2654435761u + 1;
	for (int i = 0; i < 30; i++) {
		random = random * 1664525u + 1013904223u;
		const uint32_t cp = 0x4E00 + (random >> 8) % 20000;
		*text++ = (char)(0xE0 | cp >> 12);
		*text++ = (char)(0x80 | (cp >> 6 & 0x3F));
		*text++ = (char)(0x80 | (cp & 0x3F));
	}
	*text = '\0';
}

static void memory_is_bounded_and_stories_that_grow_stay(void **state)
{
	struct stories *s = stories_new(600); /* grows on the way, then gives up old ones */
	char text[100], id[16];
	(void)state;
	assert_string_equal(join(s, "first", SMOKE_ZH, 1), "first");
	assert_string_equal(join(s, "copy", SMOKE_ZH, 2), "first");
	for (uint32_t i = 0; i < 5000; i++) {
		draw(i, text);
		(void)snprintf(id, sizeof id, "%u", i);
		assert_string_equal(join(s, id, text, 3 + i), id);
	}
	assert_string_equal(join(s, "late", SMOKE_ZH, 6000), "first");
	draw(4999, text);
	assert_string_equal(join(s, "again", text, 6001), "4999");
	draw(0, text);
	assert_string_equal(join(s, "forgotten", text, 6002), "forgotten");
	stories_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_joins_the_story_of_the_first_post),
		cmocka_unit_test(a_story_tells_whether_it_has_copies),
		cmocka_unit_test(short_texts_are_alike_by_chance),
		cmocka_unit_test(a_chain_of_edits_does_not_lead_to_another_text),
		cmocka_unit_test(an_edit_adds_its_text_to_its_own_story),
		cmocka_unit_test(a_copy_that_is_edited_stays_in_its_story),
		cmocka_unit_test(what_was_decided_before_is_restored_in_any_order),
		cmocka_unit_test(behind_its_newest_copy_a_story_is_over),
		cmocka_unit_test(memory_is_bounded_and_stories_that_grow_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
