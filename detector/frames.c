/* Templates: runs of letters that texts of several authors share, and how much of each text they cover. */
#include "detector/frames.h"

#include <earshot/limits.h>

#include "common/base/tally.h"
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "common/text/mask.h"

#define RUN_WEIGHT 18 /* of a run; an ideograph, kana or hangul weighs 3, any other letter 1 (as in minhash.h) */
#define TEXT_WEIGHT 45 /* shorter texts are alike by chance */
#define WIDE_FROM 0x2E80u /* letters from here on stand for syllables or words */
#define SLOT 0x30u /* what stands for a number, or for what was masked: the letter 0 */
#define RUNS ((size_t)1 << 22) /* that are counted; further ones are as good as unique */
#define BASE 0x9E3779B97F4A7C15u

/* One text as folded letters. */
struct letters {
	uint32_t *letter;
	uint64_t *sum; /* n + 1: hash of the first i letters */
	uint64_t *power; /* BASE to the i-th, shared by all */
	size_t n;
	uint32_t weight;
};

/* ---- letters ---- */

static uint32_t weight_of(uint32_t letter)
{
	return letter >= WIDE_FROM ? 3 : 1;
}

/* Numbers of any length are one slot. */
static void put(struct letters *l, uint32_t letter)
{
	if (letter >= '0' && letter <= '9')
		letter = SLOT;
	if (letter == SLOT && l->n > 0 && l->letter[l->n - 1] == SLOT)
		return;
	l->letter[l->n] = letter;
	l->sum[l->n + 1] = l->sum[l->n] * BASE + letter + 1;
	l->weight += weight_of(letter);
	l->n++;
}

static size_t behind_word(struct str text, size_t at)
{
	while (at < text.n && (unsigned char)text.p[at] > ' ' && (unsigned char)text.p[at] < 0x80)
		at++;
	return at;
}

static void put_character(struct letters *l, uint32_t cp, size_t room)
{
	uint32_t several[LETTERS_SEQUENCE_MAX];
	const uint32_t letter = letters_of(cp);
	const size_t n = letter == LETTER_SEQUENCE ? letters_sequence(cp, several) : 0;
	if (cp == MASK_MARK)
		put(l, SLOT);
	else if (letter >= LETTERS_FIRST)
		put(l, letter);
	for (size_t i = 0; i < n && l->n < room; i++)
		put(l, several[i]);
}

/* A character gives at most as many letters as it has bytes, or is a sequence, which is cut at the room. */
static struct letters fold(struct arena *a, struct str whole, uint64_t *power)
{
	const struct str text = str_cut_utf8(whole, LIMIT_INTEGRITY_TEXT_BYTES);
	struct letters l = {
		.letter = arena_list(a, uint32_t, text.n + 1), .sum = arena_list(a, uint64_t, text.n + 2), .power = power
	};
	for (size_t at = 0; at < text.n && l.n < text.n;) {
		const struct str rest = str_from(text, at);
		if (str_istarts(rest, STR("http://")) || str_istarts(rest, STR("https://")) || rest.p[0] == '@')
			at = behind_word(text, at + 1);
		else
			put_character(&l, utf8_next(text, &at), text.n);
	}
	return l;
}

/* ---- runs ---- */

/* The shortest run that ends behind letter `end` - 1 and is heavy enough begins here; `from` is where the one before began. */
static size_t run_start(const struct letters *l, size_t from, size_t end, uint32_t *weight)
{
	*weight += weight_of(l->letter[end - 1]);
	while (*weight - weight_of(l->letter[from]) >= RUN_WEIGHT)
		*weight -= weight_of(l->letter[from++]);
	return from;
}

/* Never 0. */
static uint64_t run_hash(const struct letters *l, size_t from, size_t end)
{
	return tally_mix(l->sum[end] - l->sum[from] * l->power[end - from]) | 1;
}

/* A run counts once for each author. */
static void count_runs(const struct letters *l, uint64_t author, struct tally *seen, struct tally *common)
{
	uint32_t weight = 0;
	size_t from = 0;
	for (size_t end = 1; end <= l->n; end++) {
		from = run_start(l, from, end, &weight);
		const uint64_t run = run_hash(l, from, end);
		if (weight >= RUN_WEIGHT && tally_add(seen, tally_mix(run ^ author) | 1) == 1)
			(void)tally_add(common, run); /* no room: as good as unique */
	}
}

/* The run of most authors names the template: all texts of it have that one. */
static struct frame measure(const struct letters *l, const struct tally *common, uint32_t least)
{
	struct frame frame = { 0, 0 };
	uint32_t weight = 0, covered = 0, most = 0;
	size_t from = 0, covered_to = 0;
	for (size_t end = 1; end <= l->n; end++) {
		from = run_start(l, from, end, &weight);
		const uint64_t run = run_hash(l, from, end);
		const uint32_t authors = weight >= RUN_WEIGHT ? tally_get(common, run) : 0;
		if (authors < least)
			continue;
		for (size_t i = from > covered_to ? from : covered_to; i < end; i++)
			covered += weight_of(l->letter[i]);
		covered_to = end;
		if (authors > most || (authors == most && run < frame.key))
			frame.key = run;
		most = authors > most ? authors : most;
	}
	if (l->weight >= TEXT_WEIGHT)
		frame.share = (double)covered / l->weight;
	frame.key = frame.share >= FRAMES_SHARE ? frame.key : 0;
	return frame;
}

static uint64_t *powers(struct arena *a)
{
	uint64_t *power = arena_list(a, uint64_t, LIMIT_INTEGRITY_TEXT_BYTES + 1);
	power[0] = 1;
	for (size_t i = 1; i <= LIMIT_INTEGRITY_TEXT_BYTES; i++)
		power[i] = power[i - 1] * BASE;
	return power;
}

void frames_find(struct arena *a, const struct frames_text *text, size_t n, struct frame *out)
{
	struct letters *l = arena_list(a, struct letters, n + 1);
	uint64_t *power = powers(a);
	struct tally seen, common;
	tally_init(&seen, RUNS);
	tally_init(&common, RUNS);
	for (size_t i = 0; i < n; i++) {
		l[i] = fold(a, text[i].text, power);
		count_runs(&l[i], text[i].author, &seen, &common);
	}
	const uint32_t least = FRAMES_AUTHORS + (uint32_t)(n / FRAMES_PER_TEXTS);
	for (size_t i = 0; i < n; i++)
		out[i] = measure(&l[i], &common, least);
	tally_release(&seen);
	tally_release(&common);
}
