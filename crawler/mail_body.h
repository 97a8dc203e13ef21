/* What the writer of a mail wrote himself. Pure. */
#ifndef EARSHOT_CRAWLER_MAIL_BODY_H
#define EARSHOT_CRAWLER_MAIL_BODY_H

#include "common/base/arena.h"

/* The text without lines that quote ("> …"), without the line that announces them (在 … 写道：, On … wrote:), without what stands
 * behind "-- " (a signature) or a line that begins a forwarded mail (-----Original Message-----, 发件人：). All of it when
 * nothing would be left. */
struct str mail_body_own(struct arena *a, struct str text);

#endif
