/* From a page to what people wrote on it: the order in which the readers are asked, and what they share. */
#include "crawler/extract.h"

#include <earshot/limits.h>

#include "common/base/charset.h"
#include "common/base/fuel.h"
#include "common/base/url.h"
#include "common/base/url_split.h"
#include "common/text/lang.h"
#include "crawler/extract_meta.h"
#include "crawler/extract_referee.h"
#include "crawler/extract_thread.h"

const char *const extract_level_names[] = { "none", "recipe", "engine", "structured", "records", "article" };

/* In the order in which they are asked. Recipes come before all of these: who has one asks it instead of extract_page(). A reader
 * wins when it is at least `enough` sure; the article reader takes what is left. */
static const struct reader {
	enum extract_level level;
	extract_reader *read;
	float enough;
} extract_readers[] = {
	{ EXTRACT_ENGINE, extract_engine, 0.5F },
	{ EXTRACT_STRUCTURED, extract_structured, 0.5F },
	{ EXTRACT_RECORDS, extract_records, 0.5F },
	{ EXTRACT_ARTICLE, extract_article, 0.0F },
};
#define NREADERS (sizeof extract_readers / sizeof *extract_readers)

static struct extraction nothing(void)
{
	return (struct extraction){ .level = EXTRACT_NONE, .published_ms = -1 };
}

/* <base href>, else what HTTP said, else where the page came from. */
static struct str base_of(struct arena *a, const struct page *page, const struct dom *dom)
{
	const struct str base = page->content_location.n > 0 ? url_resolve(a, page->content_location, page->url) : page->url;
	for (uint32_t i = 1; i < dom->n && dom->node[i].tag != TAG_BODY; i++) {
		if (dom->node[i].tag != TAG_BASE)
			continue;
		const struct str href = str_trim(dom_attribute(dom, i, "href"));
		if (href.n > 0)
			return url_resolve(a, href, base);
	}
	return base;
}

/* What the reader that won did not say itself. */
static void fill_in(const struct extract *x, struct extraction *out, bool posts_alone)
{
	struct extraction page = nothing();
	if (posts_alone && out->nposts > 0)
		extract_headline(x, &page);
	else
		extract_metadata(x, &page);
	if (out->title.n == 0)
		out->title = page.title;
	if (out->author.n == 0)
		out->author = out->nposts > 0 && out->posts[0].author.n > 0 ? out->posts[0].author : page.author;
	if (out->language.n == 0)
		out->language = page.language;
	if (out->published.n == 0 && out->published_ms < 0) {
		out->published = page.published;
		out->published_ms = page.published_ms;
		out->day_only = page.day_only;
	}
	if (out->text.n == 0)
		out->text = extract_thread_text(x->a, out);
	out->next = out->nposts > 0 ? extract_next(x, out->next) : STR("");
	/* What the page says decides between the languages of one script only: templates are copied with their lang="en". */
	out->language = str_of(lang_guess(out->text.n > 0 ? out->text : out->title, out->language));
}

/* A page that is drawn by a script shows nothing here; what it says of itself in its head is the beginning of what it would show. */
static struct str described(const struct extract *x)
{
	static const char *const names[] = { "og:description", "twitter:description", "description" };
	struct str best = STR("");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct str text = str_trim(meta_content(x, names[i]));
		best = text.n > best.n ? text : best;
	}
	return best;
}

static enum outcome extract_all(struct arena *a, const struct page *page, bool posts_alone, struct extraction *out, struct err *e)
{
	struct charset_text text;
	struct dom dom;
	*out = nothing();
	charset_read(a, page->bytes, page->content_type, &text);
	if (text.utf8.n > LIMIT_HTML_BYTES)
		text.utf8 = extract_without_scripts(a, text.utf8);
	const enum outcome outcome = dom_read(a, text.utf8, DOM_BUILDER_AUTO, &dom, e);
	if (outcome != OK)
		return outcome;
	struct extract_memo memo = { 0 };
	const struct extract x = { .a = a,
		.page = page,
		.base = base_of(a, page, &dom),
		.dom = &dom,
		.charset = arena_cstr(a, text.encoding),
		.memo = &memo };
	for (size_t i = 0; i < NREADERS && out->level == EXTRACT_NONE && !fuel_is_out(page->fuel); i++) {
		struct extraction tried = nothing();
		tried.confidence = extract_readers[i].read(&x, &tried);
		if (tried.confidence < extract_readers[i].enough || tried.confidence <= 0.0F)
			continue;
		*out = tried;
		out->level = extract_readers[i].level;
		if (out->level == EXTRACT_RECORDS)
			extract_referee(&x, out);
	}
	if (out->text.n == 0 && out->nposts == 0)
		out->text = described(&x);
	if (!fuel_is_out(page->fuel))
		fill_in(&x, out, posts_alone);
	if (fuel_is_out(page->fuel))
		return err_set(e, REJECT, PAGE_TOO_COSTLY, page->bytes.n);
	if (out->text.n == 0 && out->title.n == 0)
		return err_set(e, REJECT, "the page holds no text (%zu bytes, read as %s); is it drawn by a script?",
			page->bytes.n, x.charset);
	return OK;
}

enum outcome extract_page(struct arena *a, const struct page *page, struct extraction *out, struct err *e)
{
	return extract_all(a, page, false, out, e);
}

enum outcome extract_posts(struct arena *a, const struct page *page, struct extraction *out, struct err *e)
{
	return extract_all(a, page, true, out, e);
}

struct str extract_url(const struct extract *x, struct str href)
{
	struct url url;
	struct err e = { 0 };
	struct str joined;
	href = str_trim(href);
	if (url_join(x->a, href, x->base, &joined))
		return joined;
	if (href.n == 0 || url_parse(x->a, href, x->base, &url, &e) != OK)
		return STR("");
	return url.href;
}
