/* Any bytes as a text: signature and story hold; a text meets itself again, and what makes no difference makes none. */
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "detector/stories.h"

#include <earshot/limits.h>
#include <stdlib.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stories *stories;
	static int64_t now_ms;
	struct minhash one, again;
	struct str text = { (const char *)data, size };
	if (size > LIMIT_TEXT_BYTES)
		return 0;
	if (stories == NULL)
		stories = stories_new(300);
	minhash_make(text, &one);
	minhash_make(text, &again);
	check(minhash_common(&one, &again) == MINHASH_SLOTS && one.exact == again.exact);
	check(one.weight <= 3 * LETTERS_SEQUENCE_MAX * utf8_count(text));
	const struct stories_post post = { STR("a"), STR("s"), text, ++now_ms };
	const struct stories_post copy = { STR("b"), STR("s"), text, ++now_ms };
	const struct story *story = stories_join(stories, &post);
	check((story == NULL) == (one.weight < STORIES_WEIGHT));
	check(story == NULL || stories_join(stories, &copy) != NULL);
	return 0;
}
