/* What a regular expression could cost, and what it is tried on. */
#include "common/text/regex_part.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

#define WAYS_OF_STAR 4096.0 /* lengths that an endless repeat may have inside one window */

/* ---- ways ---- */

#define WAYS_MOST 1e12

static double ways_of(const struct regex_part *part, const struct regex_set *follow);

static double ways_of_row(const struct regex_part *part, const struct regex_set *follow)
{
	double ways = 1;
	for (size_t i = 0; i < part->n && ways < WAYS_MOST; i++) {
		struct regex_set next = { 0 };
		bool is_empty = true;
		for (size_t j = i + 1; j < part->n && is_empty; j++)
			is_empty = regex_set_edge(part->child[j], true, &next);
		if (is_empty)
			regex_set_join(&next, follow);
		ways *= ways_of(part->child[i], &next);
	}
	return ways;
}

static double ways_of_choice(const struct regex_part *part, const struct regex_set *follow)
{
	double sum = 0, most = 1;
	bool are_apart = true;
	struct regex_set before = { 0 };
	for (size_t i = 0; i < part->n; i++) {
		struct regex_set first = { 0 };
		const double ways = ways_of(part->child[i], follow);
		if (regex_set_edge(part->child[i], true, &first) || regex_sets_meet(&before, &first))
			are_apart = false;
		regex_set_join(&before, &first);
		sum += ways;
		most = ways > most ? ways : most;
	}
	return are_apart ? most : sum;
}

static double ways_of_repeat(const struct regex_part *part, const struct regex_set *follow)
{
	struct regex_set again = { 0 };
	const bool is_empty = regex_set_edge(part->child[0], true, &again);
	const bool is_certain = !regex_sets_meet(&again, follow);
	const unsigned most = part->most;
	struct regex_set next = *follow;
	if (most > 1)
		regex_set_join(&next, &again);
	const double inner = ways_of(part->child[0], &next);
	if (part->is_possessive && most == 1)
		return inner;
	if (is_empty && most == UINT32_MAX)
		return WAYS_MOST;
	double ways = most == UINT32_MAX ? WAYS_OF_STAR : (double)(most - part->least + 1);
	if (is_certain || part->is_possessive)
		ways = 1;
	if (inner > 1 && most > 64)
		return WAYS_MOST;
	for (unsigned i = 0; inner > 1 && i < most && ways < WAYS_MOST; i++)
		ways *= inner;
	return ways;
}

static double ways_of(const struct regex_part *part, const struct regex_set *follow)
{
	switch (part->kind) {
	case PART_ROW:
		return ways_of_row(part, follow);
	case PART_CHOICE:
		return ways_of_choice(part, follow);
	case PART_REPEAT:
		return ways_of_repeat(part, follow);
	default:
		return 1;
	}
}

/* ---- strings for a trial ---- */

/* A short text that `part` matches, or nearly: lookarounds are passed over. */
static void sample_write(const struct regex_part *part, struct buf *out)
{
	const unsigned times = part->kind != PART_REPEAT                ? 1
			       : part->is_possessive && part->most == 1 ? 0
			       : part->least > 2                        ? part->least
									: 2;
	if (part->kind == PART_SET)
		utf8_add(out, part->cp ? part->cp : regex_set_sample(&part->set));
	const size_t n = part->kind == PART_CHOICE ? 1 : part->n;
	for (unsigned i = 0; i < times && out->n < 256; i++) {
		const size_t before = out->n;
		for (size_t j = 0; j < n; j++)
			sample_write(part->child[j], out);
		if (out->n == before)
			return; /* nothing will ever come, and to ask again in each of forty repeats takes for ever */
	}
}

/* The character that a repeat inside `part` repeats most gladly. */
static const struct regex_part *first_repeat(const struct regex_part *part)
{
	if (part->kind == PART_REPEAT && part->most > 1)
		return part;
	for (size_t i = 0; i < part->n; i++) {
		const struct regex_part *found = first_repeat(part->child[i]);
		if (found)
			return found;
	}
	return NULL;
}

static void trials_make(struct arena *a, const struct regex_part *whole, struct regex_shape *out)
{
	struct buf sample;
	buf_init(&sample, 1024);
	sample_write(whole, &sample);
	if (sample.n > 0)
		out->trial[out->ntrials++] = arena_copy(a, buf_str(&sample));
	if (sample.n > 1)
		out->trial[out->ntrials++] = arena_copy(a, str_cut_utf8(buf_str(&sample), sample.n - 1));
	const struct regex_part *repeat = first_repeat(whole);
	buf_clear(&sample);
	if (repeat) {
		sample_write(repeat->child[0], &sample);
		out->trial[out->ntrials++] = arena_copy(a, buf_str(&sample));
	}
	out->trial[out->ntrials++] = STR("a");
	buf_release(&sample);
}

bool regex_shape_read(struct arena *a, struct str pattern, struct regex_shape *out, const char **why, size_t *column)
{
	const struct regex_set nothing = { 0 };
	*out = (struct regex_shape){ 0 };
	const struct regex_part *whole = regex_part_read(a, pattern, why, column);
	if (!whole)
		return false;
	out->ways = ways_of(whole, &nothing);
	out->nneeds = regex_needs_of(a, whole, out->need);
	trials_make(a, whole, out);
	return true;
}
