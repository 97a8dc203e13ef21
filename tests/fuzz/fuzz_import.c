/* Fuzz target: any bytes as a file of posts, told by themselves or called JSONL, CSV, mailbox; in any encoding. The first byte chooses. */
#include "crawler/import.h"

#include "common/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define DRAFTS_MOST 500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const formats[] = { NULL, "jsonl", "csv", "mbox" };
static const char *const charsets[] = { "", "gb18030", "utf-16le", "big5" };

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void read_all(struct import *i)
{
	struct arena a;
	struct draft draft;
	struct err e = { 0 };
	enum outcome done = OK;
	arena_init(&a, 256u << 20);
	for (int k = 0; k < DRAFTS_MOST && done != SKIP; k++) {
		done = import_next(i, &a, &draft, &e);
		require(done == OK || done == SKIP || done == REJECT);
		for (int p = 0; p < DRAFT__N && done == OK; p++)
			require(utf8_valid(draft.part[p]));
		arena_reset(&a);
	}
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[32];
	struct import import;
	struct err e = { 0 };
	if (size == 0)
		return 0;
	const int fd = memfd_create("fuzz", 0);
	require(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)size - 1);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	const struct import_options options = {
		.path = path, .format = formats[data[0] % 4], .charset = str_of(charsets[data[0] / 4 % 4])
	};
	if (import_open(&import, &options, &e) == OK)
		read_all(&import);
	else
		require(e.text[0] != '\0');
	import_close(&import);
	(void)close(fd);
	return 0;
}
