/* Any bytes as a regular expression and a subject, with a NUL between them: refused or answered, in bounded time. The first byte
 * says whether the text is folded. */
#include "common/text/regex.h"

#include <earshot/limits.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void try_subject(struct regex *re, struct str subject)
{
	struct regex_span span[8];
	struct regex_budget budget = { .left_us = LIMIT_REGEX_POST_US };
	struct regex_found found = { .at = span, .most = 8 };
	(void)regex_find(re, subject, regex_window_whole(subject.n), &budget, &found);
	for (size_t i = 0; i < found.n; i++) {
		check(span[i].from <= span[i].to && span[i].to <= subject.n);
		check(i == 0 || span[i].from >= span[i - 1].to);
	}
	(void)regex_settle(re);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	const char *why = NULL;
	if (size < 1 || size > LIMIT_REGEX_SUBJECT)
		return 0;
	const struct str bytes = { (const char *)data + 1, size - 1 };
	const void *nul = memchr(bytes.p, 0, bytes.n);
	const size_t n = nul ? (size_t)((const char *)nul - bytes.p) : bytes.n;
	arena_init(&a, 4u << 20);
	struct regex *re = regex_new(&a, str_first(bytes, n), data[0] % 2, &why);
	check((re == NULL) == (why != NULL));
	if (re)
		try_subject(re, str_from(bytes, n + 1));
	regex_free(re);
	arena_release(&a);
	return 0;
}
