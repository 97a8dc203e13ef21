/* earshot rules publish: compiles a rulebook, measures what it finds, and makes it the one that all workers follow. */
#include "cli/rules_commands.h"

#include "cli/stored.h"
#include "common/base/file.h"
#include "common/base/json.h"
#include "common/store/rulebooks.h"
#include "common/text/rulebook.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>

#define RATIOS_BYTES ((size_t)4 << 20)

static const struct option_row publish_options[] = {
	{ "config", true, "configuration file; names the rules folders, when no folder is given" },
	{ "redis", true, "URL of Redis" },
	{ "by", true, "who publishes; kept in the log" },
	{ "approve-by", true, "who approved it: another person" },
	{ "note", true, "why; kept in the log" },
	{ "ratios", true, "file with hits of the old and the new rules, instead of counting them on the archive" },
	{ "dry-run", false, "say what would be published, and do nothing" },
	{ NULL, false, NULL },
};

struct publish {
	struct stored s;
	struct arena files_arena; /* of rulebook files: they may be large */
	struct rulebook_files files;
	struct rulebook *book; /* the new one, compiled */
	struct rulebooks_now now;
	char base[RULEBOOK_VERSION_BYTES]; /* what is in force now: published, else of the local folders */
	struct str ratios;
};

static const char *text_of(const struct publish *p, const char *option)
{
	return options_value(&p->s.session.options, option);
}

/* False after it was said: a publication has a name under it, and an approver is somebody else. */
static bool names_are_right(struct publish *p)
{
	const struct str by = str_trim(str_of(text_of(p, "by"))), approver = str_trim(str_of(text_of(p, "approve-by")));
	const char *trouble = NULL;
	if (by.n == 0)
		trouble = "rules publish needs --by NAME: the log says who";
	else if (str_ieq(by, approver))
		trouble = "--by and --approve-by name the same person; four eyes are two people";
	if (trouble == NULL)
		return true;
	(void)fprintf(stderr, "earshot: %s\n", trouble);
	p->s.code = by.n == 0 ? EXIT_USAGE : EXIT_NO;
	return false;
}

/* False (exit 78) after the problems were said. */
static bool compile(struct publish *p)
{
	const struct options *o = &p->s.session.options;
	const struct settings *s = &p->s.session.settings;
	const bool has_folders = o->noperands > 0;
	struct problems problems;
	problems_init(&problems);
	rulebook_read(&p->files_arena, has_folders ? (const char *const *)o->operand : s->rules_folder,
		has_folders ? (size_t)o->noperands : s->rules.n, &p->files, &problems);
	if (!problems_any_error(&problems))
		p->book = rulebook_compile(&p->files, &problems);
	const bool fine = command_problems(&problems) && p->book != NULL;
	problems_release(&problems);
	if (!fine)
		p->s.code = EXIT_CONFIG;
	return fine;
}

/* What is in force: the published version, else that of the folders the configuration names. */
static enum outcome find_base(struct publish *p, struct err *e)
{
	const enum outcome done = rulebooks_now(p->s.redis, &p->s.session.arena, &p->now, e);
	if (done != OK)
		return done;
	if (p->now.version[0] != '\0') {
		memcpy(p->base, p->now.version, sizeof p->base);
		return OK;
	}
	struct rulebook_files local;
	struct problems problems;
	problems_init(&problems);
	rulebook_read(&p->files_arena, p->s.session.settings.rules_folder, p->s.session.settings.rules.n, &local, &problems);
	if (local.n > 0)
		rulebook_version(&local, p->base);
	problems_release(&problems);
	return OK;
}

static enum outcome read_ratios(struct publish *p, const char *path, struct err *e)
{
	const enum outcome done = file_read(&p->files_arena, path, RATIOS_BYTES, &p->ratios, e);
	if (done != OK)
		return done;
	struct json *doc = json_parse(p->ratios, e);
	const bool fine = json_kind(json_get(doc, "brands")) == JSON_OBJECT && json_i64_of(doc, "span_ms", 0) > 0;
	json_free(doc);
	return fine ? OK
		    : err_set(e, REJECT,
			      "%s is not "
			      "{\"span_ms\":N,\"brands\":{\"ID\":{\"all\":[old,new],\"negative\":[…],\"complaint\":[…]}}}",
			      path);
}

static enum outcome send(struct publish *p, struct err *e)
{
	const struct settings *s = &p->s.session.settings;
	const struct str approver = str_trim(str_of(text_of(p, "approve-by")));
	const struct rulebooks_publication publication = {
		.expected = p->now.version,
		.version = p->book->version,
		.base = strcmp(p->base, p->book->version) == 0 ? "" : p->base,
		.by = str_trim(str_of(text_of(p, "by"))),
		.approver = approver,
		.note = str_of(text_of(p, "note")),
		.ratios = p->ratios,
		.is_proposal = s->rules_approval && approver.n == 0,
		.files = &p->files,
	};
	const enum outcome done = rulebooks_publish(p->s.redis, &p->s.session.arena, &publication, e);
	if (done != OK)
		return done;
	if (publication.is_proposal)
		buf_addf(&p->s.out, "rulebook %s waits for: earshot rules approve %s --by SOMEBODY-ELSE\n", p->book->version,
			p->book->version);
	else
		buf_addf(&p->s.out, "rulebook %s is published; workers follow within a second\n", p->book->version);
	return OK;
}

static enum outcome publish(struct publish *p, struct err *e)
{
	enum outcome done = find_base(p, e);
	if (done == OK && text_of(p, "ratios") != NULL)
		done = read_ratios(p, text_of(p, "ratios"), e);
	if (done != OK)
		return done;
	buf_addf(&p->s.out, "rulebook %s: %zu files, %zu brands, %zu rules; in force now: %s%s\n", p->book->version, p->files.n,
		p->book->nbrands, p->book->nrules, p->base[0] ? p->base : "none", p->now.version[0] ? "" : " (folders)");
	if (strcmp(p->now.version, p->book->version) == 0) {
		buf_addz(&p->s.out, "it is published already\n");
		return OK;
	}
	if (options_has(&p->s.session.options, "dry-run"))
		return OK;
	return send(p, e);
}

int rules_publish(int argc, char **argv)
{
	struct publish p = { 0 };
	struct err e = { 0 };
	arena_init(&p.files_arena, 4 * (size_t)LIMIT_RULEBOOK_BYTES);
	if (stored_open(&p.s, publish_options, argc, argv) && names_are_right(&p) && compile(&p) && publish(&p, &e) != OK)
		stored_fail(&p.s, &e);
	rulebook_free(p.book);
	const int code = stored_close(&p.s);
	arena_release(&p.files_arena);
	return code;
}
