/* What the loader of recipes is made with: places, problems, entries of sections. */
#include "crawler/recipe_plan.h"

#include "common/base/utf8.h"

#include <string.h>

/* ---- problems ---- */

const struct recipe_problem_row recipe_problem_rows[P__N] = {
#define ERROR false
#define WARNING true
#define PROBLEM(name, code, severity, about) [P_##name] = { code, severity, about },
#include "crawler/recipe_problems.def"
#undef PROBLEM
#undef WARNING
#undef ERROR
};

/* Line and column of a byte of a value; a block goes over several lines. */
static void place_of(const struct conf_entry *at, size_t byte, int *line, int *column)
{
	const struct str before = str_first(at->value, byte);
	size_t start = 0;
	*line = at->line;
	for (size_t i = 0; i < before.n; i++)
		if (before.p[i] == '\n') {
			start = i + 1;
			*line += 1;
		}
	*column = (start == 0 ? at->column : 1) + (int)utf8_count(str_from(before, start));
}

void recipe_tell(struct recipe_draft *d, enum recipe_problem kind, struct recipe_place at, const char *fmt, ...)
{
	const struct recipe_problem_row *row = &recipe_problem_rows[kind];
	struct problem place = {
		.file = d->recipe->path, .line = 1, .column = 1, .is_warning = row->is_warning, .code = row->code
	};
	if (at.entry != NULL)
		place_of(at.entry, at.byte, &place.line, &place.column);
	va_list args;
	va_start(args, fmt);
	problems_tell(d->p, &place, fmt, args);
	va_end(args);
}

/* ---- sections ---- */

const struct conf_entry *draft_entry(const struct conf_section *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eqc(s->entry[i].key, key))
			return &s->entry[i];
	return NULL;
}

/* The entry, or the head of the section, as a place. */
const struct conf_entry *draft_place(struct recipe_draft *d, const struct conf_section *s, const char *key)
{
	const struct conf_entry *found = draft_entry(s, key);
	if (found != NULL)
		return found;
	struct conf_entry *head = arena_new(d->a, struct conf_entry);
	*head = (struct conf_entry){ .line = s->line, .column = 1 };
	return head;
}

void draft_expression(struct recipe_draft *d, const struct conf_section *s, const char *key, enum language language,
	struct recipe_expression *out)
{
	const struct conf_entry *e = draft_entry(s, key);
	if (e != NULL)
		expression_parse(d, e, language, out);
}

/* conf.h knows no codes: what it says is P002. */
void draft_fill(struct recipe_draft *d, const struct conf_section *s, const struct conf_option *options, size_t n, void *into)
{
	d->p->code = recipe_problem_rows[P_SYNTAX].code;
	conf_fill(d->a, s, options, n, into, d->p);
	d->p->code = NULL;
}
