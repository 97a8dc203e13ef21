/* The hot path: one pass over the original, a table look-up for each Chinese character and a bit for each Latin word. */
#include "common/text/scan_pass.h"

#include "common/text/pinyin.h"
#include "common/text/scan_ascii.h"

#include <endian.h>
#include <string.h>

#define TOKEN_MAX 64 /* letters of one word */
#define WORD_GAP 8 /* characters between the first two words of a term */
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
	unsigned *budget;
	struct letters before; /* what a letter of a script without spaces may go on from */
	struct letters over; /* the same, while a gloss is read … */
	size_t gloss_end; /* … up to here; 0 = none is */
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

static void pass_look(struct pass *s, enum start_kind kind, uint32_t key, size_t at)
{
	const uint32_t *term = scan_book_find(s->scan, kind, key);
	const int sound = kind == START_SOUND_FIRST ? 0 : kind == START_SOUND_SECOND ? 1 : -1;
	for (bool any = term != NULL; any && *s->budget > 0; any = !(*term++ & SCAN_LAST), --*s->budget) {
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

static void pass_sign(struct pass *s, uint32_t cp, size_t at)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if (s->scan->has[START_SIGN] && is_one(s->scan, cp))
		pass_look(s, START_SIGN, scan_book_key(START_SIGN, cp, 0), at);
}

/* A gloss between two characters, 服務(wù)體驗: what stands before it counts again behind it. */
static void pass_gloss(struct pass *s, size_t at)
{
	const size_t end = s->before.second ? scan_verify_gloss(s->text, at) : 0;
	if (end == 0)
		return;
	s->over = s->before;
	s->gloss_end = end;
}

/* ---- words ---- */

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

/* The word that follows the one which ends at `at`, over signs and spaces. */
static void token_behind(struct token *k, const struct scan_text *text, size_t at)
{
	k->n = 0;
	for (int i = 0; i < WORD_GAP; i++) {
		const size_t from = at;
		const uint32_t letter = scan_letter(scan_text_next(text, &at));
		if (letter >= LETTERS_FIRST || letter == LETTER_SEQUENCE) {
			token_read(k, text, from);
			return;
		}
	}
}

static void pass_phrase(struct pass *s, uint64_t first, size_t at, size_t end)
{
	struct token second;
	token_behind(&second, s->text, end);
	const uint64_t other = scan_book_word(second.head, second.n);
	if (second.n > 0 && scan_book_may(&s->scan->phrases, scan_book_phrase(first, other)))
		pass_look(s, START_PHRASE, scan_book_key(START_PHRASE, first, other), at);
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

/* A word of `letters` letters from `at` to `end`. */
static void pass_word(struct pass *s, uint64_t head, size_t letters, size_t at, size_t end)
{
	const uint64_t word = scan_book_word(head, letters);
	const uint32_t may = scan_book_may_word(&s->scan->words, word);
	if (may & SCAN_IS_WORD)
		pass_look(s, START_WORD, scan_book_key(START_WORD, word, 0), at);
	if (may & SCAN_BEGINS_PHRASE)
		pass_phrase(s, word, at, end);
	pass_prefixes(s, head, letters, at);
}

/* The word at `from`, whatever its letters are written with. Returns its end; `from` when there is none. */
static size_t pass_token(struct pass *s, size_t from)
{
	struct token k;
	token_read(&k, s->text, from);
	if (k.n == 0)
		return from;
	pass_word(s, k.head, k.n, from, k.end);
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
		if (p[n] >= 0x80 && scan_text_goes_on(s->text, at + n))
			return pass_token(s, at);
	}
	memcpy(&head, p, 8);
	head = (le64toh(head) | 0x2020202020202020u) & (n < 8 ? ((uint64_t)1 << 8 * n) - 1 : ~(uint64_t)0);
	if (s->scan->prefix_lengths || scan_book_may_word(&s->scan->words, scan_book_word(head, n)))
		pass_word(s, head, n, at, at + n);
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
	if (s->before.second && s->text->p[at] == '(')
		pass_gloss(s, at);
	if (s->before.second && starts) {
		pass_pair(s, s->text->p[at + (unsigned)__builtin_ctzll(starts)] | 0x20u);
		s->before = (struct letters){ 0 };
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
		pass_pair(s, several[0]);
		const size_t end = pass_token(s, at);
		s->before = (struct letters){ 0 };
		return end > at ? end : next;
	}
	for (size_t i = 0; i < n; i++)
		pass_letter(s, several[i], at);
	if (letter == LETTER_WALL)
		s->before = (struct letters){ 0 };
	if (letter == LETTER_OPEN)
		pass_gloss(s, at);
	if (letter == LETTER_OVERRIDE)
		(void)scan_reversed(s->scan, s->text, next, s->found, s->context, s->budget);
	if (n == 0)
		pass_sign(s, cp, at);
	return next;
}

/* An ideograph folded. Most stay as they are, and a bitmap of those that do not is small enough to be always at hand. */
static inline uint32_t fold_han(const struct scan *scan, uint32_t cp)
{
	const uint32_t i = cp - SCAN_HAN_FROM;
	return __builtin_expect(scan->folded[i >> 5] >> (i & 31) & 1, 0) ? letters_bmp[cp] : cp;
}

/* Punctuation of three bytes, which needs no thought. */
static bool is_mere_gap(const unsigned char *p)
{
	const uint32_t class = letters_bmp[(p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)];
	return class == LETTER_CLAUSE || class == LETTER_STOP || class == LETTER_SYMBOL;
}

/* Plain Chinese, as far as it goes: a look into two bitmaps for each character. */
static size_t pass_han(struct pass *s, size_t at)
{
	const struct scan *const scan = s->scan;
	const unsigned char *const text = s->text->p, *p = text + at, *const end = text + s->text->n;
	const struct scan_bitmap pairs = scan->pairs, triples = scan->triples;
	const bool any_sign = scan->has[START_SIGN], any_one = scan->has[START_ONE], any_sound = scan->has[START_SOUND_FIRST];
	uint32_t first = s->before.first, second = s->before.second, joined = scan_book_join(first, second);
	const unsigned char *first_p = text + s->before.first_at, *second_p = text + s->before.second_at;
	for (; p < end; p += 3) {
		if (p[0] < 0xE4 || p[0] > 0xE9) {
			if ((p[0] & 0xF0) == 0xE0 && !any_sign && is_mere_gap(p))
				continue;
			break;
		}
		const uint32_t letter = fold_han(scan, (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu));
		const uint32_t this = scan_book_join(second, letter);
		const uint32_t may_be =
			scan_book_may(&pairs, this * SCAN_SPREAD) | scan_book_may(&triples, scan_book_triple(joined, letter));
		if (may_be || any_sound || (any_one && is_one(scan, letter))) {
			s->before = (struct letters){ first, second, (size_t)(first_p - text), (size_t)(second_p - text) };
			pass_letter(s, letter, (size_t)(p - text));
		}
		first = second;
		first_p = second_p;
		second = letter;
		second_p = p;
		joined = this;
	}
	s->before = (struct letters){ first, second, (size_t)(first_p - text), (size_t)(second_p - text) };
	return (size_t)(p - text);
}

void scan_pass(const struct scan *scan, const struct scan_text *text, scan_odd_found *found, void *context, unsigned *budget)
{
	struct pass s = { .scan = scan, .text = text, .found = found, .context = context, .budget = budget };
	s.odd = (struct scan_odd){ scan, text, pass_found, &s, budget };
	for (size_t at = 0; at < text->n;) {
		if (s.gloss_end && at >= s.gloss_end) {
			s.before = s.over;
			s.gloss_end = 0;
		}
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
