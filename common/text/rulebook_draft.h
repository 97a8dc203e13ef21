/* A rulebook while it is being read: files of several folders add brands and rules to it, rulebook.c settles duplicates and
 * compiles it. Only the rulebook*.c files, their tests and their fuzz target use this. Strings and arrays live in `a`. */
#ifndef EARSHOT_TEXT_RULEBOOK_DRAFT_H
#define EARSHOT_TEXT_RULEBOOK_DRAFT_H

#include "common/text/rulebook.h"

struct draft_rule {
	struct rule rule;
	struct str folded; /* the term as the scanner sees it */
	int folder; /* which of the folders it came from */
};

struct rulebook_draft {
	struct arena *a;
	struct problems *p;
	int folder; /* the one being read now */
	struct draft_rule *rule;
	size_t nrules, rules_cap;
	struct brand *brand;
	size_t nbrands;
	bool over_limit_told;
};

struct draft_place {
	const char *file;
	int line, column;
};

void draft_init(struct rulebook_draft *d, struct arena *a, struct problems *p);
/* Strips a byte order mark; false, with one problem that names the encoding, when the bytes are not UTF-8 text. */
bool draft_text(struct rulebook_draft *d, struct str bytes, const char *path, struct str *text);
/* Checks the term, folds it and adds the rule; `rule` has everything but term, file, line and is_latin. */
void draft_add(struct rulebook_draft *d, struct str term, struct rule rule, struct draft_place place);
/* Drops every rule that a later one of the same list, brand and folded term replaces: an operator's folder may override
 * the shipped one, but inside one folder a repetition is a warning. */
void draft_settle(struct rulebook_draft *d);

/* One LIST.LANG.tsv; the name of the file says which list. */
void rulebook_parse_list(struct rulebook_draft *d, struct str bytes, const char *path);
/* One brands.conf. */
void rulebook_parse_brands(struct rulebook_draft *d, struct str bytes, const char *path);

#endif
