/* A stored mention as the page shows it: chosen fields, text cut to what a list can hold, and the places to highlight. Pure.
 * The author is left out altogether, pseudonym included: nobody needs it to read a list. */
#ifndef EARSHOT_CONSOLE_MENTION_H
#define EARSHOT_CONSOLE_MENTION_H

#include "common/store/posts.h"

#define MENTION_TITLE_CHARS 300 /* code points shown of a title */
#define MENTION_TEXT_CHARS 1000 /* and of a text; places behind the cut are left out */
#define MENTION_PLACES 64 /* highlights of one mention */

/* One JSON object: id, at_ms, posted_ms?, title, text, is_cut, url (http and https only), source, family, kind, lang,
 * sentiment, label, confidence, complaint, category, nature, urgency, counters, places [{field,from,to,kind,term,effect?}].
 * kind is "brand", "negative", "positive" or "reason". A record that cannot be read becomes {"id","at_ms","unreadable":true}. */
void mention_write(struct arena *a, struct buf *out, const struct posts_found *found, struct str correction);

#endif
