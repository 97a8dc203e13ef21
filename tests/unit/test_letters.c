/* What every code point is to the matcher: the classes, the folded letters, and where they differ from the normaliser. */
#include "common/text/letters.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LAST_CP 0x10FFFFu

/* Each code point of `text` is of that class. */
static void assert_class(enum letter_class class, const char *text)
{
	struct str all = str_of(text);
	for (size_t at = 0; at < all.n;) {
		uint32_t cp = utf8_next(all, &at);
		if (letters_of(cp) != class)
			fail_msg("U+%04X is %u, expected class %d", cp, letters_of(cp), (int)class);
	}
}

/* The letters of all code points of `text`, one after the other, are `letters`. */
static void assert_letters(const char *text, const char *letters)
{
	char out[512];
	size_t n = 0;
	struct str all = str_of(text);
	for (size_t at = 0; at < all.n;) {
		uint32_t cp = utf8_next(all, &at), many[LETTERS_SEQUENCE_MAX] = { letters_of(cp) };
		size_t count = many[0] == LETTER_SEQUENCE ? letters_sequence(cp, many) : 1;
		for (size_t i = 0; i < count; i++)
			n += (size_t)utf8_put(out + n, many[i]);
	}
	out[n] = 0;
	assert_string_equal(out, letters);
}

static void every_class_has_its_members(void **state)
{
	(void)state;
	assert_class(LETTER_WALL, "\n\r\u2028\u2029\xC2\x85\u2588\ufffd\ue000\U000F0000");
	assert_class(LETTER_HIDDEN,
		"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\ufe0f\u202a\u202c\u2066\u2069\u0336\u0301\u20dd\x01\x7f"
		"\U000E0041\U000E0101");
	assert_class(LETTER_SPACE, " \t\u00a0\u2003\u3000\u2800");
	assert_class(LETTER_SYMBOL, "*=`~_-–—/\\|+#^·•…、‧・'\"<>&%$@€¥×©®™°★■♥✂❤☠⚡→∞＊＿＄");
	assert_class(LETTER_SYMBOL, "💰🐶🏽🇨🇳🫠🀄🃏𝄞");
	assert_class(LETTER_CLAUSE, ",;:!?，；：！？)）】]}”“「」『』《》«»؟।❗❓‼");
	assert_class(LETTER_STOP, ".。．｡");
	assert_class(LETTER_OPEN, "(（[【〔{｛");
	assert_class(LETTER_OVERRIDE, "\u202e");
	assert_class(LETTER_SEQUENCE, "㎏ﬁ½ßæﷺ㍿Ǣ");
}

static void chinese_letters_are_folded(void **state)
{
	(void)state;
	assert_letters("退款客服", "退款客服");
	assert_letters("維權舉報詐騙", "维权举报诈骗");
	assert_letters("⼦⽕㊙㈠🈲豈", "子火秘一禁岂");
	assert_letters("⻋⻜⻢", "车飞马");
	assert_letters("〇々𠮷", "〇々𠮷");
	assert_letters("しカｶ한ㄅ", "しカカ한ㄅ");
	assert_int_equal(letters_folds(0x7DAD), FOLD_HANT);
	assert_int_equal(letters_folds(0x9000), 0);
	assert_true(letters_folds(0x2F26) & FOLD_WIDTH);
}

static void latin_letters_are_folded(void **state)
{
	(void)state;
	assert_letters("REFUND refund", "refund\x02refund");
	assert_letters("ｒｅⓕ𝐮𝓃𝕕ⅾ", "refundd");
	assert_letters("réfünd łøđħŧƒ", "refund\x02lodhtf");
	assert_letters("ꜱᴄᴀᴍʙʀ", "scambr");
	assert_letters("①❷⓪٣０²", "120302");
	assert_letters("ﬁ㎏½ßæ", "fikg12ssae");
	assert_letters("🅰🅱🅞", "abo");
	assert_int_equal(letters_folds('A'), FOLD_CASE);
	assert_int_equal(letters_folds(0xFF21), FOLD_CASE | FOLD_WIDTH);
	assert_int_equal(letters_folds(0xE9), FOLD_MARKS);
	assert_int_equal(letters_folds('a'), 0);
}

static void letters_that_look_latin_become_latin(void **state)
{
	(void)state;
	assert_letters("ѕсаm ꓢⲥаꮇ", "scam\x02scam");
	assert_letters("гефуոԁ", "reфynd");
	assert_letters("ΑΒΕΗΙΚΜΝΟΡΤΥΧ", "abehikmnoptyx");
	assert_letters("АВЕКМНОРСТУХ", "abekmhopctyx");
	assert_letters("авекмнорстух", "abekmhopctyx");
	assert_letters("жЛ", "жл");
	assert_int_equal(letters_folds(0x441), FOLD_HOMOGLYPH);
	assert_int_equal(letters_folds(0x421), FOLD_HOMOGLYPH | FOLD_CASE);
	assert_int_equal(letters_of(0x0436), 0x0436);
	assert_int_equal(letters_of(0x4E28), 0x4E28);
	assert_int_equal(letters_of(0x30ED), 0x30ED);
}

static void ascii_is_itself(void **state)
{
	(void)state;
	for (uint32_t cp = '0'; cp <= 'z'; cp++) {
		bool is_word = (cp <= '9') || (cp >= 'A' && cp <= 'Z') || cp >= 'a';
		if (is_word)
			assert_int_equal(letters_of(cp), cp >= 'A' && cp <= 'Z' ? cp | 0x20 : cp);
		else
			assert_true(letters_of(cp) < LETTERS_FIRST);
	}
}

static void folding_twice_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= LAST_CP; cp++) {
		uint32_t letter = letters_of(cp), many[LETTERS_SEQUENCE_MAX];
		size_t n = letters_sequence(cp, many);
		assert_true(letter < LETTER_CLASS__N || letter >= LETTERS_FIRST);
		assert_int_equal(n > 1, letter == LETTER_SEQUENCE);
		if (letter >= LETTERS_FIRST)
			assert_int_equal(letters_of(letter), letter);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(letters_of(many[i]), many[i]);
		assert_true(letter == LETTER_SEQUENCE || letter < LETTERS_FIRST || (letter != cp) == (letters_folds(cp) != 0));
	}
	assert_int_equal(letters_of(LAST_CP + 1), LETTER_WALL);
	assert_int_equal(letters_folds(UINT32_MAX), 0);
}

/* The letters of a text, hidden characters left out: what remains of a normalised character and of the character itself
 * has to be the same, but for shapes (capitals that look like another letter than their small ones). */
static size_t letters_in(struct str text, uint32_t *out, unsigned *folds)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at), letter = letters_of(cp);
		*folds |= letters_folds(cp);
		if (letter == LETTER_SEQUENCE)
			n += letters_sequence(cp, out + n);
		else if (letter >= LETTERS_FIRST)
			out[n++] = letter;
	}
	return n;
}

static void letters_agree_with_the_normaliser(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 1u << 20);
	for (uint32_t cp = 0x21; cp <= 0xFFFF; cp++) {
		char bytes[4];
		uint32_t plain[64], folded[64];
		unsigned folds = 0;
		struct str original = { bytes, (size_t)utf8_put(bytes, cp) };
		size_t nplain = letters_in(original, plain, &folds);
		size_t nfolded = letters_in(normalise_text(&arena, original), folded, &folds);
		bool is_wanted = (folds & FOLD_HOMOGLYPH) || letters_of(cp) < LETTERS_FIRST || (nplain == 1 && plain[0] <= '9');
		if (!is_wanted && (nplain != nfolded || memcmp(plain, folded, nplain * sizeof(*plain)) != 0))
			fail_msg("U+%04X is %zu letters, the first U+%04X; normalised it is %zu, the first U+%04X", cp, nplain,
				plain[0], nfolded, folded[0]);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_has_its_members),
		cmocka_unit_test(chinese_letters_are_folded),
		cmocka_unit_test(latin_letters_are_folded),
		cmocka_unit_test(letters_that_look_latin_become_latin),
		cmocka_unit_test(ascii_is_itself),
		cmocka_unit_test(folding_twice_changes_nothing),
		cmocka_unit_test(letters_agree_with_the_normaliser),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
