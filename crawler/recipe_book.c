/* All recipes of the feeds folders. */
#include "crawler/recipe_plan.h"

#include "common/base/file.h"

#include <string.h>

static void tell_twice(struct problems *p, const struct recipe *r, const struct recipe *other)
{
	const struct recipe_problem_row *row = &recipe_problem_rows[P_TWICE];
	p->code = row->code;
	problems_add(p, r->path, 1, 1, "the recipe %.*s is in %s, too; rename one", STR_FMT(r->name), other->path);
	p->code = NULL;
}

static void load_folder(struct arena *a, const char *folder, struct recipe_book *out, struct problems *p)
{
	struct str *name = NULL;
	size_t n = 0;
	if (file_list(a, folder, ".recipe", &name, &n, NULL) != OK)
		return; /* that a folder cannot be read is said where its sources are loaded */
	struct recipe **grown = arena_list(a, struct recipe *, out->n + n + 1);
	if (out->n > 0)
		memcpy(grown, out->recipe, out->n * sizeof *grown);
	out->recipe = grown;
	for (size_t i = 0; i < n; i++) {
		struct recipe *r = recipe_load(a, arena_cstr(a, file_join(a, str_of(folder), name[i])), p);
		const struct recipe *other = r != NULL ? recipes_find(out, r->name) : NULL;
		if (other != NULL)
			tell_twice(p, r, other);
		if (other != NULL)
			recipe_free(r);
		else if (r != NULL)
			out->recipe[out->n++] = r;
	}
}

void recipes_load(struct arena *a, const char *const *folder, size_t nfolders, struct recipe_book *out, struct problems *p)
{
	*out = (struct recipe_book){ 0 };
	for (size_t i = 0; i < nfolders; i++)
		load_folder(a, folder[i], out, p);
}

void recipes_release(struct recipe_book *book)
{
	for (size_t i = 0; i < book->n; i++)
		recipe_free(book->recipe[i]);
	book->n = 0;
}

const struct recipe *recipes_find(const struct recipe_book *book, struct str name)
{
	for (size_t i = 0; i < book->n; i++)
		if (str_eq(book->recipe[i]->name, name))
			return book->recipe[i];
	return NULL;
}
