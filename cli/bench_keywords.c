/* Keywords for the bench of the matcher. */
#include "cli/bench_keywords.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"

#include <string.h>

#define SEEN_PLACES (1u << 18) /* of the table of what came up already */
#define LEAST_LETTERS 6 /* of an English word: the commonest are shorter, and nobody's keywords */
#define TRIES_PER_KEYWORD 4000

struct picking {
	struct arena *a;
	const struct bench_texts *texts;
	struct str *out;
	size_t n, wanted;
	uint64_t taken[SEEN_PLACES]; /* hashes of keywords */
	uint32_t random;
};

static uint32_t next_random(struct picking *p)
{
	p->random = p->random * 1664525u + 1013904223u;
	return p->random >> 8;
}

static void take(struct picking *p, struct str keyword)
{
	const uint64_t hash = str_hash(keyword) | 1;
	size_t at = hash % SEEN_PLACES;
	for (; p->taken[at]; at = (at + 1) % SEEN_PLACES)
		if (p->taken[at] == hash)
			return;
	p->taken[at] = hash;
	p->out[p->n++] = arena_copy(p->a, keyword);
}

static bool is_negative(const struct rule *r)
{
	return !r->query &&
	       (r->list == LIST_COMPLAINT || r->list == LIST_URGENCY || (r->list == LIST_SENTIMENT && r->weight < 0));
}

static void take_negative(struct picking *p, const struct rulebook *book)
{
	for (size_t i = 0; i < book->nrules && p->n < p->wanted; i++)
		if (is_negative(&book->rule[i]))
			take(p, str_trim(normalise_text(p->a, book->rule[i].term)));
}

static struct str phrase_at(struct str text, size_t at, unsigned characters)
{
	size_t end = at;
	for (unsigned i = 0; i < characters; i++) {
		if (end >= text.n || !utf8_is_plain_three(text, end) || !utf8_is_han(utf8_next(text, &end)))
			return STR("");
	}
	return (struct str){ text.p + at, end - at };
}

static void take_phrases(struct picking *p)
{
	for (size_t tries = p->wanted * TRIES_PER_KEYWORD; p->n < p->wanted && tries > 0; tries--) {
		const struct str text = p->texts->text[next_random(p) % p->texts->n];
		const size_t at = next_random(p) % text.n;
		if (((unsigned char)text.p[at] & 0xF0) != 0xE0)
			continue;
		const struct str phrase = phrase_at(text, at, 3 + next_random(p) % 2);
		if (phrase.n > 0)
			take(p, phrase);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void take_words(struct picking *p)
{
	for (size_t tries = p->wanted * TRIES_PER_KEYWORD; p->n < p->wanted && tries > 0; tries--) {
		const struct str text = p->texts->text[next_random(p) % p->texts->n];
		size_t from = next_random(p) % text.n, to = from;
		while (from > 0 && is_letter(text.p[from - 1]))
			from--;
		while (to < text.n && is_letter(text.p[to]))
			to++;
		const struct str word = normalise_text(p->a, (struct str){ text.p + from, to - from });
		if (word.n >= LEAST_LETTERS && str_hash(word) % 4 == 0)
			take(p, word);
	}
}

size_t bench_keywords(struct arena *a, const struct bench_texts *texts, const struct rulebook *book, size_t n, struct str *out)
{
	struct picking *p = arena_new(a, struct picking);
	p->a = a;
	p->texts = texts;
	p->out = out;
	p->random = 20261122;
	p->wanted = n * 2 / 5;
	take_negative(p, book);
	p->wanted = n * 4 / 5;
	take_phrases(p);
	p->wanted = n;
	take_words(p);
	return p->n;
}
