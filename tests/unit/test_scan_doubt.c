/* What looks like a disguise and is none: sentences that end inside a term, numbers with their units, glosses, masked swear
 * words; and what the doubts may cost. */
#include "common/text/scan.h"

#include "tests/support/rulebox.h"
#include <earshot/limits.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_BYTES 65536u

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "complaint.x.tsv",
		STR("term\tweight\tcategory\tfolds\n退款\t0.5\trefund\t+homophone\n不好用\t0.5\tquality\n欺骗消费者\t0.5\tfraud\n"
		    "少送\t0.5\tfood\n服务差\t0.5\tservice\nfan\t0.5\tother\nwu\t0.5\tother\nbbb\t0.5\tother\nzoom\t0.5\tother\n"
		    "layoffs\t0.5\tother\nsham\t0.5\tfraud\nscam\t0.5\tfraud\n"));
	if (!rulebox_load(&box))
		fail_msg("%s", box.said);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static struct scanned scan(struct str text)
{
	struct post p = rulebox_post("");
	struct scanned s;
	p.text = text;
	scan_matches(&box.arena, box.book, &p, &s);
	return s;
}

/* The terms seen, each followed by a space. */
static void assert_seen(const char *text, const char *expected)
{
	const struct scanned s = scan(str_of(text));
	char got[256] = "";
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < sizeof(got) - 40; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s ", STR_FMT(s.match[i].rule->term));
	if (strcmp(got, expected) != 0)
		fail_msg("\"%s\": saw \"%s\", expected \"%s\"", text, got, expected);
}

static void a_sentence_that_ends_inside_a_term_is_no_disguise(void **state)
{
	(void)state;
	assert_seen("全家人都说不好。用一次就发现头发硬", "");
	assert_seen("这家菜和酱都特别少。送餐速度超级慢", "");
	assert_seen("洗发水真的不好 用过之后头皮痒", "");
	assert_seen("洗发水真的不好.用过之后头皮痒", "");
}

static void a_term_that_was_spelled_out_is_seen(void **state)
{
	(void)state;
	assert_seen("我要退。款，快点", "退款 ");
	assert_seen("我要退.款，快点", "退款 ");
	assert_seen("他们不肯退 款给大家", "退款 ");
	assert_seen("不。好。用", "不好用 ");
	assert_seen("货到了赠品没了！欺骗 消费者", "欺骗消费者 ");
}

static void a_number_with_its_unit_is_no_word(void **state)
{
	(void)state;
	assert_seen("平台宽2000mm，实测只有1900mm", "");
	assert_seen("so this 14y0ff$ happened", "layoffs ");
	assert_seen("another z00m call", "zoom ");
}

static void one_letter_again_and_again_is_not_stretched(void **state)
{
	(void)state;
	assert_seen("bbbbb的烦死了", "");
	assert_seen("the bbb says no", "bbb ");
}

static void half_a_masked_word_must_show_both_ends(void **state)
{
	(void)state;
	assert_seen("pulling some sh** again", "");
	assert_seen("what a s**m", "sham scam ");
}

static void an_english_word_inside_a_gloss_is_not_seen(void **state)
{
	(void)state;
	assert_seen("服務(wù)差，吃飯(fàn)了，飯（fan）", "服务差 ");
	assert_seen("服務 (wù)差", "服务差 ");
	assert_seen("她的粉絲(fan)來了", "fan ");
	assert_seen("服(keng)务差", "");
}

/* A question to the dictionary costs as much as hundreds of look-ups: a post of nothing but doubts does not get all of them. What is
 * beyond doubt is seen all the same. */
static void questions_to_the_dictionary_are_limited(void **state)
{
	(void)state;
	static const char doubtful[] = "推款", plain[] = "退款";
	const size_t n = TEXT_BYTES - TEXT_BYTES % strlen(doubtful);
	char *text = arena_take(&box.arena, n + strlen(plain));
	for (size_t i = 0; i < n; i++)
		text[i] = doubtful[i % strlen(doubtful)];
	memcpy(text + n, plain, strlen(plain));
	const struct scanned s = scan((struct str){ text, n + strlen(plain) });
	assert_true(s.n > 1 && s.n <= LIMIT_DOUBTS + 1);
	assert_int_equal(s.match[s.n - 1].folds, 0);
	assert_true(s.dropped > 0);
}

/* Many terms begin with the same two letters; letters that stand apart are looked up by three. */
static void letters_that_stand_apart_are_cheap_to_look_up(void **state)
{
	(void)state;
	struct rulebox many;
	struct buf list;
	rulebox_open(&many);
	buf_init(&list, 4096);
	for (char c = 'a'; c <= 'z'; c++)
		buf_addf(&list, "sc%cxx\t0.5\tother\nsc%cyy\t0.5\tother\n", c, c);
	rulebox_file(&many, "complaint.x.tsv", buf_str(&list));
	buf_release(&list);
	assert_non_null(rulebox_load(&many));
	char *text = arena_take(&many.arena, TEXT_BYTES);
	for (size_t n = 0; n < TEXT_BYTES; n++)
		text[n] = "s c "[n % 4];
	struct post p = rulebox_post("");
	struct scanned s;
	p.text = (struct str){ text, TEXT_BYTES };
	scan_matches(&many.arena, many.book, &p, &s);
	assert_int_equal(s.dropped, 0);
	rulebox_close(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sentence_that_ends_inside_a_term_is_no_disguise),
		cmocka_unit_test(a_term_that_was_spelled_out_is_seen),
		cmocka_unit_test(a_number_with_its_unit_is_no_word),
		cmocka_unit_test(one_letter_again_and_again_is_not_stretched),
		cmocka_unit_test(half_a_masked_word_must_show_both_ends),
		cmocka_unit_test(an_english_word_inside_a_gloss_is_not_seen),
		cmocka_unit_test(questions_to_the_dictionary_are_limited),
		cmocka_unit_test(letters_that_stand_apart_are_cheap_to_look_up),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
