/* Unpacking gzip files within the caps of a response's body. */
#include "common/base/gzip.h"

#include <earshot/limits.h>

#include "common/base/buf.h"

#include <string.h>
#include <zlib.h>

#define PIECE_BYTES (64u << 10)
#define GZIP_WINDOW (15 + 16) /* the largest window, and only gzip's own header */

bool gzip_is(struct str bytes)
{
	return bytes.n > 18 && str_starts(bytes, STR("\x1F\x8B\x08"));
}

/* Appends until the input, a member or the room is used up; zlib's last answer. */
static int inflate_on(z_stream *z, struct buf *out)
{
	unsigned char piece[PIECE_BYTES];
	int answer = Z_OK;

	while (answer == Z_OK && !out->overflow) {
		z->next_out = piece;
		z->avail_out = sizeof piece;
		answer = inflate(z, Z_NO_FLUSH);
		buf_add(out, piece, sizeof piece - z->avail_out);
		if (answer == Z_STREAM_END && gzip_is((struct str){ (const char *)z->next_in, z->avail_in }))
			answer = inflateReset(z);
	}
	return answer;
}

static enum outcome judged(struct str bytes, const struct buf *out, struct err *e)
{
	if (out->overflow)
		return err_set(e, REJECT,
			"the gzip file of %zu bytes holds more than %zu, as bombs do; at most %u and %d times its size are read",
			bytes.n, out->max, LIMIT_BODY_BYTES, LIMIT_BODY_RATIO);
	return out->n > 0 ? OK : err_set(e, REJECT, "the gzip file of %zu bytes is damaged: nothing in it can be read", bytes.n);
}

/* How much may come out of so many bytes. */
static size_t most_of(size_t n)
{
	const size_t by_ratio = n * LIMIT_BODY_RATIO;

	return by_ratio < LIMIT_BODY_RATIO_FROM ? LIMIT_BODY_RATIO_FROM
	       : by_ratio < LIMIT_BODY_BYTES    ? by_ratio
						: LIMIT_BODY_BYTES;
}

enum outcome gzip_open(struct arena *a, struct str bytes, struct str *out, bool *is_cut, struct err *e)
{
	z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)bytes.p, .avail_in = (uInt)bytes.n };
	struct buf text;
	enum outcome outcome;

	if (bytes.n > LIMIT_BODY_BYTES)
		return err_set(e, REJECT, "the gzip file has %zu bytes; at most %u are read", bytes.n, LIMIT_BODY_BYTES);
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return err_set(e, RETRY, "no memory to unpack a gzip file of %zu bytes", bytes.n);
	/* A bomb is left where it breaks a cap, not after it was unpacked. */
	buf_init(&text, most_of(bytes.n));
	*is_cut = inflate_on(&z, &text) != Z_STREAM_END;
	(void)inflateEnd(&z); /* its answer only tells that it was not at the end */
	outcome = judged(bytes, &text, e);
	if (outcome == OK)
		*out = arena_copy(a, buf_str(&text));
	buf_release(&text);
	return outcome;
}
