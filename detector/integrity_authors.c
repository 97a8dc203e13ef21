/* Authors of a window: who posts more than one person says, and whose accounts are new. */
#include "common/base/clock.h"
#include "detector/integrity_parts.h"

#include <stdlib.h>

#define PLENTY 5 /* posts of one author in a window that nobody wonders about … */
#define PLENTY_PER 100 /* … or one post in so many of all, where there are more */
#define NEW_MS (30 * MS_PER_DAY)

/* What the press and the brand itself write says nothing of the people who talk. */
static bool is_counted(const struct integrity_post *p)
{
	return p->author.n > 0 && (p->voice == VOICE_PERSON || p->voice == VOICE_REPOST);
}

static bool is_new(const struct integrity_post *p)
{
	return p->author_since_ms >= 0 && p->at_ms - p->author_since_ms < NEW_MS;
}

/* One author's posts, oldest first. */
static void author_take(const struct integrity_window *w, const struct integrity_item *item, size_t n, size_t plenty,
	struct integrity_author *author)
{
	*author = (struct integrity_author){ .author = w->post[item[0].post].author, .posts = n };
	for (size_t i = 0; i < n; i++) {
		struct integrity_post *p = &w->post[item[i].post];
		author->complaints += p->complaint >= 0.5;
		author->is_new |= is_new(p);
		p->signs |= i >= plenty ? 1u << SIGNAL_FLOODS : 0;
		p->signs |= is_new(p) ? 1u << SIGNAL_NEW : 0;
	}
}

static bool age_is_known(const struct integrity_window *w, const struct integrity_item *item, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w->post[item[i].post].author_since_ms >= 0)
			return true;
	return false;
}

static int busier_first(const void *a, const void *b)
{
	const struct integrity_author *x = a, *y = b;
	return x->posts != y->posts ? (x->posts > y->posts ? -1 : 1) : str_cmp(x->author, y->author);
}

static size_t by_author(const struct integrity_window *w, struct integrity_item *item)
{
	size_t n = 0;
	for (size_t i = 0; i < w->n; i++)
		if (is_counted(&w->post[i]))
			item[n++] = (struct integrity_item){ str_hash(w->post[i].author), w->post[i].at_ms, i };
	integrity_sort(item, n);
	return n;
}

void integrity_authors_find(struct arena *a, const struct integrity_window *w, struct integrity *out)
{
	struct integrity_item *item = arena_list(a, struct integrity_item, w->n + 1);
	struct integrity_author *author = arena_list(a, struct integrity_author, w->n + 1);
	const size_t n = by_author(w, item), plenty = n / PLENTY_PER > PLENTY ? n / PLENTY_PER : PLENTY;
	for (size_t i = 0, run; i < n; i += run) {
		run = integrity_run(item, n, i);
		author_take(w, item + i, run, plenty, &author[out->authors]);
		out->share[SIGNAL_NEW].of += age_is_known(w, item + i, run);
		out->share[SIGNAL_NEW].n += author[out->authors].is_new;
		out->share[SIGNAL_FLOODS].n += run > plenty ? run - plenty : 0;
		out->authors++;
	}
	out->share[SIGNAL_FLOODS].of = n;
	if (out->authors > 0)
		qsort(author, out->authors, sizeof *author, busier_first);
	for (; out->nbusiest < INTEGRITY_SHOWN && out->nbusiest < out->authors && author[out->nbusiest].posts > 1;
		out->nbusiest++)
		out->busiest[out->nbusiest] = author[out->nbusiest];
}
