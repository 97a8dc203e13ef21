/* What the parts of an engine rule's application share: the page with its posts marked. */
#ifndef EARSHOT_CRAWLER_EXTRACT_ENGINE_POST_H
#define EARSHOT_CRAWLER_EXTRACT_ENGINE_POST_H

#include "crawler/extract_engine.h"

enum engine_flag { ENGINE_IS_POST = 1, ENGINE_IS_QUOTE = 2, ENGINE_IS_SIGNATURE = 4, ENGINE_IS_DROPPED = 8 };

struct engine_page {
	const struct extract *x;
	const struct engine *rule;
	uint8_t *flag; /* one a node */
	uint32_t *post; /* nodes of posts in document order */
	size_t nposts;
	const struct select_page *asked; /* the same for all rules; ancestors that selectors may ask: LIMIT_ENGINE_CLIMBS */
};

/* select_matches() as long as the page may cost something: false behind that. */
bool engine_matches(const struct engine_page *p, const struct select *s, uint32_t scope, uint32_t node);

/* The value of a field of the post at `node` (0 = of the page), one line; "" = none. What stands in a post inside it is not its. */
struct str engine_value(const struct engine_page *p, uint32_t node, enum engine_field field);
/* The element of a field, 0 = none. */
uint32_t engine_find(const struct engine_page *p, uint32_t node, enum engine_field field);
/* false: the post has no body. */
bool engine_post(const struct engine_page *p, uint32_t node, struct extract_post *out);
/* The time of a post from this field; `node` 0 = from the page. */
void engine_time(const struct engine_page *p, uint32_t node, enum engine_field field, struct extract_post *out);
/* Dates like 07/05/2024 of the posts of a page are read in the order that the clear ones among them show. */
void engine_dates(const struct extract *x, struct extract_post *post, size_t n);

#endif
