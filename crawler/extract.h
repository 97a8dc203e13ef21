/* From a page to what people wrote on it: one article, or the posts of a thread, a question page, a list of reviews. Pure.
 *
 * The readers are asked in the order of extract_readers (extract.c): recipe, engine rule, structured data, generic repeated
 * records, article. Each says how sure it is; the first that is sure enough wins, and a list of records that does not hold
 * (too little of the page, no dates and no authors) falls through. All strings live in the arena. */
#ifndef EARSHOT_CRAWLER_EXTRACT_H
#define EARSHOT_CRAWLER_EXTRACT_H

#include "common/base/arena.h"
#include "common/base/dom.h"
#include "crawler/page.h"

struct extract_post {
	struct str text; /* without quotes and signature */
	struct str quote, signature; /* "" = none */
	struct str title;
	struct str author, author_url; /* the url absolute */
	struct str url, id; /* of the post itself: a permanent link, what the page calls it */
	struct str published; /* as written */
	int64_t published_ms; /* UTC; -1 unknown */
	bool day_only;
	int64_t likes, replies, shares, views; /* -1 unknown */
	float stars; /* 1 … 5; 0 unknown */
	uint32_t node; /* where the record stands in the dom, 0 = it came from data */
};

enum extract_level { EXTRACT_NONE, EXTRACT_RECIPE, EXTRACT_ENGINE, EXTRACT_STRUCTURED, EXTRACT_RECORDS, EXTRACT_ARTICLE };
extern const char *const extract_level_names[]; /* "none" "recipe" "engine" "structured" "records" "article" */

/* What readers share, made when one first asks for it; all zero at first. */
struct extract_memo {
	struct jsonld_script *data; /* extract_jsonld.c */
	const struct article *lines, *article; /* extract_article_lines.c: before and after the roles are settled */
	enum { DAY_FIRST_UNKNOWN, DAY_FIRST_NO, DAY_FIRST_YES } day_first; /* extract_published.c */
};

/* What the readers are given. */
struct extract {
	struct arena *a;
	const struct page *page; /* bytes as fetched */
	struct str base; /* for relative links: <base href>, else the page's address */
	const struct dom *dom;
	const char *charset; /* the one that was used */
	struct extract_memo *memo; /* NULL: nothing is kept from one question to the next */
};

struct extraction {
	enum extract_level level;
	float confidence; /* 0 … 1 of the reader that won */
	struct str title, author, published, language,
		text; /* of the page; text: of the article, or of all posts, blank lines between */
	int64_t published_ms; /* -1 unknown */
	bool day_only;
	struct extract_post *posts;
	size_t nposts; /* 0: an article */
	struct str engine; /* "discuz", "phpbb" …, the recipe's name; "" unknown */
	struct str next; /* address of the next page of the thread, "" = none */
};

/* A reader fills `out` (title, text, posts …; it starts empty) and says how sure it is, 0 = not its kind of page. */
typedef float extract_reader(const struct extract *x, struct extraction *out);
extract_reader extract_engine, extract_structured, extract_records, extract_article;

/* REJECT when the page cannot be read at all (larger than LIMIT_HTML_BYTES, no text). */
enum outcome extract_page(struct arena *a, const struct page *page, struct extraction *out, struct err *e) MUST_CHECK;
/* The same for who takes the posts as they are: a page of posts does not say its own author and date, which are dear to find. */
enum outcome extract_posts(struct arena *a, const struct page *page, struct extraction *out, struct err *e) MUST_CHECK;

/* ---- shared by the readers ---- */

/* Title, author, date and language of the page from meta tags, JSON-LD, headings and bylines; strings "" and -1 when unknown. */
void extract_metadata(const struct extract *x, struct extraction *out);
/* Title and language alone. */
void extract_headline(const struct extract *x, struct extraction *out);
/* Publication date alone: extract_published.c. */
bool extract_published(const struct extract *x, struct str *written, int64_t *ms, bool *day_only);
/* The next page of the thread: `told` by an engine rule when it is another page, else by what pagers have in common; "" when none
 * is seen. */
struct str extract_next(const struct extract *x, struct str told);
/* A relative address made absolute; "" when it cannot be, or is no http(s) address. */
struct str extract_url(const struct extract *x, struct str href);
/* A date as a page writes it, read with the page's fetch time and zone; false when it is none. */
bool extract_date(const struct extract *x, struct str written, int64_t *ms, bool *day_only);

#endif
