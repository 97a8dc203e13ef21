/* One look into a mailbox (IMAP4rev1, RFC 3501), as a conversation: bytes of the server in, commands out. Pure: it knows no socket.
 *
 * The mailbox is never changed: EXAMINE opens it read-only, BODY.PEEK leaves messages unread. What was read is remembered the way a
 * feed's validators are: the conversation ends with a header "ETag: UIDVALIDITY:UID" of the last message, and status 304 when there
 * is nothing behind it. The server is not trusted: lines, literals, messages and all together are capped. */
#ifndef EARSHOT_CRAWLER_IMAP_H
#define EARSHOT_CRAWLER_IMAP_H

#include "common/base/arena.h"
#include "common/base/http.h"

struct imap_terms {
	struct str user, password;
	struct str folder; /* UTF-8 */
	struct str known; /* "UIDVALIDITY:UID" of the last look; "" = none */
	int64_t since_ms; /* without it, or in a mailbox that was made anew: messages received from this day on */
};

struct imap;
struct imap *imap_new(const struct imap_terms *t); /* copies what it needs */
void imap_free(struct imap *s); /* NULL is fine */
/* An http_talk: SKIP = more has to come, OK = it is over, REJECT = the server refuses, or speaks something else. */
enum outcome imap_take(void *imap, struct str arrived, struct http_talk_out *out, struct err *e) MUST_CHECK;

/* The messages in the body of the answer, one after the other. */
struct imap_message {
	struct str received; /* when, as IMAP writes it: 17-Jul-2026 02:44:25 -0700 */
	struct str bytes;
};
bool imap_next_message(struct str *rest, struct imap_message *out);
/* Are there more messages than one look takes? `header` of the answer. */
bool imap_has_more(struct str header);

/* A folder's name as IMAP writes it: modified UTF-7. */
struct str imap_folder(struct arena *a, struct str name);

#endif
