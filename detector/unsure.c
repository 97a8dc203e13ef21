/* Which posts a person should label next. */
#include "detector/unsure.h"

#include "common/text/minhash.h"

#include <stdlib.h>

#define COMMON_OF_COPIES 16 /* of MINHASH_SLOTS: half of the letter groups. More cautious than stories: a look costs nothing */

struct candidate {
	size_t index;
	double confidence;
	bool is_chinese;
};

/* Least sure first; the newest (lowest index) of equals, so that the order is always the same. */
static int candidate_cmp(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->confidence < y->confidence || x->confidence > y->confidence)
		return x->confidence < y->confidence ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static bool is_copy(const struct minhash *taken, size_t n, const struct minhash *text)
{
	for (size_t i = 0; i < n; i++)
		if (taken[i].exact == text->exact || minhash_common(&taken[i], text) >= COMMON_OF_COPIES)
			return true;
	return false;
}

/* The next candidate of a language from *at on that is no copy; false when there is none left. */
static bool next_of(const struct candidate *c, size_t n, bool is_chinese, size_t *at)
{
	while (*at < n && c[*at].is_chinese != is_chinese)
		*at += 1;
	return *at < n;
}

size_t unsure_pick(struct arena *a, const struct unsure_post *post, size_t n, size_t most, size_t *out)
{
	struct candidate *c = arena_list(a, struct candidate, n + 1);
	struct minhash *taken = arena_list(a, struct minhash, most + 1), text;
	size_t at[2] = { 0, 0 }, picked = 0;
	bool is_chinese = true;
	for (size_t i = 0; i < n; i++)
		c[i] = (struct candidate){ i, post[i].confidence, post[i].is_chinese };
	if (n > 0)
		qsort(c, n, sizeof *c, candidate_cmp);
	while (picked < most) {
		const bool has_other = next_of(c, n, !is_chinese, &at[!is_chinese]);
		if (!next_of(c, n, is_chinese, &at[is_chinese])) {
			if (!has_other)
				break;
			is_chinese = !is_chinese;
			continue;
		}
		const size_t index = c[at[is_chinese]++].index;
		minhash_make(post[index].text, &text);
		if (text.weight == 0 || is_copy(taken, picked, &text))
			continue;
		taken[picked] = text;
		out[picked++] = index;
		is_chinese = !is_chinese;
	}
	return picked;
}
