/* earshot model use: a model becomes the one that all workers judge with, published with the rules in force. */
#include "cli/model_commands.h"

#include "cli/model_file.h"
#include "cli/model_vet.h"
#include "cli/publication.h"
#include "common/rules/model_layer.h"

#include <string.h>

static const struct option_row use_options[] = {
	PUBLICATION_OPTIONS,
	{ "force", false, "also when it judges the protected posts worse than the model in use" },
	{ NULL, false, NULL },
};

/* A verdict names its model, so one name must not be two models. */
static enum outcome check_name(struct publication *p, const struct model_file *m, struct err *e)
{
	const struct weights *shipped = m->bytes.n > 0 ? weights_shipped(m->name) : NULL;
	bool is_other = shipped != NULL && !str_eq(weights_render(&p->files_arena, shipped), m->bytes);
	for (size_t i = 0; i < p->in_force.n && m->bytes.n > 0; i++) {
		const struct rulebook_file *f = &p->in_force.file[i];
		const bool has_name =
			f->name.n == m->name.n + 6 && str_starts(f->name, m->name) && str_ends(f->name, STR(".model"));
		is_other = is_other || (has_name && !str_eq(f->bytes, m->bytes));
	}
	if (!is_other)
		return OK;
	return err_set(e, REJECT,
		"%s: another model is called \"%.*s\" already; give this one its own: earshot train --name NEW-NAME", m->path,
		STR_FMT(m->name));
}

static enum outcome choose(struct publication *p, struct problems *problems, struct err *e)
{
	(void)problems;
	struct model_file m;
	const struct options *o = &p->s.session.options;
	if (o->noperands != 1)
		return err_set(e, REJECT, "model use takes the name of one model; earshot model list says which there are");
	if (p->in_force.n == 0)
		return err_set(
			e, REJECT, "no rules are in force that a model could judge beside; earshot rules publish comes first");
	enum outcome done = model_file_find(&p->files_arena, &p->s.session.settings, o->operand[0], &m, e);
	if (done == OK)
		done = check_name(p, &m, e);
	if (done != OK)
		return done;
	p->files = model_layer_on(&p->files_arena, &p->in_force, m.name, m.bytes);
	buf_addf(&p->s.out, "model %.*s %s\n", STR_FMT(m.name), m.digest);
	if (p->now.version[0] == '\0')
		buf_addz(&p->s.out,
			"nothing was published so far: workers follow the published rulebook from now on, no longer their "
			"folders (earshot rules withdraw goes back)\n");
	return OK;
}

static enum outcome vet(struct publication *p, struct err *e)
{
	struct problems problems;
	struct err worse = { 0 };
	problems_init(&problems);
	struct rulebook *in_use = rulebook_compile(&p->in_force, &problems);
	problems_release(&problems);
	if (in_use == NULL) { /* what is broken must not keep a good one out */
		buf_addz(&p->s.out, "the rules in force are broken: the model was compared with nothing\n");
		return OK;
	}
	enum outcome done = model_vet(&p->files_arena, &p->s.session.settings, in_use, p->book, &p->s.out, &worse);
	rulebook_free(in_use);
	if (done == REJECT && options_has(&p->s.session.options, "force")) {
		buf_addf(&p->s.out, "%s: forced\n", worse.text);
		return OK;
	}
	return done == OK ? OK : err_set(e, done, "%s", worse.text);
}

static const struct publication_kind use = { "model use", use_options, choose, vet };

int model_use(int argc, char **argv)
{
	return publication_run(&use, argc, argv);
}
