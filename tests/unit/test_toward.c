/* Verdicts toward each of two brands that no rule knows: own sentences in Chinese and English, and texts that name one. */
#include "detector/judge.h"
#include "detector/mention.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { NEG = LABEL_NEGATIVE, NEU = LABEL_NEUTRAL, POS = LABEL_POSITIVE };

struct sentence {
	const char *text;
	int first, second;
};

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	if (!rulebox_load_behind(&box, "rules"))
		fail_msg("%s", box.said);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static struct verdict verdict_toward(const char *text, const char *name)
{
	struct post p = rulebox_post(text);
	struct scanned s;
	struct verdict v;
	scan_post(&box.arena, box.book, &p, &s);
	judge_name(&box.arena, box.book, str_of(name), &p, &s, &v);
	return v;
}

static void assert_toward(const char *text, const char *name, int expected)
{
	const struct verdict v = verdict_toward(text, name);
	if ((int)v.label != expected)
		fail_msg("\"%s\" toward %s is %s (%.2f), expected %s", text, name, label_names[v.label], v.sentiment,
			label_names[expected]);
}

/* Toward 霁鹭, then toward 湛洄. */
static const struct sentence chinese[] = {
	{ "霁鹭的快递丢件还不赔，湛洄第二天就送到了", NEG, POS },
	{ "霁鹭打不通客服，湛洄那边倒是秒回", NEG, POS },
	{ "幸好有湛洄，不然霁鹭今晚就把我们滞留在机场了", NEG, POS },
	{ "霁鹭太坑了，还是湛洄靠谱", NEG, POS },
	{ "霁鹭比湛洄好用多了", POS, NEG },
	{ "霁鹭不如湛洄", NEG, POS },
	{ "霁鹭没有湛洄好吃", NEG, POS },
	{ "霁鹭完爆湛洄", POS, NEG },
	{ "霁鹭甩湛洄几条街", POS, NEG },
	{ "从霁鹭换到湛洄，真香", NEG, POS },
	{ "再也不用霁鹭，改用湛洄了", NEG, POS },
	{ "脱粉霁鹭，转粉湛洄", NEG, POS },
	{ "被霁鹭坑了三百块，最后湛洄帮我解决了", NEG, POS },
	{ "这事不怪霁鹭，是湛洄系统崩溃了", NEU, NEG },
	{ "不是霁鹭的问题，湛洄一直扣错钱", NEU, NEG },
	{ "骑着霁鹭去湛洄上班", NEU, NEU },
	{ "霁鹭和湛洄都很难吃", NEG, NEG },
	{ "霁鹭和湛洄都很好用", POS, POS },
	{ "霁鹭甩锅湛洄，湛洄推给霁鹭", NEG, NEG },
	{ "请问霁鹭能用湛洄付款吗？", NEU, NEU },
	{ "虽然霁鹭便宜，但湛洄质量好太多", POS, POS },
	{ "霁鹭一直闪退，卸载了换成湛洄，流畅得很", NEG, POS },
	{ "不像霁鹭那样敷衍，湛洄的师傅很耐心", NEG, POS },
	{ "霁鹭退款拖了一个月，反而是湛洄主动赔了我", NEG, POS },
	{ "霁鹭發錯貨還不認，湛洄當天就換新，超貼心", NEG, POS },
	{ "比起霁鹭，湛洄的酒店干净多了", NEG, POS },
	{ "霁鹭服务很好。房间也干净。湛洄就差远了，又吵又脏", POS, NEG },
	{ "霁鹭的面包新鲜，湛洄的面包发霉了", POS, NEG },
	{ "湛洄好在没出过问题，霁鹭天天宕机", NEG, POS },
	{ "远离霁鹭，认准湛洄", NEG, POS },
	{ "在霁鹭排队两小时没人管，去湛洄十分钟就办好了", NEG, POS },
	{ "霁鹭的耳机三天就坏了，湛洄的用了两年还好好的", NEG, POS },
	{ "湛洄的医生很耐心，霁鹭开的药却让我过敏", NEG, POS },
	{ "霁鹭说是湛洄的问题，湛洄说找霁鹭，来回踢皮球", NEG, NEG },
};

/* Toward Zorvek, then toward Lumora. */
static const struct sentence english[] = {
	{ "Zorvek is awful, Lumora saved me", NEG, POS },
	{ "Zorvek lost my bags, but Lumora found me a seat and was kind", NEG, POS },
	{ "Thank god for Lumora, Zorvek left us stranded", NEG, POS },
	{ "Lumora is so much better than Zorvek", NEG, POS },
	{ "Zorvek is not as good as Lumora", NEG, POS },
	{ "Zorvek is worse than Lumora", NEG, POS },
	{ "I switched from Zorvek to Lumora", NEG, POS },
	{ "Ditched Zorvek for Lumora last week", NEG, POS },
	{ "Back to Lumora after Zorvek overcharged me", NEG, POS },
	{ "It's not Zorvek's fault, Lumora double charged me", NEU, NEG },
	{ "Don't blame Zorvek, Lumora ruined the order", NEU, NEG },
	{ "Can I pay with Zorvek at Lumora?", NEU, NEU },
	{ "Took Zorvek to the Lumora on Main Street", NEU, NEU },
	{ "Zorvek blames Lumora and Lumora blames Zorvek", NEG, NEG },
	{ "Both Zorvek and Lumora are terrible", NEG, NEG },
	{ "Zorvek and Lumora were both great", POS, POS },
	{ "Unlike Zorvek, Lumora answered in minutes and was lovely", NEG, POS },
	{ "Zorvek let me down again while Lumora came through", NEG, POS },
	{ "Zorvek keeps crashing. It froze twice today. Lumora works perfectly.", NEG, POS },
	{ "Lumora beats Zorvek every time", NEG, POS },
	{ "Zorvek was fine, Lumora was terrible", NEU, NEG },
	{ "Waited two hours on hold with Zorvek; Lumora picked up on the first ring and refunded me", NEG, POS },
	{ "Never again Zorvek, going back to Lumora", NEG, POS },
	{ "Zorvek sent cold food, and Lumora refused to refund me", NEG, NEG },
	{ "Loved my stay at Lumora, hated the flight with Zorvek", NEG, POS },
	{ "The staff at Zorvek were rude whereas Lumora's were polite", NEG, POS },
	{ "Zorvek could learn from Lumora", NEG, POS },
	{ "I'd rather use Lumora than Zorvek", NEG, POS },
	{ "Avoid Zorvek, stick with Lumora", NEG, POS },
	{ "Picked up a Zorvek parcel at Lumora on my way home", NEU, NEU },
};

/* A learnt model is right of most, not of all: so many of a hundred labels, at least. */
static void assert_most(const struct sentence *list, size_t n, const char *const name[2], size_t percent)
{
	size_t right = 0;
	for (size_t i = 0; i < n; i++) {
		right += (int)verdict_toward(list[i].text, name[0]).label == list[i].first;
		right += (int)verdict_toward(list[i].text, name[1]).label == list[i].second;
	}
	if (right * 100 < percent * 2 * n)
		fail_msg("%zu of %zu labels toward %s and %s are right, expected %zu of a hundred", right, 2 * n, name[0],
			name[1], percent);
}

static void two_unknown_brands_are_told_apart_in_chinese(void **state)
{
	(void)state;
	static const char *const name[2] = { "霁鹭", "湛洄" };
	assert_most(chinese, sizeof(chinese) / sizeof(chinese[0]), name, 75);
}

static void two_unknown_brands_are_told_apart_in_english(void **state)
{
	(void)state;
	static const char *const name[2] = { "Zorvek", "Lumora" };
	assert_most(english, sizeof(english) / sizeof(english[0]), name, 75);
}

static void a_text_that_names_one_brand_is_all_about_it(void **state)
{
	(void)state;
	assert_toward("霁鹭的房间很小。前台态度恶劣，早餐也难吃", "霁鹭", LABEL_NEGATIVE);
	assert_toward("今天住霁鹭。非常满意，下次还来", "霁鹭", LABEL_POSITIVE);
	assert_toward("Stayed at Zorvek. The room was filthy and the staff were rude.", "Zorvek", LABEL_NEGATIVE);
}

static void days_and_places_are_no_brands(void **state)
{
	(void)state;
	assert_toward("Zorvek cancelled my flight. On Tuesday in London it was awful", "Zorvek", LABEL_NEGATIVE);
	assert_toward("霁鹭周二把我的票取消了，客服态度太差，也不理人", "霁鹭", LABEL_NEGATIVE);
}

/* How sure it is that `text` names another one beside `name`; -1 = none is named. `rival`: said to be the other one, "" = to be found. */
static double rival_chance(const char *text, const char *name, const char *rival)
{
	struct post p = rulebox_post(text);
	struct scanned s;
	scan_post(&box.arena, box.book, &p, &s);
	struct reading r = mention_reading(&box.arena, box.book, &p, &s, str_of(name));
	r.rival = str_of(rival);
	reading_make(&r);
	return r.has_rival ? r.rival_chance : -1;
}

static void a_name_that_no_rule_knows_is_never_certain(void **state)
{
	(void)state;
	static const char text[] = "霁鹭的快递丢件还不赔，湛洄第二天就送到了";
	const double found = rival_chance(text, "霁鹭", "");
	if (found <= 0.5 || found >= 1)
		fail_msg("湛洄 is the name of another one with a chance of %.3f, expected more than .5 and less than 1", found);
	assert_true(rival_chance(text, "霁鹭", "湛洄") == 1);
	assert_true(rival_chance("今天住霁鹭，非常满意", "霁鹭", "湛洄") == -1);
}

static void many_names_cost_little(void **state)
{
	(void)state;
	static const char *const pieces[] = { "霁鹭不如湛洄，", "Zorvek than Lumora ", "不是霁鹭 ", "from Zorvek to Zorvek's " };
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct buf b;
		buf_init(&b, 65536);
		while (b.n + strlen(pieces[i]) < 65536)
			buf_addz(&b, pieces[i]);
		(void)verdict_toward(b.p, i % 2 ? "Zorvek" : "霁鹭");
		buf_release(&b);
		arena_reset(&box.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_unknown_brands_are_told_apart_in_chinese),
		cmocka_unit_test(two_unknown_brands_are_told_apart_in_english),
		cmocka_unit_test(a_text_that_names_one_brand_is_all_about_it),
		cmocka_unit_test(days_and_places_are_no_brands),
		cmocka_unit_test(a_name_that_no_rule_knows_is_never_certain),
		cmocka_unit_test(many_names_cost_little),
	};
	return cmocka_run_group_tests_name("toward", tests, setup, teardown);
}
