/* The hot path: one pass over the original, a table look-up for each Chinese character and a bit for each Latin word. */
#include "common/text/scan_pass.h"

#include "common/text/pinyin.h"
#include "common/text/scan_block.h"

#include <endian.h>
#include <string.h>

#define TOKEN_MAX 64 /* letters of one word */
/* The last letters of a script without spaces; 0 = none: a word or a wall came since. */
struct letters {
	uint32_t first, second; /* LETTER_UNREAD: the ideograph at its place, whatever it folds to */
	size_t first_at, second_at;
};
#define LETTER_UNREAD 0xFFFFFFFFu

/* A place that may begin a term: asked for first, answered together with others. */
struct asked {
	enum start_kind kind;
	uint32_t key;
	size_t at;
	const uint32_t *term; /* under the key, NULL = none */
};
#define ASKED 32u

struct pass {
	const struct scan *scan;
	const struct scan_text *text;
	struct scan_odd odd;
	scan_odd_found *found;
	void *context;
	struct scan_budget *budget;
	struct letters before; /* what a letter of a script without spaces may go on from */
	struct scan_block last; /* word, digit and same of the 64 bytes just before, highest bits first */
	uint64_t last_starts, last_single;
	size_t odd_done, spelled_done;
	struct asked asked[ASKED];
	unsigned nasked;
};

/* ---- looking closely ---- */

static void pass_found(void *context, const struct scan_term *t, const struct scan_hit *hit)
{
	struct pass *s = context;
	const bool is_doubtful = hit->has_gap || (hit->folds & FOLDS_SUBSTITUTES);
	if (is_doubtful && scan_doubt_is_dear(hit)) {
		if (s->budget->doubts == 0)
			return;
		s->budget->doubts--;
	}
	if (!is_doubtful || scan_doubt_stands(s->text, t, hit))
		s->found(s->context, t, hit);
}

static void pass_verify(struct pass *s, const struct asked *a)
{
	const uint32_t *term = a->term;
	const int sound = a->kind == START_SOUND_FIRST ? 0 : a->kind == START_SOUND_SECOND ? 1 : -1;
	for (bool any = term != NULL; any && s->budget->looks > 0; any = !(*term++ & SCAN_LAST), --s->budget->looks) {
		struct scan_hit hit;
		const struct scan_term *t = scan_book_term(s->scan, *term);
		if (scan_verify(s->text, t, a->at, sound, &hit))
			pass_found(s, t, &hit);
	}
}

/* Three steps, each for all that was asked, so that the memory of the next ones is under way while one is looked at. */
static void pass_answer(struct pass *s)
{
	for (unsigned i = 0; i < s->nasked; i++) {
		struct asked *a = &s->asked[i];
		a->term = scan_book_find(s->scan, a->kind, a->key);
		if (a->term)
			__builtin_prefetch(scan_book_term(s->scan, *a->term));
	}
	for (unsigned i = 0; i < s->nasked; i++)
		pass_verify(s, &s->asked[i]);
	s->nasked = 0;
}

/* The terms under a key are to be looked for at `at`. */
static void pass_look(struct pass *s, enum start_kind kind, uint32_t key, size_t at)
{
	if (s->nasked == ASKED)
		pass_answer(s);
	s->asked[s->nasked++] = (struct asked){ .kind = kind, .key = key, .at = at };
	scan_book_fetch(s->scan, kind, key);
}

static void pass_sounds(struct pass *s, uint32_t a, uint32_t b, size_t at)
{
	uint16_t sound[PINYIN_READINGS_MAX];
	size_t n = pinyin_readings(a, sound);
	for (size_t i = 0; i < n; i++)
		if (scan_book_may(&s->scan->sounds, scan_book_pair(SCAN_SOUND | sound[i], b)))
			pass_look(s, START_SOUND_FIRST, scan_book_key(START_SOUND_FIRST, sound[i], b), at);
	n = pinyin_readings(b, sound);
	for (size_t i = 0; i < n; i++)
		if (scan_book_may(&s->scan->sounds, scan_book_pair(a, SCAN_SOUND | sound[i])))
			pass_look(s, START_SOUND_SECOND, scan_book_key(START_SOUND_SECOND, a, sound[i]), at);
}

static bool is_one(const struct scan *scan, uint32_t code)
{
	return scan->ones[(code & 2047) >> 5] >> (code & 31) & 1;
}

/* The letter of the three bytes at `p`; 0 for a class. */
static inline uint32_t letter_at(const unsigned char *p)
{
	const uint32_t letter = scan_letter_of_three(p);
	return letter < LETTERS_FIRST ? 0 : letter;
}

static void letters_read(const struct pass *s, struct letters *l)
{
	if (l->first == LETTER_UNREAD)
		l->first = letter_at(s->text->p + l->first_at);
	if (l->second == LETTER_UNREAD)
		l->second = letter_at(s->text->p + l->second_at);
}

/* Terms whose second or third letter is `letter`. */
static void pass_pair(struct pass *s, uint32_t letter)
{
	const struct scan *scan = s->scan;
	letters_read(s, &s->before);
	const uint32_t a = s->before.first, b = s->before.second;
	if (!b)
		return;
	if (scan_book_may(&scan->pairs, scan_book_pair(b, letter)))
		pass_look(s, START_PAIR, scan_book_key(START_PAIR, b, letter), s->before.second_at);
	if (a && scan_book_may(&scan->triples, scan_book_triple(scan_book_join(a, b), letter)))
		pass_look(s, START_TRIPLE, scan_book_triple_key(a, b, letter), s->before.first_at);
	if (scan->has[START_SOUND_FIRST] && !scan_is_word(letter))
		pass_sounds(s, b, letter, s->before.second_at);
}

static void pass_letter(struct pass *s, uint32_t letter, size_t at)
{
	pass_pair(s, letter);
	if (s->scan->has[START_ONE] && is_one(s->scan, letter))
		pass_look(s, START_ONE, scan_book_key(START_ONE, letter, 0), at);
	s->before = (struct letters){ s->before.second, letter, s->before.second_at, at };
}

static uint32_t sign_of(uint32_t cp)
{
	return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
}

static void pass_sign(struct pass *s, uint32_t cp, size_t at)
{
	cp = sign_of(cp);
	if (s->scan->has[START_SIGN] && is_one(s->scan, cp))
		pass_look(s, START_SIGN, scan_book_key(START_SIGN, cp, 0), at);
}

/* A gloss behind a character, 服務(wù)體驗: it is passed over, so that what stands before it meets what stands behind it, and no
 * English word is seen in it. Returns its end, 0 when there is none. */
static size_t pass_gloss(const struct pass *s, size_t at)
{
	while (s->text->p[at] == ' ')
		at++;
	const bool is_open = scan_letter(scan_text_next(s->text, &(size_t){ at })) == LETTER_OPEN;
	return is_open ? scan_verify_gloss(s->text, at) : 0;
}

/* Nothing of the ASCII before counts for what comes. */
static void ascii_forget(struct pass *s)
{
	s->last.word = s->last.digit = s->last.same = 0;
	s->last_starts = s->last_single = 0;
}

/* ---- words ---- */

/* A word of `n` ASCII letters in the form of its bitmap. */
static inline uint64_t ascii_head(const unsigned char *p, size_t n)
{
	uint64_t head;
	memcpy(&head, p, 8);
	return (le64toh(head) | 0x2020202020202020u) & (~(uint64_t)0 >> (n < 8 ? 64 - 8 * n : 0));
}

struct token {
	uint64_t head;
	size_t n, end;
};

static bool token_add(struct token *k, uint32_t letter)
{
	if (letter < LETTERS_FIRST || !scan_is_word(letter))
		return false;
	if (k->n < 8)
		k->head |= (uint64_t)scan_book_byte(letter) << 8 * k->n;
	k->n++;
	return true;
}

static bool token_add_code(struct token *k, uint32_t cp, uint32_t letter)
{
	uint32_t several[LETTERS_SEQUENCE_MAX];
	if (letter != LETTER_SEQUENCE)
		return token_add(k, letter);
	const size_t n = letters_sequence(cp, several);
	bool is_word = n > 0;
	for (size_t i = 0; i < n && is_word; i++)
		is_word = token_add(k, several[i]);
	return is_word;
}

/* Reads letters from `at` on; what is hidden between them does not end the word. */
static void token_read(struct token *k, const struct scan_text *text, size_t at)
{
	*k = (struct token){ .end = at };
	for (size_t looked = 0; looked < TOKEN_MAX; looked++) {
		const uint32_t cp = scan_text_next(text, &at), letter = scan_letter(cp);
		if (letter == LETTER_HIDDEN && k->n > 0)
			continue;
		if (!token_add_code(k, cp, letter))
			return;
		k->end = at;
	}
}

static void pass_prefixes(struct pass *s, uint64_t head, size_t letters, size_t at)
{
	for (uint32_t lengths = s->scan->prefix_lengths; lengths; lengths &= lengths - 1) {
		const unsigned k = (unsigned)__builtin_ctz(lengths);
		if (k >= letters && !(k == SCAN_PREFIX_MAX && letters > k))
			break; /* the whole word is looked up as such */
		const uint64_t part = k < 8 ? head & (((uint64_t)1 << 8 * k) - 1) : head;
		const uint32_t key = scan_book_key(START_PREFIX, part, k);
		if (scan_book_may(&s->scan->prefixes, key))
			pass_look(s, START_PREFIX, key, at);
	}
}

static bool may_be_word(const struct scan_bitmap *words, uint64_t word)
{
	return scan_book_may(words, (uint32_t)(word >> 32));
}

/* A word of `letters` letters at `at`. */
static void pass_word(struct pass *s, uint64_t head, size_t letters, size_t at)
{
	const uint64_t word = scan_book_word(head, letters);
	if (may_be_word(&s->scan->words, word))
		pass_look(s, START_WORD, scan_book_key(START_WORD, word, 0), at);
	pass_prefixes(s, head, letters, at);
}

/* The word at `from`, whatever its letters are written with. Returns its end; `from` when there is none. */
static size_t pass_token(struct pass *s, size_t from)
{
	struct token k;
	token_read(&k, s->text, from);
	if (k.n == 0)
		return from;
	pass_word(s, k.head, k.n, from);
	if (s->scan->has[START_ODD] && k.end > s->odd_done) {
		scan_odd_token(&s->odd, from, k.end);
		s->odd_done = k.end;
	}
	return k.end;
}

/* ---- ASCII ---- */

/* The last word of a block, of `n` letters or more: it may go on. Returns its end. */
static size_t ascii_last(struct pass *s, size_t at, size_t n)
{
	const unsigned char *p = s->text->p + at;
	while (scan_is_ascii_word(p[n]))
		n++;
	if (p[n] >= 0x80 && scan_text_goes_on(s->text, at + n))
		return pass_token(s, at);
	pass_word(s, ascii_head(p, n), n, at);
	return at + n;
}

/* Words that begin at the bits of `starts` and end in the same block: first all are asked for, then those that may be terms are
 * looked at, so that a rare "yes" does not hold up the next question. */
static void ascii_words(struct pass *s, size_t at, uint64_t starts, uint64_t word)
{
	const struct scan_bitmap words = s->scan->words;
	const bool any_prefix = s->scan->prefix_lengths != 0;
	const unsigned char *p = s->text->p + at;
	unsigned char queue[64];
	unsigned nqueue = 0;
	for (; starts; starts &= starts - 1) {
		const unsigned bit = (unsigned)__builtin_ctzll(starts), n = (unsigned)__builtin_ctzll(~(word >> bit));
		queue[nqueue] = (unsigned char)bit;
		nqueue += any_prefix || may_be_word(&words, scan_book_word(ascii_head(p + bit, n), n));
	}
	for (unsigned i = 0; i < nqueue; i++) {
		const unsigned bit = queue[i], n = (unsigned)__builtin_ctzll(~(word >> bit));
		pass_word(s, ascii_head(p + bit, n), n, at + bit);
	}
}

/* Signs that stand for letters, by where they may: at the front of a word, inside it, at its end. */
#define SIGN_FRONT 1
#define SIGN_INSIDE 2
#define SIGN_END 4
static const unsigned char sign_places[128] = {
	['$'] = SIGN_FRONT | SIGN_INSIDE | SIGN_END,
	['*'] = SIGN_FRONT | SIGN_INSIDE | SIGN_END,
	['|'] = SIGN_FRONT | SIGN_INSIDE | SIGN_END,
	['!'] = SIGN_FRONT | SIGN_INSIDE,
	['+'] = SIGN_INSIDE | SIGN_END,
	['@'] = SIGN_INSIDE,
	['#'] = SIGN_INSIDE,
};

/* Does the sign at `p` stand for a letter of the word it touches? */
static bool is_odd_sign(const unsigned char *p)
{
	const bool is_behind = scan_is_ascii_word(p[-1]), is_before = scan_is_ascii_word(p[1]);
	if (!is_behind)
		return is_before && p[1] > '9' && (sign_places[*p] & SIGN_FRONT);
	return sign_places[*p] & (is_before ? SIGN_INSIDE : SIGN_END);
}

static void ascii_odd(struct pass *s, size_t at, const struct scan_block *m)
{
	const unsigned char *p = s->text->p + at;
	const uint64_t before_digit = m->digit << 1 | s->last.digit >> 63, before_word = m->word << 1 | s->last.word >> 63;
	const uint64_t letter = m->word & ~m->digit, before_letter = before_word & ~before_digit;
	const uint64_t mixed = (m->digit & before_letter) | (letter & before_digit);
	const uint64_t triple = m->same & (m->same << 1 | s->last.same >> 63);
	const uint64_t sign = m->sign & (before_word | m->word >> 1 | (uint64_t)1 << 63);
	for (uint64_t odd = mixed | triple | sign; odd; odd &= odd - 1) {
		const unsigned bit = (unsigned)__builtin_ctzll(odd);
		if (at + bit < s->odd_done || ((sign >> bit & 1) && !is_odd_sign(p + bit)))
			continue;
		s->odd_done = scan_odd_word(&s->odd, at + bit);
	}
}

/* Two letters that stand alone, close to each other, with ASCII between. */
static void ascii_spelled(struct pass *s, size_t at, uint64_t single, uint64_t high)
{
	const uint64_t last = s->last_single, first = single & ~high;
	uint64_t pairs = single & (first << 2 | last >> 62 | first << 3 | last >> 61 | first << 4 | last >> 60);
	for (; pairs; pairs &= pairs - 1) {
		size_t from = at + (unsigned)__builtin_ctzll(pairs) - 2; /* the bit stands behind the second letter */
		while (!scan_is_ascii_word(s->text->p[from]))
			from--;
		if (from >= s->spelled_done)
			s->spelled_done = scan_odd_spelled(&s->odd, from);
	}
}

static void ascii_signs(struct pass *s, size_t at, uint64_t marks)
{
	const unsigned char *p = s->text->p + at;
	for (; marks; marks &= marks - 1) {
		const unsigned bit = (unsigned)__builtin_ctzll(marks);
		if (s->scan->ascii_sign[p[bit]])
			pass_sign(s, p[bit], at + bit);
	}
}

/* Keeps the highest bits for the next block. */
static void ascii_carry(struct pass *s, const struct scan_block *m, uint64_t starts, uint64_t single, unsigned n)
{
	const unsigned up = SCAN_BLOCK - n;
	s->last.word = m->word << up;
	s->last.digit = m->digit << up;
	s->last.same = m->same << up;
	s->last_starts = starts << up;
	s->last_single = (single & ~m->high) << up;
}

/* The words of the first `n` bytes of a block. Returns where to go on. */
static size_t pass_words(struct pass *s, size_t at, const struct scan_block *m, unsigned n)
{
	const uint64_t starts = m->word & ~(m->word << 1 | s->last.word >> 63);
	uint64_t inside = starts;
	size_t end = at + n;
	if (s->scan->has[START_ODD] || s->scan->has[START_MASKED])
		ascii_odd(s, at, m); /* before the last word, which may go far */
	if (m->word >> (n - 1) & 1) { /* the last word touches the end; where it begins depends on the blocks before */
		const unsigned length = m->word == ~(uint64_t)0 ? 64 : (unsigned)__builtin_clzll(~(m->word << (64 - n)));
		const unsigned bit = n - length;
		if (starts >> bit & 1) {
			inside &= ~((uint64_t)1 << bit);
			const size_t to = ascii_last(s, at + bit, length);
			if (to > end && s->text->p[end] >= 0x80)
				end = to; /* the word goes on in other letters, and was taken whole */
		}
	}
	ascii_words(s, at, inside, m->word);
	const uint64_t single = ~m->word & (starts << 1 | s->last_starts >> 63);
	if (s->scan->has[START_SPELLED])
		ascii_spelled(s, at, single, m->high);
	ascii_carry(s, m, starts, single, n);
	return end;
}

/* ---- everything else ---- */

/* One character that the fast loops leave. */
static size_t pass_other(struct pass *s, size_t at)
{
	size_t next = at;
	const uint32_t cp = scan_text_next(s->text, &next), letter = scan_letter(cp);
	uint32_t several[LETTERS_SEQUENCE_MAX] = { letter };
	size_t n = letter >= LETTERS_FIRST;
	if (letter == LETTER_SEQUENCE)
		n = letters_sequence(cp, several);
	if (n > 0 && scan_is_word(several[0])) {
		pass_pair(s, several[0]);
		const size_t end = pass_token(s, at);
		s->before = (struct letters){ 0 };
		return end > at ? end : next;
	}
	for (size_t i = 0; i < n; i++)
		pass_letter(s, several[i], at);
	if (letter == LETTER_WALL)
		s->before = (struct letters){ 0 };
	if (letter == LETTER_OPEN && s->before.second) {
		const size_t behind = pass_gloss(s, at);
		next = behind ? behind : next;
	}
	if (letter == LETTER_OVERRIDE)
		(void)scan_reversed(s->scan, s->text, next, s->found, s->context, s->budget);
	if (n == 0)
		pass_sign(s, cp, at);
	return next;
}

/* ---- ideographs ---- */

#define BLOCK_HAN (SCAN_BLOCK / 3 + 1) /* ideographs in a block */
#define MAY_BE_ANY (SCAN_CELL_PAIR | SCAN_CELL_SECOND | SCAN_CELL_ONE)

/* The ideographs of a block. Those that deserve a second look get it behind the loop: the loop itself has no branch that depends
 * on the text, but for its end. It goes over whatever lies between them: the close look minds that. */
struct han {
	size_t from; /* the block */
	struct letters before; /* what stands before it: numbers 0 and 1 … */
	unsigned char at[BLOCK_HAN + 2]; /* … and from 2 on where each ideograph begins */
	unsigned n;
	unsigned char look[BLOCK_HAN + 2], may[BLOCK_HAN + 2]; /* number of an ideograph to be looked at, and what for */
	unsigned nlooks;
};

static size_t han_at(const struct han *h, unsigned k)
{
	if (k < 2)
		return k ? h->before.second_at : h->before.first_at;
	return h->from + h->at[k];
}

static uint32_t han_letter(const struct pass *s, const struct han *h, unsigned k)
{
	if (k < 2)
		return k ? h->before.second : h->before.first;
	return letter_at(s->text->p + h->from + h->at[k]);
}

/* `any_one` is a constant: the compiler makes two loops. */
static inline __attribute__((always_inline)) void han_read(const struct pass *s, struct han *h, uint64_t start, bool any_one)
{
	const struct scan *const scan = s->scan;
	const unsigned char *const cells = scan->cell, *const p = s->text->p + h->from;
	const unsigned shift = scan->cell_shift;
	uint32_t before = SCAN_CELL_FIRST, last = scan_book_spread(s->text->p + s->before.second_at), n = 2, nlooks = 0;
	for (; start; start &= start - 1) {
		const uint32_t at = (unsigned)__builtin_ctzll(start), spread = scan_book_spread(p + at);
		const uint32_t cell = cells[scan_book_cell(last, spread) >> shift];
		uint32_t may = cell & (before << 1 | SCAN_CELL_PAIR);
		if (any_one)
			may |= scan->lone[scan_book_lone(spread)];
		h->at[n] = (unsigned char)at;
		h->look[nlooks] = (unsigned char)n++;
		h->may[nlooks] = (unsigned char)may;
		nlooks += may != 0;
		before = cell;
		last = spread;
	}
	h->n = n;
	h->nlooks = nlooks;
}

/* The first `n` ideographs are looked at whatever they may be. */
static void han_doubt(struct han *h, unsigned n)
{
	struct han all = *h;
	all.nlooks = 0;
	for (unsigned k = 2; k < h->n && k < n + 2; k++) {
		all.look[all.nlooks] = (unsigned char)k;
		all.may[all.nlooks++] = MAY_BE_ANY;
	}
	for (unsigned i = 0; i < h->nlooks; i++) {
		all.look[all.nlooks] = h->look[i];
		all.may[all.nlooks] = h->may[i];
		all.nlooks += h->look[i] >= n + 2;
	}
	*h = all;
}

/* The second look. */
static void han_look(struct pass *s, const struct han *h, unsigned k, unsigned may)
{
	const struct scan *scan = s->scan;
	const uint32_t letter = han_letter(s, h, k), second = han_letter(s, h, k - 1);
	if ((may & SCAN_CELL_PAIR) && second && scan_book_may(&scan->pairs, scan_book_pair(second, letter)))
		pass_look(s, START_PAIR, scan_book_key(START_PAIR, second, letter), han_at(h, k - 1));
	if ((may & SCAN_CELL_SECOND) && second) {
		const uint32_t first = han_letter(s, h, k - 2);
		if (first && scan_book_may(&scan->triples, scan_book_triple(scan_book_join(first, second), letter)))
			pass_look(s, START_TRIPLE, scan_book_triple_key(first, second, letter), han_at(h, k - 2));
	}
	if (scan->has[START_SOUND_FIRST] && second)
		pass_sounds(s, second, letter, han_at(h, k - 1));
	if ((may & SCAN_CELL_ONE) && is_one(scan, letter))
		pass_look(s, START_ONE, scan_book_key(START_ONE, letter, 0), han_at(h, k));
}

static void pass_han(struct pass *s, size_t at, uint64_t start)
{
	struct han h;
	h.from = at;
	if (s->scan->has[START_ONE])
		han_read(s, &h, start, true);
	else
		han_read(s, &h, start, false);
	if (s->scan->has[START_SOUND_FIRST])
		han_doubt(&h, h.n);
	else if (s->before.second && !scan_is_ideograph(s->text->p + s->before.second_at))
		han_doubt(&h, 2);
	if (h.nlooks == 0)
		return;
	letters_read(s, &s->before);
	h.before = s->before;
	for (unsigned i = 0; i < h.nlooks; i++)
		han_look(s, &h, h.look[i], h.may[i]);
}

/* ---- blocks ---- */

/* The letters that a letter behind the first `bits` bits of a block may go on from. */
static struct letters letters_before(const struct pass *s, size_t at, const struct scan_block *m, uint64_t bits)
{
	uint64_t left = (m->han | m->word) & bits;
	const struct letters *before = &s->before;
	if (left == 0)
		return *before;
	const unsigned second = 63 - (unsigned)__builtin_clzll(left);
	if (m->word >> second & 1)
		return (struct letters){ 0 };
	struct letters l = { 0, LETTER_UNREAD, 0, at + second };
	left &= ~((uint64_t)1 << second);
	const unsigned first = left ? 63 - (unsigned)__builtin_clzll(left) : 0;
	if (left == 0) {
		l.first = before->second;
		l.first_at = before->second_at;
	} else if (m->han >> first & 1) {
		l.first = LETTER_UNREAD;
		l.first_at = at + first;
	}
	return l;
}

/* Words behind ideographs: terms of both scripts (苹果 15) go on there. */
static void block_mixed(struct pass *s, size_t at, const struct scan_block *m)
{
	const struct letters before = s->before;
	for (uint64_t starts = m->word & ~(m->word << 1 | s->last.word >> 63); starts; starts &= starts - 1) {
		const unsigned bit = (unsigned)__builtin_ctzll(starts);
		s->before = letters_before(s, at, m, ((uint64_t)1 << bit) - 1);
		if (s->before.second)
			pass_pair(s, s->text->p[at + bit] | 0x20u);
		s->before = before;
	}
}

/* Bytes of the Chinese punctuation at `p` that needs no thought, 0 = it needs some, or is none. */
static inline unsigned mere_gap(const struct scan *scan, const unsigned char *p)
{
	if ((p[0] & 0xF0) != 0xE0)
		return 0;
	const uint32_t cp = scan_code_of_three(p), class = letters_bmp[cp];
	if (class != LETTER_CLAUSE && class != LETTER_STOP && class != LETTER_SYMBOL)
		return 0;
	return scan->has[START_SIGN] && is_one(scan, sign_of(cp)) ? 0 : 3;
}

/* How many bytes of a block are ASCII, ideographs and mere punctuation; 65 and 66: the last character goes on behind the block. */
static inline unsigned block_length(const struct scan *scan, const unsigned char *p, const struct scan_block *m)
{
	unsigned more = (unsigned)(m->han >> 62 & 1) + (unsigned)(m->han >> 63) * 2;
	for (uint64_t other = m->high & ~(m->han | m->han << 1 | m->han << 2); other;) {
		const unsigned at = (unsigned)__builtin_ctzll(other);
		if (mere_gap(scan, p + at) == 0)
			return at;
		other &= ~((uint64_t)7 << at);
		more = at + 3 > SCAN_BLOCK ? at + 3 - SCAN_BLOCK : more;
	}
	return SCAN_BLOCK + more;
}

/* Where a gloss may open behind an ideograph, 服務(wù); `length` when there is none. */
static unsigned block_open(const struct pass *s, const struct scan_block *m, unsigned length)
{
	for (uint64_t open = m->open & ~(uint64_t)1; open; open &= open - 1) {
		const unsigned at = (unsigned)__builtin_ctzll(open);
		const uint64_t before = (m->han | m->word) & (((uint64_t)1 << at) - 1);
		if (at < length && (before ? m->han >> (63 - __builtin_clzll(before)) & 1 : s->before.second != 0))
			return at;
	}
	return length;
}

/* Up to 64 bytes at `at`, which may begin with anything. Returns where to go on: `at` when the first character needs thought. */
static size_t pass_block(struct pass *s, size_t at)
{
	struct scan_block m;
	const unsigned char *p = s->text->p + at;
	scan_block_take(p, &m);
	unsigned length = block_length(s->scan, p, &m);
	if (m.open)
		length = block_open(s, &m, length);
	if (length == 0)
		return at;
	const unsigned n = length < SCAN_BLOCK ? length : SCAN_BLOCK;
	scan_block_cut(&m, n);
	if (s->scan->any_ascii_sign)
		ascii_signs(s, at, m.mark);
	if (m.han)
		pass_han(s, at, m.han);
	if (s->scan->any_mixed && m.word)
		block_mixed(s, at, &m);
	size_t end = at + length;
	if (m.word || s->last_starts) {
		const size_t to = pass_words(s, at, &m, n);
		end = to > end ? to : end;
	} else {
		s->last.word = s->last.digit = s->last.same = 0;
		s->last_single = n < SCAN_BLOCK && !m.high ? s->last_single >> n : 0;
	}
	if (length > n)
		s->last_single = 0;
	s->before = letters_before(s, at, &m, ~(uint64_t)0);
	return end;
}

void scan_pass(
	const struct scan *scan, const struct scan_text *text, scan_odd_found *found, void *context, struct scan_budget *budget)
{
	struct pass s;
	s.scan = scan;
	s.text = text;
	s.found = found;
	s.context = context;
	s.budget = budget;
	s.odd = (struct scan_odd){ scan, text, pass_found, &s, budget };
	s.before = (struct letters){ 0 };
	s.odd_done = s.spelled_done = s.nasked = 0;
	ascii_forget(&s);
	for (size_t at = 0; at < text->n;) {
		const size_t behind_gloss = text->p[at] == '(' && s.before.second ? pass_gloss(&s, at) : 0;
		const size_t to = behind_gloss ? behind_gloss : pass_block(&s, at);
		if (to == at || behind_gloss)
			ascii_forget(&s);
		at = to > at ? to : pass_other(&s, at);
	}
	pass_answer(&s);
}
