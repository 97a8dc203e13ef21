/* Bodies packed for the way (Content-Encoding: gzip, deflate, br, zstd, one over the other), unpacked as they arrive. libcurl could do it, but it
 * takes half a body for a whole one: a page that was cut would look as if its posts were gone.
 *
 * Several gzip members or zstd frames one after the other are one body; what stands behind the end of a packing is passed over, as browsers
 * do. How much may come out is the business of `take`. */
#ifndef EARSHOT_BASE_HTTP_UNPACK_H
#define EARSHOT_BASE_HTTP_UNPACK_H

#include "common/base/str.h"
#include <earshot/outcome.h>

#include <stdbool.h>

#define HTTP_UNPACK_ACCEPT "gzip, deflate, br, zstd" /* what we say that we can read */

struct http_unpack;

/* Takes a piece of the plain body; false = no more, and the reason is known to `owner`. */
typedef bool http_unpack_take(void *owner, struct str piece);

/* `raw`: the header lines of an answer, whose packings *out then unpacks; NULL when its body is plain. RETRY: it is packed in a way that we do
 * not know, or more than LIMIT_PACKINGS times. */
enum outcome http_unpack_new(
	struct str raw, http_unpack_take *take, void *owner, struct http_unpack **out, struct err *e) MUST_CHECK;
void http_unpack_free(struct http_unpack *u);
/* The next piece off the wire. RETRY: it is damaged; REJECT: `take` wants no more, and `e` is not filled. */
enum outcome http_unpack_add(struct http_unpack *u, struct str piece, struct err *e) MUST_CHECK;
/* Was all of it there? */
bool http_unpack_is_whole(const struct http_unpack *u);

#endif
