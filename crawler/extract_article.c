/* The reader of last resort: the one article of a page, by where its text is dense and its links are few. */
#include "crawler/extract_article.h"

#include "common/base/tree.h"
#include "crawler/extract_meta.h"

#include <string.h>

#define SURE_BYTES 1500.0 /* so much text is an article, almost surely */
#define BODY_MAX (64u << 10) /* of articleBody that is compared */
#define BODY_LEAST 200 /* shorter ones are teasers */
#define KNOWN_ONLY 0.75 /* what the data hold is the article when the page shows so much of it */
#define BODY_OF_TEXT 0.6 /* data that hold less than this of what the page shows are cut short */
#define FEW_BYTES 250 /* less than this, on a page that holds much more, and we look again */

static struct str read_lines(struct article *p, struct str body)
{
	const struct article_span span = article_root(p);
	const bool known_only = body.n >= BODY_LEAST && article_known_share(p, &span, body) >= KNOWN_ONLY;
	return article_text(p, &span, known_only);
}

/* The names of the elements said that nearly all is something else: they are not believed. */
static struct str read_nameless(struct article *p, struct str body, struct str text)
{
	if (text.n >= FEW_BYTES || p->plain[p->nlines] < 2 * (double)FEW_BYTES)
		return text;
	struct article_line *line = arena_list(p->x->a, struct article_line, p->nlines);
	memcpy(line, p->line, p->nlines * sizeof *line);
	p->line = line;
	for (uint32_t i = 0; i < p->nlines; i++)
		line[i].roles &= ~(unsigned)(ROLE_BOILER | ROLE_COMMENT | ROLE_META | ROLE_UNSEEN);
	const struct str again = read_lines(p, body);
	return again.n > 2 * text.n ? again : text;
}

/* The articleBody of the page's data, squeezed, when it is whole; marks the lines it holds. */
static struct str known_body(struct article *p, const struct jsonld_article *ld)
{
	const struct str body = meta_squeezed(p->x->a, ld->body, BODY_MAX);
	if (body.n < BODY_LEAST)
		return STR("");
	const struct article_span span = article_root(p);
	if ((double)body.n < BODY_OF_TEXT * (p->plain[span.to] - p->plain[span.from]))
		return STR("");
	(void)article_known_mark(p, body);
	return body;
}

float extract_article(const struct extract *x, struct extraction *out)
{
	struct article p = article_read(x);
	struct jsonld_article ld;
	(void)jsonld_article(x, &ld);
	p.known = arena_list(x->a, bool, p.nlines + 1);
	p.title = meta_squeezed(x->a, meta_text_of(x, TAG_TITLE), 600);
	const struct str body = known_body(&p, &ld);
	out->text = read_nameless(&p, body, read_lines(&p, body));
	if (ld.body.n >= BODY_LEAST && ld.body.n > 3 * out->text.n)
		out->text = str_findc(ld.body, '<') >= 0 ? tree_html_to_text(x->a, ld.body) : ld.body;
	const double sure = (double)out->text.n / SURE_BYTES;
	return out->text.n == 0 ? 0.0F : (float)(sure > 0.95 ? 0.95 : sure);
}
