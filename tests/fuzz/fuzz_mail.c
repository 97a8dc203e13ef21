/* Fuzz target: messages of any bytes are drafts of valid text. */
#include "crawler/mail.h"

#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct draft draft;
	arena_init(&a, 512u << 20);
	mail_read(&a, (struct str){ (const char *)data, size }, &draft);
	for (int p = 0; p < DRAFT__N; p++)
		if (!utf8_valid(draft.part[p]))
			abort();
	arena_release(&a);
	return 0;
}
