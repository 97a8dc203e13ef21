/* A source that is to be: its id is proposed, its section written. What it says is checked by the loader (sources_add()), by nobody
 * else. Pure. */
#ifndef EARSHOT_CRAWLER_SOURCE_DRAFT_H
#define EARSHOT_CRAWLER_SOURCE_DRAFT_H

#include "common/base/buf.h"
#include "crawler/source_known.h"

struct source_draft {
	struct str id, url;
	struct str kind, recipe, family, every; /* "" = the default */
	const struct conf_list *allow_cidr; /* NULL = none */
	struct str title, folder; /* for people: comments */
};

/* By the host, and by the path where the host is taken: "news-example-com", "news-example-com-politics", "…-2": one that no
 * source of `known` has, be it switched off. */
struct str source_draft_id(struct arena *a, const struct source_draft *d, const struct source_known *known);
/* A [source ID] section with an empty line before it. Strangers' words stay in their comment, on one line. */
void source_draft_write(struct buf *out, const struct source_draft *d);

#endif
