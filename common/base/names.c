/* The name tables of the vocabulary in include/earshot, one place for all of them. */
#include "common/base/names.h"

#include <earshot/incident.h>
#include <earshot/post.h>
#include <earshot/rule.h>
#include <earshot/verdict.h>

const char *const post_kind_names[POST_KIND__N] = {
	[POST_POST] = "post",
	[POST_REPLY] = "reply",
	[POST_REPOST] = "repost",
	[POST_REVIEW] = "review",
	[POST_ARTICLE] = "article",
	[POST_ENTRY] = "entry",
	[POST_TICKET] = "ticket",
	[POST_OTHER] = "other",
};

const char *const post_field_names[POST_FIELD__N] = { [POST_TITLE] = "title", [POST_TEXT] = "text" };

const char *const fold_names[FOLD__N] = { "case", "width", "hant", "hidden", "marks", "space", "symbol", "spaced", "gloss",
	"homoglyph", "leet", "stretched", "masked", "reversed", "split", "pinyin", "homophone", "initials", "emoji" };
const char *const rule_list_names[LIST__N] = {
	[LIST_BRAND] = "brand",
	[LIST_CONTEXT] = "context",
	[LIST_EXCLUDE] = "exclude",
	[LIST_COMPLAINT] = "complaint",
	[LIST_URGENCY] = "urgency",
	[LIST_SENTIMENT] = "sentiment",
	[LIST_NEGATION] = "negation",
	[LIST_INTENSITY] = "intensity",
	[LIST_CONTRAST] = "contrast",
	[LIST_NATURE] = "nature",
	[LIST_SENSITIVE] = "sensitive",
	[LIST_WATCH] = "watch",
	[LIST_LEAF] = "leaf",
};

const char *const category_names[CAT__N] = {
	[CAT_NONE] = "",
	[CAT_QUALITY] = "quality",
	[CAT_SERVICE] = "service",
	[CAT_LOGISTICS] = "logistics",
	[CAT_REFUND] = "refund",
	[CAT_PRICE] = "price",
	[CAT_SAFETY] = "safety",
	[CAT_PRIVACY] = "privacy",
	[CAT_FRAUD] = "fraud",
	[CAT_OUTAGE] = "outage",
	[CAT_BILLING] = "billing",
	[CAT_FOOD] = "food",
	[CAT_HEALTH] = "health",
	[CAT_OTHER] = "other",
};

const char *const urgency_names[URG__N] = {
	[URG_LOW] = "low",
	[URG_NORMAL] = "normal",
	[URG_HIGH] = "high",
	[URG_CRITICAL] = "critical",
};

const char *const nature_names[NAT__N] = {
	[NAT_OTHER] = "other",
	[NAT_COMPLAINT] = "complaint",
	[NAT_QUESTION] = "question",
	[NAT_PRAISE] = "praise",
	[NAT_SUGGESTION] = "suggestion",
	[NAT_RUMOUR] = "rumour",
	[NAT_NEWS] = "news",
	[NAT_ADVERTISEMENT] = "advertisement",
};

const char *const label_names[LABEL__N] = {
	[LABEL_NEGATIVE] = "negative",
	[LABEL_NEUTRAL] = "neutral",
	[LABEL_POSITIVE] = "positive",
};

const char *const incident_state_names[INC__N] = {
	[INC_NONE] = "none",
	[INC_DETECTED] = "detected",
	[INC_ACKNOWLEDGED] = "acknowledged",
	[INC_ASSIGNED] = "assigned",
	[INC_ASSESSING] = "assessing",
	[INC_RESPONDING] = "responding",
	[INC_MONITORING] = "monitoring",
	[INC_RESOLVED] = "resolved",
	[INC_REVIEWED] = "reviewed",
	[INC_FALSE_ALARM] = "false-alarm",
	[INC_MERGED] = "merged",
};

const char *const incident_event_names[EVT__N] = {
	[EVT_SURGE] = "surge",
	[EVT_ESCALATE] = "escalate",
	[EVT_CALM] = "calm",
	[EVT_ACK] = "ack",
	[EVT_ASSIGN] = "assign",
	[EVT_ASSESS] = "assess",
	[EVT_RESPOND] = "respond",
	[EVT_FALSE_ALARM] = "false-alarm",
	[EVT_MUTE] = "mute",
	[EVT_CLOSE] = "close",
	[EVT_REVIEW] = "review",
};

const char *const level_names[LEVEL__N] = {
	[LEVEL_BLUE] = "blue",
	[LEVEL_YELLOW] = "yellow",
	[LEVEL_ORANGE] = "orange",
	[LEVEL_RED] = "red",
};

int names_index(const char *const *names, int n, struct str name)
{
	for (int i = 0; i < n; i++)
		if (str_eqc(name, names[i]))
			return i;
	return -1;
}
