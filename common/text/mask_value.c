/* Looks around a value of the masker: letters, separators, and the words in front that say what a number is. */
#include "common/text/mask_value.h"

#include "common/base/utf8.h"

bool value_is_letter(uint32_t cp)
{
	return (cp < 0x80 && (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') || cp == '_' || (cp >= 0xFF21 && cp <= 0xFF5A);
}

bool value_is_separator(uint32_t cp)
{
	return cp == ' ' || cp == '-' || cp == 0xA0 || cp == 0x3000 || cp == 0xFF0D || (cp >= 0x2010 && cp <= 0x2014);
}

bool value_is_han(struct str text, size_t at)
{
	if (at >= text.n || !utf8_is_plain_three(text, at))
		return false;
	const unsigned char *p = (const unsigned char *)text.p + at;
	const unsigned cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) || cp == 0x3007;
}

uint32_t value_at(struct str text, size_t at)
{
	return at < text.n ? utf8_next(text, &at) : 0;
}

uint32_t value_before(struct str text, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < 4) {
		from--;
		if (((unsigned char)text.p[from] & 0xC0) != 0x80) {
			size_t next = from;
			const uint32_t cp = utf8_next(str_first(text, at), &next);
			return next == at && cp != UTF8_REPLACEMENT ? cp : 0; /* that one stands for bytes of any number */
		}
	}
	return 0;
}

#define GLUES 6 /* parts skipped between a label and its number */

static const char *const glue[] = { " ", ":", "：", "#", "=", "-", ".", "\t", "号码", "号", "是", "为", "為", "號", "number",
	" is", " no", " at", " on", "我", " me", " my", " us", "(", "（", "+", " was", "【", "「", "\"" };

static struct str without_glue(struct str before)
{
	for (int round = 0; round < GLUES; round++) {
		size_t cut = 0;
		for (size_t i = 0; i < sizeof glue / sizeof glue[0] && cut == 0; i++) {
			const struct str word = str_of(glue[i]);
			if (before.n >= word.n && str_ieq(str_from(before, before.n - word.n), word))
				cut = word.n;
		}
		if (cut == 0)
			return before;
		before.n -= cut;
	}
	return before;
}

#define MOST_WORDS 28

static const char *const labels[LABEL__N][MOST_WORDS] = {
	[LABEL_PHONE] = { "电话", "手机", "座机", "传真", "联系", "拨打", "致电", "打", "电", "固话", "電話", "手機", "tel",
		"phone", "call", "cell", "mobile", "fax", "text", "dial", "ring", "telephone", "reach", "whatsapp" },
	[LABEL_ORDER] = { "订单", "单", "编", "流水", "案", "票", "型", "编码", "訂單", "單", "編", "order", "case", "ticket",
		"tracking", "invoice", "ref", "reference", "sku", "isbn", "model", "serial", "parcel", "shipment", "booking" },
	[LABEL_SSN] = { "ssn", "social security", "social", "soc sec", "社安", "社会安全" },
	[LABEL_IP] = { "ip", "ip地址", "address", "地址", "主机", "host", "server" },
	[LABEL_VERSION] = { "version", "v", "ver", "版本", "版", "固件", "firmware", "系统", "build", "release", "章", "section",
		"chapter" },
	[LABEL_PLATE] = { "车牌", "车", "牌照", "号牌", "車牌", "plate" },
};

bool value_is_labelled(struct str text, size_t at, enum value_label label)
{
	const struct str before = without_glue(str_first(text, at));
	for (size_t i = 0; i < MOST_WORDS && labels[label][i]; i++) {
		const struct str word = str_of(labels[label][i]);
		if (before.n < word.n || !str_ieq(str_from(before, before.n - word.n), word))
			continue;
		if ((unsigned char)word.p[0] >= 0x80 || !value_is_letter(value_before(before, before.n - word.n)))
			return true;
	}
	return false;
}
