/* Any bytes as a post, read with terms of both languages and every fold: matches lie in the text, in order, and say which folds
 * they needed. The first byte says how much of it is the title. */
#include "common/text/scan.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>
#include <stdlib.h>

static const char *const terms[] = { "退款", "不退款", "骗子", "虚假宣传", "骗", "小米15", "refund", "scam", "data breach",
	"rip off", "it's a scam", "c++", "❤", "@lark", "#退款#", "3·15", "bbb", "naïve", "сор", "i", "fi", "㎏", "not",
	"not at all" };
#define NTERMS (sizeof(terms) / sizeof(terms[0]))

static struct rule rule[NTERMS];
static struct rulebook book = { .rule = rule, .nrules = NTERMS };

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void book_make(void)
{
	static struct arena kept;
	static struct str folded[NTERMS];
	struct err e = { 0 };
	arena_init(&kept, 1u << 20);
	for (size_t i = 0; i < NTERMS; i++) {
		rule[i] = (struct rule){ .list = i % 5 ? LIST_COMPLAINT : LIST_LEAF,
			.term = str_of(terms[i]),
			.brand = -1,
			.folds = FOLDS_DEFAULT | FOLDS_SUBSTITUTES,
			.open_end = i % 7 == 6 };
		folded[i] = normalise_text(&kept, rule[i].term);
	}
	book.scan = scan_new(rule, folded, NTERMS, &e);
	check(book.scan != NULL);
}

static void check_match(const struct match *m, const struct post *post)
{
	const struct str text = m->field == POST_TITLE ? post->title : post->text;
	check(m->from < m->to && m->to <= utf8_count(text));
	check(!(m->folds & ~m->rule->folds));
	check(m->norm_from <= m->norm_to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct post post;
	struct scanned s;
	if (size < 1 || size > LIMIT_TEXT_BYTES)
		return 0;
	if (!book.scan)
		book_make();
	arena_init(&a, LIMIT_ARENA_BYTES);
	const struct str bytes = utf8_repair(&a, (struct str){ (const char *)data + 1, size - 1 });
	const struct str title = str_cut_utf8(bytes, data[0]);
	post_init(&post);
	post.title = title;
	post.text = str_from(bytes, title.n);
	scan_post(&a, &book, &post, &s);
	for (size_t i = 0; i < s.n; i++) {
		check_match(&s.match[i], &post);
		check(i == 0 || s.match[i].field > s.match[i - 1].field || s.match[i].from >= s.match[i - 1].from);
	}
	for (size_t i = 0; i < s.nleaves; i++)
		check_match(&s.leaf[i], &post);
	arena_release(&a);
	return 0;
}
