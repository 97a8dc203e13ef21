/* `earshot case story`: remembers its posts from line to line. */
#ifndef EARSHOT_CLI_CASE_STORY_H
#define EARSHOT_CLI_CASE_STORY_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/json.h"

/* {"id","text"} → {"story"}: the id of the first post with this text; its own when the text is new or too short to tell. */
bool case_story(struct arena *a, const struct json *line, struct buf *out);

#endif
