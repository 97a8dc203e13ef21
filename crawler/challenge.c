/* Challenge pages, by a table of marks: headers, titles and pieces of the page that only gatekeepers send. */
#include "crawler/challenge.h"

#include "common/base/http.h"

#define LOOK_BYTES (64u << 10) /* of the body: gatekeepers' pages are small */
#define TITLE_BYTES (16u << 10) /* in which a page's title begins */

/* A header that says so itself: sure whatever the status. value "" = the header alone. */
static const struct {
	const char *header, *value, *who;
} header_marks[] = {
	{ "cf-mitigated", "challenge", "Cloudflare" },
	{ "x-amzn-waf-action", "challenge", "AWS WAF" },
	{ "x-amzn-waf-action", "captcha", "AWS WAF" },
	{ "x-datadome", "protected", "DataDome" },
	{ "x-vercel-mitigated", "challenge", "Vercel" },
};

/* The whole title of a page. A thread with just these words for its title would be one in a million. */
static const struct {
	const char *title, *who;
} title_marks[] = {
	{ "Just a moment...", "Cloudflare" },
	{ "Attention Required! | Cloudflare", "Cloudflare" },
	{ "Please Wait... | Cloudflare", "Cloudflare" },
	{ "DDoS-Guard", "DDoS-Guard" },
	{ "Making sure you're not a bot!", "Anubis" },
	{ "Making sure you&#39;re not a bot!", "Anubis" },
	{ "Sucuri WebSite Firewall - Access Denied", "Sucuri" },
	{ "Vercel Security Checkpoint", "Vercel" },
	{ "Human Verification", "a captcha" },
	{ "Robot Check", "a captcha" },
	{ "Security Checkpoint", "a captcha" },
	{ "Are you a robot?", "a captcha" },
	{ "百度安全验证", "a captcha (百度安全验证)" },
	{ "安全验证", "a captcha (安全验证)" },
	{ "访问验证", "a captcha (访问验证)" },
	{ "人机验证", "a captcha (人机验证)" },
	{ "滑动验证页面", "a captcha (滑动验证)" },
	{ "验证码拦截", "a captcha (验证码拦截)" },
	{ "請驗證您是真人", "a captcha (請驗證您是真人)" },
};

/* In the page. Ordinary pages may load the same scripts (logins, comments), so these count on refused and unreadable ones only. */
static const struct {
	const char *text, *who;
} text_marks[] = {
	{ "_cf_chl_opt", "Cloudflare" },
	{ "/cdn-cgi/challenge-platform/", "Cloudflare" },
	{ "cf-browser-verification", "Cloudflare" },
	{ "cf-turnstile", "Cloudflare" },
	{ "captcha-delivery.com", "DataDome" },
	{ "px-captcha", "HUMAN (PerimeterX)" },
	{ "_Incapsula_Resource", "Imperva" },
	{ "sucuri_cloudproxy_js", "Sucuri" },
	{ "awsWafCookieDomainList", "AWS WAF" },
	{ "/.within.website/x/cmd/anubis", "Anubis" },
	{ "check.ddos-guard.net", "DDoS-Guard" },
	{ "acw_sc__v2", "Alibaba Cloud WAF" },
	{ "aliyun_waf", "Alibaba Cloud WAF" },
	{ "wappass.baidu.com", "a captcha (百度安全验证)" },
	{ "TCaptcha.js", "a captcha (腾讯验证码)" },
	{ "turing.captcha.qcloud.com", "a captcha (腾讯验证码)" },
	{ "initGeetest", "a captcha (极验)" },
	{ "static.geetest.com", "a captcha (极验)" },
	{ "请完成安全验证", "a captcha (安全验证)" },
	{ "请输入验证码", "a captcha (验证码)" },
	{ "請輸入驗證碼", "a captcha (驗證碼)" },
	{ "hcaptcha.com/1/api.js", "a captcha (hCaptcha)" },
	{ "recaptcha/api.js", "a captcha (reCAPTCHA)" },
	{ "Please complete the security check", "a captcha" },
	{ "verify you are human", "a captcha" },
	{ "verify that you are not a robot", "a captcha" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *find_header(struct str header)
{
	for (size_t i = 0; i < COUNT(header_marks); i++)
		if (str_ieq(http_header(header, header_marks[i].header), str_of(header_marks[i].value)))
			return header_marks[i].who;
	return NULL;
}

/* Offset of an ASCII word in any case, or -1. */
static ptrdiff_t find_word(struct str s, const char *word)
{
	const struct str want = str_of(word);
	for (size_t i = 0; i + want.n <= s.n; i++)
		if (str_istarts(str_from(s, i), want))
			return (ptrdiff_t)i;
	return -1;
}

/* The text of <title> of an HTML page; "" of everything else: a feed may well be called Robot Check. */
static struct str html_title(struct str body)
{
	const struct str head = str_first(body, TITLE_BYTES);
	const ptrdiff_t html = find_word(str_first(head, 1024), "<html"), at = find_word(head, "<title");
	if (html < 0 || at < 0)
		return STR("");
	const struct str rest = str_from(head, (size_t)at);
	const ptrdiff_t from = str_findc(rest, '>'), to = find_word(rest, "</title");
	if (from < 0 || to < from)
		return STR("");
	return str_trim(str_from(str_first(rest, (size_t)to), (size_t)from + 1));
}

static const char *find_title(struct str body)
{
	const struct str title = html_title(body);
	for (size_t i = 0; i < COUNT(title_marks) && title.n > 0; i++)
		if (str_ieq(title, str_of(title_marks[i].title)))
			return title_marks[i].who;
	return NULL;
}

static const char *find_text(struct str body)
{
	const struct str start = str_first(body, LOOK_BYTES);
	for (size_t i = 0; i < COUNT(text_marks); i++)
		if (str_find(start, str_of(text_marks[i].text)) >= 0)
			return text_marks[i].who;
	return NULL;
}

/* Statuses with which gatekeepers send their pages: refusals, 202 (AWS WAF), 200. A 404 page with a captcha in its comment form is
 * just a 404. */
static bool may_be_one(int status)
{
	return status == 200 || status == 202 || status == 401 || status == 403 || status == 405 || status == 429 ||
	       status == 468 || status == 503;
}

const char *challenge_find(int status, struct str header, struct str body, bool is_readable)
{
	if (!may_be_one(status))
		return NULL;
	const char *who = find_header(header);
	if (who == NULL)
		who = find_title(body);
	if (who == NULL && !is_readable)
		who = find_text(body);
	return who;
}
