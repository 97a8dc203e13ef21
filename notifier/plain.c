/* Foreign text made harmless for one line of a message. */
#include "notifier/plain.h"

#include "common/base/utf8.h"

static bool is_space(uint32_t cp)
{
	return cp == 0x20 || (cp >= 9 && cp <= 13) || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* Shown by nobody, or able to turn the neighbours around. */
static bool is_hidden(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0xAD || cp == 0x61C || (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || (cp >= 0xE000 && cp <= 0xF8FF) ||
	       cp == 0xFEFF || (cp >= 0xFFF0 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE0FFF) || cp >= 0xF0000;
}

/* Combining marks and variation selectors stand on what is before them. */
static bool is_mark(uint32_t cp)
{
	return (cp >= 0x300 && cp <= 0x36F) || (cp >= 0x483 && cp <= 0x489) || (cp >= 0x1AB0 && cp <= 0x1AFF) ||
	       (cp >= 0x20D0 && cp <= 0x20FF) || (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xFE20 && cp <= 0xFE2F);
}

static int columns_of(uint32_t cp)
{
	if (is_mark(cp))
		return 0;
	bool wide = (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
		    (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0xFE30 && cp <= 0xFE6F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
		    (cp >= 0xFFE0 && cp <= 0xFFE6) || (cp >= 0x1F300 && cp <= 0x1FAFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
	return wide ? 2 : 1;
}

#define MARKS_IN_A_ROW 4 /* more is drawing on the neighbours' lines, not writing */

bool plain_add(struct buf *out, struct str s, int columns)
{
	bool space_due = false, any = false;
	int used = 0, marks = 0;
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		if (is_space(cp)) {
			space_due = any;
			continue;
		}
		marks = is_mark(cp) ? marks + 1 : 0;
		if (is_hidden(cp) || (is_mark(cp) && (!any || marks > MARKS_IN_A_ROW)))
			continue;
		used += columns_of(cp) + (space_due ? 1 : 0);
		if (used > columns) {
			buf_addz(out, "…");
			return false;
		}
		if (space_due)
			buf_addc(out, ' ');
		utf8_add(out, cp);
		space_due = false;
		any = true;
	}
	return true;
}
