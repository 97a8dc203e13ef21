/* Signed requests, ours and those we take: HMAC-SHA256 over `id.seconds.body`, as Standard Webhooks has it. */
#ifndef EARSHOT_BASE_SIGNATURE_H
#define EARSHOT_BASE_SIGNATURE_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define SIGNATURE_SECRETS 4 /* of one webhook, while one is being replaced */

/* `secrets`: one or more of "whsec_" and base64, separated by white space. True when all of them decode to 16 bytes or more;
 * "" is usable and signs nothing. */
bool signature_usable(struct str secrets);
/* "v1,BASE64 v1,BASE64": base64(HMAC-SHA256(key, id "." seconds "." body)) for each secret; "" without one. */
struct str signature_make(struct arena *a, struct str secrets, struct str id, int64_t seconds, struct str body);

struct signed_request {
	struct str id, seconds, body; /* seconds as it was sent */
	struct str signature; /* "v1,BASE64", several by blanks, or "sha256=HEX" */
};
/* Is one of its signatures by one of the secrets? A secret without "whsec_" is the key itself, as shell scripts have it. */
bool signature_holds(struct str secrets, const struct signed_request *r);
/* The same for secrets that may be such a key: each 16 bytes or more, and at least one. */
bool signature_can_check(struct str secrets);

#endif
