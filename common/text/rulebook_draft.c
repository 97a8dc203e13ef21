/* The rulebook under construction: terms are checked and folded on their way in, repetitions settled at the end. */
#include "common/text/rulebook_draft.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include "common/text/rulebook_text.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

static void *list(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n, size);
	if (p == NULL)
		abort();
	return p;
}

void draft_init(struct rulebook_draft *d, struct arena *a, struct problems *p)
{
	*d = (struct rulebook_draft){ .a = a, .p = p };
	arena_init(&d->scratch, LIMIT_ARENA_BYTES);
	d->brand = list(NULL, LIMIT_BRANDS, sizeof *d->brand);
	d->brand_query = list(NULL, LIMIT_BRANDS, sizeof *d->brand_query);
	memset(d->brand_query, 0, LIMIT_BRANDS * sizeof *d->brand_query); /* most have none */
}

void draft_release(struct rulebook_draft *d)
{
	free(d->rule);
	free(d->brand);
	free(d->brand_query);
	arena_release(&d->scratch);
}

/* ---- problems ---- */

const struct rule_problem_row rule_problem_rows[R__N] = {
#define ERROR false
#define WARNING true
#define PROBLEM(name, code, severity, about) [R_##name] = { code, severity, about },
#include "common/text/rulebook_problems.def"
#undef PROBLEM
#undef WARNING
#undef ERROR
};

void draft_tell(struct rulebook_draft *d, enum rule_problem kind, struct draft_place at, const char *fmt, ...)
{
	const struct rule_problem_row *row = &rule_problem_rows[kind];
	va_list args;
	va_start(args, fmt);
	problems_tell(d->p,
		&(struct problem){
			.file = at.file, .line = at.line, .column = at.column, .is_warning = row->is_warning, .code = row->code },
		fmt, args);
	va_end(args);
}

/* ---- encoding ---- */

bool draft_text(struct rulebook_draft *d, struct str bytes, const char *path, struct str *text)
{
	struct rulebook_text found;
	const bool is_read = rulebook_text_read(d->a, bytes, &found);
	const struct draft_place place = { path, found.line, 1 };
	*text = found.utf8;
	if (is_read)
		return true;
	if (found.trouble == R_WORKBOOK)
		draft_tell(d, R_WORKBOOK, place, "this is an Excel workbook, not text; open it and save it as \"CSV UTF-8\"");
	else if (found.trouble == R_DAMAGED)
		draft_tell(d, R_DAMAGED, place,
			"this line holds bytes that mean nothing in %s, as which the file was read; save it anew as UTF-8",
			found.encoding);
	else
		draft_tell(d, R_ENCODING, place,
			"this line is not UTF-8 text, and the file is neither UTF-16 nor GB18030; save it as UTF-8");
	return false;
}

/* ---- adding ---- */

/* What the terms of a list are seen through unless a file asks for more or less. Words that only shade a reading keep to
 * what the normaliser does: nobody disguises "very". */
static const unsigned list_folds[LIST__N] = {
	[LIST_BRAND] = FOLDS_DEFAULT,
	[LIST_CONTEXT] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_EXCLUDE] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_COMPLAINT] = FOLDS_DEFAULT,
	[LIST_URGENCY] = FOLDS_DEFAULT,
	[LIST_SENTIMENT] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_NEGATION] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_INTENSITY] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_CONTRAST] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_NATURE] = FOLDS_PLAIN | FOLD_GLOSS,
	[LIST_SENSITIVE] = FOLDS_DEFAULT,
	[LIST_WATCH] = FOLDS_DEFAULT,
	[LIST_LEAF] = FOLDS_DEFAULT,
};

unsigned draft_folds(enum rule_list list)
{
	return list_folds[list];
}

static bool draft_has_room(struct rulebook_draft *d, struct draft_place place)
{
	if (d->nrules < LIMIT_RULES)
		return true;
	if (!d->over_limit_told)
		draft_tell(d, R_TOO_MANY, place, "more than %d terms; take out what is not needed", LIMIT_RULES);
	d->over_limit_told = true;
	return false;
}

static void draft_push(struct rulebook_draft *d, const struct draft_rule *r)
{
	if (d->nrules == d->rules_cap) {
		d->rules_cap = d->rules_cap ? d->rules_cap * 2 : 256;
		d->rule = list(d->rule, d->rules_cap, sizeof *d->rule);
	}
	d->rule[d->nrules++] = *r;
}

bool draft_is_latin(struct str folded)
{
	size_t at = 0, last = folded.n - 1;
	while (last > 0 && ((unsigned char)folded.p[last] & 0xC0) == 0x80)
		last--;
	return utf8_is_word(utf8_next(folded, &at)) && utf8_is_word(utf8_next(folded, &last));
}

void draft_add(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place)
{
	term = str_trim(term);
	if (!draft_has_room(d, place))
		return;
	if (term.n > LIMIT_TERM_BYTES) {
		draft_tell(d, R_TERM_LONG, place, "this term has %zu bytes, at most %d are allowed; shorten it", term.n,
			LIMIT_TERM_BYTES);
		return;
	}
	arena_reset(&d->scratch);
	const struct str folded = str_trim(normalise_text(&d->scratch, term));
	if (folded.n == 0) {
		draft_tell(d, R_TERM_EMPTY, place, "the term is empty%s; write one or remove the line",
			term.n ? " once hidden characters are dropped" : "");
		return;
	}
	if (folded.n >= RULEBOOK_FOLDED_BYTES) {
		draft_tell(d, R_TERM_LONG, place, "this term grows to %zu bytes when it is normalised; shorten it", folded.n);
		return;
	}
	rule.term = arena_copy(d->a, term);
	rule.file = place.file;
	rule.line = place.line;
	rule.folds = rule.folds ? rule.folds : list_folds[rule.list];
	rule.is_latin = draft_is_latin(folded);
	const struct str kept =
		str_eq(folded, rule.term) ? rule.term : arena_copy(d->a, folded); /* most terms are folded as written */
	draft_push(d, &(struct draft_rule){ rule, kept, place.column, d->folder });
}

/* A character that a spreadsheet would take for a formula or a date is written behind a backslash (`\@name`, `\007`), or
 * behind the apostrophe that Excel itself uses. */
static bool is_escaped(struct str term)
{
	return term.n > 1 && (term.p[0] == '\\' || (term.p[0] == '\'' && strchr("=+-@", term.p[1])));
}

/* refund*: the word may go on. The character before the star is one of a word that is written with spaces around it. */
static bool has_open_end(struct str term)
{
	size_t last = term.n - 2;
	while (last > 0 && ((unsigned char)term.p[last] & 0xC0) == 0x80)
		last--;
	return utf8_is_word(utf8_next(term, &last));
}

static struct str cut_star(struct rulebook_draft *d, struct str term, struct rule *rule, struct draft_place place)
{
	if (term.n < 2 || term.p[term.n - 1] != '*')
		return term;
	if (term.p[term.n - 2] == '\\')
		return arena_printf(d->a, "%.*s*", (int)term.n - 2, term.p);
	struct str bare = str_first(term, term.n - 1);
	if (has_open_end(term))
		rule->open_end = true;
	else
		draft_tell(d, R_STAR, place,
			"the * changes nothing: only a Latin word can go on behind its end; take it away, or write \\* when you "
			"mean "
			"the character");
	return bare;
}

void draft_add_written(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place)
{
	term = str_trim(term);
	if (str_eqc(term, "=") || str_eqc(term, "*")) {
		draft_tell(d, R_TERM_EMPTY, place,
			"nothing stands beside the %s; write a term, or \\%s when you mean the character",
			term.p[0] == '=' ? "=" : "*", term.p[0] == '=' ? "=" : "*");
		return;
	}
	if (is_escaped(term)) {
		term = str_from(term, 1);
	} else if (term.n > 1 && term.p[0] == '=') {
		rule.case_exact = true;
		term = str_from(term, 1);
	}
	draft_add(d, cut_star(d, term, &rule, place), rule, place);
}

/* ---- repetitions ---- */

static int draft_rule_cmp(const void *a, const void *b)
{
	const struct draft_rule *x = *(const struct draft_rule *const *)a, *y = *(const struct draft_rule *const *)b;
	if (x->rule.list != y->rule.list)
		return x->rule.list < y->rule.list ? -1 : 1;
	if (x->rule.brand != y->rule.brand)
		return x->rule.brand < y->rule.brand ? -1 : 1;
	int order = str_cmp(x->folded, y->folded);
	if (order)
		return order;
	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	return (x > y) - (x < y); /* both point into one array: file order */
}

/* An exact-case alias and a folded one of the same letters are two different rules. */
static bool is_repetition(const struct draft_rule *a, const struct draft_rule *b)
{
	return a->rule.list == b->rule.list && a->rule.brand == b->rule.brand && a->rule.case_exact == b->rule.case_exact &&
	       a->rule.open_end == b->rule.open_end && str_eq(a->folded, b->folded);
}

static bool is_same_rule(const struct rule *a, const struct rule *b)
{
	return a->weight == b->weight && a->category == b->category && a->urgency == b->urgency && a->nature == b->nature;
}

static void tell_repetition(struct rulebook_draft *d, const struct draft_rule *old, const struct draft_rule *new)
{
	const bool is_same = is_same_rule(&old->rule, &new->rule);
	draft_tell(d, is_same ? R_DUPLICATE : R_CONFLICT, (struct draft_place){ new->rule.file, new->rule.line, new->column },
		"\"%.*s\" is already in line %d of %s%s and replaces it; keep one of the two", STR_FMT(new->rule.term),
		old->rule.line, old->rule.file, is_same ? "" : ", with another weight or name,");
}

void draft_settle(struct rulebook_draft *d)
{
	const struct draft_rule **order = list(NULL, d->nrules + 1, sizeof(const struct draft_rule *));
	bool *replaced = list(NULL, d->nrules + 1, sizeof *replaced);
	memset(replaced, 0, d->nrules + 1);
	for (size_t i = 0; i < d->nrules; i++)
		order[i] = &d->rule[i];
	qsort(order, d->nrules, sizeof(*order), draft_rule_cmp);
	for (size_t i = 1; i < d->nrules; i++) {
		const struct draft_rule *old = order[i - 1], *new = order[i];
		if (!is_repetition(old, new))
			continue;
		replaced[old - d->rule] = true;
		if (old->folder == new->folder)
			tell_repetition(d, old, new);
	}
	size_t kept = 0;
	for (size_t i = 0; i < d->nrules; i++)
		if (!replaced[i])
			d->rule[kept++] = d->rule[i];
	d->nrules = kept;
	free(order);
	free(replaced);
}
