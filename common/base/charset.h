/* Bytes → UTF-8. The order of belief: byte order mark, HTTP charset, XML declaration or meta element, UTF-8 validity,
 * fallback. Labels are mapped the WHATWG way before iconv sees them: what is called gb2312 or gbk is read as GB18030, big5
 * as Big5-HKSCS, shift_jis as CP932, euc-kr as CP949, iso-8859-1 and ascii as windows-1252, because that is what pages
 * under those labels hold. Bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever a label says. */
#ifndef EARSHOT_BASE_CHARSET_H
#define EARSHOT_BASE_CHARSET_H

#include "common/base/arena.h"

struct charset_text {
	struct str utf8; /* valid UTF-8 without byte order mark; ill-formed bytes are U+FFFD */
	struct str encoding; /* name of the encoding used, lower case ("gb18030", "utf-8", "windows-1252") */
	struct str declared; /* label the document or HTTP claimed; "" when none */
	bool wrong_label; /* the claim was unknown or not what the bytes are; no claim at all means UTF-8 */
	bool damaged; /* some bytes had no meaning in the encoding */
	bool is_cut; /* too long as UTF-8: the end is missing */
};

/* WHATWG label → name of the encoding (lower case); "" when the label is unknown. */
struct str charset_name(struct str label);
/* Value of the charset parameter of a Content-Type header; "" when absent. */
struct str charset_of_content_type(struct str content_type);
/* Decodes bytes under a known label (a trailing byte order mark decision is not made here); "" and false for unknown labels. */
bool charset_decode(struct arena *a, struct str bytes, struct str label, struct charset_text *out);
/* Finds the encoding and decodes. `content_type` is the response header or "". */
void charset_read(struct arena *a, struct str bytes, struct str content_type, struct charset_text *out);

#endif
