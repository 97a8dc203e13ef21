/* libxml2's HTML parser as a builder of struct dom: its events are taken as they come, so that it makes no tree of its own. */
#include "common/base/tree_dom.h"

#include <earshot/limits.h>

#include "common/base/tree.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

static struct dom_build *build_of(void *context)
{
	return ((xmlParserCtxtPtr)context)->_private;
}

static struct str borrowed(const xmlChar *s)
{
	return s ? str_of((const char *)s) : str_of("");
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	struct dom_build *b = build_of(context);

	dom_build_open(b, dom_build_name(b, borrowed(name)));
	for (; attributes && attributes[0]; attributes += 2)
		dom_build_attribute(b, borrowed(attributes[0]), borrowed(attributes[1]));
	if (dom_build_is_full(b))
		xmlStopParser(context);
}

static void on_end(void *context, const xmlChar *name)
{
	(void)name;
	dom_build_close(build_of(context));
}

static void on_text(void *context, const xmlChar *text, int n)
{
	dom_build_text(build_of(context), (struct str){ (const char *)text, (size_t)n });
}

/* Some of libxml2's complaints pass by the options that silence it and would go to standard error. */
static void ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

void tree_dom_html(struct dom_build *b, struct str html)
{
	const int options =
		HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD;
	const htmlParserCtxtPtr parser = htmlNewParserCtxt();

	if (!parser)
		return;
	*parser->sax = (xmlSAXHandler){
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.serror = ignore_error,
		.initialized = XML_SAX2_MAGIC,
	};
	parser->_private = b;
	if (html.n > 0)
		xmlFreeDoc(htmlCtxtReadMemory(parser, html.p, (int)html.n, NULL, "UTF-8", options));
	htmlFreeParserCtxt(parser);
}

void tree_library_release(void)
{
	xmlCleanupParser();
}
