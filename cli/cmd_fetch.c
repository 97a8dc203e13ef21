/* earshot fetch, earshot source try: one source fetched and parsed to standard output; nothing is stored. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/probe.h"
#include "common/base/post.h"
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
	const struct conf_list allow = probe_networks(&s->arena, argc, argv);
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
	if (r->outcome == OK)
		fprintf(stderr, "%.*s: %d, %zu bytes, %lld ms, %.*s\n", STR_FMT(r->url), r->status, r->body.n,
			(long long)r->duration_ms, STR_FMT(http_header(r->header, "Content-Type")));
	enum outcome done = probe_check(source, r, e);
	if (done == OK)
		done = probe_read(a, source, r, &in, e);
	if (done != OK)
		return done;
	fprintf(stderr, "%.*s, %.*s, %zu entries%s%.*s\n", STR_FMT(in.what), STR_FMT(in.encoding), in.n,
		in.trouble.n > 0 ? ", ill-formed: " : "", STR_FMT(in.trouble));
	if (in.next.n > 0)
		fprintf(stderr, "next page: %.*s\n", STR_FMT(in.next));
	print_posts(&in);
	return OK;
}

static enum outcome fetch(struct session *s, const struct source *source, struct err *e)
{
	struct http_response r;
	probe_fetch(s, source, &r);
	const enum outcome done = print_answer(&s->arena, source, &r, e);
	http_response_release(&r);
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
			code = command_usage_error(command_find(argv[0]), "give one source or URL");
		else if (find_source(&s, argc, argv, &sources, &source, &e) != OK || fetch(&s, &source, &e) != OK)
			code = command_fail(&e);
		else
			code = EXIT_OK;
		sources_release(&sources);
	}
	command_close(&s);
	return code;
}
