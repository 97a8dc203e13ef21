/* Any bytes as a text: signature and story hold; a text meets itself again, and what makes no difference makes none. */
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "detector/stories.h"

#include <earshot/limits.h>
#include <stdio.h>
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
	char id[2][24];
	(void)snprintf(id[0], sizeof id[0], "%lld", (long long)now_ms % 2000);
	(void)snprintf(id[1], sizeof id[1], "copy %lld", (long long)now_ms);
	const struct stories_post post = { str_of(id[0]), text, ++now_ms };
	const struct stories_post copy = { str_of(id[1]), text, ++now_ms };
	const struct story *story = stories_join(stories, &post);
	check((story == NULL) == (one.weight < STORIES_WEIGHT));
	check(story == NULL || stories_join(stories, &copy)->has_copies);
	stories_restore(stories, &copy, str_of(id[size % 2]));
	check(story == NULL || stories_join(stories, &copy) != NULL);
	return 0;
}
