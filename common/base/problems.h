/* What a linter or loader found wrong: each with file, line, column, a sentence and a remedy. Loaders go on after a
 * problem, so that a person sees all of them at once, and the whole load is refused when there is any error. */
#ifndef EARSHOT_BASE_PROBLEMS_H
#define EARSHOT_BASE_PROBLEMS_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#include <stdarg.h>

struct problem {
	const char *file;
	int line, column;
	bool is_warning;
	const char *code; /* "R104": what kind of problem, static; NULL = it has none */
	const char *text;
};

struct problems {
	struct arena arena;
	struct problem *list; /* at most LIMIT_CONF_PROBLEMS; further ones are only counted */
	size_t n, unlisted, errors;
	const char
		*code; /* given to problems that bring none of their own: a loader sets it around a parser that knows no codes */
};

void problems_init(struct problems *p);
void problems_release(struct problems *p);
/* line and column count from 1; 0 = not known. The sentence ends with how to put it right. */
void problems_add(struct problems *p, const char *file, int line, int column, const char *fmt, ...) PRINTF_LIKE(5, 6);
void problems_warn(struct problems *p, const char *file, int line, int column, const char *fmt, ...) PRINTF_LIKE(5, 6);
/* One from a table of kinds: place, severity and code are those of `at`, its text is not looked at. */
void problems_tell(struct problems *p, const struct problem *at, const char *fmt, va_list args) PRINTF_LIKE(3, 0);
bool problems_any_error(const struct problems *p);
/* `file:line:column: error: [code] text` a line. */
void problems_write(const struct problems *p, struct buf *out);
/* As events config_error, for the processes that run on. */
void problems_log(const struct problems *p);
/* The name of `list` nearest to `word` (edit distance <= 2, or a third of its length), for "did you mean …?"; NULL when none. */
const char *problems_nearest(struct str word, const char *const *list, size_t n);

#endif
