/* Reading the text of an expression: shared by recipe_expression*.c alone. A reader that returns false has told what is wrong, and the
 * rest of the expression says nothing more. */
#ifndef EARSHOT_CRAWLER_RECIPE_EXPRESSION_H
#define EARSHOT_CRAWLER_RECIPE_EXPRESSION_H

#include "crawler/recipe_plan.h"

struct expression_reader {
	struct recipe_draft *d;
	const struct conf_entry *entry;
	struct str text;
	size_t at;
	enum language language;
	int depth; /* in braces of templates */
};

#define FAIL(r, kind, byte, ...) (recipe_tell((r)->d, (kind), (struct recipe_place){ (r)->entry, (byte) }, __VA_ARGS__), false)

/* ---- pieces: recipe_expression_text.c ---- */

bool reader_is_space(char c);
struct str reader_rest(const struct expression_reader *r);
void reader_skip_space(struct expression_reader *r);
size_t reader_behind_blanks(const struct expression_reader *r, size_t at);
/* Does `mark` stand at `at`, and is it a word of its own? */
bool reader_is_mark(const struct expression_reader *r, size_t at, struct str mark);
bool reader_is_way_end(const struct expression_reader *r, size_t at);
bool reader_is_filter_start(const struct expression_reader *r, size_t at);
bool reader_is_piece_end(const struct expression_reader *r, size_t at); /* one of the two */
struct str reader_bare(struct expression_reader *r); /* a selector or pointer */
struct str reader_word(struct expression_reader *r);
bool reader_quoted(struct expression_reader *r, struct str *out);

/* ---- filters: recipe_expression_filter.c ---- */

bool reader_selector(struct expression_reader *r, struct str text, size_t from, const struct select **out);
bool reader_pointer(struct expression_reader *r, struct str text, size_t from, const struct pointer **out);
/* What an XPath asks for: *out are elements, NULL the item itself; an attribute or own text of them becomes a filter of `way`. */
bool reader_xpath(struct expression_reader *r, struct str text, size_t from, struct recipe_way *way, const struct select **out);
/* One filter, from behind its bar. *kind: of the values so far. */
bool reader_filter(struct expression_reader *r, struct recipe_way *way, enum value_kind *kind);

#endif
