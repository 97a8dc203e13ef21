/* The numbers of a struct as one text: name=value. */
#include "crawler/numbers.h"

#include <string.h>

#define MOST_MS 253402300800000 /* year 10000 */

/* A poll writes some thirty numbers; printf would take longer than all that is judged by them. */
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

char *numbers_write(char *to, const struct numbers_table *t, const void *from)
{
	for (size_t i = 0; i < t->n; i++) {
		int64_t number = 0;
		memcpy(&number, (const char *)from + t->row[i].offset, sizeof number);
		if (number == 0)
			continue;
		const struct numbers_row *row = &t->row[i];
		memcpy(to, row->name, row->n);
		to[row->n] = '=';
		to = put_number(to + row->n + 1, number);
		*to++ = ' ';
	}
	return to;
}

void numbers_take(const struct numbers_table *t, struct str pair, size_t *next, void *out)
{
	const ptrdiff_t at = str_findc(pair, '=');
	int64_t number = 0;
	if (at <= 0)
		return;
	const struct str name = str_first(pair, (size_t)at), value = str_from(pair, (size_t)at + 1);
	for (size_t k = 0; k < t->n; k++) {
		const size_t i = (*next + k) % t->n;
		const struct numbers_row *row = &t->row[i];
		if (row->n != name.n || memcmp(row->name, name.p, name.n) != 0)
			continue;
		const int64_t most = str_ends(name, STR("_ms")) ? MOST_MS : t->most;
		if (str_to_i64(value, &number) && number >= 0 && number <= most)
			memcpy((char *)out + row->offset, &number, sizeof number);
		*next = i + 1;
		return;
	}
}
