/* What is said of one source: a table of explainers, a row each, in the order in which they are printed. An explainer is pure: it
 * writes lines about a view, or nothing when there is nothing to say. Whoever gives sources a new state adds a row. */
#ifndef EARSHOT_CLI_SOURCE_EXPLAIN_H
#define EARSHOT_CLI_SOURCE_EXPLAIN_H

#include "cli/source_view.h"

struct source_explainer {
	const char *title;
	void (*explain)(struct buf *out, const struct source_view *v); /* lines that end with \n; the title stands before them */
};
extern const struct source_explainer source_explainers[];
extern const size_t source_nexplainers;

void source_explain_write(struct buf *out, const struct source_view *v);

#endif
