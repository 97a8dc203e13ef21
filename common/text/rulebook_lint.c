/* What is allowed in rules and unwise: terms that hit everywhere or nowhere, rules that change nothing, brands that are not
 * thought through. */
#include "common/text/rulebook_lint.h"

#include "common/base/utf8.h"
#include "common/text/rulebook_draft.h"

#include <stdlib.h>
#include <string.h>

struct lint {
	const struct rulebook_draft *d;
	struct rulebook_draft out; /* where problems go: a draft of its own around the caller's list */
	const struct draft_rule **slot; /* by folded term; NULL = free; nslots is a power of two */
	size_t nslots;
	int folder; /* the last one: the operator's own. Those before it are somebody else's to tidy */
};

static struct draft_place place_of(const struct draft_rule *r)
{
	return (struct draft_place){ r->rule.file, r->rule.line, r->column };
}

#define LINT_TELL(l, kind, r, ...) draft_tell(&(l)->out, (kind), place_of(r), __VA_ARGS__)

/* Lists whose hits are counted or reported by themselves: a term that is everywhere does harm there. */
static bool stands_alone(const struct rule *r)
{
	return r->list == LIST_BRAND || r->list == LIST_COMPLAINT || r->list == LIST_URGENCY || r->list == LIST_SENSITIVE;
}

/* A complaint word below this weight names a topic, and topics may be short. */
#define REPROACH 0.5f

static bool is_topic(const struct rule *r)
{
	return r->list == LIST_COMPLAINT && r->weight < REPROACH;
}

/* ---- one term ---- */

static void check_short(struct lint *l, const struct draft_rule *r)
{
	size_t at = 0;
	const uint32_t cp = utf8_next(r->folded, &at);
	const bool is_character = utf8_is_han(cp) || utf8_is_word(cp);
	if (at < r->folded.n || !is_character || r->rule.is_ambiguous || !stands_alone(&r->rule) || is_topic(&r->rule))
		return;
	LINT_TELL(l, R_SHORT, r, "\"%.*s\" is one %s and is found in nearly every text; write a longer term",
		STR_FMT(r->rule.term), utf8_is_han(cp) ? "character" : "letter");
}

static void check_digits(struct lint *l, const struct draft_rule *r)
{
	size_t n = 0;
	while (n < r->folded.n && r->folded.p[n] >= '0' && r->folded.p[n] <= '9')
		n++;
	const bool is_number = n == r->folded.n && n < 5; /* longer ones are hotlines and models */
	if (is_number && stands_alone(&r->rule) && r->rule.list != LIST_URGENCY && !is_topic(&r->rule))
		LINT_TELL(l, R_DIGITS, r, "\"%.*s\" is only digits, as in prices and dates; write a word beside them",
			STR_FMT(r->rule.term));
}

static bool is_punctuation(uint32_t cp)
{
	static const char marks[] = ".,;:!?\"()[]{}。，、；：！？“”‘’（）【】《》…";
	size_t at = 0;
	const struct str all = STR(marks);
	while (at < all.n)
		if (utf8_next(all, &at) == cp)
			return true;
	return false;
}

static void check_edges(struct lint *l, const struct draft_rule *r)
{
	size_t at = 0, marks = 0, n = 0;
	bool first = false, last = false;
	while (at < r->folded.n) {
		last = is_punctuation(utf8_next(r->folded, &at));
		first = n == 0 ? last : first;
		marks += last;
		n++;
	}
	if ((first || last) && marks < n && stands_alone(&r->rule))
		LINT_TELL(l, R_EDGE, r,
			"\"%.*s\" %s with punctuation and is found only together with it; take the punctuation away",
			STR_FMT(r->rule.term), first ? "begins" : "ends");
}

enum script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC };

static enum script script_of(uint32_t cp)
{
	if ((cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x250 && cp != 0xD7 && cp != 0xF7))
		return SCRIPT_LATIN;
	if (cp >= 0x370 && cp < 0x400)
		return SCRIPT_GREEK;
	return cp >= 0x400 && cp < 0x530 ? SCRIPT_CYRILLIC : SCRIPT_NONE;
}

static void check_disguise(struct lint *l, const struct draft_rule *r)
{
	enum script before = SCRIPT_NONE;
	for (size_t at = 0; at < r->folded.n;) {
		const enum script script = script_of(utf8_next(r->folded, &at));
		if (script != SCRIPT_NONE && before != SCRIPT_NONE && script != before) {
			LINT_TELL(l, R_DISGUISE, r,
				"\"%.*s\" mixes scripts inside a word; write the plain word, its disguises are seen through",
				STR_FMT(r->rule.term));
			return;
		}
		before = script;
	}
}

static const char *const stop_words[] = { "的", "了", "是", "我", "你", "他", "她", "它", "在", "有", "和", "就", "也", "都",
	"这", "那", "我们", "你们", "他们", "这个", "那个", "什么", "the", "a", "an", "and", "or", "of", "to", "in", "is", "it",
	"for", "on", "with", "this", "that", "i", "you", "we", "they", "are", "was", "be", "at", "as", "have", "has" };

static void check_stop_word(struct lint *l, const struct draft_rule *r)
{
	if (!stands_alone(&r->rule) && r->rule.list != LIST_EXCLUDE)
		return;
	for (size_t i = 0; i < sizeof(stop_words) / sizeof(stop_words[0]); i++)
		if (str_eqc(r->folded, stop_words[i]) && !r->rule.is_ambiguous)
			LINT_TELL(l, R_STOP_WORD, r,
				"\"%.*s\" is in nearly every text; take it away or write more of what you mean",
				STR_FMT(r->rule.term));
}

static void (*const term_checks[])(struct lint *, const struct draft_rule *) = {
	check_short,
	check_digits,
	check_edges,
	check_disguise,
	check_stop_word,
};

/* ---- terms inside terms ---- */

static size_t slot_of(const struct lint *l, struct str folded)
{
	return (size_t)str_hash(folded) & (l->nslots - 1);
}

static void index_terms(struct lint *l, struct arena *a)
{
	l->nslots = 64;
	while (l->nslots < l->d->nrules * 2)
		l->nslots *= 2;
	l->slot = arena_list(a, const struct draft_rule *, l->nslots);
	for (size_t i = 0; i < l->d->nrules; i++) {
		size_t at = slot_of(l, l->d->rule[i].folded);
		while (l->slot[at])
			at = (at + 1) & (l->nslots - 1);
		l->slot[at] = &l->d->rule[i];
	}
}

static bool is_char_start(struct str s, size_t at)
{
	return at == s.n || ((unsigned char)s.p[at] & 0xC0) != 0x80;
}

/* A Latin term stands inside another only as whole words. */
static bool is_word_inside(const struct draft_rule *inner, struct str outer, size_t from, size_t to)
{
	if (!inner->rule.is_latin)
		return true;
	size_t before = from;
	do
		before -= before > 0;
	while (!is_char_start(outer, before));
	const bool touches_left = from > 0 && utf8_is_word(utf8_next(outer, &before));
	const bool touches_right = to < outer.n && utf8_is_word(utf8_next(outer, &to));
	return !touches_left && (inner->rule.open_end || !touches_right);
}

static const struct draft_rule *find_term(const struct lint *l, struct str folded, const struct draft_rule *outer,
	bool (*holds)(const struct draft_rule *, const struct draft_rule *))
{
	for (size_t at = slot_of(l, folded); l->slot[at]; at = (at + 1) & (l->nslots - 1))
		if (l->slot[at] != outer && str_eq(l->slot[at]->folded, folded) && holds(outer, l->slot[at]))
			return l->slot[at];
	return NULL;
}

/* A term inside this one, or equal to it, to which it stands in the relation. */
static const struct draft_rule *find_inside(
	const struct lint *l, const struct draft_rule *outer, bool (*holds)(const struct draft_rule *, const struct draft_rule *))
{
	const struct str whole = outer->folded;
	for (size_t from = 0; from < whole.n; from++) {
		if (!is_char_start(whole, from))
			continue;
		for (size_t to = from + 1; to <= whole.n; to++) {
			if (!is_char_start(whole, to))
				continue;
			const struct draft_rule *inner = find_term(l, (struct str){ whole.p + from, to - from }, outer, holds);
			if (inner && is_word_inside(inner, whole, from, to))
				return inner;
		}
	}
	return NULL;
}

/* The longest term of a list wins, so a longer one with the same meaning changes nothing. */
static bool is_superfluous(const struct draft_rule *outer, const struct draft_rule *inner)
{
	const struct rule *a = &outer->rule, *b = &inner->rule;
	return a->list == b->list && a->brand == b->brand && a->weight == b->weight && a->category == b->category &&
	       a->urgency == b->urgency && a->nature == b->nature && !b->case_exact && !b->is_ambiguous &&
	       (a->folds & b->folds) == a->folds && outer->folded.n > inner->folded.n;
}

static bool is_excluded_alias(const struct draft_rule *outer, const struct draft_rule *inner)
{
	const enum rule_list list = inner->rule.list;
	if (outer->rule.brand >= 0)
		return list == LIST_BRAND && inner->rule.brand == outer->rule.brand;
	return list != LIST_EXCLUDE && list != LIST_CONTEXT;
}

static void check_subsumed(struct lint *l, const struct draft_rule *r)
{
	const struct draft_rule *inner =
		stands_alone(&r->rule) && !r->rule.is_ambiguous ? find_inside(l, r, is_superfluous) : NULL;
	if (inner)
		LINT_TELL(l, R_SUBSUMED, r,
			"\"%.*s\" changes nothing: \"%.*s\" in line %d of %s is inside it and means the same; take one away or "
			"give "
			"them different weights",
			STR_FMT(r->rule.term), STR_FMT(inner->rule.term), inner->rule.line, inner->rule.file);
}

static void check_exclusion(struct lint *l, const struct draft_rule *r)
{
	if (r->rule.list != LIST_EXCLUDE)
		return;
	const struct draft_rule *inner = find_inside(l, r, is_excluded_alias);
	if (!inner)
		LINT_TELL(l, R_EXCLUDE_IDLE, r,
			"\"%.*s\" excludes nothing: no %s is inside it; write the longer word with the %s in it",
			STR_FMT(r->rule.term), r->rule.brand < 0 ? "term" : "alias of the brand",
			r->rule.brand < 0 ? "term" : "alias");
	else if (str_eq(inner->folded, r->folded) && r->rule.brand >= 0)
		LINT_TELL(l, R_EXCLUDE_ALL, r,
			"\"%.*s\" is the alias itself, so that it never counts; write the longer word in which it means "
			"something else",
			STR_FMT(r->rule.term));
}

static bool is_alias_of_another(const struct draft_rule *outer, const struct draft_rule *inner)
{
	return inner->rule.list == LIST_BRAND && inner->rule.brand < outer->rule.brand;
}

static void check_shared(struct lint *l, const struct draft_rule *r)
{
	if (r->rule.list != LIST_BRAND)
		return;
	const struct draft_rule *other = find_term(l, r->folded, r, is_alias_of_another);
	if (other)
		LINT_TELL(l, R_ALIAS_SHARED, r,
			"\"%.*s\" is an alias of %.*s as well (line %d of %s), so each post counts for both; take one away or "
			"write "
			"~ and context for both",
			STR_FMT(r->rule.term), STR_FMT(l->d->brand[other->rule.brand].id), other->rule.line, other->rule.file);
}

static void (*const relation_checks[])(struct lint *, const struct draft_rule *) = {
	check_subsumed,
	check_exclusion,
	check_shared,
};

/* ---- brands ---- */

/* What is known of a brand's aliases and context words. */
struct brand_view {
	const struct draft_rule *alias, *ambiguous, *context; /* the first of each; NULL = none */
	bool has_support; /* a word speaks for it */
};

static struct brand_view view_brand(const struct lint *l, int brand)
{
	struct brand_view v = { 0 };
	for (size_t i = 0; i < l->d->nrules; i++) {
		const struct draft_rule *r = &l->d->rule[i];
		v.has_support = v.has_support || (r->rule.list == LIST_CONTEXT && r->rule.brand < 0 && r->rule.weight > 0);
		if (r->rule.brand != brand)
			continue;
		if (r->rule.list == LIST_BRAND && !v.alias)
			v.alias = r;
		if (r->rule.list == LIST_BRAND && r->rule.is_ambiguous && !v.ambiguous)
			v.ambiguous = r;
		if (r->rule.list == LIST_CONTEXT && !v.context)
			v.context = r;
		v.has_support = v.has_support || (r->rule.list == LIST_CONTEXT && r->rule.weight > 0);
	}
	return v;
}

static bool is_known_brand(const struct lint *l, struct str name)
{
	for (size_t i = 0; i < l->d->nbrands; i++)
		if (str_eq(l->d->brand[i].id, name) || str_eq(l->d->brand[i].name, name) || str_ieq(l->d->brand[i].name_en, name))
			return true;
	return false;
}

static void check_competitors(struct lint *l, const struct brand *b, const struct draft_rule *alias)
{
	for (size_t i = 0; alias && i < b->ncompetitors; i++)
		if (!is_known_brand(l, b->competitor[i]))
			LINT_TELL(l, R_COMPETITOR, alias,
				"the competitor \"%.*s\" of %.*s is no brand here, so that nothing is counted for it; add a "
				"section [brand "
				"ID] for it",
				STR_FMT(b->competitor[i]), STR_FMT(b->id));
}

static void check_brand(struct lint *l, int brand)
{
	const struct brand *b = &l->d->brand[brand];
	const struct brand_view v = view_brand(l, brand);
	if (v.alias && v.alias->folder != l->folder)
		return;
	if (v.context && !v.ambiguous)
		LINT_TELL(l, R_CONTEXT_IDLE, v.context,
			"words for or against %.*s change nothing: none of its aliases is ambiguous; write ~ before the alias "
			"that is an "
			"everyday word",
			STR_FMT(b->id));
	if (v.ambiguous && !v.has_support)
		LINT_TELL(l, R_CONTEXT_NONE, v.ambiguous,
			"\"%.*s\" is an everyday word, but no word speaks for the brand %.*s; add `context = …` with words of "
			"its trade",
			STR_FMT(v.ambiguous->rule.term), STR_FMT(b->id));
	check_competitors(l, b, v.alias);
}

void rulebook_lint(const struct rulebook_files *files, struct problems *p)
{
	struct arena a;
	struct problems loading; /* told by rulebook_compile() already */
	struct rulebook_draft d;
	arena_init(&a, RULEBOOK_ARENA_BYTES);
	problems_init(&loading);
	rulebook_draft_of(files, &a, &loading, &d);
	struct lint l = { .d = &d, .out = { .a = &a, .p = p } };
	index_terms(&l, &a);
	for (size_t i = 0; i < files->n; i++)
		l.folder = files->file[i].folder > l.folder ? files->file[i].folder : l.folder;
	for (size_t i = 0; i < d.nrules; i++) {
		if (d.rule[i].rule.list == LIST_LEAF || d.rule[i].rule.query || d.rule[i].folder != l.folder)
			continue;
		for (size_t c = 0; c < sizeof(term_checks) / sizeof(term_checks[0]); c++)
			term_checks[c](&l, &d.rule[i]);
		for (size_t c = 0; c < sizeof(relation_checks) / sizeof(relation_checks[0]); c++)
			relation_checks[c](&l, &d.rule[i]);
	}
	for (size_t i = 0; i < d.nbrands; i++)
		check_brand(&l, (int)i);
	problems_release(&loading);
	draft_release(&d);
	arena_release(&a);
}
