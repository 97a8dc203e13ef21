/* earshot fetch: one source fetched and parsed to standard output; nothing is stored. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/command.h"
#include "common/base/clock.h"
#include "common/base/http.h"
#include "common/base/post.h"
#include "crawler/answer.h"
#include "crawler/imap.h"
#include "crawler/main.h"
#include "crawler/robots_keep.h"
#include "crawler/sources.h"

#include <stdio.h>
#include <string.h>

static const struct option_row fetch_options[] = {
	{ "config", true, "configuration file" },
	{ "allow-cidr", true, "a private network it may reach, as 127.0.0.0/8; may stand several times" },
	{ NULL, false, NULL },
};

static enum outcome find_source(
	struct session *s, int argc, char **argv, struct source_list *sources, struct source *out, struct err *e)
{
	const char *what = s->options.operand[0];
	struct conf_list allow = { arena_list(&s->arena, struct str, (size_t)argc + 1), 0 };
	for (const char *c = options_each(argc, argv, "allow-cidr", 0); c != NULL;
		c = options_each(argc, argv, "allow-cidr", (int)allow.n))
		allow.item[allow.n++] = str_of(c);
	if (strstr(what, "://") != NULL)
		return sources_of_url(&s->arena, str_of(what), &allow, out, e);
	struct problems problems;
	problems_init(&problems);
	sources_load(&s->arena, s->settings.feeds_folder, s->settings.feeds.n, sources, &problems);
	(void)command_problems(&problems);
	problems_release(&problems);
	const struct source *found = sources_find(sources, str_of(what));
	if (found == NULL)
		return err_set(e, REJECT, "there is no source \"%s\" in the feeds folders; give its name or a URL", what);
	*out = *found;
	return OK;
}

/* The posts as they would be stored: masked, with their ids. */
static void print_posts(const struct answer *in)
{
	struct buf out;
	buf_init(&out, LIMIT_STREAM_ENTRY_BYTES);
	for (size_t i = 0; i < in->n; i++) {
		buf_clear(&out);
		post_write(&out, &in->post[i].post);
		printf("%.*s\n", STR_FMT(buf_str(&out)));
	}
	buf_release(&out);
}

static enum outcome print_answer(struct arena *a, const struct source *source, const struct http_response *r, struct err *e)
{
	struct answer in;
	const struct admit_terms terms = {
		.source = source, .pseudonym_key = STR("earshot fetch"), .now_ms = clock_now_ms(), .keep_ms = INT64_MAX / 4
	};
	if (r->outcome != OK)
		return err_set(e, r->outcome, "%s", r->err.text);
	fprintf(stderr, "%.*s: %d, %zu bytes, %lld ms, %.*s\n", STR_FMT(r->url), r->status, r->body.n, (long long)r->duration_ms,
		STR_FMT(http_header(r->header, "Content-Type")));
	if (r->status != 200)
		return err_set(e, REJECT, "%.*s answered %d", STR_FMT(source->host), r->status);
	const struct page page = {
		.bytes = r->body,
		.url = r->url,
		.content_type = http_header(r->header, "Content-Type"),
		.content_language = http_header(r->header, "Content-Language"),
		.content_location = http_header(r->header, "Content-Location"),
		.fetched_ms = terms.now_ms,
		.zone_minutes = (int)source->zone_minutes,
	};
	const enum outcome done = answer_read(a, &terms, &page, &in, e);
	if (done != OK)
		return done;
	fprintf(stderr, "%.*s, %.*s, %zu entries%s%.*s\n", STR_FMT(in.what), STR_FMT(in.encoding), in.n,
		in.trouble.n > 0 ? ", ill-formed: " : "", STR_FMT(in.trouble));
	if (in.next.n > 0)
		fprintf(stderr, "next page: %.*s\n", STR_FMT(in.next));
	print_posts(&in);
	return OK;
}

/* The oldest messages of a mailbox that are not too old, as many as one look takes. */
static void look_into(struct session *s, struct http *http, const struct source *source, struct http_response *r)
{
	const struct imap_terms terms = { .user = source->user,
		.password = source->password,
		.folder = source->folder,
		.since_ms = clock_now_ms() - s->settings.keep_mentions_ms };
	struct imap *mailbox = imap_new(&terms);
	const struct http_talk talk = { .take = imap_take, .owner = mailbox };
	const struct http_request request = { .url = source->server,
		.allow = source->allow,
		.nallow = source->nallow,
		.timeout_ms = LIMIT_IMAP_TALK_MS,
		.talk = &talk,
		.ca_file = source->ca_file.n > 0 ? arena_cstr(&s->arena, source->ca_file) : NULL };
	http_fetch(http, &request, r);
	imap_free(mailbox);
}

static enum outcome fetch(struct session *s, const struct source *source, struct err *e)
{
	struct http_response r = { 0 };
	struct http *http = http_new(crawler_user_agent(&s->arena, &s->settings), 1);
	enum outcome done = robots_keep_once(&s->arena, http, s->settings.user_agent, source, e);
	if (done != OK) {
		http_free(http);
		return done;
	}
	const struct http_request request = {
		.url = source->url,
		.header = source->header.item,
		.nheaders = source->header.n,
		.allow = source->allow,
		.nallow = source->nallow,
		.follow = true,
	};
	if (source->kind == SOURCE_IMAP)
		look_into(s, http, source, &r);
	else
		http_fetch(http, &request, &r);
	done = print_answer(&s->arena, source, &r, e);
	http_response_release(&r);
	http_free(http);
	return done;
}

int cmd_fetch(int argc, char **argv)
{
	struct session s = { 0 };
	struct source source;
	struct source_list sources = { 0 };
	struct err e = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, fetch_options, argc, argv, &code)) {
		http_library_init();
		if (s.options.noperands != 1)
			code = command_usage_error(command_find("fetch"), "give one source or URL");
		else if (find_source(&s, argc, argv, &sources, &source, &e) != OK || fetch(&s, &source, &e) != OK)
			code = command_fail(&e);
		else
			code = EXIT_OK;
		sources_release(&sources);
	}
	command_close(&s);
	return code;
}
