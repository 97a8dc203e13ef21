/* Numbers of variable length, and bytes with their length in front. */
#include "common/base/varint.h"

#define MOST_BYTES 10 /* of 64 bits, seven a byte */

void varint_add(struct buf *out, uint64_t v)
{
	char byte[MOST_BYTES];
	size_t n = 0;
	for (; v >= 0x80; v >>= 7)
		byte[n++] = (char)(unsigned char)(0x80 | (v & 0x7f));
	byte[n++] = (char)(unsigned char)v;
	buf_add(out, byte, n);
}

void varint_add_bytes(struct buf *out, struct str bytes)
{
	varint_add(out, bytes.n);
	buf_adds(out, bytes);
}

bool varint_take(struct str *rest, uint64_t *out)
{
	uint64_t v = 0;
	for (size_t i = 0; i < rest->n && i < MOST_BYTES; i++) {
		const unsigned char byte = (unsigned char)rest->p[i];
		if (i == MOST_BYTES - 1 && byte > 1)
			return false;
		v |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		*rest = (struct str){ rest->p + i + 1, rest->n - i - 1 };
		*out = v;
		return true;
	}
	return false;
}

bool varint_take_bytes(struct str *rest, struct str *out)
{
	struct str after = *rest;
	uint64_t n = 0;
	if (!varint_take(&after, &n) || n > after.n)
		return false;
	*out = (struct str){ after.p, (size_t)n };
	*rest = (struct str){ after.p + n, after.n - (size_t)n };
	return true;
}
