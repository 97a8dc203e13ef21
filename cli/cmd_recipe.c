/* earshot recipe: recipes listed, tested on their samples, and new samples recorded. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/command.h"
#include "cli/recipe_sample.h"
#include "common/base/charset.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/http.h"
#include "crawler/main.h"
#include "crawler/away.h"
#include "crawler/sources.h"

#include <stdio.h>
#include <string.h>

static const struct option_row recipe_options[] = {
	{ "config", true, "configuration file" },
	{ "accept", false, "test: what comes is what is expected from now on" },
	{ "replace", false, "record: an older sample may be written over" },
	{ "variant", true, "record: a further sample of that name, beside the first" },
	{ "cookie-file", true, "record: the operator's own cookie, for recipes with login = operator-cookie" },
	{ "allow-cidr", true, "record: a private network it may reach, as 127.0.0.0/8; may stand several times" },
	{ NULL, false, NULL },
};

/* ---- list ---- */

static int run_list(struct session *s)
{
	struct problems problems;
	struct recipe_book book;
	problems_init(&problems);
	recipes_load(&s->arena, s->settings.feeds_folder, s->settings.feeds.n, &book, &problems);
	for (size_t i = 0; i < book.n; i++) {
		const struct recipe *r = book.recipe[i];
		printf("%-16.*s %-13s %.*s%s\n", STR_FMT(r->name), recipe_kind_names[r->kind], STR_FMT(r->about),
			r->login == RECIPE_LOGIN_COOKIE ? " (operator's cookie)" : "");
		if (r->example.n > 0)
			printf("%-30s %.*s\n", "", STR_FMT(r->example));
		if (r->terms.n > 0)
			printf("%-30s %.*s\n", "", STR_FMT(r->terms));
	}
	const bool fine = command_problems(&problems);
	recipes_release(&book);
	problems_release(&problems);
	return fine ? EXIT_OK : EXIT_CONFIG;
}

/* ---- test ---- */

static bool test_samples(struct session *s, const struct recipe *r)
{
	struct recipe_sample *sample = NULL;
	const size_t n = recipe_samples(&s->arena, r, &sample);
	bool fine = n > 0;
	if (n == 0)
		printf("not ok - %.*s: there is no %.*s.sample.json, .html or .xml beside it; make one with earshot recipe "
		       "record\n",
			STR_FMT(r->name), STR_FMT(r->name));
	for (size_t i = 0; i < n; i++) {
		struct buf why;
		size_t posts = 0;
		buf_init(&why, 1u << 20);
		const bool good = recipe_sample_test(&s->arena, r, &sample[i], options_has(&s->options, "accept"), &why, &posts);
		printf("%s - %.*s: %zu posts\n", good ? "ok" : "not ok", STR_FMT(sample[i].title), posts);
		struct str rest = buf_str(&why), line;
		while (str_split(&rest, '\n', &line))
			if (line.n > 0)
				printf("# %.*s\n", STR_FMT(line));
		buf_release(&why);
		fine = fine && good;
	}
	return fine;
}

/* One file; its errors are said, and it counts as failed. */
static bool test_file(struct session *s, const char *path)
{
	struct problems problems;
	problems_init(&problems);
	struct recipe *r = recipe_load(&s->arena, path, &problems);
	bool fine = command_problems(&problems) && r != NULL;
	if (fine)
		fine = test_samples(s, r);
	else
		printf("not ok - %s: it has errors\n", path);
	recipe_free(r);
	problems_release(&problems);
	return fine;
}

static int run_test(struct session *s)
{
	bool fine = true;
	if (s->options.noperands < 2)
		return command_usage_error(command_find("recipe"), "test which recipe? Give files, as feeds/*.recipe");
	for (int i = 1; i < s->options.noperands; i++)
		fine = test_file(s, s->options.operand[i]) && fine;
	return fine ? EXIT_OK : EXIT_NO;
}

/* ---- record ---- */

struct recording {
	struct session *s;
	const struct recipe *r;
	struct source source;
	struct http_response answer;
	struct recipe_sample sample;
};

static enum outcome fetch(struct recording *x, struct err *e)
{
	struct session *s = x->s;
	struct arena *a = &s->arena;
	const char *cookie = options_value(&s->options, "cookie-file");
	struct str text = STR(""), *header = arena_list(a, struct str, x->r->header.n + 2);
	size_t n = 0;
	if ((cookie != NULL) != (x->r->login == RECIPE_LOGIN_COOKIE))
		return err_set(e, REJECT,
			cookie != NULL ? "recipe %.*s says login = none: no cookie is sent; leave --cookie-file out"
				       : "recipe %.*s wants the operator's own cookie; give it with --cookie-file",
			STR_FMT(x->r->name));
	if (cookie != NULL && file_read(a, cookie, LIMIT_HEADER_BYTES, &text, e) != OK)
		return e->outcome;
	for (; n < x->r->header.n; n++)
		header[n] = x->r->header.item[n];
	if (cookie != NULL)
		header[n++] = arena_printf(a, "Cookie: %.*s", STR_FMT(str_trim(text)));
	const struct http_request request = { .url = x->source.url,
		.header = header,
		.nheaders = n,
		.allow = x->source.how->allow,
		.nallow = x->source.how->nallow,
		.follow = true };
	struct http *http = http_new(crawler_user_agent(a, &s->settings), 1);
	away_fetch_once(a, http, s->settings.user_agent, &x->source, &request, &x->answer);
	http_free(http);
	if (x->answer.outcome != OK)
		return err_set(e, x->answer.outcome, "%s", x->answer.err.text);
	if (x->answer.status == 200)
		return OK;
	const struct str reason = recipe_status_reason(x->r, x->answer.status);
	return err_set(e, REJECT, "%.*s answered %d%s%.*s", STR_FMT(x->source.host), x->answer.status, reason.n > 0 ? ": " : "",
		STR_FMT(reason));
}

/* Names of authors, each once: they do not belong into a sample. */
static size_t authors_of(struct arena *a, const struct recipe_result *result, struct str **out)
{
	size_t n = 0;
	*out = arena_list(a, struct str, result->n + 1);
	for (size_t i = 0; i < result->n; i++) {
		const struct str name = result->post[i].post.author;
		size_t k = 0;
		while (k < n && !str_eq((*out)[k], name))
			k++;
		if (k == n && name.n >= 2)
			(*out)[n++] = name;
	}
	return n;
}

static const char *extension_of(const struct recipe *r)
{
	if (r->kind == RECIPE_FEED)
		return "xml";
	return r->kind == RECIPE_JSON || r->kind == RECIPE_HTML_IN_JSON ? "json" : "html";
}

static void name_sample(struct recording *x)
{
	struct arena *a = &x->s->arena;
	const char *variant = options_value(&x->s->options, "variant");
	const struct str stem = str_first(str_of(x->r->path), strlen(x->r->path) - strlen(".recipe"));
	const struct str full = variant != NULL ? arena_printf(a, "%.*s.%s", STR_FMT(stem), variant) : stem;
	x->sample = (struct recipe_sample){ full, arena_printf(a, "%.*s.sample.%s", STR_FMT(full), extension_of(x->r)).p,
		arena_printf(a, "%.*s.expected.json", STR_FMT(full)).p };
}

/* The masked page, and around it the facts that reading it needs. */
static enum outcome store(struct recording *x, size_t *posts, struct err *e)
{
	struct arena *a = &x->s->arena;
	struct charset_text text;
	struct recipe_result result;
	struct str *author;
	struct buf facts;
	char iso[32];
	const struct page page = { .bytes = x->answer.body,
		.url = x->answer.url,
		.content_type = http_header(x->answer.header, "Content-Type"),
		.fetched_ms = clock_now_ms() };
	enum outcome done = recipe_read(a, x->r, &page, &result, e);
	if (done != OK)
		fprintf(stderr, "earshot: %s\n", e->text); /* a sample of what goes wrong is worth keeping */
	charset_read(a, page.bytes, page.content_type, &text);
	const size_t nauthors = authors_of(a, &result, &author);
	done = file_write(x->sample.path, recipe_sample_mask(a, text.utf8, author, nauthors), 0644, e);
	buf_init(&facts, LIMIT_BODY_BYTES);
	buf_addc(&facts, '{');
	buf_json_str(&facts, "url", page.url);
	buf_json_str(&facts, "fetched", str_of(clock_iso(page.fetched_ms, iso)));
	buf_addc(&facts, '}');
	if (done == OK)
		done = file_write(x->sample.expected_path, buf_str(&facts), 0644, e);
	buf_clear(&facts);
	if (done == OK && !recipe_sample_test(a, x->r, &x->sample, true, &facts, posts))
		done = err_set(e, REJECT, "%.*s", STR_FMT(str_trim(buf_str(&facts))));
	buf_release(&facts);
	return done;
}

static enum outcome record(struct recording *x, const char *url, int argc, char **argv, struct err *e)
{
	struct arena *a = &x->s->arena;
	struct conf_list allow = { arena_list(a, struct str, (size_t)argc + 1), 0 };
	for (const char *c = options_each(argc, argv, "allow-cidr", 0); c != NULL;
		c = options_each(argc, argv, "allow-cidr", (int)allow.n))
		allow.item[allow.n++] = str_of(c);
	name_sample(x);
	if (file_exists(x->sample.path) && !options_has(&x->s->options, "replace"))
		return err_set(
			e, REJECT, "%s is there already; write over it with --replace, or record a --variant", x->sample.path);
	enum outcome done = sources_of_url(a, str_of(url), &allow, &x->source, e);
	if (done == OK)
		done = fetch(x, e);
	size_t posts = 0;
	if (done == OK)
		done = store(x, &posts, e);
	if (done == OK)
		printf("%s: %zu posts; look through it and %s before you share them\n", x->sample.path, posts,
			x->sample.expected_path);
	http_response_release(&x->answer);
	return done;
}

static int run_record(struct session *s, int argc, char **argv)
{
	struct problems problems;
	struct err e = { 0 };
	int code = EXIT_CONFIG;
	if (s->options.noperands != 3)
		return command_usage_error(command_find("recipe"), "record wants a recipe file and an address");
	problems_init(&problems);
	struct recording x = { .s = s, .r = recipe_load(&s->arena, s->options.operand[1], &problems) };
	if (command_problems(&problems) && x.r != NULL) {
		http_library_init();
		code = record(&x, s->options.operand[2], argc, argv, &e) == OK ? EXIT_OK : command_fail(&e);
	}
	recipe_free((struct recipe *)(uintptr_t)x.r);
	problems_release(&problems);
	return code;
}

int cmd_recipe(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, recipe_options, argc, argv, &code)) {
		const struct str verb = str_of(s.options.noperands > 0 ? s.options.operand[0] : NULL);
		if (str_eqc(verb, "list"))
			code = run_list(&s);
		else if (str_eqc(verb, "test"))
			code = run_test(&s);
		else if (str_eqc(verb, "record"))
			code = run_record(&s, argc, argv);
		else
			code = command_usage_error(command_find("recipe"), "give list, test or record");
	}
	command_close(&s);
	return code;
}
