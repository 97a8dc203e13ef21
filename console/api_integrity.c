/* /api/integrity: does the talk about one brand look organic or coordinated, with the groups and hints behind it. */
#include "console/api.h"

#include "common/base/clock.h"
#include "console/query.h"
#include "detector/integrity_read.h"
#include <earshot/limits.h>

#define MOST_POSTS 1000 /* newest; the console serves others meanwhile. The command looks at LIMIT_INTEGRITY_MENTIONS */
#define SCRATCH_BYTES ((size_t)1 << 30) /* MOST_POSTS records of the largest kind; taken only as far as it is needed */

static void write_answer(const struct api *api, struct buf *out, struct str brand, const struct integrity_read *read,
	const struct integrity *verdict)
{
	buf_addc(out, '{');
	buf_json_int(out, "now_ms", api->now_ms);
	buf_json_str(out, "brand", brand);
	buf_json_bool(out, "is_sample", read->is_sample);
	buf_json_int(out, "erased", (int64_t)read->erased);
	integrity_write(out, &read->window, verdict, false);
	buf_addz(out, "}\n");
}

static enum outcome judge_window(
	struct api *api, struct arena *scratch, struct str brand, int64_t hours, struct buf *out, struct err *e)
{
	struct integrity_read read = { 0 };
	struct integrity verdict;
	const struct partition p = { .redis = api->redis, .arena = scratch, .brand = brand };
	const struct integrity_span span = { api->now_ms - hours * MS_PER_HOUR, api->now_ms + (int64_t)LIMIT_FUTURE_MS,
		MOST_POSTS };
	const enum outcome done = api_stored(integrity_read(&p, span, &read, e));
	if (done != OK)
		return done;
	integrity_judge(scratch, &read.window, &verdict);
	write_answer(api, out, brand, &read, &verdict);
	return OK;
}

enum outcome api_integrity(struct api *api, struct buf *out, struct err *e)
{
	int64_t hours = 0;
	struct brand_row brand = { 0 };
	struct arena scratch;
	enum outcome done = query_int(api->arena, api->request->query, "hours", (struct query_bounds){ 24, 1, 720 }, &hours, e);
	if (done == OK)
		done = api_one_brand(api, &brand, e);
	if (done != OK)
		return done;
	arena_init(&scratch, SCRATCH_BYTES);
	done = judge_window(api, &scratch, brand.id, hours, out, e);
	arena_release(&scratch);
	return done;
}
