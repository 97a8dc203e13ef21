/* Everyday words that are brands: each kind of evidence, in Chinese and in English, and how it adds up. */
#include "common/text/admission.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf",
		STR("[brand mi]\nname = 小米\naliases = ~小米, 小米公司\ncontext = 雷军, 手机\nagainst = 南瓜\nexclude = "
		    "小米椒\ncompetitors = hw\n"
		    "[brand hw]\nname = 华为\naliases = 华为\n"
		    "[brand target]\nname = Target\naliases = ~target, target stores\ncontext = redcard, gift card:0.5\nagainst "
		    "= audience\n"
		    "[brand dawn]\nname = 晨光\naliases = ~晨光, ~黎明\ncontext.晨光 = 文具\nagainst.晨光 = 森林\n"
		    "[brand sure]\nname = 稳\naliases = ~稳\nprior = 0.5\n"
		    "[brand ease]\nname = 自如\naliases = ~自如\n"
		    "[brand all]\nname = 全\naliases = 全全\nneeds_context = yes\ncontext = 便利\n"));
	rulebox_file(&box, "context.xx.tsv", STR("客服\t1\n熬\t-1\ncashier\t1\npractice\t-1\n手机\t-1\n"));
	assert_non_null(rulebox_load(&box));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

/* Ids of the brands the text is about, each with the number of its places. */
static const char *about(const char *text)
{
	static char out[256];
	struct scanned s;
	struct admission *list;
	const struct post p = rulebox_post(text);
	size_t used = 0;
	scan_matches(&box.arena, box.book, &p, &s);
	const size_t n = admission_find(&box.arena, box.book, &s, &list);
	out[0] = 0;
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(
			out + used, sizeof(out) - used, "%.*s:%zu ", STR_FMT(box.book->brand[list[i].brand].id), list[i].nplaces);
	return out;
}

/* The weight of the cue of this name for the first ambiguous alias; 0 when there is none. */
static double cue_of(const char *text, const char *name)
{
	struct scanned s;
	struct admission *list;
	const struct post p = rulebox_post(text);
	scan_matches(&box.arena, box.book, &p, &s);
	const size_t n = admission_weigh_all(&box.arena, box.book, &s, &list);
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; list[i].sense && k < list[i].sense->n; k++)
			if (strcmp(list[i].sense->cue[k].name, name) == 0)
				return (double)list[i].sense->cue[k].weight;
	return 0;
}

struct expected {
	const char *text, *about;
};

static void assert_all(const struct expected *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(about(rows[i].text), rows[i].about) != 0)
			fail_msg("\"%s\": expected \"%s\", came \"%s\"", rows[i].text, rows[i].about, about(rows[i].text));
}
#define ASSERT_ALL(rows) assert_all(rows, sizeof(rows) / sizeof((rows)[0]))

static void without_evidence_it_is_the_everyday_word(void **state)
{
	(void)state;
	static const struct expected rows[] = { { "小米", "" }, { "这里有小米", "" }, { "target", "" },
		{ "Hit the target.", "" } };
	ASSERT_ALL(rows);
}

static void words_of_the_brand_speak_for_and_against_it(void **state)
{
	(void)state;
	static const struct expected rows[] = { { "小米的手机", "mi:1 " }, { "雷军说小米要造车", "mi:1 " }, { "南瓜和小米", "" },
		{ "my redcard at target", "target:1 " }, { "the Target audience", "" },
		{ "used a gift card, target again", "target:1 " } };
	ASSERT_ALL(rows);
	assert_true(cue_of("小米手机", "context") > cue_of("小米很贵，可是那台手机", "context"));
	assert_true(cue_of("redcard, target", "context") > cue_of("gift card, target", "context"));
}

static void general_words_speak_where_the_brand_has_none(void **state)
{
	(void)state;
	static const struct expected rows[] = { { "小米客服不理人", "mi:1 " }, { "熬小米", "" },
		{ "the cashier, target", "target:1 " }, { "Did target practice today", "" } };
	ASSERT_ALL(rows);
	assert_true(cue_of("熬小米", "general") < 0);
	/* the brand's own word for it replaces the general one against it */
	assert_true(cue_of("小米手机", "general") == 0);
	assert_true(cue_of("黎明的手机", "general") < 0);
}

static void far_words_count_less(void **state)
{
	(void)state;
	const double beside = cue_of("小米客服", "general"), clause = cue_of("小米这回的客服", "general");
	const double near = cue_of("小米。客服", "general");
	assert_true(beside > clause && clause > near && near > 0);
	assert_true(cue_of("target cashier", "general") > cue_of("target. The cashier", "general"));
}

static void words_may_belong_to_one_alias(void **state)
{
	(void)state;
	static const struct expected rows[] = { { "晨光文具", "dawn:1 " }, { "黎明文具", "" }, { "森林里的晨光", "" } };
	ASSERT_ALL(rows);
}

static void an_alias_beyond_doubt_speaks_for_the_others(void **state)
{
	(void)state;
	static const struct expected rows[] = { { "小米公司很大，小米", "mi:2 " }, { "小米椒", "" },
		{ "小米椒和小米公司", "mi:1 " }, { "target stores, oh target", "target:2 " } };
	ASSERT_ALL(rows);
}

static void other_brands_speak_for_a_brand(void **state)
{
	(void)state;
	assert_true(cue_of("华为和小米", "company") > cue_of("华为和黎明", "company"));
	assert_true(cue_of("华为和黎明", "company") > 0);
	assert_string_equal(about("小米华为"), "mi:1 hw:1 ");
	/* an everyday word is no company */
	assert_true(cue_of("小米和黎明", "company") == 0);
}

static void the_prior_decides_where_nothing_else_does(void **state)
{
	(void)state;
	assert_string_equal(about("稳"), "sure:1 ");
	assert_string_equal(about("太稳"), "");
}

static void needs_context_makes_all_aliases_ambiguous(void **state)
{
	(void)state;
	assert_string_equal(about("全全"), "");
	assert_string_equal(about("便利的全全"), "all:1 ");
}

static void chinese_grammar_tells_nouns_and_verbs_from_firms(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cue;
		int sign;
	} rows[] = {
		{ "三斤小米", "measure", -1 },
		{ "两碗黄小米", "measure", -1 },
		{ "一台小米", "measure", 1 },
		{ "這部小米", "measure", 1 },
		{ "很自如", "adverb", -1 },
		{ "不太自如", "adverb", -1 },
		{ "小米14", "model number", 1 },
		{ "小米SU7", "model name", 1 },
		{ "小米3斤", "quantity", -1 },
		{ "小米回應了", "firm acts", 1 },
		{ "小米致歉", "firm acts", 1 },
		{ "我要投诉小米", "toward a firm", 1 },
		{ "小米把我拉黑", "acts on me", 1 },
		{ "晨光般", "suffix", -1 },
		{ "收放自如", "part of a word", -1 },
		{ "@小米", "mention", 1 },
		{ "#小米#", "hashtag", 1 },
		{ "《小米》", "a title", -1 },
		{ "“小米”", "quoted", 1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!(cue_of(rows[i].text, rows[i].cue) * rows[i].sign > 0))
			fail_msg("\"%s\": the cue \"%s\" weighs %+.2f", rows[i].text, rows[i].cue,
				cue_of(rows[i].text, rows[i].cue));
}

static void english_grammar_tells_nouns_and_verbs_from_firms(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cue;
		int sign;
	} rows[] = {
		{ "I shop at Target a lot", "capital", 1 },
		{ "I missed my target again. Sad.", "small letter", -1 },
		{ "They set a target", "article", -1 },
		{ "We hit the target", "the", -1 },
		{ "They want to target kids", "verb", -1 },
		{ "they will target kids", "verb", -1 },
		{ "We went to target", "goes to", 1 },
		{ "my order from target", "at, from", 1 },
		{ "ordered via target", "bare name", 1 },
		{ "so target", "degree", -1 },
		{ "three target", "number", -1 },
		{ "Target lost my parcel", "acts", 1 },
		{ "Target cancelled it", "acts", 1 },
		{ "Target in Leeds", "its place", 1 },
		{ "Target's app", "possessive", 1 },
		{ "the target of jokes", "of, that", -1 },
		{ "target the young", "object", -1 },
		{ "target in on it", "particle", -1 },
		{ "My cousin Target is six", "person", -1 },
		{ "@target", "mention", 1 },
		{ "#target", "hashtag", 1 },
		{ "www.target.com", "address", 1 },
		{ "target-based", "hyphen", -1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!(cue_of(rows[i].text, rows[i].cue) * rows[i].sign > 0))
			fail_msg("\"%s\": the cue \"%s\" weighs %+.2f", rows[i].text, rows[i].cue,
				cue_of(rows[i].text, rows[i].cue));
}

static void capitals_tell_nothing_where_all_or_none_are(void **state)
{
	(void)state;
	assert_true(cue_of("went to target and back", "small letter") == 0);
	assert_true(cue_of("WE WENT TO TARGET AGAIN", "capital") == 0);
	assert_true(cue_of("We Went To Target Again Today", "capital") == 0);
	assert_true(cue_of("Target is closed", "capital") == 0);
}

static void title_and_text_are_one_post(void **state)
{
	(void)state;
	struct scanned s;
	struct admission *list;
	struct post p = rulebox_post("小米");
	p.title = STR("雷军");
	scan_matches(&box.arena, box.book, &p, &s);
	assert_int_equal(admission_find(&box.arena, box.book, &s, &list), 1);
}

static void every_weight_is_explained(void **state)
{
	(void)state;
	struct scanned s;
	struct admission *list;
	const struct post p = rulebox_post("I took my redcard to Target, the cashier was kind, 小米手机 in hand");
	scan_matches(&box.arena, box.book, &p, &s);
	const size_t n = admission_weigh_all(&box.arena, box.book, &s, &list);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		float sum = 0;
		for (unsigned k = 0; k < list[i].sense->n; k++)
			sum += list[i].sense->cue[k].weight;
		assert_true(sum - list[i].sense->score < 0.001f && list[i].sense->score - sum < 0.001f);
	}
}

static void a_wall_of_aliases_and_words_is_bounded(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1u << 20);
	for (int i = 0; i < 20000; i++)
		buf_addz(&b, i % 2 ? "小米客服 " : "target cashier 熬 ");
	buf_addc(&b, 0);
	assert_true(strlen(about(b.p)) > 0);
	buf_release(&b);
	arena_reset(&box.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_evidence_it_is_the_everyday_word),
		cmocka_unit_test(words_of_the_brand_speak_for_and_against_it),
		cmocka_unit_test(general_words_speak_where_the_brand_has_none),
		cmocka_unit_test(far_words_count_less),
		cmocka_unit_test(words_may_belong_to_one_alias),
		cmocka_unit_test(an_alias_beyond_doubt_speaks_for_the_others),
		cmocka_unit_test(other_brands_speak_for_a_brand),
		cmocka_unit_test(the_prior_decides_where_nothing_else_does),
		cmocka_unit_test(needs_context_makes_all_aliases_ambiguous),
		cmocka_unit_test(chinese_grammar_tells_nouns_and_verbs_from_firms),
		cmocka_unit_test(english_grammar_tells_nouns_and_verbs_from_firms),
		cmocka_unit_test(capitals_tell_nothing_where_all_or_none_are),
		cmocka_unit_test(title_and_text_are_one_post),
		cmocka_unit_test(every_weight_is_explained),
		cmocka_unit_test(a_wall_of_aliases_and_words_is_bounded),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
