/* Language by script counts: zh-Hans, zh-Hant, ja, ko, those of the Latin script by lang_latin.h, the commonest of other alphabets
 * (el ru he ar hi th), "" unknown. */
#ifndef EARSHOT_TEXT_LANG_H
#define EARSHOT_TEXT_LANG_H

#include "common/base/str.h"

/* A pointer to a static name. `hint` (what the source says, "" when nothing) wins between languages of one script. */
const char *lang_guess(struct str text, struct str hint);
bool lang_is_chinese(const char *lang);

#endif
