/* The parser of one query while it works, shared by query_parse.c (operators) and query_operand.c (what stands between them). */
#ifndef EARSHOT_TEXT_QUERY_PARSE_H
#define EARSHOT_TEXT_QUERY_PARSE_H

#include "common/text/query_node.h"

struct query_parser {
	struct draft_queries *q;
	struct query_lexer lexer;
	struct query_token now;
	const struct rule *rule; /* whose folds and brand the terms have */
};

#define QUERY_CHILDREN 512 /* operands of one level */

struct query_children {
	const struct query_node *at[QUERY_CHILDREN];
	size_t n;
};

/* Every function returns NULL when it told a problem; the query is given up then. */
const struct query_node *parse_level(struct query_parser *p); /* operands and operators up to a `)` or the end */
const struct query_node *parse_operand(struct query_parser *p);
void parser_next(struct query_parser *p);
bool parser_enter(struct query_parser *p, struct draft_place at); /* one level deeper; false when told */
void parser_leave(struct query_parser *p);

struct query_node *node_new(struct query_parser *p, enum query_kind kind, struct draft_place at);
/* Gives `node` its children, size, depth and hash; NULL when it is too large. */
const struct query_node *node_close(
	struct query_parser *p, struct query_node *node, const struct query_node *const *child, size_t n);
/* A term that is found by its literal part; NULL when told. `written` may have wildcards when `has_wildcards`. */
const struct query_node *parse_term(struct query_parser *p, const struct query_token *t, bool has_wildcards, char mark);
const struct query_node *parse_regex(struct query_parser *p, const struct query_token *t);
const struct query_node *parse_macro(struct query_parser *p, const struct query_token *t);
const struct query_node *parse_field(struct query_parser *p, const struct query_token *t);

/* "退款 or any of a list": has places in the text, so that NEAR can stand beside it. */
bool node_has_places(const struct query_node *node);

#endif
