/* What the readers of data inside a page share: the list of posts they fill, and the proof that the list holds. */
#ifndef EARSHOT_CRAWLER_EXTRACT_STRUCTURED_H
#define EARSHOT_CRAWLER_EXTRACT_STRUCTURED_H

#include "crawler/extract.h"

struct structured {
	const struct extract *x;
	struct extract_post *post; /* room for LIMIT_EXTRACT_POSTS */
	size_t n;
	struct str title;
	struct str text; /* of the page; "" = all posts */
	bool is_thread; /* it says of itself that it is a thread or a question */
	const char *format; /* "json-ld", "microdata", … */
};

void structured_init(struct structured *s, const struct extract *x, const char *format);
/* An empty post to be filled; NULL when there is no more room. */
struct extract_post *structured_add(struct structured *s);
/* Text of data that may hold markup: as people would see it, quotes apart. */
void structured_text(const struct extract *x, struct str written, struct extract_post *out);
void structured_date(const struct extract *x, struct str written, struct extract_post *out);
/* How sure: the posts' texts stand on the page as people see it (or the page shows next to nothing), they are most of what it
 * says, they are whole, and they have authors and dates. */
float structured_sure(const struct structured *s);
/* What the page says outside of links, menus and forms, and a text, in bytes of letters and digits: to be compared. */
size_t structured_prose(const struct extract *x);
size_t structured_bytes(const struct extract *x, struct str text);

void structured_jsonld(struct structured *s);
void structured_microdata(struct structured *s);
void structured_preload(struct structured *s);

#endif
