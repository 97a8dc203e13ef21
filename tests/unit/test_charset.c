/* Unit tests of encodings: feeds in the encodings of Chinese, Japanese, Korean, Russian and Western pages, rightly labelled,
 * wrongly labelled and not labelled at all. */
#include "common/base/charset.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "common/base/charset_guess.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <iconv.h>

static struct arena arena;

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

struct row {
	const char *name;
	struct str bytes;
	const char *content_type, *encoding, *text;
};

#define BYTES(literal)                                                                                                           \
	{                                                                                                                        \
		literal, sizeof(literal) - 1                                                                                     \
	}

static const struct row rows[] = {
	{ "gb2312",
		BYTES("<\077xml version=\0421.0\042 encoding=\042gb2312\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title"
		      "><item><title>"
		      "\277\315\267\376\322\273\326\261\262\273\300\355\310\313\243\254\315\313\277\356\310\375\326\334"
		      "\303\273\323\320\265\275\325\313\243\254\314\253\312\247\315\373\301\313</title></item></channel></rss>"),
		"", "gb18030", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "gbk extension characters",
		BYTES("<\077xml version=\0421.0\042 encoding=\042gb2312\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title"
		      "><item><title>\351F\206\264\210\322</title></item></channel></rss>"),
		"", "gb18030", "镕喆堃" },
	{ "gb18030 four bytes",
		BYTES("<\077xml version=\0421.0\042 encoding=\042GB18030\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</titl"
		      "e><item><title>\2019\3569\2252\2026</title></item></channel></rss>"),
		"", "gb18030", "㐀𠀀" },
	{ "big5",
		BYTES("<\077xml version=\0421.0\042 encoding=\042Big5\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><"
		      "item><title>\253\310\252A\244@"
		      "\252\275\244\243\262z\244H\241A\260h\264\332\244T\266g\250S\246\263\250\354\261b"
		      "\241A\244\323\245\242\261\346\244F</title></item></channel></rss>"),
		"", "big5", "客服一直不理人，退款三週沒有到帳，太失望了" },
	{ "big5 from HTTP",
		BYTES("<\077xml version=\0421.0\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><item><title>\253\310"
		      "\252A\244@"
		      "\252\275\244\243\262z\244H\241A\260h\264\332\244T\266g\250S\246\263\250\354\261b\241A\244\323\245"
		      "\242\261\346\244F</title></item></channel></rss>"),
		"text/xml; charset=big5", "big5", "客服一直不理人，退款三週沒有到帳，太失望了" },
	{ "http over declaration",
		BYTES("<\077xml version=\0421.0\042 encoding=\042big5\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><"
		      "item><title>"
		      "\277\315\267\376\322\273\326\261\262\273\300\355\310\313\243\254\315\313\277\356\310\375\326\334"
		      "\303\273\323\320\265\275\325\313\243\254\314\253\312\247\315\373\301\313</title></item></channel></rss>"),
		"application/xml; charset=\"GBK\"", "gb18030", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "gbk without a label",
		BYTES("<\077xml version=\0421.0\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><item><title>\277\315"
		      "\267\376\322\273\326\261\262\273\300\355\310\313\243\254\315\313\277\356\310\375\326\334\303\273\323\320"
		      "\265"
		      "\275\325\313\243\254\314\253\312\247\315\373\301\313</title></item></channel></rss>"),
		"", "gb18030", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "big5 without a label",
		BYTES("<\077xml version=\0421.0\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><item><title>\253\310"
		      "\252A\244@"
		      "\252\275\244\243\262z\244H\241A\260h\264\332\244T\266g\250S\246\263\250\354\261b\241A\244\323\245"
		      "\242\261\346\244F</title></item></channel></rss>"),
		"", "big5", "客服一直不理人，退款三週沒有到帳，太失望了" },
	{ "declared utf-8, is gbk",
		BYTES("<\077xml version=\0421.0\042 encoding=\042utf-8\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title>"
		      "<item><title>"
		      "\277\315\267\376\322\273\326\261\262\273\300\355\310\313\243\254\315\313\277\356\310\375\326\334"
		      "\303\273\323\320\265\275\325\313\243\254\314\253\312\247\315\373\301\313</title></item></channel></rss>"),
		"", "gb18030", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "declared gb2312, is utf-8",
		BYTES("<\077xml version=\0421.0\042 encoding=\042gb2312\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title"
		      "><item><title>"
		      "\345\256\242\346\234\215\344\270\200\347\233\264\344\270\215\347\220\206\344\272\272\357\274\214"
		      "\351\200\200\346\254\276\344\270\211\345\221\250\346\262\241\346\234\211\345\210\260\350\264\246\357\274"
		      "\214"
		      "\345\244\252\345\244\261\346\234\233\344\272\206</title></item></channel></rss>"),
		"", "utf-8", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "http says latin-1, is utf-8",
		BYTES("<\077xml version=\0421.0\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title><item><title>\345\256"
		      "\242\346\234\215\344\270\200\347\233\264\344\270\215\347\220\206\344\272\272\357\274\214\351\200\200\346"
		      "\254"
		      "\276\344\270\211\345\221\250\346\262\241\346\234\211\345\210\260\350\264\246\357\274\214\345\244\252\345"
		      "\244"
		      "\261\346\234\233\344\272\206</title></item></channel></rss>"),
		"text/xml; charset=iso-8859-1", "utf-8", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "shift_jis",
		BYTES("<\077xml version=\0421.0\042 encoding=\042Shift_JIS\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</ti"
		      "tle><item><title>\203J\203X\203^\203}\201[\203T\201["
		      "\203r\203X\202\314\221\316\211\236\202\252\202\320\202\307"
		      "\202\242\202\305\202\267\201B\225\324\213\340\202\340\202\240\202\350\202\334\202\271\202\361\201B</"
		      "title></it"
		      "em></channel></rss>"),
		"", "shift_jis", "カスタマーサービスの対応がひどいです。返金もありません。" },
	{ "euc-kr",
		BYTES("<\077xml version=\0421.0\042 encoding=\042euc-kr\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</title"
		      "><item><title>\260\355\260\264\274\276\305\315\260\241 \300\374\310\255\270\246 \271\336\301\366 "
		      "\276\312\275"
		      "\300\264\317\264\331. \310\257\272\322\265\265 \276\310 \307\330 \301\335\264\317\264\331. "
		      "\301\244\270\273 "
		      "\275\307\270\301\300\324\264\317\264\331.</title></item></channel></rss>"),
		"", "euc-kr", "고객센터가 전화를 받지 않습니다. 환불도 안 해 줍니다. 정말 실망입니다." },
	{ "windows-1251",
		BYTES("<\077xml version=\0421.0\042 encoding=\042windows-1251\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum<"
		      "/title><item><title>\321\353\363\346\341\340 \357\356\344\344\345\360\346\352\350 \355\345 "
		      "\356\362\342\345"
		      "\367\340\345\362, \344\345\355\374\343\350 \355\345 "
		      "\342\345\360\355\363\353\350</title></item></channel></rss"
		      ">"),
		"", "windows-1251", "Служба поддержки не отвечает, деньги не вернули" },
	{ "latin-1 is windows-1252",
		BYTES("<\077xml version=\0421.0\042 encoding=\042iso-8859-1\042\077><rss "
		      "version=\0422.0\042><channel><title>Forum</t"
		      "itle><item><title>\223caf\351\224 \2005</title></item></channel></rss>"),
		"", "windows-1252", "“café” €5" },
	{ "utf-16 with a mark",
		BYTES("\377\376<\000\077\000x\000m\000l\000 "
		      "\000v\000e\000r\000s\000i\000o\000n\000=\000\042\0001\000.\0000\000\042"
		      "\000\077\000>\000<\000r\000s\000s\000 "
		      "\000v\000e\000r\000s\000i\000o\000n\000=\000\042\0002\000.\0000\000\042"
		      "\000>\000<\000c\000h\000a\000n\000n\000e\000l\000>\000<\000t\000i\000t\000l\000e\000>"
		      "\000F\000o\000r\000u\000m"
		      "\000<\000/"
		      "\000t\000i\000t\000l\000e\000>\000<\000i\000t\000e\000m\000>\000<\000t\000i\000t\000l\000e\000>\000"
		      "\242[\015g\000N\364v\015N\006t\272N\014\377\000\220>k\011NhT\241l\011g0R&\215\014\377*Y1Y\033g\206N<\000/"
		      "\000t"
		      "\000i\000t\000l\000e\000>\000<\000/\000i\000t\000e\000m\000>\000<\000/"
		      "\000c\000h\000a\000n\000n\000e\000l\000>"
		      "\000<\000/\000r\000s\000s\000>\000"),
		"", "utf-16le", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "utf-16be without a mark",
		BYTES("\000<\000\077\000x\000m\000l\000 "
		      "\000v\000e\000r\000s\000i\000o\000n\000=\000\042\0001\000.\0000\000\042\000"
		      "\077\000>\000<\000r\000s\000s\000 "
		      "\000v\000e\000r\000s\000i\000o\000n\000=\000\042\0002\000.\0000\000\042\000>"
		      "\000<\000c\000h\000a\000n\000n\000e\000l\000>\000<\000t\000i\000t\000l\000e\000>"
		      "\000F\000o\000r\000u\000m\000<"
		      "\000/"
		      "\000t\000i\000t\000l\000e\000>\000<\000i\000t\000e\000m\000>\000<\000t\000i\000t\000l\000e\000>[\242g\015"
		      "N\000v\364N\015t\006N\272\377\014\220\000k>N\011Thl\241g\011R0\215&\377\014Y*Y1g\033N\206\000<\000/"
		      "\000t\000i"
		      "\000t\000l\000e\000>\000<\000/\000i\000t\000e\000m\000>\000<\000/"
		      "\000c\000h\000a\000n\000n\000e\000l\000>\000<"
		      "\000/\000r\000s\000s\000>"),
		"", "utf-16be", "客服一直不理人，退款三周没有到账，太失望了" },
	{ "utf-8 with a mark",
		BYTES("\357\273\277<\077xml version=\0421.0\042 encoding=\042gbk\042\077><rss "
		      "version=\0422.0\042><channel><title>For"
		      "um</"
		      "title><item><title>\345\256\242\346\234\215\344\270\200\347\233\264\344\270\215\347\220\206\344\272\272"
		      "\357\274\214\351\200\200\346\254\276\344\270\211\345\221\250\346\262\241\346\234\211\345\210\260\350\264"
		      "\246"
		      "\357\274\214\345\244\252\345\244\261\346\234\233\344\272\206</title></item></channel></rss>"),
		"", "utf-8", "客服一直不理人，退款三周没有到账，太失望了" },
};

static void feeds_of_any_encoding_become_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct charset_text text;
		charset_read(&arena, rows[i].bytes, str_of(rows[i].content_type), &text);
		if (!str_eqc(text.encoding, rows[i].encoding))
			fail_msg("%s: expected %s, got %.*s", rows[i].name, rows[i].encoding, STR_FMT(text.encoding));
		if (str_find(text.utf8, str_of(rows[i].text)) < 0 || text.damaged)
			fail_msg("%s: expected \"%s\" in \"%.*s\"", rows[i].name, rows[i].text, STR_FMT(text.utf8));
		assert_true(utf8_valid(text.utf8));
	}
}

static void wrong_labels_are_noticed(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR("<?xml version='1.0' encoding='gbk'?><a>\345\256\242\346\234\215</a>"), STR(""), &text);
	assert_true(text.wrong_label);
	assert_true(str_eqc(text.declared, "gbk"));
	charset_read(&arena, STR("<?xml version='1.0' encoding='no-such'?><a>x</a>"), STR(""), &text);
	assert_true(text.wrong_label);
	charset_read(&arena, STR("<?xml version='1.0' encoding='us-ascii'?><a>x</a>"), STR(""), &text);
	assert_false(text.wrong_label);
}

static void labels_are_mapped_the_way_of_browsers(void **state)
{
	static const char *const pairs[][2] = { { "GB2312", "gb18030" }, { " x-gbk ", "gb18030" }, { "gb_2312-80", "gb18030" },
		{ "big5-hkscs", "big5" }, { "'Shift_JIS'", "shift_jis" }, { "ks_c_5601-1987", "euc-kr" },
		{ "iso-8859-1", "windows-1252" }, { "ascii", "windows-1252" }, { "iso-8859-9", "windows-1254" },
		{ "utf8", "utf-8" }, { "tis-620", "windows-874" }, { "", "" }, { "nonsense", "" }, { "big5 gbk", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct str name = charset_name(str_of(pairs[i][0]));
		if (!str_eqc(name, pairs[i][1]))
			fail_msg("\"%s\": expected \"%s\", got \"%.*s\"", pairs[i][0], pairs[i][1], STR_FMT(name));
	}
}

static void the_charset_parameter_is_found(void **state)
{
	(void)state;
	assert_true(str_eqc(charset_of_content_type(STR("text/xml; charset=\"gbk\"; q=1")), "gbk"));
	assert_true(str_eqc(charset_of_content_type(STR("text/xml;Charset = big5")), "big5"));
	assert_int_equal(charset_of_content_type(STR("text/xml; qs=0.9")).n, 0);
	assert_int_equal(charset_of_content_type(STR("")).n, 0);
}

static void a_broken_character_does_not_swallow_the_tag_behind_it(void **state)
{
	struct charset_text text;

	(void)state;
	assert_true(charset_decode(&arena, STR("<a>\277</a>"), STR("gbk"), &text));
	assert_true(str_eqc(text.utf8, "<a>\xEF\xBF\xBD</a>"));
	assert_true(text.damaged);
	assert_false(charset_decode(&arena, STR("x"), STR("nonsense"), &text));
}

static void a_few_bad_bytes_leave_utf8_what_it_is(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR("<a>客服一直不理人，退款三周没有到账\377</a>"), STR(""), &text);
	assert_true(str_eqc(text.encoding, "utf-8"));
	assert_true(text.damaged);
	assert_true(str_find(text.utf8, STR("退款三周没有到账")) > 0);
}

static void a_meta_element_names_the_encoding(void **state)
{
	const char *html =
		"<html><meta name=x><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\277\315\267\376";
	struct charset_text text;

	(void)state;
	charset_read(&arena, str_of(html), STR(""), &text);
	assert_true(str_eqc(text.encoding, "gb18030"));
	assert_true(str_ends(text.utf8, STR("客服")));
}

static void wrong_claims_of_pages_are_repaired(void **state)
{
	static const char gbk[] = "\277\315\267\376\322\273\326\261\262\273\300\355\310\313\243\254\315\313\277\356\310\375\326"
				  "\334\303\273\323\320\265\275\325\313\243\254\314\253\312\247\315\373\301\313\241\243";
	static const struct {
		const char *head, *content_type, *encoding;
		bool is_gbk;
	} pages[] = {
		{ "<meta charset=utf-8>", "", "gb18030", true },
		{ "", "text/html; charset=ISO-8859-1", "gb18030", true },
		{ "<META HTTP-EQUIV=Content-Type CONTENT='text/html; CHARSET=GB2312'>", "text/html; charset=iso-8859-1",
			"gb18030", true },
		{ "<!-- <meta charset=big5> -->", "text/html; charset=utf-8", "gb18030", true },
		{ "<meta charset=gbk>", "text/html; charset=gb2312", "utf-8", false },
		{ "<meta charset=iso-8859-1>", "", "utf-8", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const struct str bytes = arena_printf(&arena, "%s<p>%s", pages[i].head,
			pages[i].is_gbk
				? gbk
				: "\345\256\242\346\234\215\344\270\200\347\233\264\344\270\215\347\220\206\344\272\272\357\274"
				  "\214\351\200\200\346\254\276\344\270\211\345\221\250\346\262\241\346\234\211\345\210\260\350"
				  "\264\246\357\274\214\345\244\252\345\244\261\346\234\233\344\272\206\343\200\202");
		struct charset_text text;
		charset_read(&arena, bytes, str_of(pages[i].content_type), &text);
		assert_true(str_eqc(text.encoding, pages[i].encoding));
		assert_true(str_ends(text.utf8, STR("客服一直不理人，退款三周没有到账，太失望了。")));
		assert_true(text.wrong_label || i == 2);
	}
}

static void western_text_keeps_its_claim(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR("<p>Le caf\351 a \351t\351 servi br\373lant \340 No\353l, \202tr\350s bient\364t\223"),
		STR("text/html; charset=iso-8859-1"), &text);
	assert_true(str_eqc(text.encoding, "windows-1252") && !text.wrong_label);
	assert_true(str_find(text.utf8, STR("été servi brûlant à Noël")) > 0);
}

static void the_wide_space_of_chinese_pages_is_one(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR("<meta charset=gb2312><p>\243\240\243\240\277\315\267\376"), STR(""), &text);
	assert_true(str_ends(text.utf8, STR("<p>\343\200\200\343\200\200客服")));
}

static void characters_of_four_bytes_tell_gb18030(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR("<p>\277\315\267\376\2019\3569\2252\2026 caf\250\246"), STR(""), &text);
	assert_true(str_eqc(text.encoding, "gb18030"));
	assert_true(str_ends(text.utf8, STR("客服㐀𠀀 café")));
}

/* What the C library makes of the bytes; "" when nothing. */
static struct str asked(iconv_t converter, const char *bytes, size_t n, char out[16])
{
	char *in = (char *)(uintptr_t)bytes, *to = out;
	size_t left = n, room = 16;
	(void)iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &in, &left, &to, &room) == (size_t)-1)
		return STR("");
	(void)iconv(converter, NULL, NULL, &to, &room);
	return (struct str){ out, 16 - room };
}

static void check_pairs(const char *label, const char *name_of_iconv)
{
	iconv_t converter = iconv_open("UTF-8", name_of_iconv);
	assert_true(converter != (iconv_t)-1);
	for (int lead = 0x20; lead < 256; lead++) {
		for (int trail = 0x40; trail < 256; trail++) {
			char out[16];
			const char pair[2] = { (char)lead, (char)trail };
			const struct str want = asked(converter, pair, 2, out);
			struct charset_text text;
			if (want.n == 0 || str_eqc(want, "\xEE\x97\xA5"))
				continue;
			assert_true(charset_decode(&arena, (struct str){ pair, 2 }, str_of(label), &text));
			if (!str_eq(text.utf8, want) || text.damaged)
				fail_msg("%s: %02X %02X gives %.*s, not %.*s", label, (unsigned)lead, (unsigned)trail,
					STR_FMT(text.utf8), STR_FMT(want));
		}
		arena_reset(&arena);
	}
	iconv_close(converter);
}

static void tables_say_what_the_c_library_says(void **state)
{
	(void)state;
	check_pairs("gb2312", "GB18030");
	check_pairs("big5", "BIG5-HKSCS");
	check_pairs("shift_jis", "CP932");
	check_pairs("euc-kr", "CP949");
	check_pairs("euc-jp", "EUC-JP");
	check_pairs("koi8-r", "KOI8-R");
	check_pairs("windows-1251", "CP1251");
}

/* Two characters of some encodings come from one pair, or are held back until the next one is known. */
static void a_character_that_was_held_back_is_not_lost(void **state)
{
	(void)state;
	struct charset_text text;
	assert_true(charset_decode(&arena, STR("\xFA\xE5\x88\x62\xA4\x40"), STR("big5"), &text));
	assert_true(str_ends(text.utf8, STR("Ê̄一")));
	assert_true(charset_decode(&arena, STR("\xF9\xE5\xEC\xFF \xF9"), STR("windows-1255"), &text));
	assert_true(str_ends(text.utf8, STR("ל\xEF\xBF\xBD ש")));
}

static void no_bytes_are_no_text(void **state)
{
	struct charset_text text;

	(void)state;
	charset_read(&arena, STR(""), STR(""), &text);
	assert_int_equal(text.utf8.n, 0);
	assert_true(str_eqc(text.encoding, "utf-8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_of_any_encoding_become_utf8),
		cmocka_unit_test(wrong_labels_are_noticed),
		cmocka_unit_test(labels_are_mapped_the_way_of_browsers),
		cmocka_unit_test(the_charset_parameter_is_found),
		cmocka_unit_test(a_broken_character_does_not_swallow_the_tag_behind_it),
		cmocka_unit_test(a_few_bad_bytes_leave_utf8_what_it_is),
		cmocka_unit_test(a_meta_element_names_the_encoding),
		cmocka_unit_test(wrong_claims_of_pages_are_repaired),
		cmocka_unit_test(western_text_keeps_its_claim),
		cmocka_unit_test(the_wide_space_of_chinese_pages_is_one),
		cmocka_unit_test(characters_of_four_bytes_tell_gb18030),
		cmocka_unit_test(tables_say_what_the_c_library_says),
		cmocka_unit_test(a_character_that_was_held_back_is_not_lost),
		cmocka_unit_test(no_bytes_are_no_text),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
