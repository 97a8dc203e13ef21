/* Values that stand behind a word that announces them: names, WeChat and QQ ids, passports, e-mail addresses spelt out.
 * Used by mask.c alone. */
#ifndef EARSHOT_TEXT_MASK_CUE_H
#define EARSHOT_TEXT_MASK_CUE_H

#include "common/text/mask_value.h"

/* The next place from `at` on where a cue may stand; text.n when there is none. Cheap: one look at each byte. */
size_t cue_next(struct str text, size_t at);
/* Is there one, and a value behind it? */
bool cue_find(struct str text, size_t at, struct mask_value *out);

#endif
