/* HTML that is written to a file and opened anywhere: everything escaped, no script, no other file, a policy that allows the
 * page's own style sheet and nothing else. Labels come in Chinese and English, side by side. */
#ifndef EARSHOT_CLI_PAGE_H
#define EARSHOT_CLI_PAGE_H

#include "common/base/buf.h"

/* From <!doctype> to the opened <main>; both titles are plain text. */
void page_begin(struct buf *out, const char *zh, const char *en);
void page_end(struct buf *out);

void page_text(struct buf *out, struct str text); /* escaped: for text and for quoted attributes */
/* Text of strangers: escaped, and its direction kept inside. */
void page_foreign(struct buf *out, struct str text);
/* <h2> of both languages. */
void page_heading(struct buf *out, const char *zh, const char *en);
/* "中文 English" as two spans. */
void page_label(struct buf *out, const char *zh, const char *en);
/* A link when it is http or https, the text alone otherwise. */
void page_link(struct buf *out, struct str url, struct str text);

/* Two curves over the same hours: what was (a line) and what would be (an area). */
struct page_curves {
	const uint32_t *before, *now; /* NULL: none */
	size_t n;
};
void page_chart(struct buf *out, const struct page_curves *c);

#endif
