/* Challenge pages: what a site's gatekeeper shows instead of the page, to have visitors prove that they are people. They are
 * recognised so that operators are told and the source is slowed; nothing here tries to pass one. Pure; the marks are one table in
 * the .c file. */
#ifndef EARSHOT_CRAWLER_CHALLENGE_H
#define EARSHOT_CRAWLER_CHALLENGE_H

#include "common/base/str.h"

/* Who asks: "Cloudflare", "a captcha" …; NULL = no challenge. `is_readable`: the answer is one to be read (200), and only what no
 * ordinary page shows counts; else it was refused, or nothing could be read of it, and weaker marks count, too. */
const char *challenge_find(int status, struct str header, struct str body, bool is_readable);

#endif
