/* Where people live: Chinese addresses by road, number, building, unit and room; street addresses in English. */
#ifndef EARSHOT_TEXT_MASK_HOUSE_H
#define EARSHOT_TEXT_MASK_HOUSE_H

#include "common/text/mask_value.h"

/* `at`: the first digit of a group. A Chinese address begins before it. */
bool house_find(struct str text, size_t at, struct mask_value *out);
bool house_find_english(struct str text, size_t at, struct mask_value *out); /* its second half */

#endif
