/* earshot bench queries: posts a second with 10,000 boolean queries, and what the 9,900 more cost beside the first 100. */
#include "cli/bench.h"

#include "cli/bench_texts.h"
#include "common/base/clock.h"
#include "common/base/utf8.h"
#include "common/text/query.h"
#include <earshot/limits.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANY 10000
#define FEW 100
#define KNOWN_EVERY 10
#define POSTS 100000
#define RUNS_LEAST 5

/* What queries are about: the name of a brand or product, beside words of complaint. Most names are made up, and the texts
 * do not know them; every tenth is cut from the texts themselves, so that a post touches a query now and then. */
static const char *const subjects_zh[] = { "退款", "客服", "质量", "物流", "坏了", "欺骗", "投诉", "味道", "屏幕", "发票", "快递",
	"安装" };
static const char *const subjects_en[] = { "refund", "service", "broken", "delayed", "rude", "fraud", "cancelled", "luggage",
	"fee", "account", "payment", "delivery" };
#define NSUBJECTS 12

struct bench_queries {
	struct arena arena;
	struct bench_texts texts;
	struct str *name; /* MANY of them */
	uint64_t random;
};

static size_t random_below(struct bench_queries *b, size_t n)
{
	b->random = b->random * 6364136223846793005ull + 1442695040888963407ull;
	return (size_t)(b->random >> 33) % n;
}

/* Four Chinese characters in a row, or two words of seven letters and more. */
static bool cut_han(struct str text, size_t at, struct str *out)
{
	const size_t from = at;
	for (int i = 0; i < 4; i++)
		if (at >= text.n || !utf8_is_han(utf8_next(text, &at)))
			return false;
	*out = (struct str){ text.p + from, at - from };
	return true;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool cut_latin(struct str text, size_t at, struct str *out)
{
	const size_t from = at;
	int blanks = 0;
	while (at < text.n && (is_small(text.p[at]) || (text.p[at] == ' ' && blanks == 0)))
		blanks += text.p[at++] == ' ';
	*out = (struct str){ text.p + from, at - from };
	const bool is_word = from > 0 && text.p[from - 1] == ' ' && at < text.n && text.p[at] == ' ';
	return is_word && blanks == 1 && out->n >= 15 && out->n < 30;
}

static struct str make_name(struct bench_queries *b, bool is_latin)
{
	static const char *const zh[] = { "云", "雀", "鼎", "鑫", "瑞", "泰", "盛", "宏", "康", "禾", "锐", "驰", "铭", "睿",
		"恒", "晟" };
	static const char *const en[] = { "sky", "lark", "nova", "terra", "volt", "zen", "aero", "quant", "lumi", "vero", "max",
		"ori" };
	struct str name = { 0 };
	for (int i = 0; i < 4; i++)
		name = arena_printf(
			&b->arena, "%.*s%s", STR_FMT(name), is_latin ? en[random_below(b, 12)] : zh[random_below(b, 16)]);
	return name;
}

static struct str cut_name(struct bench_queries *b)
{
	struct str name = { 0 };
	for (;;) {
		const struct str text = b->texts.text[random_below(b, b->texts.n)];
		size_t at = random_below(b, text.n);
		while (at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80)
			at++;
		if (cut_han(text, at, &name) || cut_latin(text, at, &name))
			return name;
	}
}

/* In turn: a name with one of several subjects, a name near one, a name without another, two of three. */
static void write_query(struct bench_queries *b, struct buf *out, size_t i)
{
	const bool is_latin = (unsigned char)b->name[i].p[0] < 0x80;
	const char *const *subject = is_latin ? subjects_en : subjects_zh;
	const char *one = subject[random_below(b, NSUBJECTS)], *two = subject[random_below(b, NSUBJECTS)];
	const struct str name = b->name[i], other = b->name[(i + 1) % MANY];
	buf_addf(out, "[q%zu]\nquery = ", i);
	if (i % 4 == 0)
		buf_addf(out, "\"%.*s\" AND (%s OR %s* OR \"%s\") AND NOT (广告 OR advert)\n", STR_FMT(name), one, two, two);
	else if (i % 4 == 1)
		buf_addf(out, "\"%.*s\" NEAR/8 (%s OR %s)\n", STR_FMT(name), one, two);
	else if (i % 4 == 2)
		buf_addf(out, "(\"%.*s\" OR \"%.*s\") AND %s AND NOT stars:[4 TO 5]\n", STR_FMT(name), STR_FMT(other), one);
	else
		buf_addf(out, "min(2, \"%.*s\" %s %s) AND \"%.*s\"\n", STR_FMT(name), one, two, STR_FMT(name));
}

static struct rulebook *book_of(struct bench_queries *b, size_t n, struct err *e)
{
	struct buf text;
	struct problems p;
	buf_init(&text, 64u << 20);
	problems_init(&p);
	for (size_t i = 0; i < n; i++)
		write_query(b, &text, i);
	struct rulebook_file file = { .name = STR("bench.query"), .path = "bench.query", .bytes = buf_str(&text) };
	struct rulebook *book = rulebook_compile(&(struct rulebook_files){ &file, 1 }, &p);
	if (book == NULL)
		(void)err_set(e, STOP, "the queries of the bench do not compile: %s", p.n > 0 ? p.list[0].text : "no reason");
	problems_release(&p);
	buf_release(&text);
	return book;
}

/* Posts a second of CPU time. */
static double run_once(const struct bench_queries *b, const struct rulebook *book, uint64_t *hits)
{
	struct arena a;
	struct scanned s;
	struct post post;
	const size_t n = b->texts.n < POSTS ? b->texts.n : POSTS;
	arena_init(&a, LIMIT_ARENA_BYTES);
	post_init(&post);
	const int64_t start = clock_cpu_us();
	for (size_t i = 0; i < n; i++) {
		arena_reset(&a);
		post.text = b->texts.text[i * b->texts.n / n];
		scan_matches(&a, book, &post, &s);
		*hits += s.n > 0;
	}
	const int64_t took_us = clock_cpu_us() - start;
	arena_release(&a);
	return (double)n * 1e6 / (double)(took_us > 0 ? took_us : 1);
}

static void measure(const struct bench_run *run, const struct bench_queries *b, const struct rulebook *book[2])
{
	double many[64], few[64];
	uint64_t hits = 0;
	const int runs = run->runs < RUNS_LEAST ? RUNS_LEAST : run->runs > 64 ? 64 : run->runs;
	for (int i = 0; i < runs; i++) {
		few[i] = run_once(b, book[0], &hits);
		many[i] = run_once(b, book[1], &hits);
	}
	const double fast = bench_median(few, (size_t)runs), slow = bench_median(many, (size_t)runs);
	bench_print(run, &(struct bench_measure){ "queries", "10k", "posts/s", slow, NAN, NAN, runs });
	bench_print(run, &(struct bench_measure){ "queries", "10k/100", "posts/s", slow, fast, slow / fast, runs });
}

static enum outcome bench_books(const struct bench_run *run, struct bench_queries *b, struct err *e)
{
	const struct rulebook *book[2];
	b->name = arena_list(&b->arena, struct str, MANY);
	for (size_t i = 0; i < MANY; i++)
		b->name[i] = i % KNOWN_EVERY == 0 ? cut_name(b) : make_name(b, i % 2);
	struct rulebook *few = book_of(b, FEW, e), *many = few ? book_of(b, MANY, e) : NULL;
	book[0] = few;
	book[1] = many;
	if (many != NULL)
		measure(run, b, book);
	rulebook_free(few);
	rulebook_free(many);
	return many != NULL ? OK : STOP;
}

enum outcome bench_queries(const struct bench_run *run, struct err *e)
{
	struct bench_queries b = { .random = 20260131 };
	arena_init(&b.arena, (size_t)1 << 30);
	bench_texts_load(&b.arena, &b.texts);
	const enum outcome done = b.texts.n > 0
					  ? bench_books(run, &b, e)
					  : err_set(e, STOP, "there are no texts to run the bench on; see cli/bench_texts.c");
	arena_release(&b.arena);
	return done;
}
