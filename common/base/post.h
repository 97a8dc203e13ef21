/* Posts as JSON and back: one table of fields serves stream entries, mention records, replay, import and webhooks. */
#ifndef EARSHOT_BASE_POST_H
#define EARSHOT_BASE_POST_H

#include "common/base/json.h"
#include <earshot/post.h>

/* Writes `{"id":…,…}` with the known fields only. */
void post_write(struct buf *out, const struct post *p);
/* Reads what post_write wrote. Strings are copied into `a` (or borrowed from `object`, which must then outlive the post).
 * REJECT when a field has a wrong type or text exceeds its cap. */
enum outcome post_read(struct arena *a, const struct json *object, struct post *out, struct err *e) MUST_CHECK;
/* A set of fields by their names, for post_keep_fields(); no names: 0, which is everything. REJECT names the one that is none. What
 * makes a post a post (id, source, family, kind, times) is in every set. */
enum outcome post_fields_read(const struct str *name, size_t n, uint64_t *set, struct err *e) MUST_CHECK;
/* What is not in the set becomes unknown. */
void post_keep_fields(struct post *p, uint64_t set);
/* A post line of replay, import and webhooks: {"id","source","url"?,"brand"?,"author"?,"title"?,"text","posted" (ISO or
 * epoch),"lang"?,"likes"?,…}. `id` is the native id; post.id is made from (source, id). *brand is "" when not given. */
enum outcome post_read_line(
	struct arena *a, const struct json *object, struct post *out, struct str *brand, struct err *e) MUST_CHECK;
/* 128-bit id of (scope, native id or canonical URL) as 32 hex digits. */
struct str post_make_id(struct arena *a, struct str scope, struct str native);

#endif
