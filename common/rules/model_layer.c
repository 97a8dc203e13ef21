/* The model as a layer of its own over the rules of a rulebook. */
#include "common/rules/model_layer.h"

#include <stdlib.h>
#include <string.h>

#define LAYER_FILES 2 /* scoring.conf and the model */
#define NAMES "[scoring]\nmodel = "

bool model_layer_is_there(const struct rulebook_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (files->file[i].folder == MODEL_LAYER)
			return true;
	return false;
}

/* In the order of a rulebook: by name, then by folder. */
static int file_cmp(const void *a, const void *b)
{
	const struct rulebook_file *x = a, *y = b;
	const int order = str_cmp(x->name, y->name);
	return order ? order : (x->folder > y->folder) - (x->folder < y->folder);
}

/* Those of one list that are in the layer, or not, behind those that `out` has. */
static void take(struct rulebook_files *out, const struct rulebook_files *from, bool of_layer)
{
	for (size_t i = 0; i < from->n; i++)
		if ((from->file[i].folder == MODEL_LAYER) == of_layer)
			out->file[out->n++] = from->file[i];
}

struct rulebook_files model_layer_off(struct arena *a, const struct rulebook_files *files)
{
	struct rulebook_files out = { arena_list(a, struct rulebook_file, files->n + 1), 0 };
	take(&out, files, false);
	return out;
}

static void sort(struct rulebook_files *files)
{
	if (files->n > 0)
		qsort(files->file, files->n, sizeof *files->file, file_cmp);
}

struct rulebook_files model_layer_on(struct arena *a, const struct rulebook_files *files, struct str name, struct str bytes)
{
	struct rulebook_files out = { arena_list(a, struct rulebook_file, files->n + LAYER_FILES), 0 };
	take(&out, files, false);
	out.file[out.n++] = (struct rulebook_file){ STR("scoring.conf"), "model/scoring.conf", MODEL_LAYER,
		arena_printf(a, NAMES "%.*s\n", STR_FMT(name)) };
	if (bytes.n > 0) {
		const struct str file = arena_printf(a, "%.*s.model", STR_FMT(name));
		const char *path = arena_printf(a, "model/%.*s", STR_FMT(file)).p;
		out.file[out.n++] = (struct rulebook_file){ file, path, MODEL_LAYER, bytes };
	}
	sort(&out);
	return out;
}

struct rulebook_files model_layer_keep(struct arena *a, const struct rulebook_files *files, const struct rulebook_files *from)
{
	struct rulebook_files out = { arena_list(a, struct rulebook_file, files->n + from->n + 1), 0 };
	take(&out, files, false);
	take(&out, from, true);
	sort(&out);
	return out;
}

static const struct rulebook_file *next_of_layer(const struct rulebook_files *files, size_t *at)
{
	while (*at < files->n)
		if (files->file[(*at)++].folder == MODEL_LAYER)
			return &files->file[*at - 1];
	return NULL;
}

bool model_layer_same(const struct rulebook_files *x, const struct rulebook_files *y)
{
	const struct rulebook_file *f, *g;
	size_t at_x = 0, at_y = 0;
	do {
		f = next_of_layer(x, &at_x);
		g = next_of_layer(y, &at_y);
	} while (f != NULL && g != NULL && str_eq(f->name, g->name) && str_eq(f->bytes, g->bytes));
	return f == NULL && g == NULL;
}

struct str model_layer_name(const struct rulebook_files *files)
{
	size_t at = 0;
	for (const struct rulebook_file *f = next_of_layer(files, &at); f != NULL; f = next_of_layer(files, &at))
		if (str_starts(f->bytes, STR(NAMES)))
			return str_trim(str_from(f->bytes, sizeof NAMES - 1));
	return STR("");
}
