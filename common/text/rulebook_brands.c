/* Reading brands.conf: one [brand ID] section each, with aliases, context words, exclusions and own accounts. */
#include "common/text/rulebook_draft.h"

#include "common/base/conf.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>

#include <stddef.h>

struct brand_row {
	struct str name, name_en;
	struct conf_list aliases, context, exclude, own_accounts;
	bool needs_context;
};

static const struct conf_option brand_options[] = {
	{ .name = "name",
		.type = CONF_STR,
		.offset = offsetof(struct brand_row, name),
		.required = true,
		.help = "the name shown to people" },
	{ .name = "name_en",
		.type = CONF_STR,
		.offset = offsetof(struct brand_row, name_en),
		.help = "the name shown in English alerts" },
	{ .name = "aliases",
		.type = CONF_LIST,
		.offset = offsetof(struct brand_row, aliases),
		.required = true,
		.help = "what people write when they mean the brand; `=Target` wants its case exact" },
	{ .name = "context",
		.type = CONF_LIST,
		.offset = offsetof(struct brand_row, context),
		.help = "words of which one must be in the post when needs_context = yes" },
	{ .name = "exclude",
		.type = CONF_LIST,
		.offset = offsetof(struct brand_row, exclude),
		.help = "longer words in which an alias does not mean the brand" },
	{ .name = "own_accounts",
		.type = CONF_LIST,
		.offset = offsetof(struct brand_row, own_accounts),
		.help = "accounts of the brand itself: their posts stay out of surges" },
	{ .name = "needs_context",
		.type = CONF_BOOL,
		.offset = offsetof(struct brand_row, needs_context),
		.fallback = "no",
		.help = "the aliases are everyday words: count them only beside a context word" },
};
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

static bool section_is_brand(struct rulebook_draft *d, const struct conf_section *s)
{
	if (s->kind.n == 0 && s->n == 0)
		return false;
	if (!str_eqc(s->kind, "brand")) {
		problems_add(d->p, s->file, s->line, 1, "\"[%.*s]\" does not belong in brands.conf; its sections are [brand ID]",
			STR_FMT(s->kind));
		return false;
	}
	if (!is_brand_id(s->name)) {
		problems_add(d->p, s->file, s->line, 1,
			"\"%.*s\" is no brand id; use 1 to %d of a-z, 0-9 and -, as in [brand skylark]", STR_FMT(s->name),
			LIMIT_BRAND_ID);
		return false;
	}
	for (size_t i = 0; i < d->nbrands; i++)
		if (str_eq(d->brand[i].id, s->name)) {
			problems_add(d->p, s->file, s->line, 1,
				"the brand %.*s is defined twice; join the two sections or rename one", STR_FMT(s->name));
			return false;
		}
	if (d->nbrands == LIMIT_BRANDS)
		problems_add(d->p, s->file, s->line, 1, "more than %d brands; remove some", LIMIT_BRANDS);
	return d->nbrands < LIMIT_BRANDS;
}

/* `=Target`: the case as written. */
static void add_term(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place)
{
	rule.case_exact = term.n > 1 && term.p[0] == '=';
	draft_add(d, str_from(term, rule.case_exact ? 1 : 0), rule, place);
}

static void add_terms(struct rulebook_draft *d, const struct conf_list *terms, enum rule_list list, struct draft_place place)
{
	struct rule rule = { .list = list, .weight = 1, .urgency = URG_NORMAL, .brand = (int)d->nbrands };
	for (size_t i = 0; i < terms->n; i++)
		add_term(d, terms->item[i], rule, place);
}

static void add_brand(struct rulebook_draft *d, const struct conf_section *s)
{
	struct brand_row row = { 0 };
	conf_fill(d->a, s, brand_options, NOPTIONS, &row, d->p);
	if (row.aliases.n > LIMIT_ALIASES)
		problems_add(d->p, s->file, place_of(s, "aliases").line, 1, "%zu aliases, at most %d are allowed; remove some",
			row.aliases.n, LIMIT_ALIASES);
	if (row.needs_context && row.context.n == 0)
		problems_add(d->p, s->file, place_of(s, "needs_context").line, 1,
			"needs_context = yes, but there is no context word, so nothing would ever match; add `context = …`");
	add_terms(d, &row.aliases, LIST_BRAND, place_of(s, "aliases"));
	add_terms(d, &row.context, LIST_CONTEXT, place_of(s, "context"));
	add_terms(d, &row.exclude, LIST_EXCLUDE, place_of(s, "exclude"));
	struct str *own = arena_list(d->a, struct str, row.own_accounts.n);
	for (size_t i = 0; i < row.own_accounts.n; i++)
		own[i] = normalise_text(d->a, row.own_accounts.item[i]);
	d->brand[d->nbrands++] = (struct brand){
		.id = s->name,
		.name = row.name.n ? row.name : s->name,
		.name_en = row.name_en,
		.own_account = own,
		.nown = row.own_accounts.n,
		.needs_context = row.needs_context,
	};
}

void rulebook_parse_brands(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct str text;
	if (!draft_text(d, bytes, path, &text))
		return;
	const struct conf_file *file = conf_parse(d->a, text, arena_cstr(d->a, str_of(path)), d->p);
	for (size_t i = 0; i < file->n; i++)
		if (section_is_brand(d, &file->section[i]))
			add_brand(d, &file->section[i]);
}
