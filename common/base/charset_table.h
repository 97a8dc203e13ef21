/* What one byte, or two, mean in an encoding: asked of iconv once and kept, for it takes ten times as long for a character as a look
 * at a table does. Tables live as long as the process. */
#ifndef EARSHOT_BASE_CHARSET_TABLE_H
#define EARSHOT_BASE_CHARSET_TABLE_H

#include <stdint.h>

/* Instead of a character (none of them is one). */
#define CHARSET_ASK 0 /* iconv has to be asked: more bytes belong to it, or it is more than one character */
#define CHARSET_BAD 0xFFFF /* means nothing, whatever follows */

struct charset_table {
	uint16_t one[256]; /* of a byte alone */
	uint16_t *two; /* of two bytes; NULL where there are none; charset_two() looks into it */
};

/* `row` numbers the encodings, below CHARSET_TABLES; `width` is 1 or 2. NULL when the C library does not know the encoding. */
#define CHARSET_TABLES 64
const struct charset_table *charset_table_of(unsigned row, int width, const char *iconv_name);
/* windows-1252 as browsers have it: every byte means something. */
const struct charset_table *charset_table_1252(void);

#define CHARSET_TRAILS 256
static inline uint16_t charset_two(const struct charset_table *t, unsigned char lead, unsigned char trail)
{
	return t->two ? t->two[(lead & 0x7Fu) * CHARSET_TRAILS + trail] : CHARSET_ASK;
}

#endif
