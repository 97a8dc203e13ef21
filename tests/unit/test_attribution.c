/* What the trained model went by: true places in the original, of the brand never, for every answer that is worth a reason. */
#include "detector/attribution.h"

#include "common/base/utf8.h"
#include "common/text/features.h"
#include "common/text/weights.h"
#include "common/text/normalise.h"
#include "detector/judge.h"
#include "detector/mention.h"
#include "detector/sight.h"

#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct rulebox box;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&box);
	rulebox_file(&box, "brands.conf",
		STR("[brand yunque]\nname = 云雀\naliases = 云雀, Skylark\n"
		    "[brand jilu]\nname = 霁鹭\naliases = 霁鹭, Brightmoor\n"));
	if (!rulebox_load_behind(&box, "rules"))
		fail_msg("%s", box.said);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

static struct verdict verdict_of(const struct post *p, int brand)
{
	struct scanned s;
	struct verdict v;
	scan_post(&box.arena, box.book, p, &s);
	judge(&box.arena, box.book, brand, p, &s, &v);
	return v;
}

static const struct attribution *of_question(const struct verdict *v, const char *question)
{
	for (size_t i = 0; i < v->nattributions; i++)
		if (strcmp(v->attribution[i].question, question) == 0)
			return &v->attribution[i];
	return NULL;
}

static struct str original_of(const struct post *p, const struct attribution *a)
{
	const struct str field = a->field == POST_TITLE ? p->title : p->text;
	const size_t from = utf8_offset(field, a->from), to = utf8_offset(field, a->to);
	return (struct str){ field.p + from, to - from };
}

/* ---- features ---- */

static void every_feature_has_its_place(void **state)
{
	(void)state;
	const struct str text = STR("云雀的客服 isn't good at @all_of it: https://a.example/x 太差了 \xF0\x9F\x98\xA1");
	struct features f;
	features_make(&box.arena, text, &f);
	const uint32_t *byte = features_bytes(&box.arena, text);
	size_t runs = 0, whole = 0;
	for (size_t i = 0; i < f.n; i++) {
		const struct features_place *p = &f.place[i];
		assert_true(p->from < p->to && byte[p->to] <= text.n);
		const struct str there = { text.p + byte[p->from], byte[p->to] - byte[p->from] };
		runs += features_run(there) == f.bucket[i];
		whole += str_eqc(there, "@all_of") || str_eqc(there, "https://a.example/x");
	}
	assert_true(runs > f.n / 2); /* the others are words, and what stands behind a negation */
	assert_true(whole >= 2); /* a name and an address are one code point each */
	assert_int_equal(byte[0], 0);
}

/* ---- attribution ---- */

static const char *const posts[] = {
	"云雀的客服态度太差，退款拖了一个月",
	"雲雀的客服態度太差，退款拖了一個月，我要去投訴",
	"ＳＫＹＬＡＲＫ charged me twice and nobody answers the phone",
	"Absolutely love my new Skylark jacket, best purchase this year",
	"听说云雀的奶粉里有虫，真的吗？@小王 https://a.example/x",
	"云雀的空调用了一晚就起火了，孩子被烫伤",
	"Does Skylark open on Sunday?",
	"Skylark announced a recall of 4,000 heaters after a fire in Leeds",
	"Skylark is terrible, awful, horrible, appalling, the worst, a scam, rude, filthy, broken and useless",
	"Skylark lost my parcel and nobody answered, Brightmoor refunded me the same day",
	"云雀的包裹放在驿站三天没人通知，霁鹭直接给我送上楼",
};

static void places_are_true_and_never_the_brand(void **state)
{
	(void)state;
	size_t found = 0;
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
		struct post p = rulebox_post(posts[i]);
		p.title = STR("Ｈｅｌｐ：雲雀又来了");
		const struct verdict v = verdict_of(&p, 0);
		found += v.nattributions;
		assert_true(v.nattributions <= VERDICT_ATTRIBUTIONS);
		for (size_t k = 0; k < v.nattributions; k++) {
			const struct attribution *a = &v.attribution[k];
			const struct str there = normalise_text(&box.arena, original_of(&p, a));
			if (!str_eq(there, a->words))
				fail_msg("%s: %u-%u is \"%.*s\", not \"%.*s\"", posts[i], a->from, a->to, STR_FMT(there),
					STR_FMT(a->words));
			assert_true(str_find(there, STR("云雀")) < 0 && str_find(there, STR("skylark")) < 0);
		}
	}
	assert_true(found >= sizeof posts / sizeof *posts);
}

static void a_reason_is_for_the_answer_that_was_given(void **state)
{
	(void)state;
	struct post p = rulebox_post("云雀的客服态度太差，退款拖了一个月");
	const struct verdict bad = verdict_of(&p, 0);
	assert_int_equal(bad.label, LABEL_NEGATIVE);
	assert_non_null(of_question(&bad, "label"));
	assert_true(of_question(&bad, "label")->effect < 0);
	assert_non_null(of_question(&bad, "category"));
	assert_true(of_question(&bad, "category")->effect > 0);
	p = rulebox_post("Absolutely love my new Skylark jacket, best purchase this year");
	const struct verdict good = verdict_of(&p, 0);
	assert_int_equal(good.label, LABEL_POSITIVE);
	assert_non_null(of_question(&good, "label"));
	assert_true(of_question(&good, "label")->effect > 0);
	assert_null(of_question(&good, "category"));
	assert_null(of_question(&good, "urgency"));
}

/* Who is blamed is blamed for the words of the own clause, who is praised for those of the other one. */
static void of_two_brands_each_has_its_own_words(void **state)
{
	static const struct {
		const char *text, *other; /* which is praised, and named where the talk goes over to it */
	} cases[] = {
		{ "Skylark lost my parcel and nobody answered, Brightmoor refunded me the same day", "Brightmoor" },
		{ "云雀的包裹放在驿站三天没人通知，霁鹭直接给我送上楼", "霁鹭" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct post p = rulebox_post(cases[i].text);
		const size_t turn = utf8_count(str_first(p.text, (size_t)str_find(p.text, str_of(cases[i].other))));
		const struct verdict blamed = verdict_of(&p, 0), praised = verdict_of(&p, 1);
		assert_int_equal(blamed.label, LABEL_NEGATIVE);
		assert_int_equal(praised.label, LABEL_POSITIVE);
		const struct attribution *low = of_question(&blamed, "label"), *high = of_question(&praised, "label");
		assert_true(low && low->effect < 0 && low->to <= turn);
		assert_true(high && high->effect > 0 && high->from >= turn);
	}
}

static void what_is_neither_asks_for_no_reason(void **state)
{
	static const char *const talk[] = { "我在云雀门口等你", "The bus stops right in front of Skylark" };
	(void)state;
	for (size_t i = 0; i < sizeof talk / sizeof *talk; i++) {
		const struct post p = rulebox_post(talk[i]);
		const struct verdict v = verdict_of(&p, 0);
		assert_int_equal(v.label, LABEL_NEUTRAL);
		assert_int_equal(v.nature, NAT_OTHER);
		assert_int_equal(v.nattributions, 0);
	}
	const struct post empty = rulebox_post("");
	assert_int_equal(verdict_of(&empty, 0).nattributions, 0);
}

/* The classes are an optional part of a model. */
static void a_model_without_classes_explains_the_mood_alone(void **state)
{
	(void)state;
	struct weights mood = *box.book->weights;
	struct rulebook book = *box.book;
	struct scanned s;
	struct verdict v;
	const struct post p = rulebox_post("This is terrible, they stole my money");
	mood.classes = (struct classes){ 0 };
	book.weights = &mood;
	scan_post(&box.arena, &book, &p, &s);
	judge(&box.arena, &book, -1, &p, &s, &v);
	assert_int_equal(v.label, LABEL_NEGATIVE);
	assert_non_null(of_question(&v, "label"));
	assert_null(of_question(&v, "nature"));
}

/* Of a long name its parts are looked for, but not what is in every text, and not inside of words. */
static void parts_of_a_name_are_whole_words_of_some_length(void **state)
{
	static const struct {
		const char *name, *text, *masked;
	} cases[] = {
		{ "A B Foods", "A parcel arrived and a manager rang", "a parcel arrived and a manager rang" },
		{ "The Body Shop", "They told the other shop", "they told the other shop" },
		{ "Corvane Air", "Corvane lost it, corvanes do", "\xEE\x80\x82 lost it, corvanes do" },
		{ "青禾银行", "青禾的卡", "\xEE\x80\x82的卡" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct post p = rulebox_post(cases[i].text);
		struct scanned s;
		scan_post(&box.arena, box.book, &p, &s);
		struct reading r = mention_reading(&box.arena, box.book, &p, &s, str_of(cases[i].name));
		reading_make(&r);
		if (!str_eqc(sight_of(&r)->text, cases[i].masked))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_FMT(sight_of(&r)->text));
	}
}

static void the_mood_of_a_text_without_brand_is_explained(void **state)
{
	(void)state;
	const struct post p = rulebox_post("房间很干净，早餐也不错，下次还来");
	const struct verdict v = verdict_of(&p, -1);
	assert_int_equal(v.label, LABEL_POSITIVE);
	assert_non_null(of_question(&v, "label"));
	assert_true(of_question(&v, "label")->effect > 0);
}

/* A written reason of the rules lies where the attribution does. */
static bool is_explained(const struct verdict *v, struct str written, const struct attribution *a)
{
	for (size_t i = 0; i < v->nreasons; i++) {
		const struct match *m = v->reason[i].match;
		const struct str place = arena_printf(&box.arena, "%u,%u,\"%.*s\",\"%s\"", m->from, m->to, STR_FMT(m->rule->term),
			rule_list_names[m->rule->list]);
		if (m->from < a->to && m->to > a->from && str_find(written, place) >= 0)
			return true;
	}
	return false;
}

/* The record names the question, and says nothing twice: where a word of the rules counted, that is the reason. */
static void the_record_says_nothing_twice(void **state)
{
	(void)state;
	struct buf out;
	size_t said = 0, unsaid = 0;
	buf_init(&out, 1u << 20);
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
		const struct post p = rulebox_post(posts[i]);
		const struct verdict v = verdict_of(&p, 0);
		buf_clear(&out);
		verdict_write(&out, &v);
		const struct str written = buf_str(&out);
		for (size_t k = 0; k < v.nattributions; k++) {
			const struct attribution *a = &v.attribution[k];
			const struct str place = arena_printf(
				&box.arena, "%u,%u,\"%.*s\",\"model.%s\"", a->from, a->to, STR_FMT(a->words), a->question);
			const bool is_written = str_find(written, place) >= 0;
			if (!is_written && !is_explained(&v, written, a))
				fail_msg("%s: %.*s is nowhere in %.*s", posts[i], STR_FMT(a->words), STR_FMT(written));
			said += is_written;
			unsaid += !is_written;
		}
	}
	assert_true(said > 0 && unsaid > 0);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_feature_has_its_place),
		cmocka_unit_test(places_are_true_and_never_the_brand),
		cmocka_unit_test(a_reason_is_for_the_answer_that_was_given),
		cmocka_unit_test(of_two_brands_each_has_its_own_words),
		cmocka_unit_test(what_is_neither_asks_for_no_reason),
		cmocka_unit_test(a_model_without_classes_explains_the_mood_alone),
		cmocka_unit_test(parts_of_a_name_are_whole_words_of_some_length),
		cmocka_unit_test(the_mood_of_a_text_without_brand_is_explained),
		cmocka_unit_test(the_record_says_nothing_twice),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
