/* Posts as packed records: the known fields only, each with its number (post_fields.h) and its type in front, so that older
 * and newer builds read each other. Some 20 times as fast to read as the JSON; the archive holds millions. */
#ifndef EARSHOT_BASE_POST_PACK_H
#define EARSHOT_BASE_POST_PACK_H

#include "common/base/buf.h"
#include <earshot/post.h>

void post_pack(struct buf *out, const struct post *p);
/* Strings are borrowed from `record`. false when the bytes are no record, or a text is over its cap; fields of numbers that
 * this build does not know are passed over. */
bool post_unpack(struct str record, struct post *out);

#endif
