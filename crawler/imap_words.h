/* How IMAP writes things: responses with their literals, numbers, days, names of folders. Pure; for crawler/imap.c. */
#ifndef EARSHOT_CRAWLER_IMAP_WORDS_H
#define EARSHOT_CRAWLER_IMAP_WORDS_H

#include "common/base/buf.h"
#include <earshot/outcome.h>

#define IMAP_MORE "X-More"

struct imap_response {
	enum { IMAP_UNTAGGED, IMAP_TAGGED, IMAP_GO_ON, IMAP_OTHER } kind;
	unsigned tag;
	struct str line; /* behind "* " or the tag; the first line of several, without its end */
	struct str literal; /* the longest of its literals; p == NULL: none */
	struct str received; /* INTERNALDATE */
	uint64_t uid; /* of a FETCH; 0 = none */
};
/* Takes a whole response, with its literals, off the front of *rest. false: more has to come, or *done says REJECT. */
bool imap_words_response(struct str *rest, struct imap_response *out, enum outcome *done, struct err *e);

bool imap_words_number(struct str s, uint64_t *out); /* 1 … 2^32 - 1, as all numbers of IMAP */
bool imap_words_code(struct str line, const char *name, uint64_t *out); /* [UIDNEXT 7] */
void imap_words_day(struct buf *out, int64_t ms); /* 1-Feb-2026 */
void imap_words_known(struct str written, uint64_t *validity, uint64_t *last);
struct str imap_words_plain(struct str words); /* a server's words for a sentence: the first of one line */
void imap_words_message(struct buf *body, struct str received, struct str bytes);

#endif
