/* A mail message (RFC 5322 with MIME) as a draft: headers decoded (RFC 2047, and raw bytes of any encoding), the plain text of
 * its first readable part, quotes of older mails and the signature left out. Pure; caps LIMIT_MAIL_*. */
#ifndef EARSHOT_CRAWLER_MAIL_H
#define EARSHOT_CRAWLER_MAIL_H

#include "crawler/mapping.h"

/* Parts: id Message-ID, parent In-Reply-To, title Subject, author the sender's name (or address), posted Date, url Archived-At,
 * text. Strings live in `a` or in `message`. */
void mail_read(struct arena *a, struct str message, struct draft *out);
/* The first header of that name, unfolded, encoded words decoded; "" when absent. */
struct str mail_header(struct arena *a, struct str head, const char *name);
/* =?UTF-8?B?…?= and =?gb2312?Q?…?= to UTF-8. */
struct str mail_decode_words(struct arena *a, struct str written);

#endif
