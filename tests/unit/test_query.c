/* The query language: what each operator finds, in both languages, and what is said about queries that are wrong. */
#include "common/text/admission.h"
#include "common/text/query.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static char said[8192]; /* the problems of the last query */

static struct rulebook *book_of(const char *query, const struct rulebook *lists)
{
	struct problems p;
	struct buf out;
	problems_init(&p);
	struct rulebook *book = rulebook_of_query(str_of(query), lists, &p);
	buf_init(&out, sizeof(said));
	problems_write(&p, &out);
	snprintf(said, sizeof(said), "%.*s", STR_FMT(buf_str(&out)));
	buf_release(&out);
	problems_release(&p);
	return book;
}

/* The places of the matches as "from-to ", in the title behind a t; "-" when the query is not true. */
static const char *places_in(const char *query, const struct post *post)
{
	static char text[512];
	struct arena a;
	struct scanned s;
	size_t used = 0;
	struct rulebook *book = book_of(query, NULL);
	if (!book)
		fail_msg("%s: %s", query, said);
	arena_init(&a, 16u << 20);
	scan_post(&a, book, post, &s);
	snprintf(text, sizeof(text), "%s", s.n ? "" : "-");
	for (size_t i = 0; i < s.n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u-%u ", s.match[i].field == POST_TITLE ? "t" : "",
			s.match[i].from, s.match[i].to);
	assert_int_equal(scanned_has_query(&s, LIST_WATCH), s.n > 0);
	arena_release(&a);
	rulebook_free(book);
	return text;
}

static bool holds_of(const char *query, const struct post *post)
{
	return strcmp(places_in(query, post), "-") != 0;
}

static void assert_finds(const char *query, const char *text)
{
	const struct post p = rulebox_post(text);
	if (!holds_of(query, &p))
		fail_msg("%s should be true of %s", query, text);
}

static void assert_misses(const char *query, const char *text)
{
	const struct post p = rulebox_post(text);
	if (holds_of(query, &p))
		fail_msg("%s should not be true of %s", query, text);
}

static void assert_refused(const char *query, const char *where_and_code)
{
	struct rulebook *book = book_of(query, NULL);
	if (book || !strstr(said, where_and_code))
		fail_msg("%s: wanted %s, got %s", query, where_and_code, said);
}

static void assert_warned(const char *query, const char *where_and_code)
{
	struct rulebook *book = book_of(query, NULL);
	if (!book || !strstr(said, where_and_code))
		fail_msg("%s: wanted %s, got %s", query, where_and_code, said);
	rulebook_free(book);
}

static void words_side_by_side_mean_and(void **state)
{
	(void)state;
	assert_finds("refund broken", "it is Broken, I want a REFUND");
	assert_misses("refund broken", "I want a refund");
	assert_finds("退款 坏了", "手机坏了，我要退款");
	assert_misses("退款 坏了", "我要退款");
	assert_finds("refund && broken", "broken refund");
	assert_finds("退款 且 坏了", "坏了 退款");
	assert_finds("退款 AND 坏了", "坏了退款");
}

static void either_of_two_is_enough(void **state)
{
	(void)state;
	assert_finds("refund OR broken", "broken");
	assert_finds("refund || broken", "refund");
	assert_finds("退款 或 坏了", "它坏了");
	assert_misses("退款 或 坏了", "很好");
	assert_finds("（退款 或 坏了） 且 手机", "手机坏了");
}

static void what_is_forbidden_must_not_be_there(void **state)
{
	(void)state;
	assert_finds("refund -advert", "refund please");
	assert_misses("refund -advert", "refund advert");
	assert_misses("退款 非 广告", "退款广告");
	assert_finds("退款 AND NOT 广告", "退款！");
	assert_misses("refund AND NOT (ad OR promo)", "refund promo");
	assert_finds("refund NOT NOT broken", "refund broken");
}

static void latin_words_are_whole_and_chinese_ones_anywhere(void **state)
{
	(void)state;
	assert_misses("cat", "category");
	assert_finds("cat", "a cat.");
	assert_finds("退款", "怎么退款呢");
	assert_finds("refund", "ＲＥＦＵＮＤ");
	assert_finds("退款難", "退款难");
}

static void a_quotation_is_one_term(void **state)
{
	(void)state;
	assert_finds("\"customer service\"", "bad Customer   Service!");
	assert_misses("\"customer service\"", "service for a customer");
	assert_finds("“客户 服务”", "客户 服务差");
	assert_finds("\"a AND b\"", "a and b");
	assert_finds("\"5*\"", "rated 5* by me");
}

static void near_counts_tokens_in_either_order(void **state)
{
	(void)state;
	assert_finds("battery NEAR/2 fire", "battery caught on fire");
	assert_misses("battery NEAR/1 fire", "battery caught on fire");
	assert_finds("battery NEAR/2 fire", "fire in the battery");
	assert_finds("电池 NEAR/3 起火", "电池突然就起火");
	assert_misses("电池 NEAR/2 起火", "电池突然就起火");
	assert_finds("电池 邻近/3 起火", "起火的是电池");
	assert_finds("battery NEAR/0 fire", "battery-fire");
	assert_misses("refund NEAR/5 refund", "refund");
	assert_finds("refund NEAR/5 refund", "refund, refund");
	assert_finds("(电池 OR battery) NEAR/3 (起火 OR fire)", "battery起火");
}

static void near_forward_wants_the_order(void **state)
{
	(void)state;
	assert_finds("battery NEAR/3f fire", "battery on fire");
	assert_misses("battery NEAR/3f fire", "fire in battery");
	assert_finds("电池 邻近/3顺 起火", "电池又起火");
	assert_misses("电池 邻近/3顺 起火", "起火的电池");
}

static void near_does_not_reach_into_another_field(void **state)
{
	(void)state;
	struct post p = rulebox_post("fire");
	p.title = STR("battery");
	assert_false(holds_of("battery NEAR/9 fire", &p));
	assert_true(holds_of("battery AND fire", &p));
}

static void slop_bounds_all_words_of_a_quotation(void **state)
{
	(void)state;
	assert_finds("\"battery fire\"~2", "fire in the battery");
	assert_misses("\"battery fire\"~1", "fire in the battery");
	assert_finds("\"电池 起火\"~3", "起火的是电池");
	assert_finds("\"phone battery fire\"~3", "fire of my battery, new phone");
	assert_misses("\"phone battery fire\"~1", "fire of my battery, new phone");
}

static void wildcards_stand_for_letters_of_one_word(void **state)
{
	(void)state;
	assert_finds("refund*", "refunded");
	assert_finds("refund*", "refund.");
	assert_misses("refund*", "prefund");
	assert_finds("re*nd", "refund");
	assert_misses("re*nd", "re bound and");
	assert_finds("organi?ation", "Organisation");
	assert_misses("organi?ation", "organation");
	assert_finds("退*款", "退我的钱款");
	assert_misses("退*款", "退，款");
	assert_finds("投诉*", "投诉");
	assert_misses("re*nd", "refunds");
}

static void case_can_be_asked_for(void **state)
{
	(void)state;
	assert_finds("=Target", "at Target");
	assert_misses("=Target", "my target");
	assert_finds("{BT}", "BT is down");
	assert_misses("{BT}", "bt");
	assert_finds("=\"Big Blue\"", "the Big Blue");
}

static void min_wants_so_many_of_its_operands(void **state)
{
	(void)state;
	assert_finds("min(2, fire smoke burn)", "smoke and fire");
	assert_misses("min(2, fire smoke burn)", "smoke, smoke");
	assert_finds("至少(2，起火 冒烟 烧)", "冒烟又起火");
	assert_finds("min(2, (a OR b), \"c d\", e)", "c d b");
}

static void a_scope_is_one_sentence_or_paragraph(void **state)
{
	(void)state;
	assert_finds("sentence(battery AND fire)", "Hello. The battery was on fire! Bye.");
	assert_misses("sentence(battery AND fire)", "I like the battery. No fire so far.");
	assert_finds("sentence(battery AND fire)", "The battery, bought at Dr. Smith's, e.g. last week, made fire.");
	assert_finds("同句(电池 且 起火)", "你好。电池起火了！");
	assert_misses("同句(电池 且 起火)", "电池很好。没有起火");
	assert_finds("paragraph(电池 AND 起火)", "电池很好。没有起火");
	assert_misses("同段(电池 AND 起火)", "电池很好。\n没有起火");
	assert_finds("sentence(battery AND NOT fire)", "fire and battery. Only battery.");
	assert_misses("sentence(battery AND NOT fire)", "fire and battery.");
	assert_finds("sentence(电池 NEAR/3 起火)", "起火。电池又起火");
}

static void terms_can_be_bound_to_a_field(void **state)
{
	(void)state;
	struct post p = rulebox_post("我要退款 refund");
	p.title = STR("问题 question");
	assert_true(holds_of("title:question", &p));
	assert_false(holds_of("title:refund", &p));
	assert_true(holds_of("text:(refund AND 退款)", &p));
	assert_true(holds_of("标题：问题", &p));
	assert_true(holds_of("text:退款 AND NOT title:退款", &p));
	assert_string_equal(places_in("title:question OR text:refund", &p), "t3-11 5-11 ");
}

static void hashtags_and_mentions_are_whole(void **state)
{
	(void)state;
	assert_finds("hashtag:退款", "#退款# 太难");
	assert_misses("hashtag:退款", "#退款难#");
	assert_finds("hashtag:退款*", "#退款难#");
	assert_misses("hashtag:退款", "退款");
	assert_finds("hashtag:refund", "I want #Refund!");
	assert_misses("hashtag:refund", "#refunds");
	assert_finds("mention:SkylarkEV", "hey @skylarkev you");
	assert_misses("mention:Skylark", "@SkylarkEV");
	assert_finds("提到:云雀", "@云雀 你好");
}

static struct post full_post(void)
{
	struct post p = rulebox_post("refund 退款");
	p.source = STR("black-cat");
	p.family = STR("complaint");
	p.kind = POST_REVIEW;
	p.url = STR("https://shop.example.com/item/12?x=1");
	p.author = STR("a:00ff");
	p.lang = STR("zh-Hans");
	p.region = STR("广东 深圳");
	p.app_version = STR("3.2.1");
	p.stars = 2;
	p.likes = 120;
	p.author_verified = 0;
	p.posted_ms = 1769907600000; /* 2026-02-01T01:00Z, a Sunday */
	return p;
}

static void fields_are_compared_with_the_post(void **state)
{
	(void)state;
	static const char *const yes[] = { "site:example.com", "site:shop.example.com", "source:black-cat", "source:black*",
		"family:complaint", "kind:review", "url:item", "author:\"a:00ff\"", "lang:zh", "语言:zh-Hans", "region:广东",
		"version:3.2*", "stars:[1 TO 2]", "stars:2", "likes:>100", "likes:>=120", "verified:no", "认证:否",
		"posted:[2026-02-01 TO 2026-02-28]", "posted:[2026-01-01 TO 2026-02-01]", "weekday:7", "weekday:[6 TO 7]",
		"minute-of-day:60", "minute-of-day:[540 TO 600]+08:00", "minute-of-day:[1380 TO 90]", "posted:>2026-01-31",
		"星级:[1 至 2]" };
	static const char *const no[] = { "site:ple.com", "site:other.com", "source:black", "family:news", "kind:post",
		"url:nowhere", "lang:en", "region:上海", "version:3.1*", "stars:[3 TO 5]", "likes:<100", "verified:yes",
		"posted:2026-01-31", "weekday:1", "minute-of-day:[540 TO 1080]", "posted:<2026-02-01" };
	const struct post p = full_post();
	char query[128];
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		snprintf(query, sizeof(query), "退款 AND %s", yes[i]);
		if (!holds_of(query, &p))
			fail_msg("%s should be true", query);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		snprintf(query, sizeof(query), "refund AND %s", no[i]);
		if (holds_of(query, &p))
			fail_msg("%s should not be true", query);
	}
}

static void what_a_post_does_not_tell_is_neither_true_nor_false(void **state)
{
	(void)state;
	static const char *const fields[] = { "stars:[1 TO 5]", "likes:>0", "verified:yes", "posted:>2000-01-01",
		"weekday:[1 TO 7]", "author:x", "region:广东", "site:example.com" };
	const struct post p = rulebox_post("退款");
	char query[128];
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		snprintf(query, sizeof(query), "退款 AND %s", fields[i]);
		assert_false(holds_of(query, &p));
		snprintf(query, sizeof(query), "退款 AND NOT %s", fields[i]);
		assert_false(holds_of(query, &p));
		snprintf(query, sizeof(query), "退款 OR %s", fields[i]);
		assert_true(holds_of(query, &p));
	}
	struct post day = full_post();
	day.date_only = true;
	assert_false(holds_of("退款 minute-of-day:[0 TO 1439]", &day));
	assert_true(holds_of("退款 weekday:7", &day));
}

static void regular_expressions_see_folded_or_written_text(void **state)
{
	(void)state;
	assert_finds("/退.{0,4}款/i", "我要退這筆款");
	assert_finds("/REFUND(ed|s)?/i", "Refunded");
	assert_finds("/Refund/", "a Refund");
	assert_misses("/Refund/", "a refund");
	assert_finds("/(?:退款|退钱)\\d+元/i", "退钱３０元");
	assert_finds("/订单号\\d{4,}/i AND 投诉", "投诉：订单号12345");
	assert_finds("投诉 AND /\\d{6}/", "投诉 123456");
	assert_misses("投诉 AND /\\d{6}/", "123456");
}

static void comments_are_passed_over(void **state)
{
	(void)state;
	assert_finds("refund <<< money back >>> OR broken", "broken");
	assert_finds("refund # money back\n OR broken", "broken");
	assert_finds("#退款#", "#退款#");
}

static void places_are_those_of_the_deciding_terms(void **state)
{
	(void)state;
	struct post p = rulebox_post("refund it: battery on fire, 退款");
	assert_string_equal(places_in("(battery NEAR/2 fire) AND refund", &p), "0-6 11-18 22-26 ");
	assert_string_equal(places_in("refund AND NOT broken", &p), "0-6 ");
	assert_string_equal(places_in("refund OR 退款", &p), "0-6 28-30 ");
	assert_string_equal(places_in("fur* OR batt*", &p), "11-18 ");
	p.source = STR("s1");
	assert_string_equal(places_in("source:s1", &p), "0-0 ");
}

static void mistakes_are_told_with_place_and_code(void **state)
{
	(void)state;
	static const struct {
		const char *query, *told;
	} cases[] = {
		{ "(refund OR 退款", "query:1:1: error: [Q001]" },
		{ "refund)", "query:1:7: error: [Q001]" },
		{ "likes:[1 TO 2", "query:1:7: error: [Q001]" },
		{ "退款 \"客服", "query:1:4: error: [Q002]" },
		{ "a /bc", "query:1:3: error: [Q002]" },
		{ "a <<< b", "query:1:3: error: [Q002]" },
		{ "", "query:1:1: error: [Q003]" },
		{ "refund OR ()", "query:1:11: error: [Q003]" },
		{ "refund AND broken OR fire", "query:1:19: error: [Q004]" },
		{ "退款 或 坏了 手机", "[Q004]" },
		{ "refund OR", "query:1:10: error: [Q005]" },
		{ "AND refund", "query:1:1: error: [Q005]" },
		{ "refund OR OR fire", "query:1:11: error: [Q005]" },
		{ "NOT 广告", "query:1:1: error: [Q006]" },
		{ "-a -b", "[Q006]" },
		{ "refund OR NOT broken", "query:1:11: error: [Q007]" },
		{ "sentence(NOT a) AND b", "query:1:1: error: [Q007]" },
		{ "refund AND NOT refund", "query:1:12: error: [Q008]" },
		{ "a AND stars:[1 TO 2] AND stars:5", "query:1:26: error: [Q008]" },
		{ "*fund", "query:1:1: error: [Q009]" },
		{ "re*", "query:1:1: error: [Q010]" },
		{ "退*", "[Q010]" },
		{ "abc*d*e*f", "[Q010]" },
		{ "titel:refund", "did you mean \"title\"?" },
		{ "标提:退款", "[Q011]" },
		{ "a kind:reveiw", "did you mean \"review\"?" },
		{ "a stars:[5 TO 1]", "query:1:9: error: [Q013]" },
		{ "a stars:9", "[Q013]" },
		{ "a posted:yesterday", "[Q013]" },
		{ "a likes:[1,2]", "[Q013]" },
		{ "a NEAR b", "query:1:3: error: [Q014]" },
		{ "a NEAR/500 b", "[Q014]" },
		{ "(a AND b) NEAR/3 c", "[Q014]" },
		{ "a NEAR/3 b NEAR/3 c", "[Q014]" },
		{ "\"battery\"~3", "[Q014]" },
		{ "@complaints", "did you mean @complaint?" },
		{ "@complaint.refnd", "did you mean \"refund\"?" },
		{ "@brand.nobody", "[Q015]" },
		{ "a AND @competitors", "[Q015]" },
		{ "/(a+)+$/", "[Q018]" },
		{ "/ab(/", "[Q018]" },
		{ "/ab/x", "[Q018]" },
		{ "/\\d{11}/", "query:1:1: error: [Q019]" },
		{ "refund OR /\\d{11}/", "query:1:11: error: [Q019]" },
		{ "min(3, a b)", "[Q020]" },
		{ "min(a b)", "[Q020]" },
		{ "sentence(a AND stars:1)", "[Q021]" },
		{ "退款，投诉", "[Q022]" },
		{ "a ]", "query:1:3: error: [Q022]" },
		{ "a\n  AND\n  OR b", "query:3:3: error: [Q005]" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].query, cases[i].told);
}

static void doubtful_queries_are_warned_of(void **state)
{
	(void)state;
	assert_warned("refund and broken", "query:1:8: warning: [W101]");
	assert_warned("stars:[1 TO 2]", "query:1:1: warning: [W102]");
	assert_warned("refund OR 退款 OR refund", "query:1:17: warning: [W103]");
	assert_warned("refund OR (refund AND 退款)", "[W104]");
	assert_warned("refund AND (退款 OR refund)", "[W104]");
}

static void too_large_is_refused(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1u << 20);
	for (int i = 0; i < 40; i++)
		buf_addc(&b, '(');
	buf_addz(&b, "a");
	for (int i = 0; i < 40; i++)
		buf_addc(&b, ')');
	assert_refused(b.p, "[Q017]");
	buf_clear(&b);
	for (int i = 0; i < 600; i++)
		buf_addf(&b, "%sword%d", i ? " OR " : "", i);
	assert_refused(b.p, "[Q017]");
	buf_clear(&b);
	for (int i = 0; i < 9000; i++)
		buf_addz(&b, "long ");
	assert_refused(b.p, "[Q017]");
	buf_release(&b);
}

/* ---- files ---- */

static struct rulebox box;

static void open_box(void)
{
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf",
		STR("[brand lark]\nname = 云雀\naliases = 云雀, Skylark\nexclude = 云雀叫\n[brand other]\nname = Other\naliases "
		    "= Othercar\n"));
	rulebox_file(&box, "complaint.x.tsv", STR("refund\t0.5\trefund\n退款\t0.5\trefund\nbroken\t0.6\tquality\n"));
	rulebox_file(&box, "urgency.x.tsv", STR("起火\t0.9\tcritical\n"));
}

static const char *scan_names(const char *text)
{
	static char names[512];
	struct scanned s;
	const struct post p = rulebox_post(text);
	size_t used = 0;
	names[0] = 0;
	scan_post(&box.arena, box.book, &p, &s);
	for (size_t i = 0; i < s.n; i++)
		if (s.match[i].rule->query)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s:%.*s@%u-%u ",
				rule_list_names[s.match[i].rule->list], STR_FMT(s.match[i].rule->term), s.match[i].from,
				s.match[i].to);
	return names;
}

static void a_query_file_makes_rules(void **state)
{
	(void)state;
	open_box();
	rulebox_file(&box, "a.query",
		STR("# mine\n[@trouble]\nquery = broken OR 坏了\n\n[电池 fire]\nlist = complaint\ncategory = safety\nweight = "
		    "0.9\n"
		    "query = (battery OR 电池) AND\n   (@trouble OR @urgency.critical)\n[refunds]\nquery = @complaint.refund "
		    "NEAR/3 @brand.lark\n"
		    "[lark 2]\nlist = brand\nbrand = lark\nquery = 鸟车 AND NOT @brand.lark\nnote = nickname\n"));
	assert_non_null(rulebox_load(&box));
	assert_string_equal(scan_names("电池坏了"), "complaint:电池 fire@0-2 ");
	assert_string_equal(scan_names("battery 起火"), "complaint:电池 fire@0-7 ");
	assert_string_equal(scan_names("云雀退款"), "watch:refunds@0-2 watch:refunds@2-4 ");
	assert_string_equal(scan_names("云雀叫退款"), "");
	assert_string_equal(scan_names("Skylark: no refund"), "watch:refunds@0-7 watch:refunds@12-18 ");
	assert_string_equal(scan_names("鸟车"), "brand:lark 2@0-2 ");
	assert_string_equal(scan_names("云雀鸟车"), "");
	rulebox_close(&box);
}

static void a_brand_query_admits_the_post(void **state)
{
	(void)state;
	open_box();
	rulebox_file(&box, "a.query", STR("[x]\nlist = brand\nbrand = lark\nquery = 鸟车 AND battery\n"));
	assert_non_null(rulebox_load(&box));
	struct scanned s;
	struct admission *list;
	const struct post p = rulebox_post("鸟车 battery");
	scan_post(&box.arena, box.book, &p, &s);
	assert_int_equal(admission_find(&box.arena, box.book, &s, &list), 1);
	assert_int_equal(list[0].nplaces, 2);
	rulebox_close(&box);
}

static void mistakes_of_a_file_have_their_place(void **state)
{
	(void)state;
	open_box();
	rulebox_file(&box, "a.query",
		STR("list = watch\n[a]\nlist = watsh\nquery = x\n[b]\nquery = (x OR\n  y\n[c]\n[d]\nlist = complaint\nquery = 好 "
		    "AND\n     stras:1\n"
		    "[e]\nlist = brand\nquery = x\n[f]\nbrand = nobody\nquery = x\n[@g]\nlist = watch\nquery = @g\n[h]\nfolds = "
		    "+pinyn\nquery = y\n"));
	assert_null(rulebox_load(&box));
	static const char *const told[] = { "a.query:1:1: error: [Q023]", "a.query:3:8: error: [Q023]",
		"a.query:6:9: error: [Q001]", "a.query:8:1: error: [Q023]", "a.query:9:1: error: [Q023]",
		"a.query:15:9: error: [Q023]", "a.query:17:9: error: [Q023]", "a.query:20:1: error: [Q023]",
		"a.query:21:9: error: [Q016]", "a.query:23:9: error: [Q023]" };
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (!strstr(box.said, told[i]))
			fail_msg("%s is missing in %s", told[i], box.said);
	rulebox_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_side_by_side_mean_and),
		cmocka_unit_test(either_of_two_is_enough),
		cmocka_unit_test(what_is_forbidden_must_not_be_there),
		cmocka_unit_test(latin_words_are_whole_and_chinese_ones_anywhere),
		cmocka_unit_test(a_quotation_is_one_term),
		cmocka_unit_test(near_counts_tokens_in_either_order),
		cmocka_unit_test(near_forward_wants_the_order),
		cmocka_unit_test(near_does_not_reach_into_another_field),
		cmocka_unit_test(slop_bounds_all_words_of_a_quotation),
		cmocka_unit_test(wildcards_stand_for_letters_of_one_word),
		cmocka_unit_test(case_can_be_asked_for),
		cmocka_unit_test(min_wants_so_many_of_its_operands),
		cmocka_unit_test(a_scope_is_one_sentence_or_paragraph),
		cmocka_unit_test(terms_can_be_bound_to_a_field),
		cmocka_unit_test(hashtags_and_mentions_are_whole),
		cmocka_unit_test(fields_are_compared_with_the_post),
		cmocka_unit_test(what_a_post_does_not_tell_is_neither_true_nor_false),
		cmocka_unit_test(regular_expressions_see_folded_or_written_text),
		cmocka_unit_test(comments_are_passed_over),
		cmocka_unit_test(places_are_those_of_the_deciding_terms),
		cmocka_unit_test(mistakes_are_told_with_place_and_code),
		cmocka_unit_test(doubtful_queries_are_warned_of),
		cmocka_unit_test(too_large_is_refused),
		cmocka_unit_test(a_query_file_makes_rules),
		cmocka_unit_test(a_brand_query_admits_the_post),
		cmocka_unit_test(mistakes_of_a_file_have_their_place),
	};
	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
