/* Values that show themselves by their form around a digit: telephone numbers with area codes, social security numbers, IP
 * addresses, plates. Used by mask.c alone. */
#ifndef EARSHOT_TEXT_MASK_FORM_H
#define EARSHOT_TEXT_MASK_FORM_H

#include "common/text/mask_value.h"

/* `at`: the first digit of a group. The value may begin before it. */
bool form_find(struct str text, size_t at, struct mask_value *out);

#endif
