/* Fuzz target: bodies of webhooks, with and without pointers, give posts behind the door or an answer that says why. */
#include "crawler/webhook.h"

#include "common/base/json.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void compile(struct arena *a, bool is_mapped, struct source_how *how)
{
	struct str item[] = { STR("text=/a|/ticket/body"), STR("id=/ticket/id") };
	const struct conf_list map = { item, is_mapped ? 2 : 0 };
	struct err e;
	struct source_pushed *pushed = arena_new(a, struct source_pushed);
	require(webhook_compile(a, is_mapped ? STR("/items/*") : STR(""), &map, &pushed->webhook, &e) == OK);
	how->pushed = pushed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct buf out;
	struct err e = { 0 };
	struct source_how how = { .family = STR("complaint") };
	const struct source source = { .id = STR("hook"), .scope = STR("hook"), .how = &how };
	const struct road road = { .now_ms = 1795348800000, .keep_ms = INT64_MAX / 4, .pseudonym_key = STR("key") };
	if (size == 0)
		return 0;
	arena_init(&a, 512u << 20);
	compile(&a, data[0] % 2 != 0, &how);
	const struct request r = { .body = { (const char *)data + 1, size - 1 } };
	struct webhook_answer answer = { .status = 202, .key = STR("k") };
	webhook_read(&a, &road, &source, &r, &answer);
	require(answer.npost <= LIMIT_PUSH_POSTS && (answer.status == 202) == (answer.error.n == 0));
	buf_init(&out, 64u << 20);
	webhook_write_answer(&out, &answer);
	require(json_parse_in(&a, buf_str(&out), &e) != NULL);
	for (size_t i = 0; i < answer.npost; i++) {
		struct road_post again;
		buf_clear(&out);
		road_write(&out, &answer.post[i]);
		require(road_read(&a, str_first(buf_str(&out), out.n - 1), &again, &e) == OK);
		require(str_eq(again.admitted.post.id, answer.post[i].admitted.post.id));
	}
	buf_release(&out);
	arena_release(&a);
	return 0;
}
