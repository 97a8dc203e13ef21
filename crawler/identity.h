/* Who a post and its author are: ids and pseudonyms. */
#ifndef EARSHOT_CRAWLER_IDENTITY_H
#define EARSHOT_CRAWLER_IDENTITY_H

#include "crawler/feed.h"
#include <earshot/post.h>
#include <earshot/source.h>

/* "a:" + 32 hex digits of HMAC-SHA-256(key, scope, name); "" for no name. */
struct str identity_author(struct arena *a, struct str key, struct str scope, struct str name);
/* The guid; guid + url where entries of the feed share a guid and not the url; else the url; else title + date. In the source's
 * scope. */
struct str identity_post(struct arena *a, const struct source *s, const struct feed_entry *entry);
/* What a source shows of a post: changes when its counters or its text change. Never 0. */
uint64_t identity_fingerprint(const struct post *p);

#endif
