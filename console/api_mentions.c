/* /api/mentions: the newest mentions of one brand, with what was made of them and why. */
#include "common/store/corrections.h"
#include "common/store/posts.h"
#include "console/api.h"
#include "console/mention.h"
#include "console/query.h"

#include <stdint.h>

struct list {
	struct posts_found *found;
	struct str *correction;
	size_t n;
};

static enum outcome read_list(const struct partition *p, size_t most, struct list *out, struct err *e)
{
	const enum outcome done = posts_find(p, (struct posts_span){ 0, INT64_MAX, most }, &out->found, &out->n, e);
	struct str *id = arena_list(p->arena, struct str, out->n + 1);
	out->correction = arena_list(p->arena, struct str, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		id[i] = out->found[i].post_id;
	return done == OK ? corrections_records(p, id, out->n, out->correction, e) : done;
}

enum outcome api_mentions(struct api *api, struct buf *out, struct err *e)
{
	int64_t limit = 0;
	struct brand_row brand = { 0 };
	struct list list = { 0 };
	enum outcome done = query_int(api->arena, api->request->query, "limit", (struct query_bounds){ 50, 1, 100 }, &limit, e);
	if (done == OK)
		done = api_one_brand(api, &brand, e);
	if (done != OK)
		return done;
	const struct partition p = api_partition(api, brand.id);
	done = api_stored(read_list(&p, (size_t)limit, &list, e));
	if (done != OK)
		return done;
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_str(out, "brand", brand.id);
	buf_json_key(out, "mentions");
	buf_addc(out, '[');
	for (size_t i = 0; i < list.n; i++) {
		buf_json_comma(out);
		mention_write(api->arena, out, &list.found[i], list.correction[i]);
	}
	buf_addz(out, "]}\n");
	return OK;
}
