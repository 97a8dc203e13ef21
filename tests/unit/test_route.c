/* Unit tests of routes.conf: who is told what, and what is wrong with the file. */
#include "notifier/route.h"

#include "notifier/words.h"
#include "tests/support/alert_sample.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static int arena_up(void **state)
{
	static struct arena a;
	arena_init(&a, 32u << 20);
	*state = &a;
	return 0;
}

static int arena_down(void **state)
{
	arena_release(*state);
	return 0;
}

static const char base[] =
	"[target log]\nchannel = log\npath = alerts.log\n"
	"[target pr]\nchannel = wecom\nlang = zh\nurl = https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\n"
	"[target duty]\nchannel = dingtalk\nurl = https://oapi.dingtalk.com/robot/send?access_token=t\nutc_offset = -03:30\n";

static struct routes parse(struct arena *a, const char *more, struct problems *p)
{
	struct routes r;
	problems_init(p);
	routes_parse(a, arena_printf(a, "%s%s", base, more), "routes.conf", &r, p);
	return r;
}

/* The names of the targets of an alert, as "log pr". */
static const char *told(struct arena *a, const char *more, const struct alert *alert)
{
	struct problems p;
	struct routes r = parse(a, more, &p);
	assert_false(problems_any_error(&p));
	const struct target **target = NULL;
	size_t n = route_targets(a, &r, alert, &target);
	struct str names = STR("");
	for (size_t i = 0; i < n; i++)
		names = arena_printf(a, "%.*s%s%.*s", STR_FMT(names), i > 0 ? " " : "", STR_FMT(target[i]->name));
	problems_release(&p);
	return arena_cstr(a, names);
}

static void operators_hear_notices_and_no_route_may_name_them(void **state)
{
	struct arena *a = *state;
	struct problems p;
	struct str *name = NULL;
	const char *ops = "[target ops]\nchannel = log\npath = operators.log\noperators = yes\n";
	struct routes r =
		parse(a, arena_printf(a, "%s[target off]\nchannel = log\npath = x\noperators = yes\nenabled = no\n", ops).p, &p);
	assert_false(problems_any_error(&p));
	assert_int_equal(routes_operators(a, &r, &name), 1);
	assert_true(str_eqc(name[0], "ops"));
	problems_release(&p);
	(void)parse(a, arena_printf(a, "%s[route r]\ntargets = ops, log\n", ops).p, &p);
	assert_true(problems_any_error(&p));
	problems_release(&p);
}

static void all_routes_that_fit_apply_and_a_target_is_told_once(void **state)
{
	struct alert alert = alert_sample();
	assert_string_equal(told(*state, "[route a]\ntargets = log, pr\n[route b]\ntargets = pr, duty\n", &alert), "log pr duty");
}

static void a_route_may_be_for_some_brands_only(void **state)
{
	struct alert alert = alert_sample();
	assert_string_equal(told(*state, "[route a]\nbrands = harbour, yunque\ntargets = pr\n", &alert), "pr");
	assert_string_equal(told(*state, "[route a]\nbrands = harbour\ntargets = pr\n", &alert), "");
}

static void a_route_takes_its_level_and_above(void **state)
{
	struct alert alert = alert_sample(); /* orange */
	assert_string_equal(told(*state, "[route a]\nlevel = orange\ntargets = pr\n", &alert), "pr");
	assert_string_equal(told(*state, "[route a]\nlevel = red\ntargets = pr\n", &alert), "");
	alert.incident.level = LEVEL_RED;
	assert_string_equal(told(*state, "[route a]\nlevel = orange\ntargets = pr\n", &alert), "pr");
}

static void a_route_takes_its_events_only(void **state)
{
	struct alert alert = alert_sample();
	const char *closings = "[route a]\nevents = closed, false-alarm\ntargets = log\n";
	assert_string_equal(told(*state, closings, &alert), "");
	alert.event = EVT_CALM;
	alert.incident.state = INC_MONITORING;
	assert_string_equal(told(*state, closings, &alert), "");
	alert.incident.state = INC_RESOLVED;
	assert_string_equal(told(*state, closings, &alert), "log");
	alert.event = EVT_MUTE;
	assert_string_equal(told(*state, "[route a]\ntargets = log\n", &alert), "");
	assert_string_equal(told(*state, "[route a]\nevents = *\ntargets = log\n", &alert), "log");
}

static void a_target_or_route_that_is_disabled_is_silent(void **state)
{
	struct alert alert = alert_sample();
	assert_string_equal(
		told(*state, "[target old]\nchannel = log\nenabled = no\n[route a]\ntargets = old, log\n", &alert), "log");
	assert_string_equal(told(*state, "[route a]\nenabled = no\ntargets = log\n", &alert), "");
}

static void the_clock_of_a_target_follows_its_language_unless_told(void **state)
{
	struct problems p;
	struct routes r = parse(*state, "", &p);
	assert_int_equal(routes_target(&r, STR("log"))->utc_offset_min, 0);
	assert_int_equal(routes_target(&r, STR("pr"))->utc_offset_min, 480);
	assert_int_equal(routes_target(&r, STR("duty"))->utc_offset_min, -210);
	assert_null(routes_target(&r, STR("nobody")));
	problems_release(&p);
}

/* ---- what is wrong ---- */

static void expect_problem(struct arena *a, const char *more, const char *place, const char *words)
{
	struct problems p;
	struct buf text;
	(void)parse(a, more, &p);
	assert_true(problems_any_error(&p));
	buf_init(&text, 65536);
	problems_write(&p, &text);
	if (!strstr(buf_str(&text).p, place) || !strstr(buf_str(&text).p, words))
		fail_msg("expected \"%s\" and \"%s\" in: %s", place, words, buf_str(&text).p);
	buf_release(&text);
	problems_release(&p);
}

static void every_mistake_has_its_place_and_a_remedy(void **state)
{
	struct arena *a = *state; /* what is added starts at line 12 */
	expect_problem(a, "[route a]\ntargets = prr\n", "routes.conf:13:", "did you mean \"pr\"");
	expect_problem(a, "[route a]\ntargets = log\nevents = openned\n", "routes.conf:14:", "did you mean opened");
	expect_problem(a, "[route a]\ntargets = log\nlevel = pink\n", "routes.conf:14:", "pink");
	expect_problem(a, "[route a]\ntargets = log\nbrands = 云雀\n", "routes.conf:14:", "brand id");
	expect_problem(a, "[route a]\nlevel = red\n", "routes.conf:12:", "targets");
	expect_problem(a, "[target x]\nchannel = weecom\n", "routes.conf:13:", "wecom");
	expect_problem(a, "[target x]\nlang = zh\n", "routes.conf:12:", "channel");
	expect_problem(a, "[target X Y]\nchannel = log\n", "routes.conf:12:", "a target's name");
	expect_problem(a, "[target log]\nchannel = log\n", "routes.conf:12:", "second time");
	expect_problem(a, "[tarjet x]\nchannel = log\n", "routes.conf:12:", "[target NAME]");
	expect_problem(a, "[target x]\nchannel = log\nurl = https://a.example/\n", "routes.conf:14:", "url");
	expect_problem(a, "[target x]\nchannel = log\nutc_offset = 8\n", "routes.conf:14:", "+08:00");
	expect_problem(a, "[target x]\nchannel = webhook\nurl = https://a.example/\nallow_cidr = 10.0.0.0/99\n",
		"routes.conf:15:", "10.0.0.0/99");
}

static void a_wrong_address_is_refused_without_quoting_it(void **state)
{
	static const char *const bad[] = { "ftp://a.example/TOKEN", "https://user:TOKEN@a.example/", "https://a.example\\TOKEN",
		"TOKEN" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct problems p;
		struct buf text;
		(void)parse(*state, arena_printf(*state, "[target x]\nchannel = webhook\nurl = %s\n", bad[i]).p, &p);
		assert_true(problems_any_error(&p));
		buf_init(&text, 65536);
		problems_write(&p, &text);
		assert_null(strstr(buf_str(&text).p, "TOKEN"));
		buf_release(&text);
		problems_release(&p);
	}
}

static void robots_need_their_key_exactly_once(void **state)
{
	expect_problem(*state, "[target x]\nchannel = wecom\n", "routes.conf:12:", "key is missing");
	expect_problem(*state, "[target x]\nchannel = dingtalk\n", "routes.conf:12:", "token is missing");
	assert_int_equal(setenv("TEST_ROBOT_KEY", "k-1", 1), 0);
	expect_problem(*state, "[target x]\nchannel = wecom\nurl = https://a.example/?key=1\ntoken_env = TEST_ROBOT_KEY\n",
		"routes.conf:14:", "twice");
	struct problems p;
	struct routes r = parse(*state, "[target x]\nchannel = wecom\ntoken_env = TEST_ROBOT_KEY\n", &p);
	assert_false(problems_any_error(&p));
	assert_true(str_eqc(routes_target(&r, STR("x"))->token, "k-1"));
	problems_release(&p);
}

static void a_secret_in_the_file_itself_is_refused(void **state)
{
	expect_problem(*state, "[target x]\nchannel = webhook\nurl = https://a.example/\nsecret = whsec_AAAA\n",
		"routes.conf:15:", "secret_file");
	assert_int_equal(setenv("TEST_BAD_SECRET", "hunter2", 1), 0);
	expect_problem(*state, "[target x]\nchannel = webhook\nurl = https://a.example/\nsecret_env = TEST_BAD_SECRET\n",
		"routes.conf:", "openssl rand");
}

/* ---- folders ---- */

static const char *write_folder(struct arena *a, const char *text)
{
	char *folder = (char *)(uintptr_t)arena_printf(a, "/tmp/earshot-routes-XXXXXX").p;
	assert_non_null(mkdtemp(folder));
	FILE *f = fopen(arena_printf(a, "%s/routes.conf", folder).p, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return folder;
}

static void remove_folder(struct arena *a, const char *folder)
{
	(void)unlink(arena_printf(a, "%s/routes.conf", folder).p);
	(void)rmdir(folder);
}

static void a_later_folder_takes_the_place_of_sections_and_adds_more(void **state)
{
	struct arena *a = *state;
	const char *folder[] = { write_folder(a, "[target log]\nchannel = log\nlang = en\n[route all]\ntargets = log\n"),
		"/nonexistent",
		write_folder(a,
			"[target log]\nchannel = log\nlang = zh\n[target two]\nchannel = log\n[route more]\ntargets = two\n") };
	struct problems p;
	struct routes r;
	problems_init(&p);
	routes_load(a, folder, 3, &r, &p);
	assert_int_equal(p.n, 0);
	const struct target **target = NULL;
	struct alert alert = alert_sample();
	assert_int_equal(route_targets(a, &r, &alert, &target), 2);
	assert_int_equal(routes_target(&r, STR("log"))->lang, LANG_ZH);
	problems_release(&p);
	remove_folder(a, folder[0]);
	remove_folder(a, folder[2]);
}

static void no_file_at_all_is_worth_a_warning(void **state)
{
	const char *folder[] = { "/nonexistent" };
	struct problems p;
	struct routes r;
	problems_init(&p);
	routes_load(*state, folder, 1, &r, &p);
	assert_false(problems_any_error(&p));
	assert_int_equal(p.n, 1);
	problems_release(&p);
}

static void the_shipped_file_is_right(void **state)
{
	const char *folder[] = { "rules" };
	struct problems p;
	struct routes r;
	problems_init(&p);
	routes_load(*state, folder, 1, &r, &p);
	assert_int_equal(p.n, 0);
	const struct target **target = NULL;
	struct alert alert = alert_sample();
	assert_int_equal(route_targets(*state, &r, &alert, &target), 1);
	problems_release(&p);
}

static void the_names_of_channels_are_those_of_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < channels_n; i++)
		assert_string_equal(channels[i]->name, channel_names[i]);
	assert_null(channel_names[channels_n]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_hear_notices_and_no_route_may_name_them),
		cmocka_unit_test(all_routes_that_fit_apply_and_a_target_is_told_once),
		cmocka_unit_test(a_route_may_be_for_some_brands_only),
		cmocka_unit_test(a_route_takes_its_level_and_above),
		cmocka_unit_test(a_route_takes_its_events_only),
		cmocka_unit_test(a_target_or_route_that_is_disabled_is_silent),
		cmocka_unit_test(the_clock_of_a_target_follows_its_language_unless_told),
		cmocka_unit_test(every_mistake_has_its_place_and_a_remedy),
		cmocka_unit_test(a_wrong_address_is_refused_without_quoting_it),
		cmocka_unit_test(robots_need_their_key_exactly_once),
		cmocka_unit_test(a_secret_in_the_file_itself_is_refused),
		cmocka_unit_test(a_later_folder_takes_the_place_of_sections_and_adds_more),
		cmocka_unit_test(no_file_at_all_is_worth_a_warning),
		cmocka_unit_test(the_shipped_file_is_right),
		cmocka_unit_test(the_names_of_channels_are_those_of_the_table),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
