/* Posts or an article? Blogs have comments below, news have teasers beside: neither makes the page a thread. */
#include "crawler/extract_referee.h"

#include "crawler/extract_meta.h"

#define ARTICLE_LEAST 300 /* bytes of an article that counts */
#define LINE_LEAST 16 /* bytes squeezed of a line that is looked for among the posts */
#define LINE_LOOK 200
#define SAME_MAX 0.5 /* more of the article in the posts: they are the text */

static struct str posts_squeezed(struct arena *a, const struct extraction *out)
{
	struct buf all;
	size_t n = 1;
	for (size_t i = 0; i < out->nposts; i++)
		n += out->posts[i].text.n + out->posts[i].quote.n;
	buf_init(&all, n);
	for (size_t i = 0; i < out->nposts; i++) {
		buf_adds(&all, out->posts[i].text);
		buf_adds(&all, out->posts[i].quote);
	}
	const struct str squeezed = meta_squeezed(a, buf_str(&all), n);
	buf_release(&all);
	return squeezed;
}

/* The part of the article's lines that the posts hold, 0 … 1. */
static double same_of(struct arena *a, struct str article, struct str posts)
{
	struct str rest = article, line;
	double all = 1, same = 0;
	while (str_split(&rest, '\n', &line)) {
		const struct str squeezed = meta_squeezed(a, line, LINE_LOOK);
		if (squeezed.n < LINE_LEAST)
			continue;
		all += (double)line.n;
		same += str_find(posts, squeezed) >= 0 ? (double)line.n : 0;
	}
	return same / all;
}

void extract_referee(const struct extract *x, struct extraction *out)
{
	struct extraction article = { .published_ms = -1 };
	const float sure = extract_article(x, &article);
	if (article.text.n < ARTICLE_LEAST)
		return;
	const struct str posts = posts_squeezed(x->a, out);
	if (same_of(x->a, article.text, posts) > SAME_MAX)
		return;
	if (article.text.n <= posts.n)
		return;
	*out = article;
	out->level = EXTRACT_ARTICLE;
	out->confidence = sure;
}
