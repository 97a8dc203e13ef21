/* Lists as files that a double click opens right in Excel: UTF-8 with byte order mark, commas, CR LF, a heading, and no cell
 * that Excel would take for a formula, a number or a date. Read back, whatever encoding Excel then saves it in, they give the
 * same rules. */
#ifndef EARSHOT_TEXT_RULEBOOK_WRITE_H
#define EARSHOT_TEXT_RULEBOOK_WRITE_H

#include "common/text/rulebook.h"

/* LIST.LANG.tsv or .csv becomes the bytes of LIST.LANG.csv, comments and notes included; false with problems when it cannot
 * be read. */
bool rulebook_write_list(const struct rulebook_file *list, struct buf *out, struct problems *p);

#endif
