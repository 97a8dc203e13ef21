/* The organic or coordinated estimate: five shares, how far each is beyond organic talk, and what they say together. */
#include "detector/integrity_parts.h"

#include <stdlib.h>

#define ORGANIC_BELOW 0.3
#define COORDINATED_FROM 0.6
#define FEWEST_KNOWN_AUTHORS 10 /* accounts whose age is known */

const char *const integrity_signal_names[SIGNAL__N] = {
	[SIGNAL_COPIES] = "copies",
	[SIGNAL_TEMPLATES] = "templates",
	[SIGNAL_BURSTS] = "bursts",
	[SIGNAL_FLOODS] = "floods",
	[SIGNAL_NEW] = "new_accounts",
};
const char *const integrity_word_names[INTEGRITY_WORD__N] = {
	[INTEGRITY_UNCLEAR] = "unclear",
	[INTEGRITY_ORGANIC] = "organic",
	[INTEGRITY_COORDINATED] = "coordinated",
};
const char *const integrity_voice_names[VOICE__N] = {
	[VOICE_PERSON] = "people",
	[VOICE_REPOST] = "reposts",
	[VOICE_PRESS] = "press",
	[VOICE_OWN] = "own",
};

/* organic: up to here it is what talk has anyway. plain: from here on no doubt is left. weight: how far it carries alone.
 * organic was measured on talk that nobody ordered (docs/decisions.md "Integrity"); plain and weight are set: no public
 * set of ordered posts with times and authors is known to us. */
static const struct {
	double organic, plain, weight;
} signals[SIGNAL__N] = {
	[SIGNAL_COPIES] = { 0.12, 0.50, 0.75 },
	[SIGNAL_TEMPLATES] = { 0.08, 0.45, 0.70 },
	[SIGNAL_BURSTS] = { 0.05, 0.30, 0.60 },
	[SIGNAL_FLOODS] = { 0.12, 0.60, 0.75 },
	[SIGNAL_NEW] = { 0.20, 0.70, 0.40 }, /* people open accounts to complain: never enough alone */
};

static int item_cmp(const void *a, const void *b)
{
	const struct integrity_item *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->post > y->post) - (x->post < y->post);
}

void integrity_sort(struct integrity_item *item, size_t n)
{
	if (n > 0)
		qsort(item, n, sizeof *item, item_cmp);
}

size_t integrity_run(const struct integrity_item *item, size_t n, size_t at)
{
	size_t end = at;
	while (end < n && item[end].key == item[at].key)
		end++;
	return end - at;
}

uint64_t integrity_author_key(const struct integrity_post *p)
{
	return str_hash(p->author.n > 0 ? p->author : p->id);
}

static void count_posts(const struct integrity_window *w, struct integrity *out)
{
	const unsigned own_signs = ~(1u << SIGNAL_NEW);
	for (size_t i = 0; i < w->n; i++) {
		const struct integrity_post *p = &w->post[i];
		out->voice[p->voice]++;
		out->coordinated += (p->signs & own_signs) != 0;
		for (int s = SIGNAL_COPIES; s <= SIGNAL_BURSTS; s++)
			out->share[s].n += (p->signs & 1u << s) != 0;
	}
	for (int s = SIGNAL_COPIES; s <= SIGNAL_BURSTS; s++)
		out->share[s].of = out->voice[VOICE_PERSON];
}

static double excess_of(const struct integrity_share *s, int signal)
{
	if (s->of == 0 || (signal == SIGNAL_NEW && s->of < FEWEST_KNOWN_AUTHORS))
		return 0;
	const double share = (double)s->n / (double)s->of;
	const double x = (share - signals[signal].organic) / (signals[signal].plain - signals[signal].organic);
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

static void estimate(struct integrity *out)
{
	double organic = 1;
	for (int s = 0; s < SIGNAL__N; s++) {
		out->share[s].excess = excess_of(&out->share[s], s);
		organic *= 1 - signals[s].weight * out->share[s].excess;
	}
	out->estimate = 1 - organic;
	if (out->voice[VOICE_PERSON] + out->voice[VOICE_REPOST] < INTEGRITY_FEWEST)
		out->word = INTEGRITY_UNCLEAR;
	else if (out->estimate < ORGANIC_BELOW)
		out->word = INTEGRITY_ORGANIC;
	else
		out->word = out->estimate < COORDINATED_FROM ? INTEGRITY_UNCLEAR : INTEGRITY_COORDINATED;
}

void integrity_judge(struct arena *a, const struct integrity_window *w, struct integrity *out)
{
	*out = (struct integrity){ .posts = w->n };
	for (size_t i = 0; i < w->n; i++)
		w->post[i].signs = 0;
	integrity_groups_find(a, w, out);
	integrity_authors_find(a, w, out);
	integrity_hints_find(a, w, out);
	count_posts(w, out);
	estimate(out);
}
