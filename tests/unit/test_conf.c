/* Unit tests of configuration files: places, blocks, options, secrets. */
#include "common/base/conf.h"

#include "common/base/file.h"
#include "common/base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
	struct str name, token;
	struct conf_list aliases;
	int64_t workers, interval_ms, cap_bytes;
	double ratio;
	bool enabled;
	int level;
};

static const char *const levels[] = { "blue", "yellow", "orange", "red", NULL };

static const struct conf_option options[] = {
	{ .name = "name",
		.type = CONF_STR,
		.offset = offsetof(struct settings, name),
		.required = true,
		.help = "what people call it" },
	{ .name = "token", .type = CONF_SECRET, .offset = offsetof(struct settings, token), .help = "key of the target" },
	{ .name = "aliases", .type = CONF_LIST, .offset = offsetof(struct settings, aliases), .help = "other names" },
	{ .name = "workers",
		.type = CONF_INT,
		.offset = offsetof(struct settings, workers),
		.fallback = "4",
		.min = 1,
		.max = 64,
		.help = "" },
	{ .name = "interval",
		.type = CONF_DURATION,
		.offset = offsetof(struct settings, interval_ms),
		.fallback = "5m",
		.min = 1000,
		.max = 86400000 },
	{ .name = "cap", .type = CONF_SIZE, .offset = offsetof(struct settings, cap_bytes), .fallback = "8m" },
	{ .name = "ratio",
		.type = CONF_NUMBER,
		.offset = offsetof(struct settings, ratio),
		.fallback = "0.5",
		.min = -1,
		.max = 1 },
	{ .name = "enabled", .type = CONF_BOOL, .offset = offsetof(struct settings, enabled), .fallback = "yes" },
	{ .name = "level",
		.type = CONF_CHOICE,
		.offset = offsetof(struct settings, level),
		.fallback = "yellow",
		.choices = levels },
};
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

struct fixture {
	struct arena a;
	struct problems p;
	struct buf text;
	struct settings s;
};

static int setup(void **state)
{
	static struct fixture f;
	memset(&f.s, 0xAA, sizeof(f.s)); /* filling has to set everything */
	arena_init(&f.a, 64u << 20);
	problems_init(&f.p);
	buf_init(&f.text, 1u << 20);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	arena_release(&f->a);
	problems_release(&f->p);
	buf_release(&f->text);
	return 0;
}

static struct conf_file *parse(struct fixture *f, struct str text)
{
	return conf_parse(&f->a, text, "t.conf", &f->p);
}

/* Parses, fills from the first section, and compares everything that was found wrong. */
static void fill(struct fixture *f, const char *text, const char *expected_problems)
{
	struct conf_file *file = parse(f, str_of(text));
	assert_true(file->n > 0);
	conf_fill(&f->a, &file->section[0], options, NOPTIONS, &f->s, &f->p);
	problems_write(&f->p, &f->text);
	assert_string_equal(buf_str(&f->text).p, expected_problems);
}

static void sections_and_entries_know_their_places(void **state)
{
	struct fixture *f = *state;
	struct conf_file *file = parse(f, STR("\xEF\xBB\xBFtop = 1\r\n\r\n# comment\r\n[brand 海底捞 ]  # why\r\n  名称 =  a=b "
					      "c#d  # note\r\nempty =\r\n[x]"));
	assert_int_equal(f->p.n, 0);
	assert_int_equal(file->n, 3);
	assert_int_equal(file->section[0].kind.n, 0);
	const struct conf_section *s = &file->section[1];
	assert_true(str_eqc(s->kind, "brand") && str_eqc(s->name, "海底捞"));
	assert_int_equal(s->line, 4);
	assert_int_equal(s->n, 2);
	const struct conf_entry *e = &s->entry[0];
	assert_true(str_eqc(e->key, "名称") && str_eqc(e->value, "a=b c#d"));
	assert_int_equal(e->line, 5);
	assert_int_equal(e->column, 9);
	assert_int_equal(e->key_column, 3);
	assert_int_equal(s->entry[1].value.n, 0);
	assert_true(str_eqc(file->section[2].kind, "x") && file->section[2].name.n == 0);
}

static void a_block_holds_lines_as_they_are(void **state)
{
	struct fixture *f = *state;
	struct conf_file *file = parse(f, STR("q = \"\"\" # query\n  退款 AND\n# not a comment\n\n\"\"\"\nnext = 1\none = "
					      "\"\"\"a # b\"\"\" # c\nnone = \"\"\"\"\"\"\nnone2 = \"\"\"\n\"\"\"\n"));
	assert_int_equal(f->p.n, 0);
	const struct conf_entry *e = file->section[0].entry;
	assert_int_equal(file->section[0].n, 5);
	assert_true(str_eqc(e[0].value, "  退款 AND\n# not a comment\n"));
	assert_int_equal(e[0].line, 2);
	assert_int_equal(e[0].column, 1);
	assert_int_equal(e[0].key_line, 1);
	assert_int_equal(e[1].line, 6);
	assert_true(str_eqc(e[2].value, "a # b"));
	assert_int_equal(e[2].column, 10);
	assert_int_equal(e[3].value.n, 0);
	assert_int_equal(e[4].value.n, 0);
}

static void every_mistake_is_told_with_its_place(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "[brand x\nkey\n= 1\n  a b = 1\n[] \n[k] junk\nq = \"\"\"junk\n\xB1\xB1\n";
	(void)parse(f, STR(text));
	problems_write(&f->p, &f->text);
	assert_string_equal(f->text.p,
		"t.conf:1:1: error: the section is not closed; end it with \"]\"\n"
		"t.conf:2:1: error: neither \"key = value\" nor \"[kind name]\"; a comment starts with #\n"
		"t.conf:3:1: error: neither \"key = value\" nor \"[kind name]\"; a comment starts with #\n"
		"t.conf:4:3: error: neither \"key = value\" nor \"[kind name]\"; a comment starts with #\n"
		"t.conf:5:1: error: the section has no kind; write [kind name]\n"
		"t.conf:6:4: error: text behind \"]\"; put it on a line of its own\n"
		"t.conf:7:8: error: text on the line of \"\"\"; start the block on the next line, or close it on this one\n"
		"t.conf:8:1: error: this line is not UTF-8 text; save the file as UTF-8\n"
		"t.conf:7:1: error: the block that starts here has no end; close it with a line of \"\"\"\n");
}

static void a_section_fills_a_struct(void **state)
{
	struct fixture *f = *state;
	fill(f,
		"[brand x]\nname = 海底捞\naliases = HDL, 海底捞火锅 , ,a b,\nworkers = 8\ninterval = 90S\ncap = 64k\nratio = "
		"-0.25\nenabled = OFF\nlevel = red\n",
		"");
	assert_true(str_eqc(f->s.name, "海底捞"));
	assert_int_equal(f->s.aliases.n, 3);
	assert_true(str_eqc(f->s.aliases.item[1], "海底捞火锅") && str_eqc(f->s.aliases.item[2], "a b"));
	assert_int_equal(f->s.workers, 8);
	assert_int_equal(f->s.interval_ms, 90000);
	assert_int_equal(f->s.cap_bytes, 65536);
	assert_true(f->s.ratio < -0.2 && f->s.ratio > -0.3);
	assert_false(f->s.enabled);
	assert_int_equal(f->s.level, 3);
}

static void defaults_stand_where_nothing_is_said(void **state)
{
	struct fixture *f = *state;
	conf_defaults(&f->a, options, NOPTIONS, &f->s);
	assert_int_equal(f->s.name.n, 0);
	assert_int_equal(f->s.token.n, 0);
	assert_int_equal(f->s.aliases.n, 0);
	assert_int_equal(f->s.workers, 4);
	assert_int_equal(f->s.interval_ms, 300000);
	assert_int_equal(f->s.cap_bytes, 8 << 20);
	assert_true(f->s.enabled);
	assert_int_equal(f->s.level, 1);
}

static void wrong_values_are_told_with_the_remedy_and_the_default_stands(void **state)
{
	struct fixture *f = *state;
	fill(f,
		"[brand x]\nname = n\nworkers = 65\ninterval = 5\ncap = 1t\nratio = much\nenabled = 是\nlevel = rde\nworkers = "
		"3\n",
		"t.conf:3:11: error: workers: \"65\" is out of bounds; write a value from 1 to 64\n"
		"t.conf:4:12: error: interval: \"5\" is not a duration; write a number with ms, s, m, h or d, as 90s\n"
		"t.conf:5:7: error: cap: \"1t\" is not a size; write bytes, or a number with k, m or g, as 64m\n"
		"t.conf:6:9: error: ratio: \"much\" is not a number; write it as 0.75\n"
		"t.conf:7:11: error: enabled: \"是\" is neither yes nor no; write one of them\n"
		"t.conf:8:9: error: level: \"rde\" is not a choice; did you mean \"red\"? There are blue, yellow, orange, red\n"
		"t.conf:9:1: error: \"workers\" was set in line 3 already; keep one of the two\n");
	assert_int_equal(f->s.workers, 4);
	assert_int_equal(f->s.interval_ms, 300000);
	assert_true(f->s.enabled);
}

static void bounds_are_written_as_a_person_would(void **state)
{
	struct fixture *f = *state;
	fill(f, "[b]\nname = n\ninterval = 500ms\n",
		"t.conf:3:12: error: interval: \"500ms\" is out of bounds; write a value from 1s to 1d\n");
}

static void an_overflow_is_an_error(void **state)
{
	struct fixture *f = *state;
	fill(f, "[b]\nname = n\ncap = 9999999999999g\n",
		"t.conf:3:7: error: cap: \"9999999999999g\" is not a size; write bytes, or a number with k, m or g, as 64m\n");
}

static void unknown_and_missing_keys_are_errors(void **state)
{
	struct fixture *f = *state;
	fill(f, "[brand x]\n intervall = 5s\nfoo_bar_baz = 1\ntoken_fiel = x\n",
		"t.conf:2:2: error: unknown key \"intervall\" in a brand section; did you mean \"interval\"?\n"
		"t.conf:3:1: error: unknown key \"foo_bar_baz\" in a brand section; remove it, or see docs/options.md for the "
		"keys there are\n"
		"t.conf:4:1: error: unknown key \"token_fiel\" in a brand section; did you mean \"token_file\"?\n"
		"t.conf:1:1: error: the brand section \"x\" lacks \"name\" (what people call it); add name = …\n");
}

static void a_required_key_with_nothing_behind_it_is_an_error(void **state)
{
	struct fixture *f = *state;
	fill(f, "[brand x]\nname = # the short one\naliases =\n",
		"t.conf:2:7: error: \"name\" is empty (what people call it); write a value (what stands behind \" #\" is a "
		"comment)\n");
}

static void a_full_width_comma_is_warned_about(void **state)
{
	struct fixture *f = *state;
	fill(f, "[b]\nname = n\naliases = 海底捞，HDL\n",
		"t.conf:3:11: warning: aliases: one item with a full-width comma in it; items are separated by \",\"\n");
}

static void a_list_may_be_a_block(void **state)
{
	struct fixture *f = *state;
	fill(f, "[b]\nname = n\naliases = \"\"\"\n海底捞\n  HDL, Haidilao\n\"\"\"\n", "");
	assert_int_equal(f->s.aliases.n, 3);
	assert_true(str_eqc(f->s.aliases.item[2], "Haidilao"));
}

static void a_list_is_capped(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, 10000);
	buf_addz(&text, "[b]\nname = n\naliases = ");
	for (int i = 0; i < CONF_ITEMS + 1; i++)
		buf_addz(&text, "x,");
	fill(f, buf_str(&text).p, "t.conf:3:11: error: aliases: more than 256 items in one list; split the section\n");
	buf_release(&text);
}

static void a_secret_is_never_written_down_nor_repeated(void **state)
{
	struct fixture *f = *state;
	fill(f, "[b]\nname = n\ntoken = hunter2\n",
		"t.conf:3:9: error: token: a secret is never written into a configuration file; write token_file = PATH or "
		"token_env = VARIABLE\n");
	assert_int_equal(f->s.token.n, 0);
}

static void a_secret_comes_from_the_environment(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(setenv("EARSHOT_TEST_TOKEN", "hunter2", 1), 0);
	fill(f, "[b]\nname = n\ntoken_env = EARSHOT_TEST_TOKEN\n", "");
	assert_true(str_eqc(f->s.token, "hunter2"));
	assert_int_equal(unsetenv("EARSHOT_TEST_TOKEN"), 0);
	fill(f, "[b]\nname = n\ntoken_env = EARSHOT_TEST_TOKEN\n",
		"t.conf:3:13: error: token: the environment variable EARSHOT_TEST_TOKEN is not set; set it where earshot is "
		"started, or use token_file\n");
}

static void a_secret_comes_from_a_file_beside_the_configuration(void **state)
{
	struct fixture *f = *state;
	char folder[] = "/tmp/earshot_conf_XXXXXX";
	assert_non_null(mkdtemp(folder));
	const char *secret = file_join(&f->a, str_of(folder), STR("token")).p,
		   *path = file_join(&f->a, str_of(folder), STR("a.conf")).p;
	assert_int_equal(file_write(secret, STR(" hunter2\n"), 0600, NULL), OK);
	assert_int_equal(file_write(path, STR("[b]\nname = n\ntoken_file = token\n"), 0600, NULL), OK);
	struct conf_file *file = conf_load(&f->a, path, &f->p);
	assert_non_null(file);
	conf_fill(&f->a, &file->section[0], options, NOPTIONS, &f->s, &f->p);
	assert_false(problems_any_error(&f->p));
	assert_true(str_eqc(f->s.token, "hunter2"));
	(void)unlink(secret);
	(void)unlink(path);
	(void)rmdir(folder);
}

static void a_file_that_cannot_be_read_is_a_problem(void **state)
{
	struct fixture *f = *state;
	assert_null(conf_load(&f->a, "/nonexistent/a.conf", &f->p));
	problems_write(&f->p, &f->text);
	assert_string_equal(
		f->text.p, "/nonexistent/a.conf: error: cannot be opened: No such file or directory; check the path\n");
}

static void two_tables_can_share_a_section(void **state)
{
	struct fixture *f = *state;
	struct settings second;
	struct conf_file *file = parse(f, STR("[b]\nname = n\nworkers = 3\nzzzzzz = 1\n"));
	conf_fill_known(&f->a, &file->section[0], options, 1, &f->s, &f->p);
	assert_int_equal(f->p.n, 0);
	conf_fill(&f->a, &file->section[0], options + 3, 1, &second, &f->p);
	assert_int_equal(second.workers, 3);
	assert_int_equal(f->p.n, 1);
	assert_int_equal(f->p.list[0].line, 4);
}

static void a_file_of_the_wrong_charset_is_told_once(void **state)
{
	struct fixture *f = *state;
	struct conf_file *file = parse(f, STR("a = \xBA\xA3\xB5\xD7\nb = \xC0\xCC\n"));
	assert_int_equal(f->p.n, 1);
	assert_true(utf8_valid(file->section[0].entry[1].value));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sections_and_entries_know_their_places),
		TEST(a_block_holds_lines_as_they_are),
		TEST(every_mistake_is_told_with_its_place),
		TEST(a_section_fills_a_struct),
		TEST(defaults_stand_where_nothing_is_said),
		TEST(wrong_values_are_told_with_the_remedy_and_the_default_stands),
		TEST(bounds_are_written_as_a_person_would),
		TEST(an_overflow_is_an_error),
		TEST(unknown_and_missing_keys_are_errors),
		TEST(a_required_key_with_nothing_behind_it_is_an_error),
		TEST(a_full_width_comma_is_warned_about),
		TEST(a_list_may_be_a_block),
		TEST(a_list_is_capped),
		TEST(a_secret_is_never_written_down_nor_repeated),
		TEST(a_secret_comes_from_the_environment),
		TEST(a_secret_comes_from_a_file_beside_the_configuration),
		TEST(a_file_that_cannot_be_read_is_a_problem),
		TEST(two_tables_can_share_a_section),
		TEST(a_file_of_the_wrong_charset_is_told_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
