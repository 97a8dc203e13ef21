/* What a backtest comes to, sorted as it is told, and the sentence in front. */
#include "cli/rules_report.h"

#include "cli/rules.h"

#include <math.h>
#include <stdlib.h>

#define DEAREST 10

const struct rule *rules_report_rule(const struct backtest_rule *r)
{
	return r->pair.new != NULL ? r->pair.new : r->pair.old;
}

const struct brand *rules_report_brand(const struct brand_pair *p)
{
	return p->new != NULL ? p->new : p->old;
}

struct str rules_report_brand_of(const struct backtest *b, const struct backtest_rule *r)
{
	const struct rule *rule = rules_report_rule(r);
	const struct rulebook *book = b->book[r->pair.new != NULL ? BOOK_NEW : BOOK_OLD];
	return rule->brand >= 0 ? book->brand[rule->brand].name : STR("");
}

bool rules_percent(int64_t old, int64_t new, double *percent)
{
	*percent = old > 0 ? 100 * (double)(new - old) / (double)old : 0;
	return old > 0;
}

/* ---- a change in words ---- */

/* Has this changed? Puts the comma when something stands before. */
static bool says(struct buf *out, size_t from, const struct rule_pair *p, unsigned change)
{
	if (!(p->changes & change))
		return false;
	if (out->n > from)
		buf_addz(out, ", ");
	return true;
}

static void change_name(struct buf *out, const char *what, const char *old, const char *new)
{
	buf_addf(out, "%s %s → %s", what, old[0] != '\0' ? old : "none", new[0] != '\0' ? new : "none");
}

/* "folds +split -leet" */
static void change_folds(struct buf *out, unsigned old, unsigned new)
{
	const char *name[FOLD__N];
	buf_addz(out, "folds");
	const size_t ngained = rules_fold_names(new & ~old, name);
	for (size_t i = 0; i < ngained; i++)
		buf_addf(out, " +%s", name[i]);
	const size_t nlost = rules_fold_names(old & ~new, name);
	for (size_t i = 0; i < nlost; i++)
		buf_addf(out, " -%s", name[i]);
}

void rules_change_words(struct buf *out, const struct rule_pair *p)
{
	const size_t from = out->n;
	const struct rule *old = p->old, *new = p->new;
	if (old == NULL || new == NULL) {
		buf_addz(out, old == NULL ? "added" : "removed");
		return;
	}
	if (says(out, from, p, RULE_WEIGHT))
		buf_addf(out, "weight %g → %g", (double)old->weight, (double)new->weight);
	if (says(out, from, p, RULE_CATEGORY))
		change_name(out, "category", category_names[old->category], category_names[new->category]);
	if (says(out, from, p, RULE_URGENCY))
		change_name(out, "urgency", urgency_names[old->urgency], urgency_names[new->urgency]);
	if (says(out, from, p, RULE_NATURE))
		change_name(out, "nature", nature_names[old->nature], nature_names[new->nature]);
	if (says(out, from, p, RULE_FOLDS))
		change_folds(out, old->folds, new->folds);
	if (says(out, from, p, RULE_AMBIGUOUS))
		buf_addz(out, new->is_ambiguous ? "now needs context" : "no longer needs context");
	if (says(out, from, p, RULE_QUERY))
		buf_addz(out, "the query says something else");
	if (says(out, from, p, RULE_SPELLING))
		buf_addf(out, "written \"%.*s\" before", STR_FMT(old->term));
}

/* ---- sorting ---- */

static int64_t movement(const struct backtest_rule *r)
{
	return r->gained + r->lost;
}

static int changed_cmp(const void *a, const void *b)
{
	const struct backtest_rule *x = *(const struct backtest_rule *const *)a, *y = *(const struct backtest_rule *const *)b;
	if (movement(x) != movement(y))
		return movement(x) > movement(y) ? -1 : 1;
	return (x > y) - (x < y);
}

static int dearest_cmp(const void *a, const void *b)
{
	const struct backtest_rule *x = *(const struct backtest_rule *const *)a, *y = *(const struct backtest_rule *const *)b;
	if (x->places[BOOK_NEW] != y->places[BOOK_NEW])
		return x->places[BOOK_NEW] > y->places[BOOK_NEW] ? -1 : 1;
	return (x > y) - (x < y);
}

static void sort_rules(struct arena *a, struct rules_report *out)
{
	const struct backtest *b = out->b;
	out->changed = arena_list(a, const struct backtest_rule *, b->nrules + 1);
	out->dearest = arena_list(a, const struct backtest_rule *, b->nrules + 1);
	for (size_t i = 0; i < b->nrules; i++) {
		const struct backtest_rule *r = &b->rule[i];
		const bool differs = r->pair.changes != 0 || movement(r) > 0;
		if (b->book[BOOK_OLD] != NULL ? differs : r->hits[BOOK_NEW] > 0)
			out->changed[out->nchanged++] = r;
		if (backtest_rule_ns(b, r, BOOK_NEW) > 0)
			out->dearest[out->ndearest++] = r;
	}
	qsort(out->changed, out->nchanged, sizeof *out->changed, changed_cmp);
	qsort(out->dearest, out->ndearest, sizeof *out->dearest, dearest_cmp);
	if (out->ndearest > DEAREST)
		out->ndearest = DEAREST;
}

/* ---- the sentence ---- */

/* The brand whose mentions grow or shrink most, against what it had. */
static const struct backtest_brand *most_moved(const struct backtest *b, double *percent)
{
	const struct backtest_brand *most = NULL;
	for (size_t i = 0; i < b->nbrands; i++) {
		const struct backtest_brand *br = &b->brand[i];
		double here;
		if (!rules_percent(br->count[BOOK_OLD][BACKTEST_ALL], br->count[BOOK_NEW][BACKTEST_ALL], &here) ||
			fabs(here) < 0.5)
			continue;
		if (most == NULL || fabs(here) > fabs(*percent)) {
			most = br;
			*percent = here;
		}
	}
	return most;
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void add_mentions(struct buf *out, const struct rules_report *r)
{
	double percent = 0;
	const struct backtest_brand *most = most_moved(r->b, &percent);
	if (r->totals.gained == 0 && r->totals.lost == 0) {
		buf_addz(out, "no mention more, none fewer");
		return;
	}
	buf_addf(out, "+%lld mention%s", (long long)r->totals.gained, plural(r->totals.gained));
	if (most != NULL)
		buf_addf(out, " (%.*s %+.0f %%)", STR_FMT(rules_report_brand(&most->pair)->name), percent);
	buf_addf(out, ", -%lld", (long long)r->totals.lost);
}

static void add_never(struct buf *out, const struct rules_report *r)
{
	if (r->totals.touched_rules == 0)
		return;
	buf_addf(out, "; %lld of %lld %srule%s never hit", (long long)r->totals.never, (long long)r->totals.touched_rules,
		r->b->book[BOOK_OLD] != NULL ? "new or changed " : "", plural(r->totals.touched_rules));
}

static void add_cost(struct buf *out, const struct backtest *b)
{
	const double now = backtest_ns_per_post(b, BOOK_NEW), before = backtest_ns_per_post(b, BOOK_OLD);
	if (now <= 0)
		return;
	if (before <= 0)
		buf_addf(out, "; %.1f µs/post", now / 1000);
	else
		buf_addf(out, "; %.1f µs/post %s", fabs(now - before) / 1000, now >= before ? "dearer" : "cheaper");
}

static void make_headline(struct arena *a, struct rules_report *r)
{
	struct buf out;
	buf_init(&out, 4096);
	if (r->b->book[BOOK_OLD] == NULL) {
		buf_addf(&out, "%lld mention%s, %lld alert%s", (long long)r->totals.gained, plural(r->totals.gained),
			(long long)r->totals.incidents[BOOK_NEW], plural(r->totals.incidents[BOOK_NEW]));
	} else {
		add_mentions(&out, r);
		buf_addf(&out, "; %lld alert%s more, %lld fewer", (long long)r->totals.incidents_gained,
			plural(r->totals.incidents_gained), (long long)r->totals.incidents_lost);
	}
	add_never(&out, r);
	add_cost(&out, r->b);
	r->headline = arena_copy(a, buf_str(&out));
	buf_release(&out);
}

void rules_report_make(struct arena *a, const struct backtest *b, struct rules_report *out)
{
	*out = (struct rules_report){ .b = b, .old_name = out->old_name, .new_name = out->new_name };
	out->totals = backtest_totals(b);
	out->nincidents = backtest_incidents(b, a, &out->incident);
	sort_rules(a, out);
	make_headline(a, out);
}
