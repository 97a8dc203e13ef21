/* The words that people may write in lists, and what they stand for. */
#include "common/text/rulebook_names.h"

#include "common/base/buf.h"
#include "common/base/names.h"
#include "common/base/problems.h"
#include "common/text/normalise.h"
#include <earshot/match.h>

#include <string.h>

const char *const rule_column_names[COL__N] = { "term", "weight", "category", "urgency", "nature", "folds", "case", "note",
	"brand" };
static const char *const case_names[] = { "any", "exact" };

struct vocabulary {
	const char *const *names;
	int n;
};
static const struct vocabulary english[NAMES__N] = {
	[NAMES_COLUMN] = { rule_column_names, COL__N },
	[NAMES_CATEGORY] = { category_names, CAT__N },
	[NAMES_URGENCY] = { urgency_names, URG__N },
	[NAMES_NATURE] = { nature_names, NAT__N },
	[NAMES_FOLD] = { fold_names, FOLD__N },
	[NAMES_CASE] = { case_names, 2 },
};

#define BIT(fold) __builtin_ctz(fold)

/* Further words, as the normaliser leaves them: lower case, half width, Simplified. */
struct name_row {
	enum rule_names which;
	int value;
	const char *word;
};
static const struct name_row more[] = {
	{ NAMES_COLUMN, COL_TERM, "关键词" },
	{ NAMES_COLUMN, COL_TERM, "关键字" },
	{ NAMES_COLUMN, COL_TERM, "词语" },
	{ NAMES_COLUMN, COL_TERM, "词条" },
	{ NAMES_COLUMN, COL_TERM, "词" },
	{ NAMES_COLUMN, COL_TERM, "keyword" },
	{ NAMES_COLUMN, COL_TERM, "terms" },
	{ NAMES_COLUMN, COL_TERM, "keywords" },
	{ NAMES_COLUMN, COL_WEIGHT, "权重" },
	{ NAMES_COLUMN, COL_WEIGHT, "分值" },
	{ NAMES_COLUMN, COL_WEIGHT, "分数" },
	{ NAMES_COLUMN, COL_WEIGHT, "系数" },
	{ NAMES_COLUMN, COL_WEIGHT, "factor" },
	{ NAMES_COLUMN, COL_WEIGHT, "score" },
	{ NAMES_COLUMN, COL_CATEGORY, "类别" },
	{ NAMES_COLUMN, COL_CATEGORY, "分类" },
	{ NAMES_COLUMN, COL_CATEGORY, "投诉类别" },
	{ NAMES_COLUMN, COL_URGENCY, "紧急" },
	{ NAMES_COLUMN, COL_URGENCY, "紧急程度" },
	{ NAMES_COLUMN, COL_URGENCY, "级别" },
	{ NAMES_COLUMN, COL_URGENCY, "level" },
	{ NAMES_COLUMN, COL_NATURE, "性质" },
	{ NAMES_COLUMN, COL_NATURE, "类型" },
	{ NAMES_COLUMN, COL_FOLDS, "变体" },
	{ NAMES_COLUMN, COL_FOLDS, "变形" },
	{ NAMES_COLUMN, COL_CASE, "大小写" },
	{ NAMES_COLUMN, COL_NOTE, "备注" },
	{ NAMES_COLUMN, COL_NOTE, "说明" },
	{ NAMES_COLUMN, COL_NOTE, "注释" },
	{ NAMES_COLUMN, COL_NOTE, "notes" },
	{ NAMES_COLUMN, COL_NOTE, "comment" },
	{ NAMES_COLUMN, COL_BRAND, "品牌" },
	{ NAMES_CATEGORY, CAT_NONE, "any" },
	{ NAMES_CATEGORY, CAT_NONE, "任意" },
	{ NAMES_CATEGORY, CAT_QUALITY, "质量" },
	{ NAMES_CATEGORY, CAT_QUALITY, "品质" },
	{ NAMES_CATEGORY, CAT_SERVICE, "服务" },
	{ NAMES_CATEGORY, CAT_SERVICE, "服务态度" },
	{ NAMES_CATEGORY, CAT_LOGISTICS, "物流" },
	{ NAMES_CATEGORY, CAT_LOGISTICS, "快递" },
	{ NAMES_CATEGORY, CAT_LOGISTICS, "配送" },
	{ NAMES_CATEGORY, CAT_REFUND, "退款" },
	{ NAMES_CATEGORY, CAT_REFUND, "退货" },
	{ NAMES_CATEGORY, CAT_REFUND, "退换货" },
	{ NAMES_CATEGORY, CAT_PRICE, "价格" },
	{ NAMES_CATEGORY, CAT_SAFETY, "安全" },
	{ NAMES_CATEGORY, CAT_PRIVACY, "隐私" },
	{ NAMES_CATEGORY, CAT_FRAUD, "欺诈" },
	{ NAMES_CATEGORY, CAT_FRAUD, "虚假宣传" },
	{ NAMES_CATEGORY, CAT_FRAUD, "诈骗" },
	{ NAMES_CATEGORY, CAT_OUTAGE, "故障" },
	{ NAMES_CATEGORY, CAT_OUTAGE, "宕机" },
	{ NAMES_CATEGORY, CAT_BILLING, "扣费" },
	{ NAMES_CATEGORY, CAT_BILLING, "账单" },
	{ NAMES_CATEGORY, CAT_BILLING, "计费" },
	{ NAMES_CATEGORY, CAT_FOOD, "食品" },
	{ NAMES_CATEGORY, CAT_FOOD, "食品安全" },
	{ NAMES_CATEGORY, CAT_HEALTH, "健康" },
	{ NAMES_CATEGORY, CAT_OTHER, "其他" },
	{ NAMES_CATEGORY, CAT_OTHER, "其它" },
	{ NAMES_URGENCY, URG_LOW, "低" },
	{ NAMES_URGENCY, URG_NORMAL, "普通" },
	{ NAMES_URGENCY, URG_NORMAL, "一般" },
	{ NAMES_URGENCY, URG_NORMAL, "中" },
	{ NAMES_URGENCY, URG_HIGH, "高" },
	{ NAMES_URGENCY, URG_HIGH, "重要" },
	{ NAMES_URGENCY, URG_CRITICAL, "紧急" },
	{ NAMES_URGENCY, URG_CRITICAL, "特急" },
	{ NAMES_NATURE, NAT_COMPLAINT, "投诉" },
	{ NAMES_NATURE, NAT_QUESTION, "咨询" },
	{ NAMES_NATURE, NAT_QUESTION, "提问" },
	{ NAMES_NATURE, NAT_PRAISE, "表扬" },
	{ NAMES_NATURE, NAT_PRAISE, "好评" },
	{ NAMES_NATURE, NAT_SUGGESTION, "建议" },
	{ NAMES_NATURE, NAT_RUMOUR, "谣言" },
	{ NAMES_NATURE, NAT_RUMOUR, "传言" },
	{ NAMES_NATURE, NAT_NEWS, "新闻" },
	{ NAMES_NATURE, NAT_ADVERTISEMENT, "广告" },
	{ NAMES_NATURE, NAT_OTHER, "其他" },
	{ NAMES_FOLD, BIT(FOLD_SYMBOL), "符号" },
	{ NAMES_FOLD, BIT(FOLD_SPACED), "空格" },
	{ NAMES_FOLD, BIT(FOLD_GLOSS), "注音" },
	{ NAMES_FOLD, BIT(FOLD_HOMOGLYPH), "形近" },
	{ NAMES_FOLD, BIT(FOLD_LEET), "数字" },
	{ NAMES_FOLD, BIT(FOLD_STRETCHED), "拉长" },
	{ NAMES_FOLD, BIT(FOLD_MASKED), "星号" },
	{ NAMES_FOLD, BIT(FOLD_REVERSED), "倒写" },
	{ NAMES_FOLD, BIT(FOLD_SPLIT), "拆字" },
	{ NAMES_FOLD, BIT(FOLD_PINYIN), "拼音" },
	{ NAMES_FOLD, BIT(FOLD_HOMOPHONE), "谐音" },
	{ NAMES_FOLD, BIT(FOLD_HOMOPHONE), "同音" },
	{ NAMES_FOLD, BIT(FOLD_INITIALS), "首字母" },
	{ NAMES_FOLD, BIT(FOLD_EMOJI), "表情" },
	{ NAMES_CASE, 0, "不限" },
	{ NAMES_CASE, 1, "精确" },
	{ NAMES_CASE, 1, "区分" },
};
#define NMORE (sizeof(more) / sizeof(more[0]))

int rulebook_name(struct arena *a, enum rule_names which, struct str written)
{
	if (written.n == 0)
		return -1;
	int exact = names_index(english[which].names, english[which].n, written);
	if (exact >= 0)
		return exact;
	struct str folded = str_trim(normalise_text(a, written));
	if (folded.n == 0)
		return -1;
	for (size_t i = 0; i < NMORE; i++)
		if (more[i].which == which && str_eqc(folded, more[i].word))
			return more[i].value;
	return names_index(english[which].names, english[which].n, folded);
}

const char *rulebook_name_near(enum rule_names which, struct str written)
{
	const char *words[NMORE + FOLD__N + CAT__N];
	size_t n = 0;
	for (int i = 0; i < english[which].n; i++)
		if (*english[which].names[i])
			words[n++] = english[which].names[i];
	for (size_t i = 0; i < NMORE; i++)
		if (more[i].which == which)
			words[n++] = more[i].word;
	return problems_nearest(written, words, n);
}

const char *rulebook_names_all(struct arena *a, enum rule_names which)
{
	struct buf all;
	buf_init(&all, 1024);
	for (int i = 0; i < english[which].n; i++)
		if (*english[which].names[i])
			buf_addf(&all, "%s%s", all.n ? ", " : "", english[which].names[i]);
	const char *text = arena_cstr(a, buf_str(&all));
	buf_release(&all);
	return text;
}
