/* earshot rules ledger: what each rule did in the posts of the past: hits, last hit, cost; the dead and the double ones. */
#include "cli/rules_commands.h"

#include "cli/past.h"
#include "cli/rules_book.h"
#include "cli/rules_report.h"
#include "cli/stored.h"
#include "common/base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

#define OUT_BYTES ((size_t)256 << 20)
#define OVERLAP_LEAST 0.95
#define OVERLAP_HITS 5 /* fewer common posts prove nothing */
#define SHOWN 30 /* rows of a table at a terminal; --all shows the rest */

static const struct option_row ledger_options[] = {
	{ "rules", true, "a folder of rules in place of those in force; may be repeated" },
	PAST_OPTIONS,
	{ "all", false, "every row, not only the first" },
	{ "own", false, "only rules of the last folder: the operator's own" },
	{ "json", false, "one JSON object a rule and line, then one an overlap" },
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

struct ledger {
	struct session session;
	struct rules_book rules;
	struct past past;
	struct backtest backtest;
	struct arena arena;
	struct buf out;
	const struct backtest_rule **row; /* most hits first */
	size_t nrows, ndead;
	struct backtest_overlap *overlap;
	size_t noverlaps;
	size_t shown;
};

/* ---- sorting ---- */

static int row_cmp(const void *a, const void *b)
{
	const struct backtest_rule *x = *(const struct backtest_rule *const *)a, *y = *(const struct backtest_rule *const *)b;
	if (x->hits[BOOK_NEW] != y->hits[BOOK_NEW])
		return x->hits[BOOK_NEW] > y->hits[BOOK_NEW] ? -1 : 1;
	return (x > y) - (x < y); /* by list, brand and term */
}

static bool is_wanted(const struct ledger *l, const struct backtest_rule *r)
{
	return !options_has(&l->session.options, "own") || rules_book_is_own(&l->rules, r->pair.new);
}

static void sort_rows(struct ledger *l)
{
	const struct backtest *b = &l->backtest;
	size_t kept = 0;
	l->row = arena_list(&l->arena, const struct backtest_rule *, b->nrules + 1);
	for (size_t i = 0; i < b->nrules; i++) {
		if (!is_wanted(l, &b->rule[i]))
			continue;
		l->row[l->nrows++] = &b->rule[i];
		l->ndead += b->rule[i].hits[BOOK_NEW] == 0;
	}
	qsort(l->row, l->nrows, sizeof *l->row, row_cmp);
	l->noverlaps = backtest_overlaps(b, &l->arena, OVERLAP_LEAST, &l->overlap);
	for (size_t i = 0; i < l->noverlaps; i++) {
		const struct backtest_overlap *o = &l->overlap[i];
		if (o->both >= OVERLAP_HITS && (is_wanted(l, o->a) || is_wanted(l, o->b)))
			l->overlap[kept++] = *o;
	}
	l->noverlaps = kept;
}

/* ---- JSON ---- */

static void rule_json(struct ledger *l, const struct backtest_rule *r)
{
	struct buf *out = &l->out;
	const struct rule *rule = r->pair.new;
	char iso[32];
	buf_addc(out, '{');
	buf_json_str(out, "list", str_of(rule_list_names[rule->list]));
	buf_json_str(out, "rule", rule->term);
	buf_json_opt(out, "brand", rules_report_brand_of(&l->backtest, r));
	buf_json_int(out, "hits", r->hits[BOOK_NEW]);
	buf_json_int(out, "mentions", r->mentions[BOOK_NEW]);
	if (r->last_ms >= 0)
		buf_json_str(out, "last", str_of(clock_iso(r->last_ms, iso)));
	buf_json_double(out, "ns_per_post", backtest_rule_ns(&l->backtest, r, BOOK_NEW), 3);
	buf_json_bool(out, "dead", r->hits[BOOK_NEW] == 0);
	buf_json_bool(out, "own", rules_book_is_own(&l->rules, rule));
	buf_json_str(out, "file", str_of(rule->file));
	buf_json_int(out, "line", rule->line);
	buf_addz(out, "}\n");
}

static void overlap_json(struct buf *out, const struct backtest_overlap *o)
{
	buf_addc(out, '{');
	buf_json_str(out, "overlap", str_of(rule_list_names[o->a->pair.new->list]));
	buf_json_str(out, "rule", o->a->pair.new->term);
	buf_json_str(out, "with", o->b->pair.new->term);
	buf_json_int(out, "both", o->both);
	buf_json_double(out, "jaccard", o->jaccard, 3);
	buf_addz(out, "}\n");
}

static void write_json(struct ledger *l)
{
	for (size_t i = 0; i < l->nrows; i++)
		rule_json(l, l->row[i]);
	for (size_t i = 0; i < l->noverlaps; i++)
		overlap_json(&l->out, &l->overlap[i]);
}

/* ---- text ---- */

static void rule_text(struct ledger *l, const struct backtest_rule *r)
{
	struct buf *out = &l->out;
	const struct rule *rule = r->pair.new;
	buf_addf(out, "%c %8" PRId64 " %8" PRId64 " %8.1f  ", rules_book_is_own(&l->rules, rule) ? '*' : ' ', r->hits[BOOK_NEW],
		r->mentions[BOOK_NEW], backtest_rule_ns(&l->backtest, r, BOOK_NEW));
	stored_minute(out, r->last_ms);
	buf_addf(out, "%s  %-10s ", r->last_ms > 0 ? "" : "               ", rule_list_names[rule->list]);
	stored_text(out, rule->term, 100);
	buf_addf(out, "  (%s:%d)\n", rule->file, rule->line);
}

static void add_more(struct ledger *l, size_t n)
{
	if (n > l->shown)
		buf_addf(&l->out, "  … and %zu more; --all shows them\n", n - l->shown);
}

static void add_rows(struct ledger *l)
{
	const size_t alive = l->nrows - l->ndead;
	buf_addz(&l->out, "\n      posts mentions  ns/post  last hit          rule (* your own)\n");
	for (size_t i = 0; i < alive && i < l->shown; i++)
		rule_text(l, l->row[i]);
	add_more(l, alive);
}

static void dead_text(struct ledger *l, const struct rule *rule)
{
	buf_addf(&l->out, "%c %-10s ", rules_book_is_own(&l->rules, rule) ? '*' : ' ', rule_list_names[rule->list]);
	stored_text(&l->out, rule->term, 100);
	buf_addf(&l->out, "  (%s:%d)\n", rule->file, rule->line);
}

/* The operator's own first: those are what can be taken out. */
static void add_dead(struct ledger *l)
{
	const struct backtest_rule **dead = l->row + (l->nrows - l->ndead);
	size_t shown = 0;
	if (l->ndead == 0)
		return;
	buf_addf(&l->out, "\nDead: %zu rules were found in no post\n", l->ndead);
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < l->ndead; i++)
			if (rules_book_is_own(&l->rules, dead[i]->pair.new) == (own == 1) && shown++ < l->shown)
				dead_text(l, dead[i]->pair.new);
	add_more(l, l->ndead);
}

static void add_overlaps(struct ledger *l)
{
	if (l->noverlaps == 0)
		return;
	buf_addz(&l->out, "\nDouble: found in the same posts (common posts of all that hold either)\n");
	for (size_t i = 0; i < l->noverlaps && i < l->shown; i++) {
		const struct backtest_overlap *o = &l->overlap[i];
		buf_addf(&l->out, "  %-10s ", rule_list_names[o->a->pair.new->list]);
		stored_text(&l->out, o->a->pair.new->term, 100);
		buf_addz(&l->out, " = ");
		stored_text(&l->out, o->b->pair.new->term, 100);
		buf_addf(&l->out, ": %.0f %% of %" PRId64 "\n", 100 * o->jaccard,
			o->a->hits[BOOK_NEW] + o->b->hits[BOOK_NEW] - o->both);
	}
	add_more(l, l->noverlaps);
}

/* "brand 12 of 14, complaint 310 of 2200 …": found of all, list by list. */
static void add_lists(struct ledger *l)
{
	size_t all[LIST__N] = { 0 }, alive[LIST__N] = { 0 };
	for (size_t i = 0; i < l->nrows; i++) {
		all[l->row[i]->pair.new->list]++;
		alive[l->row[i]->pair.new->list] += l->row[i]->hits[BOOK_NEW] > 0;
	}
	buf_addz(&l->out, "found, list by list:");
	for (int k = 0; k < LIST__N; k++)
		if (all[k] > 0)
			buf_addf(&l->out, " %s %zu of %zu;", rule_list_names[k], alive[k], all[k]);
	buf_addc(&l->out, '\n');
}

static void write_text(struct ledger *l)
{
	const struct backtest *b = &l->backtest;
	buf_addf(&l->out, "%zu rules in %" PRId64 " posts from ", l->nrows, b->posts);
	stored_minute(&l->out, b->from_ms);
	buf_addz(&l->out, " to ");
	stored_minute(&l->out, b->to_ms);
	buf_addf(&l->out, ": %zu dead, %zu pairs double; %.1f µs/post\n", l->ndead, l->noverlaps,
		backtest_ns_per_post(b, BOOK_NEW) / 1000);
	add_lists(l);
	add_rows(l);
	add_dead(l);
	add_overlaps(l);
}

/* ---- */

static int run(struct ledger *l)
{
	struct err e = { 0 };
	const struct backtest_options options = { .counts_overlaps = true, .now_ns = clock_monotonic_ns };
	backtest_init(&l->backtest, NULL, l->rules.book, &options);
	enum outcome done = backtest_run(&l->backtest, &l->past.source, &e);
	if (done == OK && l->backtest.posts == 0)
		done = err_set(&e, REJECT, "there is no post to look at; look at --posts, --archive and --since");
	if (done == OK) {
		arena_init(&l->arena, OUT_BYTES);
		buf_init(&l->out, OUT_BYTES);
		l->shown = options_has(&l->session.options, "all") ? SIZE_MAX : SHOWN;
		sort_rows(l);
		if (options_has(&l->session.options, "json"))
			write_json(l);
		else
			write_text(l);
		if (l->out.n > 0)
			(void)fwrite(l->out.p, 1, l->out.n, stdout); /* a broken pipe has nobody to tell */
		buf_release(&l->out);
		arena_release(&l->arena);
	}
	backtest_release(&l->backtest);
	return done == OK ? EXIT_OK : command_fail(&e);
}

static int prepare_and_run(struct ledger *l, int argc, char **argv)
{
	int code = EXIT_CONFIG;
	if (l->session.options.noperands > 0)
		return command_usage_error(command_find(argv[0]), "it takes no operand; name other rules with --rules FOLDER");
	for (int i = 0; options_each(argc, argv, "rules", i) != NULL; i++)
		if (!rules_book_add(&l->rules, &l->session.arena, options_each(argc, argv, "rules", i)))
			return command_usage_error(command_find(argv[0]), "more than %d folders", RULES_FOLDERS_MOST);
	if (!options_has(&l->session.options, "rules"))
		rules_book_in_force(&l->rules, &l->session);
	if (!rules_book_load(&l->rules, &l->session))
		return EXIT_CONFIG;
	if (past_open(&l->past, &l->session, command_find(argv[0]), &code))
		code = run(l);
	past_close(&l->past);
	return code;
}

int rules_ledger(int argc, char **argv)
{
	struct ledger l = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&l.session, ledger_options, argc, argv, &code))
		code = prepare_and_run(&l, argc, argv);
	rules_book_release(&l.rules);
	command_close(&l.session);
	return code;
}
