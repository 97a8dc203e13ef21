/* Organic or coordinated: made-up streams in Chinese and English, of which it is known which they are. */
#include "detector/integrity.h"

#include "common/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#define START_MS 1763769600000ll
#define DAY MS_PER_DAY

static struct arena arena;
static struct integrity_post posts[2000];
static size_t nposts;
static uint32_t dice;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 256u << 20);
	nposts = 0;
	dice = 7;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static uint32_t roll(uint32_t n)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % n;
}

static struct integrity_post *add(struct str text, int author, int64_t at_ms)
{
	struct integrity_post *p = &posts[nposts++];
	*p = (struct integrity_post){
		.id = arena_printf(&arena, "%032zu", nposts),
		.author = arena_printf(&arena, "a:%d", author),
		.source = STR("weibo"),
		.story = arena_printf(&arena, "%032zu", nposts),
		.text = text,
		.at_ms = at_ms,
		.author_since_ms = -1,
		.urgency = URG_NORMAL,
	};
	return p;
}

static const struct integrity *judge_all(void)
{
	struct integrity *out = arena_new(&arena, struct integrity);
	const struct integrity_window w = { posts, nposts, START_MS, START_MS + DAY };
	integrity_judge(&arena, &w, out);
	return out;
}

static void assert_word(const struct integrity *i, enum integrity_word word)
{
	if (i->word == word)
		return;
	for (int s = 0; s < SIGNAL__N; s++)
		print_error("%s %zu of %zu, excess %.2f\n", integrity_signal_names[s], i->share[s].n, i->share[s].of,
			i->share[s].excess);
	print_error("estimate %.2f is %s, not %s\n", i->estimate, integrity_word_names[i->word], integrity_word_names[word]);
	assert_int_equal(i->word, word);
}

/* ---- streams ---- */

/* People in their own words: random syllables around what all of them talk about. */
static struct str own_words(bool is_chinese, const char *topic)
{
	struct buf b;
	buf_init(&b, 2000);
	const uint32_t before = 10 + roll(40), behind = 10 + roll(40);
	for (uint32_t i = 0; i < before + behind; i++) {
		if (i == before)
			buf_addz(&b, topic);
		if (is_chinese)
			buf_addf(&b, "%c%c%c", 0xE4 + (int)roll(5), 0xB8 + (int)roll(8), 0x80 + (int)roll(64));
		else
			buf_addf(&b, " %c%c%c", 'a' + (int)roll(26), 'a' + (int)roll(26), 'a' + (int)roll(26));
	}
	const struct str text = arena_copy(&arena, buf_str(&b));
	buf_release(&b);
	return text;
}

static void talk(bool is_chinese, size_t n, int first_author)
{
	for (size_t i = 0; i < n; i++)
		add(own_words(is_chinese, is_chinese ? "云雀电动车" : " the Skylark "), first_author + (int)i,
			START_MS + (int64_t)roll(1440) * MS_PER_MINUTE);
}

static void both_languages(void (*test)(bool is_chinese))
{
	for (int i = 0; i < 2; i++) {
		nposts = 0;
		test(i == 0);
	}
}

/* ---- organic ---- */

static void check_talk(bool is_chinese)
{
	talk(is_chinese, 300, 0);
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_ORGANIC);
	assert_int_equal(i->coordinated, 0);
	assert_int_equal(i->all_groups, 0);
}

static void talk_of_many_people_is_organic(void **state)
{
	(void)state;
	both_languages(check_talk);
}

/* Five hundred people within ten minutes, all about the same, all angry. */
static void check_crisis(bool is_chinese)
{
	talk(is_chinese, 100, 0);
	for (size_t i = 0; i < 500; i++) {
		struct integrity_post *p =
			add(own_words(is_chinese, is_chinese ? "云雀电动车又自燃了" : " the Skylark caught fire again "),
				1000 + (int)i, START_MS + 12 * MS_PER_HOUR + (int64_t)roll(10) * MS_PER_MINUTE);
		p->complaint = 0.9;
		p->urgency = URG_CRITICAL;
	}
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_ORGANIC);
	assert_int_equal(i->share[SIGNAL_BURSTS].n, 0);
	assert_int_equal(i->nhints, 0);
}

static void a_real_crisis_of_many_people_stays_organic(void **state)
{
	(void)state;
	both_languages(check_crisis);
}

/* The same, with people who copy a line or two of one another: a tenth of it. */
static void check_crisis_with_copies(bool is_chinese)
{
	check_crisis(is_chinese);
	for (size_t i = 0; i < 50; i++)
		posts[100 + 10 * i].story = posts[100].story;
	assert_word(judge_all(), INTEGRITY_ORGANIC);
}

static void a_few_copies_in_a_crisis_do_not_change_that(void **state)
{
	(void)state;
	both_languages(check_crisis_with_copies);
}

static void check_reposts(bool is_chinese)
{
	talk(is_chinese, 50, 0);
	const struct str text = own_words(is_chinese, is_chinese ? "云雀" : " Skylark ");
	for (size_t i = 0; i < 500; i++) {
		struct integrity_post *p = add(text, 1000 + (int)i, START_MS + 600 * MS_PER_MINUTE + (int64_t)roll(60000));
		p->voice = i % 2 == 0 ? VOICE_REPOST : VOICE_PRESS;
		p->story = STR("the one");
	}
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_ORGANIC);
	assert_int_equal(i->voice[VOICE_REPOST], 250);
	assert_int_equal(i->voice[VOICE_PRESS], 250);
}

static void reposts_that_say_so_and_the_press_are_counted_apart(void **state)
{
	(void)state;
	both_languages(check_reposts);
}

/* ---- coordinated ---- */

static void copy_wave(bool is_chinese, size_t n)
{
	const struct str text = own_words(is_chinese, is_chinese ? "云雀电动车黑心厂家" : " Skylark is a scam ");
	for (size_t i = 0; i < n; i++) {
		struct integrity_post *p =
			add(text, 5000 + (int)i, START_MS + 700 * MS_PER_MINUTE + (int64_t)i * (MS_PER_MINUTE / 10));
		p->story = STR("the wave");
		p->complaint = 0.8;
	}
}

static void check_copies(bool is_chinese)
{
	talk(is_chinese, 100, 0);
	copy_wave(is_chinese, 200);
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_COORDINATED);
	assert_int_equal(i->posts, 300); /* nothing is taken out */
	assert_int_equal(i->coordinated, 200); /* the first as well: its minute is a burst */
	assert_int_equal(i->share[SIGNAL_COPIES].n, 199);
	assert_int_equal(i->group[0].posts, 200);
	assert_int_equal(i->group[0].authors, 200);
	assert_int_equal(i->group[0].burst, 10);
	assert_true(i->group[0].burst_expected < 1);
	assert_string_equal(integrity_hint_names[i->hint[0].hint], "copied_complaint");
}

static void one_text_under_many_names_is_told_with_its_minute(void **state)
{
	(void)state;
	both_languages(check_copies);
}

static struct str filled_in(bool is_chinese)
{
	static const char *const zh[] = { "刹车", "电池", "屏幕", "坐垫", "喇叭", "后视镜", "充电口", "脚撑" };
	static const char *const zh_place[] = { "杭州", "成都", "沈阳", "佛山", "南昌", "太原" };
	static const char *const en[] = { "brakes", "battery", "screen", "saddle", "horn", "mirror", "charging port",
		"kickstand" };
	static const char *const en_place[] = { "Leeds", "Boston", "Perth", "Cardiff", "Dallas", "Oslo" };
	const uint32_t part = roll(8), place = roll(6), days = 2 + roll(90), number = roll(100000);
	if (is_chinese)
		return arena_printf(&arena,
			"在%s的门店提了云雀，才骑了%u天%s就出了毛病，打客服电话没有人理会，单号%u，大家千万不要上当",
			zh_place[place], days, zh[part], number);
	return arena_printf(&arena,
		"Got my Skylark from the store in %s and after only %u days the %s gave up. Support never picks up the phone. "
		"Ticket %u. Do not fall for it!",
		en_place[place], days, en[part], number);
}

static void check_templates(bool is_chinese)
{
	talk(is_chinese, 60, 0);
	for (int i = 0; i < 90; i++)
		add(filled_in(is_chinese), 5000 + i, START_MS + (int64_t)roll(1440) * MS_PER_MINUTE);
	const struct integrity *i = judge_all();
	assert_int_equal(i->share[SIGNAL_COPIES].n, 0);
	assert_int_equal(i->share[SIGNAL_TEMPLATES].n, 89);
	assert_true(i->group[0].is_template);
	assert_int_equal(i->group[0].posts, 90);
	assert_word(i, INTEGRITY_COORDINATED);
}

static void one_frame_with_other_words_put_in_is_told(void **state)
{
	(void)state;
	both_languages(check_templates);
}

static void check_flood(bool is_chinese)
{
	talk(is_chinese, 60, 0);
	for (int i = 0; i < 200; i++)
		add(own_words(is_chinese, "云雀 Skylark"), 9000 + i % 3, START_MS + (int64_t)i * 5 * MS_PER_MINUTE)->complaint =
			0.7;
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_COORDINATED);
	assert_int_equal(i->nbusiest, 3);
	assert_int_equal(i->busiest[0].posts, 67);
	assert_int_equal(i->share[SIGNAL_FLOODS].n, 185); /* all but five of each */
	assert_string_equal(integrity_hint_names[i->hint[0].hint], "serial_complaint");
	assert_int_equal(i->hint[0].posts, 200);
}

static void three_authors_with_two_hundred_posts_are_a_flood(void **state)
{
	(void)state;
	both_languages(check_flood);
}

/* The case of the reference: 500 posts of 5 authors from 1 template, against 500 organic ones. */
static void check_poisoned(bool is_chinese)
{
	for (int i = 0; i < 500; i++)
		add(filled_in(is_chinese), 5000 + i % 5, START_MS + (int64_t)roll(1440) * MS_PER_MINUTE);
	assert_word(judge_all(), INTEGRITY_COORDINATED);
	nposts = 0;
	talk(is_chinese, 500, 0);
	assert_word(judge_all(), INTEGRITY_ORGANIC);
}

static void a_poisoned_stream_is_told_from_an_organic_one_of_its_size(void **state)
{
	(void)state;
	both_languages(check_poisoned);
}

/* ---- what the numbers keep to ---- */

static void new_accounts_alone_prove_nothing_and_unknown_ages_are_not_zero(void **state)
{
	(void)state;
	talk(true, 100, 0);
	assert_int_equal(judge_all()->share[SIGNAL_NEW].of, 0);
	for (size_t i = 0; i < 80; i++)
		posts[i].author_since_ms = posts[i].at_ms - (i < 76 ? 3 : 400) * DAY;
	const struct integrity *i = judge_all();
	assert_int_equal(i->share[SIGNAL_NEW].of, 80);
	assert_int_equal(i->share[SIGNAL_NEW].n, 76);
	assert_int_equal(i->coordinated, 0);
	assert_word(i, INTEGRITY_UNCLEAR);
}

static void more_copies_never_make_it_more_organic(void **state)
{
	double before = 0;
	(void)state;
	talk(false, 200, 0);
	for (size_t copies = 0; copies < 200; copies += 10) {
		for (size_t i = 0; i < copies; i++)
			posts[i].story = STR("the one");
		const double now = judge_all()->estimate;
		assert_true(now >= before);
		before = now;
	}
	assert_true(before > 0.6);
}

static void a_few_posts_conclude_nothing(void **state)
{
	(void)state;
	copy_wave(true, INTEGRITY_FEWEST - 1);
	const struct integrity *i = judge_all();
	assert_word(i, INTEGRITY_UNCLEAR);
	assert_int_equal(i->all_groups, 1); /* told nevertheless */
	nposts = 0;
	assert_word(judge_all(), INTEGRITY_UNCLEAR); /* nothing at all */
}

static void unknown_authors_make_no_flood(void **state)
{
	(void)state;
	talk(false, 100, 0);
	for (size_t i = 0; i < nposts; i++)
		posts[i].author = STR("");
	const struct integrity *i = judge_all();
	assert_int_equal(i->share[SIGNAL_FLOODS].of, 0);
	assert_int_equal(i->authors, 0);
	assert_word(i, INTEGRITY_ORGANIC);
}

static void a_burst_is_measured_against_the_rest_of_the_talk(void **state)
{
	(void)state;
	copy_wave(true, 3); /* in one minute … */
	for (int i = 0; i < 300; i++) /* … in which everybody talks */
		add(own_words(true, "云雀"), i, START_MS + 700 * MS_PER_MINUTE + i);
	const struct integrity *i = judge_all();
	assert_int_equal(i->all_groups, 1);
	assert_int_equal(i->group[0].burst, 0);
	assert_int_equal(i->share[SIGNAL_BURSTS].n, 0);
}

/* ---- hints ---- */

static bool has_hint(const struct integrity *i, enum integrity_hint hint)
{
	for (size_t k = 0; k < i->nhints; k++)
		if (i->hint[k].hint == hint)
			return true;
	return false;
}

static bool hints_at_money(const char *text)
{
	nposts = 0;
	add(str_of(text), 1, START_MS);
	return has_hint(judge_all(), HINT_MONEY);
}

static void an_offer_to_delete_for_money_is_hinted_at_and_a_shop_that_pays_for_silence_is_not(void **state)
{
	(void)state;
	assert_true(hints_at_money("两万块打给我，到账我马上刪帖，不然天天发"));
	assert_true(hints_at_money("Pay me 2,000 by Friday and I'll delete the video, or it stays up"));
	assert_true(hints_at_money("Pay me 2,000 by Friday and I’ll delete the video, or it stays up"));
	assert_false(hints_at_money("客服加我微信，说给我转20块红包让我删差评，我没答应"));
	assert_false(hints_at_money("They offered me a gift card if I delete my review. No thanks."));
	assert_false(hints_at_money("东西坏了，要求退款，处理好之前我会一直投诉"));
	assert_false(hints_at_money("I want my money back and I will keep posting until I get it"));
}

static void check_hearsay(bool is_chinese)
{
	const struct str bare = is_chinese ? STR("听说云雀的电池里面有违禁的东西，群里都在传，已经有好几个城市出事了，大家转起来")
					   : STR("I heard Skylark batteries contain something banned, apparently several cities "
						 "had accidents already, spread the word");
	for (int i = 0; i < 30; i++)
		add(bare, i, START_MS + i * MS_PER_HOUR / 4)->story = STR("hearsay");
	assert_true(has_hint(judge_all(), HINT_COPIED_HEARSAY));
	const struct str seen = is_chinese ? STR("听说过云雀的电池有问题，没想到我买的这台昨天真的冒烟了，有视频为证")
					   : STR("I heard about Skylark batteries, and now the one I bought started smoking "
						 "yesterday, video below");
	for (size_t i = 0; i < nposts; i++)
		posts[i].text = seen;
	assert_false(has_hint(judge_all(), HINT_COPIED_HEARSAY));
}

static void copied_hearsay_without_anything_seen_is_hinted_at(void **state)
{
	(void)state;
	both_languages(check_hearsay);
}

static void a_notable_part_of_rumours_is_hinted_at(void **state)
{
	(void)state;
	talk(true, 60, 0);
	for (size_t i = 0; i < 5; i++)
		posts[i].nature = NAT_RUMOUR;
	assert_false(has_hint(judge_all(), HINT_RUMOURS));
	for (size_t i = 0; i < 6; i++)
		posts[i].nature = NAT_RUMOUR;
	assert_true(has_hint(judge_all(), HINT_RUMOURS));
}

/* ---- JSON ---- */

static void the_answer_tells_its_counts_and_keeps_pseudonyms_to_those_who_may_see_them(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 100000);
	copy_wave(false, 30);
	add(STR("one more of the same author"), 5000, START_MS);
	const struct integrity_window w = { posts, nposts, START_MS, START_MS + DAY };
	const struct integrity *i = judge_all();
	buf_addc(&out, '{');
	integrity_write(&out, &w, i, true);
	assert_non_null(strstr(out.p, "\"posts\":31,\"people\":31,\"reposts\":0,\"press\":0,\"own\":0,\"authors\":30"));
	assert_non_null(strstr(out.p, "\"copies\":{\"n\":29,\"of\":31,\"share\":0.935,\"excess\":1}"));
	assert_non_null(strstr(out.p, "\"new_accounts\":null"));
	assert_non_null(strstr(out.p, "a:5000"));
	buf_clear(&out);
	integrity_write(&out, &w, i, false);
	assert_null(strstr(out.p, "a:5000"));
	buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(talk_of_many_people_is_organic),
		TEST(a_real_crisis_of_many_people_stays_organic),
		TEST(a_few_copies_in_a_crisis_do_not_change_that),
		TEST(reposts_that_say_so_and_the_press_are_counted_apart),
		TEST(one_text_under_many_names_is_told_with_its_minute),
		TEST(one_frame_with_other_words_put_in_is_told),
		TEST(three_authors_with_two_hundred_posts_are_a_flood),
		TEST(a_poisoned_stream_is_told_from_an_organic_one_of_its_size),
		TEST(new_accounts_alone_prove_nothing_and_unknown_ages_are_not_zero),
		TEST(more_copies_never_make_it_more_organic),
		TEST(a_few_posts_conclude_nothing),
		TEST(unknown_authors_make_no_flood),
		TEST(a_burst_is_measured_against_the_rest_of_the_talk),
		TEST(an_offer_to_delete_for_money_is_hinted_at_and_a_shop_that_pays_for_silence_is_not),
		TEST(copied_hearsay_without_anything_seen_is_hinted_at),
		TEST(a_notable_part_of_rumours_is_hinted_at),
		TEST(the_answer_tells_its_counts_and_keeps_pseudonyms_to_those_who_may_see_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
