/* Any bytes as a query or as a .query file: problems with a place, never a crash; what compiles is evaluated on some posts, and its
 * places lie in them. The first byte says which. */
#include "common/text/query.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>
#include <stdlib.h>

static const char *const texts[] = { "", "refund 退款 broken。fire! 电池起火\n@lark #退款# a b",
	"ab ab ab ab ab 好好好好 x1 2026", "Ａ\xE2\x80\x8B B é 服務(wù)體驗 r*f*nd \xF0\x9F\x92\x94 退*款" };

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void try_posts(const struct rulebook *book)
{
	struct arena a;
	struct scanned s;
	struct post post;
	struct query_trouble trouble;
	arena_init(&a, LIMIT_ARENA_BYTES);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		arena_reset(&a);
		post_init(&post);
		post.title = str_of(texts[sizeof(texts) / sizeof(texts[0]) - 1 - i]);
		post.text = str_of(texts[i]);
		post.stars = (int)i;
		scan_matches(&a, book, &post, &s);
		for (size_t k = 0; k < s.n; k++) {
			const struct match *m = &s.match[k];
			check(m->from <= m->to && m->to <= utf8_count(m->field == POST_TITLE ? post.title : post.text));
			check(k == 0 || m->field > m[-1].field || (m->field == m[-1].field && m->from >= m[-1].from));
		}
	}
	while (queries_trouble(book, &trouble))
		check(trouble.rule->query != NULL);
	arena_release(&a);
}

static void check_problems(const struct problems *p, const struct rulebook *book)
{
	check((book == NULL) == problems_any_error(p));
	for (size_t i = 0; i < p->n; i++)
		check(p->list[i].code != NULL && p->list[i].text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems p;
	if (size < 1 || size > LIMIT_QUERY_BYTES)
		return 0;
	const struct str bytes = { (const char *)data + 1, size - 1 };
	struct rulebook *book;
	problems_init(&p);
	if (data[0] % 2) {
		struct rulebook_file file[2] = {
			{ .name = STR("a.query"), .path = "a.query", .bytes = bytes },
			{ .name = STR("complaint.x.tsv"), .path = "complaint.x.tsv", .bytes = STR("refund\t0.5\trefund\n") },
		};
		book = rulebook_compile(&(struct rulebook_files){ file, 2 }, &p);
	} else {
		book = rulebook_of_query(bytes, NULL, &p);
	}
	check_problems(&p, book);
	if (book)
		try_posts(book);
	rulebook_free(book);
	problems_release(&p);
	return 0;
}
