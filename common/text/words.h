/* Where Chinese words begin and end, by the dictionary of ICU and the words of words.def that it lacks. Asked only for
 * matches that need it (a homophone or a split that may be an ordinary word), so it is opened by the first who asks.
 * One struct words belongs to one thread. */
#ifndef EARSHOT_TEXT_WORDS_H
#define EARSHOT_TEXT_WORDS_H

#include "common/base/str.h"

struct words;

struct words *words_new(void); /* NULL when ICU has no dictionary: callers then do without */
void words_free(struct words *w); /* NULL is fine */
/* One for the thread that scans, opened by the first who asks and kept: it holds no state between two questions. NULL as above. */
struct words *words_shared(void);
/* Is there a border between two words at byte `at` of UTF-8 `text`, which lies between two characters? The run of ideographs
 * around it is looked at, 24 characters to each side; beside anything else there is always a border. */
bool words_border(struct words *w, struct str text, size_t at);
/* Is `word`, ideographs only, one word of the dictionary? */
bool words_is_one(struct words *w, struct str word);

#endif
