/* What Chinese grammar right beside an alias tells: measure words, adverbs, verbs of firms, model numbers, quotation marks. */
#include "common/text/sense.h"

#include "common/base/utf8.h"
#include "common/text/words.h"

/* A text that stands directly before or behind the alias. The longest that fits counts, so longer ones may make exceptions. */
struct beside {
	const char *text;
	const char *name;
	float weight;
};

static const struct beside before[] = {
	/* degree and negation: the word is an adjective or a verb */
	{ "很", "adverb", -1.6f },
	{ "太", "adverb", -1.6f },
	{ "最", "adverb", -1.8f },
	{ "更", "adverb", -1.4f },
	{ "更加", "adverb", -1.6f },
	{ "非常", "adverb", -1.6f },
	{ "特别", "adverb", -1.2f },
	{ "十分", "adverb", -1.6f },
	{ "挺", "adverb", -1.6f },
	{ "超", "adverb", -0.8f },
	{ "比较", "adverb", -1.0f },
	{ "越", "adverb", -1.4f },
	{ "不", "adverb", -1.2f },
	{ "不太", "adverb", -1.8f },
	{ "不够", "adverb", -1.4f },
	{ "没", "adverb", -1.0f },
	{ "没有", "adverb", -0.4f },
	{ "未", "adverb", -1.2f },
	{ "别", "adverb", -0.8f },
	{ "能", "modal", -1.0f },
	{ "能够", "modal", -1.2f },
	{ "可以", "modal", -0.8f },
	{ "想要", "modal", 0 },
	{ "必须", "modal", -1.0f },
	{ "应该", "modal", -0.6f },
	{ "需要", "modal", -0.4f },
	{ "一定", "modal", -0.6f },
	{ "会", "modal", -0.8f },
	{ "得", "complement", -1.0f },
	{ "地", "complement", -1.0f },
	{ "令人", "complement", -1.0f },
	{ "让人", "complement", -1.0f },
	{ "才", "adverb", -0.6f },
	{ "终于", "adverb", -0.8f },
	{ "总算", "adverb", -0.8f },
	{ "如此", "adverb", -1.4f },
	{ "多么", "adverb", -1.4f },
	{ "相当", "adverb", -1.2f },
	{ "有点", "adverb", -1.2f },
	{ "颇", "adverb", -1.4f },
	{ "真", "adverb", -0.8f },
	{ "互相", "adverb", -1.0f },
	{ "一路", "adverb", -1.0f },
	/* who: our …, their … */
	{ "我们", "person", -0.5f },
	{ "咱们", "person", -0.4f },
	{ "他们", "person", -0.6f },
	{ "她们", "person", -0.6f },
	{ "你们", "person", -0.2f },
	{ "大家", "person", -0.5f },
	{ "人人", "person", -0.8f },
	{ "人类", "person", -1.0f },
	/* what one does to a firm, or where one does it */
	{ "投诉", "toward a firm", 1.8f },
	{ "举报", "toward a firm", 1.6f },
	{ "起诉", "toward a firm", 1.8f },
	{ "状告", "toward a firm", 1.8f },
	{ "维权", "toward a firm", 1.4f },
	{ "约谈", "toward a firm", 1.6f },
	{ "卸载", "toward a firm", 1.8f },
	{ "下载", "toward a firm", 1.4f },
	{ "打开", "toward a firm", 0.5f },
	{ "登录", "toward a firm", 1.6f },
	{ "注册", "toward a firm", 1.2f },
	{ "入职", "toward a firm", 1.8f },
	{ "加盟", "toward a firm", 1.4f },
	{ "收购", "toward a firm", 1.2f },
	{ "入股", "toward a firm", 1.6f },
	{ "避雷", "toward a firm", 1.4f },
	{ "拔草", "toward a firm", 1.0f },
	{ "种草", "toward a firm", 0.8f },
	{ "就职于", "toward a firm", 1.8f },
	{ "跳槽到", "toward a firm", 1.8f },
	{ "前往", "toward a firm", 0.3f },
	{ "在", "place", 0.3f },
	{ "从", "place", 0.4f },
	{ "去", "place", 0.2f },
	{ "用", "place", 0.4f },
	{ "通过", "place", 0.6f },
	{ "换", "place", 0.4f },
	{ "换成", "place", 0.8f },
	{ "买", "place", 0.2f },
	{ "选", "place", 0.4f },
	{ "被", "place", 0.4f },
	{ "找", "place", 0.3f },
	{ "联系", "place", 0.8f },
	{ "建议", "place", 0.2f },
	{ "吐槽", "place", 1.2f },
	{ "安利", "place", 1.0f },
	{ "入手", "place", 1.0f },
	{ "新款", "place", 1.2f },
	{ "最新款", "place", 1.2f },
	{ "全新", "place", 0.8f },
	{ "国产", "place", 0.4f },
	{ "收到", "place", 0.6f },
	{ "刚收到", "place", 0.8f },
	{ "买的是", "place", 0.9f },
	{ "用的是", "place", 1.2f },
	{ "用的", "place", 0.5f },
	{ "喝的", "place", 0.5f },
	{ "换到", "place", 1.0f },
	{ "换了", "place", 0.5f },
	{ "订了", "place", 0.7f },
	{ "订的", "place", 0.7f },
	{ "提了", "place", 0.8f },
	{ "签了", "place", 0.7f },
	{ "签的", "place", 0.9f },
	{ "投的", "place", 0.8f },
	{ "住进", "place", 0.9f },
	{ "囤了", "place", 0.6f },
	{ "卖", "place", 0.1f },
	{ "代言", "place", 1.6f },
	{ "求", "place", 0.2f },
	{ "感谢", "place", 0.5f },
	{ "谢谢", "place", 0.4f },
	{ "支持", "place", 0.6f },
	{ "抵制", "place", 1.8f },
	{ "相信", "place", 0.4f },
	/* the signs of the net */
	{ "@", "mention", 2.2f },
	{ "#", "hashtag", 0.7f },
};

static const struct beside behind[] = {
	/* aspect, direction and result: the word is a verb or an adjective */
	{ "着", "aspect", -1.4f },
	{ "了", "aspect", -0.6f },
	{ "过", "aspect", -0.6f },
	{ "起来", "aspect", -1.4f },
	{ "下去", "aspect", -1.2f },
	{ "出来", "aspect", -0.6f },
	{ "地", "aspect", -0.8f },
	{ "得很", "aspect", -1.6f },
	{ "极了", "aspect", -1.6f },
	{ "死了", "aspect", -0.6f },
	{ "多了", "aspect", -0.8f },
	{ "一点", "aspect", -0.6f },
	{ "一些", "aspect", -0.6f },
	{ "到了", "aspect", -0.4f },
	{ "起", "aspect", -0.6f },
	{ "成", "aspect", -0.4f },
	/* it begins a longer noun */
	{ "化", "suffix", -1.6f },
	{ "性", "suffix", -1.4f },
	{ "主义", "suffix", -2.0f },
	{ "感", "suffix", -1.4f },
	{ "者", "suffix", -1.4f },
	{ "们", "suffix", -1.2f },
	{ "般", "suffix", -1.4f },
	{ "式", "suffix", -1.0f },
	{ "状", "suffix", -1.4f },
	{ "界", "suffix", -1.0f },
	{ "史", "suffix", -0.8f },
	{ "学", "suffix", -0.6f },
	{ "似的", "suffix", -1.6f },
	{ "一样", "suffix", -0.6f },
	{ "一般", "suffix", -0.4f },
	{ "树", "suffix", -1.6f },
	{ "皮", "suffix", -1.0f },
	{ "汁", "suffix", -1.6f },
	{ "籽", "suffix", -1.6f },
	{ "粥", "suffix", -2.0f },
	{ "酱", "suffix", -1.2f },
	{ "糕", "suffix", -1.0f },
	{ "汤", "suffix", -1.6f },
	{ "馅", "suffix", -1.6f },
	{ "园", "suffix", -0.8f },
	{ "色", "suffix", -1.4f },
	{ "味", "suffix", -1.0f },
	{ "形", "suffix", -1.4f },
	{ "里面", "suffix", -0.4f },
	{ "上面", "suffix", -0.2f },
	{ "心", "suffix", -0.8f },
	{ "身", "suffix", -0.6f },
	/* what firms do */
	{ "回应", "firm acts", 2.2f },

	{ "致歉", "firm acts", 2.2f },
	{ "道歉", "firm acts", 1.8f },
	{ "宣布", "firm acts", 1.8f },
	{ "官宣", "firm acts", 2.2f },
	{ "发布", "firm acts", 1.8f },
	{ "推出", "firm acts", 1.8f },
	{ "上市", "firm acts", 1.0f },
	{ "裁员", "firm acts", 2.2f },
	{ "召回", "firm acts", 2.0f },
	{ "涨价", "firm acts", 0.8f },
	{ "降价", "firm acts", 0.8f },
	{ "下架", "firm acts", 1.2f },
	{ "停产", "firm acts", 1.6f },
	{ "关店", "firm acts", 1.8f },
	{ "闭店", "firm acts", 1.8f },
	{ "倒闭", "firm acts", 1.8f },
	{ "破产", "firm acts", 1.6f },
	{ "融资", "firm acts", 2.0f },
	{ "被罚", "firm acts", 2.0f },
	{ "被曝", "firm acts", 1.4f },
	{ "被约谈", "firm acts", 2.2f },
	{ "被起诉", "firm acts", 1.8f },
	{ "表示", "firm acts", 1.0f },
	{ "称", "firm acts", 0.8f },
	{ "声明", "firm acts", 1.2f },
	{ "承诺", "firm acts", 1.0f },
	{ "更新", "firm acts", 1.2f },
	{ "升级", "firm acts", 0.8f },
	{ "打折", "firm acts", 0.4f },
	{ "退款", "firm acts", 1.4f },
	{ "不退", "firm acts", 1.2f },
	{ "发货", "firm acts", 1.4f },
	{ "不发货", "firm acts", 1.6f },
	{ "扣款", "firm acts", 1.6f },
	{ "扣费", "firm acts", 1.6f },
	{ "自动", "firm acts", 0.8f },
	{ "承认", "firm acts", 1.0f },
	{ "收购", "firm acts", 1.4f },
	{ "拒绝", "firm acts", 0.8f },
	{ "拒赔", "firm acts", 1.8f },

	{ "怎么样", "firm acts", 0.6f },

	{ "靠谱吗", "firm acts", 1.4f },
	{ "值得买吗", "firm acts", 1.4f },
	{ "好用吗", "firm acts", 1.4f },
	{ "出", "firm acts", 0.4f },
	{ "又出", "firm acts", 0.6f },
	{ "和", "firm acts", 0.1f },
	{ "家的", "firm acts", 1.4f },
	/* it does something to somebody, or is judged as a whole */
	{ "把我", "acts on me", 1.0f },
	{ "给我", "acts on me", 0.8f },
	{ "让我", "acts on me", 0.8f },
	{ "叫我", "acts on me", 0.8f },
	{ "跟我", "acts on me", 0.8f },
	{ "说我", "acts on me", 1.0f },
	{ "告诉我", "acts on me", 1.0f },
	{ "对我", "acts on me", 0.6f },
	{ "欠我", "acts on me", 1.2f },
	{ "骗", "acts on me", 0.8f },
	{ "坑", "acts on me", 1.0f },
	{ "扣我", "acts on me", 1.4f },
	{ "不赔", "acts on me", 1.6f },
	{ "不认", "acts on me", 0.8f },
	{ "不管", "acts on me", 0.6f },
	{ "不理", "acts on me", 0.6f },
	{ "拖着", "acts on me", 1.0f },
	{ "不给", "acts on me", 1.0f },
	{ "用了", "acts on me", 0.6f },
	{ "真的", "is judged", 0.5f },
	{ "又", "is judged", 0.5f },
	{ "这波", "is judged", 1.4f },
	{ "这次", "is judged", 1.0f },
	{ "这种", "is judged", 0.4f },
	{ "今年", "is judged", 0.4f },
	{ "现在", "is judged", 0.3f },
	{ "能不能", "is judged", 1.0f },
	{ "什么时候", "is judged", 0.8f },
	{ "为什么", "is judged", 0.7f },
	{ "怎么", "is judged", 0.5f },
	{ "到底", "is judged", 0.6f },
	{ "越做越", "is judged", 1.4f },
	{ "越来越", "is judged", 0.5f },
	{ "太坑", "is judged", 1.6f },
	{ "新出", "is judged", 1.2f },
	{ "的新", "is judged", 0.6f },
	{ "旗下", "is judged", 2.2f },
	{ "那边", "is judged", 0.8f },
	{ "方面", "is judged", 1.4f },
	{ "的人", "is judged", 0.4f },
	{ "自家", "is judged", 1.2f },
	{ "出品", "is judged", 1.8f },
	{ "上看", "is judged", 0.9f },
	{ "上刷", "is judged", 1.4f },
	{ "上找", "is judged", 1.0f },
	{ "上架", "is judged", 0.8f },
	{ "款", "firm acts", 0.4f },
	{ "牌", "firm acts", 1.6f },
	{ "官", "firm acts", 1.2f },
	{ "上买", "firm acts", 1.4f },
	{ "上下单", "firm acts", 2.0f },
	{ "上的", "firm acts", 0.2f },
	{ "这个牌子", "firm acts", 2.4f },
	{ "这个品牌", "firm acts", 2.4f },
	{ "这家公司", "firm acts", 2.4f },
	{ "这种公司", "firm acts", 2.4f },
	{ "这种平台", "firm acts", 2.4f },
	{ "这个平台", "firm acts", 2.4f },
	{ "这软件", "firm acts", 2.4f },
	{ "这个软件", "firm acts", 2.4f },
};

/* A number (digits or Chinese) and one of these before the alias. */
static const struct beside measures[] = {
	{ "斤", "measure", -1.8f },
	{ "公斤", "measure", -1.8f },
	{ "千克", "measure", -1.8f },
	{ "克", "measure", -1.4f },
	{ "两", "measure", -1.2f },
	{ "个", "measure", -1.0f },
	{ "颗", "measure", -1.8f },
	{ "粒", "measure", -1.8f },
	{ "只", "measure", -1.6f },
	{ "条", "measure", -1.0f },
	{ "根", "measure", -1.6f },
	{ "棵", "measure", -1.8f },
	{ "株", "measure", -1.8f },
	{ "片", "measure", -1.4f },
	{ "块", "measure", -1.0f },
	{ "袋", "measure", -1.0f },
	{ "筐", "measure", -1.8f },
	{ "篮", "measure", -1.8f },
	{ "碗", "measure", -1.8f },
	{ "锅", "measure", -1.8f },
	{ "盘", "measure", -1.4f },
	{ "杯", "measure", -1.0f },
	{ "把", "measure", -1.4f },
	{ "口", "measure", -1.4f },
	{ "朵", "measure", -1.8f },
	{ "枚", "measure", -1.2f },
	{ "群", "measure", -1.6f },
	{ "窝", "measure", -1.8f },
	{ "堆", "measure", -1.2f },
	{ "串", "measure", -1.4f },
	{ "种", "measure", -1.2f },
	{ "位", "measure", -1.2f },
	{ "名", "measure", -1.2f },
	{ "场", "measure", -1.0f },
	{ "份", "measure", -0.8f },
	{ "段", "measure", -1.0f },
	{ "座", "measure", -1.2f },
	{ "勺", "measure", -1.6f },
	{ "半", "measure", -1.0f },
	{ "箱", "measure", -0.4f },
	{ "台", "measure", 1.8f },
	{ "部", "measure", 1.2f },
	{ "款", "measure", 1.8f },
	{ "辆", "measure", 1.8f },
	{ "家", "measure", 1.2f },
	{ "支", "measure", 0.4f },
	{ "套", "measure", 0.4f },
	{ "单", "measure", 1.2f },
	{ "包", "measure", 0.3f },
	{ "瓶", "measure", 0.4f },
	{ "罐", "measure", 0.5f },
	{ "代", "measure", 0.6f },
	{ "股", "measure", 0.8f },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const struct beside *longest(const struct beside *table, size_t n, struct str side, bool is_before)
{
	const struct beside *best = NULL;
	size_t best_n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct str text = str_of(table[i].text);
		if (text.n > best_n && (is_before ? str_ends(side, text) : str_starts(side, text))) {
			best = &table[i];
			best_n = text.n;
		}
	}
	return best;
}

static bool ends_with_number(struct str s)
{
	static const char *const numbers[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千", "两", "几",
		"半", "多", "每", "这", "那", "哪", "某", "整", "好几" };
	if (s.n == 0)
		return false;
	if (s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9')
		return true;
	for (size_t i = 0; i < ROWS(numbers); i++)
		if (str_ends(s, str_of(numbers[i])))
			return true;
	return false;
}

/* 三斤, 两台, 几颗红: the measure may be followed by one more character, an adjective. */
static const struct beside *measure_before(struct str left)
{
	for (int skipped = 0; skipped <= 1 && left.n >= 3; skipped++, left.n -= 3) {
		const struct beside *m = longest(measures, ROWS(measures), left, true);
		if (m && ends_with_number(str_first(left, left.n - str_of(m->text).n)))
			return m;
		if (!utf8_is_plain_three(left, left.n - 3))
			return NULL;
	}
	return NULL;
}

/* ---- what is written right behind without a space ---- */

static bool is_unit(struct str s)
{
	static const char *const units[] = { "斤", "公斤", "千克", "kg", "克", "g", "元", "块", "个", "毛", "两", "只", "颗",
		"箱", "袋", "粒", "人", "口", "棵" };
	for (size_t i = 0; i < ROWS(units); i++)
		if (str_starts(s, str_of(units[i])))
			return true;
	return false;
}

/* 小米14, 理想l7, 大众id.3: a model; 苹果3斤: a quantity. Behind Latin aliases a letter is another word. */
static void weigh_model(struct str right, struct sense *out)
{
	size_t digits = 0, word = 0;
	while (word < right.n && (unsigned char)right.p[word] < 0x80 && utf8_is_word((unsigned char)right.p[word]))
		word++;
	while (digits < word && right.p[digits] >= '0' && right.p[digits] <= '9')
		digits++;
	if (word == 0)
		return;
	if (digits == word && is_unit(str_from(right, digits)))
		sense_add(out, "quantity", NULL, -1.4f);
	else
		sense_add(out, digits ? "model number" : "model name", NULL, digits ? 1.6f : 1.2f);
}

/* Does the dictionary see it as part of a longer word (收放自如, 老板娘)? Then that word is meant. */
static void weigh_word(struct str text, const struct match *alias, struct sense *out)
{
	struct words *words = words_shared();
	if (words && (!words_border(words, text, alias->norm_from) || !words_border(words, text, alias->norm_to)))
		sense_add(out, "part of a word", NULL, -2.0f);
}

static void weigh_quotes(struct str left, struct str right, struct sense *out)
{
	static const char *const opening[] = { "“", "「", "『", "\"" }, *const closing[] = { "”", "」", "』", "\"" };
	for (size_t i = 0; i < ROWS(opening); i++)
		if (str_ends(left, str_of(opening[i])) && str_starts(right, str_of(closing[i])))
			sense_add(out, "quoted", NULL, 0.3f);
	if (str_ends(left, STR("《")) && str_starts(right, STR("》")))
		sense_add(out, "a title", NULL, -0.6f);
}

void sense_han(const struct norm *field, const struct match *alias, struct sense *out)
{
	const struct str left = str_first(field->text, alias->norm_from), right = str_from(field->text, alias->norm_to);
	const struct beside *measure = measure_before(left);
	const struct beside *found = measure ? measure : longest(before, ROWS(before), str_trim(left), true);
	if (found && found->weight != 0)
		sense_add(out, found->name, NULL, found->weight);
	found = longest(behind, ROWS(behind), str_trim(right), false);
	if (found && found->weight != 0)
		sense_add(out, found->name, NULL, found->weight);
	if (!alias->rule->is_latin) {
		weigh_word(field->text, alias, out);
		weigh_model(right, out);
	}
	weigh_quotes(left, right, out);
}
