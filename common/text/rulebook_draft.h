/* A rulebook while it is being read: files of several folders add brands and rules to it, rulebook.c settles duplicates and
 * compiles it. Only the rulebook*.c files, their tests and their fuzz target use this. Strings live in `a`, arrays with the draft: a
 * book lives long, and its drafts are several times as large. */
#ifndef EARSHOT_TEXT_RULEBOOK_DRAFT_H
#define EARSHOT_TEXT_RULEBOOK_DRAFT_H

#include "common/base/conf.h"
#include "common/text/rulebook.h"
#include "common/text/rulebook_problems.h"
#include "common/text/weights.h"
#include <earshot/limits.h>

#define RULEBOOK_ARENA_BYTES ((size_t)1 << 30) /* LIMIT_RULES terms with their files; what is used is what is taken */

struct draft_rule {
	struct rule rule;
	struct str folded; /* the term as the scanner sees it */
	int column; /* where it is written, with rule.file and rule.line */
	int folder; /* which of the folders it came from */
};

struct draft_place {
	const char *file;
	int line, column;
};

/* A query that stands in another file, and where. */
struct draft_query_text {
	struct str text;
	struct draft_place place;
};

/* A *.model file; `weights` borrow from its bytes. */
struct draft_model {
	struct weights weights;
	const char *path;
};

struct rulebook_draft {
	struct arena *a;
	struct arena scratch; /* of one term */
	struct problems *p;
	int folder; /* the one being read now */
	struct draft_rule *rule;
	size_t nrules, rules_cap;
	struct brand *brand;
	struct draft_query_text *brand_query; /* of each brand; "" = none. rulebook_queries.c makes rules of them */
	size_t nbrands;
	bool over_limit_told;
	struct draft_queries *queries; /* those read so far; NULL = none */
	struct draft_model model[LIMIT_RULEBOOK_MODELS]; /* those that came as files */
	size_t nmodels;
	struct str model_name; /* the one that scoring.conf names; "" = none is */
	struct draft_place model_place; /* where it says so */
	const struct weights *weights; /* as rulebook.h has it */
};

void draft_init(struct rulebook_draft *d, struct arena *a, struct problems *p);
void draft_release(struct rulebook_draft *d);
/* One problem of the table, at a place. */
void draft_tell(struct rulebook_draft *d, enum rule_problem kind, struct draft_place at, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Decodes what editors and Excel write (rulebook_text.h); false, with one problem, when the bytes are no text. */
bool draft_text(struct rulebook_draft *d, struct str bytes, const char *path, struct str *text);
/* Checks the term, folds it and adds the rule; `rule` has everything but term, file, line and is_latin. */
void draft_add(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place);
/* The same for a term as people write it: `=Target` wants its case exact, `refund*` may go on behind it. */
void draft_add_written(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place);
bool draft_is_latin(struct str folded); /* begins and ends with a word character */
/* The folds that terms of this list have unless told otherwise: what rule.folds = 0 becomes. */
unsigned draft_folds(enum rule_list list);
/* Drops every rule that a later one of the same list, brand and folded term replaces: an operator's folder may override
 * the shipped one, but inside one folder a repetition is a warning. */
void draft_settle(struct rulebook_draft *d);

/* A query as text; `place` is where its first character stands, so that problems have exact columns. It is parsed when all files
 * are read, because it may name lists and macros of any of them. `rule` has list, brand, weight, category … and folds of its
 * terms (0 = default). A query of a later folder replaces one of the same name, list and brand. */
void draft_query(struct rulebook_draft *d, struct str name, struct str text, struct draft_place place, struct rule rule);
/* `@name` in any query stands for this expression. */
void draft_macro(struct rulebook_draft *d, struct str name, struct str text, struct draft_place place);

/* One *.query file. */
void rulebook_parse_queries(struct rulebook_draft *d, struct str bytes, const char *path);
/* One LIST.LANG.tsv; the name of the file says which list. */
void rulebook_parse_list(struct rulebook_draft *d, struct str bytes, const char *path);
/* One scoring.conf. */
void rulebook_parse_scoring(struct rulebook_draft *d, struct str bytes, const char *path);
/* One *.model. */
void rulebook_parse_model(struct rulebook_draft *d, struct str bytes, const char *path);
/* All files were read: the model that is named becomes that of the book, which keeps a copy. */
void rulebook_settle_model(struct rulebook_draft *d);
/* One brands.conf. */
void rulebook_parse_brands(struct rulebook_draft *d, struct str bytes, const char *path);
/* brands.tsv or brands.csv: a row a brand, the options of brands.conf as columns, `;` or 、 between the items of a cell. */
void rulebook_parse_brand_sheet(struct rulebook_draft *d, struct str bytes, const char *path);
/* One [brand ID] section, wherever it was read from. */
void rulebook_add_section(struct rulebook_draft *d, const struct conf_section *s);

/* All files read and settled; for draft_release(). */
void rulebook_draft_of(const struct rulebook_files *files, struct arena *a, struct problems *p, struct rulebook_draft *out);

#endif
