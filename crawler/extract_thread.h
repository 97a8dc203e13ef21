/* The words of a thread as one text, and how much of one text stands in another. */
#ifndef EARSHOT_CRAWLER_EXTRACT_THREAD_H
#define EARSHOT_CRAWLER_EXTRACT_THREAD_H

#include "crawler/extract.h"

#define EXTRACT_LINE_LOOK 200 /* bytes squeezed of a line that say as much as all of it */

/* All posts, blank lines between. What a post quotes goes before its own words, unless the page tells it in another post
 * anyway: the words of a thread are there once. */
struct str extract_thread_text(struct arena *a, const struct extraction *out);
/* The texts of all posts (and their quotes) without spaces and marks: what extract_thread_found() looks in. */
struct str extract_thread_squeezed(struct arena *a, const struct extraction *out, bool with_quotes);
/* Bytes of the lines of `text` that `squeezed` (extract_meta.h) holds; lines of a few characters are not looked for. */
size_t extract_thread_found(struct arena *a, struct str text, struct str squeezed);

#endif
