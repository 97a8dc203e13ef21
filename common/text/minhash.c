/* Signatures of texts: one pass over the letters, one hash a group of letters, the least hash of each slot. */
#include "common/text/minhash.h"

#include "common/base/utf8.h"
#include "common/text/letters.h"

#include <string.h>

#define CHUNK 512 /* letters looked at together: decoding them and hashing their groups are two tight loops */
#define CARRY 4 /* letters in front of a chunk: what its first groups reach back to */
#define NAME_LETTERS 30 /* the longest name behind an @; what is longer is text that lacks a space */
#define WIDE_FROM 0x2E80u /* letters from here on stand for syllables or words */
#define LETTER_BITS 21
#define SLOT_SHIFT 27 /* the high 5 bits of 32 choose one of 32 slots */
#define ROUNDS 31 /* of filling slots; six groups leave none empty after so many */
#define NONE UINT32_MAX
#define ODD 0x9E3779B97F4A7C15u /* 2^64 divided by the golden ratio */

struct walk {
	struct str text;
	size_t at;
	size_t n; /* letters in the chunk, those in front included */
	size_t skip; /* of them that end no group: the first two of a text */
	uint32_t letter[CARRY + CHUNK];
	uint64_t group[CHUNK]; /* of the first chunk, for filling empty slots: so many groups leave none empty */
	size_t ngroups;
	struct minhash *out;
};

static uint64_t mix(uint64_t x)
{
	x *= 0xD6E8FEB86659FD93u;
	x ^= x >> 32;
	x *= 0xD6E8FEB86659FD93u;
	return x ^ x >> 32;
}

/* Without a branch: whether a hash is the least of its slot cannot be foreseen. What an earlier round put there stays. */
static void slot_take(uint32_t *slot, uint32_t hash, uint32_t round)
{
	const uint32_t rank = (hash & ((1u << SLOT_SHIFT) - 1)) | round << SLOT_SHIFT, least = slot[hash >> SLOT_SHIFT];
	slot[hash >> SLOT_SHIFT] = rank < least ? rank : least;
}

/* Twice as many chances to fill a slot for one hash. */
static void slot_take_both(uint32_t *slot, uint64_t hash, uint32_t round)
{
	slot_take(slot, (uint32_t)hash, round);
	slot_take(slot, (uint32_t)(hash >> 32), round);
}

/* The group that ends with a letter: three of them, five when the last one is of an alphabet. */
static uint64_t group_hash(const uint32_t *last)
{
	const uint64_t three = (uint64_t)last[-2] << 2 * LETTER_BITS | (uint64_t)last[-1] << LETTER_BITS | last[0];
	const uint64_t two = (uint64_t)last[-4] << LETTER_BITS | last[-3];
	const uint64_t is_narrow = last[0] < WIDE_FROM;
	return mix(three ^ ((two + 1) * ODD & (0 - is_narrow)));
}

static void flush(struct walk *w)
{
	struct minhash *out = w->out;
	uint64_t later[CHUNK], *hash = w->ngroups == 0 ? w->group : later;
	size_t n = 0;
	for (size_t i = CARRY; i < w->n; i++)
		out->weight += w->letter[i] >= WIDE_FROM ? 3 : 1;
	for (size_t i = CARRY + w->skip; i < w->n; i++) {
		hash[n] = group_hash(&w->letter[i]);
		out->exact += hash[n++];
	}
	for (size_t i = 0; i < n; i++)
		slot_take_both(out->slot, hash[i], 0);
	w->ngroups = hash == w->group ? n : w->ngroups;
	memmove(w->letter, w->letter + w->n - CARRY, CARRY * sizeof *w->letter);
	w->n = CARRY;
	w->skip = 0;
}

static void walk_letter(struct walk *w, uint32_t letter)
{
	if (w->n == CARRY + CHUNK)
		flush(w);
	w->letter[w->n++] = letter;
}

static inline uint32_t next_letter(struct walk *w)
{
	const unsigned char c = (unsigned char)w->text.p[w->at];
	if (c < 0x80) {
		w->at++;
		return letters_bmp[c];
	}
	if (utf8_is_plain_three(w->text, w->at)) {
		const unsigned char *p = (const unsigned char *)w->text.p + w->at;
		w->at += 3;
		return letters_bmp[(p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)];
	}
	const uint32_t cp = utf8_next(w->text, &w->at);
	return cp < 0x10000 ? letters_bmp[cp] : letters_of(cp);
}

static bool begins_address(struct str text, size_t at)
{
	const struct str rest = { text.p + at, text.n - at };
	return str_starts(rest, STR("http://")) || str_starts(rest, STR("https://")) || str_starts(rest, STR("www."));
}

/* May a name or an address begin here? All four letters at once: h alone is common, and a guess about it often wrong. */
static inline bool is_marked(struct str text, size_t at)
{
	if (text.p[at] == '@')
		return true;
	return text.n - at > 4 && (memcmp(text.p + at, "http", 4) == 0 || memcmp(text.p + at, "www.", 4) == 0);
}

/* Addresses are ASCII in posts: what follows in Chinese is text again. */
static void skip_address(struct walk *w)
{
	while (w->at < w->text.n && (unsigned char)w->text.p[w->at] > ' ' && (unsigned char)w->text.p[w->at] < 0x7F)
		w->at++;
}

static void skip_name(struct walk *w)
{
	w->at++;
	for (int i = 0; i < NAME_LETTERS && w->at < w->text.n; i++) {
		const size_t before = w->at;
		const uint32_t letter = next_letter(w);
		if (letter < LETTERS_FIRST && w->text.p[before] != '_' && w->text.p[before] != '-') {
			w->at = before;
			return;
		}
	}
}

static void walk_sequence(struct walk *w, uint32_t cp)
{
	uint32_t letter[LETTERS_SEQUENCE_MAX];
	const size_t n = letters_sequence(cp, letter);
	for (size_t i = 0; i < n; i++)
		if (letter[i] >= LETTERS_FIRST)
			walk_letter(w, letter[i]);
}

/* A letter is put down in any case and stays when it is one: punctuation and spaces come too irregularly for a branch. */
static inline void walk_step(struct walk *w)
{
	const size_t before = w->at;
	if (is_marked(w->text, before)) {
		if (w->text.p[before] == '@') {
			skip_name(w);
			return;
		}
		if (begins_address(w->text, before)) {
			skip_address(w);
			return;
		}
	}
	if (w->n == CARRY + CHUNK)
		flush(w);
	const uint32_t letter = next_letter(w);
	w->letter[w->n] = letter;
	w->n += letter >= LETTERS_FIRST;
	if (letter == LETTER_SEQUENCE) {
		size_t again = before;
		walk_sequence(w, utf8_next(w->text, &again));
	}
}

#define B4(i) 1u << (i), 2u << (i), 4u << (i), 8u << (i)
static const uint32_t slot_bit[MINHASH_SLOTS] = { B4(0), B4(4), B4(8), B4(12), B4(16), B4(20), B4(24), B4(28) };

/* Bits of them. From a list, so that compilers make vectors of it: shifting is a tenth of the time of a short text. */
static uint32_t empty_slots(const uint32_t *slot)
{
	uint32_t empty = 0;
	for (int i = 0; i < MINHASH_SLOTS; i++)
		empty |= slot[i] == NONE ? slot_bit[i] : 0;
	return empty;
}

/* Further permutations of the same groups, of which only what falls into empty slots counts: little. */
static void fill_empty(const struct walk *w)
{
	uint32_t empty = empty_slots(w->out->slot);
	for (uint32_t round = 1; round < ROUNDS && empty != 0; round++) {
		for (size_t i = 0; i < w->ngroups; i++) {
			const uint64_t hash = mix(w->group[i] + round);
			const uint32_t low = (uint32_t)hash, high = (uint32_t)(hash >> 32);
			if (((empty >> (low >> SLOT_SHIFT) | empty >> (high >> SLOT_SHIFT)) & 1) != 0)
				slot_take_both(w->out->slot, hash, round);
		}
		empty = empty_slots(w->out->slot);
	}
}

void minhash_make(struct str text, struct minhash *out)
{
	struct walk w; /* its lists are written before they are read: no time for zeros */
	w.text = text;
	w.at = w.ngroups = 0;
	w.n = CARRY;
	w.skip = 2;
	w.out = out;
	memset(w.letter, 0, CARRY * sizeof *w.letter);
	*out = (struct minhash){ .exact = 0 };
	memset(out->slot, 0xFF, sizeof out->slot);
	while (w.at < w.text.n)
		walk_step(&w);
	flush(&w);
	fill_empty(&w);
}

int minhash_common(const struct minhash *a, const struct minhash *b)
{
	int n = 0;
	for (int i = 0; i < MINHASH_SLOTS; i++)
		n += a->slot[i] == b->slot[i];
	return n;
}
