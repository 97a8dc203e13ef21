/* Appending to a file that outlives us. */
#ifndef EARSHOT_NOTIFIER_APPEND_H
#define EARSHOT_NOTIFIER_APPEND_H

#include "common/base/str.h"
#include <earshot/outcome.h>

/* Appends `bytes` (a line, its newline included) and has them on the disk when it returns OK. Makes the file (mode 0640), not
 * its folder. A line that a crash or a full disk cut short is ended first, so that it never swallows the next. RETRY with
 * path and reason: nothing is known of how much was written. */
enum outcome append_line(const char *path, struct str bytes, struct err *e) MUST_CHECK;

#endif
