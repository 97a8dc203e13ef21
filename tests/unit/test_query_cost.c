/* What the shipped queries cost: counted, not timed, so that the answer is the same on every machine. */
#include "common/text/query.h"
#include "common/text/query_node.h"
#include "common/text/regex.h"

#include "tests/support/rulebox.h"
#include <earshot/limits.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Everyday posts of both languages, some with trouble, some without. */
static const char *const posts[] = {
	"今天和朋友去了新开的门店，环境不错，服务员很热情，咖啡的味道也可以，就是排队的人有点多，下次早点去。",
	"买了三个星期的手机屏幕就裂了，客服说是人为损坏不给保修，我根本没摔过，打了好几次电话都没人处理，要求退款。",
	"快递显示已经签收，可是我没有收到，联系了骑手也不回复，平台让我等三天，现在还没有结果，到底谁来负责。",
	"有没有人知道这款耳机怎么连接电脑？说明书上没写，在网上找了半天也没有找到，求问。",
	"这家酒店的早餐真好吃，房间干净，前台帮我们免费升级了海景房，非常满意，下次还会来，推荐给大家。",
	"公司今日发布公告称，上半年营收同比增长两成，净利润超过三亿元，新工厂将在明年投产。",
	"昨天下班路上看到他们家在做活动，全场八折，买了两件衣服，颜色和图片差不多，尺码正好，先穿几天看看。",
	"手機買來不到一個月就自動關機，門市說要送回原廠，等了兩個禮拜還是沒有消息，真的很失望。",
	"Went to the new store with a friend yesterday. The staff were lovely, the coffee was fine, and we had to wait a bit for "
	"a table.",
	"Three weeks in and the screen cracked on its own. Support refuses to replace it, they told me it was my fault, still no "
	"refund.",
	"The parcel says delivered but nothing came. I called twice, nobody answers, and the app just tells me to wait. What "
	"now?",
	"Does anyone know how to pair these headphones with a laptop? The manual does not say and I have been trying all "
	"evening.",
	"Best breakfast we have had in a hotel, the room was clean, and they upgraded us for free. Would stay here again any "
	"time.",
	"The company said on Monday that sales rose by a fifth in the first half, and that a new plant will open next year.",
	"Picked up two shirts in the sale after work. The colour is about what the pictures show and the size fits, so we will "
	"see.",
	"My bank changed the app again and I cannot find the page with the statements, it used to be on the front page.",
};
#define NPOSTS (sizeof(posts) / sizeof(posts[0]))
#define LOOKS_A_POST 1 /* next to none when this was written: a rule that adds one has to be worth it */

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	return rulebox_load_behind(&box, "rules") ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static void a_post_runs_few_expressions(void **state)
{
	(void)state;
	struct arena a;
	struct scanned s;
	arena_init(&a, LIMIT_ARENA_BYTES);
	const uint64_t before = queries_looks(box.book);
	for (size_t i = 0; i < NPOSTS; i++) {
		const struct post post = rulebox_post(posts[i]);
		arena_reset(&a);
		scan_matches(&a, box.book, &post, &s);
	}
	const double looks = (double)(queries_looks(box.book) - before) / NPOSTS;
	print_message("%.1f expressions a post\n", looks);
	if (looks > LOOKS_A_POST)
		fail_msg("%.1f runs of an expression a post, %d are allowed: give the new ones rarer literals", looks,
			LOOKS_A_POST);
	arena_release(&a);
}

static void no_expression_runs_without_a_literal(void **state)
{
	(void)state;
	const struct queries *q = box.book->queries;
	assert_true(q->nregexes > 0);
	assert_int_equal(q->nalways, 0);
	for (size_t i = 0; i < q->nregexes; i++) {
		const struct regex_need *need;
		assert_true(regex_needs(q->regex[i], &need) > 0);
	}
}

static void who_asks_for_brands_runs_none(void **state)
{
	(void)state;
	struct arena a;
	struct scanned s;
	arena_init(&a, LIMIT_ARENA_BYTES);
	const uint64_t before = queries_looks(box.book);
	for (size_t i = 0; i < NPOSTS; i++) {
		const struct post post = rulebox_post(posts[i]);
		arena_reset(&a);
		scan_admission(&a, box.book, &post, &s);
		for (size_t k = 0; k < s.n; k++)
			assert_true(query_is_of_admission(s.match[k].rule->list));
	}
	assert_int_equal(queries_looks(box.book), before);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_runs_few_expressions),
		cmocka_unit_test(no_expression_runs_without_a_literal),
		cmocka_unit_test(who_asks_for_brands_runs_none),
	};
	return cmocka_run_group_tests_name("query_cost", tests, setup, teardown);
}
