/* Encodings told from the bytes alone, for documents without a label or with a wrong one. */
#ifndef EARSHOT_BASE_CHARSET_GUESS_H
#define EARSHOT_BASE_CHARSET_GUESS_H

#include "common/base/str.h"

/* A label; never NULL. "utf-8" when nothing else is likely. */
const char *charset_guess(struct str bytes);
/* For bytes that are valid UTF-8 beyond ASCII: false when there are so few, and only pairs, that they may as well be
 * Chinese, Japanese or Korean characters of two bytes. */
bool charset_is_surely_utf8(struct str bytes);

#endif
