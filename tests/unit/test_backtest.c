/* A rulebook on the posts of the past: gained, lost and kept mentions, counts, incidents, overlaps, in both languages. */
#include "detector/backtest.h"

#include "common/base/clock.h"
#include "tests/support/rulebox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_MS (1700000000000LL - 1700000000000LL % MS_PER_HOUR)

/* Posts from a list, and what a backtest made of them. */
struct list_source {
	struct backtest_source source; /* MUST be first */
	const struct backtest_post *post;
	size_t n, at;
};

struct fixture {
	struct rulebox old, new;
	struct thresholds thresholds;
	struct backtest backtest;
	struct arena arena;
	struct backtest_post post[20000];
	size_t nposts;
};

static struct fixture f;

static enum outcome next_of_list(struct backtest_source *self, struct arena *a, struct backtest_post *out, struct err *e)
{
	(void)a;
	(void)e;
	struct list_source *s = (struct list_source *)self;
	if (s->at == s->n)
		return SKIP;
	*out = s->post[s->at++];
	return OK;
}

static int setup(void **state)
{
	(void)state;
	f.nposts = 0;
	rulebox_open(&f.old);
	rulebox_open(&f.new);
	arena_init(&f.arena, 64u << 20);
	thresholds_default(&f.thresholds);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	backtest_release(&f.backtest);
	rulebox_close(&f.old);
	rulebox_close(&f.new);
	arena_release(&f.arena);
	return 0;
}

static struct backtest_post *add_post(int64_t at_ms, const char *text)
{
	struct backtest_post *p = &f.post[f.nposts];
	*p = (struct backtest_post){ .post = rulebox_post(text) };
	p->post.id = arena_printf(&f.arena, "%032zx", f.nposts++);
	p->post.family = STR("forum");
	p->post.posted_ms = p->post.fetched_ms = FIRST_MS + at_ms;
	return p;
}

static void run_with(const struct backtest_options *options, bool compares)
{
	struct err e = { 0 };
	struct list_source source = { .source = { next_of_list }, .post = f.post, .n = f.nposts };
	if (!rulebox_load(&f.new) || (compares && !rulebox_load(&f.old)))
		fail_msg("%s%s", f.new.said, f.old.said);
	backtest_init(&f.backtest, compares ? f.old.book : NULL, f.new.book, options);
	if (backtest_run(&f.backtest, &source.source, &e) != OK)
		fail_msg("%s", e.text);
}

static void run(void)
{
	run_with(&(struct backtest_options){ .samples = 3, .thresholds = { &f.thresholds, &f.thresholds } }, true);
}

static const struct backtest_rule *rule_named(const char *term)
{
	for (size_t i = 0; i < f.backtest.nrules; i++) {
		const struct rule_pair *p = &f.backtest.rule[i].pair;
		if (str_eqc((p->new ? p->new : p->old)->term, term))
			return &f.backtest.rule[i];
	}
	fail_msg("there is no rule \"%s\"", term);
	return NULL;
}

static const char skylark[] = "[brand skylark]\nname = 云雀\naliases = 云雀, Skylark\n";

static void a_new_alias_gains_mentions_and_keeps_the_others(void **state)
{
	(void)state;
	rulebox_file(&f.old, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀\n"));
	rulebox_file(&f.new, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀, Skylark\n"));
	add_post(0, "云雀真不错");
	add_post(60000, "my Skylark broke down");
	add_post(120000, "nothing of the kind, 别的事");
	run();
	const struct backtest_brand *b = &f.backtest.brand[0];
	assert_int_equal(b->kept, 1);
	assert_int_equal(b->gained, 1);
	assert_int_equal(b->lost, 0);
	assert_int_equal(b->gained_sample.n, 1);
	assert_true(str_eqc(b->gained_sample.item[0].hit, "Skylark"));
	assert_true(str_eqc(b->gained_sample.item[0].before, "my "));
	assert_true(str_eqc(b->gained_sample.item[0].after, " broke down"));
	assert_int_equal(rule_named("Skylark")->gained, 1);
	assert_int_equal(rule_named("云雀")->gained, 0);
	assert_int_equal(f.backtest.touched, 2);
}

static void an_exclusion_loses_mentions_and_is_named_as_the_cause(void **state)
{
	(void)state;
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "brands.conf",
		STR("[brand skylark]\nname = 云雀\naliases = 云雀, Skylark\nexclude = 云雀啁啾, the skylark sang\n"));
	add_post(0, "清晨云雀啁啾");
	add_post(60000, "at dawn the skylark sang");
	add_post(120000, "云雀售后太差");
	run();
	const struct backtest_brand *b = &f.backtest.brand[0];
	assert_int_equal(b->kept, 1);
	assert_int_equal(b->lost, 2);
	assert_int_equal(b->lost_sample.n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_non_null(b->lost_sample.item[i].cause);
		assert_int_equal(b->lost_sample.item[i].cause->list, LIST_EXCLUDE);
	}
}

static void a_post_is_taken_once_and_a_sight_later_does_not_count(void **state)
{
	(void)state;
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	add_post(0, "云雀真不错");
	f.post[1] = f.post[0];
	f.nposts = 2;
	run();
	assert_int_equal(f.backtest.posts, 1);
	assert_int_equal(f.backtest.repeated, 1);
	assert_int_equal(f.backtest.brand[0].kept, 1);
}

static void counts_and_their_ratio_follow_the_words_of_each_book(void **state)
{
	(void)state;
	struct backtest_ratio r;
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.old, "complaint.zh.tsv", STR("漏油\t0.9\tsafety\n"));
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "complaint.zh.tsv", STR("漏油\t0.9\tsafety\n异响\t0.9\tquality\n"));
	for (int i = 0; i < 10; i++)
		add_post(i * 60000, i < 4 ? "云雀漏油" : i < 9 ? "云雀异响" : "云雀");
	run();
	assert_true(backtest_ratio(&f.backtest, STR("skylark"), STR("complaint"), &r));
	assert_int_equal(r.old, 4);
	assert_int_equal(r.new, 9);
	assert_true(r.ratio > 2.24 && r.ratio < 2.26);
	assert_true(backtest_ratio(&f.backtest, STR("skylark"), STR("all"), &r));
	assert_true(r.ratio > 0.999 && r.ratio < 1.001);
	assert_false(backtest_ratio(&f.backtest, STR("skylark"), STR("category:quality"), &r));
	assert_int_equal(r.new, 5);
	assert_false(backtest_ratio(&f.backtest, STR("nobody"), STR("all"), &r));
	assert_int_equal(rule_named("异响")->gained, 5);
}

static void a_given_brand_needs_no_word_and_own_accounts_stand_apart(void **state)
{
	(void)state;
	static struct str id = { "skylark", 7 };
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	add_post(0, "车很好")->brands = (struct conf_list){ &id, 1 };
	add_post(60000, "云雀声明")->own = (struct conf_list){ &id, 1 };
	add_post(120000, "云雀旧闻")->backfill = true;
	run();
	const struct backtest_brand *b = &f.backtest.brand[0];
	assert_int_equal(b->kept, 3);
	assert_int_equal(b->count[BOOK_NEW][BACKTEST_ALL], 1);
	assert_int_equal(b->count[BOOK_NEW][BACKTEST_OWN], 1);
}

static void without_an_old_book_all_is_gained(void **state)
{
	(void)state;
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	add_post(0, "云雀");
	add_post(60000, "the Skylark");
	run_with(&(struct backtest_options){ .samples = 1 }, false);
	assert_int_equal(f.backtest.brand[0].gained, 2);
	assert_int_equal(f.backtest.brand[0].gained_sample.n, 1);
	const struct backtest_totals t = backtest_totals(&f.backtest);
	assert_int_equal(t.never, 0);
	assert_int_equal(t.touched_rules, 2);
}

/* Three days of a post every ten minutes of the one alias, then a storm of the other. */
static void add_storm(void)
{
	for (int i = 0; i < 3 * 144; i++)
		add_post(i * 600000LL, "云雀还行");
	for (int i = 0; i < 120; i++)
		add_post(3 * MS_PER_DAY + i * 20000LL, "my Skylark caught fire");
}

static void an_incident_that_only_the_new_book_sees_is_listed_as_such(void **state)
{
	(void)state;
	struct backtest_incident *incident = NULL;
	rulebox_file(&f.old, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀\n"));
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	add_storm();
	run();
	assert_int_equal(backtest_incidents(&f.backtest, &f.arena, &incident), 1);
	assert_null(incident[0].incident[BOOK_OLD]);
	assert_non_null(incident[0].incident[BOOK_NEW]);
	assert_true(incident[0].incident[BOOK_NEW]->incident.opened_ms >= FIRST_MS + 3 * MS_PER_DAY);
	assert_int_equal(backtest_totals(&f.backtest).incidents_gained, 1);
}

static void an_incident_of_both_books_is_one(void **state)
{
	(void)state;
	struct backtest_incident *incident = NULL;
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "brands.conf", STR("[brand skylark]\nname = 云雀\naliases = 云雀, Skylark, 百灵\n"));
	add_storm();
	run();
	assert_int_equal(backtest_incidents(&f.backtest, &f.arena, &incident), 1);
	assert_non_null(incident[0].incident[BOOK_OLD]);
	assert_non_null(incident[0].incident[BOOK_NEW]);
	assert_string_equal(incident[0].incident[BOOK_OLD]->incident.id, incident[0].incident[BOOK_NEW]->incident.id);
}

static void the_order_of_the_posts_changes_no_incident(void **state)
{
	(void)state;
	char first[INCIDENT_ID_BYTES];
	struct backtest_incident *incident = NULL;
	const struct backtest_options options = { .thresholds = { NULL, &f.thresholds } };
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	add_storm();
	run_with(&options, false);
	assert_int_equal(backtest_incidents(&f.backtest, &f.arena, &incident), 1);
	memcpy(first, incident[0].incident[BOOK_NEW]->incident.id, sizeof first);
	backtest_release(&f.backtest);
	for (size_t i = 0; i + 1 < f.nposts; i++) { /* an archive of several writers */
		const size_t k = i + tally_mix(i) % (f.nposts - i);
		const struct backtest_post swapped = f.post[i];
		f.post[i] = f.post[k];
		f.post[k] = swapped;
	}
	run_with(&options, false);
	assert_int_equal(backtest_incidents(&f.backtest, &f.arena, &incident), 1);
	assert_string_equal(incident[0].incident[BOOK_NEW]->incident.id, first);
}

static void samples_are_few_and_the_same_in_every_run(void **state)
{
	(void)state;
	char first[3][33];
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	for (int i = 0; i < 500; i++)
		add_post(i * 1000, "云雀");
	for (int round = 0; round < 2; round++) {
		run_with(&(struct backtest_options){ .samples = 3 }, false);
		const struct samples *s = &f.backtest.brand[0].gained_sample;
		assert_int_equal(s->n, 3);
		for (size_t i = 0; i < 3; i++) {
			if (round == 0)
				snprintf(first[i], sizeof first[i], "%.*s", STR_FMT(s->item[i].id));
			assert_true(str_eqc(s->item[i].id, first[i]));
		}
		if (round == 0)
			backtest_release(&f.backtest);
	}
}

static void rules_that_are_found_in_the_same_posts_overlap(void **state)
{
	(void)state;
	struct backtest_overlap *overlap = NULL;
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "complaint.zh.tsv", STR("漏油\t0.9\tsafety\n渗油\t0.9\tsafety\n异响\t0.5\tquality\n"));
	for (int i = 0; i < 40; i++)
		add_post(i * 1000, i % 2 ? "云雀漏油又渗油" : i % 4 ? "云雀异响，漏油，渗油" : "云雀异响");
	run_with(&(struct backtest_options){ .counts_overlaps = true }, false);
	assert_int_equal(backtest_overlaps(&f.backtest, &f.arena, 0.95, &overlap), 1);
	assert_int_equal(overlap[0].both, 30);
	assert_true(overlap[0].jaccard > 0.999);
	assert_int_equal(backtest_overlaps(&f.backtest, &f.arena, 0.1, &overlap), 3);
}

static int64_t step_clock(void)
{
	static int64_t now;
	return now += 1000;
}

static void cost_is_measured_with_the_clock_it_was_given(void **state)
{
	(void)state;
	rulebox_file(&f.old, "brands.conf", str_of(skylark));
	rulebox_file(&f.new, "brands.conf", str_of(skylark));
	for (int i = 0; i < 50; i++)
		add_post(i * 1000, i % 3 ? "云雀" : "nothing");
	run_with(&(struct backtest_options){ .now_ns = step_clock }, true);
	assert_true(backtest_ns_per_post(&f.backtest, BOOK_NEW) >= 1000);
	assert_true(backtest_ns_per_post(&f.backtest, BOOK_OLD) >= 1000);
	assert_true(backtest_rule_ns(&f.backtest, rule_named("云雀"), BOOK_NEW) >= 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_alias_gains_mentions_and_keeps_the_others),
		TEST(an_exclusion_loses_mentions_and_is_named_as_the_cause),
		TEST(a_post_is_taken_once_and_a_sight_later_does_not_count),
		TEST(counts_and_their_ratio_follow_the_words_of_each_book),
		TEST(a_given_brand_needs_no_word_and_own_accounts_stand_apart),
		TEST(without_an_old_book_all_is_gained),
		TEST(an_incident_that_only_the_new_book_sees_is_listed_as_such),
		TEST(an_incident_of_both_books_is_one),
		TEST(the_order_of_the_posts_changes_no_incident),
		TEST(samples_are_few_and_the_same_in_every_run),
		TEST(rules_that_are_found_in_the_same_posts_overlap),
		TEST(cost_is_measured_with_the_clock_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
