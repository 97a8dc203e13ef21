/* Words that announce personal data, and what is read behind them. Each cue is known by an anchor: a run of bytes in it that
 * sixteen places of a text are searched for at once. */
#include "common/text/mask_cue.h"

#include "common/base/bytes.h"
#include "common/base/utf8.h"
#include "common/text/mask_mail.h"
#include "common/text/mask_name.h"
#include "common/text/mask_number.h"

/* How much the cue itself proves. */
enum cue_force {
	CUE_WEAK, /* 本人, contact: the value has to prove itself */
	CUE_STRONG,
};

struct cue {
	const char *word;
	unsigned char n; /* its bytes */
	unsigned char anchor; /* byte of the word where its anchor begins */
	enum mask_kind kind;
	enum cue_force force;
};

/* Anchors: the last character of Chinese cues, three letters of English ones, two of the shortest. cue_next knows them all. */
#define CUE(word, anchor, kind, force)                                                                                           \
	{                                                                                                                        \
		word, sizeof(word) - 1, anchor, kind, force                                                                      \
	}
static const struct cue cues[] = {
	CUE("联系人", 6, MASK_NAME, CUE_STRONG),
	CUE("收货人", 6, MASK_NAME, CUE_STRONG),
	CUE("收件人", 6, MASK_NAME, CUE_STRONG),
	CUE("寄件人", 6, MASK_NAME, CUE_STRONG),
	CUE("发件人", 6, MASK_NAME, CUE_STRONG),
	CUE("投诉人", 6, MASK_NAME, CUE_STRONG),
	CUE("当事人", 6, MASK_NAME, CUE_STRONG),
	CUE("负责人", 6, MASK_NAME, CUE_STRONG),
	CUE("经办人", 6, MASK_NAME, CUE_STRONG),
	CUE("投保人", 6, MASK_NAME, CUE_STRONG),
	CUE("持卡人", 6, MASK_NAME, CUE_STRONG),
	CUE("申请人", 6, MASK_NAME, CUE_STRONG),
	CUE("入住人", 6, MASK_NAME, CUE_STRONG),
	CUE("聯繫人", 6, MASK_NAME, CUE_STRONG),
	CUE("聯絡人", 6, MASK_NAME, CUE_STRONG),
	CUE("收貨人", 6, MASK_NAME, CUE_STRONG),
	CUE("本人", 3, MASK_NAME, CUE_WEAK),
	CUE("我叫", 3, MASK_NAME, CUE_STRONG),
	CUE("姓名", 3, MASK_NAME, CUE_STRONG),
	CUE("户名", 3, MASK_NAME, CUE_STRONG),
	CUE("真名", 3, MASK_NAME, CUE_STRONG),
	CUE("my name", 4, MASK_NAME, CUE_STRONG),
	CUE("full name", 6, MASK_NAME, CUE_STRONG),
	CUE("contact name", 9, MASK_NAME, CUE_STRONG),
	CUE("contact person", 3, MASK_NAME, CUE_STRONG),
	CUE("name", 1, MASK_NAME, CUE_WEAK),
	CUE("contact", 3, MASK_NAME, CUE_WEAK),
	CUE("recipient", 2, MASK_NAME, CUE_STRONG),
	CUE("consignee", 5, MASK_NAME, CUE_STRONG),
	CUE("attn", 1, MASK_NAME, CUE_STRONG),
	CUE("微信", 3, MASK_WECHAT, CUE_STRONG),
	CUE("薇信", 3, MASK_WECHAT, CUE_STRONG),
	CUE("威信", 3, MASK_WECHAT, CUE_WEAK),
	CUE("v信", 1, MASK_WECHAT, CUE_STRONG),
	CUE("wechat", 2, MASK_WECHAT, CUE_WEAK),
	CUE("weixin", 2, MASK_WECHAT, CUE_WEAK),
	CUE("vx", 0, MASK_WECHAT, CUE_WEAK),
	CUE("wx", 0, MASK_WECHAT, CUE_WEAK),
	CUE("qq", 0, MASK_QQ, CUE_STRONG),
	CUE("ＱＱ", 0, MASK_QQ, CUE_STRONG),
	CUE("扣扣", 3, MASK_QQ, CUE_STRONG),
	CUE("护照", 3, MASK_PASSPORT, CUE_STRONG),
	CUE("護照", 3, MASK_PASSPORT, CUE_STRONG),
	CUE("通行证", 6, MASK_PASSPORT, CUE_STRONG),
	CUE("passport", 2, MASK_PASSPORT, CUE_STRONG),
	CUE("邮箱", 3, MASK_EMAIL, CUE_STRONG),
	CUE("信箱", 3, MASK_EMAIL, CUE_STRONG),
	CUE("邮件", 3, MASK_EMAIL, CUE_STRONG),
	CUE("郵箱", 3, MASK_EMAIL, CUE_STRONG),
	CUE("mail", 0, MASK_EMAIL, CUE_STRONG),
	CUE("at]", 0, MASK_EMAIL, CUE_WEAK),
	CUE("at)", 0, MASK_EMAIL, CUE_WEAK),
};

/* ---- the search ---- */

#ifdef __SSE2__
static inline __m128i is_pair(__m128i x, __m128i next, const char *pair)
{
	return _mm_and_si128(bytes_are(x, pair[0]), bytes_are(next, pair[1]));
}

/* Second and third byte of the last characters of the Chinese cues: 人 叫 名 信 照 证 箱 件 扣, and Ｑ. */
static inline __m128i chinese_anchors(__m128i next, __m128i third)
{
	static const char pairs[][3] = { "\xBA\xBA", "\x8F\xAB", "\x90\x8D", "\xBF\xA1", "\x85\xA7", "\xAF\x81", "\xAE\xB1",
		"\xBB\xB6", "\x89\xA3", "\xBC\xB1" };
	__m128i hits = _mm_setzero_si128();
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		hits = _mm_or_si128(hits, is_pair(next, third, pairs[i]));
	return hits;
}

/* In small letters. */
static inline __m128i latin_anchors(__m128i x, __m128i next, __m128i third)
{
	static const char triples[][4] = { "ame", "tac", "cip", "gne", "ttn", "cha", "ixi", "ssp", "mai" };
	__m128i hits = _mm_or_si128(is_pair(x, next, "vx"), _mm_or_si128(is_pair(x, next, "wx"), is_pair(x, next, "qq")));
	for (size_t i = 0; i < sizeof triples / sizeof triples[0]; i++)
		hits = _mm_or_si128(hits, _mm_and_si128(is_pair(x, next, triples[i]), bytes_are(third, triples[i][2])));
	const __m128i closes = _mm_or_si128(bytes_are(third, ')' | 0x20), bytes_are(third, ']' | 0x20));
	return _mm_or_si128(hits, _mm_and_si128(is_pair(x, next, "at"), closes));
}

static inline __m128i sixteen(struct str text, size_t at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)(text.p + at));
}

/* Sixteen places a step, up to eighteen bytes before the end. */
static size_t leap(struct str text, size_t at)
{
	const __m128i fold = _mm_set1_epi8(0x20);
	for (; at + 18 <= text.n; at += 16) {
		const __m128i x = sixteen(text, at), next = sixteen(text, at + 1), third = sixteen(text, at + 2);
		const int beyond = _mm_movemask_epi8(x);
		__m128i hits = _mm_setzero_si128();
		if (beyond != 0)
			hits = chinese_anchors(next, third);
		if (beyond != 0xFFFF)
			hits = _mm_or_si128(
				hits, latin_anchors(_mm_or_si128(x, fold), _mm_or_si128(next, fold), _mm_or_si128(third, fold)));
		const int bits = _mm_movemask_epi8(hits);
		if (bits != 0)
			return at + (size_t)__builtin_ctz((unsigned)bits);
	}
	return at;
}
#else
static size_t leap(struct str text, size_t at)
{
	(void)text;
	return at;
}
#endif

size_t cue_next(struct str text, size_t at)
{
	return at < text.n ? leap(text, at) : text.n;
}

/* ---- between cue and value ---- */

struct gap {
	size_t to; /* byte behind it */
	bool is_told; /* a colon, "is", 号: the value follows for sure */
	bool says_id; /* 微信号, WeChat ID */
};

static const struct gap_word {
	const char *word;
	bool is_told, says_id;
} gap_words[] = {
	{ " ", false, false },
	{ "　", false, false },
	{ ":", true, false },
	{ "：", true, false },
	{ "号码", true, true },
	{ "号", true, true },
	{ "號碼", true, true },
	{ "號", true, true },
	{ "群", true, true },
	{ "姓名", true, false },
	{ "叫", true, false },
	{ "是", true, false },
	{ "为", true, false },
	{ "為", true, false },
	{ "我", false, false },
	{ "=", true, false },
	{ "#", true, false },
	{ "is ", true, false },
	{ "id", true, true },
	{ "no.", true, true },
	{ "number", true, true },
	{ "group", true, true },
	{ "me at", true, false },
	{ "me", false, false },
	{ "【", true, false },
	{ "「", true, false },
	{ "（", false, false },
	{ "(", false, false },
};

#define GAP_PARTS 6

static struct gap gap_read(struct str text, size_t at)
{
	struct gap gap = { .to = at };
	for (int round = 0; round < GAP_PARTS; round++) {
		size_t n = 0;
		for (size_t i = 0; i < sizeof gap_words / sizeof gap_words[0] && n == 0; i++) {
			const struct str word = str_of(gap_words[i].word);
			if (!str_istarts(str_from(text, gap.to), word))
				continue;
			n = word.n;
			gap.is_told |= gap_words[i].is_told;
			gap.says_id |= gap_words[i].says_id;
		}
		if (n == 0)
			return gap;
		gap.to += n;
	}
	return gap;
}

/* ---- values ---- */

static uint32_t narrow(uint32_t cp)
{
	return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
}

/* A letter and 5 to 19 letters, digits, _ and -. Letters alone are a word unless the cue says that an id follows. */
static size_t read_wechat(struct str text, const struct gap *gap, enum cue_force force)
{
	size_t at = gap->to, n = 0, others = 0;
	while (at < text.n && n <= 20) {
		size_t next = at;
		const uint32_t cp = narrow(utf8_next(text, &next));
		const bool is_letter = cp < 0x80 && value_is_letter(cp) && cp != '_';
		if (!is_letter && (n == 0 || !(cp == '_' || cp == '-' || number_digit(cp) >= 0)))
			break;
		others += !is_letter;
		n++;
		at = next;
	}
	const bool is_sentence = at + 1 < text.n && text.p[at] == ' ' && value_is_letter((unsigned char)text.p[at + 1]);
	const bool is_id = others > 0 || gap->says_id || (gap->is_told && force == CUE_STRONG && !is_sentence);
	return n >= 6 && n <= 20 && is_id ? at : 0;
}

/* 5 to 11 digits, the first no zero, single blanks among them seen through. */
/* QQ 12345 人在线: how many, not who. */
static bool is_counted(struct str text, size_t at)
{
	static const char *const counted[] = { "人", "个", "位", "次", "元", "個" };
	at += at < text.n && text.p[at] == ' ';
	for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++)
		if (str_starts(str_from(text, at), str_of(counted[i])))
			return true;
	return false;
}

static size_t read_qq(struct str text, const struct gap *gap)
{
	size_t at = gap->to, end = 0;
	int n = 0;
	while (at < text.n && n <= 11) {
		const uint32_t cp = utf8_next(text, &at);
		const int digit = number_digit(cp);
		if (digit < 0 && !(n > 0 && end != 0 && value_is_separator(cp) && number_digit(value_at(text, at)) >= 0))
			break;
		if (digit < 0)
			continue;
		if (n == 0 && digit == 0)
			return 0;
		n++;
		end = at;
	}
	return n >= 5 && n <= 11 && !value_is_letter(value_at(text, end)) && !is_counted(text, end) ? end : 0;
}

/* China: E and eight digits, or a second letter and seven; others: one or two letters and six to eight digits, or nine digits. */
static size_t read_passport(struct str text, const struct gap *gap)
{
	size_t at = gap->to, end = at;
	int letters = 0, digits = 0;
	while (end < text.n && letters + digits <= 10) {
		size_t next = end;
		const uint32_t cp = narrow(utf8_next(text, &next));
		const bool is_letter = value_is_letter(cp) && cp != '_';
		if (number_digit(cp) < 0 && (!is_letter || digits > 0))
			break;
		letters += is_letter;
		digits += !is_letter;
		end = next;
	}
	const bool is_lettered = (letters == 1 && digits >= 7 && digits <= 8) || (letters == 2 && digits >= 6 && digits <= 7);
	return is_lettered || (letters == 0 && digits == 9) ? end : 0;
}

static size_t read_name(struct str text, const struct gap *gap, const struct cue *cue)
{
	const struct str s = str_from(text, gap->to);
	const bool is_latin = (unsigned char)cue->word[0] < 0x80;
	const bool is_told = gap->is_told;
	size_t n = 0;
	if (!is_latin && (cue->force == CUE_STRONG || gap->to == 0 || value_is_han(text, gap->to)))
		n = name_chinese(s, is_told && cue->force == CUE_STRONG);
	if (n == 0 && (cue->force == CUE_STRONG ? is_told || is_latin : gap->is_told))
		n = name_latin(s, is_told ? 1 : 2);
	if (n == 0 && is_latin && cue->force == CUE_WEAK && !gap->is_told && str_ieq(str_of(cue->word), STR("contact")))
		n = name_latin(s, 2);
	if (n == 0 && is_latin && gap->is_told)
		n = name_chinese(s, true);
	return n > 0 ? gap->to + n : 0;
}

static bool read_value(struct str text, size_t at, const struct cue *cue, struct mask_value *out)
{
	const struct gap gap = gap_read(text, at + cue->n);
	size_t to = 0;
	if (cue->kind == MASK_NAME)
		to = read_name(text, &gap, cue);
	else if (cue->kind == MASK_WECHAT)
		to = read_wechat(text, &gap, cue->force);
	else if (cue->kind == MASK_QQ)
		to = read_qq(text, &gap);
	else if (cue->kind == MASK_PASSPORT)
		to = read_passport(text, &gap);
	else
		return cue->force == CUE_STRONG ? mail_find_spelt(text, gap.to, out) : mail_find_bracketed(text, at, out);
	*out = (struct mask_value){ cue->kind, gap.to, to };
	return to > gap.to;
}

/* "name" alone may be a person's; "brand name", "file name" are not. */
static bool is_of_a_person(struct str text, size_t at)
{
	static const char *const owners[] = { "my", "his", "her", "customer", "client", "guest", "passenger", "patient", "last",
		"first", "legal", "real", "account" };
	size_t end = at;
	while (end > 0 && text.p[end - 1] == ' ')
		end--;
	const struct str before = str_first(text, end);
	if (!value_is_letter(value_before(before, end)))
		return true;
	for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
		const struct str word = str_of(owners[i]);
		if (end >= word.n && str_ieq(str_from(before, end - word.n), word) &&
			!value_is_letter(value_before(before, end - word.n)))
			return true;
	}
	return false;
}

/* Two bytes, of any case, tell nearly all places that are not it: 人 stands in every other post. */
static inline bool stands_at(struct str text, size_t at, const struct cue *cue)
{
	const size_t from = at - cue->anchor;
	if (at < cue->anchor || text.n - from < cue->n || ((text.p[from] ^ cue->word[0]) & ~0x20) != 0 ||
		((text.p[from + 1] ^ cue->word[1]) & ~0x20) != 0)
		return false;
	return str_istarts(str_from(text, from), (struct str){ cue->word, cue->n });
}

bool cue_find(struct str text, size_t at, struct mask_value *out)
{
	for (size_t i = 0; i < sizeof cues / sizeof cues[0]; i++) {
		const struct cue *cue = &cues[i];
		const size_t from = at - cue->anchor;
		if (!stands_at(text, at, cue))
			continue;
		const bool is_latin = (unsigned char)cue->word[0] < 0x80 && cue->word[2] != ']' && cue->word[2] != ')';
		if (is_latin && value_is_letter(value_before(text, from)) && cue->kind != MASK_EMAIL)
			continue;
		if (cue->kind == MASK_NAME && is_latin && cue->force == CUE_WEAK && cue->anchor == 1 &&
			!is_of_a_person(text, from))
			continue;
		if (read_value(text, from, cue, out))
			return true;
	}
	return false;
}
