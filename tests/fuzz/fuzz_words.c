/* Any bytes as a gloss, and as a text that words are looked for in: answers within bounds, never a read past the end. */
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "common/text/pinyin.h"
#include "common/text/split.h"
#include "common/text/words.h"

#include <earshot/limits.h>
#include <stdlib.h>

#define BORDERS_MAX 256 /* asked of one input: each costs a look at 48 characters */

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_letters(uint32_t cp)
{
	uint32_t letters[LETTERS_SEQUENCE_MAX];
	uint16_t readings[PINYIN_READINGS_MAX];
	struct str ways[SPLIT_WAYS_MAX], emoji[SPLIT_EMOJI_MAX];
	check(letters_sequence(cp, letters) <= LETTERS_SEQUENCE_MAX);
	check(pinyin_readings(cp, readings) <= PINYIN_READINGS_MAX);
	check(split_of(cp, ways) <= SPLIT_WAYS_MAX);
	check(split_emoji(cp, emoji) <= SPLIT_EMOJI_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words *words;
	const struct str text = { (const char *)data, size };
	if (!words)
		words = words_new();
	if (size > LIMIT_TEXT_BYTES)
		return 0;
	check(!pinyin_is_gloss(text) || size > 0);
	check(words != NULL);
	(void)words_is_one(words, text);
	for (size_t at = 0, n = 0; at < size && n < BORDERS_MAX; n++) {
		check(words_border(words, text, at) || at > 0);
		check_letters(utf8_next(text, &at));
	}
	return 0;
}
