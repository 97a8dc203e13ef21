/* What stands between the operators of a query: terms with wildcards, quotations, fields, lists, macros, regular expressions. */
#include "common/text/query_parse.h"

#include "common/base/names.h"
#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include "common/text/regex.h"
#include <earshot/limits.h>

#include <string.h>

#define SLOP_WORDS 8

/* ---- terms ---- */

/* A term as written, taken apart at its wildcards. */
struct pieces {
	struct buf literal; /* in front of the first wildcard, unescaped */
	struct buf rest; /* from the first wildcard on, folded */
	struct buf piece; /* the literal being read behind a wildcard */
	int stars;
	bool is_open; /* a wildcard was seen */
};

static void pieces_init(struct pieces *s)
{
	*s = (struct pieces){ 0 };
	buf_init(&s->literal, LIMIT_QUERY_BYTES);
	buf_init(&s->rest, 4 * LIMIT_QUERY_BYTES);
	buf_init(&s->piece, LIMIT_QUERY_BYTES);
}

static void pieces_release(struct pieces *s)
{
	buf_release(&s->literal);
	buf_release(&s->rest);
	buf_release(&s->piece);
}

static void pieces_flush(struct arena *a, struct pieces *s)
{
	buf_adds(&s->rest, normalise_text(a, buf_str(&s->piece)));
	buf_clear(&s->piece);
}

static void pieces_wildcard(struct arena *a, struct pieces *s, char wildcard)
{
	pieces_flush(a, s);
	s->is_open = true;
	if (wildcard == QUERY_ANY && s->rest.n > 0 && s->rest.p[s->rest.n - 1] == QUERY_ANY)
		return;
	s->stars += wildcard == QUERY_ANY;
	buf_addc(&s->rest, wildcard);
}

static void pieces_read(struct arena *a, struct pieces *s, struct str written, bool has_wildcards)
{
	for (size_t at = 0; at < written.n;) {
		uint32_t cp = utf8_next(written, &at);
		if (cp == '\\' && at < written.n)
			cp = utf8_next(written, &at);
		else if (has_wildcards && (cp == '*' || cp == '?')) {
			pieces_wildcard(a, s, cp == '*' ? QUERY_ANY : QUERY_ONE);
			continue;
		}
		utf8_add(s->is_open ? &s->piece : &s->literal, cp);
	}
	pieces_flush(a, s);
}

/* Letters that a search can hold on to: a Chinese character weighs two. */
static int weight_of(struct str s)
{
	int weight = 0;
	for (size_t at = 0; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		weight += utf8_is_han(cp) ? 2 : cp >= 0x20;
	}
	return weight;
}

#define WEIGHT_OF_PREFIX 2 /* re?und */
#define WEIGHT_OF_WHOLE 3 /* not 退* nor re* */

static bool wildcards_are_good(struct query_parser *p, const struct query_token *t, const struct pieces *s, struct str folded)
{
	struct problems *problems = p->q->p;
	if (folded.n == 0) {
		query_tell(problems, QUERY_Q009, t->place,
			"\"%.*s\" begins with a wildcard, which would be looked for everywhere; begin with letters, or write the "
			"forms "
			"with OR",
			STR_FMT(t->text));
		return false;
	}
	if (weight_of(folded) < WEIGHT_OF_PREFIX || weight_of(folded) + weight_of(buf_str(&s->rest)) < WEIGHT_OF_WHOLE) {
		query_tell(problems, QUERY_Q010, t->place,
			"\"%.*s\" has too few letters for a wildcard; write at least two letters in front of it and three in all "
			"(a Chinese "
			"character counts as two)",
			STR_FMT(t->text));
		return false;
	}
	if (s->stars <= QUERY_STARS)
		return true;
	query_tell(problems, QUERY_Q010, t->place, "\"%.*s\" has more than %d *; write the forms with OR", STR_FMT(t->text),
		QUERY_STARS);
	return false;
}

static bool term_is_good(struct query_parser *p, const struct query_token *t, const struct pieces *s, struct str folded)
{
	if (s->is_open && !wildcards_are_good(p, t, s, folded))
		return false;
	if (folded.n == 0) {
		query_tell(p->q->p, QUERY_Q003, t->place, "this term is empty once it is folded; write one or remove it");
		return false;
	}
	if (t->text.n <= LIMIT_TERM_BYTES && folded.n < RULEBOOK_FOLDED_BYTES && s->rest.n < RULEBOOK_FOLDED_BYTES)
		return true;
	query_tell(p->q->p, QUERY_Q024, t->place, "this term has %zu bytes, at most %d are allowed; shorten it", t->text.n,
		LIMIT_TERM_BYTES);
	return false;
}

static const struct query_node *term_of(struct query_parser *p, const struct query_token *t, struct pieces *s, char mark)
{
	struct arena *a = p->q->a;
	const struct str literal = str_trim(arena_copy(a, buf_str(&s->literal)));
	const struct str folded = str_trim(normalise_text(a, literal));
	if (!term_is_good(p, t, s, folded))
		return NULL;
	struct query_node *node = node_new(p, QUERY_TERM, t->place);
	node->as.term.mark = mark;
	node->as.term.rest = arena_copy(a, buf_str(&s->rest));
	node->as.term.key = query_key_add(p->q, (struct query_key){
							.term = literal,
							.folded = folded,
							.folds = p->rule->folds ? p->rule->folds : FOLDS_DEFAULT,
							.case_exact = t->is_exact,
							.open_end = s->rest.n > 0,
						});
	return node_close(p, node, NULL, 0);
}

static const struct query_node *parse_piece(struct query_parser *p, const struct query_token *t, bool has_wildcards, char mark)
{
	struct pieces s;
	pieces_init(&s);
	pieces_read(p->q->a, &s, t->text, has_wildcards);
	const struct query_node *node = term_of(p, t, &s, mark);
	pieces_release(&s);
	return node;
}

/* "battery fire"~5. */
static const struct query_node *parse_slop(struct query_parser *p, const struct query_token *t)
{
	const struct query_node *word[SLOP_WORDS];
	struct str rest = str_trim(t->text), part;
	struct query_token one = *t;
	size_t n = 0;
	const uint32_t distance = p->now.number;
	parser_next(p);
	while (n < SLOP_WORDS && str_split(&rest, ' ', &part)) {
		one.text = part;
		if (part.n == 0)
			continue;
		word[n] = parse_piece(p, &one, false, 0);
		if (!word[n++])
			return NULL;
	}
	if (n < 2 || rest.p) {
		query_tell(p->q->p, QUERY_Q014, t->place, "~ wants 2 to %d words with spaces between them, as in \"电池 起火\"~5",
			SLOP_WORDS);
		return NULL;
	}
	struct query_node *node = node_new(p, QUERY_SLOP, t->place);
	node->as.near.distance = distance;
	return node_close(p, node, word, n);
}

const struct query_node *parse_term(struct query_parser *p, const struct query_token *t, bool has_wildcards, char mark)
{
	if (t->kind == TOKEN_PHRASE && !mark && p->now.kind == TOKEN_TILDE)
		return parse_slop(p, t);
	return parse_piece(p, t, has_wildcards, mark);
}

bool node_has_places(const struct query_node *node)
{
	if (node->kind == QUERY_TERM || node->kind == QUERY_GROUP || node->kind == QUERY_REGEX)
		return true;
	if (node->kind != QUERY_OR)
		return false;
	for (size_t i = 0; i < node->n; i++)
		if (!node_has_places(node->child[i]))
			return false;
	return true;
}

/* ---- regular expressions ---- */

/* Every alternative has to have its key, or none helps: then there is no need. */
static bool need_of(struct query_parser *p, const struct regex_need *need, struct query_need *out)
{
	struct arena *a = p->q->a;
	uint32_t *key = arena_list(a, uint32_t, need->n);
	for (size_t i = 0; i < need->n; i++) {
		const struct str term = str_trim(arena_copy(a, need->literal[i])), folded = str_trim(normalise_text(a, term));
		if (folded.n == 0)
			return false;
		key[i] = query_key_add(
			p->q, (struct query_key){ .term = term, .folded = folded, .folds = FOLDS_PLAIN, .open_end = true });
	}
	*out = (struct query_need){ key, need->n, need->before };
	return true;
}

const struct query_node *parse_regex(struct query_parser *p, const struct query_token *t)
{
	const char *why = NULL;
	struct arena *a = p->q->a;
	struct regex *regex = regex_new(a, t->text, t->is_folded, &why);
	if (!regex) {
		query_tell(p->q->p, QUERY_Q018, t->place, "this regular expression is refused: %s", why);
		return NULL;
	}
	query_regex_keep(p->q, regex);
	struct query_node *node = node_new(p, QUERY_REGEX, t->place);
	node->as.regex.regex = regex;
	node->as.regex.pattern = arena_printf(a, "%d%.*s", t->is_folded, STR_FMT(t->text));
	const struct regex_need *need;
	const size_t nneeds = regex_needs(regex, &need);
	for (size_t i = 0; i < nneeds; i++)
		node->as.regex.nneeds += need_of(p, &need[i], &node->as.regex.need[node->as.regex.nneeds]);
	return node_close(p, node, NULL, 0);
}

/* ---- lists and macros ---- */

struct list_name {
	const char *name;
	enum rule_list list;
	const char *const *thirds;
	int nthirds;
};

static const struct list_name list_names[] = {
	{ "complaint", LIST_COMPLAINT, category_names, CAT__N },
	{ "urgency", LIST_URGENCY, urgency_names, URG__N },
	{ "nature", LIST_NATURE, nature_names, NAT__N },
	{ "sentiment", LIST_SENTIMENT, NULL, 0 },
	{ "sensitive", LIST_SENSITIVE, NULL, 0 },
};
#define NLISTS (sizeof(list_names) / sizeof(list_names[0]))

static const struct query_node *group_of(struct query_parser *p, struct draft_place at, struct query_key key)
{
	struct query_node *node = node_new(p, QUERY_GROUP, at);
	key.is_group = true;
	node->as.term.key = query_key_add(p->q, key);
	return node_close(p, node, NULL, 0);
}

static int brand_named(const struct query_parser *p, struct str name)
{
	const struct rulebook_draft *d = p->q->draft;
	for (size_t i = 0; i < d->nbrands; i++)
		if (str_eq(d->brand[i].id, name) || str_eq(d->brand[i].name, name))
			return (int)i;
	return -1;
}

static const struct query_node *tell_unknown_name(struct query_parser *p, const struct query_token *t)
{
	const char *names[NLISTS + 2];
	for (size_t i = 0; i < NLISTS; i++)
		names[i] = list_names[i].name;
	names[NLISTS] = "competitors";
	names[NLISTS + 1] = "brand";
	const char *near = problems_nearest(t->text, names, NLISTS + 2);
	for (size_t i = 0; i < p->q->macros.n && !near; i++) {
		const char *macro = arena_cstr(p->q->a, p->q->macros.at[i].name);
		near = problems_nearest(t->text, &macro, 1);
	}
	query_tell(p->q->p, QUERY_Q015, t->place,
		"nothing is called @%.*s%s%s%s; there are @complaint @urgency @nature @sentiment @sensitive (with .name for a "
		"part), "
		"@brand.ID, @competitors and your own [@name] sections; quote a term that begins with @",
		STR_FMT(t->text), near ? "; did you mean @" : "", near ? near : "", near ? "?" : "");
	return NULL;
}

/* Aliases of the brands it competes with; a name that is no brand here is searched for as it stands. */
static const struct query_node *parse_competitors(struct query_parser *p, const struct query_token *t)
{
	struct query_children children = { .n = 0 };
	const struct brand *brand = p->rule->brand >= 0 ? &p->q->draft->brand[p->rule->brand] : NULL;
	if (!brand || brand->ncompetitors == 0) {
		query_tell(p->q->p, QUERY_Q015, t->place,
			"@competitors stands for the competitors of the query's brand, and %s; write `competitors = …` in "
			"brands.conf",
			brand ? "this brand has none" : "this query has no brand");
		return NULL;
	}
	for (size_t i = 0; i < brand->ncompetitors && children.n < QUERY_CHILDREN; i++) {
		struct query_token name = { .kind = TOKEN_PHRASE, .text = brand->competitor[i], .place = t->place };
		const int other = brand_named(p, name.text);
		const struct query_node *node =
			other >= 0 ? group_of(p, t->place, (struct query_key){ .list = LIST_BRAND, .brand = other, .third = -1 })
				   : parse_piece(p, &name, false, 0);
		if (!node)
			return NULL;
		children.at[children.n++] = node;
	}
	return children.n == 1 ? children.at[0] : node_close(p, node_new(p, QUERY_OR, t->place), children.at, children.n);
}

static const struct query_node *parse_brand_name(struct query_parser *p, const struct query_token *t, struct str id)
{
	const int brand = id.n ? brand_named(p, id) : -1;
	if (brand >= 0 || id.n == 0)
		return group_of(p, t->place, (struct query_key){ .list = LIST_BRAND, .brand = brand, .third = -1 });
	query_tell(p->q->p, QUERY_Q015, t->place, "no brand has the id \"%.*s\"; see brands.conf", STR_FMT(id));
	return NULL;
}

static const struct query_node *parse_list(
	struct query_parser *p, const struct query_token *t, const struct list_name *list, struct str third)
{
	const int index = third.n ? names_index(list->thirds, list->nthirds, third) : -1;
	if (index < 0 && third.n) {
		const char *near = list->thirds ? problems_nearest(third, list->thirds, (size_t)list->nthirds) : NULL;
		query_tell(p->q->p, QUERY_Q015, t->place, "@%s has no part \"%.*s\"%s%s%s; write @%s for all of it", list->name,
			STR_FMT(third), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "", list->name);
		return NULL;
	}
	return group_of(p, t->place, (struct query_key){ .list = list->list, .third = index, .brand = -1 });
}

const struct query_node *parse_macro(struct query_parser *p, const struct query_token *t)
{
	struct query_text *macro = query_macro_find(p->q, t->text);
	if (macro) {
		const struct query_node *node = parser_enter(p, t->place) ? query_parse_macro(p->q, macro, t->place) : NULL;
		parser_leave(p);
		return node;
	}
	struct str rest = t->text, head;
	(void)str_split(&rest, '.', &head);
	if (str_eqc(t->text, "competitors"))
		return parse_competitors(p, t);
	if (str_eqc(head, "brand"))
		return parse_brand_name(p, t, rest);
	for (size_t i = 0; i < NLISTS; i++)
		if (str_eqc(head, list_names[i].name))
			return parse_list(p, t, &list_names[i], rest);
	return tell_unknown_name(p, t);
}

/* ---- fields ---- */

static const struct query_node *parse_scoped(struct query_parser *p, const struct query_field *f, struct draft_place at)
{
	parser_next(p);
	if (!parser_enter(p, at))
		return NULL;
	const struct query_node *inner = parse_operand(p);
	parser_leave(p);
	if (!inner)
		return NULL;
	struct query_node *node = node_new(p, QUERY_IN, at);
	node->as.in = f->field;
	return node_close(p, node, &inner, 1);
}

static const struct query_node *parse_tag(struct query_parser *p, const struct query_field *f)
{
	parser_next(p);
	const struct query_token t = p->now;
	if (t.kind != TOKEN_WORD && t.kind != TOKEN_PHRASE) {
		query_tell(p->q->p, QUERY_Q012, t.place, "%s: wants a name, as in %s:refund", f->name, f->name);
		return NULL;
	}
	parser_next(p);
	return parse_term(p, &t, t.kind == TOKEN_WORD, f->mark);
}

static bool name_is_good(struct query_parser *p, const struct query_field *f, const struct query_token *value)
{
	if (f->kind != FIELD_NAME || names_index(f->names, f->nnames, value->text) >= 0)
		return true;
	const char *near = problems_nearest(value->text, f->names, (size_t)f->nnames);
	query_tell(p->q->p, QUERY_Q012, value->place, "%s: is never \"%.*s\"%s%s%s; it is one of %s", f->name,
		STR_FMT(value->text), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "", f->about);
	return false;
}

static bool text_is_good(
	struct query_parser *p, const struct query_field *f, const struct query_token *value, const struct pieces *s)
{
	if (value->kind == TOKEN_BAD)
		return false;
	if (s->literal.n == 0 && s->rest.n < 2) {
		query_tell(p->q->p, QUERY_Q012, value->place, "%s: has no value; write what it has to be", f->name);
		return false;
	}
	if (s->is_open && f->kind != FIELD_EQUAL) {
		query_tell(p->q->p, QUERY_Q012, value->place, "%s: takes no wildcard (%s); leave it out", f->name, f->about);
		return false;
	}
	return name_is_good(p, f, value);
}

static const struct query_node *parse_text_field(struct query_parser *p, const struct query_field *f, struct draft_place at)
{
	struct query_token value = query_lexer_value(&p->lexer);
	struct arena *a = p->q->a;
	struct pieces s;
	if (f->kind == FIELD_SITE && str_starts(value.text, STR("*.")))
		value.text = str_from(value.text, 2); /* a domain stands for all under it anyway */
	pieces_init(&s);
	pieces_read(a, &s, value.text, value.kind == TOKEN_WORD);
	const bool is_good = text_is_good(p, f, &value, &s);
	struct query_node *node = node_new(p, QUERY_TEXT, at);
	node->as.field.field = f;
	const struct str literal = normalise_text(a, buf_str(&s.literal));
	node->as.field.pattern = arena_printf(a, "%.*s%.*s", STR_FMT(literal), STR_FMT(buf_str(&s.rest)));
	pieces_release(&s);
	parser_next(p);
	return is_good ? node_close(p, node, NULL, 0) : NULL;
}

static const struct query_node *parse_number_field(struct query_parser *p, const struct query_field *f, struct draft_place at)
{
	const struct query_token value = query_lexer_value(&p->lexer);
	struct query_node *node = node_new(p, QUERY_NUMBER, at);
	node->as.field.field = f;
	const bool is_good = value.kind != TOKEN_BAD && query_range_parse(f, &value, &node->as.field.range, p->q->p);
	parser_next(p);
	return is_good ? node_close(p, node, NULL, 0) : NULL;
}

const struct query_node *parse_field(struct query_parser *p, const struct query_token *t)
{
	const struct query_field *f = query_field_find(t->text);
	if (!f) {
		const char *near = query_field_nearest(t->text);
		query_tell(p->q->p, QUERY_Q011, t->place,
			"there is no field \"%.*s\"%s%s%s; put the whole in quotes to search for it", STR_FMT(t->text),
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
		return NULL;
	}
	if (f->kind == FIELD_SCOPE)
		return parse_scoped(p, f, t->place);
	if (f->kind == FIELD_TAG)
		return parse_tag(p, f);
	return f->number ? parse_number_field(p, f, t->place) : parse_text_field(p, f, t->place);
}
