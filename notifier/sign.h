/* The signatures of the channels, as functions of their arguments, so that vectors made with openssl can test them. */
#ifndef EARSHOT_NOTIFIER_SIGN_H
#define EARSHOT_NOTIFIER_SIGN_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define SIGN_SECRETS 4 /* of one webhook, while one is being replaced */

/* Standard Webhooks. `secrets`: one or more of "whsec_" and base64, separated by white space. */
bool sign_webhook_usable(struct str secrets); /* all of them decode to 16 bytes or more; "" is usable and signs nothing */
/* "v1,BASE64 v1,BASE64": base64(HMAC-SHA256(key, id "." seconds "." body)) for each secret; "" without one. */
struct str sign_webhook(struct arena *a, struct str secrets, struct str id, int64_t seconds, struct str body);

/* DingTalk: urlencode(base64(HMAC-SHA256(key = secret, now_ms "\n" secret))). */
struct str sign_dingtalk(struct arena *a, struct str secret, int64_t now_ms);
void sign_url_encode(struct buf *out, struct str s); /* all but letters, digits, "-", "_", "." */

#endif
