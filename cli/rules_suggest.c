/* earshot rules suggest: terms that recent negative mentions use and no rule knows, ready to be pasted into a list. */
#include "cli/rules_commands.h"

#include "cli/past.h"
#include "cli/rules_book.h"
#include "cli/stored.h"
#include "common/text/admission.h"
#include "detector/judge.h"
#include "detector/suggest.h"

#include <earshot/limits.h>

#include <inttypes.h>

#define OUT_BYTES (64u << 20)
#define IDS_MOST (1u << 24)
#define MOST 500

static const struct option_row suggest_options[] = {
	{ "brand", true, "only mentions of this brand" },
	{ "rules", true, "a folder of rules in place of those in force; may be repeated" },
	PAST_OPTIONS,
	{ "limit", true, "at most so many terms (default 30)" },
	{ "support", true, "in at least so many texts (default 4)" },
	{ "json", false, "one JSON object a term and line" },
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

struct job {
	struct session session;
	struct rules_book rules;
	struct past past;
	struct suggest suggest;
	struct tally ids;
	int64_t limit, support;
	int brand; /* -1 = all */
	struct buf out;
};

/* ---- reading ---- */

static void take_mention(struct job *j, struct arena *a, const struct backtest_post *p, const struct scanned *s, int brand)
{
	struct verdict v;
	if (j->brand >= 0 && brand != j->brand)
		return;
	judge(a, j->rules.book, brand, &p->post, s, &v);
	v.own = v.own || conf_list_has(&p->own, j->rules.book->brand[brand].id);
	suggest_add(&j->suggest, s, &v);
}

static void take_post(struct job *j, struct arena *a, const struct backtest_post *p)
{
	struct scanned s;
	struct admission *admission = NULL;
	if (p->post.id.n > 0 && tally_add(&j->ids, str_hash(p->post.id)) > 1)
		return;
	scan_matches(a, j->rules.book, &p->post, &s);
	const size_t n = p->brands.n > 0 ? admission_given(a, j->rules.book, p->brands.item, p->brands.n, &admission)
					 : admission_find(a, j->rules.book, &s, &admission);
	if (n > 0)
		scanned_places(a, &s);
	for (size_t i = 0; i < n; i++)
		take_mention(j, a, p, &s, admission[i].brand);
}

static enum outcome read_all(struct job *j, struct err *e)
{
	struct arena a;
	struct backtest_post post;
	enum outcome done = OK;
	arena_init(&a, LIMIT_ARENA_BYTES);
	while (done == OK) {
		arena_reset(&a);
		done = j->past.source.next(&j->past.source, &a, &post, e);
		if (done == OK)
			take_post(j, &a, &post);
	}
	arena_release(&a);
	return done == SKIP ? OK : done;
}

/* ---- writing ---- */

static void write_json(struct job *j, const struct suggestion *s)
{
	struct buf *out = &j->out;
	buf_addc(out, '{');
	buf_json_str(out, "term", s->term);
	buf_json_str(out, "list", str_of(rule_list_names[s->is_complaint ? LIST_COMPLAINT : LIST_SENTIMENT]));
	buf_json_double(out, "weight", (double)s->weight, 1);
	buf_json_opt(out, "category", str_of(category_names[s->category]));
	buf_json_double(out, "g2", s->g2, 1);
	buf_json_int(out, "negative", s->bad);
	buf_json_int(out, "others", s->rest);
	buf_json_key(out, "samples");
	buf_addc(out, '[');
	for (size_t i = 0; i < s->nsamples; i++) {
		buf_json_comma(out);
		buf_json_string(out, s->sample[i]);
	}
	buf_addz(out, "]}\n");
}

/* Comments of a list file, then the line of the list. */
static void write_term(struct job *j, const struct suggestion *s)
{
	struct buf *out = &j->out;
	buf_addf(out, "#\n# %u of %zu negative mentions, %u of %zu others; G² %.0f\n", s->bad, j->suggest.nbad, s->rest,
		j->suggest.nrest, s->g2);
	for (size_t i = 0; i < s->nsamples; i++) {
		buf_addz(out, "#   …");
		stored_text(out, s->sample[i], 400);
		buf_addz(out, "…\n");
	}
	stored_text(out, s->term, LIMIT_TERM_BYTES);
	buf_addf(out, "\t%.1f", (double)s->weight);
	if (s->is_complaint)
		buf_addf(out, "\t%s", category_names[s->category]);
	buf_addc(out, '\n');
}

static void write_list(struct job *j, const struct suggestion *s, size_t n, bool complaints)
{
	bool begun = false;
	for (size_t i = 0; i < n; i++) {
		if (s[i].is_complaint != complaints)
			continue;
		if (!begun)
			buf_addf(&j->out, "# %s.suggested.tsv: read each line, keep what is right, then: earshot rules test\n",
				rule_list_names[complaints ? LIST_COMPLAINT : LIST_SENTIMENT]);
		begun = true;
		write_term(j, &s[i]);
	}
}

static void write_all(struct job *j)
{
	struct suggestion *s = NULL;
	const size_t n = suggest_find(&j->suggest, (size_t)j->limit, (uint32_t)j->support, &s);
	buf_init(&j->out, OUT_BYTES);
	if (options_has(&j->session.options, "json")) {
		for (size_t i = 0; i < n; i++)
			write_json(j, &s[i]);
	} else {
		write_list(j, s, n, true);
		write_list(j, s, n, false);
	}
	if (j->out.n > 0)
		(void)fwrite(j->out.p, 1, j->out.n, stdout); /* a broken pipe has nobody to tell */
	buf_release(&j->out);
	fprintf(stderr, "%zu terms from %zu negative mentions against %zu others%s\n", n, j->suggest.nbad, j->suggest.nrest,
		j->suggest.untaken > 0 ? "; there were more, give a shorter --since" : "");
}

/* ---- */

static int run(struct job *j)
{
	struct err e = { 0 };
	suggest_init(&j->suggest);
	tally_init(&j->ids, IDS_MOST);
	enum outcome done = read_all(j, &e);
	if (done == OK && (j->suggest.nbad == 0 || j->suggest.nrest == 0))
		done = err_set(&e, REJECT,
			"%zu negative mentions and %zu others: there is nothing to compare; look further back with --since",
			j->suggest.nbad, j->suggest.nrest);
	if (done == OK)
		write_all(j);
	tally_release(&j->ids);
	suggest_release(&j->suggest);
	return done == OK ? EXIT_OK : command_fail(&e);
}

static bool take_number(const struct options *o, const char *name, int64_t fallback, int64_t *out)
{
	const char *text = options_value(o, name);
	*out = fallback;
	if (text == NULL || (str_to_i64(str_of(text), out) && *out >= 1 && *out <= MOST))
		return true;
	(void)command_usage_error(command_find("rules suggest"), "--%s \"%s\" is not a number from 1 to %d", name, text, MOST);
	return false;
}

static int prepare_and_run(struct job *j, int argc, char **argv)
{
	const struct options *o = &j->session.options;
	const struct command_row *row = command_find(argv[0]);
	const char *brand = options_value(o, "brand");
	int code = EXIT_CONFIG;
	if (!take_number(o, "limit", 30, &j->limit) || !take_number(o, "support", 4, &j->support))
		return EXIT_USAGE;
	if (o->noperands > 0)
		return command_usage_error(row, "it takes no operand; name other rules with --rules FOLDER");
	for (int i = 0; options_each(argc, argv, "rules", i) != NULL; i++)
		if (!rules_book_add(&j->rules, &j->session.arena, options_each(argc, argv, "rules", i)))
			return command_usage_error(row, "more than %d folders", RULES_FOLDERS_MOST);
	if (!options_has(&j->session.options, "rules"))
		rules_book_in_force(&j->rules, &j->session);
	if (!rules_book_load(&j->rules, &j->session))
		return EXIT_CONFIG;
	j->brand = brand != NULL ? rulebook_brand(j->rules.book, str_of(brand)) : -1;
	if (brand != NULL && j->brand < 0)
		return command_usage_error(row, "no rules know the brand \"%s\"", brand);
	if (past_open(&j->past, &j->session, row, &code))
		code = run(j);
	past_close(&j->past);
	return code;
}

int rules_suggest(int argc, char **argv)
{
	struct job j = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&j.session, suggest_options, argc, argv, &code))
		code = prepare_and_run(&j, argc, argv);
	rules_book_release(&j.rules);
	command_close(&j.session);
	return code;
}
