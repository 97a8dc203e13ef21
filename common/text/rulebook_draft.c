/* The rulebook under construction: terms are checked and folded on their way in, repetitions settled at the end. */
#include "common/text/rulebook_draft.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

void draft_init(struct rulebook_draft *d, struct arena *a, struct problems *p)
{
	*d = (struct rulebook_draft){ .a = a, .p = p };
	d->brand = arena_list(a, struct brand, LIMIT_BRANDS);
}

/* ---- encoding ---- */

static int line_of_first_bad(struct str bytes)
{
	int line = 0;
	struct str rest = bytes, part;
	while (str_split(&rest, '\n', &part)) {
		line++;
		if (!utf8_valid(part) || str_findc(part, 0) >= 0)
			break;
	}
	return line;
}

bool draft_text(struct rulebook_draft *d, struct str bytes, const char *path, struct str *text)
{
	if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
		problems_add(d->p, path, 1, 1, "this file is UTF-16; save it as UTF-8");
		return false;
	}
	*text = str_starts(bytes, STR("\xEF\xBB\xBF")) ? str_from(bytes, 3) : bytes;
	if (utf8_valid(*text) && str_findc(*text, 0) < 0)
		return true;
	problems_add(d->p, path, line_of_first_bad(*text), 0,
		"this line is not UTF-8 text (perhaps GB18030 or another legacy encoding); save the file as UTF-8");
	return false;
}

/* ---- adding ---- */

static bool draft_has_room(struct rulebook_draft *d, struct draft_place place)
{
	if (d->nrules < LIMIT_RULES)
		return true;
	if (!d->over_limit_told)
		problems_add(d->p, place.file, place.line, 0, "more than %d terms; take out what is not needed", LIMIT_RULES);
	d->over_limit_told = true;
	return false;
}

static void draft_push(struct rulebook_draft *d, const struct draft_rule *r)
{
	if (d->nrules == d->rules_cap) {
		size_t cap = d->rules_cap ? d->rules_cap * 2 : 256;
		struct draft_rule *bigger = arena_list(d->a, struct draft_rule, cap);
		if (d->nrules)
			memcpy(bigger, d->rule, d->nrules * sizeof(*bigger));
		d->rule = bigger;
		d->rules_cap = cap;
	}
	d->rule[d->nrules++] = *r;
}

static bool is_word_edge(struct str folded)
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
		problems_add(d->p, place.file, place.line, place.column,
			"this term has %zu bytes, at most %d are allowed; shorten it", term.n, LIMIT_TERM_BYTES);
		return;
	}
	struct str folded = str_trim(normalise_text(d->a, term));
	if (folded.n == 0) {
		problems_add(d->p, place.file, place.line, place.column, "the term is empty%s; write one or remove the line",
			term.n ? " once hidden characters are dropped" : "");
		return;
	}
	if (folded.n >= RULEBOOK_FOLDED_BYTES) {
		problems_add(d->p, place.file, place.line, place.column,
			"this term grows to %zu bytes when it is normalised; shorten it", folded.n);
		return;
	}
	rule.term = arena_copy(d->a, term);
	rule.file = place.file;
	rule.line = place.line;
	rule.folds = rule.folds ? rule.folds : FOLDS_PLAIN;
	rule.is_latin = is_word_edge(folded);
	draft_push(d, &(struct draft_rule){ rule, folded, d->folder });
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
	       str_eq(a->folded, b->folded);
}

void draft_settle(struct rulebook_draft *d)
{
	const struct draft_rule **order = arena_list(d->a, const struct draft_rule *, d->nrules + 1);
	bool *replaced = arena_take(d->a, d->nrules + 1);
	for (size_t i = 0; i < d->nrules; i++)
		order[i] = &d->rule[i];
	qsort(order, d->nrules, sizeof(*order), draft_rule_cmp);
	for (size_t i = 1; i < d->nrules; i++) {
		const struct draft_rule *old = order[i - 1], *new = order[i];
		if (!is_repetition(old, new))
			continue;
		replaced[old - d->rule] = true;
		if (old->folder == new->folder)
			problems_warn(d->p, new->rule.file, new->rule.line, 0,
				"\"%.*s\" is already in line %d of %s and replaces it; keep one of the two",
				STR_FMT(new->rule.term), old->rule.line, old->rule.file);
	}
	size_t kept = 0;
	for (size_t i = 0; i < d->nrules; i++)
		if (!replaced[i])
			d->rule[kept++] = d->rule[i];
	d->nrules = kept;
}
