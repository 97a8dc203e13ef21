/* Character references of HTML: &nbsp; &#8217; &#x4e2d; in text that is no XML, or pretends to be. */
#ifndef EARSHOT_BASE_ENTITY_H
#define EARSHOT_BASE_ENTITY_H

#include "common/base/buf.h"

/* What a reference means: a character, and for some names (&NotEqualTilde; &fjlig;) one more behind it. */
struct entity {
	uint32_t cp, second; /* 0 = none */
};

void entity_add(struct buf *out, struct entity character);
/* A named character without & and ;, cp 0 when the name is unknown. Names are case sensitive. */
struct entity entity_named(struct str name);
/* The longest name at the front of `s` that does without its semicolon (amp, copy, eacute: those of HTML 2 and 3); its bytes, 0 = none. */
size_t entity_legacy(struct str s, struct entity *out);
/* Reads the reference that starts at s.p[0] == '&'. Returns the bytes it takes, 0 when it is none. Numbers in 128…159 mean
 * windows-1252, as browsers read them; impossible numbers give U+FFFD. With `strict` the closing ; is needed; else only names that
 * do without it may. */
size_t entity_read(struct str s, bool strict, struct entity *out);
/* What a byte of 128…159 means in windows-1252; the byte itself where it means nothing. */
uint32_t entity_windows_1252(uint32_t byte);

#endif
