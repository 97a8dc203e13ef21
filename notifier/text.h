/* The words of an alert, as people read them on a phone: level, brand, what happened, since when, how big against what was
 * expected, three excerpts, what to do. Deterministic: no clock, no locale; the same alert gives the same bytes.
 * What comes from posts is foreign: control, bidi and invisible characters are taken out and white space is folded, so that
 * an excerpt cannot pretend to be a line of the alert. Golden files: tests/golden/render. */
#ifndef EARSHOT_NOTIFIER_TEXT_H
#define EARSHOT_NOTIFIER_TEXT_H

#include "notifier/notifier.h"

#define TEXT_ALERT_BYTES (16u << 10) /* what text_alert() can come to, with room */

/* `offset_min`: the reader's clock against UTC, +480 for China. */
void text_alert(struct buf *out, const struct alert *alert, enum lang lang, int offset_min);
/* The same of a notice to the operators (text_notice.c). */
void text_notice(struct buf *out, const struct notice *n, enum lang lang, int offset_min);
/* "2026-11-22 15:04 UTC+08:00" */
void text_clock(struct buf *out, int64_t ms, int offset_min);
/* The text of a message for its target, in `a`. */
struct str text_render(struct arena *a, const struct message *m);
/* "+08:00", "-03:30", "Z" → minutes; false on anything else or beyond ±14:00. */
bool text_offset_parse(struct str s, int *minutes);

#endif
