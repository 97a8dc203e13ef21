/* The configured sources: `[source ID]` sections of every .conf file in the feeds folders. */
#ifndef EARSHOT_CRAWLER_SOURCES_H
#define EARSHOT_CRAWLER_SOURCES_H

#include "crawler/recipe.h"
#include <earshot/source.h>

struct source_list {
	struct source *source;
	size_t n;
	struct recipe_book recipes; /* of the same folders */
	struct source *pushed; /* webhooks: nobody polls them */
	size_t npushed;
};

/* Reads all of them, and the recipes, into `a`; problems (also of single options) go to `p`. Disabled sources are left out. */
void sources_load(struct arena *a, const char *const *folder, size_t nfolders, struct source_list *out, struct problems *p);
void sources_release(struct source_list *l); /* what recipes hold outside of the arena */
const struct source *sources_find(const struct source_list *l, struct str id);
const struct source *sources_find_pushed(const struct source_list *l, struct str id);
/* A source made of a bare URL, for `earshot fetch URL`. */
enum outcome sources_of_url(
	struct arena *a, struct str url, const struct conf_list *allow_cidr, struct source *out, struct err *e) MUST_CHECK;

extern const struct conf_option source_options[];
extern const size_t source_noptions;
extern const char *const source_family_names[];

#endif
