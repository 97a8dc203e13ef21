/* Reads the posts that a page holds as data: JSON-LD, microdata, preloaded JSON, microformats. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "common/base/tree.h"
#include "crawler/extract_engine.h"
#include "crawler/extract_records.h"

void structured_init(struct structured *s, const struct extract *x, const char *format)
{
	*s = (struct structured){ .x = x, .format = format };
}

/* The list doubles: most pages have none of the data, and few have many posts. */
struct extract_post *structured_add(struct structured *s)
{
	const bool is_full = s->n == 0 || (s->n >= 16 && (s->n & (s->n - 1)) == 0);
	if (s->n == LIMIT_EXTRACT_POSTS)
		return NULL;
	if (is_full) {
		struct extract_post *more = arena_list(s->x->a, struct extract_post, s->n == 0 ? 16 : s->n * 2);
		for (size_t i = 0; i < s->n; i++)
			more[i] = s->post[i];
		s->post = more;
	}
	struct extract_post *post = &s->post[s->n++];
	*post = (struct extract_post){ .published_ms = -1, .likes = -1, .replies = -1, .shares = -1, .views = -1 };
	return post;
}

static bool is_quote(const void *context, uint32_t node)
{
	const struct dom *d = context;
	return d->node[node].tag != TAG_TEXT && records_is_quote(d, node);
}

void structured_text(const struct extract *x, struct str written, struct extract_post *out)
{
	struct dom d;
	struct err e;
	out->text = str_trim(written);
	if (str_findc(written, '<') < 0 && str_findc(written, '&') < 0)
		return;
	if (dom_read(x->a, written, DOM_BUILDER_AUTO, &d, &e) != OK)
		return;
	out->text = str_trim(dom_text_without(x->a, &d, 0, is_quote, &d));
	if (out->text.n == 0)
		out->text = str_trim(dom_text(x->a, &d, 0));
	for (uint32_t n = 1; n < d.n && out->quote.n == 0; n++)
		if (is_quote(&d, n))
			out->quote = str_trim(dom_text(x->a, &d, n));
}

void structured_date(const struct extract *x, struct str written, struct extract_post *out)
{
	if (written.n == 0 || written.n > LIMIT_FIELD_BYTES)
		return;
	if (extract_date(x, written, &out->published_ms, &out->day_only) || out->published.n == 0)
		out->published = written;
}

static void give(const struct structured *s, struct extraction *out)
{
	*out = (struct extraction){ .title = s->title, .posts = s->post, .nposts = s->n, .engine = str_of(s->format) };
	out->author = s->post[0].author;
	out->published = s->post[0].published;
	out->published_ms = s->post[0].published_ms;
	out->day_only = s->post[0].day_only;
}

/* Search machines are often given the first posts only. Records found on the page that are many more and longer are the whole. */
static bool is_outdone(const struct extract *x, const struct extraction *out)
{
	struct extraction records = { .published_ms = -1 };
	size_t ours = 0, theirs = 0;
	if (out->nposts == 0 || extract_records(x, &records) < 0.5f || records.nposts * 2 < out->nposts * 3)
		return false;
	for (size_t i = 0; i < out->nposts; i++)
		ours += out->posts[i].text.n + out->posts[i].quote.n;
	for (size_t i = 0; i < records.nposts; i++)
		theirs += records.posts[i].text.n + records.posts[i].quote.n;
	return theirs * 2 > ours * 3;
}

float extract_structured(const struct extract *x, struct extraction *out)
{
	static const struct {
		const char *format;
		void (*read)(struct structured *s);
	} formats[] = { { "discourse", structured_preload }, { "json-ld", structured_jsonld },
		{ "microdata", structured_microdata } };
	float best = 0;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct structured s;
		structured_init(&s, x, formats[i].format);
		formats[i].read(&s);
		const float sure = structured_sure(&s);
		if (sure <= best + 0.02f)
			continue;
		best = sure;
		give(&s, out);
	}
	return best >= 0.5f && is_outdone(x, out) ? 0.4f : best;
}
