/* earshot source add URL: finds out by fetching what an address gives, and writes its section. */
#include "cli/source_commands.h"

#include <earshot/limits.h>

#include "cli/probe.h"
#include "cli/source_file.h"
#include "cli/source_view.h"
#include "common/base/clock.h"
#include "crawler/discover.h"
#include "crawler/source_draft.h"

#include <stdio.h>
#include <string.h>

static const struct option_row add_options[] = {
	{ "config", true, "configuration file" },
	{ "id", true, "its name, a-z 0-9 -; default: from the host" },
	{ "kind", true, "feed or page, instead of what is found" },
	{ "family", true, "forum news review complaint social blog video other; a dimension of the counts" },
	{ "every", true, "polling interval, as 10m" },
	{ "allow-cidr", true, "a private network it may reach, as 127.0.0.0/8; may stand several times" },
	{ "guess", false, "when a page names no feed, ask the usual addresses of feeds too, one a second" },
	{ "file", true, "file of a feeds folder to write to; default: local.conf" },
	{ "dry-run", false, "print the section, write nothing" },
	{ NULL, false, NULL },
};

struct adding {
	struct session *s;
	struct source_list list;
	struct source_known known;
	struct source_draft draft;
	struct conf_list allow;
	struct http_response answer; /* of the address that is taken */
	struct discovery found; /* in it */
	bool asked; /* a request left: the next one waits */
};

static const char *option(const struct adding *x, const char *name)
{
	return options_value(&x->s->options, name);
}

/* One request; the host is left alone for a second between two. */
static enum outcome ask(struct adding *x, struct str url, struct http_response *answer, struct discovery *found, struct err *e)
{
	struct arena *a = &x->s->arena;
	struct source bare;
	enum outcome done = sources_of_url(a, url, &x->allow, &bare, e);
	if (done != OK)
		return done;
	if (x->asked)
		clock_sleep_ms(LIMIT_HOST_DELAY_MS);
	x->asked = true;
	probe_fetch(x->s, &bare, answer);
	done = probe_check(&bare, answer, e);
	const struct page page = probe_page(&bare, answer);
	return done == OK ? discover_read(a, &page, found, e) : done;
}

static bool is_feed(const struct discovery *found)
{
	return found->kind == DISCOVER_FEED || found->kind == DISCOVER_SITEMAP;
}

/* Takes the address instead of the page when a feed is there. */
static bool take_feed(struct adding *x, struct str url)
{
	struct http_response answer = { 0 };
	struct discovery found;
	struct err e = { 0 };
	const bool fine = ask(x, url, &answer, &found, &e) == OK && is_feed(&found);
	if (!fine) {
		fprintf(stderr, "  %.*s is no feed%s%s\n", STR_FMT(url), e.text[0] != '\0' ? ": " : "", e.text);
		http_response_release(&answer);
		return false;
	}
	http_response_release(&x->answer);
	x->answer = answer;
	x->found = found;
	x->draft.url = url;
	return true;
}

/* Feeds that the page names, in its order; with --guess also the usual addresses. */
static bool find_feed(struct adding *x)
{
	const struct discovery page = x->found;
	const struct str from = x->answer.url;
	bool found = false;
	fprintf(stderr, "%.*s is a page that names %zu feeds\n", STR_FMT(from), page.nfeeds);
	for (size_t i = 0; i < page.nfeeds; i++)
		fprintf(stderr, "  %.*s\n", STR_FMT(page.feed[i].url));
	for (size_t i = 0; i < page.nfeeds && i < LIMIT_DISCOVER_TRIES && !found; i++)
		found = take_feed(x, page.feed[i].url);
	for (size_t i = 0; options_has(&x->s->options, "guess") && !found; i++) {
		const struct str url = discover_usual(&x->s->arena, x->draft.url, i);
		if (url.n == 0)
			break;
		found = take_feed(x, url);
	}
	if (found)
		fprintf(stderr, "%.*s is taken; --kind page would take the page itself\n", STR_FMT(x->draft.url));
	return found;
}

/* Kind and address of what is to be written, after asking. */
static enum outcome find_out(struct adding *x, struct err *e)
{
	const char *kind = option(x, "kind");
	const bool wants_page = kind != NULL && strcmp(kind, "page") == 0;
	const bool wants_feed = kind != NULL && strcmp(kind, "feed") == 0;
	const enum outcome done = ask(x, x->draft.url, &x->answer, &x->found, e);
	if (done != OK)
		return done;
	if (x->answer.permanent_redirect && x->answer.url.n > 0) {
		x->draft.url = arena_copy(&x->s->arena, x->answer.url);
		fprintf(stderr, "it has moved for good to %.*s, which is taken\n", STR_FMT(x->draft.url));
	}
	if (!is_feed(&x->found) && !wants_page && !find_feed(x) && wants_feed)
		return err_set(e, REJECT, "%.*s is a page, and no feed was found by it; --kind page reads the page itself",
			STR_FMT(x->draft.url));
	if (is_feed(&x->found) && wants_page)
		return err_set(
			e, REJECT, "%.*s is a %s; leave --kind out", STR_FMT(x->draft.url), discover_kind_names[x->found.kind]);
	x->draft.kind = is_feed(&x->found) ? STR("") : STR("page");
	x->draft.title = x->found.title;
	return OK;
}

static enum outcome refuse_twin(struct adding *x, struct err *e)
{
	const struct source_known_row *row =
		source_known_find(&x->known.address, source_known_address(&x->s->arena, x->draft.url));
	if (row == NULL)
		return OK;
	return err_set(e, REJECT, "the source %.*s (%s:%d) reads this address already", STR_FMT(row->source->id),
		row->source->at->file, row->source->at->line);
}

/* A recipe knows what its addresses give; nothing is asked before the section stands. */
static enum outcome take_recipe(struct adding *x, const struct recipe *r, struct err *e)
{
	if (r->login == RECIPE_LOGIN_COOKIE)
		return err_set(e, REJECT,
			"the recipe %.*s reads this address with the operator's own cookie: write the section by hand, with "
			"recipe = %.*s and cookie_file = PATH",
			STR_FMT(r->name), STR_FMT(r->name));
	fprintf(stderr, "the recipe %.*s reads this address: %.*s\n", STR_FMT(r->name), STR_FMT(r->about));
	x->draft.recipe = r->name;
	return OK;
}

/* Reads the section as the loader would, and with it the answer: a source that gives nothing readable is not added. */
static enum outcome try_section(struct adding *x, struct str section, struct err *e)
{
	struct problems problems;
	struct answer in;
	problems_init(&problems);
	sources_add(&x->s->arena, section, "the new section", 1, &x->list, &problems);
	const bool fine = command_problems(&problems);
	problems_release(&problems);
	const struct source *made = sources_find(&x->list, x->draft.id);
	if (!fine || made == NULL)
		return err_set(e, REJECT, "nothing was written: the section has the errors above");
	if (made->how->recipe != NULL)
		probe_fetch(x->s, made, &x->answer);
	enum outcome done = probe_check(made, &x->answer, e);
	if (done == OK)
		done = probe_read(&x->s->arena, made, &x->answer, &in, e);
	if (done == OK)
		fprintf(stderr, "it is read as %.*s: %zu entries now\n", STR_FMT(in.what), in.n);
	return done;
}

static void name_it(struct adding *x)
{
	struct session *s = x->s;
	x->draft.family = str_of(option(x, "family"));
	x->draft.every = str_of(option(x, "every"));
	x->draft.allow_cidr = &x->allow;
	x->draft.id = option(x, "id") != NULL ? str_of(option(x, "id")) : source_draft_id(&s->arena, &x->draft, &x->known);
}

static enum outcome add(struct adding *x, struct err *e)
{
	struct session *s = x->s;
	struct buf section;
	enum outcome done = refuse_twin(x, e);
	const struct recipe *r = option(x, "kind") == NULL ? discover_recipe(&x->list.recipes, x->draft.url) : NULL;
	if (done == OK)
		done = r != NULL ? take_recipe(x, r, e) : find_out(x, e);
	if (done == OK)
		done = refuse_twin(x, e);
	if (done != OK)
		return done;
	name_it(x);
	buf_init(&section, 1u << 20);
	source_draft_write(&section, &x->draft);
	const struct str text = arena_copy(&s->arena, buf_str(&section));
	buf_release(&section);
	done = try_section(x, text, e);
	if (done != OK)
		return done;
	printf("%.*s", STR_FMT(str_from(text, 1)));
	if (options_has(&s->options, "dry-run"))
		return OK;
	return source_file_add(s, text, e);
}

static int run(struct session *s, int argc, char **argv)
{
	struct adding x = { .s = s };
	struct err e = { 0 };
	const char *kind = options_value(&s->options, "kind");
	if (s->options.noperands != 1)
		return command_usage_error(command_find(argv[0]), "which address? Give one URL");
	if (kind != NULL && strcmp(kind, "feed") != 0 && strcmp(kind, "page") != 0)
		return command_usage_error(
			command_find(argv[0]), "--kind is feed or page; write sections of other kinds by hand (docs/sources.md)");
	int code = EXIT_CONFIG;
	if (source_view_load(s, &x.list)) {
		source_known_init(&s->arena, &x.list, 1, &x.known);
		x.allow = probe_networks(&s->arena, argc, argv);
		x.draft.url = str_of(s->options.operand[0]);
		http_library_init();
		code = add(&x, &e) == OK ? EXIT_OK : command_fail(&e);
		http_response_release(&x.answer);
	}
	sources_release(&x.list);
	return code;
}

int source_add(int argc, char **argv)
{
	struct session s = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, add_options, argc, argv, &code))
		code = run(&s, argc, argv);
	command_close(&s);
	return code;
}
