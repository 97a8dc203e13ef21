/* A feed as the JSON object of the command contract: field names as Python's feedparser has them. */
#ifndef EARSHOT_CRAWLER_FEED_WRITE_H
#define EARSHOT_CRAWLER_FEED_WRITE_H

#include "common/base/buf.h"
#include "crawler/feed.h"

/* {"bozo":…,"encoding":…,"version":…,"feed":{…},"entries":[…]} without a newline. Unknown fields are left out. */
void feed_write(struct buf *out, const struct feed *f);

#endif
