/* The words of an alert in both languages. */
#include "notifier/words.h"

const char *const news_names[NEWS__N] = {
	[NEWS_OPENED] = "opened",
	[NEWS_ESCALATED] = "escalated",
	[NEWS_CALMING] = "calming",
	[NEWS_CLOSED] = "closed",
	[NEWS_ACKNOWLEDGED] = "acknowledged",
	[NEWS_ASSIGNED] = "assigned",
	[NEWS_ASSESSING] = "assessing",
	[NEWS_RESPONDING] = "responding",
	[NEWS_FALSE_ALARM] = "false-alarm",
	[NEWS_MUTED] = "muted",
	[NEWS_REVIEWED] = "reviewed",
};

enum news alert_news(const struct alert *alert)
{
	static const enum news of_event[EVT__N] = {
		[EVT_SURGE] = NEWS_OPENED,
		[EVT_ESCALATE] = NEWS_ESCALATED,
		[EVT_CALM] = NEWS_CALMING,
		[EVT_ACK] = NEWS_ACKNOWLEDGED,
		[EVT_ASSIGN] = NEWS_ASSIGNED,
		[EVT_ASSESS] = NEWS_ASSESSING,
		[EVT_RESPOND] = NEWS_RESPONDING,
		[EVT_FALSE_ALARM] = NEWS_FALSE_ALARM,
		[EVT_MUTE] = NEWS_MUTED,
		[EVT_CLOSE] = NEWS_CLOSED,
		[EVT_REVIEW] = NEWS_REVIEWED,
	};
	if (alert->event == EVT_CALM && alert->incident.state == INC_RESOLVED)
		return NEWS_CLOSED; /* quiet for so long that it is over */
	return of_event[alert->event];
}

const char *words_news(enum news n, enum lang lang)
{
	static const char *const words[NEWS__N][LANG__N] = {
		[NEWS_OPENED] = { "出现舆情异动", "a surge has begun" },
		[NEWS_ESCALATED] = { "舆情升级", "the incident has escalated" },
		[NEWS_CALMING] = { "舆情趋缓", "the incident is calming down" },
		[NEWS_CLOSED] = { "舆情已结束", "the incident is closed" },
		[NEWS_ACKNOWLEDGED] = { "已有人接手", "the incident was acknowledged" },
		[NEWS_ASSIGNED] = { "已指派负责人", "the incident was assigned" },
		[NEWS_ASSESSING] = { "进入研判", "the incident is being assessed" },
		[NEWS_RESPONDING] = { "正在处置", "the response is under way" },
		[NEWS_FALSE_ALARM] = { "已标为误报", "it was a false alarm" },
		[NEWS_MUTED] = { "已静音", "the incident was muted" },
		[NEWS_REVIEWED] = { "已完成复盘", "the incident was reviewed" },
	};
	return words[n][lang];
}

const char *words_level(enum level l, enum lang lang)
{
	static const char *const words[LEVEL__N][LANG__N] = {
		[LEVEL_BLUE] = { "蓝色 IV 级", "BLUE, level IV" },
		[LEVEL_YELLOW] = { "黄色 III 级", "YELLOW, level III" },
		[LEVEL_ORANGE] = { "橙色 II 级", "ORANGE, level II" },
		[LEVEL_RED] = { "红色 I 级", "RED, level I" },
	};
	return words[l][lang];
}

struct word {
	const char *name, *in[LANG__N];
};

static struct str words_find(const struct word *word, size_t n, struct str name, enum lang lang)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc(name, word[i].name))
			return str_of(word[i].in[lang]);
	return name;
}

struct str words_category(struct str name, enum lang lang)
{
	static const struct word words[] = {
		{ "quality", { "质量", "quality" } },
		{ "service", { "服务", "service" } },
		{ "logistics", { "物流", "delivery" } },
		{ "refund", { "退款", "refunds" } },
		{ "price", { "价格", "price" } },
		{ "safety", { "安全", "safety" } },
		{ "privacy", { "隐私", "privacy" } },
		{ "fraud", { "欺诈", "fraud" } },
		{ "outage", { "故障", "outage" } },
		{ "billing", { "计费", "billing" } },
		{ "food", { "食品", "food" } },
		{ "health", { "健康", "health" } },
		{ "other", { "其他", "other" } },
	};
	return words_find(words, sizeof(words) / sizeof(words[0]), name, lang);
}

struct str words_family(struct str name, enum lang lang)
{
	static const struct word words[] = {
		{ "forum", { "论坛", "forum" } },
		{ "news", { "新闻", "news" } },
		{ "review", { "评价", "review" } },
		{ "complaint", { "投诉平台", "complaint site" } },
		{ "social", { "社交", "social" } },
		{ "blog", { "博客", "blog" } },
		{ "video", { "视频", "video" } },
		{ "other", { "其他", "other" } },
		{ "", { "来源不明", "source unknown" } },
	};
	return words_find(words, sizeof(words) / sizeof(words[0]), name, lang);
}

struct str words_series(struct str name, enum lang lang)
{
	static const struct word words[] = {
		{ "all", { "声量", "mentions" } },
		{ "negative", { "负面", "negative mentions" } },
		{ "complaint", { "投诉", "complaints" } },
		{ "", { "声量", "mentions" } },
	};
	return words_find(words, sizeof(words) / sizeof(words[0]), name, lang);
}
