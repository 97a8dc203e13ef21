/* Names: a Chinese surname and one or two characters, or two to four capital words. */
#include "common/text/mask_name.h"

#include "common/base/utf8.h"
#include "common/text/mask_value.h"

#include <string.h>

#define WORDS_MOST 4
#define WORD_MOST 40u /* bytes */
#define DOTTED_MOST 60u

static const char surnames[] =
	"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
	"范方石姚谭廖邹熊金陆"
	"郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳"
	"邢路岳齐梅莫庄辛管祝左"
	"涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包柏宁柯阮桂闵解强柴华冉房边宗闫肖代付连沙"
	"练巩薄简佘仇岑"
	"張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻譚鄒陸顧錢湯賀賴龔龐蘭嚴溫蘆魯韋畢聶關淩費紀歐項閔鍾";
static const char *const double_surnames[] = { "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "夏侯", "皇甫", "尉迟", "公孙",
	"慕容", "令狐", "宇文", "长孙", "轩辕", "端木", "南宫", "西门", "独孤", "呼延", "申屠", "歐陽", "司馬", "諸葛" };
/* Words that begin as names do. */
static const char *const words[] = { "高兴", "高中", "高度", "严重", "严格", "方便", "方式", "方面", "安全", "安排", "安心",
	"安慰", "曾经", "郑重", "白领", "白天", "常常", "常年", "万分", "万一", "于是", "于今", "任何", "明白", "钱包", "金额",
	"金牌", "温馨", "和平", "向来", "向您", "单位", "单号", "单独", "查询", "查看", "查到", "查无", "连续", "连夜", "关于",
	"关注", "包括", "包裹", "代理", "代收", "代表", "付款", "付费", "解决", "解释", "强烈", "管理", "车主", "车辆", "房东",
	"华为", "文字", "文明", "程序", "周末", "周一", "周五", "康复", "位置", "时间", "路过", "路人", "路上", "易怒", "章程",
	"江苏", "石家", "武汉", "左右", "毕竟", "毕业", "许多", "黄金", "马上", "马虎", "齐全", "游客", "费用", "费劲", "项目",
	"边上", "肖像", "宁愿", "宁可", "应该", "严肃", "嚴重", "高興", "馬上", "單位", "關於", "查詢" };
/* What follows a name in running text. */
static const char *const followers[] = { "电话", "手机", "地址", "的", "是", "在", "住", "身份", "女士", "先生", "小姐", "联系",
	"微信", "今年", "来自", "要", "想", "说", "于", "买", "收", "和", "与", "也", "已", "未", "没", "不", "号", "投诉",
	"反映", "购", "被", "向", "电", "電話", "手機", "聯繫", "先生" };

static bool is_in(struct str s, const char *list)
{
	for (; *list; list += 3)
		if (memcmp(s.p, list, 3) == 0)
			return true;
	return false;
}

/* Characters that no given name has. */
static const char functional[] = "了的我你他她不是这那都着过吗呢没很也就还被把给等個這過嗎還給";

static size_t starts_with(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(s, str_of(list[i])))
			return strlen(list[i]);
	return 0;
}

#define STARTS_WITH(s, list) starts_with(s, list, sizeof(list) / sizeof((list)[0]))

/* Bytes of the surname at the front. */
static size_t surname(struct str s)
{
	if (!value_is_han(s, 0))
		return 0;
	const size_t two = STARTS_WITH(s, double_surnames);
	if (two > 0)
		return two;
	return is_in(s, surnames) ? 3 : 0;
}

/* 阿迪力·买买提: parts with a point between. */
static size_t dotted_name(struct str s)
{
	size_t at = 0, points = 0;
	while (at < s.n && at <= DOTTED_MOST) {
		if (value_is_han(s, at)) {
			at += 3;
		} else if (value_at(s, at) == 0xB7 && at > 0 && value_is_han(s, at + 2)) {
			at += 2;
			points++;
		} else {
			break;
		}
	}
	return points > 0 && at <= DOTTED_MOST ? at : 0;
}

static bool ends_at(struct str s, size_t at)
{
	return !value_is_han(s, at) || STARTS_WITH(str_from(s, at), followers) > 0;
}

size_t name_chinese(struct str s, bool is_told)
{
	const size_t dotted = dotted_name(s), family = surname(s);
	if (dotted > 0)
		return dotted;
	if (family == 0 || STARTS_WITH(s, words) > 0 || !value_is_han(s, family) ||
		STARTS_WITH(str_from(s, family), followers) > 0)
		return 0;
	const size_t one = family + 3, two = family + 6;
	if (is_in(str_from(s, family), functional))
		return 0;
	if (!ends_at(s, one) && is_in(str_from(s, one), functional))
		return 0;
	if (!value_is_han(s, one))
		return one;
	if (!value_is_han(s, two))
		return STARTS_WITH(str_from(s, one), followers) == 6 ? one : two;
	if (ends_at(s, two))
		return STARTS_WITH(str_from(s, one), followers) == 6 ? one : two;
	if (ends_at(s, one))
		return one;
	return is_told ? two : 0;
}

/* ---- Latin ---- */

static const char *const no_names[] = { "the", "customer", "support", "service", "services", "us", "me", "help", "our", "team",
	"center", "centre", "not", "your", "you", "amazon", "police", "sales", "info", "please", "email", "phone", "bank",
	"store", "manager", "this", "that", "on", "in", "is", "it", "i", "a", "an", "and", "or", "for", "at", "to", "by",
	"number", "order", "account", "care", "head", "office", "product", "company", "address", "details", "form", "page",
	"unknown", "none", "yes", "no", "hotline", "desk", "department", "my", "name", "contact", "date", "still", "but", "we",
	"they", "he", "she", "them", "him", "her", "if", "when", "after", "before", "inc", "ltd", "llc", "corp", "tel", "mobile",
	"fax", "mail", "electronics", "airlines", "airways", "motors", "group", "hotel", "restaurant", "insurance",
	"technologies", "corporation", "city", "council" };

static bool is_no_name(struct str word)
{
	for (size_t i = 0; i < sizeof no_names / sizeof no_names[0]; i++)
		if (str_ieq(word, str_of(no_names[i])))
			return true;
	return false;
}

/* Letters of a word, those of Latin-1 and Latin Extended-A too, with apostrophes and hyphens inside. */
static size_t word_length(struct str s, size_t at)
{
	size_t end = at;
	while (end < s.n && end - at < WORD_MOST) {
		const unsigned char c = (unsigned char)s.p[end];
		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			end++;
		else if (c >= 0xC3 && c <= 0xC5 && end + 1 < s.n && ((unsigned char)s.p[end + 1] & 0xC0) == 0x80)
			end += 2;
		else if ((c == '\'' || c == '-') && end > at && end + 1 < s.n && value_is_letter((unsigned char)s.p[end + 1]))
			end++;
		else
			break;
	}
	return end - at;
}

size_t name_latin(struct str s, int fewest)
{
	size_t end = 0, at = 0;
	int n = 0;
	while (n < WORDS_MOST) {
		const struct str word = { s.p + at, word_length(s, at) };
		const unsigned char first = word.n > 0 ? (unsigned char)word.p[0] : 0;
		const bool is_capital = (first >= 'A' && first <= 'Z') || first == 0xC3;
		if (is_capital && is_no_name(word) && fewest > 1)
			return 0; /* Acme Customer Service */
		if (!is_capital || is_no_name(word))
			break;
		end = at + word.n;
		n++;
		at = end;
		if (word.n == 1 && at < s.n && s.p[at] == '.')
			at++;
		if (at >= s.n || s.p[at] != ' ')
			break;
		at++;
	}
	return n >= fewest ? end : 0;
}
