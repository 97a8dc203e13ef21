/* Reading scoring.conf and *.model: which trained model judges beside the words. */
#include "common/text/rulebook_draft.h"

#include "common/text/weights.h"

#define NO_MODEL "none"

struct scoring {
	struct str model;
};

static const struct conf_option options[] = {
	{ .name = "model",
		.type = CONF_STR,
		.offset = offsetof(struct scoring, model),
		.fallback = NO_MODEL,
		.help = "the trained model that judges beside the words; none = the words alone" },
};

/* ---- the file that names it; of several folders the last one does ---- */

static void read_section(struct rulebook_draft *d, const struct conf_section *s, const char *path)
{
	struct scoring scoring;
	if (!str_eqc(s->kind, "scoring")) {
		draft_tell(d, R_SCORING, (struct draft_place){ path, s->line, 0 },
			"\"[%.*s]\" does not belong in scoring.conf; its section is [scoring]", STR_FMT(s->kind));
		return;
	}
	conf_fill(d->a, s, options, sizeof options / sizeof *options, &scoring, d->p);
	d->model_name = scoring.model;
	d->model_place = (struct draft_place){ path, s->n > 0 ? s->entry[0].line : s->line, 0 };
}

void rulebook_parse_scoring(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct str text;
	if (!draft_text(d, bytes, path, &text))
		return;
	const char *before = d->p->code;
	d->p->code = rule_problem_rows[R_SCORING].code;
	const struct conf_file *file = conf_parse(d->a, text, path, d->p);
	for (size_t i = 0; i < file->n; i++)
		read_section(d, &file->section[i], path);
	d->p->code = before;
}

/* ---- the files that hold one ---- */

void rulebook_parse_model(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct err e = { 0 };
	const struct draft_place place = { path, 0, 0 };
	if (d->nmodels == LIMIT_RULEBOOK_MODELS) {
		draft_tell(d, R_SCORING, place,
			"a rulebook has at most %d models; take out those that scoring.conf does not name",
			LIMIT_RULEBOOK_MODELS);
		return;
	}
	struct draft_model *m = &d->model[d->nmodels];
	m->path = path;
	if (weights_parse(bytes, "this file", &m->weights, &e) == OK)
		d->nmodels++;
	else
		draft_tell(d, R_SCORING, place, "%s", e.text);
}

/* The bytes of the file are the loader's: a rulebook has its own. */
static const struct weights *keep(struct arena *a, const struct weights *w)
{
	struct weights *own = arena_new(a, struct weights);
	struct err e = { 0 };
	return weights_parse(weights_render(a, w), w->name, own, &e) == OK ? own : NULL;
}

void rulebook_settle_model(struct rulebook_draft *d)
{
	if (d->model_name.n == 0 || str_eqc(d->model_name, NO_MODEL))
		return;
	for (size_t i = d->nmodels; i-- > 0;) {
		if (!str_eqc(d->model_name, d->model[i].weights.name))
			continue;
		d->weights = keep(d->a, &d->model[i].weights);
		return;
	}
	d->weights = weights_shipped(d->model_name);
	if (!d->weights && !problems_any_error(d->p))
		draft_tell(d, R_SCORING, d->model_place,
			"there is no model \"%.*s\": no *.model file beside the rules has that name inside, and this version "
			"brings %.*s; none = words alone",
			STR_FMT(d->model_name), STR_FMT(weights_shipped_name()));
}
