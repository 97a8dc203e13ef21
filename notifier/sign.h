/* The signatures of the channels (webhooks: common/base/signature.h), as functions of their arguments, so that vectors made with openssl can test them. */
#ifndef EARSHOT_NOTIFIER_SIGN_H
#define EARSHOT_NOTIFIER_SIGN_H

#include "common/base/arena.h"
#include "common/base/buf.h"

/* DingTalk: urlencode(base64(HMAC-SHA256(key = secret, now_ms "\n" secret))). */
struct str sign_dingtalk(struct arena *a, struct str secret, int64_t now_ms);
void sign_url_encode(struct buf *out, struct str s); /* all but letters, digits, "-", "_", "." */

#endif
