/* Any bytes as a list of rules, as brands.conf or as a sheet of brands, in any encoding: problems, never a crash; what is accepted is in
 * bounds, and a list that is accepted and written for Excel gives as many rules when it is read again. The first byte says which file it is. */
#include "common/text/rulebook_draft.h"
#include "common/text/rulebook_write.h"

#include <earshot/limits.h>
#include <stdlib.h>

#define NBRANDS 3 /* files of brands come first */
static const char *const names[] = { "brands.conf", "brands.csv", "brands.tsv", "complaint.x.tsv", "complaint.x.csv",
	"urgency.x.tsv", "sentiment.x.csv", "negation.x.tsv", "intensity.x.tsv", "contrast.x.tsv", "nature.x.csv",
	"sensitive.x.csv", "exclude.x.tsv", "context.x.csv" };
static const char *const written_names[] = { "", "", "", "complaint.x.csv", "complaint.x.csv", "urgency.x.csv", "sentiment.x.csv",
	"negation.x.csv", "intensity.x.csv", "contrast.x.csv", "nature.x.csv", "sensitive.x.csv", "exclude.x.csv",
	"context.x.csv" };

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_rule(const struct rulebook_draft *d, const struct draft_rule *r)
{
	check(r->folded.n > 0 && r->folded.n < RULEBOOK_FOLDED_BYTES && r->rule.term.n <= LIMIT_TERM_BYTES);
	check(r->rule.weight >= -2 && r->rule.weight <= 4 && r->rule.list < LIST__N && r->rule.line > 0 && r->column > 0);
	check(r->rule.brand < (int)d->nbrands && r->rule.category < CAT__N && r->rule.urgency < URG__N &&
		r->rule.nature < NAT__N && (r->rule.folds & FOLDS_PLAIN) == FOLDS_PLAIN);
}

struct reading {
	struct arena a;
	struct problems p;
	struct rulebook_draft d;
};

static void read_file(struct reading *r, size_t kind, const char *name, struct str bytes)
{
	arena_init(&r->a, LIMIT_ARENA_BYTES * 4);
	problems_init(&r->p);
	draft_init(&r->d, &r->a, &r->p);
	if (kind == 0)
		rulebook_parse_brands(&r->d, bytes, name);
	else if (kind < NBRANDS)
		rulebook_parse_brand_sheet(&r->d, bytes, name);
	else
		rulebook_parse_list(&r->d, bytes, name);
	for (size_t i = 0; i < r->d.nrules; i++)
		check_rule(&r->d, &r->d.rule[i]);
}

static void release(struct reading *r)
{
	problems_release(&r->p);
	draft_release(&r->d);
	arena_release(&r->a);
}

static bool is_same(const struct rule *a, const struct rule *b)
{
	return str_eq(a->term, b->term) && a->weight == b->weight && a->folds == b->folds && a->category == b->category &&
	       a->case_exact == b->case_exact && a->open_end == b->open_end;
}

static void check_written(const struct reading *first, size_t kind, struct str bytes)
{
	struct problems p;
	struct buf out;
	struct reading again;
	const struct rulebook_file file = { str_of(names[kind]), names[kind], 0, bytes };
	problems_init(&p);
	buf_init(&out, LIMIT_CONF_BYTES);
	check(rulebook_write_list(&file, &out, &p));
	read_file(&again, kind, written_names[kind], buf_str(&out));
	check(!problems_any_error(&again.p) && again.d.nrules == first->d.nrules);
	for (size_t i = 0; i < again.d.nrules; i++)
		check(is_same(&first->d.rule[i].rule, &again.d.rule[i].rule));
	release(&again);
	buf_release(&out);
	problems_release(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r;
	if (size < 1 || size > LIMIT_TEXT_BYTES)
		return 0;
	size_t kind = data[0] % (sizeof(names) / sizeof(names[0]));
	struct str bytes = { (const char *)data + 1, size - 1 };
	read_file(&r, kind, names[kind], bytes);
	if (kind >= NBRANDS && !problems_any_error(&r.p))
		check_written(&r, kind, bytes);
	draft_settle(&r.d);
	release(&r);
	return 0;
}
