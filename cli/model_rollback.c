/* earshot model rollback: back to the model before this one, under the rules in force. */
#include "cli/model_commands.h"

#include "cli/model_before.h"
#include "cli/publication.h"
#include "common/rules/model_layer.h"

#include <string.h>

static const struct option_row rollback_options[] = {
	PUBLICATION_OPTIONS,
	{ NULL, false, NULL },
};

/* Without the layer these are the very files of the folders: then there is nothing to publish. */
static bool are_of_folders(struct publication *p, const struct rulebook_files *files)
{
	char is[RULEBOOK_VERSION_BYTES], there[RULEBOOK_VERSION_BYTES];
	struct rulebook_files folders;
	struct problems problems;
	const struct settings *s = &p->s.session.settings;
	problems_init(&problems);
	rulebook_read(&p->files_arena, s->rules_folder, s->rules.n, &folders, &problems);
	const bool are_read = !problems_any_error(&problems);
	problems_release(&problems);
	rulebook_version(files, is);
	rulebook_version(&folders, there);
	return are_read && strcmp(is, there) == 0;
}

static enum outcome go_back(struct publication *p, const char *version, struct err *e)
{
	const struct rulebooks_change change = {
		.expected = p->now.version,
		.version = version,
		.by = str_trim(str_of(publication_option(p, "by"))),
		.note = str_of(publication_option(p, "note")),
	};
	const enum outcome done = rulebooks_return(p->s.redis, &p->s.session.arena, &change, e);
	if (done != OK)
		return done;
	if (version[0] == '\0')
		buf_addz(&p->s.out, "the model of the folders judges again; nothing is published any more\n");
	else
		buf_addf(&p->s.out, "the model before judges again: rulebook %s is in force; before it %s\n", version,
			p->now.version);
	return SKIP; /* done: nothing new is to be published */
}

/* Rules that came since stay: then it is a rulebook that never was, and is published as any other. */
static enum outcome choose(struct publication *p, struct problems *problems, struct err *e)
{
	(void)problems;
	struct model_before before;
	char version[RULEBOOK_VERSION_BYTES];
	const bool is_dry = options_has(&p->s.session.options, "dry-run");
	if (p->now.version[0] == '\0' || p->in_force.n == 0)
		return err_set(
			e, REJECT, "no model is published that one could go back from; earshot model list says what judges");
	const enum outcome done = model_before_find(p->s.redis, &p->files_arena, &p->in_force, &before, e);
	if (done != OK)
		return done;
	if (!before.is_there)
		return err_set(e, REJECT, "there was no other model before; earshot model use NAME takes one");
	p->files = model_layer_keep(&p->files_arena, &p->in_force, &before.files);
	rulebook_version(&p->files, version);
	if (!is_dry && before.version[0] == '\0' && are_of_folders(p, &p->files))
		return go_back(p, "", e);
	if (!is_dry && strcmp(version, before.version) == 0)
		return go_back(p, before.version, e);
	return OK;
}

static const struct publication_kind rollback = { "model rollback", rollback_options, choose, NULL };

int model_rollback(int argc, char **argv)
{
	return publication_run(&rollback, argc, argv);
}
