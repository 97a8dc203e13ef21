/* Chinese number plates, found from a digit of theirs. Used by mask_form.c alone. */
#ifndef EARSHOT_TEXT_MASK_PLATE_H
#define EARSHOT_TEXT_MASK_PLATE_H

#include "common/text/mask_value.h"

bool plate_find(struct str text, size_t at, struct mask_value *out);

#endif
