/* The tokens of an HTML page: start tags, end tags and text, as the tokenizer of HTML5 cuts them. Comments, document types and
 * processing instructions are passed over. Everything is borrowed from the page, references are as written (html_text_*()).
 * One pass, linear: nothing is looked at twice. */
#ifndef EARSHOT_BASE_HTML_TOKEN_H
#define EARSHOT_BASE_HTML_TOKEN_H

#include <earshot/limits.h>

#include "common/base/buf.h"
#include "common/base/entity.h"

#define HTML_NAME_BYTES 64 /* names of elements and attributes are cut here */

enum html_token_kind {
	HTML_TEXT,
	HTML_START,
	HTML_END,
};

struct html_attribute {
	struct str name, value; /* as written */
};

struct html_token {
	enum html_token_kind kind;
	struct str text; /* of HTML_TEXT */
	bool is_literal; /* the text holds no references: a CDATA section */
	struct str name; /* as written */
	bool is_self_closing;
	struct html_attribute attribute[LIMIT_XML_ATTRIBUTES];
	size_t nattributes;
	bool is_cut; /* it had more attributes */
};

struct html_reader {
	struct str in;
	size_t at;
	bool has_cdata; /* set while inside of svg and math: CDATA sections are text there, and nothing elsewhere */
};

/* false at the end of the page. */
bool html_token_next(struct html_reader *r, struct html_token *out);
/* The raw text behind a start tag that was just read, up to the end tag of the same name (not with it), or to the end. */
struct str html_token_raw(struct html_reader *r, struct str name);

/* Reads the character reference at s.p[0] == '&' as HTML5 does: with or without its semicolon, by the longest name. Returns the
 * bytes it takes, 0 when it is none. */
size_t html_reference(struct str s, bool in_attribute, struct entity *out);
/* `s` with all references decoded, appended to `out`. */
void html_decode(struct buf *out, struct str s, bool in_attribute);

#endif
