/* One request of a source, now. */
#include "cli/probe.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "crawler/imap.h"
#include "crawler/main.h"
#include "crawler/away.h"

struct conf_list probe_networks(struct arena *a, int argc, char **argv)
{
	struct conf_list allow = { arena_list(a, struct str, (size_t)argc + 1), 0 };
	for (const char *c = options_each(argc, argv, "allow-cidr", 0); c != NULL;
		c = options_each(argc, argv, "allow-cidr", (int)allow.n))
		allow.item[allow.n++] = str_of(c);
	return allow;
}

/* The oldest messages of a mailbox that are not too old, as many as one look takes. */
static void look_into(struct session *s, struct http *http, const struct source *source, struct http_response *r)
{
	const struct imap_terms terms = { .user = source->how->mailbox->user,
		.password = source->how->mailbox->password,
		.folder = source->how->mailbox->folder,
		.since_ms = clock_now_ms() - s->settings.keep_mentions_ms };
	struct imap *mailbox = imap_new(&terms);
	const struct http_talk talk = { .take = imap_take, .owner = mailbox };
	const struct http_request request = { .url = source->how->mailbox->server,
		.allow = source->how->allow,
		.nallow = source->how->nallow,
		.timeout_ms = LIMIT_IMAP_TALK_MS,
		.talk = &talk,
		.ca_file = source->how->mailbox->ca_file.n > 0 ? arena_cstr(&s->arena, source->how->mailbox->ca_file) : NULL };
	http_fetch(http, &request, r);
	imap_free(mailbox);
}

void probe_fetch(struct session *s, const struct source *source, struct http_response *out)
{
	struct http *http = http_new(crawler_user_agent(&s->arena, &s->settings), 1);
	const struct http_request request = {
		.url = source->url,
		.header = source->how->header.item,
		.nheaders = source->how->header.n,
		.allow = source->how->allow,
		.nallow = source->how->nallow,
		.proxy = source->how->proxy,
		.follow = true,
	};
	if (source->how->kind == SOURCE_IMAP)
		look_into(s, http, source, out);
	else
		away_fetch_once(&s->arena, http, s->settings.user_agent, source, &request, out);
	http_free(http);
}

enum outcome probe_check(const struct source *source, const struct http_response *r, struct err *e)
{
	if (r->outcome != OK)
		return err_set(e, r->outcome, "%s", r->err.text);
	if (r->status != 200)
		return err_set(e, REJECT, "%.*s answered %d", STR_FMT(source->host), r->status);
	return OK;
}

struct page probe_page(const struct source *source, const struct http_response *r)
{
	return (struct page){
		.bytes = r->body,
		.url = r->url,
		.content_type = http_header(r->header, "Content-Type"),
		.content_language = http_header(r->header, "Content-Language"),
		.content_location = http_header(r->header, "Content-Location"),
		.fetched_ms = clock_now_ms(),
		.zone_minutes = (int)source->how->zone_minutes,
	};
}

enum outcome probe_read(
	struct arena *a, const struct source *source, const struct http_response *r, struct answer *out, struct err *e)
{
	const struct page page = probe_page(source, r);
	const struct admit_terms terms = {
		.source = source, .pseudonym_key = STR("earshot fetch"), .now_ms = page.fetched_ms, .keep_ms = INT64_MAX / 4
	};
	return answer_read(a, &terms, &page, out, e);
}
