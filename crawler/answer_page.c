/* The posts of a page: a thread, a question with its answers, reviews, or one article. */
#include "crawler/answer_page.h"

#include "common/base/post.h"
#include "common/base/url.h"

/* What tells one post of a page from the others: its own id or address; else who wrote it when; else its words. */
static struct str native_id(struct arena *a, const struct extraction *x, const struct extract_post *p)
{
	if (p->id.n > 0)
		return p->id;
	if (p->url.n > 0)
		return p->url;
	if (x->nposts == 0)
		return STR("");
	if (p->author.n > 0 && p->published.n > 0 && p->published_ms >= 0 && !p->day_only)
		return arena_printf(a, "%.*s\n%lld", STR_FMT(p->author), (long long)p->published_ms);
	return arena_printf(a, "%.*s\n%016llx", STR_FMT(p->author), (unsigned long long)str_hash(p->text));
}

/* Two posts of one site share an id when their pages give them the same number: the page's address tells them apart. */
static struct str post_id(struct arena *a, const struct source *s, const struct page *page, struct str native)
{
	struct url url;
	const struct str address = url_parse(a, page->url, STR(""), &url, NULL) == OK ? url_canonical(a, &url) : page->url;
	return post_make_id(
		a, s->scope, native.n > 0 ? arena_printf(a, "%.*s\n%.*s", STR_FMT(address), STR_FMT(native)) : address);
}

static struct post post_of(struct arena *a, const struct admit_terms *t, const struct page *page, const struct extraction *x,
	const struct extract_post *found)
{
	const struct source *s = t->source;
	struct post p;
	post_init(&p);
	p.native_id = native_id(a, x, found);
	p.id = post_id(a, s, page, p.native_id);
	p.source = s->id;
	p.family = s->family;
	p.kind = x->nposts == 0 ? POST_ARTICLE : admit_kind(s->family);
	p.url = found->url.n > 0 ? found->url : page->url;
	p.author = found->author;
	p.title = found->title;
	p.text = found->text;
	p.lang = x->language;
	p.likes = found->likes;
	p.replies = found->replies;
	p.shares = found->shares;
	p.views = found->views;
	p.stars = found->stars >= 1 ? (int)(found->stars + 0.5F) : p.stars;
	p.posted_ms = found->published_ms;
	p.date_only = found->day_only && found->published_ms >= 0;
	p.fetched_ms = t->now_ms;
	return p;
}

/* A page without posts is one: the article. */
static struct extract_post article_of(const struct extraction *x)
{
	return (struct extract_post){ .text = x->text,
		.title = x->title,
		.author = x->author,
		.published = x->published,
		.published_ms = x->published_ms,
		.day_only = x->day_only,
		.likes = -1,
		.replies = -1,
		.shares = -1,
		.views = -1 };
}

enum outcome answer_page(struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e)
{
	struct extraction x;
	const enum outcome done = extract_page(a, page, &x, e);
	if (done != OK)
		return done;
	const struct extract_post article = article_of(&x);
	const struct extract_post *post = x.nposts > 0 ? x.posts : &article;
	out->what = arena_printf(a, "page, %s%s%.*s", extract_level_names[x.level], x.engine.n > 0 ? " " : "", STR_FMT(x.engine));
	out->n = x.nposts > 0 ? x.nposts : 1;
	out->post = arena_list(a, struct admitted, out->n);
	struct str first = STR("");
	for (size_t i = 0; i < out->n; i++) {
		struct post p = post_of(a, t, page, &x, &post[i]);
		if (i == 0) { /* the words of the thread's title count once, with the post that opens it */
			first = p.id;
			p.title = p.title.n > 0 ? p.title : x.title;
		} else if (p.kind == POST_POST) {
			p.kind = POST_REPLY;
			p.parent = first;
		}
		admit_post(a, t, &p, &out->post[i]);
	}
	return OK;
}
