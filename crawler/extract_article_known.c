/* Lines of a page that its own data hold, too: strong evidence of where the article is. */
#include "crawler/extract_article.h"

#include "crawler/extract_meta.h"

#define LEAST 12 /* bytes squeezed; shorter lines stand anywhere */
#define LOOK_AT 160 /* of a line */

static uint32_t squeezed_size(struct article *p, uint32_t line)
{
	return p->line[line].size;
}

double article_known_mark(struct article *p, struct str body)
{
	double found = 0;
	for (uint32_t i = 0; body.n > 0 && i < p->nlines; i++) {
		const struct article_line *l = &p->line[i];
		if (l->size < LEAST || l->size > body.n * 2)
			continue;
		const struct str line = meta_squeezed(p->x->a, l->text, LOOK_AT);
		if (line.n < LEAST || str_find(body, line) < 0)
			continue;
		p->known[i] = true;
		found += squeezed_size(p, i);
	}
	return body.n > 0 ? found / (double)body.n : 0;
}

double article_known_share(const struct article *p, const struct article_span *s, struct str body)
{
	double found = 0;
	for (uint32_t i = s->from; i < s->to; i++)
		if (p->known[i])
			found += p->line[i].size;
	return body.n > 0 ? found / (double)body.n : 0;
}
