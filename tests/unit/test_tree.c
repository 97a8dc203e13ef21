/* Unit tests of XML and HTML trees, of what is taken out of foreign XML before, and of plain text from HTML. */
#include "common/base/tree.h"

#include <earshot/limits.h>

#include "common/base/entity.h"
#include "common/base/tree_clean.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;

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
	tree_library_release();
	return 0;
}

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

/* What libxml2 would be given for a document. */
static void expect_cleaned(const char *xml, const char *want, bool ill_formed)
{
	struct tree_report report;
	struct buf out;

	buf_init(&out, 1u << 20);
	tree_clean_xml(&out, str_of(xml), &report);
	if (report.ill_formed != ill_formed)
		fail_msg("%s: expected ill_formed %d, got \"%s\"", xml, ill_formed, report.why ? report.why : "nothing");
	expect_str(buf_str(&out), want);
	buf_release(&out);
}

static void expect_root_text(const char *xml, const char *want)
{
	bool ill_formed = false;
	struct err e = { 0 };
	struct tree *t = tree_parse_xml(str_of(xml), &ill_formed, &e);

	assert_non_null(t);
	expect_str(node_text(&arena, tree_root(t)), want);
	tree_free(t);
}

static void well_formed_documents_stay_as_they_are(void **state)
{
	(void)state;
	expect_cleaned("<a b=\"1\" c='2'><d/>x&#20013;</a>", "<a b=\"1\" c=\"2\"><d/>x中</a>", false);
	expect_cleaned("<?xml version=\"1.0\"?>\n<!-- c --><a><?x y?>1</a><!-- d -->\n", "<a>1</a>", false);
	expect_cleaned("\xEF\xBB\xBF<a><![CDATA[<&>]]></a>", "<a><![CDATA[<&>]]></a>", false);
}

static void a_document_type_and_its_entities_are_gone(void **state)
{
	(void)state;
	expect_cleaned("<!DOCTYPE a [<!ENTITY b \"]>\"><!ENTITY c '&b;&b;'>]><a>&c;</a>", "<a>&amp;c;</a>", true);
	expect_cleaned("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "<a/>", false);
}

static void the_billion_laughs_expand_to_nothing(void **state)
{
	(void)state;
	expect_root_text("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>", "&b;");
}

static void named_characters_of_html_are_decoded(void **state)
{
	(void)state;
	expect_cleaned("<a>&nbsp;&eacute;&mdash;</a>", "<a>\xC2\xA0é—</a>", true);
	expect_cleaned("<!DOCTYPE rss SYSTEM \"rss-0.91.dtd\"><a>&eacute;</a>", "<a>é</a>", false);
	expect_cleaned("<a t=\"x &amp; y\">AT&T 宽带&价格</a>", "<a t=\"x &#38; y\">AT&amp;T 宽带&amp;价格</a>", true);
}

static void windows_characters_in_the_control_range_are_put_right(void **state)
{
	(void)state;
	expect_cleaned("<a>don\xC2\x92t don&#146;t</a>", "<a>don’t don’t</a>", false);
}

static void tags_are_balanced(void **state)
{
	(void)state;
	expect_cleaned("<a><b>1<br>2</b><c>", "<a><b>1<br>2</br></b><c></c></a>", true);
	expect_cleaned("<a>1</x>2</a>", "<a>12</a>", true);
	expect_cleaned("<a b=1 c d='x' d=\"y\">1 < 2</a>", "<a b=\"1\" c=\"\" d=\"x\">1 &lt; 2</a>", true);
	expect_cleaned("<a>1</a", "<a>1</a>", true);
	expect_cleaned("<a><![CDATA[1", "<a><![CDATA[1]]></a>", true);
	expect_cleaned("<a x=\"1>2</a>", "<a x=\"1\">2</a>", true);
}

static void control_characters_are_dropped(void **state)
{
	(void)state;
	expect_cleaned("<a>1\x01\x0B"
		       "2\xEF\xBF\xBF</a>",
		"<a>12</a>", true);
}

static void depth_is_capped(void **state)
{
	struct buf deep;
	bool ill_formed = false;
	struct err e = { 0 };

	(void)state;
	buf_init(&deep, 1u << 20);
	for (int i = 0; i < 1000; i++)
		buf_addz(&deep, "<a>");
	buf_addz(&deep, "深");
	for (int i = 0; i < 1000; i++)
		buf_addz(&deep, "</a>");
	struct tree *t = tree_parse_xml(buf_str(&deep), &ill_formed, &e);
	assert_non_null(t);
	assert_true(ill_formed);
	expect_str(node_text(&arena, tree_root(t)), "深");
	tree_free(t);
	buf_release(&deep);
}

static void attributes_of_a_tag_are_capped(void **state)
{
	struct buf tag, html;
	bool ill_formed = false;
	struct err e = { 0 };

	(void)state;
	buf_init(&tag, 1u << 20);
	buf_addz(&tag, "<a");
	for (int i = 0; i < 5000; i++)
		buf_addf(&tag, " x%d=\"%d\"", i, i);
	buf_addz(&tag, ">ok</a>");
	struct tree *t = tree_parse_xml(buf_str(&tag), &ill_formed, &e);
	assert_non_null(t);
	assert_true(ill_formed);
	expect_str(node_attribute(&arena, tree_root(t), "x255"), "255");
	expect_str(node_attribute(&arena, tree_root(t), "x256"), "");
	tree_free(t);
	buf_init(&html, 1u << 20);
	tree_clean_html(&html, buf_str(&tag));
	assert_true(str_find(buf_str(&html), STR("x255")) > 0);
	assert_true(str_find(buf_str(&html), STR("x256")) < 0);
	assert_true(str_ends(buf_str(&html), STR(">ok</a>")));
	buf_release(&html);
	buf_release(&tag);
}

static void bytes_without_an_element_are_refused(void **state)
{
	static const char *const none[] = { "", "   ", "hello", "{\"a\":1}", "<!-- only a comment -->", "&amp;" };
	bool ill_formed;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct err e = { 0 };
		assert_null(tree_parse_xml(str_of(none[i]), &ill_formed, &e));
		assert_int_equal(e.outcome, REJECT);
	}
}

static void names_and_attributes_know_their_namespace(void **state)
{
	const char *xml = "<f xmlns='urn:f' xmlns:x='urn:x'><x:e x:k='1' k='2' j='3'/><u:v u:w='4'/></f>";
	bool ill_formed = false, present = false;
	struct err e = { 0 };

	(void)state;
	struct tree *t = tree_parse_xml(str_of(xml), &ill_formed, &e);
	assert_non_null(t);
	const struct node *child = node_first(tree_root(t));
	expect_str(node_namespace(tree_root(t)), "urn:f");
	expect_str(node_name(child), "e");
	expect_str(node_namespace(child), "urn:x");
	expect_str(node_attribute(&arena, child, "k"), "2");
	expect_str(node_attribute(&arena, child, "j"), "3");
	expect_str(node_attribute_ns(&arena, child, "urn:x", "k", &present), "1");
	assert_true(present);
	expect_str(node_attribute_ns(&arena, child, "urn:y", "k", &present), "");
	assert_false(present);
	expect_str(node_name(node_next(child)), "u:v");
	assert_ptr_equal(node_parent(child), tree_root(t));
	assert_null(node_parent(tree_root(t)));
	assert_null(node_next(node_next(child)));
	tree_free(t);
}

static void inner_markup_is_written_back(void **state)
{
	bool ill_formed = false;
	struct err e = { 0 };
	struct buf out;

	(void)state;
	struct tree *t =
		tree_parse_xml(STR("<d xmlns:h='u'><h:p c='\"'>1 &lt; 2<br/></h:p><b></b>中 &amp;</d>"), &ill_formed, &e);
	assert_non_null(t);
	buf_init(&out, 4096);
	node_inner_markup(&out, tree_root(t));
	expect_str(buf_str(&out), "<p c=\"&quot;\">1 &lt; 2<br /></p><b></b>中 &amp;");
	buf_release(&out);
	tree_free(t);
}

static void html_gives_a_tree_with_its_text(void **state)
{
	struct err e = { 0 };

	(void)state;
	struct tree *t = tree_parse_html(STR("<P>退款<b>三周</b>未到&nbsp;<br>really"), &e);
	assert_non_null(t);
	assert_non_null(strstr(arena_cstr(&arena, node_text(&arena, tree_root(t))), "退款三周未到"));
	expect_str(node_name(tree_root(t)), "html");
	tree_free(t);
}

static void plain_text_of_html_has_lines_and_no_scripts(void **state)
{
	(void)state;
	expect_str(tree_html_to_text(&arena, STR("<p>Hello&nbsp; <b>wor</b>ld</p><p>two</p>")), "Hello world\ntwo");
	expect_str(tree_html_to_text(&arena, STR("<p>客服<br/>不理人</p><ul><li>一<li>二</ul>")), "客服\n不理人\n一\n二");
	expect_str(tree_html_to_text(&arena, STR("a<script>if (1<2) {'</b>'}</script>b<style>x</STYLE>c")), "a b c");
	expect_str(tree_html_to_text(&arena, STR("a<!-- <b> -->b<![CDATA[ <c> ]]>")), "ab <c>");
	expect_str(tree_html_to_text(&arena, STR("<td>1</td><td>2</td><a title='x>y'>z</a>")), "1 2 z");
}

static void plain_text_survives_what_is_no_html(void **state)
{
	(void)state;
	expect_str(
		tree_html_to_text(&arena, STR("1 < 2 & 3 > 2; AT&T &copy2024 &lt;b&gt;")), "1 < 2 & 3 > 2; AT&T &copy2024 <b>");
	expect_str(tree_html_to_text(&arena, STR("to <mark@example.com and so on")), "to <mark@example.com and so on");
	expect_str(tree_html_to_text(&arena, STR("<a href=\"x>没有引号</a> ok")), "没有引号 ok");
	expect_str(tree_html_to_text(&arena, STR("")), "");
	expect_str(tree_html_to_text(&arena, STR("  \n ")), "");
}

static void references_are_read_by_name_and_number(void **state)
{
	uint32_t cp = 0;

	(void)state;
	assert_int_equal(entity_read(STR("&eacute;x"), true, &cp), 8);
	assert_int_equal(cp, 0xE9);
	assert_int_equal(entity_read(STR("&#x4E2d;"), true, &cp), 8);
	assert_int_equal(cp, 0x4E2D);
	assert_int_equal(entity_read(STR("&#146;"), true, &cp), 6);
	assert_int_equal(cp, 0x2019);
	assert_int_equal(entity_read(STR("&#99999999999999;"), true, &cp), 17);
	assert_int_equal(cp, 0xFFFD);
	assert_int_equal(entity_read(STR("&nothing;"), true, &cp), 0);
	assert_int_equal(entity_read(STR("&amp"), true, &cp), 0);
	assert_int_equal(entity_read(STR("&amp"), false, &cp), 4);
	assert_int_equal(entity_read(STR("&;"), true, &cp), 0);
	assert_int_equal(entity_named(STR("thetasym")), 0x3D1);
	assert_int_equal(entity_named(STR("AElig")), 0xC6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_documents_stay_as_they_are),
		cmocka_unit_test(a_document_type_and_its_entities_are_gone),
		cmocka_unit_test(the_billion_laughs_expand_to_nothing),
		cmocka_unit_test(named_characters_of_html_are_decoded),
		cmocka_unit_test(windows_characters_in_the_control_range_are_put_right),
		cmocka_unit_test(tags_are_balanced),
		cmocka_unit_test(control_characters_are_dropped),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(attributes_of_a_tag_are_capped),
		cmocka_unit_test(bytes_without_an_element_are_refused),
		cmocka_unit_test(names_and_attributes_know_their_namespace),
		cmocka_unit_test(inner_markup_is_written_back),
		cmocka_unit_test(html_gives_a_tree_with_its_text),
		cmocka_unit_test(plain_text_of_html_has_lines_and_no_scripts),
		cmocka_unit_test(plain_text_survives_what_is_no_html),
		cmocka_unit_test(references_are_read_by_name_and_number),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
