/* What stands between bytes and readers, and between readers. */
#ifndef EARSHOT_CRAWLER_EXTRACT_REFEREE_H
#define EARSHOT_CRAWLER_EXTRACT_REFEREE_H

#include "crawler/extract.h"

/* Records were found by their likeness alone. When they are teasers or comments beside a longer article, the article is what the
 * page says. */
void extract_referee(const struct extract *x, struct extraction *out);

/* Pages that are too large are so for their scripts: what stands in them goes, but for JSON-LD. */
struct str extract_without_scripts(struct arena *a, struct str html);

#endif
