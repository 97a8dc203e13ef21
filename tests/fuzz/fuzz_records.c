/* Fuzz target: trees of repeated templates of any shape, through the reader of records. A byte is one step of a small builder, so that
 * lists of alike records, and lists that are nearly alike, come up by the thousand. */
#include "crawler/extract.h"

#include "common/base/utf8.h"

#include <stdlib.h>

#define STEPS_MOST 4096 /* of one input, repeats included */
#define TEMPLATE_MOST 32 /* steps that one repeat repeats */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void require(bool claim)
{
	if (!claim)
		abort();
}

static const char *const opening[] = { "<div>", "<div class=post>", "<div class='comment c1'>", "<div class=content>",
	"<div id=p1>", "<p>", "<ul>", "<li class=reply>", "<li>", "<table>", "<tr>", "<td class=author>", "<td>", "<blockquote>",
	"<article>", "<section class=comments>", "<span class=date>", "<span>", "<a class=username href=/u/1>",
	"<a href='?uid=7'>", "<a href=/t/1#p2>", "<a href=http://b.example/>", "<h1>", "<h3 class=title>",
	"<time datetime=2024-05-01T10:00>", "<div class=signature>", "<div style='display:none'>", "<dl>", "<dd>", "<noscript>",
	"<div class='reviews item'>", "<div class=\"\">" };
#define LONG_TEXT                                                                                                                \
	"a much longer text of one who tells all of it, from the beginning to the end, with commas, and more; so that it "       \
	"weighs more than anything around it."
static const char *const texts[] = { "充电两次就坏了，客服不理人。", "It broke after two days, and nobody answers. ", "小王",
	"Ann", "2024-05-01 10:00", "3分钟前", "May 5, 2024", "昨天 08:00", "#12", "回复", "Reply", "12 likes", "发表于", "x", " ",
	"作者：李雷", "last edited by Bob", "★★★★☆", "1.2万", "Originally posted by Ann:", "Quote:", "2楼", "...", LONG_TEXT,
	"第一页", "Page 2 of 3", "posted 2 hours ago", "admin", "--", "2024", "10:00", "<br>" };
#define NOPENING (sizeof opening / sizeof *opening)
#define NTEXTS (sizeof texts / sizeof *texts)
_Static_assert(NOPENING == 32 && NTEXTS == 32, "a step has five bits for its row");

/* Two bits say what to do, the rest with what. */
static void take_step(struct buf *html, uint8_t step)
{
	if (step < 96)
		buf_addz(html, opening[step % NOPENING]);
	else if (step < 192)
		buf_addz(html, texts[step % NTEXTS]);
	else if (step < 240)
		buf_addz(html, step % 2 ? "</div>" : step % 3 ? "</span></a></p></li>" : "</table></ul></blockquote>");
}

/* Steps from 240 on repeat the last ones, as a template does. */
static void build(struct buf *html, const uint8_t *data, size_t size)
{
	size_t steps = 0;
	for (size_t i = 0; i < size && steps < STEPS_MOST; i++, steps++) {
		take_step(html, data[i]);
		const size_t n = i < TEMPLATE_MOST ? i : TEMPLATE_MOST;
		if (data[i] < 240)
			continue;
		for (int again = 0; again < 2 + (data[i] - 240) * 4; again++)
			for (size_t k = i - n; k < i && steps < STEPS_MOST; k++, steps++)
				take_step(html, data[k]);
	}
}

static void check(const struct dom *d, const struct extraction *x, float sure)
{
	require(sure >= 0 && sure <= 1 && x->nposts <= d->n && utf8_valid(x->text));
	for (size_t i = 0; i < x->nposts && sure > 0; i++) {
		const struct extract_post *p = &x->posts[i];
		require(p->node > 0 && p->node < d->n && (p->text.n > 0 || p->quote.n > 0));
		require(utf8_valid(p->text) && utf8_valid(p->author) && utf8_valid(p->quote) && utf8_valid(p->signature));
		require(utf8_valid(p->published) && p->published_ms >= -1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dom d;
	struct err e;
	struct buf html;
	struct extraction found = { .published_ms = -1 };
	const struct page page = { .url = STR("http://a.example/t/1"), .fetched_ms = 1718000000000 };
	if (!arena.first)
		arena_init(&arena, 256u << 20);
	buf_init(&html, 2u << 20);
	build(&html, data, size);
	if (dom_read(&arena, buf_str(&html), DOM_BUILDER_QUICK, &d, &e) == OK) {
		const struct extract x = { .a = &arena, .page = &page, .base = page.url, .dom = &d, .charset = "utf-8" };
		const float sure = extract_records(&x, &found);
		check(&d, &found, sure);
	}
	buf_release(&html);
	arena_reset(&arena);
	return 0;
}
