/* Fuzz target: any bytes as a packed body, under any Content-Encoding, in pieces. The first byte picks the packings, the second the size of
 * the pieces; no more comes out than is taken. */
#include "common/base/http_unpack.h"

#include <stdint.h>
#include <stdlib.h>

#define MOST_BYTES (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const headers[] = { "Content-Encoding: gzip\n", "Content-Encoding: deflate\n", "Content-Encoding: br\n",
	"Content-Encoding: zstd\n", "Content-Encoding: gzip, gzip\n", "Content-Encoding: zstd, br, deflate\n",
	"Content-Encoding: gzip\nX: y\ncontent-encoding: br\n", "Content-Encoding: gzip, gzip, gzip, gzip, gzip\n" };

static bool take(void *owner, struct str piece)
{
	size_t *taken = owner;
	if (*taken > MOST_BYTES)
		abort(); /* it was told to stop */
	*taken += piece.n;
	return *taken <= MOST_BYTES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_unpack *u = NULL;
	struct err e = { 0 };
	size_t taken = 0;
	if (size < 2)
		return 0;
	const size_t step = data[1] == 0 ? size : data[1];
	enum outcome done = http_unpack_new(str_of(headers[data[0] % (sizeof headers / sizeof *headers)]), take, &taken, &u, &e);
	for (size_t at = 2; done == OK && at < size; at += step)
		done = http_unpack_add(u, (struct str){ (const char *)data + at, step < size - at ? step : size - at }, &e);
	if (done == OK)
		(void)http_unpack_is_whole(u);
	http_unpack_free(u);
	return 0;
}
