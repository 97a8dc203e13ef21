/* Opening the rulebook for a command, and one text through it. */
#include "cli/rules.h"

#include "detector/judge.h"

#include <earshot/limits.h>

#define MAX_FOLDERS 16

static struct rulebook *load(const char *const *folder, size_t n, int *exit_code)
{
	struct problems p;
	problems_init(&p);
	struct rulebook *book = rulebook_load(folder, n, &p);
	(void)command_problems(&p); /* the missing book says the same */
	if (!book)
		*exit_code = EXIT_CONFIG;
	problems_release(&p);
	return book;
}

struct rulebook *rules_open(const struct options *o, int argc, char **argv, int *exit_code)
{
	const char *folder[MAX_FOLDERS];
	size_t n = 0;
	for (int i = 0; n < MAX_FOLDERS; i++) {
		folder[n] = options_each(argc, argv, "rules", i);
		if (!folder[n])
			break;
		n++;
	}
	if (n > 0)
		return load(folder, n, exit_code);
	struct arena arena;
	struct settings settings;
	struct rulebook *book = NULL;
	arena_init(&arena, 16u << 20);
	if (command_settings(&arena, o, &settings))
		book = load(settings.rules_folder, settings.rules.n, exit_code);
	else
		*exit_code = EXIT_CONFIG;
	arena_release(&arena);
	return book;
}

static int brand_in_question(const struct rulebook *book, const struct rules_reading *r, struct str brand)
{
	if (brand.n > 0)
		return rulebook_brand(book, brand);
	return r->nadmissions == 1 ? r->admission[0].brand : -1;
}

void rules_read(
	struct arena *a, const struct rulebook *book, const struct post *post, struct str brand, struct rules_reading *out)
{
	*out = (struct rules_reading){ .brand = brand };
	scan_post(a, book, post, &out->scanned);
	out->nadmissions = admission_find(a, book, &out->scanned, &out->admission);
	int index = brand_in_question(book, out, brand);
	if (index >= 0)
		out->brand = book->brand[index].name;
	if (brand.n > 0 && index < 0)
		judge_name(a, book, brand, post, &out->scanned, &out->verdict);
	else
		judge(a, book, index, post, &out->scanned, &out->verdict);
}

size_t rules_fold_names(unsigned folds, const char *out[FOLD__N])
{
	size_t n = 0;
	for (size_t bit = 0; bit < FOLD__N; bit++)
		if (folds & 1u << bit)
			out[n++] = fold_names[bit];
	return n;
}
