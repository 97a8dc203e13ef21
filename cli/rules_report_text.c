/* What a backtest found, for a person at a terminal: the sentence first, then tables. */
#include "cli/rules_report.h"

#include "cli/rules.h"
#include "cli/stored.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define RULES_SHOWN 20
#define INCIDENTS_SHOWN 20
#define SAMPLE_BYTES 400
#define TERM_COLUMN 24 /* columns of a terminal */

/* Columns of a terminal, near enough: Han and what is as wide take two. */
static size_t columns_of(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		n += c < 0x80 || (c >= 0xC0 && c < 0xE3) ? 1 : c >= 0xE3 ? 2 : 0;
	}
	return n;
}

static void add_column(struct buf *out, struct str text, size_t columns)
{
	stored_text(out, text, 200);
	for (size_t n = columns_of(text); n < columns; n++)
		buf_addc(out, ' ');
}

/* ---- mentions ---- */

static void add_percent(struct buf *out, int64_t old, int64_t new)
{
	double percent;
	if (!rules_percent(old, new, &percent))
		buf_addz(out, new > 0 ? "      new" : "");
	else if (fabs(percent) >= 0.5)
		buf_addf(out, " %+7.0f%%", percent);
}

static void add_brand(struct buf *out, const struct rules_report *r, const struct backtest_brand *b)
{
	static const int shown[] = { BACKTEST_ALL, BACKTEST_NEGATIVE, BACKTEST_COMPLAINT };
	static const char *const name[] = { "mentions", "negative", "complaints" };
	buf_addz(out, "  ");
	add_column(out, rules_report_brand(&b->pair)->name, 0);
	buf_addf(out, ": %" PRId64 " gained, %" PRId64 " lost, %" PRId64 " kept%s\n", b->gained, b->lost, b->kept,
		b->pair.old == NULL && r->b->book[BOOK_OLD] != NULL ? " (a new brand)"
		: b->pair.new == NULL                               ? " (no longer watched)"
								    : "");
	for (int i = 0; i < 3; i++) {
		const int64_t old = b->count[BOOK_OLD][shown[i]], new = b->count[BOOK_NEW][shown[i]];
		buf_addf(out, "    %-12s %9" PRId64 " %9" PRId64, name[i], old, new);
		add_percent(out, old, new);
		buf_addc(out, '\n');
	}
}

static void add_mentions(struct buf *out, const struct rules_report *r)
{
	size_t quiet = 0;
	buf_addz(out, "\nMentions                  before       now   change\n");
	for (size_t i = 0; i < r->b->nbrands; i++) {
		const struct backtest_brand *b = &r->b->brand[i];
		if (b->kept + b->gained + b->lost == 0)
			quiet++;
		else
			add_brand(out, r, b);
	}
	if (quiet > 0)
		buf_addf(out, "  %zu brand%s without a mention in either\n", quiet, quiet == 1 ? "" : "s");
}

/* ---- samples ---- */

static void add_why(struct buf *out, const struct sample *s)
{
	const char *fold[FOLD__N];
	const size_t nfolds = s->folds != 0 ? rules_fold_names(s->folds, fold) : 0;
	if (s->rule != NULL) {
		buf_addf(out, "  [%s ", rule_list_names[s->rule->list]);
		stored_text(out, s->rule->term, 100);
		for (size_t i = 0; i < nfolds; i++)
			buf_addf(out, "%s%s", i == 0 ? " through " : "+", fold[i]);
		buf_addc(out, ']');
	}
	if (s->cause != NULL) {
		buf_addz(out, " taken away by ");
		stored_text(out, s->cause->term, 100);
		buf_addf(out, " (%s:%d)", s->cause->file, s->cause->line);
	}
}

static void add_sample(struct buf *out, const struct sample *s, const char *mark)
{
	buf_addf(out, "    %s ", mark);
	stored_minute(out, s->at_ms);
	buf_addf(out, "  %s", s->cut_before ? "…" : "");
	stored_text(out, s->before, SAMPLE_BYTES);
	if (s->hit.n > 0)
		buf_addz(out, "»");
	stored_text(out, s->hit, SAMPLE_BYTES);
	if (s->hit.n > 0)
		buf_addz(out, "«");
	stored_text(out, s->after, SAMPLE_BYTES);
	buf_addz(out, s->cut_after ? "…" : "");
	add_why(out, s);
	buf_addc(out, '\n');
}

static void add_samples(struct buf *out, const struct samples *s, const char *mark)
{
	for (size_t i = 0; i < s->n; i++)
		add_sample(out, &s->item[i], mark);
}

static void add_brand_samples(struct buf *out, const struct rules_report *r)
{
	bool has_heading = false;
	for (size_t i = 0; i < r->b->nbrands; i++) {
		const struct backtest_brand *b = &r->b->brand[i];
		if (b->gained_sample.n + b->lost_sample.n == 0)
			continue;
		if (!has_heading)
			buf_addz(out, "\nSome of the posts (+ gained, - lost)\n");
		has_heading = true;
		buf_addz(out, "  ");
		stored_text(out, rules_report_brand(&b->pair)->name, 100);
		buf_addc(out, '\n');
		add_samples(out, &b->gained_sample, "+");
		add_samples(out, &b->lost_sample, "-");
	}
}

/* ---- rules ---- */

static void add_rule(struct buf *out, const struct rules_report *r, const struct backtest_rule *rule)
{
	const struct rule *shown = rules_report_rule(rule);
	const struct str brand = rules_report_brand_of(r->b, rule);
	buf_addf(out, "  %-10s ", rule_list_names[shown->list]);
	add_column(out, shown->term, TERM_COLUMN);
	buf_addf(out, " %8" PRId64 " %8" PRId64 " %8" PRId64 " %8" PRId64 "  ", rule->hits[BOOK_OLD], rule->hits[BOOK_NEW],
		rule->gained, rule->lost);
	if (r->b->book[BOOK_OLD] != NULL)
		rules_change_words(out, &rule->pair);
	if (brand.n > 0) {
		buf_addz(out, " · ");
		stored_text(out, brand, 100);
	}
	buf_addf(out, " · %s:%d\n", shown->file, shown->line);
}

static void add_rules(struct buf *out, const struct rules_report *r)
{
	if (r->nchanged == 0)
		return;
	buf_addf(out, "\nRules that find more or less      posts:   before      now   gained     lost\n");
	for (size_t i = 0; i < r->nchanged && i < RULES_SHOWN; i++) {
		add_rule(out, r, r->changed[i]);
		add_samples(out, &r->changed[i]->gained_sample, "  +");
		add_samples(out, &r->changed[i]->lost_sample, "  -");
	}
	if (r->nchanged > RULES_SHOWN)
		buf_addf(out, "  … and %zu more; --json and --html have all of them\n", r->nchanged - RULES_SHOWN);
}

/* ---- alerts ---- */

static void add_incident(struct buf *out, const struct rules_report *r, const struct backtest_incident *pair)
{
	const bool in_old = pair->incident[BOOK_OLD] != NULL, in_new = pair->incident[BOOK_NEW] != NULL;
	const struct incident *i = &pair->incident[in_new ? BOOK_NEW : BOOK_OLD]->incident;
	buf_addf(out, "  %s ", in_old && in_new ? "=" : in_new ? "+" : "-");
	stored_minute(out, i->opened_ms);
	buf_addc(out, ' ');
	stored_text(out, rules_report_brand(&r->b->brand[pair->brand].pair)->name, 100);
	buf_addf(out, ": %s, %s%s%s, peak %.0f posts against %.1f expected, score %.1f, since ", level_names[i->level], i->series,
		i->category[0] != '\0' ? ", " : "", i->category, i->peak.observed, i->peak.expected, i->peak.score);
	stored_minute(out, i->onset_ms);
	if (in_old && in_new && pair->incident[BOOK_OLD]->incident.level != i->level)
		buf_addf(out, " (before: %s)", level_names[pair->incident[BOOK_OLD]->incident.level]);
	buf_addc(out, '\n');
}

static void add_incidents(struct buf *out, const struct rules_report *r)
{
	size_t shown = 0;
	if (r->nincidents == 0)
		return;
	buf_addz(out, "\nAlerts (+ only with the new rules, - only with the old, = with both)\n");
	for (int both = 0; both < 2; both++) {
		for (size_t i = 0; i < r->nincidents; i++) {
			const struct backtest_incident *p = &r->incident[i];
			if ((p->incident[BOOK_OLD] != NULL && p->incident[BOOK_NEW] != NULL) != both)
				continue;
			if (shown++ < INCIDENTS_SHOWN)
				add_incident(out, r, p);
		}
	}
	if (shown > INCIDENTS_SHOWN)
		buf_addf(out, "  … and %zu more; --json and --html have all of them\n", shown - INCIDENTS_SHOWN);
}

/* ---- cost ---- */

static void add_cost(struct buf *out, const struct rules_report *r)
{
	const struct backtest *b = r->b;
	const double now = backtest_ns_per_post(b, BOOK_NEW), before = backtest_ns_per_post(b, BOOK_OLD);
	if (now <= 0)
		return;
	buf_addz(out, "\nCost of a post\n");
	if (before > 0)
		buf_addf(out, "  before %.2f µs, ", before / 1000);
	buf_addf(out, "%snow %.2f µs\n", before > 0 ? "" : "  ", now / 1000);
	for (size_t i = 0; i < r->ndearest; i++) {
		const struct rule *rule = rules_report_rule(r->dearest[i]);
		buf_addf(out, "  %8.1f ns  %-10s ", backtest_rule_ns(b, r->dearest[i], BOOK_NEW), rule_list_names[rule->list]);
		stored_text(out, rule->term, 100);
		buf_addc(out, '\n');
	}
}

/* ---- all of it ---- */

/* Which model judged beside the words. */
static void add_models(struct buf *out, const struct backtest *b)
{
	const char *now = rulebook_model(b->book[BOOK_NEW]);
	const char *before = b->book[BOOK_OLD] != NULL ? rulebook_model(b->book[BOOK_OLD]) : now;
	if (strcmp(before, now) == 0)
		buf_addf(out, "model: %s\n", now);
	else
		buf_addf(out, "model: before %s, now %s\n", before, now);
}

static void add_ground(struct buf *out, const struct rules_report *r)
{
	const struct backtest *b = r->b;
	buf_addf(out, "%" PRId64 " posts from ", b->posts);
	stored_minute(out, b->from_ms);
	buf_addz(out, " to ");
	stored_minute(out, b->to_ms);
	buf_addf(out, " UTC, %" PRId64 " with a rule in them", b->touched);
	if (b->repeated > 0)
		buf_addf(out, ", %" PRId64 " seen before and left out", b->repeated);
	buf_addc(out, '\n');
	if (b->book[BOOK_OLD] != NULL)
		buf_addf(out, "before: %.*s (%s)   now: %.*s (%s)\n", STR_FMT(r->old_name), b->book[BOOK_OLD]->version,
			STR_FMT(r->new_name), b->book[BOOK_NEW]->version);
	else
		buf_addf(out, "rules: %.*s (%s), with nothing to compare\n", STR_FMT(r->new_name), b->book[BOOK_NEW]->version);
	add_models(out, b);
}

void rules_report_text(struct buf *out, const struct rules_report *r)
{
	buf_adds(out, r->headline);
	buf_addc(out, '\n');
	add_ground(out, r);
	add_mentions(out, r);
	add_incidents(out, r);
	add_brand_samples(out, r);
	add_rules(out, r);
	add_cost(out, r);
}
