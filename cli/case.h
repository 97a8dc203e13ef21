/* `earshot case KIND` for documents: each turns one line of JSON into one line of JSON over the functions of the live path.
 * false = the line is not of the kind's shape; `out` then holds nothing. */
#ifndef EARSHOT_CLI_CASE_H
#define EARSHOT_CLI_CASE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"
#include "crawler/page.h"

/* A feed to be written as JSON: the document, and what of its response is no more than repeated. */
struct case_feed {
	struct page page;
	struct str etag, modified;
};

/* Takes a response header, any case, when a feed depends on it. */
void case_feed_header(struct case_feed *f, struct str name, struct str value);
/* Parses and writes it; a document that is no feed is written too, and the outcome says so. */
enum outcome case_feed_write(struct arena *a, const struct case_feed *f, struct buf *out, struct err *e) MUST_CHECK;

bool case_feeds(struct arena *a, const struct json *line, struct buf *out); /* {"file","url"?,"headers"?} → a feed result */
bool case_survive(struct arena *a, const struct json *line, struct buf *out); /* the same; any file must give an answer */
bool case_feeddates(struct arena *a, const struct json *line, struct buf *out); /* {"date"} → {"unix"}, null when it is none */
bool case_html(struct arena *a, const struct json *line,
	struct buf *out); /* {"html","builder"?} → {"tree"} in the notation of html5lib */
bool case_json(struct arena *a, const struct json *line, struct buf *out); /* {"file"} → {"ok"} */
bool case_csv(struct arena *a, const struct json *line, struct buf *out); /* {"cell"} → {"cell"} as a reader gets it back */
bool case_charset(struct arena *a, const struct json *line, struct buf *out); /* {"charset","bytes_b64"} → {"text"} */
bool case_sniff(struct arena *a, const struct json *line, struct buf *out); /* {"bytes_b64"} → {"charset"} */

#endif
