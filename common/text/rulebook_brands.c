/* Reading brands.conf: one [brand ID] section each, with aliases, words for and against, exclusions, own accounts,
 * competitors and a query. */
#include "common/text/rulebook_draft.h"

#include "common/base/conf.h"
#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>

#include <stddef.h>
#include <string.h>

#define PRIOR_UNIT 2.0f /* `prior = 1` weighs as much as a capital letter inside a sentence */

struct brand_row {
	struct str name, name_en, query;
	struct conf_list aliases, context, against, exclude, own_accounts, competitors;
	bool needs_context;
	double prior;
};

#define ROW(option, kind, text) .name = #option, .type = kind, .offset = offsetof(struct brand_row, option), .help = text
static const struct conf_option brand_options[] = {
	{ ROW(name, CONF_STR, "the name shown to people"), .required = true },
	{ ROW(name_en, CONF_STR, "the name shown in English alerts") },
	{ ROW(aliases, CONF_LIST,
		"what people write when they mean the brand; `=Target` wants its case exact, `~小米` is an everyday word as "
		"well") },
	{ ROW(context, CONF_LIST, "words that speak for the brand where an alias is ambiguous; `store:0.5` weighs half") },
	{ ROW(against, CONF_LIST, "words that speak against it: 小米 beside 熬粥 is the grain") },
	{ ROW(exclude, CONF_LIST, "longer words in which an alias does not mean the brand") },
	{ ROW(own_accounts, CONF_LIST, "accounts of the brand itself: their posts stay out of surges") },
	{ ROW(competitors, CONF_LIST, "ids or names of brands it is compared with; @competitors in queries") },
	{ ROW(query, CONF_STR, "a query that admits a post, beside the aliases") },
	{ ROW(needs_context, CONF_BOOL, "all aliases are everyday words: the same as ~ before each of them"), .fallback = "no" },
	{ ROW(prior, CONF_NUMBER, "where nothing speaks for or against it, an ambiguous alias means the brand from above 0 on"),
		.fallback = "-0.2", .min = -1, .max = 1 },
};
#undef ROW
#define NOPTIONS (sizeof(brand_options) / sizeof(brand_options[0]))

static struct draft_place place_of(const struct conf_section *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eqc(s->entry[i].key, key))
			return (struct draft_place){ s->file, s->entry[i].line, s->entry[i].column };
	return (struct draft_place){ s->file, s->line, 1 };
}

static bool is_brand_id(struct str id)
{
	if (id.n == 0 || id.n > LIMIT_BRAND_ID)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return true;
}

/* A broken [section has been told by the parser. */
static bool is_told(const struct problems *p, struct draft_place place)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].line == place.line && strcmp(p->list[i].file, place.file) == 0)
			return true;
	return false;
}

static bool section_is_brand(struct rulebook_draft *d, const struct conf_section *s)
{
	const struct draft_place here = { s->file, s->line, 1 };
	if (s->kind.n == 0 && (s->n == 0 || is_told(d->p, here)))
		return false;
	if (!str_eqc(s->kind, "brand")) {
		draft_tell(d, R_BRAND_SECTION, here, "\"[%.*s]\" does not belong in brands.conf; its sections are [brand ID]",
			STR_FMT(s->kind));
		return false;
	}
	if (!is_brand_id(s->name)) {
		draft_tell(d, R_BRAND_ID, here, "\"%.*s\" is no brand id; use 1 to %d of a-z, 0-9 and -, as in [brand skylark]",
			STR_FMT(s->name), LIMIT_BRAND_ID);
		return false;
	}
	for (size_t i = 0; i < d->nbrands; i++)
		if (str_eq(d->brand[i].id, s->name)) {
			draft_tell(d, R_BRAND_TWICE, here, "the brand %.*s is defined twice; join the two sections or rename one",
				STR_FMT(s->name));
			return false;
		}
	if (d->nbrands == LIMIT_BRANDS)
		draft_tell(d, R_BRAND_LIMIT, here, "more than %d brands; remove some", LIMIT_BRANDS);
	return d->nbrands < LIMIT_BRANDS;
}

/* ---- terms ---- */

/* One option with terms in it: where it is written, and the rule that each of its terms becomes. */
struct term_list {
	const struct conf_entry *entry; /* NULL when the option is absent */
	struct conf_list words;
	struct rule rule;
};

static const struct conf_entry *entry_of(const struct conf_section *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eqc(s->entry[i].key, key))
			return &s->entry[i];
	return NULL;
}

/* Where an item of a list stands: the items are slices of the value. */
static struct draft_place place_of_item(const char *file, const struct conf_entry *e, struct str item)
{
	struct draft_place place = { file, e->line, e->column };
	struct str before = str_first(e->value, (size_t)(item.p - e->value.p));
	struct str line = before;
	for (struct str rest = before; str_split(&rest, '\n', &line);)
		place.line += rest.p != NULL;
	place.column = (place.line == e->line ? e->column : 1) + (int)utf8_count(line);
	return place;
}

/* `store:0.5`: the weight behind a word; a colon that no number from -1 to 1 follows belongs to the word. */
static double cut_weight(struct str *word)
{
	double weight = 1;
	ptrdiff_t colon = -1;
	for (size_t i = 0; i < word->n; i++)
		if (word->p[i] == ':')
			colon = (ptrdiff_t)i;
	if (colon <= 0 || !str_to_double(str_from(*word, (size_t)colon + 1), &weight) || !(weight >= -1 && weight <= 1))
		return 1;
	*word = str_trim(str_first(*word, (size_t)colon));
	return weight;
}

static void add_terms(struct rulebook_draft *d, const char *file, const struct term_list *list)
{
	for (size_t i = 0; i < list->words.n; i++) {
		struct rule rule = list->rule;
		struct str word = list->words.item[i];
		struct draft_place place = place_of_item(file, list->entry, word);
		if (rule.list == LIST_CONTEXT)
			rule.weight *= (float)cut_weight(&word);
		if (rule.list == LIST_BRAND && word.n > 1 && word.p[0] == '~') {
			rule.is_ambiguous = true;
			word = str_from(word, 1);
		}
		draft_add_written(d, word, rule, place);
	}
}

/* ---- context.ALIAS and against.ALIAS ---- */

/* An alias with spaces is written with `_` for each: context.Skylark_EV. */
static struct str alias_of_key(struct arena *a, struct str written)
{
	struct buf spaced;
	buf_init(&spaced, written.n + 1);
	for (size_t i = 0; i < written.n; i++)
		buf_addc(&spaced, written.p[i] == '_' ? ' ' : written.p[i]);
	struct str alias = normalise_text(a, buf_str(&spaced));
	alias = arena_copy(a, alias);
	buf_release(&spaced);
	return alias;
}

static bool is_alias(struct rulebook_draft *d, struct str folded, size_t first)
{
	for (size_t i = first; i < d->nrules; i++)
		if (d->rule[i].rule.list == LIST_BRAND && str_eq(d->rule[i].folded, folded))
			return true;
	return false;
}

static void unknown_alias(struct rulebook_draft *d, const struct conf_section *s, const struct conf_entry *e, size_t first)
{
	const char *names[LIMIT_ALIASES];
	size_t n = 0;
	for (size_t i = first; i < d->nrules && n < LIMIT_ALIASES; i++)
		if (d->rule[i].rule.list == LIST_BRAND)
			names[n++] = arena_cstr(d->a, d->rule[i].folded);
	struct str written = str_from(e->key, (size_t)str_findc(e->key, '.') + 1);
	const char *near = problems_nearest(alias_of_key(d->a, written), names, n);
	draft_tell(d, R_BRAND_ALIAS, (struct draft_place){ s->file, e->key_line, e->key_column },
		"\"%.*s\" is no alias of the brand %.*s; %s%s%s", STR_FMT(written), STR_FMT(s->name),
		near ? "did you mean \"" : "write one of its aliases behind the dot, with _ for a space", near ? near : "",
		near ? "\"?" : "");
}

/* The value of an option that no table has a row for, read as a list. */
static struct conf_list list_of(struct rulebook_draft *d, const struct conf_section *s, const struct conf_entry *e)
{
	static const struct conf_option option = { .name = "context", .type = CONF_LIST };
	struct conf_entry entry = *e;
	struct conf_list list = { 0 };
	entry.key = STR("context");
	entry.used = false;
	conf_fill(d->a, &(struct conf_section){ s->kind, s->name, s->file, s->line, &entry, 1 }, &option, 1, &list, d->p);
	return list;
}

static void add_context_of_aliases(struct rulebook_draft *d, const struct conf_section *s, size_t first)
{
	for (size_t i = 0; i < s->n; i++) {
		struct conf_entry *e = &s->entry[i];
		const bool speaks_for = str_starts(e->key, STR("context.")), speaks_against = str_starts(e->key, STR("against."));
		if (!speaks_for && !speaks_against)
			continue;
		struct str alias = alias_of_key(d->a, str_from(e->key, STR("context.").n));
		if (!is_alias(d, alias, first)) {
			unknown_alias(d, s, e, first);
			continue;
		}
		add_terms(d, s->file,
			&(struct term_list){ e, list_of(d, s, e),
				{ .list = LIST_CONTEXT,
					.weight = speaks_for ? 1 : -1,
					.urgency = URG_NORMAL,
					.brand = (int)d->nbrands,
					.alias = alias } });
	}
}

/* Those of the table are filled by conf_fill(), these by add_context_of_aliases(). */
static void claim_context_of_aliases(const struct conf_section *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->entry[i].used = s->entry[i].used || str_starts(s->entry[i].key, STR("context.")) ||
				   str_starts(s->entry[i].key, STR("against."));
}

/* ---- one brand ---- */

static void check_brand(struct rulebook_draft *d, const struct conf_section *s, const struct brand_row *row)
{
	if (row->aliases.n > LIMIT_ALIASES)
		draft_tell(d, R_BRAND_LIMIT, place_of(s, "aliases"), "%zu aliases, at most %d are allowed; remove some",
			row->aliases.n, LIMIT_ALIASES);
	if (row->aliases.n == 0 && row->query.n == 0)
		draft_tell(d, R_BRAND_EMPTY, (struct draft_place){ s->file, s->line, 1 },
			"the brand %.*s has neither aliases nor a query, so nothing would ever be about it; add `aliases = …`",
			STR_FMT(s->name));
	if (row->needs_context && row->context.n == 0)
		draft_tell(d, R_BRAND_CONTEXT, place_of(s, "needs_context"),
			"needs_context = yes, but there is no context word, so nothing would ever match; add `context = …`");
}

static void add_brand_terms(struct rulebook_draft *d, const struct conf_section *s, const struct brand_row *row)
{
	const struct rule rule = { .weight = 1, .urgency = URG_NORMAL, .brand = (int)d->nbrands };
	const size_t first = d->nrules;
	struct term_list lists[] = {
		{ entry_of(s, "aliases"), row->aliases, rule },
		{ entry_of(s, "context"), row->context, rule },
		{ entry_of(s, "against"), row->against, rule },
		{ entry_of(s, "exclude"), row->exclude, rule },
	};
	lists[0].rule.list = LIST_BRAND;
	lists[0].rule.is_ambiguous = row->needs_context;
	lists[1].rule.list = LIST_CONTEXT;
	lists[2].rule.list = LIST_CONTEXT;
	lists[2].rule.weight = -1;
	lists[3].rule.list = LIST_EXCLUDE;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		add_terms(d, s->file, &lists[i]);
	add_context_of_aliases(d, s, first);
}

static struct str *folded_names(struct rulebook_draft *d, const struct conf_list *names)
{
	struct str *folded = arena_list(d->a, struct str, names->n);
	for (size_t i = 0; i < names->n; i++)
		folded[i] = normalise_text(d->a, names->item[i]);
	return folded;
}

static void add_brand(struct rulebook_draft *d, const struct conf_section *s)
{
	struct brand_row row = { 0 };
	claim_context_of_aliases(s);
	conf_fill(d->a, s, brand_options, NOPTIONS, &row, d->p);
	check_brand(d, s, &row);
	add_brand_terms(d, s, &row);
	d->brand_query[d->nbrands] = (struct draft_query_text){ row.query, place_of(s, "query") };
	d->brand[d->nbrands++] = (struct brand){
		.id = s->name,
		.name = row.name.n ? row.name : s->name,
		.name_en = row.name_en,
		.own_account = folded_names(d, &row.own_accounts),
		.nown = row.own_accounts.n,
		.needs_context = row.needs_context,
		.prior = (float)row.prior * PRIOR_UNIT,
		.competitor = row.competitors.item,
		.ncompetitors = row.competitors.n,
	};
}

void rulebook_add_section(struct rulebook_draft *d, const struct conf_section *s)
{
	const char *before = d->p->code;
	d->p->code = rule_problem_rows[R_BRAND_SYNTAX].code; /* conf.h knows no codes */
	if (section_is_brand(d, s))
		add_brand(d, s);
	d->p->code = before;
}

void rulebook_parse_brands(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct str text;
	if (!draft_text(d, bytes, path, &text))
		return;
	const char *before = d->p->code;
	d->p->code = rule_problem_rows[R_BRAND_SYNTAX].code;
	const struct conf_file *file = conf_parse(d->a, text, arena_cstr(d->a, str_of(path)), d->p);
	d->p->code = before;
	for (size_t i = 0; i < file->n; i++)
		rulebook_add_section(d, &file->section[i]);
}
