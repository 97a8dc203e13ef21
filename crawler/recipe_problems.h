/* The kinds of problems of recipes, from recipe_problems.def: each has a code that documents and people can name. */
#ifndef EARSHOT_CRAWLER_RECIPE_PROBLEMS_H
#define EARSHOT_CRAWLER_RECIPE_PROBLEMS_H

#include <stdbool.h>

enum recipe_problem {
#define PROBLEM(name, code, severity, about) P_##name,
#include "crawler/recipe_problems.def"
#undef PROBLEM
	P__N
};

struct recipe_problem_row {
	const char *code;
	bool is_warning; /* the recipe loads all the same */
	const char *about;
};
extern const struct recipe_problem_row recipe_problem_rows[P__N];

#endif
