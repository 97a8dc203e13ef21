/* E-mail addresses: with an at sign, and spelt out for people. Used by mask.c and mask_cue.c alone. */
#ifndef EARSHOT_TEXT_MASK_MAIL_H
#define EARSHOT_TEXT_MASK_MAIL_H

#include "common/text/mask_value.h"

/* `at`: an at sign of `width` bytes. */
bool mail_find(struct str text, size_t at, size_t width, struct mask_value *out);
/* Behind a word that announces an address: "zhang.san at example dot com". */
bool mail_find_spelt(struct str text, size_t at, struct mask_value *out);
/* `at`: the "at)" or "at]" of "zhang(at)example.com". */
bool mail_find_bracketed(struct str text, size_t at, struct mask_value *out);

#endif
