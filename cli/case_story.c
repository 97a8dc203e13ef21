/* Case adapter of near-duplicates: posts one after the other -> the story of each, as the detector has it for one brand. */
#include "cli/case_story.h"

#include "detector/stories.h"
#include <earshot/limits.h>

bool case_story(struct arena *a, const struct json *line, struct buf *out)
{
	static struct stories *stories;
	(void)a;
	const struct stories_post post = { .id = json_str_of(line, "id"), .text = json_str_of(line, "text") };
	if (post.id.n == 0 || post.id.n > POST_ID_DIGITS)
		return false;
	if (stories == NULL)
		stories = stories_new(LIMIT_STORIES);
	const struct story *story = stories_join(stories, &post);
	buf_addc(out, '{');
	buf_json_str(out, "story", story != NULL ? str_of(story->id) : post.id);
	buf_addc(out, '}');
	return true;
}
