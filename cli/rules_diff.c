/* earshot rules diff: what changed between two rulebooks, in words. */
#include "cli/rules_commands.h"

#include "cli/rules_book.h"
#include "cli/rules_report.h"
#include "cli/stored.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define OUT_BYTES ((size_t)256 << 20)
#define ARENA_BYTES ((size_t)2 << 30) /* two books of LIMIT_RULES terms; taken as needed */

static const struct option_row diff_options[] = {
	{ "json", false, "one JSON object" },
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

struct diff {
	struct arena arena;
	const struct rules_book *old, *new;
	struct rule_pair *rule;
	struct brand_pair *brand;
	size_t nrules, nbrands;
	struct buf out;
	bool json;
};

/* ---- words for brands and thresholds ---- */

static void add_comma(struct buf *out)
{
	if (out->n > 0)
		buf_addz(out, ", ");
}

static void text_words(struct buf *out, const char *what, struct str old, struct str new)
{
	if (str_eq(old, new))
		return;
	add_comma(out);
	buf_addf(out, "%s \"%.*s\" → \"%.*s\"", what, STR_FMT(old), STR_FMT(new));
}

static bool holds(const struct str *list, size_t n, struct str item)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], item))
			return true;
	return false;
}

struct names {
	const struct str *name;
	size_t n;
};

/* "own accounts +a -b" */
static void list_words(struct buf *out, const char *what, struct names old, struct names new)
{
	bool begun = false;
	for (int gone = 0; gone < 2; gone++) {
		const struct names *in = gone ? &old : &new, *not_in = gone ? &new : &old;
		for (size_t i = 0; i < in->n; i++) {
			if (holds(not_in->name, not_in->n, in->name[i]))
				continue;
			if (!begun)
				add_comma(out);
			buf_addf(out, "%s %s%.*s", begun ? "" : what, gone ? "-" : "+", STR_FMT(in->name[i]));
			begun = true;
		}
	}
}

static void brand_words(struct buf *out, const struct brand_pair *p)
{
	const struct brand *old = p->old, *new = p->new;
	if (old == NULL || new == NULL) {
		buf_addz(out, old == NULL ? "added" : "removed");
		return;
	}
	text_words(out, "name", old->name, new->name);
	text_words(out, "English name", old->name_en, new->name_en);
	list_words(out, "own accounts", (struct names){ old->own_account, old->nown },
		(struct names){ new->own_account, new->nown });
	list_words(out, "competitors", (struct names){ old->competitor, old->ncompetitors },
		(struct names){ new->competitor, new->ncompetitors });
	if (old->needs_context != new->needs_context) {
		add_comma(out);
		buf_addz(out, new->needs_context ? "now needs context" : "no longer needs context");
	}
}

static void value_words(struct buf *out, const struct conf_option *o, const struct thresholds *t)
{
	const char *at = (const char *)t + o->offset;
	if (o->type == CONF_NUMBER)
		buf_addf(out, "%g", *(const double *)(const void *)at);
	else
		stored_age(out, *(const int64_t *)(const void *)at);
}

static void threshold_words(struct buf *out, const struct diff *d, const struct conf_option *o)
{
	struct buf old, new;
	buf_init(&old, 256);
	buf_init(&new, 256);
	value_words(&old, o, &d->old->thresholds);
	value_words(&new, o, &d->new->thresholds);
	if (!str_eq(buf_str(&old), buf_str(&new)))
		buf_addf(out, "%.*s → %.*s", STR_FMT(buf_str(&old)), STR_FMT(buf_str(&new)));
	buf_release(&old);
	buf_release(&new);
}

/* ---- writing ---- */

/* One changed thing: what kind, which one, how, where. */
struct change {
	const char *kind; /* "rule", "query", "brand", "threshold" */
	char mark; /* + - ~ */
	const char *list; /* of a rule */
	struct str brand, name, words;
	const char *file; /* NULL: nowhere in particular */
	int line;
};

static void change_json(struct buf *out, const struct change *c)
{
	static const char *const verb[] = { "added", "removed", "changed" };
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "kind", str_of(c->kind));
	buf_json_str(out, "change", str_of(verb[c->mark == '+' ? 0 : c->mark == '-' ? 1 : 2]));
	buf_json_opt(out, "list", str_of(c->list));
	buf_json_opt(out, "brand", c->brand);
	buf_json_str(out, "name", c->name);
	buf_json_str(out, "words", c->words);
	if (c->file != NULL) {
		buf_json_str(out, "file", str_of(c->file));
		buf_json_int(out, "line", c->line);
	}
	buf_addc(out, '}');
}

static void change_text(struct buf *out, const struct change *c)
{
	buf_addf(out, "%c %-10s ", c->mark, c->list != NULL ? c->list : c->kind);
	if (c->brand.n > 0) {
		stored_text(out, c->brand, 200);
		buf_addz(out, " · ");
	}
	stored_text(out, c->name, 300);
	buf_addz(out, ": ");
	stored_text(out, c->words, 4000);
	if (c->file != NULL)
		buf_addf(out, "  (%s:%d)", c->file, c->line);
	buf_addc(out, '\n');
}

static void tell(struct diff *d, const struct change *c)
{
	if (d->json)
		change_json(&d->out, c);
	else
		change_text(&d->out, c);
}

/* What a new rule brings: "added, weight 0.7, refund, high". */
static void rule_words(struct buf *out, const struct rule_pair *p)
{
	const struct rule *r = p->new != NULL ? p->new : p->old;
	rules_change_words(out, p);
	if (p->old != NULL && p->new != NULL)
		return;
	if (r->list != LIST_BRAND && r->list != LIST_EXCLUDE && r->query == NULL)
		buf_addf(out, ", weight %g", (double)r->weight);
	if (r->category != CAT_NONE)
		buf_addf(out, ", %s", category_names[r->category]);
	if (r->list == LIST_URGENCY)
		buf_addf(out, ", %s", urgency_names[r->urgency]);
	if (r->list == LIST_NATURE)
		buf_addf(out, ", %s", nature_names[r->nature]);
}

static void tell_rule(struct diff *d, const struct rule_pair *p)
{
	const struct rule *r = p->new != NULL ? p->new : p->old;
	const struct rulebook *book = p->new != NULL ? d->new->book : d->old->book;
	struct buf words;
	if (p->changes == 0)
		return;
	buf_init(&words, 8192);
	rule_words(&words, p);
	tell(d, &(struct change){
			.kind = r->query != NULL ? "query" : "rule",
			.mark = p->old == NULL   ? '+'
				: p->new == NULL ? '-'
						 : '~',
			.list = rule_list_names[r->list],
			.brand = r->brand >= 0 ? book->brand[r->brand].id : STR(""),
			.name = r->term,
			.words = buf_str(&words),
			.file = r->file,
			.line = r->line,
		});
	buf_release(&words);
}

static bool tell_brand(struct diff *d, const struct brand_pair *p)
{
	const struct brand *b = p->new != NULL ? p->new : p->old;
	struct buf words;
	buf_init(&words, 64u << 10);
	brand_words(&words, p);
	const bool is_changed = words.n > 0;
	if (is_changed)
		tell(d, &(struct change){
				.kind = "brand",
				.mark = p->old == NULL   ? '+'
					: p->new == NULL ? '-'
							 : '~',
				.name = arena_printf(&d->arena, "%.*s (%.*s)", STR_FMT(b->id), STR_FMT(b->name)),
				.words = buf_str(&words),
			});
	buf_release(&words);
	return is_changed;
}

static bool tell_threshold(struct diff *d, const struct conf_option *o)
{
	struct buf words;
	buf_init(&words, 1024);
	threshold_words(&words, d, o);
	const bool is_changed = words.n > 0;
	if (is_changed)
		tell(d, &(struct change){ .kind = "threshold", .mark = '~', .name = str_of(o->name), .words = buf_str(&words) });
	buf_release(&words);
	return is_changed;
}

/* ---- all of it ---- */

struct sums {
	size_t added, removed, changed;
};

static struct sums count_rules(const struct diff *d)
{
	struct sums s = { 0 };
	for (size_t i = 0; i < d->nrules; i++) {
		s.added += d->rule[i].old == NULL;
		s.removed += d->rule[i].new == NULL;
		s.changed += d->rule[i].old != NULL && d->rule[i].new != NULL && d->rule[i].changes != 0;
	}
	return s;
}

static void tell_all(struct diff *d)
{
	size_t nbrands = 0, nthresholds = 0;
	for (size_t i = 0; i < d->nbrands; i++)
		nbrands += tell_brand(d, &d->brand[i]);
	for (size_t i = 0; i < d->nrules; i++)
		tell_rule(d, &d->rule[i]);
	for (size_t i = 0; i < thresholds_noptions; i++)
		nthresholds += tell_threshold(d, &thresholds_options[i]);
	const struct sums s = count_rules(d);
	if (!d->json)
		printf("%zu rules added, %zu removed, %zu changed; %zu brands and %zu thresholds differ\n", s.added, s.removed,
			s.changed, nbrands, nthresholds);
}

static void print(struct diff *d)
{
	if (d->json) {
		const struct sums s = count_rules(d);
		printf("{\"old\":\"%s\",\"new\":\"%s\",\"added\":%zu,\"removed\":%zu,\"changed\":%zu,\"changes\":",
			d->old->book->version, d->new->book->version, s.added, s.removed, s.changed);
		buf_addz(&d->out, "]}\n");
	}
	if (d->out.n > 0)
		(void)fwrite(d->out.p, 1, d->out.n, stdout); /* a broken pipe has nobody to tell */
}

static void diff_books(const struct rules_book *old, const struct rules_book *new, bool json)
{
	struct diff d = { .old = old, .new = new, .json = json };
	arena_init(&d.arena, ARENA_BYTES);
	buf_init(&d.out, OUT_BYTES);
	d.nrules = rulediff_rules(&d.arena, old->book, new->book, &d.rule);
	d.nbrands = rulediff_brands(&d.arena, old->book, new->book, &d.brand);
	if (json)
		buf_addc(&d.out, '[');
	tell_all(&d);
	print(&d);
	buf_release(&d.out);
	arena_release(&d.arena);
}

int rules_diff(int argc, char **argv)
{
	struct session s = { 0 };
	struct rules_book old = { 0 }, new = { 0 };
	int code = EXIT_USAGE;
	if (command_open(&s, diff_options, argc, argv, &code)) {
		const char *const *word = (const char *const *)s.options.operand;
		if (s.options.noperands != 2 || !rules_book_add(&old, &s.arena, word[0]) ||
			!rules_book_add(&new, &s.arena, word[1])) {
			code = command_usage_error(command_find(argv[0]),
				"give the old and the new rules, folders or a version, as: rules,mine rules,mine.new");
		} else if (rules_book_load(&old, &s) && rules_book_load(&new, &s)) {
			diff_books(&old, &new, options_has(&s.options, "json"));
			code = EXIT_OK;
		}
	}
	rules_book_release(&old);
	rules_book_release(&new);
	command_close(&s);
	return code;
}
