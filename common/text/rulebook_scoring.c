/* Reading scoring.conf: which trained model judges beside the words. */
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

static void use_model(struct rulebook_draft *d, struct str name, struct draft_place place)
{
	d->weights = str_eqc(name, NO_MODEL) ? NULL : weights_shipped(name);
	if (!d->weights && !str_eqc(name, NO_MODEL))
		draft_tell(d, R_SCORING, place,
			"there is no model \"%.*s\"; this version brings earshot-1, and none = words alone", STR_FMT(name));
}

static void read_section(struct rulebook_draft *d, const struct conf_section *s, const char *path)
{
	struct scoring scoring;
	if (!str_eqc(s->kind, "scoring")) {
		draft_tell(d, R_SCORING, (struct draft_place){ path, s->line, 0 },
			"\"[%.*s]\" does not belong in scoring.conf; its section is [scoring]", STR_FMT(s->kind));
		return;
	}
	conf_fill(d->a, s, options, sizeof options / sizeof *options, &scoring, d->p);
	use_model(d, scoring.model, (struct draft_place){ path, s->n > 0 ? s->entry[0].line : s->line, 0 });
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
