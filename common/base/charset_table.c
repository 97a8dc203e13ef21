/* Encodings of one and two bytes a character as tables. */
#include "common/base/charset_table.h"

#include "common/base/entity.h"
#include "common/base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

/* What `n` bytes mean: a character, CHARSET_BAD or CHARSET_ASK. */
static uint16_t meaning(iconv_t converter, const char *bytes, size_t n)
{
	char out[16], *in = (char *)(uintptr_t)bytes, *to = out;
	size_t left = n, room = sizeof(out), at = 0;

	(void)iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &in, &left, &to, &room) == (size_t)-1)
		return errno == EILSEQ && left == n ? CHARSET_BAD : CHARSET_ASK;
	(void)iconv(converter, NULL, NULL, &to, &room); /* some keep the second of two characters back */
	const struct str made = { out, sizeof(out) - room };
	const uint32_t cp = made.n > 0 ? utf8_next(made, &at) : 0;
	return at == made.n && cp < CHARSET_BAD ? (uint16_t)cp : CHARSET_ASK;
}

static void *room_for(size_t n, size_t size)
{
	void *room = calloc(n, size);

	if (!room) {
		(void)fprintf(stderr, "earshot: out of memory: %zu bytes for an encoding\n", n * size);
		abort();
	}
	return room;
}

/* A byte that is bad by itself is bad with any behind it: the pairs it begins need not be asked. */
static struct charset_table *make(int width, iconv_t converter)
{
	struct charset_table *t = room_for(1, sizeof(*t));

	for (int lead = 0; lead < 256; lead++)
		t->one[lead] = meaning(converter, &(const char){ (char)lead }, 1);
	if (width == 2)
		t->two = room_for((size_t)128 * CHARSET_TRAILS, sizeof(*t->two));
	for (unsigned lead = 0x80; width == 2 && lead < 256; lead++) {
		for (unsigned trail = 0x30; t->one[lead] == CHARSET_ASK && trail < 256; trail++) {
			const char pair[2] = { (char)lead, (char)trail };
			t->two[(lead & 0x7F) * CHARSET_TRAILS + trail] = meaning(converter, pair, 2);
		}
	}
	return t;
}

const struct charset_table *charset_table_of(unsigned row, int width, const char *iconv_name)
{
	static struct charset_table *known[CHARSET_TABLES];

	if (known[row])
		return known[row];
	iconv_t converter = iconv_open("UTF-8", iconv_name);
	if (converter == (iconv_t)-1)
		return NULL;
	known[row] = make(width, converter);
	iconv_close(converter);
	return known[row];
}

const struct charset_table *charset_table_1252(void)
{
	static struct charset_table table;

	for (uint32_t byte = 1; byte < 256 && table.one[255] == 0; byte++)
		table.one[byte] = (uint16_t)entity_windows_1252(byte);
	return &table;
}
