/* Fuzz target: what hubs and feeds say of WebSub: Link headers, heads of pages, questions, addresses, signatures, and records. */
#include "crawler/websub_links.h"
#include "crawler/websub_message.h"

#include "common/base/url.h"
#include "common/store/subscriptions.h"
#include <earshot/limits.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check_link(struct str url)
{
	require(url.n <= LIMIT_URL_BYTES && (url.n == 0 || url_check_fetchable(url, NULL) == OK));
}

static void read_links(struct arena *a, struct str in)
{
	const struct str base = STR("https://a.example/x/");
	struct websub_links header = { 0 }, answer = { 0 }, page = { 0 };
	websub_links_header(a, in, base, &header);
	websub_links_answer(a, in, base, &answer);
	websub_links_page(a, in, base, &page);
	check_link(header.hub);
	check_link(header.self);
	check_link(answer.hub);
	check_link(page.hub);
	check_link(page.self);
}

static void read_messages(struct arena *a, struct str in)
{
	struct websub_question q, again;
	struct websub_address address;
	struct subscription s;
	websub_question_read(a, in, &q);
	require(q.lease_ms >= -1 && q.lease_ms <= LIMIT_WEBSUB_LEASE_MS);
	const struct websub_request r = { .mode = "subscribe", .topic = str_first(q.topic, LIMIT_URL_BYTES), .lease_ms = 60000 };
	websub_question_read(a, websub_form(a, &r), &again);
	require(str_eq(again.topic, r.topic) && str_eqc(again.mode, "subscribe") && again.lease_ms == 60000);
	require(!websub_callback_read(STR("key"), in, &address)); /* nobody guesses a MAC */
	require(!websub_is_signed(STR("secret"), in, STR("body")));
	if (subscription_parse(a, STR("id"), in, &s, NULL) == OK)
		(void)subscription_write(a, &s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	const struct str in = { (const char *)data, size };
	arena_init(&a, 512u << 20);
	read_links(&a, in);
	read_messages(&a, in);
	arena_release(&a);
	return 0;
}
