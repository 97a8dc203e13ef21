/* Fuzz target: a mail server that says anything, in pieces of any size; what comes of it is messages within their caps. */
#include "crawler/imap.h"

#include <earshot/limits.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct imap_terms terms = { .user = STR("u"), .password = STR("p"), .folder = STR("投诉"), .known = STR("7:4") };
	struct buf say, header, body;
	struct err e;
	buf_init(&say, 1u << 20);
	buf_init(&header, LIMIT_HEADER_BYTES);
	buf_init(&body, LIMIT_BODY_BYTES);
	struct http_talk_out out = { .say = &say, .header = &header, .body = &body };
	struct imap *mailbox = imap_new(&terms);
	enum outcome done = SKIP;
	const size_t piece = size > 0 ? data[0] % 64u + 1 : 1;
	for (size_t at = 1; at < size && done == SKIP; at += piece)
		done = imap_take(mailbox, str_first((struct str){ (const char *)data + at, size - at }, piece), &out, &e);
	struct str rest = buf_str(&body);
	struct imap_message m;
	while (imap_next_message(&rest, &m))
		if (m.bytes.n > LIMIT_MAIL_BYTES)
			abort();
	if (rest.n > 0)
		abort();
	imap_free(mailbox);
	buf_release(&say);
	buf_release(&header);
	buf_release(&body);
	return 0;
}
