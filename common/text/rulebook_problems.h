/* The kinds of problems of rules, from rulebook_problems.def: each has a code that documents and people can name. */
#ifndef EARSHOT_TEXT_RULEBOOK_PROBLEMS_H
#define EARSHOT_TEXT_RULEBOOK_PROBLEMS_H

#include <stdbool.h>

enum rule_problem {
#define PROBLEM(name, code, severity, about) R_##name,
#include "common/text/rulebook_problems.def"
#undef PROBLEM
	R__N
};

struct rule_problem_row {
	const char *code;
	bool is_warning; /* the rules load all the same */
	const char *about;
};
extern const struct rule_problem_row rule_problem_rows[R__N];

#endif
