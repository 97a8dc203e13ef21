/* The matcher against a naive one: both texts normalised, every place compared, word borders looked at. Only plain folds: what
 * disguises are is not for a naive matcher to know. */
#include "common/text/scan.h"

#include "common/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TERMS 12
#define ROUNDS 400
#define TEXTS 12 /* a round: texts read with the same terms */

/* Few letters, so that they meet often: Simplified and Traditional, wide and narrow, hidden, signs and spaces. */
static const char *const alphabet[] = { "退", "款", "务", "務", "骗", "騙", "a", "A", "ａ", "b", "Ｂ", "ｂ", "3", "３", " ", "  ",
	"　", "\n", "\xE2\x80\x8B", "，", ",", "*", "。", "❤", "é", "я", "か", "を" };
#define NALPHABET (sizeof(alphabet) / sizeof(alphabet[0]))

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct str make_text(struct arena *a, uint32_t *random, size_t most)
{
	char text[512] = "";
	size_t n = 0;
	for (size_t left = 1 + next_random(random) % most; left > 0; left--) {
		const char *letter = alphabet[next_random(random) % NALPHABET];
		memcpy(text + n, letter, strlen(letter));
		n += strlen(letter);
	}
	return arena_copy(a, (struct str){ text, n });
}

static bool is_word_at(struct str text, size_t at)
{
	return at < text.n && utf8_is_word(utf8_next(text, &at));
}

static bool is_word_before(struct str text, size_t at)
{
	if (at == 0)
		return false;
	at--;
	while (at > 0 && ((unsigned char)text.p[at] & 0xC0) == 0x80)
		at--;
	return is_word_at(text, at);
}

/* Does the folded term stand at byte `at` of the folded text, as whole words where its ends are letters of words? */
static bool stands_at(struct str text, struct str term, size_t at)
{
	if (at + term.n > text.n || memcmp(text.p + at, term.p, term.n) != 0)
		return false;
	if (is_word_at(term, 0) && is_word_before(text, at))
		return false;
	return !(is_word_before(term, term.n) && is_word_at(text, at + term.n));
}

struct place {
	size_t rule;
	uint32_t from, to;
};

static size_t naive(struct arena *a, struct str text, const struct str *term, struct place *out)
{
	struct norm n;
	size_t found = 0;
	normalise(a, text, &n);
	for (size_t i = 0; i < TERMS; i++)
		for (size_t at = 0; term[i].n > 0 && at < n.text.n; at++)
			if (stands_at(n.text, term[i], at))
				out[found++] = (struct place){ i, n.origin[at], n.origin_end[at + term[i].n - 1] };
	return found;
}

static bool is_found(const struct scanned *s, const struct rule *rules, const struct place *place)
{
	for (size_t i = 0; i < s->nleaves; i++)
		if (s->leaf[i].rule == &rules[place->rule] && s->leaf[i].from == place->from && s->leaf[i].to == place->to)
			return true;
	return false;
}

static void compare(struct arena *a, const struct rulebook *book, const struct str *term, struct str text)
{
	struct place expected[2048];
	struct post post;
	struct scanned s;
	post_init(&post);
	post.text = text;
	const size_t n = naive(a, text, term, expected);
	scan_matches(a, book, &post, &s);
	for (size_t i = 0; i < n; i++)
		if (!is_found(&s, book->rule, &expected[i]))
			fail_msg("\"%.*s\" at %u-%u of \"%.*s\" is not found", STR_FMT(term[expected[i].rule]), expected[i].from,
				expected[i].to, STR_FMT(text));
	if (s.nleaves != n)
		fail_msg("%zu places found in \"%.*s\", expected %zu; the first is \"%.*s\" at %u-%u", s.nleaves, STR_FMT(text),
			n, STR_FMT(s.leaf[0].rule->term), s.leaf[0].from, s.leaf[0].to);
}

static void a_naive_matcher_finds_the_same(void **state)
{
	(void)state;
	uint32_t random = 7;
	struct arena a;
	size_t nplaces = 0;
	arena_init(&a, 64u << 20);
	for (int round = 0; round < ROUNDS; round++) {
		struct rule rule[TERMS] = { 0 };
		struct str term[TERMS];
		struct err e = { 0 };
		arena_reset(&a);
		for (size_t i = 0; i < TERMS; i++) {
			do
				term[i] = str_trim(normalise_text(&a, make_text(&a, &random, 4)));
			while (term[i].n == 0);
			rule[i] = (struct rule){
				.list = LIST_LEAF, .brand = -1, .term = term[i], .folds = FOLDS_PLAIN & ~FOLD_MARKS
			};
		}
		struct rulebook book = { .rule = rule, .nrules = TERMS, .scan = scan_new(rule, term, TERMS, &e) };
		assert_non_null(book.scan);
		for (int i = 0; i < TEXTS; i++)
			compare(&a, &book, term, make_text(&a, &random, 40));
		scan_free(book.scan);
		nplaces++;
	}
	assert_int_equal(nplaces, ROUNDS);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_naive_matcher_finds_the_same),
	};
	return cmocka_run_group_tests_name("scan_oracle", tests, NULL, NULL);
}
