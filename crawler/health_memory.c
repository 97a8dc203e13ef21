/* What is remembered of a source's health between two polls, as one text: name=value, separated by spaces. */
#include "crawler/health.h"
#include "crawler/numbers.h"

#include <string.h>

#define MEMORY_BYTES 2048
#define READER_BYTES 200
#define MOST 1000000000000 /* sums of counts so large stay far from the end of int64_t */

static const struct numbers_row numbers[] = {
	NUMBERS_ROW("first_ms", struct health_memory, first_ms),
	NUMBERS_ROW("polled_ms", struct health_memory, polled_ms),
	NUMBERS_ROW("news_ms", struct health_memory, news_ms),
	NUMBERS_ROW("usual", struct health_memory, usual),
	NUMBERS_ROW("known", struct health_memory, known),
	NUMBERS_ROW("owed", struct health_memory, owed),
	NUMBERS_ROW("clump", struct health_memory, clump),
	NUMBERS_ROW("record", struct health_memory, record),
	NUMBERS_ROW("reads", struct health_memory, reads),
	NUMBERS_ROW("entries", struct health_memory, entries),
	NUMBERS_ROW("least", struct health_memory, least),
	NUMBERS_ROW("texts", struct health_memory, texts),
	NUMBERS_ROW("dates", struct health_memory, dates),
	NUMBERS_ROW("authors", struct health_memory, authors),
	NUMBERS_ROW("page_field", struct health_memory, page_field),
	NUMBERS_ROW("page_now", struct health_memory, page_now),
	NUMBERS_ROW("page_usual", struct health_memory, page_usual),
	NUMBERS_ROW("doubts", struct health_memory, doubts),
	NUMBERS_ROW("doubt_ms", struct health_memory, doubt_ms),
};
static const struct numbers_table table = { numbers, sizeof numbers / sizeof numbers[0], MOST };

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
		if (str_starts(pair, STR("page=")))
			out->page = health_of(str_from(pair, sizeof "page=" - 1));
		else if (str_starts(pair, STR("doubt=")))
			out->doubt = health_of(str_from(pair, sizeof "doubt=" - 1));
		else
			numbers_take(&table, pair, &next, out);
	}
}

static char *put(char *to, struct str text)
{
	if (text.n > 0)
		memcpy(to, text.p, text.n);
	return to + text.n;
}

struct str health_memory_write(struct arena *a, const struct health_memory *m)
{
	char text[MEMORY_BYTES], *to = numbers_write(text, &table, m); /* the rows, three words, and the reader: it fits */
	to = put(put(put(to, STR("page=")), str_of(health_names[m->page])), STR(" doubt="));
	to = put(put(put(to, str_of(health_names[m->doubt])), STR(" reader=")), str_cut_utf8(m->reader, READER_BYTES));
	return arena_copy(a, (struct str){ text, (size_t)(to - text) });
}
