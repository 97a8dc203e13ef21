/* What the parts of the masker share: a value found, and looks at what stands in front of it. Used by mask*.c alone. */
#ifndef EARSHOT_TEXT_MASK_VALUE_H
#define EARSHOT_TEXT_MASK_VALUE_H

#include "common/text/mask.h"

struct mask_value {
	enum mask_kind kind;
	size_t from, to; /* bytes */
};

bool value_is_letter(uint32_t cp); /* Latin, full-width ones too, and the underscore: what a number may not touch */
bool value_is_separator(uint32_t cp); /* one between groups of digits: blank, hyphen and their like */
bool value_is_han(struct str text, size_t at); /* does a Han character begin here? All of them are of three bytes to us. */
/* The code point at `at`, or 0 at the end; the one that ends at `at` (well-formed ones; 0 when none does). */
uint32_t value_at(struct str text, size_t at);
uint32_t value_before(struct str text, size_t at);

/* Do the words in front of `at` say that a telephone number, the number of an order, an IP address, a version, a plate follows?
 * Colons, "number", "is" and their like between are skipped. */
enum value_label { LABEL_PHONE, LABEL_ORDER, LABEL_SSN, LABEL_IP, LABEL_VERSION, LABEL_PLATE, LABEL__N };
bool value_is_labelled(struct str text, size_t at, enum value_label label);

#endif
