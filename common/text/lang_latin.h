/* Which language a text in the Latin script is in: by its commonest short words and by letters that few languages have
 * (lang_latin.def). Sure enough from about six words on; shorter texts are what the hint says, or English. */
#ifndef EARSHOT_TEXT_LANG_LATIN_H
#define EARSHOT_TEXT_LANG_LATIN_H

#include "common/base/str.h"

/* A pointer to a static BCP 47 name. `hint`: what the source says, "" when nothing; it decides where the words do not. Templates are
 * copied with their lang="en", so words that are clear win against it. Only the first kilobyte is looked at. */
const char *lang_latin(struct str text, struct str hint);

#endif
