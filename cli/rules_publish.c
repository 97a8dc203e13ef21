/* earshot rules publish: compiles a rulebook, measures what it finds, and makes it the one that all workers follow. */
#include "cli/rules_commands.h"

#include "cli/rules_backfill.h"
#include "cli/rules_measure.h"
#include "cli/stored.h"
#include "common/base/file.h"
#include "common/base/json.h"
#include "common/rules/published.h"
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
	PAST_OPTIONS,
	{ "ratios", true, "file with hits of the old and the new rules, instead of counting them on the archive" },
	{ "backfill", true, "count history so far back again under the new rules, without alerts: 30d" },
	{ "dry-run", false, "say what would be published, and do nothing" },
	{ NULL, false, NULL },
};

struct publish {
	struct stored s;
	struct arena files_arena; /* of rulebook files: they may be large */
	struct rulebook_files files;
	struct rulebook *book; /* the new one, compiled */
	int64_t backfill_ms; /* 0 = none */
	struct rulebooks_now now;
	char base[RULEBOOK_VERSION_BYTES]; /* what is in force now: published, else of the local folders */
	struct str ratios;
	bool is_proposed;
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

/* What is in force: the published rulebook, else that of the folders the configuration names. */
static enum outcome read_base(struct publish *p, struct rulebook_files *files, struct err *e)
{
	const struct settings *s = &p->s.session.settings;
	enum outcome done = rulebooks_now(p->s.redis, &p->s.session.arena, &p->now, e);
	if (done == OK && p->now.version[0] != '\0')
		return published_files(p->s.redis, &p->files_arena, p->now.version, files, e);
	struct problems problems;
	problems_init(&problems);
	rulebook_read(&p->files_arena, s->rules_folder, s->rules.n, files, &problems);
	problems_release(&problems); /* what cannot be read is not in force */
	return done;
}

/* On the posts of the past. Without an archive nothing is known: the detectors learn again then. */
static enum outcome measure(struct publish *p, const struct rulebook_files *base, struct err *e)
{
	struct past past = { 0 };
	struct problems problems;
	const struct options *o = &p->s.session.options;
	const struct settings *s = &p->s.session.settings;
	enum outcome done = OK;
	if (options_value(o, "posts") == NULL && options_value(o, "archive") == NULL &&
		!file_exists(arena_cstr(&p->s.session.arena, s->archive_folder))) {
		buf_addz(&p->s.out,
			"there is no archive: nobody knows how much more the new rules find, and the brands learn again\n");
		return OK;
	}
	problems_init(&problems);
	struct rulebook *old = base->n > 0 ? rulebook_compile(base, &problems) : NULL;
	int code = EXIT_NO;
	if (old != NULL && !past_open(&past, &p->s.session, command_find("rules publish"), &code))
		done = SKIP;
	else if (old != NULL)
		done = rules_measure(old, p->book, &past, &p->files_arena, &p->ratios, e);
	past_close(&past);
	rulebook_free(old);
	problems_release(&problems);
	if (done == SKIP)
		p->s.code = code;
	return done;
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
	p->is_proposed = publication.is_proposal;
	if (publication.is_proposal)
		buf_addf(&p->s.out, "rulebook %s waits for: earshot rules approve %s --by SOMEBODY-ELSE\n", p->book->version,
			p->book->version);
	else
		buf_addf(&p->s.out, "rulebook %s is published; workers follow within a second\n", p->book->version);
	return OK;
}

static enum outcome know_ratios(struct publish *p, struct err *e)
{
	struct rulebook_files base = { 0 };
	enum outcome done = read_base(p, &base, e);
	if (done == REJECT) { /* what is in force is broken: that must not keep a good one out */
		buf_addf(&p->s.out, "%s; nothing can be measured against it, and the brands learn again\n", e->text);
		return OK;
	}
	if (done != OK || base.n == 0)
		return done;
	rulebook_version(&base, p->base);
	if (text_of(p, "ratios") != NULL)
		return read_ratios(p, text_of(p, "ratios"), e);
	return strcmp(p->base, p->book->version) == 0 ? OK : measure(p, &base, e);
}

static bool wants_backfill(struct publish *p)
{
	return text_of(p, "backfill") == NULL || stored_span_option(&p->s, "backfill", "30d", &p->backfill_ms);
}

static enum outcome publish(struct publish *p, struct err *e)
{
	enum outcome done = know_ratios(p, e);
	if (done != OK)
		return done;
	buf_addf(&p->s.out, "rulebook %s: %zu files, %zu brands, %zu rules; in force now: %s%s\n", p->book->version, p->files.n,
		p->book->nbrands, p->book->nrules, p->base[0] ? p->base : "none", p->now.version[0] ? "" : " (folders)");
	if (strcmp(p->now.version, p->book->version) == 0) {
		buf_addz(&p->s.out, "it is published already\n");
		return OK;
	}
	rules_measure_tell(&p->s.out, p->ratios);
	if (options_has(&p->s.session.options, "dry-run"))
		return OK;
	done = send(p, e);
	stored_flush(&p->s); /* it is in force: that must be seen, whatever a back-fill comes to */
	if (done != OK || p->backfill_ms == 0)
		return done;
	if (!p->is_proposed)
		return rules_backfill_run(&p->s, p->book, p->backfill_ms, e);
	buf_addz(&p->s.out, "history can be counted again when it is approved: earshot rules backfill\n");
	return OK;
}

int rules_publish(int argc, char **argv)
{
	struct publish p = { 0 };
	struct err e = { 0 };
	arena_init(&p.files_arena, 4 * (size_t)LIMIT_RULEBOOK_BYTES);
	if (stored_open(&p.s, publish_options, argc, argv) && names_are_right(&p) && wants_backfill(&p) && compile(&p)) {
		const enum outcome done = publish(&p, &e);
		if (done != OK && done != SKIP)
			stored_fail(&p.s, &e);
	}
	rulebook_free(p.book);
	const int code = stored_close(&p.s);
	arena_release(&p.files_arena);
	return code;
}
