/* The sentence behind an outcome: err_set() of <earshot/outcome.h>. */
#include <earshot/outcome.h>

#include "common/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence that did not fit must not end inside a UTF-8 sequence: the consoles and JSON writers behind us take whole ones. */
static void err_cut(char *text, size_t cap)
{
	struct str whole = { text, cap };
	size_t keep = str_cut_utf8(whole, cap - 1).n;
	memset(text + keep, 0, cap - keep);
}

enum outcome err_set(struct err *e, enum outcome outcome, const char *fmt, ...)
{
	if (!e)
		return outcome;
	/* The caller may quote e->text itself ("%s: %s", path, e->text), so the sentence is made aside. */
	char text[ERR_TEXT_BYTES + 4];
	va_list args;
	va_start(args, fmt);
	int want = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (want < 0)
		text[0] = 0;
	if (want >= ERR_TEXT_BYTES)
		err_cut(text, ERR_TEXT_BYTES);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20)
			*c = ' '; /* one line: what foreign bytes bring along must not break the log */
	e->outcome = outcome;
	memcpy(e->text, text, ERR_TEXT_BYTES);
	e->text[ERR_TEXT_BYTES - 1] = 0;
	return outcome;
}
