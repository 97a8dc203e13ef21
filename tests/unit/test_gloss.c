/* A page of Traditional text with pinyin glosses yields what its plain Simplified text yields, at the same characters. */
#include "common/base/file.h"
#include "common/base/tree.h"
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "common/text/pinyin.h"
#include "common/text/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define PLAIN "tests/accuracy/plain.txt"
#define GLOSSED "tests/accuracy/glossed.html"
#define FILE_MAX (1u << 20)
#define LETTERS_MAX 4096
#define LEAST_LETTERS 1500
#define LEAST_MATCHES 300

/* A text as its letters without the glosses, each with the code point it stands at. */
struct reading {
	struct str text;
	uint32_t letter[LETTERS_MAX], place[LETTERS_MAX];
	size_t n;
	struct scanned scanned;
};

static struct arena arena;
static struct rulebook *book;
static struct reading plain, glossed;

/* Behind the gloss that begins at byte `at` with an opening bracket; `at` when there is none. */
static size_t gloss_end(struct str text, size_t at)
{
	size_t from = at, to;
	if (letters_of(utf8_next(text, &from)) != LETTER_OPEN)
		return at;
	for (to = from; to < text.n;) {
		const size_t end = to;
		const uint32_t cp = utf8_next(text, &to);
		if (cp == ')' || cp == 0xFF09)
			return pinyin_is_gloss((struct str){ text.p + from, end - from }) ? to : at;
	}
	return at;
}

static void reading_letters(struct reading *r)
{
	uint32_t index = 0;
	for (size_t at = 0; at < r->text.n; index++) {
		const size_t behind = gloss_end(r->text, at);
		if (behind != at) {
			index += (uint32_t)utf8_count((struct str){ r->text.p + at, behind - at }) - 1;
			at = behind;
			continue;
		}
		const uint32_t letter = letters_of(utf8_next(r->text, &at));
		if (letter < LETTERS_FIRST)
			continue;
		assert_true(r->n < LETTERS_MAX);
		r->letter[r->n] = letter;
		r->place[r->n++] = index;
	}
}

static void reading_make(struct reading *r, struct str text)
{
	struct post post;
	post_init(&post);
	post.text = text;
	r->text = text;
	reading_letters(r);
	scan_post(&arena, book, &post, &r->scanned);
}

static struct str read_all(const char *path)
{
	struct err e = { 0 };
	struct str bytes;
	if (file_read(&arena, path, FILE_MAX, &bytes, &e) != OK)
		fail_msg("%s", e.text);
	return bytes;
}

static int setup(void **state)
{
	(void)state;
	struct problems problems;
	const char *folder = "rules";
	arena_init(&arena, 64u << 20);
	problems_init(&problems);
	book = rulebook_load(&folder, 1, &problems);
	problems_release(&problems);
	if (!book)
		return 1;
	reading_make(&plain, read_all(PLAIN));
	reading_make(&glossed, tree_html_to_text(&arena, read_all(GLOSSED)));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rulebook_free(book);
	arena_release(&arena);
	return 0;
}

static void both_texts_have_the_same_letters(void **state)
{
	(void)state;
	assert_true(plain.n >= LEAST_LETTERS);
	assert_int_equal(plain.n, glossed.n);
	for (size_t i = 0; i < plain.n; i++)
		if (plain.letter[i] != glossed.letter[i])
			fail_msg("letter %zu is U+%04X in %s, U+%04X in %s", i, plain.letter[i], PLAIN, glossed.letter[i],
				GLOSSED);
}

/* The number of the letter that stands at code point `place`; r->n when none does. */
static size_t letter_at(const struct reading *r, uint32_t place)
{
	size_t i = 0;
	while (i < r->n && r->place[i] != place)
		i++;
	return i;
}

/* The match of the same rule at the same letters of the other text. */
static const struct match *same_match(const struct match *m, const struct reading *here, const struct reading *there)
{
	const size_t first = letter_at(here, m->from), last = letter_at(here, m->to - 1);
	if (first >= there->n || last >= there->n)
		return NULL;
	const uint32_t from = there->place[first], to = there->place[last] + 1;
	for (size_t i = 0; i < there->scanned.n; i++) {
		const struct match *other = &there->scanned.match[i];
		if (other->rule == m->rule && other->from == from && other->to == to)
			return other;
	}
	return NULL;
}

/* There a longer term, of a list with plain folds, may stand for it. */
static bool is_in_longer(const struct match *m, const struct reading *here, const struct reading *there)
{
	const uint32_t from = there->place[letter_at(here, m->from)];
	for (size_t i = 0; i < there->scanned.n; i++) {
		const struct match *other = &there->scanned.match[i];
		if (other->rule->list == m->rule->list && !(other->rule->folds & FOLD_GLOSS) && other->from <= from &&
			from < other->to)
			return true;
	}
	return false;
}

/* Each match of `here` at letters of the text is one of `there`; how many were seen through a gloss there. An English word that
 * happens to be spelled like a gloss (fan) stands at no letter of the text; lists with plain folds do not see through glosses. */
static size_t assert_all_in(const struct reading *here, const struct reading *there, const char *what)
{
	size_t nmissed = 0, nglosses = 0;
	for (size_t i = 0; i < here->scanned.n; i++) {
		const struct match *m = &here->scanned.match[i], *other = same_match(m, here, there);
		if (letter_at(here, m->from) == here->n || !(m->rule->folds & FOLD_GLOSS))
			continue;
		if (!other && is_in_longer(m, here, there))
			continue;
		nmissed += !other;
		nglosses += other && (other->folds & FOLD_GLOSS);
		if (!other)
			print_message("%s: %.*s (%s:%d) at letter %zu\n", what, STR_FMT(m->rule->term), m->rule->file,
				m->rule->line, letter_at(here, m->from));
	}
	assert_int_equal(nmissed, 0);
	return nglosses;
}

static void every_term_is_found_through_the_glosses(void **state)
{
	(void)state;
	assert_true(plain.scanned.n >= LEAST_MATCHES);
	assert_true(assert_all_in(&plain, &glossed, "missed") >= LEAST_MATCHES / 2);
}

static void the_glosses_add_nothing(void **state)
{
	(void)state;
	assert_all_in(&glossed, &plain, "too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_texts_have_the_same_letters),
		cmocka_unit_test(every_term_is_found_through_the_glosses),
		cmocka_unit_test(the_glosses_add_nothing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
