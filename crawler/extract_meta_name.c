/* Is this the name of a person (or a desk), and which part of a byline is it? */
#include "crawler/extract_meta.h"

#include "common/base/utf8.h"

#include <string.h>

#define NAME_MAX 90 /* bytes; of all names in one byline */
#define WORDS_MAX 14

/* In front of a name. */
static const char *const heads[] = { "article by", "story by", "written by", "posted by", "published by", "reviewed by",
	"created by", "authored by", "words by", "text by", "by:", "by ", "by\n", "author:", "authors:", "author -", "author",
	"from ", "作者：", "作者:", "作者", "文/", "文／", "文：", "撰文：", "撰文/", "记者：", "编辑：", "發佈者：", "发布者：",
	"楼主：", "von ", "por ", "par ", "di " };
/* Where a name ends. */
static const char *const tails[] = { " | ", " · ", " • ", " — ", " – ", " - ", "|", "•", "·", " on ", " in ", " for ", " at ",
	", published", ", updated", " published", " posted", " updated", "(", "（", "来源", "时间", "发布", "浏览", "阅读",
	", 20", " @", " / ", "\t" };
/* Words that stand where names are expected. */
static const char *const never[] = { "author", "authors", "about", "share", "follow", "read", "written", "posted", "published",
	"updated", "home", "contact", "advertisement", "view", "more", "all", "posts", "profile", "subscribe", "comments",
	"comment", "by", "date", "min", "minutes", "ago", "bio", "see", "click", "here", "email", "twitter", "facebook",
	"linkedin", "instagram", "login", "sign", "admin", "reply", "category", "categories", "tags", "menu", "search", "next",
	"previous", "blog", "news", "article", "articles", "latest", "website", "our", "meet", "article:", "member", "joined",
	"messages", "join", "us", "insights" };

static struct str without_heads(struct str s)
{
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			if (str_istarts(s, str_of(heads[i])))
				s = str_trim(str_from(s, strlen(heads[i])));
	if (s.n > 3 && str_istarts(s, STR("by")) && s.p[2] >= 'A' && s.p[2] <= 'Z')
		s = str_from(s, 2);
	while (s.n > 0 && (s.p[0] == ':' || s.p[0] == '/' || s.p[0] == '-' || s.p[0] == ','))
		s = str_trim(str_from(s, 1));
	return str_starts(s, STR("：")) ? str_trim(str_from(s, 3)) : s;
}

static bool is_same_small(const char *p, struct str small)
{
	for (size_t i = 0; i < small.n; i++) {
		const char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] | 0x20) : p[i];
		if (c != small.p[i])
			return false;
	}
	return true;
}

static struct str without_tails(struct str s)
{
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		const struct str tail = str_of(tails[i]);
		for (size_t at = 1; at + tail.n <= s.n; at++)
			if (is_same_small(s.p + at, tail))
				s = str_first(s, at);
	}
	s = str_trim(s);
	while (s.n > 0 && strchr(",;:.-", s.p[s.n - 1]) != NULL && !(s.p[s.n - 1] == '.' && s.n > 2 && s.p[s.n - 3] == ' '))
		s = str_trim(str_first(s, s.n - 1));
	return s;
}

static bool is_never(struct str word)
{
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (str_ieq(word, str_of(never[i])))
			return true;
	return false;
}

static bool is_number(struct str word)
{
	size_t digits = 0;
	for (size_t i = 0; i < word.n; i++)
		digits += word.p[i] >= '0' && word.p[i] <= '9';
	return digits > 0 && digits * 2 > word.n;
}

static bool is_small_word(struct str word)
{
	return word.p[0] >= 'a' && word.p[0] <= 'z';
}

/* "Jane van der Doe", "Jane Doe and Li Wei": most words begin with a capital, or belong to a script without. */
static bool are_name_words(struct str s, bool is_told)
{
	struct str rest = s, word, last = s;
	size_t n = 0, small = 0;
	while (str_split(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (is_never(word) || is_number(word))
			return false;
		n++;
		small += is_small_word(word);
		last = word;
	}
	if (n > 1 && is_small_word(last))
		return false;
	if (n == 0 || n > WORDS_MAX || small * 2 > n + (is_told && n == 1 ? 1 : 0))
		return false;
	return is_told || n > 1;
}

/* Addresses, dates and numbers are no names. */
static bool has_foreign(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		if (strchr("/@_<>{}[]=#?!\"", s.p[i]) != NULL)
			return true;
		if (s.p[i] == '.' && i + 1 < s.n && i > 1 && s.p[i + 1] >= 'a' && s.p[i + 1] <= 'z')
			return true;
	}
	return digits > 0 && digits * 2 >= s.n - digits;
}

/* Chinese characters, with nothing between that is in no name. */
static bool is_han_name(struct str s)
{
	static const char *const about[] = { "简介", "文章", "专栏", "介绍", "更多", "其他", "关注", "登录", "首页", "匿名" };
	size_t letters = 0;
	for (size_t i = 0; i < sizeof about / sizeof *about; i++)
		if (str_find(s, str_of(about[i])) >= 0)
			return false;
	for (size_t at = 0; at < s.n; letters++) {
		const uint32_t cp = utf8_next(s, &at);
		if (!utf8_is_han(cp) && !utf8_is_word(cp) && cp != 0xB7 && cp != ' ' && cp != 0x3001 && cp != ',')
			return false;
	}
	return letters >= 2 && letters <= 20;
}

static bool has_han(struct str s)
{
	for (size_t at = 0; at < s.n;)
		if (utf8_is_han(utf8_next(s, &at)))
			return true;
	return false;
}

struct str meta_name(struct arena *a, struct str written, bool is_told)
{
	char *copy = arena_raw(a, written.n + 1);
	for (size_t i = 0; i < written.n; i++)
		copy[i] = written.p[i] == '\n' || written.p[i] == '\r' ? ' ' : written.p[i];
	const struct str s = without_tails(without_heads(str_trim((struct str){ copy, written.n })));
	if (s.n < 2 || s.n > NAME_MAX || has_foreign(s))
		return STR("");
	if (has_han(s))
		return is_han_name(s) ? s : STR("");
	return are_name_words(s, is_told) ? s : STR("");
}
