/* Regular expressions in bounded time and memory: the only file that includes PCRE2. */
#include "common/text/regex.h"

#include "common/base/utf8.h"
#include "common/text/normalise.h"
#include <earshot/limits.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MATCH_LIMIT 60000 /* steps from one start */
#define DEPTH_LIMIT 1000
#define HEAP_KIB 1024
#define JIT_STACK_FIRST (32u << 10)
#define JIT_STACK_MOST (192u << 10)
#define SLICE_STEPS 200000.0 /* ways x starts between two looks at the clock: some 2 ms at the very worst */
#define STEPS_A_US 100.0 /* by the same reckoning */
#define UNTIMED_STEPS SLICE_STEPS /* of a post, before the clock is looked at: to ask it costs as much as a short expression */
#define WALL_US 100
#define SLICE_LEAST 8
#define SLICE_MOST 8192
#define TRIAL_BYTES 1024
#define TRIAL_STARTS 3

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct regex_need need[REGEX_NEEDS];
	size_t nneeds, slice;
	double ways;
	bool is_folded, was_over;
	int strikes;
	int64_t spent_us; /* on this post */
};

/* ---- folding the expression itself ---- */

/* Characters beyond ASCII as the folded text has them. */
static struct str fold_pattern(struct arena *a, struct str pattern)
{
	struct buf out;
	buf_init(&out, 4 * LIMIT_REGEX_BYTES);
	for (size_t at = 0; at < pattern.n;) {
		char bytes[4];
		const uint32_t cp = utf8_next(pattern, &at);
		const struct str one = { bytes, (size_t)utf8_put(bytes, cp) };
		struct str folded = one;
		if (cp >= 0x80)
			folded = normalise_text(a, one);
		if (cp >= 0x80 && folded.n == 1 && !utf8_is_word((unsigned char)folded.p[0]))
			buf_addf(&out, "\\x{%x}", (unsigned char)folded.p[0]); /* （ must not become a group */
		else
			buf_adds(&out, folded.n ? folded : one);
	}
	const struct str copy = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return copy;
}

/* ---- compiling ---- */

static bool regex_prepare(struct regex *re)
{
	re->data = pcre2_match_data_create(2, NULL);
	re->context = pcre2_match_context_create(NULL);
	re->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
	if (!re->data || !re->context || !re->stack)
		return false;
	(void)pcre2_set_match_limit(re->context, MATCH_LIMIT);
	(void)pcre2_set_depth_limit(re->context, DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(re->context, HEAP_KIB);
	pcre2_jit_stack_assign(re->context, NULL, re->stack);
	return true;
}

static bool regex_compile(struct arena *a, struct regex *re, struct str pattern, const char **why)
{
	int error = 0;
	size_t at = 0;
	char text[128];
	const uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C |
				 (re->is_folded ? PCRE2_CASELESS : 0u);
	re->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &error, &at, NULL);
	if (!re->code) {
		(void)pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
		*why = arena_printf(a, "%s at character %zu", text, utf8_count(str_first(pattern, at)) + 1).p;
		return false;
	}
	if (pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) != 0 || !regex_prepare(re)) {
		*why = "PCRE2 has no memory or no JIT for it; make it simpler";
		return false;
	}
	return true;
}

static size_t slice_of(double ways)
{
	const double starts = SLICE_STEPS / ways;
	return starts < SLICE_LEAST ? SLICE_LEAST : starts > SLICE_MOST ? SLICE_MOST : (size_t)starts;
}

/* The interpreter counts every step, so that the answer is the same on every machine. */
static bool trial_passes(struct regex *re, struct str unit)
{
	char text[TRIAL_BYTES];
	size_t n = 0;
	if (unit.n == 0)
		return true;
	for (; n + unit.n <= sizeof(text) - 4; n += unit.n)
		memcpy(text + n, unit.p, unit.n);
	memcpy(text + n, "\n!", 2);
	pcre2_set_offset_limit(re->context, TRIAL_STARTS);
	const int got = pcre2_match(re->code, (PCRE2_SPTR)text, n + 2, 0, PCRE2_NO_JIT, re->data, re->context);
	return got >= 0 || got == PCRE2_ERROR_NOMATCH;
}

static bool regex_vet(struct arena *a, struct regex *re, struct str pattern, const char **why)
{
	struct regex_shape shape;
	size_t at = 0;
	if (!regex_shape_read(a, pattern, &shape, why, &at)) {
		*why = arena_printf(a, "%s (at its character %zu)", *why, utf8_count(str_first(pattern, at)) + 1).p;
		return false;
	}
	if (shape.ways > LIMIT_REGEX_WAYS) {
		*why = "it could take for ever: repeats in repeats, or several long repeats that can match the same text; bound "
		       "them, "
		       "as in .{0,20} for .*";
		return false;
	}
	if (!regex_compile(a, re, pattern, why))
		return false;
	for (size_t i = 0; i < shape.ntrials; i++)
		if (!trial_passes(re, shape.trial[i])) {
			*why = "it took too many steps on a text made of its own parts; bound its repeats, as in .{0,20} for .*";
			return false;
		}
	memcpy(re->need, shape.need, sizeof(re->need));
	re->nneeds = shape.nneeds;
	re->ways = shape.ways < 1 ? 1 : shape.ways;
	re->slice = slice_of(shape.ways);
	return true;
}

struct regex *regex_new(struct arena *a, struct str pattern, bool is_folded, const char **why)
{
	struct regex *re = arena_new(a, struct regex);
	re->is_folded = is_folded;
	if (regex_vet(a, re, is_folded ? fold_pattern(a, pattern) : pattern, why))
		return re;
	regex_free(re);
	return NULL;
}

void regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_jit_stack_free(re->stack);
	pcre2_match_context_free(re->context);
	pcre2_match_data_free(re->data);
	pcre2_code_free(re->code);
	re->code = NULL;
}

bool regex_is_folded(const struct regex *re)
{
	return re->is_folded;
}

size_t regex_needs(const struct regex *re, const struct regex_need **out)
{
	*out = re->need;
	return re->nneeds;
}

/* ---- finding ---- */

static int64_t clock_us(clockid_t which)
{
	struct timespec now = { 0 };
	(void)clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool regex_budget_is_left(const struct regex_budget *budget)
{
	return (double)budget->left_us > budget->untimed / STEPS_A_US;
}

/* What a slice took: no more than passed on the wall, which costs nothing to look at; after a while the thread's own clock is
 * asked, since on a busy machine somebody else may have had the time. */
static int64_t slice_us(struct regex_budget *budget, int64_t wall)
{
	const int64_t passed = clock_us(CLOCK_MONOTONIC) - wall;
	if (passed < WALL_US)
		return passed;
	const int64_t before = budget->cpu_us;
	budget->cpu_us = clock_us(CLOCK_THREAD_CPUTIME_ID);
	return before > 0 && budget->cpu_us - before < passed ? budget->cpu_us - before : passed;
}

static int64_t slice_begin(struct regex_budget *budget)
{
	if (budget->cpu_us == 0)
		budget->cpu_us = clock_us(CLOCK_THREAD_CPUTIME_ID);
	return clock_us(CLOCK_MONOTONIC);
}

static bool has_budget(struct regex *re, struct regex_budget *budget, int64_t wall)
{
	const int64_t took = slice_us(budget, wall);
	re->spent_us += took;
	budget->left_us -= took;
	re->was_over |= re->spent_us > LIMIT_REGEX_RULE_US;
	return !re->was_over && regex_budget_is_left(budget);
}

/* Short looks need no clock: the most they can take is reckoned, and taken off the budget of the post. */
static bool is_untimed(const struct regex *re, struct regex_budget *budget, size_t nstarts)
{
	const double steps = re->ways * (double)nstarts;
	if (budget->untimed + steps > UNTIMED_STEPS)
		return false;
	budget->untimed += steps;
	return true;
}

/* Where to go on behind a match; an empty one moves by a character, in the end behind the text. */
static size_t behind_span(struct str s, const struct regex_span *span)
{
	size_t at = span->to;
	if (span->to > span->from)
		return at;
	if (at >= s.n)
		return s.n + 1;
	(void)utf8_next(s, &at);
	return at;
}

static size_t at_character(struct str s, size_t at)
{
	while (at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at++;
	return at < s.n ? at : s.n;
}

/* One slice: starts in [from, last]. Returns PCRE2's answer. */
static int find_in_slice(struct regex *re, struct str text, size_t from, size_t last, struct regex_span *out)
{
	(void)pcre2_set_offset_limit(re->context, last);
	const int got = pcre2_match(re->code, (PCRE2_SPTR)text.p, text.n, from, 0, re->data, re->context);
	if (got >= 0) {
		const size_t *at = pcre2_get_ovector_pointer(re->data);
		*out = (struct regex_span){ (uint32_t)at[0], (uint32_t)at[1] };
	}
	return got;
}

bool regex_find(
	struct regex *re, struct str subject, struct regex_window window, struct regex_budget *budget, struct regex_found *found)
{
	const struct str text = str_first(subject, window.to);
	const size_t end = window.last < text.n ? window.last : text.n;
	size_t at = window.from;
	if (regex_is_quarantined(re) || !regex_budget_is_left(budget) || re->was_over)
		return false;
	while (at <= end && found->n < found->most) {
		const size_t last = at + re->slice - 1 < end ? at + re->slice - 1 : end;
		struct regex_span *span = &found->at[found->n];
		const bool untimed = is_untimed(re, budget, last - at + 1);
		const int64_t wall = untimed ? 0 : slice_begin(budget);
		const int got = find_in_slice(re, text, at, last, span);
		const bool has_time = untimed || has_budget(re, budget, wall);
		if (got < 0 && got != PCRE2_ERROR_NOMATCH) {
			re->was_over = true;
			return false;
		}
		found->n += got >= 0;
		if (got < 0 && last >= end)
			break;
		at = got >= 0 ? behind_span(text, span) : at_character(text, last + 1);
		if (!has_time)
			return false;
	}
	return true;
}

bool regex_capture(struct regex *re, struct str subject, struct regex_budget *budget, struct regex_span *out)
{
	struct regex_found found = { .at = out, .most = 1 };
	const size_t n = subject.n < LIMIT_REGEX_SUBJECT ? subject.n : LIMIT_REGEX_SUBJECT;
	(void)regex_find(re, str_cut_utf8(subject, n), regex_window_whole(n), budget, &found);
	if (found.n == 0)
		return false;
	uint32_t groups = 0;
	const size_t *at = pcre2_get_ovector_pointer(re->data); /* of the last match tried, which is this one */
	(void)pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups > 0 && at[2] != PCRE2_UNSET)
		*out = (struct regex_span){ (uint32_t)at[2], (uint32_t)at[3] };
	return true;
}

bool regex_settle(struct regex *re)
{
	const bool was_over = re->was_over;
	re->was_over = false;
	re->spent_us = 0;
	if (!was_over || regex_is_quarantined(re))
		return false;
	return ++re->strikes == LIMIT_REGEX_STRIKES;
}

bool regex_is_quarantined(const struct regex *re)
{
	return re->strikes >= LIMIT_REGEX_STRIKES;
}
