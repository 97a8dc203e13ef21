/* Any bytes as a list of rules or as brands.conf: problems, never a crash; what is accepted is in bounds. The first byte
 * says which file it is. */
#include "common/text/rulebook_draft.h"

#include <earshot/limits.h>
#include <stdlib.h>

static const char *const names[] = { "brands.conf", "complaint.x.tsv", "urgency.x.tsv", "sentiment.x.tsv", "negation.x.tsv",
	"intensity.x.tsv", "contrast.x.tsv", "nature.x.tsv" };

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_rule(const struct rulebook_draft *d, const struct draft_rule *r)
{
	check(r->folded.n > 0 && r->folded.n < RULEBOOK_FOLDED_BYTES && r->rule.term.n <= LIMIT_TERM_BYTES);
	check(r->rule.weight >= -2 && r->rule.weight <= 4 && r->rule.list < LIST__N && r->rule.line > 0);
	check(r->rule.brand < (int)d->nbrands && r->rule.category < CAT__N && r->rule.urgency < URG__N &&
		r->rule.nature < NAT__N);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct problems p;
	struct rulebook_draft d;
	if (size < 1 || size > LIMIT_TEXT_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	problems_init(&p);
	draft_init(&d, &a, &p);
	size_t kind = data[0] % (sizeof(names) / sizeof(names[0]));
	struct str bytes = { (const char *)data + 1, size - 1 };
	if (kind == 0)
		rulebook_parse_brands(&d, bytes, names[0]);
	else
		rulebook_parse_list(&d, bytes, names[kind]);
	draft_settle(&d);
	for (size_t i = 0; i < d.nrules; i++)
		check_rule(&d, &d.rule[i]);
	problems_release(&p);
	arena_release(&a);
	return 0;
}
