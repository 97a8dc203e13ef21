/* The text of a rules file or another table (crawler/import_table.c), whatever saved it: Excel's UTF-8 with byte order mark, "Unicode text" (UTF-16), the GB18030 that
 * a Chinese Excel writes as CSV, an editor's UTF-8; lines that end with LF, CR LF or CR. */
#ifndef EARSHOT_TEXT_RULEBOOK_TEXT_H
#define EARSHOT_TEXT_RULEBOOK_TEXT_H

#include "common/base/arena.h"
#include "common/text/rulebook_problems.h"

struct rulebook_text {
	struct str utf8; /* without byte order mark, every line end an LF */
	const char *encoding; /* "utf-8", "utf-16le", "utf-16be", "gb18030" or "big5" */
	enum rule_problem trouble; /* when it could not be read: R_ENCODING, R_DAMAGED or R_WORKBOOK … */
	int line; /* … and where */
};

/* false with trouble and line. Strings are borrowed from `bytes` where nothing had to be changed. */
bool rulebook_text_read(struct arena *a, struct str bytes, struct rulebook_text *out);
struct str rulebook_text_lines(struct arena *a, struct str text); /* CR LF and CR become LF */

#endif
