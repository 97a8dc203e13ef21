/* An entry of the archive as bytes: what the door knew of the post, then the packed post. Private to common/base/archive*.c. */
#ifndef EARSHOT_BASE_ARCHIVE_RECORD_H
#define EARSHOT_BASE_ARCHIVE_RECORD_H

#include "common/base/archive.h"

void archive_record_write(struct buf *out, const struct archive_entry *entry);
/* Strings are borrowed from `record`; false when it is none. */
bool archive_record_read(struct str record, struct archive_entry *out);

#endif
