/* Publishing a rulebook: compiles it, measures what it finds, and makes it the one that all workers follow. */
#include "cli/publication.h"

#include "cli/rules_backfill.h"
#include "cli/rules_measure.h"
#include "common/base/file.h"
#include "common/base/json.h"
#include "common/rules/published.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>

#define RATIOS_BYTES ((size_t)4 << 20)

const char *publication_option(const struct publication *p, const char *name)
{
	return options_value(&p->s.session.options, name);
}

/* False after it was said: a publication has a name under it, and an approver is somebody else. */
static bool names_are_right(struct publication *p)
{
	const struct str by = str_trim(str_of(publication_option(p, "by"))),
			 approver = str_trim(str_of(publication_option(p, "approve-by")));
	if (by.n > 0 && !str_ieq(by, approver))
		return true;
	if (by.n == 0)
		(void)fprintf(stderr, "earshot: %s needs --by NAME: the log says who\n", p->kind->name);
	else
		(void)fprintf(stderr, "earshot: --by and --approve-by name the same person; four eyes are two people\n");
	p->s.code = by.n == 0 ? EXIT_USAGE : EXIT_NO;
	return false;
}

static enum outcome read_in_force(struct publication *p, struct err *e)
{
	const struct settings *s = &p->s.session.settings;
	enum outcome done = rulebooks_now(p->s.redis, &p->s.session.arena, &p->now, e);
	if (done == OK && p->now.version[0] != '\0')
		return published_files(p->s.redis, &p->files_arena, p->now.version, &p->in_force, e);
	struct problems problems;
	problems_init(&problems);
	rulebook_read(&p->files_arena, s->rules_folder, s->rules.n, &p->in_force, &problems);
	problems_release(&problems); /* what cannot be read is not in force */
	return done;
}

static enum outcome know_base(struct publication *p, struct err *e)
{
	const enum outcome done = read_in_force(p, e);
	if (done == REJECT) { /* what is in force is broken: that must not keep a good one out */
		buf_addf(&p->s.out, "%s; nothing can be measured against it, and the brands learn again\n", e->text);
		p->in_force = (struct rulebook_files){ 0 };
		return OK;
	}
	if (done == OK && p->in_force.n > 0)
		rulebook_version(&p->in_force, p->base);
	return done;
}

/* SKIP (exit 78) after the problems were said. */
static enum outcome compile(struct publication *p, struct err *e)
{
	struct problems problems;
	problems_init(&problems);
	const enum outcome done = p->kind->choose(p, &problems, e);
	if (done == OK && !problems_any_error(&problems))
		p->book = rulebook_compile(&p->files, &problems);
	const bool fine = command_problems(&problems) && p->book != NULL;
	problems_release(&problems);
	if (done != OK || fine)
		return done;
	p->s.code = EXIT_CONFIG;
	return SKIP;
}

/* On the posts of the past. Without an archive nothing is known: the detectors learn again then. */
static enum outcome measure(struct publication *p, struct err *e)
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
	struct rulebook *old = rulebook_compile(&p->in_force, &problems);
	int code = EXIT_NO;
	if (old != NULL && !past_open(&past, &p->s.session, command_find(p->kind->name), &code))
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

static enum outcome read_ratios(struct publication *p, const char *path, struct err *e)
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

static enum outcome send(struct publication *p, struct err *e)
{
	const struct settings *s = &p->s.session.settings;
	const struct str approver = str_trim(str_of(publication_option(p, "approve-by")));
	const struct rulebooks_publication publication = {
		.expected = p->now.version,
		.version = p->book->version,
		.base = strcmp(p->base, p->book->version) == 0 ? "" : p->base,
		.by = str_trim(str_of(publication_option(p, "by"))),
		.approver = approver,
		.note = str_of(publication_option(p, "note")),
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

static enum outcome know_ratios(struct publication *p, struct err *e)
{
	if (p->in_force.n == 0)
		return OK;
	if (publication_option(p, "ratios") != NULL)
		return read_ratios(p, publication_option(p, "ratios"), e);
	return strcmp(p->base, p->book->version) == 0 ? OK : measure(p, e);
}

static bool wants_backfill(struct publication *p)
{
	return publication_option(p, "backfill") == NULL || stored_span_option(&p->s, "backfill", "30d", &p->backfill_ms);
}

static enum outcome publish(struct publication *p, struct err *e)
{
	enum outcome done = know_base(p, e);
	if (done == OK)
		done = compile(p, e);
	if (done == OK)
		done = know_ratios(p, e);
	if (done == OK && p->kind->vet != NULL)
		done = p->kind->vet(p, e);
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

int publication_run(const struct publication_kind *kind, int argc, char **argv)
{
	struct publication p = { .kind = kind };
	struct err e = { 0 };
	arena_init(&p.files_arena, 4 * (size_t)LIMIT_RULEBOOK_BYTES);
	if (stored_open(&p.s, kind->options, argc, argv) && names_are_right(&p) && wants_backfill(&p)) {
		const enum outcome done = publish(&p, &e);
		if (done != OK && done != SKIP)
			stored_fail(&p.s, &e);
	}
	rulebook_free(p.book);
	const int code = stored_close(&p.s);
	arena_release(&p.files_arena);
	return code;
}
