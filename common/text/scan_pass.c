/* The hot path: one pass over the original, a table look-up for each Chinese character and a bit for each Latin word. */
#include "common/text/scan_pass.h"

#include "common/text/pinyin.h"
#include "common/text/scan_ascii.h"

#include <endian.h>
#include <string.h>

#define TOKEN_MAX 64 /* letters of one word */
/* The last letters of a script without spaces; 0 = none: a word or a wall came since. */
struct letters {
	uint32_t first, second;
	size_t first_at, second_at;
};

struct pass {
	const struct scan *scan;
	const struct scan_text *text;
	struct scan_odd odd;
	scan_odd_found *found;
	void *context;
	struct scan_budget *budget;
	struct letters before; /* what a letter of a script without spaces may go on from */
	struct scan_ascii last; /* of the 64 bytes of ASCII just before, highest bits first */
	uint64_t last_starts, last_single;
	size_t odd_done, spelled_done;
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

static void pass_look(struct pass *s, enum start_kind kind, uint32_t key, size_t at)
{
	const uint32_t *term = scan_book_find(s->scan, kind, key);
	const int sound = kind == START_SOUND_FIRST ? 0 : kind == START_SOUND_SECOND ? 1 : -1;
	for (bool any = term != NULL; any && s->budget->looks > 0; any = !(*term++ & SCAN_LAST), --s->budget->looks) {
		struct scan_hit hit;
		const struct scan_term *t = scan_book_term(s->scan, *term);
		if (scan_verify(s->text, t, at, sound, &hit))
			pass_found(s, t, &hit);
	}
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

/* Terms whose second or third letter is `letter`. */
static void pass_pair(struct pass *s, uint32_t letter)
{
	const struct scan *scan = s->scan;
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
	s->last = (struct scan_ascii){ 0 };
	s->last_starts = s->last_single = 0;
}

/* ---- words ---- */

static bool is_ascii_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

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
		pass_look(s, START_PREFIX, scan_book_key(START_PREFIX, part, k), at);
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
	while (is_ascii_word(p[n]))
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
	const bool is_behind = is_ascii_word(p[-1]), is_before = is_ascii_word(p[1]);
	if (!is_behind)
		return is_before && p[1] > '9' && (sign_places[*p] & SIGN_FRONT);
	return sign_places[*p] & (is_before ? SIGN_INSIDE : SIGN_END);
}

static void ascii_odd(struct pass *s, size_t at, const struct scan_ascii *m)
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

/* Two letters that stand alone, close to each other. */
static void ascii_spelled(struct pass *s, size_t at, uint64_t single)
{
	const uint64_t last = s->last_single;
	uint64_t pairs = single & (single << 2 | last >> 62 | single << 3 | last >> 61 | single << 4 | last >> 60);
	for (; pairs; pairs &= pairs - 1) {
		size_t first = at + (unsigned)__builtin_ctzll(pairs) - 2; /* the bit stands behind the second letter */
		while (!is_ascii_word(s->text->p[first]))
			first--;
		if (first >= s->spelled_done)
			s->spelled_done = scan_odd_spelled(&s->odd, first);
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
static void ascii_carry(struct pass *s, const struct scan_ascii *m, uint64_t starts, uint64_t single, unsigned n)
{
	const unsigned up = 64 - n;
	s->last = (struct scan_ascii){ .word = m->word << up, .digit = m->digit << up, .same = m->same << up };
	s->last_starts = starts << up;
	s->last_single = single << up;
}

/* Up to 64 bytes of ASCII at `at`. Returns where to go on. */
static size_t pass_ascii(struct pass *s, size_t at)
{
	struct scan_ascii m;
	const size_t behind_gloss = s->before.second ? pass_gloss(s, at) : 0;
	if (behind_gloss) {
		ascii_forget(s);
		return behind_gloss;
	}
	const unsigned n = scan_ascii_take(s->text->p + at, s->text->n - at, &m);
	const uint64_t starts = m.word & ~(m.word << 1 | s->last.word >> 63);
	size_t end = at + n;
	if (s->scan->any_ascii_sign)
		ascii_signs(s, at, m.mark);
	if (m.word == 0 && s->last_starts == 0) {
		s->last = (struct scan_ascii){ 0 };
		s->last_single = n < 64 ? s->last_single >> n : 0;
		return end;
	}
	if (s->before.second && starts) {
		pass_pair(s, s->text->p[at + (unsigned)__builtin_ctzll(starts)] | 0x20u);
		s->before = (struct letters){ 0 };
	}
	uint64_t inside = starts;
	if (m.word >> (n - 1) &
		1) { /* the last word touches the end of the block; where it begins depends on the blocks before */
		const unsigned length = m.word == ~(uint64_t)0 ? 64 : (unsigned)__builtin_clzll(~(m.word << (64 - n)));
		const unsigned bit = n - length;
		if (starts >> bit & 1) {
			inside &= ~((uint64_t)1 << bit);
			const size_t to = ascii_last(s, at + bit, length);
			if (to > end && s->text->p[end] >= 0x80)
				end = to; /* the word goes on in other letters, and was taken whole */
		}
	}
	ascii_words(s, at, inside, m.word);
	const uint64_t single = ~m.word & (starts << 1 | s->last_starts >> 63);
	if (s->scan->has[START_ODD] || s->scan->has[START_MASKED])
		ascii_odd(s, at, &m);
	if (s->scan->has[START_SPELLED])
		ascii_spelled(s, at, single);
	ascii_carry(s, &m, starts, single, n);
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

/* ---- plain Chinese ---- */

#define HAN_BLOCK 384 /* bytes looked at together */

/* Places of ideographs that deserve a second look, which they get behind the loop: the loop itself has no branch that depends on
 * the text, but for its end. */
struct han {
	size_t from; /* of the block */
	uint16_t queue[HAN_BLOCK / 3 + 1]; /* bytes from there */
	size_t n;
};

static inline uint32_t letter_at(const unsigned char *p)
{
	const uint32_t letter = letters_bmp[(p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)];
	return letter < LETTERS_FIRST ? 0 : letter;
}

static inline bool is_ideograph(const unsigned char *p)
{
	return (unsigned char)(p[0] - 0xE4) <= 0xE9 - 0xE4;
}

/* The ideograph before byte *at of the block, over what was passed there; 0 when the block begins first. */
static uint32_t han_step(const struct pass *s, size_t from, size_t *at)
{
	const unsigned char *p = s->text->p;
	while (*at > from) {
		if (*at - from >= 3 && is_ideograph(p + *at - 3) && p[*at - 1] >= 0x80) {
			*at -= 3;
			return letter_at(p + *at);
		}
		(void)scan_text_before(s->text, at);
	}
	return 0;
}

/* What stands before byte `at`; `before` is what stands before the block. */
static struct letters han_before(const struct pass *s, size_t from, size_t at, const struct letters *before)
{
	const unsigned char *p = s->text->p + at;
	struct letters l = { .first_at = at - 6, .second_at = at - 3 };
	if (at >= from + 6 && is_ideograph(p - 3) && is_ideograph(p - 6)) {
		l.first = letter_at(p - 6);
		l.second = letter_at(p - 3);
		return l;
	}
	l.second_at = at;
	l.second = han_step(s, from, &l.second_at);
	if (!l.second)
		return *before;
	l.first_at = l.second_at;
	l.first = han_step(s, from, &l.first_at);
	if (!l.first) {
		l.first = before->second;
		l.first_at = before->second_at;
	}
	return l;
}

/* Bytes of the punctuation at `p` that needs no thought, 0 = it needs some: three bytes in Chinese, or one ASCII sign or space
 * between Chinese. */
static inline size_t mere_gap(const struct scan *scan, const unsigned char *p, bool any_sign)
{
	uint32_t cp = p[0];
	if (p[0] < 0x80)
		return p[1] >= 0x80 && cp != 0 && cp != '(' && !is_ascii_word(p[0]) && !scan->ascii_sign[p[0]];
	if ((p[0] & 0xF0) != 0xE0)
		return 0;
	cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	const uint32_t class = letters_bmp[cp];
	if (class != LETTER_CLAUSE && class != LETTER_STOP && class != LETTER_SYMBOL)
		return 0;
	return any_sign && is_one(scan, sign_of(cp)) ? 0 : 3;
}

/* Notes ideographs from h->from on, over mere punctuation; returns where something else comes, or the block ends. The last
 * arguments are constants: the compiler makes one loop for each kind of book. */
static inline __attribute__((always_inline)) size_t han_read(
	const struct pass *s, struct han *h, bool any_sign, bool any_lone, bool all)
{
	const struct scan *const scan = s->scan;
	const unsigned char *const cells = scan->cell, *const text = s->text->p + h->from;
	const unsigned shift = scan->cell_shift;
	uint32_t last = scan_book_raw(s->text->p + s->before.second_at);
	uint32_t before = cells[scan_book_cell(scan_book_raw(s->text->p + s->before.first_at), last) >> shift];
	size_t n = 0, at = 0;
	while (at < HAN_BLOCK) {
		const uint32_t raw = scan_book_raw(text + at);
		if ((unsigned char)(raw - 0xE4) > 0xE9 - 0xE4) { /* the zero behind the text ends this, too */
			const size_t gap = mere_gap(scan, text + at, any_sign);
			if (gap == 0)
				break;
			at += gap;
			continue;
		}
		const uint32_t cell = cells[scan_book_cell(last, raw) >> shift];
		uint32_t may_be = cell & (before << 1 | SCAN_CELL_PAIR);
		if (any_lone)
			may_be |= scan->lone[scan_book_lone(raw) >> 5] >> (scan_book_lone(raw) & 31) & 1;
		h->queue[n] = (uint16_t)at;
		n += all || may_be;
		before = cell;
		last = raw;
		at += 3;
	}
	h->n = n;
	return h->from + at < s->text->n ? h->from + at : s->text->n; /* a torn character ends with the text */
}

/* The second look at the ideograph at byte `at`. */
static void han_look(struct pass *s, size_t from, size_t at, const struct letters *before)
{
	const struct scan *scan = s->scan;
	const struct letters l = han_before(s, from, at, before);
	const uint32_t letter = letter_at(s->text->p + at), joined = scan_book_join(l.first, l.second);
	if (l.second && scan_book_may(&scan->pairs, scan_book_pair(l.second, letter)))
		pass_look(s, START_PAIR, scan_book_key(START_PAIR, l.second, letter), l.second_at);
	if (l.first && l.second && scan_book_may(&scan->triples, scan_book_triple(joined, letter)))
		pass_look(s, START_TRIPLE, scan_book_triple_key(l.first, l.second, letter), l.first_at);
	if (scan->has[START_SOUND_FIRST] && l.second)
		pass_sounds(s, l.second, letter, l.second_at);
	if (scan->has[START_ONE] && is_one(scan, letter))
		pass_look(s, START_ONE, scan_book_key(START_ONE, letter, 0), at);
}

static size_t pass_han(struct pass *s, size_t at)
{
	const struct scan *scan = s->scan;
	const struct letters before = s->before;
	struct han h;
	h.from = at;
	if (scan->has[START_SOUND_FIRST])
		at = han_read(s, &h, true, true, true);
	else if (scan->has[START_ONE])
		at = scan->has[START_SIGN] ? han_read(s, &h, true, true, false) : han_read(s, &h, false, true, false);
	else
		at = scan->has[START_SIGN] ? han_read(s, &h, true, false, false) : han_read(s, &h, false, false, false);
	for (size_t i = 0; i < h.n; i++)
		han_look(s, h.from, h.from + h.queue[i], &before);
	s->before = han_before(s, h.from, at, &before);
	return at;
}

/* One ASCII sign or space between characters that are none: commonest in Chinese, and of no interest. */
static inline bool is_lone_sign(const struct pass *s, const unsigned char *p)
{
	return p[0] < 0x80 && p[1] >= 0x80 && p[-1] >= 0x80 && !is_ascii_word(p[0]) && p[0] != '(' && !s->scan->any_ascii_sign;
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
	s.last = (struct scan_ascii){ 0 };
	s.last_starts = s.last_single = s.odd_done = s.spelled_done = 0;
	for (size_t at = 0; at < text->n;) {
		if (is_lone_sign(&s, text->p + at)) {
			at++;
			continue;
		}
		if (text->p[at] < 0x80) {
			at = pass_ascii(&s, at);
			continue;
		}
		ascii_forget(&s);
		const size_t to = pass_han(&s, at);
		at = to > at ? to : pass_other(&s, at);
	}
}
