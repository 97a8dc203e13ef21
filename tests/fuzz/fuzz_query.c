/* Fuzzes what a request brings: its target, its parameters, its Host, and the places of a stored record. Whatever comes, a
 * brand id that got through is one, a number that got through is inside its bounds, and what is written is JSON. */
#include "console/mention.h"
#include "console/query.h"
#include "common/base/request.h"

#include "common/base/json.h"

#include <earshot/limits.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_brand(struct arena *a, struct str query)
{
	struct str brand = { 0 };
	struct err e = { 0 };
	if (query_brand(a, query, &brand, &e) != OK)
		return;
	for (size_t i = 0; i < brand.n; i++)
		if (!((brand.p[i] >= 'a' && brand.p[i] <= 'z') || (brand.p[i] >= '0' && brand.p[i] <= '9') || brand.p[i] == '-'))
			abort();
	if (brand.n == 0 || brand.n > LIMIT_BRAND_ID)
		abort();
}

static void check_number(struct arena *a, struct str query)
{
	int64_t value = 0;
	struct err e = { 0 };
	if (query_int(a, query, "limit", (struct query_bounds){ 50, 1, 100 }, &value, &e) == OK && (value < 1 || value > 100))
		abort();
}

static void check_json(struct str bytes)
{
	struct json *doc = json_parse(bytes, NULL);
	if (doc == NULL)
		abort();
	json_free(doc);
}

static void check_mention(struct arena *a, struct str record)
{
	struct buf out;
	buf_init(&out, 1u << 20);
	const struct posts_found found = { .post_id = STR("x"), .record = record, .observation = record };
	mention_write(a, &out, &found, record);
	check_json(buf_str(&out));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str input = { (const char *)data, size };
	struct request request = { 0 };
	struct response response;
	struct arena a;
	arena_init(&a, (size_t)16 << 20);
	request_split(&request, input);
	if (request.path.n + request.query.n > size)
		abort();
	check_brand(&a, request.query);
	check_number(&a, request.query);
	check_mention(&a, input);
	(void)request_host_is_loopback(input);
	response_init(&response);
	response_error(&response, 400, "%.*s", STR_FMT(str_cut_utf8(input, 300)));
	check_json(str_trim(buf_str(&response.body)));
	response_release(&response);
	arena_release(&a);
	return 0;
}
