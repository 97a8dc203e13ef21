/* Posts or an article? Blogs have comments below, news have teasers beside: neither makes the page a thread. */
#include "crawler/extract_referee.h"

#include "crawler/extract_article.h"
#include "crawler/extract_meta.h"
#include "crawler/extract_thread.h"

#define ARTICLE_LEAST 300 /* bytes of an article that counts */

/* What stands on the page before the first of the posts. */
static struct str before_squeezed(const struct extract *x, const struct extraction *out)
{
	const struct dom *d = x->dom;
	struct buf all;
	uint32_t end = d->n;

	for (size_t i = 0; i < out->nposts; i++)
		if (out->posts[i].node > 0 && out->posts[i].node < end)
			end = out->posts[i].node;
	buf_init(&all, SIZE_MAX / 2);
	for (uint32_t i = 1; i < end; i++) {
		const enum dom_tag tag = d->node[i].tag;

		if (tag == TAG_SCRIPT || tag == TAG_STYLE || tag == TAG_HEAD)
			i = d->node[i].end - 1;
		else if (tag == TAG_TEXT)
			buf_adds(&all, d->node[i].text);
	}
	const struct str squeezed = meta_squeezed(x->a, buf_str(&all), all.n + 1);
	buf_release(&all);
	return squeezed;
}

/* Most of the posts is in the article, too: what the article has beside them is the frame of the page. */
static bool is_within(struct arena *a, struct str posts, struct str article)
{
	return 2 * extract_thread_found(a, posts, meta_squeezed(a, article, article.n + 1)) > posts.n;
}

/* A line that is found before the posts is made of texts no longer than what stands there: bytes of all such texts. */
static size_t short_texts(const struct extract *x, struct str before)
{
	const struct dom *d = x->dom;
	size_t n = 0;

	for (uint32_t i = 1; i < d->n; i++) {
		const struct str text = d->node[i].tag == TAG_TEXT ? d->node[i].text : STR("");

		if (d->node[i].tag == TAG_SCRIPT || d->node[i].tag == TAG_STYLE)
			i = d->node[i].end - 1;
		else if (text.n <= before.n || meta_squeezed(x->a, text, before.n + 1).n <= before.n)
			n += text.n;
	}
	return n;
}

/* Can more of an article than `enough` be found before the posts? An article is made of lines of the page, or its data hold it. */
static bool may_stand_before(const struct extract *x, struct str before, size_t enough)
{
	struct jsonld_article ld;
	size_t n = 0;
	if (jsonld_article(x, &ld) && ld.body.n > 0)
		return true;
	if (before.n < EXTRACT_LINE_LOOK && short_texts(x, before) <= enough)
		return false; /* the lines need not be made */
	const struct article *lines = article_lines(x);
	for (uint32_t i = 0; i < lines->nlines; i++)
		n += extract_thread_found(x->a, lines->line[i].text, before);
	return n > enough;
}

void extract_referee(const struct extract *x, struct extraction *out)
{
	struct extraction article = { .published_ms = -1 };
	const struct str posts = extract_thread_squeezed(x->a, out, true), before = before_squeezed(x, out);
	if (!may_stand_before(x, before, posts.n))
		return; /* as it will be below, whatever the article is */
	const float sure = extract_article(x, &article);
	if (article.text.n < ARTICLE_LEAST)
		return;
	if (2 * extract_thread_found(x->a, article.text, posts) > article.text.n)
		return;
	if (is_within(x->a, extract_thread_text(x->a, out), article.text))
		return;
	if (extract_thread_found(x->a, article.text, before) <= posts.n)
		return;
	*out = article;
	out->level = EXTRACT_ARTICLE;
	out->confidence = sure;
}
