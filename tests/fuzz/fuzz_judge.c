/* Any bytes as a post, scanned and judged with the shipped rules, brands that are everyday words and the demo's. The first byte picks the brand. Run
 * from the root of the repository. */
#include "common/base/utf8.h"
#include "common/text/admission.h"
#include "detector/judge.h"

#include <earshot/limits.h>
#include <math.h>
#include <stdlib.h>

static const struct rulebook *book_once(void)
{
	static struct rulebook *book;
	const char *folder[] = { "rules", "tests/demo/rules", "rules/packs/ambiguous" };
	struct problems p;
	if (book)
		return book;
	problems_init(&p);
	book = rulebook_load(folder, 3, &p);
	problems_release(&p);
	if (!book)
		abort();
	return book;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rulebook *book = book_once();
	struct arena a;
	struct post post;
	struct scanned s;
	struct admission *admission;
	struct verdict v;
	struct buf out;
	if (size < 1 || size > LIMIT_TEXT_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	buf_init(&out, 8u << 20);
	post_init(&post);
	struct str text = utf8_repair(&a, (struct str){ (const char *)data + 1, size - 1 });
	post.title = str_cut_utf8(text, size / 8);
	post.text = text;
	scan_post(&a, book, &post, &s);
	(void)admission_find(&a, book, &s, &admission);
	if (data[0] % 4 == 3)
		judge_name(&a, book, str_cut_utf8(text, 4), &post, &s, &v);
	else
		judge(&a, book, data[0] % 4 - 1, &post, &s, &v);
	verdict_write(&out, &v);
	if (!isfinite(v.sentiment) || fabs(v.sentiment) > 1 || !(v.complaint >= 0 && v.complaint <= 1))
		abort();
	buf_release(&out);
	arena_release(&a);
	return 0;
}
