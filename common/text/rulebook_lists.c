/* Reading one list of rules/: lines of `term <TAB> weight <TAB> category, level or nature <TAB> note`. */
#include "common/text/rulebook_draft.h"

#include "common/base/names.h"
#include "common/base/utf8.h"

#include <string.h>

/* What each list's columns may hold. */
struct list_shape {
	const char *stem; /* the file name up to its first dot */
	enum rule_list list;
	double least, most; /* of the weight */
	const char *third; /* what the third column is called; NULL = it is a note already */
	const char *const *names;
	int nnames;
};

static const struct list_shape shapes[] = {
	{ "complaint", LIST_COMPLAINT, 0, 1, "category", category_names, CAT__N },
	{ "urgency", LIST_URGENCY, 0, 1, "urgency", urgency_names, URG__N },
	{ "sentiment", LIST_SENTIMENT, -1, 1, NULL, NULL, 0 },
	{ "negation", LIST_NEGATION, -1.5, 1.5, NULL, NULL, 0 },
	{ "intensity", LIST_INTENSITY, 0, 4, NULL, NULL, 0 },
	{ "contrast", LIST_CONTRAST, 0, 4, NULL, NULL, 0 },
	{ "nature", LIST_NATURE, 0, 1, "nature", nature_names, NAT__N },
};
#define NSHAPES (sizeof(shapes) / sizeof(shapes[0]))

static const struct list_shape *shape_of(struct rulebook_draft *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str stem = str_of(slash ? slash + 1 : path);
	ptrdiff_t dot = str_findc(stem, '.');
	stem = str_first(stem, dot < 0 ? stem.n : (size_t)dot);
	const char *names[NSHAPES];
	for (size_t i = 0; i < NSHAPES; i++) {
		if (str_eqc(stem, shapes[i].stem))
			return &shapes[i];
		names[i] = shapes[i].stem;
	}
	const char *near = problems_nearest(stem, names, NSHAPES);
	problems_add(d->p, path, 0, 0,
		"no list is called \"%.*s\"%s%s%s; the lists are complaint, urgency, sentiment, negation, intensity, contrast "
		"and nature",
		STR_FMT(stem), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

/* One line, taken apart. */
struct row {
	struct str line;
	struct str term, weight, third;
	struct draft_place place;
};

/* The place of a cell of the line, for messages: columns count characters. */
static int column_of(const struct row *r, struct str cell)
{
	return cell.p ? (int)utf8_count(str_first(r->line, (size_t)(cell.p - r->line.p))) + 1 : 0;
}

static struct str next_cell(struct str *rest)
{
	struct str cell = { rest->p, 0 };
	(void)str_split(rest, '\t', &cell); /* a line may have fewer cells: the rest are empty */
	return str_trim(cell);
}

static bool row_weight(struct rulebook_draft *d, const struct list_shape *shape, const struct row *r, float *out)
{
	double weight = 0;
	if (r->weight.n == 0) {
		problems_add(d->p, r->place.file, r->place.line, column_of(r, r->term),
			"there is no weight behind \"%.*s\"; write `term<TAB>weight`, with a tab and not spaces between them",
			STR_FMT(r->term));
		return false;
	}
	if (!str_to_double(r->weight, &weight)) {
		problems_add(d->p, r->place.file, r->place.line, column_of(r, r->weight),
			"the weight \"%.*s\" is not a number; write one from %g to %g", STR_FMT(r->weight), shape->least,
			shape->most);
		return false;
	}
	if (!(weight >= shape->least && weight <= shape->most)) {
		problems_add(d->p, r->place.file, r->place.line, column_of(r, r->weight),
			"the weight %.*s is out of range; %s takes %g to %g", STR_FMT(r->weight), shape->stem, shape->least,
			shape->most);
		return false;
	}
	*out = (float)weight;
	return true;
}

/* Index of the third column's name; -1 with a problem. The empty name of CAT_NONE cannot be written. */
static int row_third(struct rulebook_draft *d, const struct list_shape *shape, const struct row *r)
{
	int index = r->third.n ? names_index(shape->names, shape->nnames, r->third) : -1;
	if (index >= 0)
		return index;
	const char *near = r->third.n ? problems_nearest(r->third, shape->names, (size_t)shape->nnames) : NULL;
	if (r->third.n == 0)
		problems_add(d->p, r->place.file, r->place.line, (int)utf8_count(r->line) + 1,
			"the third column (%s) is missing; write it behind a tab, as in `%.*s<TAB>%.*s<TAB>%s`", shape->third,
			STR_FMT(r->term), STR_FMT(r->weight), shape->names[1]);
	else
		problems_add(d->p, r->place.file, r->place.line, column_of(r, r->third), "unknown %s \"%.*s\"; %s%s%s",
			shape->third, STR_FMT(r->third),
			near && *near ? "did you mean \"" : "see the names at the top of the shipped list",
			near && *near ? near : "", near && *near ? "\"?" : "");
	return -1;
}

static void parse_row(struct rulebook_draft *d, const struct list_shape *shape, const struct row *r)
{
	struct rule rule = { .list = shape->list, .brand = -1, .urgency = URG_NORMAL };
	if (!row_weight(d, shape, r, &rule.weight))
		return;
	if (shape->names) {
		int third = row_third(d, shape, r);
		if (third < 0)
			return;
		if (shape->list == LIST_COMPLAINT)
			rule.category = (enum category)third;
		else if (shape->list == LIST_URGENCY)
			rule.urgency = (enum urgency)third;
		else
			rule.nature = (enum nature)third;
	}
	draft_add(d, r->term, rule, r->place);
}

static bool is_heading(const struct row *r)
{
	return r->place.line <= 50 && str_ieq(r->term, STR("term")) && str_ieq(r->weight, STR("weight"));
}

void rulebook_parse_list(struct rulebook_draft *d, struct str bytes, const char *path)
{
	const struct list_shape *shape = shape_of(d, path);
	struct str rest;
	if (!shape || !draft_text(d, bytes, path, &rest))
		return;
	path = arena_cstr(d->a, str_of(path));
	struct row r = { .place = { path, 0, 1 } };
	while (str_split(&rest, '\n', &r.line)) {
		r.place.line++;
		if (str_ends(r.line, STR("\r")))
			r.line.n--;
		if (str_trim(r.line).n == 0 || r.line.p[0] == '#')
			continue;
		struct str cells = r.line;
		r.term = next_cell(&cells);
		r.weight = next_cell(&cells);
		r.third = next_cell(&cells);
		if (!is_heading(&r))
			parse_row(d, shape, &r);
	}
}
