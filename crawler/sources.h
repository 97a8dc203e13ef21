/* The configured sources: `[source ID]` sections of every .conf file in the feeds folders. */
#ifndef EARSHOT_CRAWLER_SOURCES_H
#define EARSHOT_CRAWLER_SOURCES_H

#include "crawler/recipe.h"
#include "crawler/source_how.h"
#include <earshot/source.h>

struct source_list {
	struct source *source;
	size_t n;
	struct recipe_book recipes; /* of the same folders */
	struct source *pushed; /* webhooks: nobody polls them */
	size_t npushed;
	struct source *off; /* enabled = no: known by name alone, nobody polls them and nothing is derived of them */
	size_t noff;
	uint32_t *slot; /* open addressing by id: which list, and place + 1 in it; 0 = free */
	size_t nslots; /* a power of two, at least twice the sources */
};

/* Reads all of them, and the recipes, into `a`; problems (also of single options) go to `p`. */
void sources_load(struct arena *a, const char *const *folder, size_t nfolders, struct source_list *out, struct problems *p);
/* The same for a worker that may have a hundred thousand: what the files say beside that is given back, source.at is NULL. */
void sources_load_lean(struct arena *a, const char *const *folder, size_t nfolders, struct source_list *out, struct problems *p);
/* Sections that are to stand in the file `path` from its line `line` on: read as if they did, added to the list. For what writes
 * such files: what this finds wrong is not to be written. */
void sources_add(struct arena *a, struct str sections, const char *path, int line, struct source_list *l, struct problems *p);
void sources_release(struct source_list *l); /* what recipes hold outside of the arena */
const struct source *sources_find(const struct source_list *l, struct str id);
const struct source *sources_find_pushed(const struct source_list *l, struct str id);
const struct source *sources_find_off(const struct source_list *l, struct str id);
/* A source made of a bare URL, for `earshot fetch URL`. */
enum outcome sources_of_url(
	struct arena *a, struct str url, const struct conf_list *allow_cidr, struct source *out, struct err *e) MUST_CHECK;

/* What reading sections takes; problems go to `p`. `scratch` may be reset after each. */
struct source_reader {
	struct arena *a, *scratch;
	const struct recipe_book *recipes;
	struct problems *p;
	struct source_hows hows; /* zeroed at first */
};
/* One section; false: it has problems, and *out is not to be used. */
bool sources_read(struct source_reader *r, const struct conf_section *at, struct source *out) MUST_CHECK;

extern const struct conf_option source_options[];
extern const size_t source_noptions;
extern const char *const source_family_names[];
extern const char *const source_kind_names[];

#endif
