/* Web addresses: parsing, canonical form, what may be fetched, domains. */
#include "common/base/url.h"

#include <earshot/limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

static const char *href_of(const char *input, const char *base)
{
	struct url u;
	struct err e;
	return url_parse(&arena, str_of(input), str_of(base), &u, &e) == OK ? arena_cstr(&arena, u.href) : "refused";
}

static const char *canonical_of(const char *input)
{
	struct url u;
	struct err e;
	return url_parse(&arena, str_of(input), STR(""), &u, &e) == OK ? arena_cstr(&arena, url_canonical(&arena, &u))
								       : "refused";
}

static bool fetchable(const char *input)
{
	struct err e;
	return url_check_fetchable(str_of(input), &e) == OK;
}

static void every_spelling_of_an_address_is_that_address(void **state)
{
	static const char *const spellings[] = { "http://127.1/", "http://0x7f000001", "http://017700000001/",
		"http://2130706433/", "http://127.0.0.1./", "http://１２７.０.０.１/", "http://127。0。0。1/",
		"http:\\\\127.0.0.1", "http://%31%32%37.0.0.1/" };
	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		assert_string_equal(href_of(spellings[i], ""), "http://127.0.0.1/");
	assert_string_equal(href_of("http://[0:0:0:0:0:FFFF:7f00:1]/", ""), "http://[::ffff:7f00:1]/");
	assert_string_equal(href_of("http://[2001:db8:0:0:1:0:0:1]/", ""), "http://[2001:db8::1:0:0:1]/");
}

static void a_relative_link_is_resolved_against_its_page(void **state)
{
	static const char base[] = "https://bbs.example.com/a/b/thread?x=1#top";
	(void)state;
	assert_string_equal(href_of("../c.html", base), "https://bbs.example.com/a/c.html");
	assert_string_equal(href_of("/c", base), "https://bbs.example.com/c");
	assert_string_equal(href_of("//img.example.com/p.png", base), "https://img.example.com/p.png");
	assert_string_equal(href_of("?page=2", base), "https://bbs.example.com/a/b/thread?page=2");
	assert_string_equal(href_of("#f", base), "https://bbs.example.com/a/b/thread?x=1#f");
	assert_string_equal(href_of("", base), "https://bbs.example.com/a/b/thread?x=1");
	assert_string_equal(href_of("../../../../etc/passwd", base), "https://bbs.example.com/etc/passwd");
	assert_string_equal(
		href_of("帖子/一 二.html", base), "https://bbs.example.com/a/b/%E5%B8%96%E5%AD%90/%E4%B8%80%20%E4%BA%8C.html");
}

static void names_of_every_script_become_punycode(void **state)
{
	(void)state;
	assert_string_equal(href_of("http://中国/", ""), "http://xn--fiqs8s/");
	assert_string_equal(href_of("http://Bücher.DE/x", ""), "http://xn--bcher-kva.de/x");
	assert_string_equal(href_of("https://WWW.Example.COM:443/A", ""), "https://www.example.com/A");
}

static void what_is_no_web_address_is_refused(void **state)
{
	static const char *const wrong[] = { "", "index.html", "ftp://example.com/", "javascript:alert(1)", "http://",
		"http://a b/", "http://[::1", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://example.com:99999/",
		"http://example.com:8a/", "http://127.0.0.1%00.example.com/" };
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_string_equal(href_of(wrong[i], ""), "refused");
}

static void a_link_of_another_scheme_is_given_back_as_it_is(void **state)
{
	const struct str base = STR("https://example.com/");
	(void)state;
	assert_true(str_eqc(url_resolve(&arena, STR("mailto:a@example.com"), base), "mailto:a@example.com"));
	assert_true(str_eqc(url_resolve(&arena, STR("tag:x,2020:1"), base), "tag:x,2020:1"));
	assert_true(str_eqc(url_resolve(&arena, STR("a"), base), "https://example.com/a"));
}

static void a_link_is_joined_as_it_is_parsed(void **state)
{
	static const char *const bases[] = { "https://example.com/", "https://example.com/t/1?p=2", "http://example.com/t#old",
		"http://example.com/t?q=a#old#er", "http://example.com/a/../b", "http://EXAMPLE.com/x",
		"http://example.com:8080/x?y", "http://example.com/%7e", "http://example.com/贴?页=2", "http://1.2.3.4/x",
		"http://1.2.3.4:99/x/y", "http://127.1/x", "http://01.2.3.4/x", "http://1.2.3.0x4/x", "http://a.1.2.3.4b/x",
		"http://1.2.3.4./x", "http://example.com:80/x", "http://example.com:443/x", "https://example.com:443/x",
		"https://example.com:80/x", "http://example.com:08080/x", "http://example.com:/x", "http://example.com:65535/x" };
	static const char *const places[] = { "#", "#post-7", "#p=7&x", "#回复", "#a b", "#a#b", "#\"", "#%41", "/u/7", "u/7?p=1",
		"/u:7", "/u/%41" };
	(void)state;
	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++)
		for (size_t k = 0; k < sizeof(places) / sizeof(*places); k++) {
			const char *joined = arena_cstr(&arena, url_resolve(&arena, str_of(places[k]), str_of(bases[i])));
			assert_string_equal(joined, href_of(places[k], bases[i]));
		}
}

static void one_page_has_one_canonical_form(void **state)
{
	static const char *const same[] = { "https://example.com/p?id=7&x=1", "https://EXAMPLE.com:443/p?x=1&id=7#reply",
		"https://example.com./p?id=7&utm_source=weibo&x=1", "https://example.com//p?fbclid=abc&id=7&x=1",
		"https://example.com/%70?id=7&x=1&spm=a1.b2&from=timeline&isappinstalled=0" };
	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_string_equal(canonical_of(same[i]), same[0]);
	assert_string_equal(canonical_of("http://example.com/?from=2020&to=2021"), "http://example.com/?from=2020&to=2021");
	assert_string_equal(canonical_of("http://example.com?"), "http://example.com/");
	assert_string_equal(canonical_of("http://example.com/100%"), "http://example.com/100%25");
	assert_string_equal(canonical_of("http://example.com/a?q=a%2fb+c"), "http://example.com/a?q=a%2Fb+c");
}

static void canonicalising_twice_changes_nothing(void **state)
{
	static const char *const inputs[] = { "http://example.com/a/;jsessionid=1A/x", "http://example.com/a//;jsessionid=1A//x",
		"http://example.com/a/.;jsessionid=1A", "http://example.com/a/%2E.;jsessionid=1A/x",
		"http://example.com/;jsessionid=1A//b/;jsessionid=2B", "http://example.com/a//b/../c?b&a=&c=%zz",
		"http://例子.测试/路径?键=值&a[]=1", "http://example.com/%25%2525", "http://example.com/x?=1&&y=^|`" };
	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		const char *once = canonical_of(inputs[i]);
		assert_string_equal(canonical_of(once), once);
	}
}

static void what_programs_read_differently_is_not_fetched(void **state)
{
	(void)state;
	assert_true(fetchable("http://example.com/"));
	assert_true(fetchable("HTTPS://example.com:8443/路径?a=@"));
	assert_true(fetchable("http://example.com/a@b"));
	assert_false(fetchable("http://example.com\\@127.0.0.1/"));
	assert_false(fetchable("http://user:word@example.com/"));
	assert_false(fetchable("http://example.com/a b"));
	assert_false(fetchable(" http://example.com/"));
	assert_false(fetchable("http://example.com/\r\nX: y"));
	assert_false(fetchable("http:/example.com"));
	assert_false(fetchable("//example.com/"));
	assert_false(fetchable("http://example.com:6379/"));
	assert_false(fetchable("http://example.com:0/"));
	assert_false(fetchable("file:///etc/passwd"));
}

static void a_url_beyond_the_cap_is_refused_with_its_size(void **state)
{
	static char longer[LIMIT_URL_BYTES + 64];
	struct url u;
	struct err e = { 0 };
	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	memcpy(longer, "http://e.com/", 13);
	assert_int_equal(url_parse(&arena, str_of(longer), STR(""), &u, &e), REJECT);
	assert_non_null(strstr(e.text, "4159 bytes"));
}

static void the_registrable_domain_is_one_label_above_the_public_suffix(void **state)
{
	struct str found;
	(void)state;
	assert_true(str_eqc(url_registrable_domain(&arena, STR("BBS.tieba.example.com.cn")), "example.com.cn"));
	assert_true(str_eqc(url_registrable_domain(&arena, STR("www.食狮.公司.cn")), "食狮.公司.cn"));
	assert_true(str_eqc(url_registrable_domain(&arena, STR("127.0.0.1")), "127.0.0.1"));
	assert_false(url_find_registrable_domain(&arena, STR("com.cn"), &found));
	assert_false(url_find_registrable_domain(&arena, STR("localhost"), &found));
}

static void names_of_internal_networks_are_known_as_such(void **state)
{
	(void)state;
	assert_true(url_is_local_name(STR("localhost")));
	assert_true(url_is_local_name(STR("instance-data")));
	assert_true(url_is_local_name(STR("kubernetes.default.svc")));
	assert_true(url_is_local_name(STR("metadata.google.internal.")));
	assert_false(url_is_local_name(STR("weibo.com")));
	assert_false(url_is_local_name(STR("xn--fiqs8s")));
	assert_false(url_is_local_name(STR("10.0.0.1")));
}

static void hosts_of_one_domain_share_their_shard(void **state)
{
	(void)state;
	assert_int_equal(url_shard(STR("a.example.com")), url_shard(STR("B.Example.com")));
	assert_true(url_shard(STR("example.org")) < EARSHOT_SHARDS);
	/* Keys in Redis hang on these: the numbers must never change. */
	assert_int_equal(url_shard(STR("example.com")), 57);
	assert_int_equal(url_shard(STR("127.0.0.1")), 10);
}

static int start(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_of_an_address_is_that_address),
		cmocka_unit_test(a_relative_link_is_resolved_against_its_page),
		cmocka_unit_test(names_of_every_script_become_punycode),
		cmocka_unit_test(what_is_no_web_address_is_refused),
		cmocka_unit_test(a_link_of_another_scheme_is_given_back_as_it_is),
		cmocka_unit_test(a_link_is_joined_as_it_is_parsed),
		cmocka_unit_test(one_page_has_one_canonical_form),
		cmocka_unit_test(canonicalising_twice_changes_nothing),
		cmocka_unit_test(what_programs_read_differently_is_not_fetched),
		cmocka_unit_test(a_url_beyond_the_cap_is_refused_with_its_size),
		cmocka_unit_test(the_registrable_domain_is_one_label_above_the_public_suffix),
		cmocka_unit_test(names_of_internal_networks_are_known_as_such),
		cmocka_unit_test(hosts_of_one_domain_share_their_shard),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
