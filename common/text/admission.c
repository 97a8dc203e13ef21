/* Which brands a post is about: aliases that survive exclusion, and whose sense is the brand. */
#include "common/text/admission.h"

#include "common/text/sense.h"

#define PLACES_WEIGHED 32u /* ambiguous places looked at in a post; further ones follow the best of those */
#define KNOWN_BRAND 1.5f /* another place of the post names the brand beyond doubt */

static struct admission *admission_of(struct admission *list, size_t *n, int brand)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i].brand == brand)
			return &list[i];
	list[*n] = (struct admission){ .brand = brand };
	return &list[(*n)++];
}

static bool is_place_of(const struct match *m, int brand)
{
	return m->rule->list == LIST_BRAND && m->rule->brand == brand;
}

/* Every brand that an alias names, with the number of places. */
static size_t candidates(struct arena *a, const struct scanned *s, struct admission **out)
{
	size_t naliases = 0, n = 0;
	*out = NULL;
	for (size_t i = 0; i < s->n; i++)
		naliases += s->match[i].rule->list == LIST_BRAND;
	if (naliases == 0)
		return 0;
	*out = arena_list(a, struct admission, naliases);
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->list == LIST_BRAND)
			admission_of(*out, &n, s->match[i].rule->brand)->nplaces++;
	return n;
}

/* ---- one brand ---- */

/* The scores of its ambiguous places, and what the post says as a whole. */
struct weighing {
	struct sense_post *post;
	float score[PLACES_WEIGHED];
	size_t n;
	float best;
	const struct sense *why;
};

static void weigh_place(struct arena *a, struct weighing *w, const struct match *place)
{
	if (w->n == PLACES_WEIGHED)
		return;
	struct sense sense;
	sense_eval(w->post, place, &sense);
	if (w->n == 0 || sense.score > w->best) {
		struct sense *kept = arena_new(a, struct sense);
		*kept = sense;
		w->why = kept;
		w->best = sense.score;
	}
	w->score[w->n++] = sense.score;
}

static bool is_sure(const struct sense_post *post, const struct match *m)
{
	return !sense_is_asked(post->book, m);
}

/* A place counts when its own score says so, helped by one that is beyond doubt. */
static void keep_places(struct arena *a, const struct weighing *w, struct admission *admission, bool has_sure)
{
	const struct scanned *s = w->post->s;
	const struct match **place = arena_list(a, const struct match *, admission->nplaces);
	size_t n = 0, weighed = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct match *m = &s->match[i];
		if (!is_place_of(m, admission->brand))
			continue;
		if (is_sure(w->post, m)) {
			place[n++] = m;
			continue;
		}
		const float score = weighed < w->n ? w->score[weighed] : w->best;
		weighed++;
		if (score + (has_sure || w->best > 0 ? KNOWN_BRAND : 0) > 0)
			place[n++] = m;
	}
	admission->place = place;
	admission->nplaces = n;
}

/* A query of the list exclude that is true of the post: the brand's, or one for all. */
static bool is_excluded(const struct scanned *s, int brand)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct rule *r = s->match[i].rule;
		if (r->query && r->list == LIST_EXCLUDE && (r->brand < 0 || r->brand == brand))
			return true;
	}
	return false;
}

static void admission_weigh(struct arena *a, struct sense_post *post, struct admission *admission)
{
	struct weighing w = { .post = post };
	bool has_sure = false;
	for (size_t i = 0; i < post->s->n; i++) {
		const struct match *m = &post->s->match[i];
		if (!is_place_of(m, admission->brand))
			continue;
		if (is_sure(post, m))
			has_sure = true;
		else
			weigh_place(a, &w, m);
	}
	admission->sense = w.why;
	admission->is_meant = (has_sure || w.best > 0) && !is_excluded(post->s, admission->brand);
	keep_places(a, &w, admission, has_sure);
}

/* Only then is the normalised text needed. */
static bool any_is_asked(const struct rulebook *book, const struct scanned *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->list == LIST_BRAND && sense_is_asked(book, &s->match[i]))
			return true;
	return false;
}

size_t admission_weigh_all(struct arena *a, const struct rulebook *book, struct scanned *s, struct admission **out)
{
	struct sense_post post = { .book = book, .s = s };
	const size_t n = candidates(a, s, out);
	if (any_is_asked(book, s))
		scanned_places(a, s);
	for (size_t i = 0; i < n; i++)
		admission_weigh(a, &post, &(*out)[i]);
	return n;
}

size_t admission_find(struct arena *a, const struct rulebook *book, struct scanned *s, struct admission **out)
{
	const size_t n = admission_weigh_all(a, book, s, out);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if ((*out)[i].is_meant)
			(*out)[kept++] = (*out)[i];
	return kept;
}

size_t admission_given(
	struct arena *a, const struct rulebook *book, const struct str *id_or_name, size_t n, struct admission **out)
{
	size_t kept = 0;
	*out = arena_list(a, struct admission, n + 1);
	for (size_t i = 0; i < n; i++) {
		const int brand = rulebook_brand(book, id_or_name[i]);
		if (brand >= 0)
			admission_of(*out, &kept, brand)->is_meant = true;
	}
	return kept;
}
