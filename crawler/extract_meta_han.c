/* Names in Chinese bylines: 作者：张三, （记者 李四 王五）, 文/赵六, 责任编辑：钱七. */
#include "crawler/extract_meta.h"

#include "common/base/bytes.h"
#include "common/base/utf8.h"

#include <string.h>

#define NAME_LETTERS 4 /* most of one name without a gap */
#define NAMES 4 /* in one byline */

/* The family names of nine in ten people. */
static const char surnames[] =
	"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
	"金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄"
	"聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
	"饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫"
	"寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕楚劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚"
	"陸範賈韋鄒閻龍賀顧龔錢嚴";

/* What a name cannot go on into: what reporters do, and what stands behind a byline. */
static const char *const stops[] = { "报道", "報道", "報導", "发自", "摄", "通讯员", "实习生", "文", "编辑", "来源", "供图",
	"阅读", "发布", "时间", "综合", "简介", "文章" };

static bool ends_name(struct str rest)
{
	size_t at = 0;
	if (rest.n == 0)
		return true;
	if (!utf8_is_han(utf8_next(rest, &at)))
		return true;
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		if (str_starts(rest, str_of(stops[i])))
			return true;
	return false;
}

static size_t gap_at(struct str s)
{
	static const char *const gaps[] = { " ", "　", "\xC2\xA0", "、", ":", "：", "/", "／" };
	size_t n = 0;
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
			if (str_starts(str_from(s, n), str_of(gaps[i]))) {
				n += strlen(gaps[i]);
				more = true;
			}
	}
	return n;
}

/* Bytes of the name at the start of `s`, 0 = none: two to four characters that begin with a family name. */
static size_t name_at(struct str s)
{
	size_t at = 0, letters = 0;
	while (letters < NAME_LETTERS && !ends_name(str_from(s, at))) {
		(void)utf8_next(s, &at);
		letters++;
	}
	if (letters < 2 || !ends_name(str_from(s, at)))
		return 0;
	return str_find(STR(surnames), str_first(s, 3)) >= 0 ? at : 0;
}

/* Bytes of two or three characters alone behind a gap: a name of whatever family. */
static size_t lone_at(struct str s)
{
	static const char *const verbs[] = { "了解", "获悉", "采访", "从", "在", "发现", "看到", "近日", "日前", "今", "昨" };
	size_t at = 0, letters = 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (str_starts(s, str_of(verbs[i])))
			return 0;
	while (letters <= NAME_LETTERS && !ends_name(str_from(s, at))) {
		(void)utf8_next(s, &at);
		letters++;
	}
	const struct str rest = str_from(s, at);
	const bool is_alone = rest.n == 0 || rest.p[0] == ' ' || rest.p[0] == ')' || str_starts(rest, STR("）"));
	return is_alone && letters >= 2 && letters <= NAME_LETTERS ? at : 0;
}

/* Names one behind the other. */
static struct str names_at(struct str s)
{
	const size_t gap = gap_at(s);
	s = str_from(s, gap);
	size_t end = 0, at = gap > 0 ? lone_at(s) : 0;
	if (at > 0) {
		end = at;
		at += gap_at(str_from(s, at));
	}
	for (int i = 0; i < NAMES; i++) {
		const size_t n = name_at(str_from(s, at));
		if (n == 0)
			break;
		end = at + n;
		at = end + gap_at(str_from(s, end));
		if (at == end)
			break;
	}
	return str_first(s, end);
}

/* Behind 作者： any word may stand, pen names are free. */
static struct str told_at(struct str s)
{
	const size_t gap = gap_at(s);
	s = str_from(s, gap);
	size_t at = 0, letters = 0;
	while (gap > 0 && at < s.n && letters < 20) {
		size_t next = at;
		const uint32_t cp = utf8_next(s, &next);
		if (!utf8_is_han(cp) && !utf8_is_word(cp) && cp != 0xB7 && cp != '_')
			break;
		at = next;
		letters++;
	}
	return letters >= 2 ? str_first(s, at) : STR("");
}

/* 作者：, 编辑： and the like, behind which any word may stand. */
static bool is_told(struct str behind)
{
	return str_starts(behind, STR(":")) || str_starts(behind, STR("：")) || str_starts(behind, STR("/"));
}

struct str meta_name_han(struct str line, enum meta_byline kind)
{
	static const char *const words[][6] = {
		[META_BYLINE_AUTHOR] = { "作者", "撰文", "文/", "文／", "发帖人", "楼主" },
		[META_BYLINE_REPORTER] = { "记者", "記者", "实习生", "通讯员", "特约撰稿", "撰稿" },
		[META_BYLINE_EDITOR] = { "责任编辑", "責任編輯", "编辑", "編輯", "责编", "供稿" },
	};
	if (bytes_ascii(line, 0) == line.n)
		return STR("");
	for (size_t i = 0; i < 6; i++) {
		const ptrdiff_t at = str_find(line, str_of(words[kind][i]));
		if (at < 0)
			continue;
		const struct str behind = str_from(line, (size_t)at + strlen(words[kind][i]));
		const struct str name = names_at(behind);
		if (name.n > 0)
			return name;
		if (kind != META_BYLINE_REPORTER && is_told(behind) && told_at(behind).n > 0)
			return told_at(behind);
	}
	return STR("");
}

struct str meta_name_closing(struct str line)
{
	if (!str_ends(line, STR(")")) && !str_ends(line, STR("）")))
		return STR("");
	for (size_t at = line.n; at-- > 0;) {
		const struct str rest = str_from(line, at);
		const size_t n = rest.p[0] == '(' ? 1 : str_starts(rest, STR("（")) ? 3 : 0;
		if (n > 0)
			return str_first(str_from(rest, n), name_at(str_from(rest, n)));
	}
	return STR("");
}
