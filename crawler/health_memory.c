/* What is remembered of a source's health between two polls, as one text: name=value, separated by spaces. */
#include "crawler/health.h"

#include <string.h>

#define MEMORY_BYTES 2048
#define READER_BYTES 200
#define MOST 1000000000000 /* a count that is larger was never ours; sums of these stay far from the end of int64_t */
#define MOST_MS 253402300800000 /* year 10000 */

/* One row each: the name in Redis. */
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "first_ms", offsetof(struct health_memory, first_ms) },
	{ "polled_ms", offsetof(struct health_memory, polled_ms) },
	{ "news_ms", offsetof(struct health_memory, news_ms) },
	{ "usual", offsetof(struct health_memory, usual) },
	{ "known", offsetof(struct health_memory, known) },
	{ "owed", offsetof(struct health_memory, owed) },
	{ "clump", offsetof(struct health_memory, clump) },
	{ "record", offsetof(struct health_memory, record) },
	{ "reads", offsetof(struct health_memory, reads) },
	{ "entries", offsetof(struct health_memory, entries) },
	{ "least", offsetof(struct health_memory, least) },
	{ "texts", offsetof(struct health_memory, texts) },
	{ "dates", offsetof(struct health_memory, dates) },
	{ "authors", offsetof(struct health_memory, authors) },
	{ "page_field", offsetof(struct health_memory, page_field) },
	{ "page_now", offsetof(struct health_memory, page_now) },
	{ "page_usual", offsetof(struct health_memory, page_usual) },
	{ "doubts", offsetof(struct health_memory, doubts) },
	{ "doubt_ms", offsetof(struct health_memory, doubt_ms) },
};
#define NNUMBERS (sizeof numbers / sizeof numbers[0])

/* Numbers come in the order in which they were written: `next` is the row to look at first. */
static void take_number(struct health_memory *out, struct str name, struct str value, size_t *next)
{
	int64_t number = 0;
	for (size_t k = 0; k < NNUMBERS; k++) {
		const size_t i = (*next + k) % NNUMBERS;
		if (!str_eqc(name, numbers[i].name))
			continue;
		const int64_t most = str_ends(name, STR("_ms")) ? MOST_MS : MOST;
		if (str_to_i64(value, &number) && number >= 0 && number <= most)
			memcpy((char *)out + numbers[i].offset, &number, sizeof number);
		*next = i + 1;
		return;
	}
}

void health_memory_parse(struct str text, struct health_memory *out)
{
	*out = (struct health_memory){ 0 };
	struct str pair;
	size_t next = 0;
	while (text.n > 0) {
		if (str_starts(text, STR("reader="))) { /* the last, and it has spaces in it */
			out->reader = str_from(text, sizeof "reader=" - 1);
			return;
		}
		if (!str_split(&text, ' ', &pair))
			return;
		const ptrdiff_t at = str_findc(pair, '=');
		if (at < 0)
			continue;
		const struct str name = str_first(pair, (size_t)at), value = str_from(pair, (size_t)at + 1);
		if (str_eqc(name, "page"))
			out->page = health_of(value);
		else if (str_eqc(name, "doubt"))
			out->doubt = health_of(value);
		else
			take_number(out, name, value, &next);
	}
}

/* A poll writes some fifteen numbers; printf would take longer than all that is judged by them. */
static char *put_number(char *to, int64_t number)
{
	char digits[24];
	size_t n = 0;
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do
		digits[n++] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*to++ = '-';
	while (n > 0)
		*to++ = digits[--n];
	return to;
}

static char *put(char *to, struct str text)
{
	if (text.n > 0)
		memcpy(to, text.p, text.n);
	return to + text.n;
}

struct str health_memory_write(struct arena *a, const struct health_memory *m)
{
	char text[MEMORY_BYTES], *to = text; /* NNUMBERS of 40 bytes, three words, and the reader: it fits */
	for (size_t i = 0; i < NNUMBERS; i++) {
		int64_t number = 0;
		memcpy(&number, (const char *)m + numbers[i].offset, sizeof number);
		if (number == 0)
			continue;
		to = put(put(to, str_of(numbers[i].name)), STR("="));
		to = put(put_number(to, number), STR(" "));
	}
	to = put(put(put(to, STR("page=")), str_of(health_names[m->page])), STR(" doubt="));
	to = put(put(put(to, str_of(health_names[m->doubt])), STR(" reader=")), str_cut_utf8(m->reader, READER_BYTES));
	return arena_copy(a, (struct str){ text, (size_t)(to - text) });
}
