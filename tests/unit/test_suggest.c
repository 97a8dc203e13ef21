/* Terms that negative mentions use and no rule knows: the measure, the groups, the choice, in both languages. */
#include "detector/suggest.h"

#include "common/text/admission.h"
#include "detector/judge.h"
#include "tests/support/rulebox.h"
#include <earshot/limits.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void g2_is_what_the_paper_says(void **state)
{
	(void)state;
	/* Dunning 1993, first row of table 1, "the swiss": 110 2442 111 29114 gives 270.72 */
	assert_true(fabs(suggest_g2(110, 110 + 2442, 111, 111 + 29114) - 270.72) < 0.01);
	assert_true(suggest_g2(10, 100, 10, 100) < 1e-9);
	assert_true(suggest_g2(5, 100, 10, 100) < 1e-9); /* rarer in the first: nothing to suggest */
	assert_true(suggest_g2(0, 0, 10, 100) < 1e-9);
	assert_true(isfinite(suggest_g2(100, 100, 0, 100)));
	assert_true(suggest_g2(20, 100, 1, 100) > suggest_g2(10, 100, 1, 100));
}

struct seen {
	char text[2048];
	struct str of;
};

static void note_group(void *context, const struct gram_place *p)
{
	struct seen *s = context;
	const size_t n = strlen(s->text);
	snprintf(s->text + n, sizeof s->text - n, "%.*s|", (int)p->bytes, s->of.p + p->from);
}

static void assert_groups(const char *text, const char *expected)
{
	struct seen s = { .of = str_of(text) };
	grams_each(s.of, note_group, &s);
	assert_string_equal(s.text, expected);
}

static void groups_never_cross_a_sign_or_a_wall(void **state)
{
	(void)state;
	assert_groups("电池鼓", "电|池|电池|鼓|池鼓|电池鼓|");
	assert_groups("电，池", "电|池|");
	assert_groups("电\x01池", "电|池|");
	assert_groups("bad app, really", "bad|app|bad app|really|");
	assert_groups("won't go 12 miles", "won't|go|won't go|miles|");
	assert_groups("a b c d", "a|b|a b|c|b c|a b c|d|c d|b c d|");
	assert_groups("买app吧", "买|app|吧|");
	assert_groups("\xFF\xFE", "");
}

static void a_text_counts_a_group_once_and_only_bad_ones_are_kept(void **state)
{
	(void)state;
	struct grams g;
	grams_init(&g);
	grams_count(&g, STR("鼓包鼓包"), 0, true);
	grams_count(&g, STR("鼓包"), 1, false);
	grams_count(&g, STR("很好"), 2, false);
	assert_int_equal(grams_find(&g, STR("鼓包"))->bad, 1);
	assert_int_equal(grams_find(&g, STR("鼓包"))->rest, 1);
	assert_null(grams_find(&g, STR("很好")));
	grams_release(&g);
}

/* ---- the choice ---- */

struct fixture {
	struct rulebox box;
	struct suggest suggest;
	struct arena arena;
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	rulebox_open(&f.box);
	rulebox_file(&f.box, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀, Skylark\n"));
	rulebox_file(&f.box, "complaint.zh.tsv", STR("退款难\t0.9\trefund\n投诉\t0.9\tservice\ncomplain\t0.9\tservice\n"));
	rulebox_file(&f.box, "sentiment.zh.tsv", STR("满意\t0.9\nhappy\t0.9\n"));
	if (!rulebox_load(&f.box))
		fail_msg("%s", f.box.said);
	arena_init(&f.arena, 16u << 20);
	suggest_init(&f.suggest);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	suggest_release(&f.suggest);
	arena_release(&f.arena);
	rulebox_close(&f.box);
	return 0;
}

static void add(const char *text, int number)
{
	struct scanned s;
	struct verdict v;
	char numbered[512];
	snprintf(numbered, sizeof numbered, "%s。第%d条", text, number); /* no two texts are the same */
	arena_reset(&f.arena);
	const struct post p = rulebox_post(numbered);
	scan_post(&f.arena, f.box.book, &p, &s);
	judge(&f.arena, f.box.book, 0, &p, &s, &v);
	suggest_add(&f.suggest, &s, &v);
}

static void add_texts(void)
{
	static const char *const before[] = { "我的", "看到", "刚买", "那块", "新换" };
	static const char *const after[] = { "了", "真糟", "严重", "怎么办", "吗" };
	for (int i = 0; i < 40; i++) {
		char text[256];
		snprintf(text, sizeof text, "云雀投诉，%s鼓包%s", before[i % 5], after[i / 5 % 5]);
		add(text, i);
		snprintf(text, sizeof text, "i complain about my Skylark, the battery swells %s",
			i % 2 ? "today" : "again and again");
		add(text, i);
		snprintf(text, sizeof text, "云雀满意，%s座椅%s", before[i % 5], after[i / 5 % 5]);
		add(text, i);
		snprintf(text, sizeof text, "happy with my Skylark and its seats number %d", i);
		add(text, i);
	}
}

static const struct suggestion *suggestion_of(const struct suggestion *list, size_t n, const char *term)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc(list[i].term, term))
			return &list[i];
	return NULL;
}

static void what_complaints_alone_say_is_suggested_in_both_languages(void **state)
{
	(void)state;
	struct suggestion *s = NULL;
	add_texts();
	const size_t n = suggest_find(&f.suggest, 50, 4, &s);
	const struct suggestion *zh = suggestion_of(s, n, "鼓包"), *en = suggestion_of(s, n, "battery swells");
	assert_non_null(zh);
	assert_non_null(en);
	assert_int_equal(zh->bad, 40);
	assert_int_equal(zh->rest, 0);
	assert_true(zh->is_complaint);
	assert_int_equal(zh->category, CAT_SERVICE);
	assert_int_equal(zh->nsamples, SUGGEST_SAMPLES);
	assert_true(str_find(zh->sample[0], STR("鼓包")) >= 0);
	for (size_t i = 1; i < n; i++)
		assert_true(s[i].g2 <= s[i - 1].g2);
}

static void what_a_rule_covers_or_everybody_says_is_not_suggested(void **state)
{
	(void)state;
	static const char *const never[] = { "投诉", "complain", "云雀", "skylark", "座椅", "seats", "满意", "battery", "swells",
		"包" };
	struct suggestion *s = NULL;
	add_texts();
	const size_t n = suggest_find(&f.suggest, 50, 4, &s);
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (suggestion_of(s, n, never[i]))
			fail_msg("\"%s\" is suggested", never[i]);
}

static void a_copied_post_counts_once(void **state)
{
	(void)state;
	struct suggestion *s = NULL;
	add_texts();
	for (int i = 0; i < 50; i++)
		add("云雀投诉，转发抽奖", 7);
	const size_t n = suggest_find(&f.suggest, 50, 4, &s);
	assert_null(suggestion_of(s, n, "转发抽奖"));
}

/* A campaign of long posts: memory is for texts that are kept. */
static void a_flood_of_long_copies_costs_no_memory(void **state)
{
	(void)state;
	static char text[LIMIT_TEXT_BYTES + 1];
	struct scanned s;
	struct verdict v = { 0 };
	memset(text, 'x', LIMIT_TEXT_BYTES);
	const struct post p = rulebox_post(text);
	arena_reset(&f.arena);
	scan_post(&f.arena, f.box.book, &p, &s);
	const size_t before = f.suggest.arena.used;
	for (int i = 0; i < 20000; i++)
		suggest_add(&f.suggest, &s, &v);
	assert_int_equal(f.suggest.n, 1);
	assert_true(f.suggest.arena.used - before < 3 * SUGGEST_TEXT_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(g2_is_what_the_paper_says),
		cmocka_unit_test(groups_never_cross_a_sign_or_a_wall),
		cmocka_unit_test(a_text_counts_a_group_once_and_only_bad_ones_are_kept),
		cmocka_unit_test_setup_teardown(what_complaints_alone_say_is_suggested_in_both_languages, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_rule_covers_or_everybody_says_is_not_suggested, setup, teardown),
		cmocka_unit_test_setup_teardown(a_copied_post_counts_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood_of_long_copies_costs_no_memory, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
