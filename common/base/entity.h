/* Character references of HTML: &nbsp; &#8217; &#x4e2d; in text that is no XML, or pretends to be. */
#ifndef EARSHOT_BASE_ENTITY_H
#define EARSHOT_BASE_ENTITY_H

#include "common/base/str.h"

/* Code point of a named character without & and ;, 0 when the name is unknown. Names are case sensitive. */
uint32_t entity_named(struct str name);
/* Reads the reference that starts at s.p[0] == '&'. Returns the bytes it takes, 0 when it is none. Numbers in 128…159 mean
 * windows-1252, as browsers read them; impossible numbers give U+FFFD. With `strict` the closing ; is needed. */
size_t entity_read(struct str s, bool strict, uint32_t *cp);
/* What a byte of 128…159 means in windows-1252; the byte itself where it means nothing. */
uint32_t entity_windows_1252(uint32_t byte);

#endif
