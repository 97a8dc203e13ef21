/* earshot rules publish: the rules of folders become those of all workers; the model in force stays over them. */
#include "cli/rules_commands.h"

#include "cli/publication.h"
#include "common/rules/model_layer.h"

static const struct option_row publish_options[] = {
	PUBLICATION_OPTIONS,
	{ "backfill", true, "count history so far back again under the new rules, without alerts: 30d" },
	{ NULL, false, NULL },
};

static enum outcome choose(struct publication *p, struct problems *problems, struct err *e)
{
	(void)e;
	struct rulebook_files files;
	const struct options *o = &p->s.session.options;
	const struct settings *s = &p->s.session.settings;
	const bool has_folders = o->noperands > 0;
	rulebook_read(&p->files_arena, has_folders ? (const char *const *)o->operand : s->rules_folder,
		has_folders ? (size_t)o->noperands : s->rules.n, &files, problems);
	if (model_layer_is_there(&p->in_force))
		buf_addz(&p->s.out, "the model stays the one that earshot model use chose\n");
	p->files = model_layer_keep(&p->files_arena, &files, &p->in_force);
	return OK;
}

static const struct publication_kind publish = { "rules publish", publish_options, choose, NULL };

int rules_publish(int argc, char **argv)
{
	return publication_run(&publish, argc, argv);
}
