/* The messages of a look into a mailbox (crawler/imap.h) as posts that may be admitted. Pure. */
#ifndef EARSHOT_CRAWLER_ANSWER_MAIL_H
#define EARSHOT_CRAWLER_ANSWER_MAIL_H

#include "crawler/answer.h"

/* `body`: of the answer that imap_take() made. A message that is no post is refused, the others are not touched by it. */
enum outcome answer_mail(
	struct arena *a, const struct admit_terms *t, struct str body, struct answer *out, struct err *e) MUST_CHECK;

#endif
