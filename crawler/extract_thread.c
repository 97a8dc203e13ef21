/* The words of a thread as one text: each said once. */
#include "crawler/extract_thread.h"

#include "crawler/extract_meta.h"

#define LINE_LEAST 16 /* bytes squeezed of a line that is looked for */

struct str extract_thread_squeezed(struct arena *a, const struct extraction *out, bool with_quotes)
{
	struct buf all;
	size_t n = 1;

	for (size_t i = 0; i < out->nposts; i++)
		n += out->posts[i].text.n + out->posts[i].quote.n;
	buf_init(&all, n);
	for (size_t i = 0; i < out->nposts; i++) {
		buf_adds(&all, out->posts[i].text);
		if (with_quotes)
			buf_adds(&all, out->posts[i].quote);
	}
	const struct str squeezed = meta_squeezed(a, buf_str(&all), n);
	buf_release(&all);
	return squeezed;
}

size_t extract_thread_found(struct arena *a, struct str text, struct str squeezed)
{
	struct str rest = text, line;
	size_t found = 0;

	while (str_split(&rest, '\n', &line)) {
		/* A byte more than there is to look in says as much as all of them. */
		const struct str looked =
			meta_squeezed(a, line, squeezed.n < EXTRACT_LINE_LOOK ? squeezed.n + 1 : EXTRACT_LINE_LOOK);
		if (looked.n >= LINE_LEAST && looked.n <= squeezed.n && str_find(squeezed, looked) >= 0)
			found += line.n;
	}
	return found;
}

static void paragraph_add(struct buf *all, struct str text)
{
	if (text.n == 0)
		return;
	if (all->n > 0)
		buf_addz(all, "\n\n");
	buf_adds(all, text);
}

struct str extract_thread_text(struct arena *a, const struct extraction *out)
{
	struct str told = { 0 };
	struct buf all;
	size_t n = 1, quoted = 0;

	for (size_t i = 0; i < out->nposts; i++) {
		n += out->posts[i].text.n + out->posts[i].quote.n + 4;
		quoted += out->posts[i].quote.n;
	}
	if (quoted > 0)
		told = extract_thread_squeezed(a, out, false);
	buf_init(&all, n);
	for (size_t i = 0; i < out->nposts; i++) {
		const struct str quote = out->posts[i].quote;

		if (quote.n > 0 && 2 * extract_thread_found(a, quote, told) < quote.n)
			paragraph_add(&all, quote);
		paragraph_add(&all, out->posts[i].text);
	}
	const struct str text = arena_copy(a, buf_str(&all));
	buf_release(&all);
	return text;
}
