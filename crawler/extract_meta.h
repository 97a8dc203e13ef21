/* The parts of reading what a page says about itself: meta elements, headings, bylines, with what its JSON-LD told. Strings live in the arena. */
#ifndef EARSHOT_CRAWLER_EXTRACT_META_H
#define EARSHOT_CRAWLER_EXTRACT_META_H

#include "crawler/extract.h"
#include "crawler/extract_jsonld.h"

/* The content of the first <meta> of that name, property or itemprop (ASCII case folded); "" when absent. */
struct str meta_content(const struct extract *x, const char *name);
/* The text of the first element of that tag, "" when absent. */
struct str meta_text_of(const struct extract *x, enum dom_tag tag);

/* The best title of the page; `site` is the name of the site when known. */
struct str meta_title(const struct extract *x, const struct jsonld_article *ld);
/* Who wrote it; several names with ", " between. */
struct str meta_author(const struct extract *x, const struct jsonld_article *ld);

/* ---- names ---- */

/* The name in "By Jane Doe | 3 May", "作者：张三 来源：…"; "" when it is none: an address, a date, a sentence. With `is_told` the page
 * says that a name stands here, and one word or a pen name will do. */
struct str meta_name(struct arena *a, struct str written, bool is_told);
/* A name behind 作者, 记者, 编辑 … in a line of a Chinese page; "" when there is none. */
enum meta_byline { META_BYLINE_AUTHOR, META_BYLINE_REPORTER, META_BYLINE_EDITOR };
struct str meta_name_han(struct str line, enum meta_byline kind);
/* The name in brackets at the end of an article: "……。（张三）". */
struct str meta_name_closing(struct str line);

/* Letters and digits alone, small, at most `max` bytes: what two spellings of one sentence have in common. */
struct str meta_squeezed(struct arena *a, struct str s, size_t max);

#endif
