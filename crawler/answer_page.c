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

static struct str source_address(struct arena *a, const struct source *s)
{
	struct url url;
	return url_parse(a, s->url, STR(""), &url, NULL) == OK ? url_canonical(a, &url) : s->url;
}

/* Two posts of one site share an id when their threads give them the same number: the source's address tells them apart. Not the
 * page's: a post moves to the page before when one is deleted, and some forums show the first post on every page. */
static struct str post_id(struct arena *a, const struct source *s, struct str address, struct str native)
{
	const struct str whole[] = { address, STR("\n"), native };
	return post_make_id(a, s->scope, native.n > 0 ? arena_join(a, whole, 3) : address);
}

/* What the posts of a page have in common. */
struct reading {
	const struct admit_terms *terms;
	const struct page *page;
	const struct extraction *x;
	struct str address; /* of the source, in its one form */
};

static struct post post_of(struct arena *a, const struct reading *r, const struct extract_post *found)
{
	const struct source *s = r->terms->source;
	struct post p;
	post_init(&p);
	p.native_id = native_id(a, r->x, found);
	p.id = post_id(a, s, r->address, p.native_id);
	p.source = s->id;
	p.family = s->how->family;
	p.kind = r->x->nposts == 0 ? POST_ARTICLE : admit_kind(s->how->family);
	p.url = found->url.n > 0 ? found->url : r->page->url;
	p.author = found->author;
	p.title = found->title;
	p.text = found->text;
	p.lang = r->x->language;
	p.likes = found->likes;
	p.replies = found->replies;
	p.shares = found->shares;
	p.views = found->views;
	p.stars = found->stars >= 1 ? (int)(found->stars + 0.5F) : p.stars;
	p.posted_ms = found->published_ms;
	p.date_only = found->day_only && found->published_ms >= 0;
	p.fetched_ms = r->terms->now_ms;
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

/* Do posts go on from page to page, or do the newest stand first, as reviews and comments often do? */
static bool is_thread(const struct extraction *x, struct str family)
{
	size_t up = 0, down = 0;
	int64_t before = -1;
	for (size_t i = 0; i < x->nposts; i++) {
		const int64_t at = x->posts[i].published_ms;
		up += at >= 0 && before >= 0 && at > before;
		down += at >= 0 && before >= 0 && at < before;
		before = at >= 0 ? at : before;
	}
	return str_eqc(family, "review") ? up > 2 * down : up >= down;
}

/* The words of the thread's title count once, with the post that opens it; the others answer it. */
static void find_place(const struct admit_terms *t, const struct extraction *x, size_t i, struct answer *out, struct post *p)
{
	if (i == 0)
		out->first = p->id;
	const bool opens = t->is_further ? str_eq(p->id, t->thread) : i == 0;
	if (opens) {
		p->title = p->title.n > 0 ? p->title : x->title;
	} else if (p->kind == POST_POST) {
		p->kind = POST_REPLY;
		p->parent = t->is_further ? t->thread : out->first;
	}
}

enum outcome answer_page(struct arena *a, const struct admit_terms *t, const struct page *page, struct answer *out, struct err *e)
{
	struct extraction x;
	const enum outcome done = extract_posts(a, page, &x, e);
	if (done != OK)
		return done;
	const struct extract_post article = article_of(&x);
	const struct extract_post *post = x.nposts > 0 ? x.posts : &article;
	out->what = arena_printf(a, "page, %s%s%.*s", extract_level_names[x.level], x.engine.n > 0 ? " " : "", STR_FMT(x.engine));
	out->n = x.nposts > 0 ? x.nposts : 1;
	out->next = x.nposts > 0 ? x.next : STR("");
	out->is_thread = x.nposts > 0 && is_thread(&x, t->source->how->family);
	out->post = arena_list(a, struct admitted, out->n);
	const struct reading r = { t, page, &x, source_address(a, t->source) };
	for (size_t i = 0; i < out->n; i++) {
		struct post p = post_of(a, &r, &post[i]);
		find_place(t, &x, i, out, &p);
		admit_post(a, t, &p, &out->post[i]);
	}
	return OK;
}
