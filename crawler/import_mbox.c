/* Mailboxes: messages behind lines "From …" (mboxrd: one ">" is taken off ">From "), or a single message. */
#include "crawler/import.h"

#include "common/text/rulebook_text.h"
#include "crawler/mail.h"

#include <earshot/limits.h>
#include <string.h>

struct mbox_state {
	struct str rest;
	unsigned long line; /* of the first byte of `rest` */
};

static enum outcome mbox_open(struct import *i, struct err *e)
{
	struct mbox_state *s = arena_new(&i->arena, struct mbox_state);
	const enum outcome done = import_read_all(i, LIMIT_IMPORT_BYTES, e);
	i->state = s;
	*s = (struct mbox_state){ rulebook_text_lines(&i->arena, i->bytes), 1 };
	return done;
}

/* Where the next message begins: a line "From " behind an empty line. */
static size_t message_end(struct str s)
{
	const ptrdiff_t at = str_find(s, STR("\n\nFrom "));
	return at < 0 ? s.n : (size_t)at + 2;
}

static struct str without_marks(struct arena *a, struct str message)
{
	char *to = arena_take(a, message.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < message.n; i++) {
		if ((i == 0 || message.p[i - 1] == '\n') && message.p[i] == '>') {
			size_t marks = i;
			while (marks < message.n && message.p[marks] == '>')
				marks++;
			i += str_starts(str_from(message, marks), STR("From "));
		}
		to[n++] = message.p[i];
	}
	return (struct str){ to, n };
}

static enum outcome import_mbox_next(struct import *i, struct arena *a, struct draft *out, struct err *e)
{
	struct mbox_state *s = i->state;
	(void)e;
	while (s->rest.n > 0 && s->rest.p[0] == '\n') {
		s->rest = str_from(s->rest, 1);
		s->line++;
	}
	if (s->rest.n == 0)
		return SKIP;
	i->line = s->line;
	const size_t n = message_end(s->rest);
	struct str message = str_first(s->rest, n), first = message, line;
	if (str_starts(message, STR("From ")) && str_split(&first, '\n', &line))
		message = first;
	for (size_t k = 0; k < n; k++)
		s->line += s->rest.p[k] == '\n';
	s->rest = str_from(s->rest, n);
	mail_read(a, without_marks(a, str_first(message, LIMIT_MAIL_BYTES)), out);
	return OK;
}

const struct import_format import_mbox = { "mbox", "a mailbox, or one message", false, mbox_open, import_mbox_next, NULL };
