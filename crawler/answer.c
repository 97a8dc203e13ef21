/* From the bytes of an answer to posts: by recipe, as a feed, or as a page. */
#include "crawler/answer.h"

#include "common/base/fuel.h"
#include "common/base/metrics.h"
#include "crawler/answer_mail.h"
#include "crawler/answer_page.h"

static enum outcome read_feed(
	struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e)
{
	struct feed feed;
	const enum outcome done = feed_parse(a, page, &feed, e);
	if (done != OK)
		return done;
	out->what = feed.version;
	out->encoding = feed.encoding;
	out->trouble = feed.bozo ? feed.bozo_reason : STR("");
	websub_links_feed(a, &feed, &out->links);
	out->n = feed.nentries;
	out->ttl_ms = feed.ttl_ms > 0 ? feed.ttl_ms : 0;
	out->post = arena_list(a, struct admitted, feed.nentries + 1);
	admit_posts(a, t, &feed, out->post);
	return OK;
}

static enum outcome read_recipe(
	struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e)
{
	struct recipe_result found;
	const struct recipe *r = t->source->how->recipe;
	const enum outcome done = recipe_read(a, r, page, &found, e);
	out->wait_ms = found.wait_ms;
	out->next = found.next;
	out->what = arena_printf(a, "recipe %.*s", STR_FMT(r->name));
	out->encoding = found.encoding;
	out->n = found.n;
	out->post = arena_list(a, struct admitted, found.n + 1);
	for (size_t i = 0; i < found.n; i++)
		admit_found(a, t, &found.post[i], &out->post[i]);
	return done;
}

enum outcome answer_read(struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e)
{
	*out = (struct answer){ 0 };
	const struct source_how *how = t->source->how;
	struct admit_terms own = *t;
	own.fuel = how->kind == SOURCE_IMAP ? NULL : page->fuel; /* a mailbox that is refused would stand still for good */
	enum outcome done = how->recipe != NULL        ? read_recipe(a, &own, page, out, e)
			    : how->kind == SOURCE_PAGE ? answer_page(a, &own, page, out, e)
			    : how->kind == SOURCE_IMAP ? answer_mail(a, &own, page->bytes, out, e)
						       : read_feed(a, &own, page, out, e);
	if (done == OK && fuel_is_out(own.fuel))
		done = err_set(e, REJECT, PAGE_TOO_COSTLY, page->bytes.n);
	metrics_add(M_entries_total, (int64_t)out->n);
	return done;
}
