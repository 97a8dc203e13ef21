/* Numbers as people read them on pages: 1,234 · 1.2k · 3.4万 · 赞(25) · 4.5 out of 5 · ★★★★☆. */
#ifndef EARSHOT_CRAWLER_AMOUNT_H
#define EARSHOT_CRAWLER_AMOUNT_H

#include "common/base/str.h"

/* The first number in the text with its unit (k m 千 万 萬 亿 億); false when there is none, or it is negative. */
bool amount_read(struct str s, int64_t *out);
/* Stars from 1 to 5: counted stars, "4.5", "4 out of 5", "8/10", "80%", a class like allstar40 or star-4. 0 = cannot tell. */
float amount_stars(struct str s);

#endif
