/* Foreign XML made well-formed before libxml2 sees it: one linear pass, memory bound by the input.
 *
 * What comes out holds elements, attributes, text and CDATA only: no document type (so no entity is ever declared or
 * expanded), no processing instruction, no comment; HTML's named characters are decoded, stray & and < are escaped, tags
 * are balanced, and depth, attributes per tag and the number of tags are capped. Every repair is noted in the report. */
#ifndef EARSHOT_BASE_TREE_CLEAN_H
#define EARSHOT_BASE_TREE_CLEAN_H

#include "common/base/buf.h"

struct tree_report {
	bool ill_formed;
	const char *why; /* the first thing that was wrong; a constant; NULL when nothing was */
	bool any_element;
};

void tree_clean_xml(struct buf *out, struct str utf8, struct tree_report *report);
/* HTML is only guarded: attributes beyond LIMIT_XML_ATTRIBUTES of a tag are left out, all else is copied. */
void tree_clean_html(struct buf *out, struct str utf8);

#endif
