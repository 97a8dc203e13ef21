/* Unit tests of err_set. */
#include <earshot/outcome.h>

#include "common/base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void an_error_fills_the_sentence_and_returns_the_outcome(void **state)
{
	(void)state;
	struct err e;
	assert_int_equal(err_set(&e, RETRY, "%s asks us to wait %d s", "example.org", 30), RETRY);
	assert_int_equal(e.outcome, RETRY);
	assert_string_equal(e.text, "example.org asks us to wait 30 s");
}

static void nobody_needs_to_listen(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, STOP, "unheard"), STOP);
}

static void a_sentence_may_quote_the_one_before(void **state)
{
	(void)state;
	struct err e;
	(void)err_set(&e, REJECT, "no such key");
	(void)err_set(&e, REJECT, "a.conf: %s", e.text);
	assert_string_equal(e.text, "a.conf: no such key");
}

static void a_long_sentence_is_cut_at_a_character(void **state)
{
	(void)state;
	struct err e;
	for (int lead = 0; lead < 4; lead++) {
		char text[1024] = "xxxx";
		size_t n = (size_t)lead;
		while (n + 3 < sizeof(text)) {
			memcpy(text + n, "诉", 3);
			n += 3;
		}
		text[n] = 0;
		(void)err_set(&e, REJECT, "%s", text);
		assert_true(utf8_valid(str_of(e.text)));
		assert_in_range(strlen(e.text), ERR_TEXT_BYTES - 4, ERR_TEXT_BYTES - 1);
	}
}

static void an_error_is_one_line(void **state)
{
	(void)state;
	struct err e;
	(void)err_set(&e, REJECT, "got \"%s\"", "a\nb\033[31m");
	assert_string_equal(e.text, "got \"a b [31m\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_fills_the_sentence_and_returns_the_outcome),
		cmocka_unit_test(nobody_needs_to_listen),
		cmocka_unit_test(a_sentence_may_quote_the_one_before),
		cmocka_unit_test(a_long_sentence_is_cut_at_a_character),
		cmocka_unit_test(an_error_is_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
