/* How problems of queries are told: each has a code. */
#include "common/text/query_node.h"

#include <stdarg.h>

const struct query_problem_row query_problem_rows[QUERY_PROBLEM__N] = {
#define QUERY_PROBLEM(code, about) [QUERY_##code] = { #code, about },
#include "common/text/query_problems.def"
#undef QUERY_PROBLEM
};

void query_tell(struct problems *p, enum query_problem code, struct draft_place at, const char *fmt, ...)
{
	va_list args;
	const char *name = query_problem_rows[code].code;
	const struct problem place = {
		.file = at.file, .line = at.line, .column = at.column, .is_warning = name[0] == 'W', .code = name
	};
	va_start(args, fmt);
	problems_tell(p, &place, fmt, args);
	va_end(args);
}
