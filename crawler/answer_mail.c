/* The posts of a mailbox: its messages, through the reader and the door of imported ones. */
#include "crawler/answer_mail.h"

#include <earshot/limits.h>

#include "common/text/rulebook_text.h"
#include "crawler/draft.h"
#include "crawler/imap.h"
#include "crawler/mail.h"

/* The sender's date, else when the server got it: some programs write dates that nobody can read. */
static void date_of(struct draft *d, const struct draft_terms *t, struct str received)
{
	int64_t ms = -1;
	bool day_only = false;
	if (d->part[DRAFT_POSTED].n == 0 || !draft_date(d->part[DRAFT_POSTED], t, &ms, &day_only))
		d->part[DRAFT_POSTED] = received;
}

static void read_message(struct arena *a, const struct admit_terms *t, const struct imap_message *m, struct admitted *out)
{
	const struct draft_terms terms = { .source = t->source, .now_ms = t->now_ms };
	struct draft draft;
	struct post raw;
	struct str brand;
	struct err e = { 0 };
	mail_read(a, rulebook_text_lines(a, m->bytes), &draft);
	date_of(&draft, &terms, m->received);
	if (draft_post(a, &terms, &draft, &raw, &brand, &e) == OK)
		admit_post(a, t, &raw, out);
	else
		*out = (struct admitted){ .refused = "no post" };
}

enum outcome answer_mail(struct arena *a, const struct admit_terms *t, struct str body, struct answer *out, struct err *e)
{
	struct imap_message m;
	struct str rest = body;
	size_t n = 0;
	(void)e;
	while (imap_next_message(&rest, &m))
		n++;
	out->what = STR("mailbox");
	out->post = arena_list(a, struct admitted, n + 1);
	for (rest = body; out->n < n && imap_next_message(&rest, &m);)
		read_message(a, t, &m, &out->post[out->n++]);
	return OK;
}
