/* What a regular expression could cost, and the literal that leads to it. */
#include "common/text/regex_part.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

#define WAYS_OF_STAR 4096.0 /* lengths that an endless repeat may have inside one window */

/* ---- edges: how a part can begin or end ---- */

/* Adds what `part` can begin (or end) with; true when it can be empty. */
static bool part_edge(const struct regex_part *part, bool at_begin, struct regex_set *out)
{
	bool is_empty = part->kind == PART_EMPTY;
	switch (part->kind) {
	case PART_SET:
		regex_set_join(out, &part->set);
		return false;
	case PART_EDGE:
		regex_set_join(out, &regex_set_any); /* `a+$` tries every shorter a+ before it gives up */
		return true;
	case PART_ROW:
		for (size_t i = 0; i < part->n; i++)
			if (!part_edge(part->child[at_begin ? i : part->n - 1 - i], at_begin, out))
				return false;
		return true;
	case PART_CHOICE:
		for (size_t i = 0; i < part->n; i++)
			is_empty |= part_edge(part->child[i], at_begin, out);
		return is_empty;
	case PART_REPEAT:
		is_empty = part_edge(part->child[0], at_begin, out);
		return is_empty || part->least == 0;
	default:
		return true;
	}
}

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
			is_empty = part_edge(part->child[j], true, &next);
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
		if (part_edge(part->child[i], true, &first) || regex_sets_meet(&before, &first))
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
	const bool is_empty = part_edge(part->child[0], true, &again);
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

/* ---- the literal ---- */

struct literals {
	struct str at[REGEX_LITERALS];
	size_t n;
	int weight; /* of the lightest: a Chinese character weighs two */
};

static int weight_of(struct str s)
{
	int weight = 0;
	for (size_t at = 0; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		weight += utf8_is_han(cp) ? 2 : utf8_is_word(cp);
	}
	return weight;
}

/* A literal of Latin letters is found at the beginning of words, so it must not stand inside one here. */
static void literals_offer(struct literals *best, struct str run, const struct regex_set *before)
{
	size_t at = 0;
	if (run.n == 0 || (regex_set_is_inside_word(before) && utf8_is_word(utf8_next(run, &at))))
		return;
	const int weight = weight_of(run);
	if (weight >= 2 && weight > best->weight)
		*best = (struct literals){ .at = { run }, .n = 1, .weight = weight };
}

static struct literals literals_of(struct arena *a, const struct regex_part *part, struct regex_set before);

static void literals_offer_part(
	struct arena *a, struct literals *best, const struct regex_part *part, const struct regex_set *before)
{
	const struct literals of = literals_of(a, part, *before);
	if (of.n > 0 && of.weight > best->weight)
		*best = of;
}

static struct literals literals_of_row(struct arena *a, const struct regex_part *part, struct regex_set before)
{
	struct literals best = { 0 };
	struct regex_set at_run = before; /* what stands in front of the run */
	struct buf run;
	buf_init(&run, LIMIT_REGEX_BYTES);
	for (size_t i = 0; i < part->n; i++) {
		const struct regex_part *child = part->child[i];
		struct regex_set last = { 0 };
		if (child->kind == PART_SET && child->cp) {
			if (run.n == 0)
				at_run = before;
			utf8_add(&run, child->cp);
		} else {
			literals_offer(&best, arena_copy(a, buf_str(&run)), &at_run);
			buf_clear(&run);
			literals_offer_part(a, &best, child, &before);
		}
		if (child->kind == PART_EMPTY)
			continue; /* \b is told by the letters beside it */
		if (part_edge(child, false, &last))
			regex_set_join(&last, &before);
		before = last;
	}
	literals_offer(&best, arena_copy(a, buf_str(&run)), &at_run);
	buf_release(&run);
	return best;
}

static struct literals literals_of(struct arena *a, const struct regex_part *part, struct regex_set before)
{
	struct literals all = { .weight = 1000 };
	if (part->kind == PART_ROW)
		return literals_of_row(a, part, before);
	if (part->kind == PART_REPEAT && part->least > 0)
		return literals_of(a, part->child[0], before);
	if (part->kind != PART_CHOICE)
		return (struct literals){ 0 };
	for (size_t i = 0; i < part->n; i++) {
		const struct literals one = literals_of(a, part->child[i], before);
		if (one.n == 0 || all.n + one.n > REGEX_LITERALS)
			return (struct literals){ 0 };
		memcpy(all.at + all.n, one.at, one.n * sizeof(one.at[0]));
		all.n += one.n;
		all.weight = one.weight < all.weight ? one.weight : all.weight;
	}
	return all;
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
	const struct literals best = literals_of(a, whole, nothing);
	memcpy(out->literal, best.at, sizeof(best.at));
	out->nliterals = best.n;
	trials_make(a, whole, out);
	return true;
}
