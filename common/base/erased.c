/* Who and what was erased: a set of marks. */
#include "common/base/erased.h"

#include "common/base/crypto.h"
#include "common/base/pseudonyms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK_BYTES 16
#define MOST_SAID 128 /* bytes of a pseudonym or an id; longer ones are neither */

struct slot {
	unsigned char mark[MARK_BYTES];
	int64_t at_ms;
	bool is_taken;
};

struct erased {
	struct str key[PSEUDONYM_KEYS];
	size_t nkeys;
	struct slot *slot; /* open addressing */
	size_t n, room; /* room: a power of two */
};

static struct str keep(struct str s)
{
	char *copy = malloc(s.n + 1);
	if (copy == NULL)
		abort();
	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	return (struct str){ copy, s.n };
}

static void drop_keys(struct erased *s)
{
	for (size_t i = 0; i < s->nkeys; i++)
		free((char *)(uintptr_t)s->key[i].p);
	s->nkeys = 0;
}

struct erased *erased_new(const struct str *key, size_t n)
{
	struct erased *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	erased_rekey(s, key, n);
	return s;
}

void erased_rekey(struct erased *s, const struct str *key, size_t n)
{
	erased_clear(s);
	drop_keys(s);
	for (size_t i = 0; i < n && i < PSEUDONYM_KEYS; i++)
		s->key[s->nkeys++] = keep(key[i]);
}

struct str erased_key(const struct erased *s, size_t i)
{
	return i < s->nkeys ? s->key[i] : STR("");
}

void erased_free(struct erased *s)
{
	if (s == NULL)
		return;
	drop_keys(s);
	free(s->slot);
	free(s);
}

void erased_clear(struct erased *s)
{
	free(s->slot);
	s->slot = NULL;
	s->n = s->room = 0;
}

static struct slot *find(const struct erased *s, const unsigned char mark[MARK_BYTES])
{
	uint64_t hash = 0;
	memcpy(&hash, mark, sizeof hash); /* it is a hash itself */
	for (size_t at = hash & (s->room - 1);; at = (at + 1) & (s->room - 1))
		if (!s->slot[at].is_taken || memcmp(s->slot[at].mark, mark, MARK_BYTES) == 0)
			return &s->slot[at];
}

static void grow(struct erased *s)
{
	const struct erased old = *s;
	s->room = old.room > 0 ? old.room * 2 : 64;
	s->slot = calloc(s->room, sizeof *s->slot);
	if (s->slot == NULL)
		abort();
	for (size_t i = 0; i < old.room; i++)
		if (old.slot[i].is_taken)
			*find(s, old.slot[i].mark) = old.slot[i];
	free(old.slot);
}

static void place(struct erased *s, const unsigned char mark[MARK_BYTES], int64_t at_ms)
{
	if (s->n * 2 >= s->room)
		grow(s);
	struct slot *slot = find(s, mark);
	s->n += !slot->is_taken;
	if (!slot->is_taken || slot->at_ms < at_ms)
		slot->at_ms = at_ms;
	memcpy(slot->mark, mark, MARK_BYTES);
	slot->is_taken = true;
}

static struct sha256 mark_of(struct str key, struct str what)
{
	char text[MOST_SAID + 16];
	const int n = snprintf(text, sizeof text, "erased\n%.*s", STR_FMT(str_first(what, MOST_SAID)));
	return crypto_hmac_sha256(key, (struct str){ text, (size_t)n });
}

void erased_add(struct erased *s, struct str what, int64_t at_ms)
{
	place(s, mark_of(s->key[0], what).byte, at_ms);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool erased_add_mark(struct erased *s, struct str mark, int64_t at_ms)
{
	unsigned char byte[MARK_BYTES];
	if (mark.n != 2 * (size_t)MARK_BYTES)
		return false;
	for (size_t i = 0; i < MARK_BYTES; i++) {
		const int high = digit_of(mark.p[2 * i]), low = digit_of(mark.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		byte[i] = (unsigned char)(high << 4 | low);
	}
	place(s, byte, at_ms);
	return true;
}

size_t erased_count(const struct erased *s)
{
	return s->n;
}

bool erased_next(const struct erased *s, size_t *at, char mark[ERASED_MARK], int64_t *at_ms)
{
	while (*at < s->room && !s->slot[*at].is_taken)
		(*at)++;
	if (*at >= s->room)
		return false;
	crypto_hex(s->slot[*at].mark, MARK_BYTES, mark);
	*at_ms = s->slot[*at].at_ms;
	(*at)++;
	return true;
}

/* NULL when there is no mark of it under either key. */
static const struct slot *look_up(const struct erased *s, struct str what)
{
	for (size_t i = 0; i < s->nkeys && what.n > 0; i++) {
		const struct slot *slot = find(s, mark_of(s->key[i], what).byte);
		if (slot->is_taken)
			return slot;
	}
	return NULL;
}

bool erased_has_id(const struct erased *s, struct str post_id)
{
	return s != NULL && s->n > 0 && look_up(s, post_id) != NULL;
}

bool erased_has_post(const struct erased *s, const struct post *p)
{
	if (s == NULL || s->n == 0)
		return false;
	if (look_up(s, p->id) != NULL)
		return true;
	const struct slot *author = look_up(s, p->author);
	return author != NULL && (p->posted_ms < 0 || p->date_only || p->posted_ms <= author->at_ms);
}
