/* Word groups of texts, counted once a text. */
#include "detector/grams.h"

#include "common/base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 4096u
#define WORD_BYTES 48 /* longer ones are names of files or worse */

/* ---- walking ---- */

/* The last pieces of a run: characters, or words with one space between. */
struct run {
	uint32_t start[GRAM_HAN]; /* the youngest last */
	int n;
};

static void run_push(struct run *r, int most, size_t start)
{
	if (r->n == most) {
		memmove(r->start, r->start + 1, (size_t)(most - 1) * sizeof *r->start);
		r->n--;
	}
	r->start[r->n++] = (uint32_t)start;
}

static void run_visit(const struct run *r, size_t end, bool is_han, gram_visit *visit, void *context)
{
	for (int i = r->n - 1; i >= 0; i--)
		visit(context, &(struct gram_place){ r->start[i], (uint16_t)(end - r->start[i]), (uint8_t)(r->n - i), is_han });
}

static bool is_inside_word(struct str text, size_t at)
{
	const char c = text.p[at];
	if (c != '\'' && c != '-')
		return false;
	size_t next = at + 1;
	return next < text.n && utf8_is_word(utf8_next(text, &next));
}

/* The end of the word that begins at `at`; has_letter: it is not a number. */
static size_t word_end(struct str text, size_t at, bool *has_letter)
{
	*has_letter = false;
	while (at < text.n) {
		size_t next = at;
		const uint32_t cp = utf8_next(text, &next);
		if (!utf8_is_word(cp) && !is_inside_word(text, at))
			break;
		*has_letter |= utf8_is_word(cp) && !(cp >= '0' && cp <= '9');
		at = next;
	}
	return at;
}

static size_t walk_words(struct str text, size_t at, struct run *words, gram_visit *visit, void *context)
{
	bool has_letter;
	const size_t end = word_end(text, at, &has_letter);
	if (!has_letter || end - at > WORD_BYTES) {
		words->n = 0;
		return end;
	}
	run_push(words, GRAM_WORDS, at);
	run_visit(words, end, false, visit, context);
	return end;
}

void grams_each(struct str text, gram_visit *visit, void *context)
{
	struct run han = { 0 }, words = { 0 };
	for (size_t at = 0; at < text.n;) {
		size_t next = at;
		const uint32_t cp = utf8_next(text, &next);
		if (utf8_is_han(cp)) {
			words.n = 0;
			run_push(&han, GRAM_HAN, at);
			run_visit(&han, next, true, visit, context);
		} else if (utf8_is_word(cp)) {
			han.n = 0;
			next = walk_words(text, at, &words, visit, context);
		} else {
			han.n = 0;
			words.n = cp == ' ' ? words.n : 0;
		}
		at = next;
	}
}

/* ---- counting ---- */

void grams_init(struct grams *g)
{
	*g = (struct grams){ .gram = calloc(FIRST_CAP, sizeof *g->gram), .cap = FIRST_CAP };
	if (g->gram == NULL)
		abort();
}

void grams_release(struct grams *g)
{
	free(g->gram);
	*g = (struct grams){ 0 };
}

static struct gram *find(const struct grams *g, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 29) & (g->cap - 1);
	while (g->gram[at].hash != 0 && g->gram[at].hash != hash)
		at = (at + 1) & (g->cap - 1);
	return &g->gram[at];
}

static void grow(struct grams *g)
{
	const struct grams old = *g;
	g->cap *= 2;
	g->gram = calloc(g->cap, sizeof *g->gram);
	if (g->gram == NULL)
		abort();
	for (size_t i = 0; i < old.cap; i++)
		if (old.gram[i].hash != 0)
			*find(g, old.gram[i].hash) = old.gram[i];
	free(old.gram);
}

static uint64_t hash_of(struct str group)
{
	const uint64_t hash = str_hash(group);
	return hash != 0 ? hash : 1;
}

struct count {
	struct grams *grams;
	struct str text;
	uint32_t number;
	bool is_bad;
};

static void count_place(void *context, const struct gram_place *p)
{
	struct count *c = context;
	const uint64_t hash = hash_of((struct str){ c->text.p + p->from, p->bytes });
	struct gram *gram = find(c->grams, hash);
	if (gram->hash == 0 && !c->is_bad)
		return;
	if (gram->hash == 0 && c->grams->n == GRAMS_MOST) {
		c->grams->refused++;
		return;
	}
	if (gram->hash == 0) {
		if (2 * (c->grams->n + 1) > c->grams->cap) {
			grow(c->grams);
			gram = find(c->grams, hash);
		}
		c->grams->n++;
		*gram = (struct gram){ .hash = hash,
			.text = c->number,
			.from = p->from,
			.bytes = p->bytes,
			.length = p->length,
			.is_han = p->is_han };
	}
	if (gram->last == c->number + 1)
		return;
	gram->last = c->number + 1;
	gram->bad += c->is_bad;
	gram->rest += !c->is_bad;
}

void grams_count(struct grams *g, struct str text, uint32_t number, bool is_bad)
{
	struct count c = { g, text, number, is_bad };
	grams_each(text, count_place, &c);
}

const struct gram *grams_find(const struct grams *g, struct str group)
{
	const struct gram *gram = find(g, hash_of(group));
	return gram->hash != 0 ? gram : NULL;
}
