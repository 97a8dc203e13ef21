/* Unit tests of the growing buffer and its JSON writer. */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

static void assert_holds(const struct buf *b, const char *expected)
{
	assert_string_equal(buf_str(b).p, expected);
	assert_int_equal(b->n, strlen(expected));
	assert_false(b->overflow);
}

static void an_untouched_buffer_is_the_empty_text(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	assert_holds(&b, "");
	buf_release(&b);
}

static void adding_keeps_the_end_terminated(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10000);
	buf_adds(&b, STR("退款"));
	buf_addc(&b, '=');
	buf_addz(&b, "yes");
	buf_addf(&b, " %03d", 7);
	buf_add(&b, NULL, 0);
	assert_holds(&b, "退款=yes 007");
	buf_addf(&b, "%2000d", 1);
	assert_int_equal(b.n, strlen(b.p));
	buf_clear(&b);
	assert_holds(&b, "");
	buf_release(&b);
}

static void the_maximum_is_reached_but_never_passed(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 8);
	buf_addz(&b, "12345678");
	assert_false(b.overflow);
	buf_addc(&b, '9');
	assert_true(b.overflow);
	assert_string_equal(b.p, "12345678");
	buf_clear(&b);
	buf_addf(&b, "%300d", 1);
	assert_true(b.overflow);
	buf_addz(&b, "late");
	assert_int_equal(b.n, 0);
	buf_release(&b);
}

static void a_json_string_escapes_what_must_be_escaped(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	buf_json_string(&b, STR("a\"b\\c\n\t\x01\x7f 退款 😀 \xEF\xBF\xBD"));
	assert_holds(&b, "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f 退款 😀 \xEF\xBF\xBD\"");
	buf_release(&b);
}

static void an_escape_is_found_wherever_it_stands(void **state)
{
	(void)state;
	static const char *const odd[][2] = { { "\"", "\\\"" }, { "\\", "\\\\" }, { "\x1f", "\\u001f" }, { "\x7f", "\\u007f" },
		{ "é", "é" }, { "退", "退" }, { "\xFF", "\xEF\xBF\xBD" } };
	const char words[] = "forty characters of which none is special ";
	for (size_t at = 0; at < sizeof(words) - 1; at++) {
		for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
			struct buf in, want, got;
			buf_init(&in, 1000);
			buf_init(&want, 1000);
			buf_init(&got, 1000);
			buf_addf(&in, "%.*s%s%s", (int)at, words, odd[i][0], words);
			buf_addf(&want, "\"%.*s%s%s\"", (int)at, words, odd[i][1], words);
			buf_json_string(&got, buf_str(&in));
			assert_string_equal(got.p, want.p);
			buf_release(&in);
			buf_release(&want);
			buf_release(&got);
		}
	}
}

static void bytes_that_are_no_text_become_replacement_characters(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	buf_json_string(&b, STR("a\xFFz\xE9\x80"));
	assert_holds(&b, "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
	buf_clear(&b);
	buf_json_string(&b, STR("x\0y"));
	assert_holds(&b, "\"x\\u0000y\"");
	buf_release(&b);
}

static void commas_stand_between_members_only(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	buf_addc(&b, '{');
	buf_json_str(&b, "name", STR("海底捞"));
	buf_json_opt(&b, "author", STR(""));
	buf_json_opt(&b, "text", STR("ok"));
	buf_json_int(&b, "n", INT64_MIN);
	buf_json_known(&b, "likes", -1);
	buf_json_known(&b, "shares", 0);
	buf_json_bool(&b, "is_reply", true);
	buf_json_key(&b, "list");
	buf_addc(&b, '[');
	for (int i = 0; i < 3; i++) {
		buf_json_comma(&b);
		buf_addf(&b, "%d", i);
	}
	buf_addz(&b, "]}");
	assert_holds(&b, "{\"name\":\"海底捞\",\"text\":\"ok\",\"n\":-9223372036854775808,\"shares\":0,\"is_reply\":true,"
			 "\"list\":[0,1,2]}");
	buf_release(&b);
}

static void doubles_lose_their_trailing_zeros(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 2000);
	buf_addc(&b, '{');
	buf_json_double(&b, "a", 0.5, 4);
	buf_json_double(&b, "b", 100, 0);
	buf_json_double(&b, "c", -0.00001, 2);
	buf_json_double(&b, "d", NAN, 2);
	buf_json_double(&b, "e", INFINITY, 2);
	buf_json_double(&b, "f", 20, 3);
	buf_addc(&b, '}');
	assert_holds(&b, "{\"a\":0.5,\"b\":100,\"c\":0,\"d\":null,\"e\":null,\"f\":20}");
	buf_clear(&b);
	buf_json_double(&b, "max", -1.7976931348623157e308, 17);
	assert_int_equal(b.n, strlen("\"max\":-") + 309);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_buffer_is_the_empty_text),
		cmocka_unit_test(adding_keeps_the_end_terminated),
		cmocka_unit_test(the_maximum_is_reached_but_never_passed),
		cmocka_unit_test(a_json_string_escapes_what_must_be_escaped),
		cmocka_unit_test(an_escape_is_found_wherever_it_stands),
		cmocka_unit_test(bytes_that_are_no_text_become_replacement_characters),
		cmocka_unit_test(commas_stand_between_members_only),
		cmocka_unit_test(doubles_lose_their_trailing_zeros),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
