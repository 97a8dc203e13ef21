/* The stored samples of a recipe: NAME.sample.EXT, or NAME.VARIANT.sample.EXT, beside NAME.recipe, each with what is expected of it
 * in NAME[.VARIANT].expected.json (the form of recipe_write()). */
#ifndef EARSHOT_CLI_RECIPE_SAMPLE_H
#define EARSHOT_CLI_RECIPE_SAMPLE_H

#include "common/base/json.h"
#include "crawler/recipe.h"

struct recipe_sample {
	struct str title; /* "mastodon" or "mastodon.empty" */
	const char *path, *expected_path;
};
/* All of a recipe, by name; in `a`. */
size_t recipe_samples(struct arena *a, const struct recipe *r, struct recipe_sample **out);

/* One sample read again and compared. False with one sentence a difference, a line each, in `why`. `accept` writes what came as what is
 * expected from now on. *posts: how many came. */
bool recipe_sample_test(
	struct arena *a, const struct recipe *r, const struct recipe_sample *sample, bool accept, struct buf *why, size_t *posts);

/* The page with personal data masked, as UTF-8: numbers and addresses as everywhere (mask_text), names of `nauthors` authors by
 * author-1, author-2 …, in JSON only inside strings. */
struct str recipe_sample_mask(struct arena *a, struct str utf8, const struct str *author, size_t nauthors);

#endif
