/* Unit tests of the JSON reader. */
#include "common/base/json.h"

#include <earshot/limits.h>

#include "common/base/buf.h"
#include "common/base/file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SUITE "../shared/data/crawl/json/test_parsing"

static struct json *parse(const char *text)
{
	struct err e = { 0 };
	struct json *doc = json_parse(str_of(text), &e);
	if (!doc)
		fail_msg("%s: %s", text, e.text);
	return doc;
}

static void assert_refused(struct str text)
{
	struct err e = { 0 };
	struct json *doc = json_parse(text, &e);
	if (doc)
		fail_msg("\"%.*s\" was taken for JSON", STR_FMT(text));
	assert_int_equal(e.outcome, REJECT);
	assert_non_null(strstr(e.text, "at byte"));
}

/* https://github.com/nst/JSONTestSuite: y_ must be taken, n_ must be refused, i_ is up to us but must not crash. */
static void the_public_test_suite_is_obeyed(void **state)
{
	(void)state;
	struct arena a;
	struct str *names = NULL, bytes;
	size_t n = 0;
	arena_init(&a, 64u << 20);
	if (file_list(&a, SUITE, ".json", &names, &n, NULL) != OK) {
		arena_release(&a);
		print_message("skipped: %s is not beside this checkout\n", SUITE);
		skip();
	}
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_cstr(&a, file_join(&a, STR(SUITE), names[i]));
		assert_int_equal(file_read(&a, path, 1u << 20, &bytes, NULL), OK);
		struct json *doc = json_parse(bytes, NULL);
		if ((names[i].p[0] == 'y' && !doc) || (names[i].p[0] == 'n' && doc))
			fail_msg("%s: expected %s", names[i].p, doc ? "a refusal" : "a document");
		json_free(doc);
	}
	assert_true(n > 300);
	arena_release(&a);
}

static void what_cjson_alone_would_take_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", " ", "01", "-01", "1.", ".5", "-", "+1", "1e", "1e+", "0x10", "NaN", "Infinity",
		"[1,]", "[,1]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1]x", "[1][2]", "\"\t\"", "\"\\x41\"", "\"\\u12g4\"",
		"\"\\u12", "\"a", "tru", "TRUE", "nullx", "[1", "{\"a\"", "{\"a\" 1}", "{\"a\":}", "[1 2]", "\"\xFF\"",
		"\"\xED\xA0\x80\"", "\"\xC0\x80\"", "/* */1", "\xEF\xBB\xBF", "]", "{]", "[}" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(str_of(wrong[i]));
	assert_refused(STR("1\0"));
	assert_refused(STR("\"\0\""));
	assert_refused(STR("[\f1]"));
}

static void depth_is_capped(void **state)
{
	(void)state;
	char text[300] = "";
	memset(text, '[', 127);
	text[127] = '1';
	memset(text + 128, ']', 127);
	json_free(parse(text));
	memset(text, '[', 128);
	assert_refused(str_of(text));
}

/* Two bytes of a list cost eighty in memory. */
static void values_are_counted(void **state)
{
	struct buf text;
	(void)state;
	buf_init(&text, 2 * LIMIT_JSON_VALUES + 16);
	buf_addc(&text, '[');
	for (size_t i = 2; i < LIMIT_JSON_VALUES; i++)
		buf_addz(&text, "1,");
	buf_addz(&text, "1]");
	struct json *doc = json_parse(buf_str(&text), &(struct err){ 0 });
	assert_non_null(doc);
	json_free(doc);
	text.n--;
	buf_addz(&text, ",1]");
	assert_refused(buf_str(&text));
	buf_release(&text);
}

static void members_are_found_by_exact_key_and_the_last_counts(void **state)
{
	(void)state;
	struct json *doc = parse("\xEF\xBB\xBF {\"Id\":1,\"id\":2,\"id\":3,\"品牌\":{\"名\":\"海底捞\"}} \n");
	assert_int_equal(json_i64_of(doc, "id", 0), 3);
	assert_int_equal(json_i64_of(doc, "ID", -1), -1);
	assert_true(str_eqc(json_str_of(json_get(doc, "品牌"), "名"), "海底捞"));
	assert_int_equal(json_size(doc), 4);
	json_free(doc);
}

static void absent_values_can_be_chained(void **state)
{
	(void)state;
	const struct json *none = json_get(json_at(json_get(NULL, "a"), 3), "b");
	assert_null(none);
	assert_null(json_first(none));
	assert_null(json_next(none));
	assert_int_equal(json_size(none), 0);
	assert_int_equal(json_kind(none), JSON_NULL);
	assert_int_equal(json_str(none).n, 0);
	assert_int_equal(json_key(none).n, 0);
	assert_true(json_bool(none, true));
	assert_true(json_double(none, 0.5) > 0.4);
	json_free(NULL);
}

static void arrays_are_walked_and_indexed(void **state)
{
	(void)state;
	struct json *doc = parse("[10, \"a\", true, null, [], {}]");
	static const enum json_kind kinds[] = { JSON_NUMBER, JSON_STRING, JSON_BOOL, JSON_NULL, JSON_ARRAY, JSON_OBJECT };
	size_t i = 0;
	for (const struct json *v = json_first(doc); v; v = json_next(v), i++) {
		assert_ptr_equal(json_at(doc, i), v);
		assert_int_equal(json_kind(v), kinds[i]);
	}
	assert_int_equal(i, 6);
	assert_null(json_at(doc, 6));
	assert_null(json_at(doc, SIZE_MAX));
	json_free(doc);
}

static void escapes_that_no_text_can_hold_become_replacement_characters(void **state)
{
	(void)state;
	struct json *doc = parse("[\"a\\u0000b\",\"\\ud800\",\"\\udc00x\",\"\\ud83d\\ude00\",\"\\ud83d\\u0041\","
				 "\"\\ud83d\\ud83d\\ude00\",\"\\\\u0000\",\"\\u9000\"]");
	static const char *const expected[] = { "a\xEF\xBF\xBD"
						"b",
		"\xEF\xBF\xBD", "\xEF\xBF\xBDx", "😀",
		"\xEF\xBF\xBD"
		"A",
		"\xEF\xBF\xBD😀", "\\u0000", "退" };
	for (size_t i = 0; i < 8; i++)
		assert_string_equal(json_str(json_at(doc, i)).p, expected[i]);
	json_free(doc);
}

static void long_integers_keep_every_digit(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1u << 20);
	struct json *doc = parse("{\"id\":9007199254740993,\"min\":-9223372036854775808,\"huge\":123456789012345678901234567890,"
				 "\"short\":123456789012345,"
				 "\"text\":\"9007199254740993\",\"f\":1.50,\"e\":1E3}");
	int64_t v = 0;
	assert_int_equal(json_kind(json_get(doc, "id")), JSON_NUMBER);
	assert_int_equal(json_i64_of(doc, "id", 0), 9007199254740993);
	assert_true(json_i64_of(doc, "min", 0) == INT64_MIN);
	assert_false(json_i64(json_get(doc, "huge"), &v));
	assert_int_equal(json_i64_of(doc, "text", 0), 9007199254740993);
	assert_int_equal(json_i64_of(doc, "e", 0), 1000);
	assert_int_equal(json_i64_of(doc, "f", -1), -1);
	assert_true(fabs(json_double(json_get(doc, "huge"), 0) / 1.2345678901234568e29 - 1) < 1e-12);
	assert_string_equal(json_text_of(&a, doc, "id").p, "9007199254740993");
	assert_string_equal(json_text_of(&a, doc, "short").p, "123456789012345");
	assert_string_equal(json_text_of(&a, doc, "huge").p, "123456789012345678901234567890");
	assert_string_equal(json_text_of(&a, doc, "text").p, "9007199254740993");
	assert_int_equal(json_str_of(doc, "id").n, 0);
	assert_int_equal(json_text_of(&a, doc, "absent").n, 0);
	json_free(doc);
	arena_release(&a);
}

static void numbers_of_any_length_are_read(void **state)
{
	(void)state;
	char text[2000] = "[0.";
	memset(text + 3, '0', 100);
	memset(text + 103, '7', 900);
	memcpy(text + 1003, ",1e999,-0,-1e-999]", 19);
	struct json *doc = parse(text);
	assert_true(json_double(json_at(doc, 0), 0) > 7e-101);
	assert_true(json_double(json_at(doc, 1), -7) < -6);
	assert_int_equal(json_size(doc), 4);
	json_free(doc);
}

static void writing_gives_back_what_was_read(void **state)
{
	(void)state;
	static const char text[] =
		"{\"a\":[1,-2.5,9007199254740993,1E400,true,false,null,\"退\\\"款\\n\",[],{}],\"\":{\"b\":{}}}";
	struct buf out;
	buf_init(&out, 4096);
	struct json *doc = parse(text);
	json_write(&out, doc);
	assert_string_equal(buf_str(&out).p, text);
	json_free(doc);
	buf_release(&out);
}

static void names_that_others_chose_are_escaped(void **state)
{
	(void)state;
	static const char text[] = "{\"a\\f\\\"\\\\,\\u0001充\":1,\"b\\\":2,\\\"c\":[{\"\\n\":{}}]}";
	struct buf out;
	buf_init(&out, 4096);
	struct json *doc = parse(text);
	json_write(&out, doc);
	assert_string_equal(buf_str(&out).p, text);
	json_free(doc);
	buf_release(&out);
}

static void the_message_tells_the_byte(void **state)
{
	(void)state;
	struct err e = { 0 };
	assert_null(json_parse(STR("{\"a\": 01}"), &e));
	assert_string_equal(e.text, "not JSON at byte 8 of 9: a number with a leading zero");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_test_suite_is_obeyed),
		cmocka_unit_test(what_cjson_alone_would_take_is_refused),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(values_are_counted),
		cmocka_unit_test(members_are_found_by_exact_key_and_the_last_counts),
		cmocka_unit_test(absent_values_can_be_chained),
		cmocka_unit_test(arrays_are_walked_and_indexed),
		cmocka_unit_test(escapes_that_no_text_can_hold_become_replacement_characters),
		cmocka_unit_test(long_integers_keep_every_digit),
		cmocka_unit_test(numbers_of_any_length_are_read),
		cmocka_unit_test(writing_gives_back_what_was_read),
		cmocka_unit_test(names_that_others_chose_are_escaped),
		cmocka_unit_test(the_message_tells_the_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
