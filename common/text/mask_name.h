/* Names of people behind a word that announces one. Used by mask_cue.c alone. */
#ifndef EARSHOT_TEXT_MASK_NAME_H
#define EARSHOT_TEXT_MASK_NAME_H

#include "common/base/str.h"

/* Bytes of the Chinese name at the front of `s`, 0 = none. `is_told`: a colon or "is" stands between cue and name; without it the
 * name has to end where a name can be seen to end. */
size_t name_chinese(struct str s, bool is_told);
/* The same for a name in Latin letters. `fewest`: capital words that it must have. */
size_t name_latin(struct str s, int fewest);

#endif
