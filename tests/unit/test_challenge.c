/* Unit tests of challenge pages: recognised by what only gatekeepers send, in Chinese and English, and never in a feed. */
#include "crawler/challenge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char *who(int status, const char *header, const char *body, bool is_readable)
{
	return challenge_find(status, str_of(header), str_of(body), is_readable);
}

static void a_header_says_so_whatever_the_status(void **unused)
{
	(void)unused;
	assert_string_equal(who(403, "HTTP/1.1 403\nCF-Mitigated: challenge\n", "", false), "Cloudflare");
	assert_string_equal(who(200, "cf-mitigated: challenge\n", "<rss/>", true), "Cloudflare");
	assert_string_equal(who(202, "x-amzn-waf-action: challenge\n", "", false), "AWS WAF");
	assert_null(who(200, "cf-mitigated: none\nserver: cloudflare\n", "", true));
}

static void a_title_says_so_in_both_languages(void **unused)
{
	(void)unused;
	assert_string_equal(
		who(200, "", "<!DOCTYPE html><HTML lang=en><head><TITLE> Just a moment... </TITLE>", true), "Cloudflare");
	assert_string_equal(who(200, "", "<html><head><title>百度安全验证</title></head>", true), "a captcha (百度安全验证)");
	assert_string_equal(who(403, "", "<html><head><title>人机验证</title></head>", false), "a captcha (人机验证)");
	assert_null(who(200, "", "<html><title>Just a moment... of peace</title>", true));
	assert_null(who(200, "", "<html><title>安全验证总是失败，怎么办？</title>", true));
}

static void weak_marks_count_where_nothing_could_be_read(void **unused)
{
	static const char login[] = "<html><title>论坛</title><script src='https://www.google.com/recaptcha/api.js'></script>";
	(void)unused;
	assert_null(who(200, "", login, true));
	assert_string_equal(who(200, "", login, false), "a captcha (reCAPTCHA)");
	assert_string_equal(who(503, "", "<html><script>window._cf_chl_opt={}</script>", false), "Cloudflare");
	assert_string_equal(who(200, "", "<html><p>为保障您的账号安全，请输入验证码</p>", false), "a captcha (验证码)");
	assert_string_equal(who(200, "", "<html><script>var arg1='acw_sc__v2'</script>", false), "Alibaba Cloud WAF");
}

static void feeds_plain_refusals_and_missing_pages_are_none(void **unused)
{
	static const char feed[] =
		"<?xml version='1.0'?><rss><channel><title>Robot Check</title><item><title>_cf_chl_opt?</title></item>";
	(void)unused;
	assert_null(who(200, "", feed, true));
	assert_null(who(403, "server: nginx\n", "<html><title>403 Forbidden</title>", false));
	assert_null(who(404, "", "<html><title>Not found</title><div class=cf-turnstile>", false));
	assert_null(who(500, "", "", false));
	assert_null(who(403, "", "<html><title>", false));
	assert_null(who(403, "", "<html></title><title", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_says_so_whatever_the_status),
		cmocka_unit_test(a_title_says_so_in_both_languages),
		cmocka_unit_test(weak_marks_count_where_nothing_could_be_read),
		cmocka_unit_test(feeds_plain_refusals_and_missing_pages_are_none),
	};
	return cmocka_run_group_tests_name("challenge", tests, NULL, NULL);
}
