/* Keywords for the bench of the matcher. */
#include "cli/bench_keywords.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"

#include <string.h>

#define SEEN_PLACES (1u << 18) /* of the table of what came up already */
#define LEAST_LETTERS 4 /* of an English word */
#define MOST_LETTERS 16
#define SAMPLE 200000 /* places in the texts */
#define TRIES_PER_KEYWORD 4000

struct picking {
	struct arena *a;
	const struct bench_texts *texts;
	struct str *out;
	size_t n, wanted;
	uint64_t taken[SEEN_PLACES]; /* hashes of keywords */
	unsigned char times[SEEN_PLACES]; /* how often something of this hash came up in a sample of the texts */
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

/* Spread over the lists: their first lines are not like the others. */
static void take_negative(struct picking *p, const struct rulebook *book)
{
	size_t left = 0;
	for (size_t i = 0; i < book->nrules; i++)
		left += is_negative(&book->rule[i]);
	for (size_t i = 0; i < book->nrules && p->n < p->wanted; i++) {
		if (!is_negative(&book->rule[i]))
			continue;
		if (next_random(p) % left-- < p->wanted - p->n)
			take(p, str_trim(normalise_text(p->a, book->rule[i].term)));
	}
}

/* A place in the texts, at random. */
static struct str place(struct picking *p, size_t *at)
{
	const struct str text = p->texts->text[next_random(p) % p->texts->n];
	*at = next_random(p) % text.n;
	return text;
}

static struct str phrase(struct picking *p)
{
	size_t from;
	const struct str text = place(p, &from);
	size_t to = from;
	for (unsigned i = 3 + next_random(p) % 2; i > 0; i--)
		if (to >= text.n || !utf8_is_plain_three(text, to) || !utf8_is_han(utf8_next(text, &to)))
			return STR("");
	return (struct str){ text.p + from, to - from };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str word(struct picking *p)
{
	size_t from;
	const struct str text = place(p, &from);
	size_t to = from;
	while (from > 0 && is_letter(text.p[from - 1]))
		from--;
	while (to < text.n && is_letter(text.p[to]))
		to++;
	if (to - from < LEAST_LETTERS || to - from > MOST_LETTERS)
		return STR("");
	return normalise_text(p->a, (struct str){ text.p + from, to - from });
}

/* Names are rarer than the phrases and words that come up everywhere: a sample tells these, and they are left out. */
static void take_rare(struct picking *p, struct str (*candidate)(struct picking *p))
{
	memset(p->times, 0, sizeof(p->times));
	for (size_t i = 0; i < SAMPLE; i++) {
		const struct str seen = candidate(p);
		if (seen.n > 0)
			p->times[(str_hash(seen) >> 20) % SEEN_PLACES] = 1;
	}
	for (size_t tries = p->wanted * TRIES_PER_KEYWORD; p->n < p->wanted && tries > 0; tries--) {
		const struct str rare = candidate(p);
		if (rare.n > 0 && !p->times[(str_hash(rare) >> 20) % SEEN_PLACES])
			take(p, rare);
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
	take_rare(p, phrase);
	p->wanted = n;
	take_rare(p, word);
	return p->n;
}
