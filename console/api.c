/* What the handlers share: is Redis there, which brands are there, which one is asked for. */
#include "console/api.h"

#include "console/query.h"

enum outcome api_need_redis(const struct api *api, struct err *e)
{
	if (api->ready)
		return OK;
	return err_set(e, RETRY, "Redis does not answer; the console tries again by itself, posts wait where they are");
}

enum outcome api_stored(enum outcome outcome)
{
	return outcome == REJECT || outcome == SKIP ? STOP : outcome;
}

struct partition api_partition(const struct api *api, struct str brand)
{
	return (struct partition){ .redis = api->redis, .arena = api->arena, .brand = brand };
}

enum outcome api_brands(const struct api *api, struct brand_row **brands, size_t *n, struct err *e)
{
	const enum outcome there = api_need_redis(api, e);
	if (there != OK)
		return there;
	return api_stored(procs_brands(api->redis, api->arena, brands, n, e));
}

enum outcome api_one_brand(const struct api *api, struct brand_row *brand, struct err *e)
{
	struct str id;
	enum outcome done = query_brand(api->arena, api->request->query, &id, e);
	struct brand_row *all = NULL;
	size_t n = 0;
	if (done == OK)
		done = api_brands(api, &all, &n, e);
	if (done != OK)
		return done;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(all[i].id, id)) {
			*brand = all[i];
			return OK;
		}
	}
	return err_set(e, SKIP, "there is no brand \"%.*s\"; /api/overview lists those there are", STR_FMT(id));
}
