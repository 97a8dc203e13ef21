/* Characters taken apart (拆字: 马扁 for 骗) and emoji written for characters (💰 for 钱): the lists of split.def, with every
 * spelling of their components (亻 is also written 人), made into tables at build time (tools/gen_split.c). Splits that
 * are ordinary words are not in them. */
#ifndef EARSHOT_TEXT_SPLIT_H
#define EARSHOT_TEXT_SPLIT_H

#include "common/base/str.h"

#define SPLIT_WAYS_MAX 8
#define SPLIT_EMOJI_MAX 4

/* How a character (its Simplified form) is written in parts, the likeliest first; each way is two or more letters, folded
 * as by letters_of(). How many. */
size_t split_of(uint32_t cp, struct str out[SPLIT_WAYS_MAX]);
/* The emoji written for a character, without variation selectors; a keycap is its digit. How many. */
size_t split_emoji(uint32_t cp, struct str out[SPLIT_EMOJI_MAX]);

#endif
