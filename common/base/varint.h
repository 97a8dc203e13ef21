/* Numbers of variable length (LEB128: seven bits a byte, lowest first) and bytes with their length in front: what the
 * archive's records are made of. Readers are given foreign bytes: they never look behind the end. */
#ifndef EARSHOT_BASE_VARINT_H
#define EARSHOT_BASE_VARINT_H

#include "common/base/buf.h"

void varint_add(struct buf *out, uint64_t v);
void varint_add_bytes(struct buf *out, struct str bytes); /* length, then the bytes */
/* Take one off the front of `*rest`; false, with `*rest` unchanged, when it is not whole or has more than 64 bits. */
bool varint_take(struct str *rest, uint64_t *out);
bool varint_take_bytes(struct str *rest, struct str *out); /* borrowed from `*rest` */

#endif
