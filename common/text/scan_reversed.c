/* Text behind a right-to-left override is shown backwards: it is turned round and read once more. */
#include "common/text/scan_pass.h"

#include <string.h>

#define REVERSED_MAX 256 /* code points of one override */

struct reversed {
	size_t n;
	size_t origin[REVERSED_MAX + 1]; /* byte of each code point in the original … */
	size_t turned[REVERSED_MAX + 1]; /* … and of the turned ones in `bytes` */
	unsigned char bytes[SCAN_PAD_FRONT + REVERSED_MAX * 4 + SCAN_PAD_BEHIND];
	scan_odd_found *found;
	void *context;
};

static size_t collect(struct reversed *r, const struct scan_text *text, size_t at)
{
	size_t next = at;
	while (r->n < REVERSED_MAX) {
		const uint32_t cp = scan_text_next(text, &next), letter = scan_letter(cp);
		if (cp == 0x202C || letter == LETTER_WALL || letter == LETTER_OVERRIDE)
			break;
		r->origin[r->n++] = at;
		at = next;
	}
	r->origin[r->n] = at;
	return at;
}

static size_t turn(struct reversed *r, const struct scan_text *text)
{
	size_t used = 0;
	for (size_t i = 0; i < r->n; i++) {
		const size_t from = r->origin[r->n - 1 - i], bytes = r->origin[r->n - i] - from;
		r->turned[i] = used;
		memcpy(r->bytes + SCAN_PAD_FRONT + used, text->p + from, bytes);
		used += bytes;
	}
	r->turned[r->n] = used;
	return used;
}

static size_t index_of(const struct reversed *r, size_t byte)
{
	size_t i = 0;
	while (i < r->n && r->turned[i] < byte)
		i++;
	return i;
}

static void reversed_found(void *context, const struct scan_term *t, const struct scan_hit *hit)
{
	const struct reversed *r = context;
	struct scan_hit mapped = *hit;
	mapped.from = r->origin[r->n - index_of(r, hit->to)];
	mapped.to = r->origin[r->n - index_of(r, hit->from)];
	mapped.characters = 0;
	mapped.folds |= FOLD_REVERSED;
	r->found(r->context, t, &mapped);
}

size_t scan_reversed(const struct scan *s, const struct scan_text *text, size_t at, scan_odd_found *found, void *context,
	struct scan_budget *budget)
{
	struct reversed r;
	r.n = 0;
	r.found = found;
	r.context = context;
	memset(r.bytes, 0, sizeof(r.bytes));
	const size_t end = collect(&r, text, at);
	const struct scan_text turned = { r.bytes + SCAN_PAD_FRONT, turn(&r, text) };
	if (r.n > 0)
		scan_pass(s, &turned, reversed_found, &r, budget);
	return end;
}
