/* The model of a rulebook: a file beside the rules, or a layer over published ones, that is put on, taken off and kept. */
#include "common/rules/model_layer.h"

#include "common/text/packed.h"
#include "common/text/weights.h"
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
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebox_close(&box);
	return 0;
}

/* The shipped model under another name. */
static struct str model_called(const char *name)
{
	struct weights w = *weights_shipped(weights_shipped_name());
	memset(w.name, 0, sizeof w.name);
	memcpy(w.name, name, strlen(name));
	return weights_render(&box.arena, &w);
}

static void refused_with(const char *what)
{
	assert_null(rulebox_load(&box));
	if (!strstr(box.said, what))
		fail_msg("expected \"%s\", the load said:\n%s", what, box.said);
}

static void a_model_file_beside_the_rules_can_be_named(void **state)
{
	(void)state;
	rulebox_file(&box, "any.model", model_called("mine-2"));
	assert_non_null(rulebox_load(&box));
	assert_string_equal(rulebook_model(box.book), "none");
	rulebox_file(&box, "scoring.conf", STR("[scoring]\nmodel = mine-2\n"));
	assert_non_null(rulebox_load(&box));
	assert_string_equal(rulebook_model(box.book), "mine-2");
	char with[RULEBOOK_VERSION_BYTES];
	memcpy(with, box.book->version, sizeof with);
	struct str other = model_called("mine-2");
	((char *)(uintptr_t)other.p)[WEIGHTS_HEADER_BYTES + 77] ^= 1;
	packed_put_u64((char *)(uintptr_t)other.p + WEIGHTS_SUMMED_FROM - 8, weights_sum(other));
	rulebox_file(&box, "any.model", other);
	assert_non_null(rulebox_load(&box));
	assert_string_not_equal(box.book->version, with); /* other weights are another rulebook */
}

static void a_torn_model_refuses_the_whole_rulebook(void **state)
{
	(void)state;
	struct str model = model_called("mine-2");
	model.n -= 1;
	rulebox_file(&box, "mine.model", model);
	refused_with("it was cut");
	rulebox_file(&box, "mine.model", STR("EARSHOTX"));
	refused_with("is no model of earshot");
}

static void a_model_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	rulebox_file(&box, "scoring.conf", STR("[scoring]\nmodel = mine-3\n"));
	refused_with("there is no model \"mine-3\"");
	rulebox_file(&box, "a.model", model_called("mine-2"));
	refused_with("there is no model \"mine-3\"");
}

/* ---- the layer ---- */

#define STRC(text)                                                                                                               \
	{                                                                                                                        \
		text, sizeof text - 1                                                                                            \
	}
static struct rulebook_file two[] = {
	{ STRC("brands.conf"), "a/brands.conf", 0, STRC("[brand x]\nname = Xurino\naliases = Xurino\n") },
	{ STRC("scoring.conf"), "a/scoring.conf", 0, STRC("[scoring]\nmodel = none\n") },
};
static const struct rulebook_files rules = { two, 2 };

static const char *judged_by(const struct rulebook_files *files)
{
	problems_init(&box.problems);
	rulebook_free(box.book);
	box.book = rulebook_compile(files, &box.problems);
	if (box.book == NULL)
		fail_msg("%s", box.problems.n > 0 ? box.problems.list[0].text : "refused");
	problems_release(&box.problems);
	return rulebook_model(box.book);
}

static void a_layer_has_the_last_word_and_comes_off_again(void **state)
{
	(void)state;
	struct arena *a = &box.arena;
	assert_false(model_layer_is_there(&rules));
	const struct rulebook_files on = model_layer_on(a, &rules, STR("mine-2"), model_called("mine-2"));
	assert_true(model_layer_is_there(&on));
	assert_int_equal(on.n, 4);
	assert_string_equal(judged_by(&on), "mine-2");
	assert_true(str_eqc(model_layer_name(&on), "mine-2"));
	const struct rulebook_files other = model_layer_on(a, &on, weights_shipped_name(), STR(""));
	assert_int_equal(other.n, 3);
	assert_true(str_eqc(model_layer_name(&other), judged_by(&other)));
	const struct rulebook_files off = model_layer_off(a, &other);
	char was[RULEBOOK_VERSION_BYTES], is[RULEBOOK_VERSION_BYTES];
	rulebook_version(&rules, was);
	rulebook_version(&off, is);
	assert_string_equal(is, was);
}

static void new_rules_keep_the_layer(void **state)
{
	(void)state;
	struct arena *a = &box.arena;
	const struct rulebook_files on = model_layer_on(a, &rules, STR("mine-2"), model_called("mine-2"));
	struct rulebook_file one[] = { { STRC("brands.conf"), "b/brands.conf", 0,
		STRC("[brand y]\nname = Yolanto\naliases = Yolanto\n") } };
	const struct rulebook_files fresh = { one, 1 };
	const struct rulebook_files kept = model_layer_keep(a, &fresh, &on);
	assert_int_equal(kept.n, 3);
	assert_string_equal(judged_by(&kept), "mine-2");
	assert_true(model_layer_same(&kept, &on));
	assert_false(model_layer_same(&kept, &rules));
	assert_true(model_layer_same(&rules, &fresh));
	const struct rulebook_files none = model_layer_keep(a, &kept, &rules);
	assert_string_equal(judged_by(&none), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_model_file_beside_the_rules_can_be_named, setup, teardown),
		cmocka_unit_test_setup_teardown(a_torn_model_refuses_the_whole_rulebook, setup, teardown),
		cmocka_unit_test_setup_teardown(a_model_that_is_not_there_is_an_error, setup, teardown),
		cmocka_unit_test_setup_teardown(a_layer_has_the_last_word_and_comes_off_again, setup, teardown),
		cmocka_unit_test_setup_teardown(new_rules_keep_the_layer, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
