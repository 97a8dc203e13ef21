/* JSON Feed. Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_JSON_H
#define EARSHOT_CRAWLER_FEED_JSON_H

#include "common/base/json.h"
#include "crawler/feed_model.h"

/* Reads a document into s->feed; false when it is no JSON Feed (no version of one, and no items). */
bool feed_read_json(struct feed_scope *s, const struct json *document);

#endif
