/* What a recipe read, as JSON: the expected files of `earshot recipe test`, and what people look at. */
#ifndef EARSHOT_CRAWLER_RECIPE_WRITE_H
#define EARSHOT_CRAWLER_RECIPE_WRITE_H

#include "common/base/buf.h"
#include "crawler/recipe.h"

/* One post: the fields of post_write() by their names in recipes, those that are known. */
void recipe_write_post(struct buf *out, const struct recipe_post *post);
/* {"url","fetched","content_type"?,"error"?,"next"?,"posts":[…]}, a post a line. `error`: "" = it was read. */
void recipe_write(struct buf *out, const struct page *page, const struct recipe_result *result, struct str error);

#endif
