/* Languages by script, and when a hint counts. */
#include "common/text/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_lang(const char *text, const char *hint, const char *expected)
{
	const char *got = lang_guess(str_of(text), str_of(hint));
	if (!str_eqc(str_of(got), expected))
		fail_msg("\"%s\" (hint \"%s\") is \"%s\", expected \"%s\"", text, hint, got, expected);
}

static void scripts_tell_the_language(void **state)
{
	(void)state;
	assert_lang("客服态度很差，退款还没到账", "", "zh-Hans");
	assert_lang("客服態度很差，退款還沒到帳", "", "zh-Hant");
	assert_lang("The refund never arrived", "", "en");
	assert_lang("返金がまだ届きません", "", "ja");
	assert_lang("환불이 아직 안 왔어요", "", "ko");
	assert_lang("12345 !!! 😡", "", "");
	assert_lang("", "", "");
}

static void a_few_foreign_words_change_nothing(void **state)
{
	(void)state;
	assert_lang("iPhone 15 Pro Max 屏幕有划痕", "", "zh-Hans");
	assert_lang("优の良品很好吃", "", "zh-Hans");
	assert_lang("Ordered the 小米 phone last week and it still has not shipped", "", "en");
}

static void a_hint_decides_inside_a_script_only(void **state)
{
	(void)state;
	assert_lang("Le remboursement n'est jamais venu", "fr-CA", "fr");
	assert_lang("客服不理人", "en", "zh-Hans");
	assert_lang("The refund never arrived", "zh", "en");
	assert_lang("很好", "zh-TW", "zh-Hans");
}

static void words_are_counted_across_blocks_of_bytes(void **state)
{
	(void)state;
	assert_lang("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 好", "", "zh-Hans"); /* one word */
	assert_lang("a b c d e f g h i j k l m n o p q r s t 好好好好好好好好好好", "", "zh-Hans"); /* twenty */
	assert_lang("a b c d e f g h i j k l m n o p q r s t u 好好好好好好好好好好", "", "en");
	assert_lang("a b c d e f g h i j k好l m n o p q r s t u好好好好好好好好好", "", "en");
}

static void words_tell_the_languages_of_the_latin_script(void **state)
{
	(void)state;
	assert_lang("J'attends mon remboursement depuis trois semaines et le service client ne répond pas", "", "fr");
	assert_lang("Le colis est arrivé cassé, personne ne répond au téléphone", "en", "fr");
	assert_lang("Ich warte seit drei Wochen auf meine Rückerstattung und niemand meldet sich", "", "de");
	assert_lang("Llevo tres semanas esperando el reembolso y nadie me contesta", "", "es");
	assert_lang("Estou esperando o reembolso há três semanas e ninguém responde", "", "pt");
	assert_lang("Aspetto il rimborso da tre settimane e nessuno mi risponde", "", "it");
	assert_lang("Ik wacht al drie weken op mijn geld en niemand geeft antwoord", "", "nl");
	assert_lang("Sudah tiga minggu saya tunggu pengembalian uang dan tidak ada jawaban", "", "id");
	assert_lang("Tôi đã chờ hoàn tiền ba tuần rồi mà không ai trả lời", "", "vi");
	assert_lang("Tatlong linggo na akong naghihintay ng refund pero wala pa rin", "", "tl");
	assert_lang("Czekam na zwrot pieniędzy już trzy tygodnie i nikt nie odpowiada", "", "pl");
	assert_lang("Üç haftadır para iadesi bekliyorum ama hiç kimse cevap vermiyor, çok kötü bir hizmet", "", "tr");
	assert_lang("Jag har väntat på min återbetalning i tre veckor och ingen svarar", "", "sv");
	assert_lang("Jeg har ventet på pengene i tre uker og ingen svarer", "nb", "nb");
	assert_lang("Olen odottanut palautusta kolme viikkoa, mutta kukaan ei vastaa", "", "fi");
	assert_lang("Čekám na vrácení peněz už tři týdny a nikdo se mi neozval", "", "cs");
	assert_lang("Aștept banii înapoi de trei săptămâni și nimeni nu îmi răspunde", "", "ro");
	assert_lang("Három hete várok a pénzemre, de még mindig nem válaszolt senki", "", "hu");
}

static void english_stays_english(void **state)
{
	(void)state;
	assert_lang("El Al cancelled my flight and the crew in Rio de Janeiro was no help", "", "en");
	assert_lang("Café Rouge on La Rue: worst crème brûlée, never again", "", "en");
	assert_lang("refund pls", "es", "es"); /* nothing speaks against the source */
	assert_lang("app crash!!! 1 star", "", "en");
	assert_lang("Las Vegas to Los Angeles, 4 hours late", "", "en");
}

static void other_alphabets_have_their_commonest_language(void **state)
{
	(void)state;
	assert_lang("Жду возврата денег три недели, никто не отвечает", "", "ru");
	assert_lang("Чекаю на повернення коштів три тижні", "uk-UA", "uk");
	assert_lang("أنتظر استرداد أموالي منذ ثلاثة أسابيع", "en", "ar");
	assert_lang("รอเงินคืนมาสามสัปดาห์แล้ว", "", "th");
	assert_lang("Η επιστροφή χρημάτων δεν ήρθε ποτέ", "", "el");
	assert_lang("iPhone у меня сломался через неделю", "", "ru");
	assert_lang("我在俄罗斯学会了一个词 спасибо", "", "zh-Hans");
}

static void chinese_has_two_names(void **state)
{
	(void)state;
	assert_true(lang_is_chinese("zh-Hans"));
	assert_true(lang_is_chinese("zh-Hant"));
	assert_false(lang_is_chinese("en"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_tell_the_language),
		cmocka_unit_test(a_few_foreign_words_change_nothing),
		cmocka_unit_test(a_hint_decides_inside_a_script_only),
		cmocka_unit_test(words_are_counted_across_blocks_of_bytes),
		cmocka_unit_test(words_tell_the_languages_of_the_latin_script),
		cmocka_unit_test(english_stays_english),
		cmocka_unit_test(other_alphabets_have_their_commonest_language),
		cmocka_unit_test(chinese_has_two_names),
	};
	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
