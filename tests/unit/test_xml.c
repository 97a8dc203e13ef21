/* Unit tests of foreign XML: what its tree holds, what is repaired and what is capped. */
#include "common/base/xml.h"

#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct xml xml;

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

static void expect_str(struct str got, const char *want)
{
	if (!str_eqc(got, want))
		fail_msg("expected \"%s\", got \"%.*s\"", want, STR_FMT(got));
}

static void read_xml(struct str text)
{
	struct err e = { 0 };

	assert_int_equal(xml_read(&xml, text, &e), OK);
}

/* `want` is what stands between the root's tags, written back. */
static void expect_inner(const char *text, const char *want, bool ill_formed)
{
	struct buf out;

	read_xml(str_of(text));
	if (xml.ill_formed != ill_formed)
		fail_msg("%s: expected ill_formed %d, got \"%s\"", text, ill_formed, xml.why ? xml.why : "nothing");
	buf_init(&out, 1u << 20);
	xml_inner_markup(&out, xml.root);
	expect_str(buf_str(&out), want);
	buf_release(&out);
	xml_release(&xml);
}

static void expect_root_text(const char *text, const char *want)
{
	read_xml(str_of(text));
	expect_str(xml_text(&arena, &xml, xml.root), want);
	xml_release(&xml);
}

static void well_formed_documents_stay_as_they_are(void **state)
{
	(void)state;
	expect_inner("<a b=\"1\" c='2'><d>1</d>x&#20013;</a>", "<d>1</d>x中", false);
	expect_inner("<?xml version=\"1.0\"?>\n<!-- c --><a><?x y?>1</a><!-- d -->\n", "1", false);
	expect_inner("\xEF\xBB\xBF<a><![CDATA[<&>]]></a>", "&lt;&amp;&gt;", false);
	expect_root_text("<a>退<b>款</b>\r\n三周\r未到</a>", "退款\n三周\n未到");
	expect_root_text("<a>，（full width）\xEF\xBC\x81</a>", "，（full width）！");
}

static void a_document_type_and_its_entities_are_gone(void **state)
{
	(void)state;
	expect_inner("<!DOCTYPE a [<!ENTITY b \"]>\"><!ENTITY c '&b;&b;'>]><a>&c;</a>", "&amp;c;", true);
	expect_inner("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "", false);
}

static void the_billion_laughs_expand_to_nothing(void **state)
{
	(void)state;
	expect_root_text("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>", "&b;");
}

static void named_characters_of_html_are_decoded(void **state)
{
	(void)state;
	expect_inner("<a>&nbsp;&eacute;&mdash;</a>", "\xC2\xA0é—", true);
	expect_inner("<!DOCTYPE rss SYSTEM \"rss-0.91.dtd\"><a>&eacute;</a>", "é", false);
	expect_inner("<a><b t=\"x &amp; y\">AT&T 宽带&价格</b></a>", "<b t=\"x &amp; y\">AT&amp;T 宽带&amp;价格</b>", true);
}

static void windows_characters_in_the_control_range_are_put_right(void **state)
{
	(void)state;
	expect_inner("<a>don\xC2\x92t don&#146;t</a>", "don’t don’t", false);
}

static void tags_are_balanced(void **state)
{
	(void)state;
	expect_inner("<a><b>1<br>2</b><c>", "<b>1<br>2</br></b><c></c>", true);
	expect_inner("<a>1</x>2</a>", "12", true);
	expect_inner("<x><a b=1 c d='x' d=\"y\">1 < 2</a></x>", "<a b=\"1\" c=\"\" d=\"x\">1 &lt; 2</a>", true);
	expect_inner("<a>1</a", "1", true);
	expect_inner("<a><![CDATA[1", "1", true);
	expect_inner("<a x=\"1>2</a>", "2", true);
}

static void control_characters_are_dropped(void **state)
{
	(void)state;
	expect_inner("<a>1\x01\x0B"
		     "2\xEF\xBF\xBF</a>",
		"12", true);
}

static void depth_is_capped(void **state)
{
	struct buf deep;

	(void)state;
	buf_init(&deep, 1u << 20);
	for (int i = 0; i < 1000; i++)
		buf_addz(&deep, "<a>");
	buf_addz(&deep, "深");
	for (int i = 0; i < 1000; i++)
		buf_addz(&deep, "</a>");
	read_xml(buf_str(&deep));
	assert_true(xml.ill_formed);
	expect_str(xml_text(&arena, &xml, xml.root), "深");
	xml_release(&xml);
	buf_release(&deep);
}

static void attributes_of_a_tag_are_capped(void **state)
{
	struct buf tag;

	(void)state;
	buf_init(&tag, 1u << 20);
	buf_addz(&tag, "<a");
	for (int i = 0; i < 5000; i++)
		buf_addf(&tag, " x%d=\"%d\"", i, i);
	buf_addz(&tag, ">ok</a>");
	read_xml(buf_str(&tag));
	assert_true(xml.ill_formed);
	expect_str(xml_attribute(xml.root, "x255"), "255");
	expect_str(xml_attribute(xml.root, "x256"), "");
	xml_release(&xml);
	buf_release(&tag);
}

static void nodes_are_capped(void **state)
{
	struct buf many;

	(void)state;
	buf_init(&many, 8u << 20);
	buf_addz(&many, "<a>");
	for (int i = 0; i < XML_NODES_MAX + 10; i++)
		buf_addz(&many, "<b/>");
	read_xml(buf_str(&many));
	assert_true(xml.ill_formed);
	xml_release(&xml);
	buf_release(&many);
}

static void bytes_without_an_element_are_refused(void **state)
{
	static const char *const none[] = { "", "   ", "hello", "{\"a\":1}", "<!-- only a comment -->", "&amp;" };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct err e = { 0 };
		assert_int_equal(xml_read(&xml, str_of(none[i]), &e), REJECT);
		assert_int_equal(e.outcome, REJECT);
		xml_release(&xml);
	}
}

static void names_and_attributes_know_their_namespace(void **state)
{
	struct str value;

	(void)state;
	read_xml(STR("<f xmlns='urn:f' xmlns:x='urn:x'><x:e x:k='1' k='2' j='3'/> <u:v u:w='4'/><g xmlns='urn:g'/><h/></f>"));
	const struct xml_node *child = xml_first(xml.root);
	expect_str(xml_uri(xml.root), "urn:f");
	expect_str(xml.default_uri, "urn:f");
	expect_str(child->name, "e");
	expect_str(xml_uri(child), "urn:x");
	expect_str(xml_attribute(child, "k"), "2");
	expect_str(xml_attribute(child, "j"), "3");
	assert_true(xml_attribute_ns(child, "urn:x", "k", &value));
	expect_str(value, "1");
	assert_false(xml_attribute_ns(child, "urn:y", "k", &value));
	expect_str(xml_next(child)->name, "u:v");
	assert_ptr_equal(child->parent, xml.root);
	assert_null(xml.root->parent);
	expect_str(xml_uri(xml_next(xml_next(child))), "urn:g");
	expect_str(xml_uri(xml_next(xml_next(xml_next(child)))), "urn:f");
	xml_release(&xml);
}

static void text_outlives_the_tree(void **state)
{
	struct str plain, decoded;

	(void)state;
	read_xml(STR("<a><b>售后</b><c>a &lt; b</c></a>"));
	plain = xml_text(&arena, &xml, xml_first(xml.root));
	decoded = xml_text(&arena, &xml, xml_next(xml_first(xml.root)));
	xml_release(&xml);
	expect_str(plain, "售后");
	expect_str(decoded, "a < b");
}

static void inner_markup_is_written_back(void **state)
{
	(void)state;
	expect_inner("<d xmlns:h='u'><h:p c='\"'>1 &lt; 2<br/></h:p><b></b>中 &amp;</d>",
		"<p c=\"&quot;\">1 &lt; 2<br /></p><b></b>中 &amp;", false);
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
		cmocka_unit_test(nodes_are_capped),
		cmocka_unit_test(bytes_without_an_element_are_refused),
		cmocka_unit_test(names_and_attributes_know_their_namespace),
		cmocka_unit_test(text_outlives_the_tree),
		cmocka_unit_test(inner_markup_is_written_back),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
