/* The operators of the query language: levels, AND, OR, NOT, NEAR, parentheses and calls. */
#include "common/text/query_parse.h"

#include <earshot/limits.h>

#include <string.h>

void parser_next(struct query_parser *p)
{
	query_lexer_next(&p->lexer, &p->now);
}

bool parser_enter(struct query_parser *p, struct draft_place at)
{
	if (++p->q->depth <= LIMIT_QUERY_DEPTH)
		return true;
	query_tell(p->q->p, QUERY_Q017, at, "this is nested more than %d deep; give parts of it a name in a section [@name]",
		LIMIT_QUERY_DEPTH);
	return false;
}

void parser_leave(struct query_parser *p)
{
	p->q->depth--;
}

/* ---- nodes ---- */

struct query_node *node_new(struct query_parser *p, enum query_kind kind, struct draft_place at)
{
	struct query_node *node = arena_new(p->q->a, struct query_node);
	node->kind = kind;
	node->place = at;
	return node;
}

static uint64_t mix(uint64_t hash, uint64_t with)
{
	hash = (hash ^ with) * 0x9E3779B97F4A7C15ull;
	return hash ^ hash >> 29;
}

/* What a key stands for, the same in every book: its number is not. */
static uint64_t key_hash(const struct draft_queries *q, uint32_t number)
{
	const struct query_key *k = &q->key[number];
	if (k->is_group) {
		const struct str brand = k->brand >= 0 ? q->draft->brand[k->brand].id : STR("");
		return mix(mix(mix(1, (uint64_t)k->list), (uint64_t)(k->third + 1)), str_hash(brand));
	}
	const uint64_t flags = (uint64_t)k->folds << 2 | (uint64_t)k->case_exact << 1 | k->open_end;
	return mix(mix(mix(2, flags), str_hash(k->folded)), k->case_exact ? str_hash(k->term) : 0);
}

static uint64_t own_hash(const struct draft_queries *q, const struct query_node *node)
{
	const uint64_t kind = mix(0, (uint64_t)node->kind + 1); /* mixed first, else TERM 2 and GROUP 1 would meet */
	switch (node->kind) {
	case QUERY_TERM:
	case QUERY_GROUP:
		return mix(mix(mix(kind, key_hash(q, node->as.term.key)), (uint64_t)node->as.term.mark),
			str_hash(node->as.term.rest));
	case QUERY_SLOP:
	case QUERY_NEAR:
		return mix(mix(kind, node->as.near.distance), node->as.near.is_forward);
	case QUERY_REGEX:
		return mix(kind, str_hash(node->as.regex.pattern));
	case QUERY_TEXT:
	case QUERY_NUMBER:
		return mix(
			mix(mix(mix(mix(kind, (uint64_t)(node->as.field.field - query_fields)), str_hash(node->as.field.pattern)),
				    (uint64_t)node->as.field.range.from),
				(uint64_t)node->as.field.range.to),
			(uint64_t)node->as.field.range.zone_minutes);
	case QUERY_IN:
		return mix(kind, (uint64_t)node->as.in);
	case QUERY_SCOPE:
		return mix(kind, (uint64_t)node->as.scope);
	case QUERY_MIN:
		return mix(kind, node->as.least);
	default:
		return mix(kind, 0);
	}
}

static bool order_matters(const struct query_node *node)
{
	return node->kind == QUERY_NEAR && node->as.near.is_forward;
}

const struct query_node *node_close(
	struct query_parser *p, struct query_node *node, const struct query_node *const *child, size_t n)
{
	const struct query_node **copy = arena_list(p->q->a, const struct query_node *, n);
	uint64_t hash = own_hash(p->q, node), sum = 0;
	uint32_t size = 1, depth = 0;
	for (size_t i = 0; i < n; i++) {
		copy[i] = child[i];
		size += child[i]->size;
		depth = child[i]->depth > depth ? child[i]->depth : depth;
		if (order_matters(node))
			hash = mix(hash, child[i]->hash);
		sum += mix(child[i]->hash, 7);
	}
	node->child = copy;
	node->n = n;
	node->size = size;
	node->depth = depth + 1;
	node->hash = mix(hash, sum);
	if (size <= LIMIT_QUERY_NODES && node->depth <= 2 * LIMIT_QUERY_DEPTH)
		return node;
	query_tell(p->q->p, QUERY_Q017, node->place,
		"this holds more than %d terms and operators, or is nested more than %d deep, once its macros are written out; "
		"make it "
		"several queries",
		LIMIT_QUERY_NODES, 2 * LIMIT_QUERY_DEPTH);
	return NULL;
}

/* ---- levels ---- */

static bool starts_operand(enum query_token_kind kind)
{
	return kind == TOKEN_WORD || kind == TOKEN_PHRASE || kind == TOKEN_REGEX || kind == TOKEN_FIELD || kind == TOKEN_MACRO ||
	       kind == TOKEN_CALL || kind == TOKEN_OPEN || kind == TOKEN_NOT;
}

static const struct query_node *refuse_operator(struct query_parser *p, const char *what)
{
	const struct query_token *t = &p->now;
	switch (t->kind) {
	case TOKEN_END:
		query_tell(p->q->p, QUERY_Q005, t->place, "%s is missing at the end; write it or remove the operator in front",
			what);
		break;
	case TOKEN_CLOSE:
		query_tell(p->q->p, QUERY_Q005, t->place, "%s is missing in front of the \")\"; write it or remove the operator",
			what);
		break;
	case TOKEN_COMMA:
		query_tell(p->q->p, QUERY_Q022, t->place, "a comma joins nothing; write OR or AND");
		break;
	case TOKEN_TILDE:
		query_tell(p->q->p, QUERY_Q014, t->place, "~ stands behind a quotation only, as in \"battery fire\"~5");
		break;
	case TOKEN_BAD:
		break;
	default:
		query_tell(p->q->p, QUERY_Q005, t->place,
			"%s is missing in front of this operator; write it or remove the operator", what);
	}
	return NULL;
}

static const struct query_node *tell_near(struct query_parser *p, struct draft_place at)
{
	query_tell(p->q->p, QUERY_Q014, at,
		"NEAR joins two terms, quotations or groups of them with OR; write (a NEAR/5 b) AND (b NEAR/5 c) for three, and "
		"AND for "
		"everything else");
	return NULL;
}

static const struct query_node *parse_near(struct query_parser *p, const struct query_node *left)
{
	const struct query_token t = p->now;
	parser_next(p);
	if (!starts_operand(p->now.kind))
		return refuse_operator(p, "what NEAR looks for");
	const struct query_node *pair[2] = { left, parse_operand(p) };
	if (!pair[1])
		return NULL;
	for (size_t i = 0; i < 2; i++)
		if (!node_has_places(pair[i]))
			return tell_near(p, pair[i]->place);
	struct query_node *node = node_new(p, QUERY_NEAR, t.place);
	node->as.near.distance = t.number;
	node->as.near.is_forward = t.is_forward;
	if (p->now.kind == TOKEN_NEAR)
		return tell_near(p, p->now.place);
	return node_close(p, node, pair, 2);
}

static const struct query_node *parse_not(struct query_parser *p)
{
	const struct draft_place at = p->now.place;
	parser_next(p);
	if (!starts_operand(p->now.kind))
		return refuse_operator(p, "what NOT forbids");
	if (!parser_enter(p, at))
		return NULL;
	const struct query_node *child = p->now.kind == TOKEN_NOT ? parse_not(p) : parse_operand(p);
	parser_leave(p);
	if (child && p->now.kind == TOKEN_NEAR)
		child = parse_near(p, child);
	return child ? node_close(p, node_new(p, QUERY_NOT, at), &child, 1) : NULL;
}

static const struct query_node *parse_joined(struct query_parser *p)
{
	if (p->now.kind == TOKEN_NOT)
		return parse_not(p);
	if (!starts_operand(p->now.kind))
		return refuse_operator(p, "a term");
	const struct query_node *left = parse_operand(p);
	return left && p->now.kind == TOKEN_NEAR ? parse_near(p, left) : left;
}

static bool children_add(struct query_parser *p, struct query_children *c, const struct query_node *child)
{
	if (c->n == QUERY_CHILDREN) {
		query_tell(p->q->p, QUERY_Q017, child->place,
			"more than %d operands at one level; put parts of them into a macro", QUERY_CHILDREN);
		return false;
	}
	c->at[c->n++] = child;
	return true;
}

static bool tell_mixed(struct query_parser *p, struct draft_place at)
{
	query_tell(p->q->p, QUERY_Q004, at,
		"AND and OR are mixed without parentheses (words side by side mean AND); write (a AND b) OR c, or a AND (b OR "
		"c)");
	return false;
}

/* The operator in front of the next operand: taken off; nothing between two operands is AND. */
static bool take_operator(struct query_parser *p, enum query_kind *kind, bool is_first)
{
	const struct draft_place at = p->now.place;
	const enum query_kind next = p->now.kind == TOKEN_OR ? QUERY_OR : QUERY_AND;
	if (p->now.kind == TOKEN_OR || p->now.kind == TOKEN_AND)
		parser_next(p);
	else if (!starts_operand(p->now.kind))
		return refuse_operator(p, "a term") != NULL;
	if (!is_first && next != *kind)
		return tell_mixed(p, at);
	*kind = next;
	return true;
}

const struct query_node *parse_level(struct query_parser *p)
{
	struct query_children children = { .n = 0 };
	enum query_kind kind = QUERY_AND;
	const struct draft_place at = p->now.place;
	const struct query_node *child = parse_joined(p);
	while (child && children_add(p, &children, child)) {
		if (p->now.kind == TOKEN_END || p->now.kind == TOKEN_CLOSE)
			return children.n == 1 ? child : node_close(p, node_new(p, kind, at), children.at, children.n);
		child = take_operator(p, &kind, children.n == 1) ? parse_joined(p) : NULL;
	}
	return NULL;
}

/* ---- parentheses and calls ---- */

static bool close_parenthesis(struct query_parser *p, struct draft_place opened)
{
	if (p->now.kind == TOKEN_CLOSE) {
		parser_next(p);
		return true;
	}
	query_tell(p->q->p, QUERY_Q001, opened, "this parenthesis is not closed; add the \")\"");
	return false;
}

static const struct query_node *parse_group(struct query_parser *p)
{
	const struct draft_place at = p->now.place;
	if (!parser_enter(p, at))
		return NULL;
	parser_next(p);
	if (p->now.kind == TOKEN_CLOSE) {
		query_tell(p->q->p, QUERY_Q003, at, "these parentheses are empty; write terms into them or remove them");
		return NULL;
	}
	const struct query_node *inner = parse_level(p);
	parser_leave(p);
	return inner && close_parenthesis(p, at) ? inner : NULL;
}

static bool parse_least(struct query_parser *p, int64_t *least, struct draft_place at)
{
	if (p->now.kind == TOKEN_WORD && str_to_i64(p->now.text, least) && *least >= 1 && *least <= QUERY_CHILDREN) {
		parser_next(p);
		if (p->now.kind == TOKEN_COMMA)
			parser_next(p);
		return true;
	}
	query_tell(p->q->p, QUERY_Q020, at, "min() begins with how many; write it as in min(2, refund broken fire)");
	return false;
}

/* min(2, a b c): the operands are only listed, with or without commas. */
static const struct query_node *parse_min(struct query_parser *p, struct draft_place at)
{
	struct query_children children = { .n = 0 };
	int64_t least = 0;
	parser_next(p);
	if (!parse_least(p, &least, at))
		return NULL;
	while (p->now.kind != TOKEN_CLOSE && p->now.kind != TOKEN_END) {
		const struct query_node *child = parse_joined(p);
		if (!child || !children_add(p, &children, child))
			return NULL;
		if (p->now.kind == TOKEN_COMMA)
			parser_next(p);
	}
	if (!close_parenthesis(p, at))
		return NULL;
	if (children.n == 0 || (size_t)least > children.n) {
		query_tell(p->q->p, QUERY_Q020, at, "min(%d, …) has only %zu operands; it can never be true", (int)least,
			children.n);
		return NULL;
	}
	struct query_node *node = node_new(p, QUERY_MIN, at);
	node->as.least = (size_t)least;
	return node_close(p, node, children.at, children.n);
}

static bool holds_field(const struct query_node *node)
{
	bool found = node->kind == QUERY_TEXT || node->kind == QUERY_NUMBER || node->kind == QUERY_SCOPE;
	for (size_t i = 0; i < node->n && !found; i++)
		found = holds_field(node->child[i]);
	return found;
}

static const struct query_node *parse_scope(struct query_parser *p, enum query_scope scope)
{
	const struct draft_place at = p->now.place;
	const struct query_node *inner = parse_group(p);
	if (!inner)
		return NULL;
	if (holds_field(inner)) {
		query_tell(p->q->p, QUERY_Q021, at,
			"only terms can stand in one sentence or paragraph; put fields and other scopes outside, with AND");
		return NULL;
	}
	struct query_node *node = node_new(p, QUERY_SCOPE, at);
	node->as.scope = scope;
	return node_close(p, node, &inner, 1);
}

static const struct query_node *parse_call(struct query_parser *p)
{
	const struct query_token t = p->now;
	if (!str_ieq(t.text, STR("min")) && !str_eqc(t.text, "至少"))
		return parse_scope(
			p, str_ieq(t.text, STR("sentence")) || str_eqc(t.text, "同句") ? SCOPE_SENTENCE : SCOPE_PARAGRAPH);
	if (!parser_enter(p, t.place))
		return NULL;
	const struct query_node *node = parse_min(p, t.place);
	parser_leave(p);
	return node;
}

const struct query_node *parse_operand(struct query_parser *p)
{
	const struct query_token t = p->now;
	switch (t.kind) {
	case TOKEN_OPEN:
		return parse_group(p);
	case TOKEN_CALL:
		return parse_call(p);
	case TOKEN_FIELD:
		return parse_field(p, &t);
	case TOKEN_MACRO:
		parser_next(p);
		return parse_macro(p, &t);
	case TOKEN_REGEX:
		parser_next(p);
		return parse_regex(p, &t);
	case TOKEN_WORD:
	case TOKEN_PHRASE:
		parser_next(p);
		return parse_term(p, &t, t.kind == TOKEN_WORD, 0);
	default:
		return refuse_operator(p, "a term");
	}
}

/* ---- the whole ---- */

static const struct query_node *parse_text(struct draft_queries *q, const struct query_text *text)
{
	struct query_parser p = { .q = q, .rule = &text->rule };
	if (text->text.n > LIMIT_QUERY_BYTES) {
		query_tell(q->p, QUERY_Q017, text->place, "this query has %zu bytes, at most %u are allowed; make it several",
			text->text.n, LIMIT_QUERY_BYTES);
		return NULL;
	}
	const size_t errors = q->p->errors;
	query_lexer_init(&p.lexer, text->text, text->place, q->p);
	parser_next(&p);
	if (p.now.kind == TOKEN_END) {
		query_tell(q->p, QUERY_Q003, text->place, "this query is empty; write a term");
		return NULL;
	}
	const struct query_node *root = parse_level(&p);
	if (root && p.now.kind == TOKEN_CLOSE) {
		query_tell(q->p, QUERY_Q001, p.now.place, "this \")\" closes nothing; remove it or add the \"(\"");
		return NULL;
	}
	return q->p->errors == errors ? root : NULL;
}

const struct query_node *query_parse(struct draft_queries *q, const struct query_text *text)
{
	const int depth = q->depth; /* what is given up half-way leaves levels open */
	const struct query_node *root = parse_text(q, text);
	q->depth = depth;
	return root;
}

const struct query_node *query_parse_macro(struct draft_queries *q, struct query_text *macro, struct draft_place user)
{
	if (macro->state == MACRO_READING) {
		query_tell(q->p, QUERY_Q016, user, "@%.*s contains itself; write out what is meant", STR_FMT(macro->name));
		return NULL;
	}
	if (macro->state == MACRO_UNREAD) {
		macro->state = MACRO_READING;
		macro->root = query_parse(q, macro);
		macro->state = MACRO_READ;
	}
	return macro->root;
}
