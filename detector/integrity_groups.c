/* Posts with one text or one frame, and the minutes in which too many of them came. */
#include "common/base/clock.h"
#include "detector/frames.h"
#include "detector/integrity_parts.h"

#include <math.h>
#include <stdlib.h>

#define BURST_AUTHORS 3 /* in one minute, at the least */
#define BURST_P 0.001 /* chance that any minute of any group is taken for a burst without being one */

struct finder {
	struct arena *a;
	const struct integrity_window *w;
	struct integrity *out;
	bool *is_grouped; /* of each post */
	const struct integrity_item **member; /* of each group, oldest first */
	size_t people; /* posts of people */
	size_t room; /* for groups */
	int64_t *rest_ms; /* of the posts of people that are in no group, ascending */
	size_t rest;
	double p; /* below this a minute is a burst */
};

/* ---- bursts ---- */

static int time_cmp(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static size_t rest_before(const struct finder *f, int64_t at_ms)
{
	size_t low = 0, high = f->rest;
	while (low < high) {
		const size_t mid = (low + high) / 2;
		if (f->rest_ms[mid] < at_ms)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* P(X >= k) of a Poisson variable: the terms from k on, which fall fast where it matters (k above the mean). */
static double poisson_tail(size_t k, double mean)
{
	double log_term = -mean, sum = 0;
	for (size_t i = 1; i <= k; i++)
		log_term += log(mean / (double)i);
	double term = exp(log_term);
	for (size_t i = k + 1; term > 1e-18 && i < k + 1000; i++) {
		sum += term;
		term *= mean / (double)i;
	}
	return (double)k <= mean ? 1 : sum;
}

static size_t different_authors(const struct finder *f, const struct integrity_item *item, size_t n)
{
	struct integrity_item *by = arena_list(f->a, struct integrity_item, n + 1);
	size_t authors = 0;
	for (size_t i = 0; i < n; i++)
		by[i].key = integrity_author_key(&f->w->post[item[i].post]);
	integrity_sort(by, n);
	for (size_t i = 0; i < n; i += integrity_run(by, n, i))
		authors++;
	return authors;
}

/* So many of a group would be in that minute if it came as the rest of the talk does, with one post spread evenly over the window
 * added to the rest. Posts of other groups are no measure: two waves would hide each other. */
static double expected_in(const struct finder *f, size_t group, int64_t minute_ms)
{
	const double here = (double)(rest_before(f, minute_ms + MS_PER_MINUTE) - rest_before(f, minute_ms));
	const double minutes = (double)(f->w->to_ms - f->w->from_ms) / MS_PER_MINUTE;
	return (double)group * (here + 1 / (minutes > 1 ? minutes : 1)) / ((double)f->rest + 1);
}

static void minute_look(
	const struct finder *f, const struct integrity_item *item, size_t n, int64_t minute_ms, struct integrity_group *g)
{
	const size_t authors = different_authors(f, item, n);
	const double expected = expected_in(f, g->posts, minute_ms);
	if (authors < BURST_AUTHORS || poisson_tail(authors, expected) >= f->p)
		return;
	for (size_t i = 0; i < n; i++)
		f->w->post[item[i].post].signs |= 1u << SIGNAL_BURSTS;
	if (authors <= g->burst)
		return;
	g->burst = authors;
	g->burst_ms = minute_ms;
	g->burst_expected = expected;
}

static void bursts_find(const struct finder *f, const struct integrity_item *item, struct integrity_group *g)
{
	for (size_t i = 0, end; i < g->posts; i = end) {
		const int64_t minute_ms = item[i].at_ms - item[i].at_ms % MS_PER_MINUTE;
		end = i + 1;
		while (end < g->posts && item[end].at_ms < minute_ms + MS_PER_MINUTE)
			end++;
		if (end - i >= BURST_AUTHORS)
			minute_look(f, item + i, end - i, minute_ms, g);
	}
}

/* ---- groups ---- */

static size_t different_sources(const struct finder *f, const struct integrity_item *item, size_t n)
{
	struct integrity_item *by = arena_list(f->a, struct integrity_item, n + 1);
	size_t sources = 0;
	for (size_t i = 0; i < n; i++)
		by[i].key = str_hash(f->w->post[item[i].post].source);
	integrity_sort(by, n);
	for (size_t i = 0; i < n; i += integrity_run(by, n, i))
		sources++;
	return sources;
}

static struct integrity_group group_of(const struct finder *f, const struct integrity_item *item, size_t n)
{
	struct integrity_group g = { .first = item[0].post, .posts = n, .from_ms = item[0].at_ms, .to_ms = item[n - 1].at_ms };
	for (size_t i = 0; i < n; i++) {
		const struct integrity_post *p = &f->w->post[item[i].post];
		g.complaints += p->complaint >= 0.5;
		g.urgent += p->urgency >= URG_HIGH;
	}
	g.authors = different_authors(f, item, n);
	g.sources = different_sources(f, item, n);
	return g;
}

/* One run of a sorted list becomes a group, unless it is too small; of a template, unless one or two wrote all of it. */
static void group_add(const struct finder *f, const struct integrity_item *item, size_t n, enum integrity_signal signal)
{
	if (n < INTEGRITY_GROUP || f->out->all_groups >= f->room)
		return;
	struct integrity_group g = group_of(f, item, n);
	g.is_template = signal == SIGNAL_TEMPLATES;
	if (g.is_template && g.authors < FRAMES_AUTHORS)
		return;
	for (size_t i = 0; i < n; i++) {
		f->w->post[item[i].post].signs |= i > 0 ? 1u << signal : 0;
		f->is_grouped[item[i].post] = true;
	}
	f->member[f->out->all_groups] = item;
	f->out->group[f->out->all_groups++] = g;
}

static void groups_add(const struct finder *f, struct integrity_item *item, size_t n, enum integrity_signal signal)
{
	integrity_sort(item, n);
	for (size_t i = 0, run; i < n; i += run) {
		run = integrity_run(item, n, i);
		group_add(f, item + i, run, signal);
	}
}

static void copies_find(const struct finder *f)
{
	struct integrity_item *item = arena_list(f->a, struct integrity_item, f->people + 1);
	size_t n = 0;
	for (size_t i = 0; i < f->w->n; i++) {
		const struct integrity_post *p = &f->w->post[i];
		if (p->voice == VOICE_PERSON && p->story.n > 0)
			item[n++] = (struct integrity_item){ str_hash(p->story), p->at_ms, i };
	}
	groups_add(f, item, n, SIGNAL_COPIES);
}

/* All texts of people say which runs are common; posts of a group of copies are in a group already. */
static void templates_find(const struct finder *f)
{
	struct frames_text *text = arena_list(f->a, struct frames_text, f->people + 1);
	struct frame *frame = arena_list(f->a, struct frame, f->people + 1);
	struct integrity_item *item = arena_list(f->a, struct integrity_item, f->people + 1);
	size_t n = 0, k = 0;
	for (size_t i = 0; i < f->w->n; i++)
		if (f->w->post[i].voice == VOICE_PERSON)
			text[k++] = (struct frames_text){ f->w->post[i].text, integrity_author_key(&f->w->post[i]) };
	frames_find(f->a, text, k, frame);
	k = 0;
	for (size_t i = 0; i < f->w->n; i++) {
		const struct integrity_post *p = &f->w->post[i];
		if (p->voice != VOICE_PERSON)
			continue;
		if (frame[k].key != 0 && !f->is_grouped[i])
			item[n++] = (struct integrity_item){ frame[k].key, p->at_ms, i };
		k++;
	}
	groups_add(f, item, n, SIGNAL_TEMPLATES);
}

static int larger_first(const void *a, const void *b)
{
	const struct integrity_group *x = a, *y = b;
	if (x->posts != y->posts)
		return x->posts > y->posts ? -1 : 1;
	return x->from_ms != y->from_ms ? (x->from_ms < y->from_ms ? -1 : 1) : (x->first > y->first) - (x->first < y->first);
}

static void rest_find(struct finder *f)
{
	f->rest_ms = arena_list(f->a, int64_t, f->people + 1);
	for (size_t i = 0; i < f->w->n; i++)
		if (f->w->post[i].voice == VOICE_PERSON && !f->is_grouped[i])
			f->rest_ms[f->rest++] = f->w->post[i].at_ms;
	if (f->rest > 0)
		qsort(f->rest_ms, f->rest, sizeof *f->rest_ms, time_cmp);
}

void integrity_groups_find(struct arena *a, const struct integrity_window *w, struct integrity *out)
{
	struct finder f = { .a = a, .w = w, .out = out, .is_grouped = arena_list(a, bool, w->n + 1) };
	for (size_t i = 0; i < w->n; i++)
		f.people += w->post[i].voice == VOICE_PERSON;
	f.room = f.people / INTEGRITY_GROUP + 1;
	f.p = BURST_P / (double)(f.people / BURST_AUTHORS + 1); /* so many minutes are looked at, at the most */
	f.member = arena_list(a, const struct integrity_item *, f.room);
	out->group = arena_list(a, struct integrity_group, f.room);
	copies_find(&f);
	templates_find(&f);
	rest_find(&f);
	for (size_t i = 0; i < out->all_groups; i++)
		bursts_find(&f, f.member[i], &out->group[i]);
	if (out->all_groups > 0)
		qsort(out->group, out->all_groups, sizeof *out->group, larger_first);
	out->ngroups = out->all_groups < INTEGRITY_SHOWN ? out->all_groups : INTEGRITY_SHOWN;
}
