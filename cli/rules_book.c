/* A rulebook as a person names it. */
#include "cli/rules_book.h"

#include <string.h>

bool rules_book_add(struct rules_book *b, struct arena *a, const char *word)
{
	struct str rest = str_of(word), part;
	while (str_split(&rest, ',', &part)) {
		if (b->nfolders == RULES_FOLDERS_MOST)
			return false;
		if (str_trim(part).n > 0)
			b->folder[b->nfolders++] = arena_cstr(a, str_trim(part));
	}
	return true;
}

void rules_book_of_settings(struct rules_book *b, const struct settings *s)
{
	for (size_t i = 0; i < s->rules.n && b->nfolders < RULES_FOLDERS_MOST; i++)
		b->folder[b->nfolders++] = s->rules_folder[i];
}

bool rules_book_load(struct rules_book *b, struct arena *a)
{
	struct problems problems;
	problems_init(&problems);
	b->book = rulebook_load(b->folder, b->nfolders, &problems);
	thresholds_load(a, b->folder, b->nfolders, &b->thresholds, &problems);
	const bool fine = command_problems(&problems) && b->book != NULL;
	problems_release(&problems);
	return fine;
}

void rules_book_release(struct rules_book *b)
{
	rulebook_free(b->book);
	b->book = NULL;
}

struct str rules_book_name(const struct rules_book *b, struct arena *a)
{
	struct str out = STR("");
	for (size_t i = 0; i < b->nfolders; i++)
		out = arena_printf(a, "%.*s%s%s", STR_FMT(out), i > 0 ? " + " : "", b->folder[i]);
	return out;
}

bool rules_book_is_own(const struct rules_book *b, const struct rule *rule)
{
	if (b->nfolders < 2)
		return false;
	const char *own = b->folder[b->nfolders - 1];
	const size_t n = strlen(own);
	return strncmp(rule->file, own, n) == 0 && (rule->file[n] == '/' || (n > 0 && own[n - 1] == '/'));
}
