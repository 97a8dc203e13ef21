/* The words around a date: 发表于 and "Posted on" in front of it, 来自 iPhone and 编辑 behind it, and the signs that part it from
 * something else. */
#include "crawler/dates_parts.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Longer ones first. */
static const char *const chinese_leads[] = { "最后编辑于", "最後編輯於", "本帖最后由", "最后回复", "最後回覆", "最后发表",
	"最後發表", "首次发布", "发布时间", "發布時間", "發佈時間", "发布日期", "發布日期", "發佈日期", "发表时间", "發表時間",
	"发表日期", "發表日期", "发稿时间", "發稿時間", "刊发时间", "更新时间", "更新時間", "更新日期", "投诉时间", "投訴時間",
	"提问时间", "创建时间", "建立時間", "回复时间", "回覆時間", "评论时间", "評論時間", "入库时间", "录入时间", "日期时间",
	"北京时间", "北京時間", "发布于", "發布於", "發佈於", "发表于", "發表於", "发帖于", "發帖於", "编辑于", "編輯於",
	"更新于", "更新於", "回复于", "回覆於", "提问于", "评论于", "評論於", "修改于", "时间", "時間", "日期", "发布", "發布",
	"發佈", "发表", "發表", "更新", "编辑", "編輯", "公開日", "投稿日" };

static const char *const english_leads[] = { "first", "last", "posted", "published", "publication", "publish", "updated",
	"update", "modified", "created", "edited", "written", "submitted", "added", "uploaded", "released", "reviewed",
	"answered", "asked", "replied", "commented", "date", "time", "on", "at", "veröffentlicht", "publié", "publicado",
	"aktualisiert", "stand" };

/* What may follow a date on the same line; the rest is not read. */
static const char *const trails[] = { "来自", "來自", "来源", "來源", "编辑", "編輯", "发布", "發布", "發佈", "发表", "發表",
	"更新", "回复", "回覆", "阅读", "閱讀", "浏览", "瀏覽", "作者", "字号", "字號", "字体", "责任编辑", "責任編輯", "责编",
	"IP", "评论", "評論", "转发", "轉發", "点击", "點擊", "人气", "北京时间", "北京時間", "投稿", "只看" };

/* Sites show where a post came from behind its time: 昨天 12:30 北京. */
static const char places[] = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 "
			     "海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 台湾 香港 澳门 中国";

/* Behind one of these the rest of a part is read as a date; the words of a sentence would be too many. */
static const char *const chinese_marks[] = { "发表于", "發表於", "发布于", "發布於", "發佈於", "编辑于", "編輯於", "更新于",
	"更新於", "回复于", "回覆於", "提问于", "时间", "時間", "日期", "于", "於" };
static const char *const english_marks[] = { "on", "posted", "published", "updated", "edited", "date" };

static size_t lead_bytes(struct str s)
{
	const bool is_ascii = s.n > 0 && (unsigned char)s.p[0] < 0x80;

	for (size_t i = 0; !is_ascii && i < COUNT(chinese_leads); i++) {
		const size_t n = str_starts_word(s, chinese_leads[i]);
		if (n > 0)
			return n;
	}
	for (size_t i = 0; is_ascii && i < COUNT(english_leads); i++) {
		const size_t n = strlen(english_leads[i]);
		if (str_istarts(s, str_of(english_leads[i])) && (n == s.n || !date_is_word_byte(s.p[n])))
			return n;
	}
	return 0;
}

void dates_skip_lead(struct date_cursor *c)
{
	size_t n;

	date_skip(c, " :,[(");
	for (n = lead_bytes(str_from(c->s, c->at)); n > 0; n = lead_bytes(str_from(c->s, c->at))) {
		c->at += n;
		date_skip(c, " :,-[(");
	}
}

static bool take_place(struct date_cursor *c)
{
	struct str rest = str_of(places), name;

	while (str_split(&rest, ' ', &name)) {
		if (str_eq(str_from(c->s, c->at), name))
			return true;
	}
	return false;
}

bool dates_at_end(struct date_cursor *c)
{
	date_skip(c, " ,.|)]");
	if (date_done(c) || take_place(c))
		return true;
	for (size_t i = 0; i < COUNT(trails); i++) {
		if (date_take(c, trails[i]))
			return true;
	}
	return false;
}

/* Bytes of the mark at `at`, 0 when there is none; an English one is a whole word. */
static size_t mark_bytes(struct str s, size_t at)
{
	const struct str rest = str_from(s, at);

	const bool is_ascii = (unsigned char)rest.p[0] < 0x80;

	if (is_ascii && (!date_is_word_byte(rest.p[0]) || (at > 0 && date_is_word_byte(s.p[at - 1]))))
		return 0;
	for (size_t i = 0; !is_ascii && i < COUNT(chinese_marks); i++) {
		const size_t n = str_starts_word(rest, chinese_marks[i]);
		if (n > 0)
			return n;
	}
	for (size_t i = 0; is_ascii && i < COUNT(english_marks); i++) {
		const size_t n = strlen(english_marks[i]);
		if (str_istarts(rest, str_of(english_marks[i])) && n < rest.n && !date_is_word_byte(rest.p[n]))
			return n;
	}
	return 0;
}

struct str dates_behind_lead(struct str s)
{
	size_t end = 0;

	for (size_t at = 0; at < s.n; at++) {
		const size_t n = mark_bytes(s, at);
		if (n > 0)
			end = at + n;
	}
	while (end > 0 && end < s.n && strchr(" :,-", s.p[end]))
		end++;
	return end > 0 ? str_trim(str_from(s, end)) : STR("");
}

bool dates_split(struct str *rest, struct str *part)
{
	static const char *const signs[] = { "|", ";", "·", "•", "｜", "；" };

	if (rest->p == NULL)
		return false;
	for (size_t at = 0; at < rest->n; at++) {
		const unsigned char c = (unsigned char)rest->p[at];
		if (c < 0x80 && c != '|' && c != ';')
			continue;
		for (size_t i = 0; i < COUNT(signs); i++) {
			if (rest->p[at] != signs[i][0] || !str_starts(str_from(*rest, at), str_of(signs[i])))
				continue;
			*part = str_first(*rest, at);
			*rest = str_from(*rest, at + strlen(signs[i]));
			return true;
		}
	}
	*part = *rest;
	*rest = (struct str){ NULL, 0 };
	return true;
}
