/* The hot path: one pass over the original, a table look-up for each Chinese character and a bit for each Latin word. */
#include "common/text/scan_pass.h"

#include "common/text/pinyin.h"
#include "common/text/scan_ascii.h"

#include <endian.h>
#include <string.h>

#define GAP_AHEAD 72 /* characters between the second and the third letter of a term */
#define TOKEN_MAX 64 /* letters of one word */
#define HAN_FROM 0x2E80u /* the fast loop takes letters from here … */
#define HAN_TO 0xA000u /* … to here; what is beyond is rare and goes the slow way */

struct pass {
	const struct scan *scan;
	const struct scan_text *text;
	struct scan_odd odd;
	scan_odd_found *found;
	void *context;
	unsigned *budget;
	uint32_t before; /* the last letter of a script without spaces, 0 = a word or a wall came since */
	size_t before_at;
	struct scan_ascii last; /* of the 64 bytes of ASCII just before, highest bits first */
	uint64_t last_starts, last_single;
	size_t odd_done, spelled_done;
};

/* ---- looking closely ---- */

static void pass_found(void *context, const struct scan_term *t, const struct scan_hit *hit)
{
	struct pass *s = context;
	if (scan_doubt_stands(s->text, t, hit))
		s->found(s->context, t, hit);
}

static void pass_look(struct pass *s, uint64_t key, size_t at, int sound)
{
	const struct scan_start *start = scan_book_find(s->scan, key);
	if (!start)
		return;
	for (uint32_t i = 0; i<start->n && * s->budget> 0; i++, --*s->budget) {
		struct scan_hit hit;
		const struct scan_term *t = scan_book_term(s->scan, start, i);
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
			pass_look(s, scan_book_key(START_SOUND_FIRST, sound[i], b), at, 0);
	n = pinyin_readings(b, sound);
	for (size_t i = 0; i < n; i++)
		if (scan_book_may(&s->scan->sounds, scan_book_pair(a, SCAN_SOUND | sound[i])))
			pass_look(s, scan_book_key(START_SOUND_SECOND, a, sound[i]), at, 1);
}

static bool is_one(const struct scan *scan, uint32_t code)
{
	return scan->ones[(code & 2047) >> 5] >> (code & 31) & 1;
}

/* The next letter at `at` or behind what is none; 0 before a wall. */
static uint32_t letter_ahead(const struct scan_text *text, size_t at)
{
	uint32_t several[LETTERS_SEQUENCE_MAX];
	for (int i = 0; i < GAP_AHEAD; i++) {
		const size_t from = at;
		const uint32_t cp = scan_text_next(text, &at), letter = scan_letter(cp);
		if (letter >= LETTERS_FIRST)
			return letter;
		if (letter == LETTER_SEQUENCE)
			return letters_sequence(cp, several) > 0 ? several[0] : 0;
		if (cp == SCAN_END)
			break;
		const size_t gloss = letter == LETTER_OPEN ? scan_verify_gloss(text, from) : 0;
		at = gloss ? gloss : at;
	}
	return 0;
}

/* Terms that begin with a, b and the letter at `next` or soon behind it. */
static void pass_triple(struct pass *s, uint32_t a, uint32_t b, size_t at, size_t next)
{
	const unsigned char *p = s->text->p + next;
	uint32_t c = 0;
	if ((p[0] & 0xF0) == 0xE0)
		c = letters_bmp[(p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)];
	if (c < LETTERS_FIRST)
		c = letter_ahead(s->text, next);
	if (c && scan_book_may(&s->scan->triples, scan_book_triple(a, b, c)))
		pass_look(s, scan_book_triple_key(a, b, c), at, -1);
}

/* Terms that begin with a at `at`, and b, which ends at `next`. */
static inline void pass_begin(struct pass *s, uint32_t a, uint32_t b, size_t at, size_t next)
{
	const uint32_t may = scan_book_may_pair(&s->scan->pairs, scan_book_pair(a, b));
	if (may & SCAN_BEGINS_TRIPLE)
		pass_triple(s, a, b, at, next);
	if (may & SCAN_IS_PAIR)
		pass_look(s, scan_book_key(START_PAIR, a, b), at, -1);
}

/* The letter `b`, which ends at `next`, behind s->before. */
static void pass_pair(struct pass *s, uint32_t b, size_t next)
{
	if (!s->before)
		return;
	pass_begin(s, s->before, b, s->before_at, next);
	if (s->scan->has[START_SOUND_FIRST] && !scan_is_word(b))
		pass_sounds(s, s->before, b, s->before_at);
}

static void pass_letter(struct pass *s, uint32_t letter, size_t at, size_t next)
{
	pass_pair(s, letter, next);
	if (s->scan->has[START_ONE] && is_one(s->scan, letter))
		pass_look(s, scan_book_key(START_ONE, letter, 0), at, -1);
	s->before = letter;
	s->before_at = at;
}

static void pass_sign(struct pass *s, uint32_t cp, size_t at)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if (s->scan->has[START_SIGN] && is_one(s->scan, cp))
		pass_look(s, scan_book_key(START_SIGN, cp, 0), at, -1);
}

/* A gloss between two characters, 服務(wù)體驗: the pair over it. */
static void pass_gloss(struct pass *s, size_t at)
{
	size_t end = s->before ? scan_verify_gloss(s->text, at) : 0;
	if (end == 0)
		return;
	const uint32_t letter = scan_letter(scan_text_next(s->text, &end));
	if (letter >= LETTERS_FIRST)
		pass_pair(s, letter, end);
}

static void pass_word(struct pass *s, uint64_t head, size_t letters, size_t at)
{
	if (scan_book_may(&s->scan->words, scan_book_word(head, letters)))
		pass_look(s, scan_book_key(START_WORD, head, letters), at, -1);
	for (uint32_t lengths = s->scan->prefix_lengths; lengths; lengths &= lengths - 1) {
		const unsigned k = (unsigned)__builtin_ctz(lengths);
		if (k >= letters && !(k == SCAN_PREFIX_MAX && letters > k))
			break; /* the whole word was looked up above */
		const uint64_t part = k < 8 ? head & (((uint64_t)1 << 8 * k) - 1) : head;
		pass_look(s, scan_book_key(START_PREFIX, part, k), at, -1);
	}
}

/* ---- words that are not plain ASCII ---- */

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

/* The word at `from`, whatever its letters are written with. Returns its end; `from` when there is none. */
static size_t pass_token(struct pass *s, size_t from)
{
	struct token k = { .end = from };
	for (size_t at = from, looked = 0; looked < TOKEN_MAX; looked++) {
		const uint32_t cp = scan_text_next(s->text, &at), letter = scan_letter(cp);
		if (letter == LETTER_HIDDEN && k.n > 0)
			continue;
		if (!token_add_code(&k, cp, letter))
			break;
		k.end = at;
	}
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

static bool is_ascii_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

/* The word of `n` bytes or more at `at`; returns the end when that lies behind the ASCII. */
static size_t ascii_word(struct pass *s, size_t at, size_t n, bool touches_end)
{
	const unsigned char *p = s->text->p + at;
	uint64_t head;
	if (touches_end) {
		while (is_ascii_word(p[n]))
			n++;
		if (p[n] >= 0x80) {
			const size_t end = pass_token(s, at);
			if (end >= at + n)
				return end;
		}
	}
	memcpy(&head, p, 8);
	head = (le64toh(head) | 0x2020202020202020u) & (n < 8 ? ((uint64_t)1 << 8 * n) - 1 : ~(uint64_t)0);
	if (s->scan->prefix_lengths || scan_book_may(&s->scan->words, scan_book_word(head, n)))
		pass_word(s, head, n, at);
	return at + n;
}

/* Does the sign at `at` stand for a letter of the word it touches? */
static bool is_odd_sign(const unsigned char *p)
{
	const unsigned char c = p[0], next = p[1];
	if (!is_ascii_word(p[-1]))
		return strchr("$*!|", c) != NULL && is_ascii_word(next) && !(next >= '0' && next <= '9');
	if (c == '"' || c == '%' || c == '&')
		return false;
	return is_ascii_word(next) || strchr("*+$|", c) != NULL;
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

static void ascii_signs(struct pass *s, size_t at, unsigned n, uint64_t word)
{
	const unsigned char *p = s->text->p + at;
	for (unsigned i = 0; i < n; i++)
		if (!(word >> i & 1) && s->scan->ascii_sign[p[i]])
			pass_sign(s, p[i], at + i);
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
	const unsigned n = scan_ascii_take(s->text->p + at, s->text->n - at, &m);
	const uint64_t starts = m.word & ~(m.word << 1 | s->last.word >> 63);
	size_t end = at + n;
	if (s->before && s->text->p[at] == '(')
		pass_gloss(s, at);
	if (s->before && starts) {
		const size_t first = at + (unsigned)__builtin_ctzll(starts);
		pass_pair(s, s->text->p[first] | 0x20u, first + 1);
		s->before = 0;
	}
	for (uint64_t left = starts; left; left &= left - 1) {
		const unsigned bit = (unsigned)__builtin_ctzll(left);
		const uint64_t behind = ~(m.word >> bit);
		const unsigned length = behind ? (unsigned)__builtin_ctzll(behind) : 64;
		const size_t to = ascii_word(s, at + bit, length, bit + length >= n);
		if (to > end && s->text->p[end] >= 0x80)
			end = to; /* the word goes on in other letters, and was taken whole */
	}
	const uint64_t single = ~m.word & (starts << 1 | s->last_starts >> 63);
	if (s->scan->has[START_ODD] || s->scan->has[START_MASKED])
		ascii_odd(s, at, &m);
	if (s->scan->has[START_SPELLED])
		ascii_spelled(s, at, single);
	if (s->scan->any_ascii_sign)
		ascii_signs(s, at, n, m.word);
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
		pass_pair(s, several[0], next);
		const size_t end = pass_token(s, at);
		s->before = 0;
		return end > at ? end : next;
	}
	for (size_t i = 0; i < n; i++)
		pass_letter(s, several[i], at, next);
	if (letter == LETTER_WALL)
		s->before = 0;
	if (letter == LETTER_OPEN)
		pass_gloss(s, at);
	if (letter == LETTER_OVERRIDE)
		(void)scan_reversed(s->scan, s->text, next, s->found, s->context, s->budget);
	if (n == 0)
		pass_sign(s, cp, at);
	return next;
}

/* Plain Chinese, as far as it goes. */
static size_t pass_han(struct pass *s, size_t at)
{
	const unsigned char *const text = s->text->p, *p = text + at, *const end = text + s->text->n;
	const struct scan *const scan = s->scan;
	const struct scan_bitmap pairs = scan->pairs;
	const bool any_sign = scan->has[START_SIGN], any_one = scan->has[START_ONE], any_sound = scan->has[START_SOUND_FIRST];
	uint32_t before = s->before;
	const unsigned char *before_p = text + s->before_at;
	for (; p < end && (p[0] & 0xF0) == 0xE0; p += 3) {
		const uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu), letter = letters_bmp[cp];
		if (letter - HAN_FROM >= HAN_TO - HAN_FROM) {
			const bool is_mere_gap = letter == LETTER_CLAUSE || letter == LETTER_STOP || letter == LETTER_SYMBOL;
			if (is_mere_gap && !any_sign)
				continue;
			break;
		}
		const size_t first = (size_t)(before_p - text);
		if (scan_book_may_pair(&pairs, scan_book_pair(before, letter)) && before)
			pass_begin(s, before, letter, first, (size_t)(p - text) + 3);
		if (any_one && is_one(scan, letter))
			pass_look(s, scan_book_key(START_ONE, letter, 0), (size_t)(p - text), -1);
		if (any_sound && before)
			pass_sounds(s, before, letter, first);
		before = letter;
		before_p = p;
	}
	s->before = before;
	s->before_at = (size_t)(before_p - text);
	return (size_t)(p - text);
}

void scan_pass(const struct scan *scan, const struct scan_text *text, scan_odd_found *found, void *context, unsigned *budget)
{
	struct pass s = { .scan = scan, .text = text, .found = found, .context = context, .budget = budget };
	s.odd = (struct scan_odd){ scan, text, pass_found, &s, budget };
	for (size_t at = 0; at < text->n;) {
		if (text->p[at] < 0x80) {
			at = pass_ascii(&s, at);
			continue;
		}
		s.last = (struct scan_ascii){ 0 };
		s.last_starts = s.last_single = 0;
		const size_t to = pass_han(&s, at);
		at = to > at ? to : pass_other(&s, at);
	}
}
